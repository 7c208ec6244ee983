//! The log of a server names nobody: no name, no number, no query, no record.

use super::http::{Line, quoted};
use super::server::{PASSWORD, Server, redeem, somebody};
use crate::shared::villages;
use serde_json::{Value, json};

#[test]
fn the_log_names_nobody() {
    let desk = villages();
    let link = somebody(&desk, "chenjing", "clerk");
    let server = Server::start(&desk, &[]);
    redeem(&server, &link);
    let cookie = server.sign_in("chenjing");
    let mut line = Line::open(server.port, &cookie).expect("connected");
    let body = json!({"values": {"name": "欧阳一本", "phone": "13800138000"}, "why": "理由某某"});
    let made = line
        .ask("POST", "/api/registers/person/records", None, Some(&body))
        .expect("answered");
    assert_eq!(made.status, 201, "{}", made.body);
    let record = made.body["record"].to_string();
    let paths = [
        format!("/api/registers/person/records/{record}"),
        format!("/api/registers/person/records?name={}", quoted("欧阳一本")),
        format!("/api/figures?in={}", quoted("没有的村")),
        format!("/api/{}", quoted("欧阳一本")),
    ];
    for path in &paths {
        line.ask("GET", path, None, None).expect("answered");
    }
    let wrong = json!({"name": "ouyang", "password": "not-the-right-one-77"});
    line.ask("POST", "/api/session", None, Some(&wrong))
        .expect("answered");
    assert_eq!(server.stop(), Some(0));
    let log = std::fs::read_to_string(desk.path("serve.log")).expect("a log");
    let mut answered = 0;
    for line in log.lines() {
        let json: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        answered += usize::from(json["fields"]["message"] == "answered");
    }
    assert!(answered >= paths.len() + 3, "{log}");
    let secrets = [
        "欧阳",
        "13800138000",
        "理由",
        "chenjing",
        "ouyang",
        "陈静",
        "没有的村",
        "not-the-right",
        PASSWORD,
        &link,
        &cookie,
        "?",
        "%",
        &format!("records/{record}"),
    ];
    for secret in secrets {
        assert!(!log.contains(secret), "{secret} stands in the log:\n{log}");
    }
}
