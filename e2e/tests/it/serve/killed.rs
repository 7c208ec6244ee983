//! Killed in the middle of the work of many: what was acknowledged is there once, what was not may be sent again.

use super::http::{Line, quoted};
use super::server::{Server, redeem, somebody};
use crate::shared::villages;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

const WRITERS: usize = 32;
/// Acknowledged before the kill.
const ACKNOWLEDGED: usize = 400;
const PATH: &str = "/api/registers/household/records";

/// Writes until the server is gone; answers what was acknowledged and what was not.
fn write(
    port: u16,
    cookie: &str,
    writer: usize,
    count: &AtomicUsize,
) -> (Vec<(String, i64)>, String) {
    let mut line = Line::open(port, cookie).expect("connected");
    let mut done = Vec::new();
    for number in 0.. {
        let name = format!("K{writer}-{number}");
        let body = json!({"values": {"number": name}});
        match line.ask("POST", PATH, Some(&format!("id-{name}")), Some(&body)) {
            Ok(answer) if answer.status == 201 => {
                let tx = answer.body["tx"].as_i64().expect("a transaction");
                done.push((name, tx));
                count.fetch_add(1, Ordering::SeqCst);
            }
            Ok(answer) => panic!("{} {}", answer.status, answer.body),
            Err(_) => return (done, name),
        }
    }
    unreachable!("the server is killed")
}

#[test]
fn a_kill_under_thirty_two_writers_loses_and_doubles_nothing() {
    let desk = villages();
    let link = somebody(&desk, "chenjing", "clerk");
    let server = Server::start(&desk, &["--no-pace"]);
    redeem(&server, &link);
    let cookie = server.sign_in("chenjing");
    let count = AtomicUsize::new(0);
    let port = server.port;
    let (acknowledged, unsure) = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn({
                    let (cookie, count) = (&cookie, &count);
                    move || write(port, cookie, writer, count)
                })
            })
            .collect();
        while count.load(Ordering::SeqCst) < ACKNOWLEDGED {
            assert!(
                writers.iter().all(|writer| !writer.is_finished()),
                "a writer gave up"
            );
            std::thread::yield_now();
        }
        server.kill();
        let mut acknowledged = BTreeMap::new();
        let mut unsure = Vec::new();
        for writer in writers {
            let (done, open) = writer.join().expect("joined");
            acknowledged.extend(done);
            unsure.push(open);
        }
        (acknowledged, unsure)
    });
    let again = Server::start(&desk, &["--no-pace"]);
    let cookie = again.sign_in("chenjing");
    let mut line = Line::open(again.port, &cookie).expect("connected");
    let mut known = 0;
    for name in &unsure {
        let body = json!({"values": {"number": name}});
        let answer = line.ask("POST", PATH, Some(&format!("id-{name}")), Some(&body));
        let answer = answer.expect("answered");
        assert!(
            matches!(answer.status, 200 | 201),
            "{} {}",
            answer.status,
            answer.body
        );
        known += usize::from(answer.status == 200);
    }
    // What was acknowledged is answered with the transaction of then.
    for (name, tx) in &acknowledged {
        let body = json!({"values": {"number": name}});
        let answer = line.ask("POST", PATH, Some(&format!("id-{name}")), Some(&body));
        let answer = answer.expect("answered");
        assert_eq!(
            (answer.status, &answer.body["tx"]),
            (200, &json!(tx)),
            "{name} {}",
            answer.body
        );
    }
    let mut seen: Vec<String> = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("{PATH}?limit=500&fields=number{after}");
        let page = line.ask("GET", &path, None, None).expect("answered").body;
        let records = page["records"].as_array().expect("records");
        seen.extend(records.iter().map(|one| {
            let number = one["values"]["number"]["shown"].as_str();
            number.unwrap_or_default().to_owned()
        }));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", quoted(next)),
            None => break,
        }
    }
    let there: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(there.len(), seen.len(), "something is there twice");
    let wanted: BTreeSet<&String> = acknowledged.keys().chain(&unsure).collect();
    assert_eq!(
        there,
        wanted,
        "{} acknowledged, {known} of the others were there",
        acknowledged.len()
    );
    assert_eq!(again.stop(), Some(0));
    desk.yiben(&["verify"]).done();
}

#[test]
fn a_second_program_is_told_who_serves() {
    let desk = villages();
    let server = Server::start(&desk, &[]);
    let refused = desk.yiben(&["people", "add", "li", "--as", "李"]).ended(2);
    assert!(refused.err.contains("L007"), "{}", refused.err);
    desk.yiben(&["figure"]).done();
    assert_eq!(server.stop(), Some(0));
    desk.yiben(&["people", "add", "li", "--as", "李"]).done();
}
