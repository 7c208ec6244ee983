//! Too much, too fast, too slow; and a clean end.

use crate::desk::Desk;
use crate::http::{Ask, connect, parse};
use serde_json::json;
use server::Pace;
use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let path = "/api/registers/household/records";
    let told = Ask::new("POST", path)
        .with("Content-Type", "application/json")
        .with("Content-Length", "2000000");
    let answer = clerk.send(told);
    assert_eq!((answer.status, answer.code().as_str()), (413, "S413"));
    let large = vec![b' '; 1_200_000];
    let mut ask = Ask::new("POST", path)
        .with("Content-Type", "application/json")
        .with("Transfer-Encoding", "chunked");
    ask.headers.retain(|(name, _)| name != "Content-Length");
    let mut stream = connect(desk.at);
    let head = ask
        .with("Cookie", &clerk.cookie)
        .with("Connection", "close")
        .head()
        .replace("Content-Length: 0\r\n", "");
    stream.write_all(head.as_bytes()).expect("sent");
    let _ = stream.write_all(format!("{:x}\r\n", large.len()).as_bytes());
    let _ = stream.write_all(&large);
    let _ = stream.write_all(b"\r\n0\r\n\r\n");
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    assert_eq!(parse(&all).expect("an answer").status, 413);
}

#[test]
fn whoever_asks_too_fast_is_told_when_to_come_back() {
    let slow = Pace {
        burst: 3,
        per_minute: 6,
    };
    let desk = Desk::with(|settings| settings.paces.read = slow);
    let clerk = desk.clerk();
    let last = (0..4)
        .map(|_| clerk.get("/api/me"))
        .fold(None, |_, one| Some(one))
        .expect("asked");
    assert_eq!((last.status, last.code().as_str()), (429, "S429"));
    assert_eq!(last.header("retry-after"), Some("10"));
    let other = desk.somebody(&desk.sign_in("root"), "li", "clerk", None);
    assert_eq!(
        other.get("/api/me").status,
        200,
        "another's pace is his own"
    );
    let few = Pace {
        burst: 2,
        per_minute: 60,
    };
    let desk = Desk::with(|settings| settings.paces.address = few);
    let last = (0..3)
        .map(|_| desk.ask(&Ask::new("GET", "/api/health")))
        .fold(None, |_, one| Some(one))
        .expect("asked");
    assert_eq!(last.status, 429);
}

#[test]
fn more_requests_than_there_is_room_for_are_sent_away() {
    let desk = Desk::with(|settings| settings.requests_max = 0);
    let answer = desk.ask(&Ask::new("GET", "/api/health"));
    assert_eq!((answer.status, answer.code().as_str()), (503, "S503"));
    assert!(answer.header("retry-after").is_some());
}

#[test]
fn a_head_and_a_body_that_drip_in_are_dropped() {
    let desk = Desk::with(|settings| {
        settings.head_time = Duration::from_millis(300);
        settings.piece_time = Duration::from_millis(300);
    });
    let clerk = desk.clerk();
    let begun = Instant::now();
    let mut stream = connect(desk.at);
    stream
        .write_all(b"GET /api/health HTTP/1.1\r\nHost: y\r\n")
        .expect("sent");
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    assert!(begun.elapsed() < Duration::from_secs(20), "it was kept");
    let mut stream = connect(desk.at);
    let ask = Ask::new("POST", "/api/registers/household/records")
        .with("Cookie", &clerk.cookie)
        .with("Content-Type", "application/json")
        .with("Content-Length", "100");
    stream.write_all(ask.head().as_bytes()).expect("sent");
    stream.write_all(b"{\"values\"").expect("sent");
    let mut all = vec![0; 4096];
    let read = stream.read(&mut all).expect("an answer");
    let answer = parse(&all[..read]).expect("an answer");
    assert_eq!((answer.status, answer.code().as_str()), (408, "S408"));
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let desk = Desk::new();
    let answer = desk.ask(&Ask::new("GET", "/api/health").with("X-Long", &"x".repeat(64 * 1024)));
    assert_eq!(answer.status, 431);
}

#[test]
fn requests_in_work_finish_when_the_server_is_told_to_stop() {
    let mut desk = Desk::new();
    let clerk = desk.clerk();
    let ask = Ask::new("POST", "/api/registers/household/records")
        .json(&json!({"values": {"number": "1"}}));
    let head = ask
        .clone()
        .with("Cookie", &clerk.cookie)
        .with("Connection", "close")
        .head();
    let mut stream = connect(desk.at);
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&ask.body[..5]).expect("sent");
    // It has begun when the server has counted it.
    while !String::from_utf8_lossy(&desk.ask(&Ask::new("GET", "/api/metrics")).body)
        .contains("requests_in_work 2")
    {}
    let listener = {
        let mut stream = connect(desk.at);
        let ask = Ask::new("GET", "/api/events").with("Cookie", &clerk.cookie);
        stream.write_all(ask.head().as_bytes()).expect("sent");
        stream
    };
    let body = ask.body[5..].to_vec();
    let rest = std::thread::spawn(move || {
        stream.write_all(&body).expect("sent");
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        parse(&all).expect("an answer").status
    });
    desk.stop();
    assert_eq!(rest.join().expect("joined"), 201);
    drop(listener);
    let path = desk.path();
    let office = office::Office::open(
        &path,
        office::Actor::new("after", None),
        Box::new(office::clock::SystemClock),
        office::clock::SystemEntropy,
    );
    assert!(office.is_ok(), "the ledger is free again");
}

#[test]
fn a_client_that_stops_reading_is_dropped_and_blocks_nobody() {
    let desk = Desk::with(|settings| {
        settings.unread_time = Duration::from_millis(500);
        settings.paces = server::Paces::boundless();
    });
    let clerk = desk.clerk();
    // Enough that it does not fit into the system's buffers.
    let mut rows = String::from("户编号,村,农户类型\n");
    for number in 0..3000 {
        rows.push_str(&format!("{number:04}-{},大石村,一般户\n", "x".repeat(200)));
    }
    clerk.import("户.csv", &rows);
    let ask = Ask::new("GET", "/api/export/household?format=ndjson").with("Cookie", &clerk.cookie);
    let silent: Vec<_> = (0..5)
        .map(|_| {
            let mut stream = connect(desk.at);
            for _ in 0..40 {
                stream.write_all(ask.head().as_bytes()).expect("sent");
            }
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(
        clerk.get("/api/registers/household/records?limit=1").status,
        200
    );
    assert!(begun.elapsed() < Duration::from_secs(10), "others wait");
    let connections = || {
        let metrics = desk.ask(&Ask::new("GET", "/api/metrics"));
        let text = String::from_utf8_lossy(&metrics.body).into_owned();
        let line = text
            .lines()
            .find(|line| line.starts_with("yiben_connections "));
        line.and_then(|line| line.split(' ').nth(1)?.parse::<u32>().ok())
            .expect("a number")
    };
    // Its own connection is one.
    while connections() > 1 {
        assert!(begun.elapsed() < Duration::from_secs(60), "they were kept");
    }
    drop(silent);
}
