//! Workbooks, progress, what changed, and files out.

use crate::desk::{Desk, RESIDENTS};
use crate::http::{Ask, connect};
use serde_json::json;
use std::io::{BufRead, BufReader, Write as _};
use std::time::Duration;

#[test]
fn files_are_looked_at_then_committed_once() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let ask = Ask::new("POST", "/api/imports").parts(
        &[("常住人口信息表.csv", RESIDENTS.as_bytes())],
        &[("as_of", "2023-01-01")],
    );
    let made = clerk.send(ask);
    assert_eq!(made.status, 201, "{}", made.json());
    let sheet = &made.json()["files"][0]["sheets"][0];
    assert!(sheet["new"].as_u64().is_some_and(|new| new > 0), "{sheet}");
    assert_eq!(
        clerk.get("/api/registers/person/records").json()["records"],
        json!([])
    );
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let commit = format!("/api/imports/{id}/commit");
    // Nobody else's.
    let other = desk.somebody(&desk.sign_in("root"), "li", "clerk", None);
    assert_eq!(other.post(&commit, &json!({})).status, 404);
    let done = clerk.post(&commit, &json!({}));
    assert_eq!(done.status, 200, "{}", done.json());
    let again = clerk.post(&commit, &json!({}));
    assert_eq!(again.json(), done.json(), "asked again it is answered");
    let people = clerk.get("/api/registers/person/records").json();
    assert!(
        people["records"]
            .as_array()
            .is_some_and(|records| !records.is_empty())
    );
    let uploads = desk.folder.path().join("a.db.uploads");
    let left = std::fs::read_dir(uploads).map_or(0, Iterator::count);
    assert_eq!(left, 0, "the files are gone");
}

#[test]
fn an_upload_that_is_none_is_refused() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let not_parts = clerk.send(Ask::new("POST", "/api/imports").raw("text/csv", b"a,b"));
    assert_eq!((not_parts.status, not_parts.code().as_str()), (415, "S415"));
    let empty = clerk.send(Ask::new("POST", "/api/imports").parts(&[], &[]));
    assert_eq!((empty.status, empty.code().as_str()), (400, "S400"));
    let field = Ask::new("POST", "/api/imports").parts(&[("a.csv", b"x")], &[("colour", "red")]);
    assert_eq!(clerk.send(field).status, 400);
    let date = Ask::new("POST", "/api/imports").parts(&[("a.csv", b"x")], &[("as_of", "soon")]);
    assert_eq!(clerk.send(date).status, 400);
    // No workbook at all: looked at, and set aside with a finding.
    let junk = clerk.send(Ask::new("POST", "/api/imports").parts(&[("a.xlsx", b"PK junk")], &[]));
    assert_eq!(junk.status, 201);
    assert_eq!(
        junk.json()["files"][0]["sheets"][0]["register"],
        json!(null)
    );
}

/// Lines of a stream of events until one holds this.
fn until(reader: &mut impl BufRead, wanted: &str) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        let read = reader.read_line(&mut line).expect("a line in time");
        assert!(read > 0, "the stream ended: {lines:?}");
        let found = line.contains(wanted);
        lines.push(line);
        if found {
            return lines;
        }
    }
}

#[test]
fn listeners_are_told_of_progress_and_of_what_changed_within_their_rights() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let reader = desk.somebody(&desk.sign_in("root"), "du", "reader", None);
    let listen = |signed: &crate::desk::Signed, path: &str| {
        let mut stream = connect(desk.at);
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("set");
        let ask = Ask::new("GET", path).with("Cookie", &signed.cookie);
        stream.write_all(ask.head().as_bytes()).expect("sent");
        let mut reader = BufReader::new(stream);
        until(&mut reader, ": yiben");
        reader
    };
    let mut clerks = listen(&clerk, "/api/events");
    let mut readers = listen(&reader, "/api/events");
    clerk.import("常住人口信息表.csv", RESIDENTS);
    until(&mut clerks, "event: progress");
    let told = until(&mut clerks, "\"registers\"");
    assert!(told.iter().any(|line| line.contains("person")), "{told:?}");
    // He sees households alone, and hears of nobody's progress.
    let made = clerk.post(
        "/api/registers/household/records",
        &json!({"values": {"number": "Z"}}),
    );
    assert_eq!(made.status, 201);
    let tx = format!("\"tx\":{}", made.json()["tx"]);
    let told = until(&mut readers, &tx).concat();
    assert!(
        !told.contains("person") && !told.contains("progress"),
        "{told}"
    );
}

#[test]
fn too_many_streams_of_one_session_are_refused() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let ask = Ask::new("GET", "/api/events").with("Cookie", &clerk.cookie);
    let open: Vec<_> = (0..6)
        .map(|_| {
            let mut stream = connect(desk.at);
            stream.write_all(ask.head().as_bytes()).expect("sent");
            let mut reader = BufReader::new(stream);
            until(&mut reader, ": yiben");
            reader
        })
        .collect();
    let more = clerk.get("/api/events");
    assert_eq!((more.status, more.header("retry-after")), (429, Some("30")));
    drop(open);
}

#[test]
fn a_register_leaves_as_csv_ndjson_and_xlsx() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    for number in ["=1+1", "B,2"] {
        let made = clerk.post(
            "/api/registers/household/records",
            &json!({"values": {"number": number, "income": 5}}),
        );
        assert_eq!(made.status, 201, "{}", made.json());
    }
    let csv = clerk.get("/api/export/household");
    assert_eq!(csv.status, 200);
    let text = String::from_utf8(csv.body.clone()).expect("text");
    assert!(text.starts_with('\u{feff}'), "Excel knows it by this");
    assert!(text.contains("'=1+1") && text.contains("\"B,2\""), "{text}");
    let lines = clerk.get("/api/export/household?format=ndjson");
    let text = String::from_utf8(lines.body).expect("text");
    assert_eq!(text.lines().count(), 2);
    assert!(text.contains("\"income\":500"), "{text}");
    let book = clerk.get("/api/export/household?format=xlsx");
    assert_eq!((book.status, &book.body[..2]), (200, &b"PK"[..]));
    assert_eq!(clerk.get("/api/export/household?format=doc").status, 415);
    let one = clerk
        .get("/api/export/household?number=B%2C2&format=ndjson")
        .body;
    assert_eq!(String::from_utf8_lossy(&one).lines().count(), 1);
    // Personal fields are masked until a reason is given.
    clerk.import("常住人口信息表.csv", RESIDENTS);
    let masked = String::from_utf8(clerk.get("/api/export/person").body).expect("text");
    let open = String::from_utf8(
        clerk
            .get("/api/export/person?reveal=%E6%A0%B8%E5%AF%B9")
            .body,
    )
    .expect("text");
    assert!(
        masked.contains("**") && !open.contains("**"),
        "{masked}\n{open}"
    );
}
