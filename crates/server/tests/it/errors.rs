//! Every refusal has its own status, code, sentence and next step.

use crate::desk::Desk;
use crate::http::{Answer, Ask};
use serde_json::json;

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (status, code),
        "{}",
        answer.json()
    );
}

#[test]
fn the_form_of_a_request_is_refused_with_its_place() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let new = "/api/registers/household/records";
    let broken = clerk.send(Ask::new("POST", new).raw("application/json", b"{\"values\": {"));
    refused(&broken, 400, "S400");
    let list = clerk.post(new, &json!([1]));
    refused(&list, 400, "S400");
    let typed = clerk.post(new, &json!({"values": {"number": [1]}}));
    refused(&typed, 400, "S400");
    assert_eq!(typed.json()["where"]["field"], "number");
    let kind = clerk.send(Ask::new("POST", new).raw("text/plain", b"{}"));
    refused(&kind, 415, "S415");
    refused(
        &clerk.get("/api/figures?at=2023-01-01&at=2024-01-01"),
        400,
        "S400",
    );
    refused(&clerk.get("/api/figures?colour=red"), 400, "S400");
    refused(&clerk.get("/api/figures?in=%ff"), 400, "S400");
    refused(
        &clerk.get("/api/registers/household/records?limit=501"),
        400,
        "S400",
    );
    let id = Ask::new("POST", new)
        .json(&json!({}))
        .with("Idempotency-Key", "a b");
    refused(&clerk.send(id), 400, "S400");
}

#[test]
fn what_is_not_there_and_what_may_not_be_known_look_alike() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    refused(&clerk.get("/api/nothing"), 404, "S404");
    refused(&clerk.get("/nothing"), 404, "S404");
    refused(&clerk.get("/api/figures?id=no.such"), 404, "O101");
    refused(
        &clerk.get("/api/figures?in=%E6%B2%A1%E6%9C%89"),
        404,
        "O105",
    );
    refused(&clerk.get("/api/registers/nothing/records"), 404, "O107");
    refused(
        &clerk.get("/api/registers/household/records/99"),
        404,
        "O108",
    );
    refused(
        &clerk.post("/api/batches/999/undo", &json!({})),
        404,
        "O140",
    );
    refused(
        &clerk.post("/api/imports/00/commit", &json!({})),
        404,
        "S404",
    );
    let reader = desk.somebody(&desk.sign_in("root"), "du", "reader", None);
    // His role does not see the register: as if there were none.
    let hidden = reader.get("/api/registers/person/records/1");
    let missing = reader.get("/api/registers/nothing/records/1");
    assert_eq!(
        (hidden.status, hidden.code()),
        (missing.status, missing.code())
    );
    assert_eq!(hidden.status, 404);
    let form = |answer: &Answer, name: &str| answer.json()["detail"].to_string().replace(name, "");
    assert_eq!(form(&hidden, "person"), form(&missing, "nothing"));
}

#[test]
fn a_deed_that_the_role_may_not_do_is_refused_and_written_down() {
    let desk = Desk::new();
    let root = desk.first();
    let reader = desk.somebody(&root, "du", "reader", None);
    let refusal = reader.get("/api/checks");
    refused(&refusal, 403, "A001");
    let auditor = desk.somebody(&root, "shen", "auditing", None);
    let lines = auditor.get("/api/audit?outcome=refused&deed=check").json();
    let line = &lines["lines"][0];
    assert_eq!(
        (&line["actor"], &line["role"]),
        (&json!("du"), &json!("reader")),
        "{lines}"
    );
    assert!(
        line["address"]
            .as_str()
            .is_some_and(|address| address.starts_with("127."))
    );
}

#[test]
fn a_known_path_says_which_methods_it_has() {
    let desk = Desk::new();
    let answer = desk.ask(&Ask::new("DELETE", "/api/figures"));
    refused(&answer, 405, "S405");
    assert_eq!(answer.header("allow"), Some("GET"));
}

#[test]
fn a_page_elsewhere_writes_nothing() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let ask = Ask::new("POST", "/api/registers/household/records")
        .json(&json!({"values": {"number": "1"}}));
    refused(&clerk.send(ask.clone().without("X-Yiben")), 403, "S403");
    refused(
        &clerk.send(ask.with("Origin", "http://elsewhere")),
        403,
        "S403",
    );
}

#[test]
fn all_that_is_wrong_with_values_is_said_at_once() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    let values = json!({"values": {"income": "many", "land": "wide", "colour": "red"}});
    let answer = clerk.post("/api/registers/household/records", &values);
    refused(&answer, 422, "A004");
    let json = answer.json();
    let fields: Vec<&str> = json["errors"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["where"]["field"].as_str())
        .collect();
    assert!(
        fields.contains(&"income") && fields.contains(&"land"),
        "{json}"
    );
}

#[test]
fn a_state_that_does_not_fit_is_a_conflict() {
    let desk = Desk::new();
    let clerk = desk.clerk();
    clerk.import("常住人口信息表.csv", crate::desk::RESIDENTS);
    let batch = clerk.get("/api/batches").json()["batches"][0]["tx"].to_string();
    let undo = format!("/api/batches/{batch}/undo");
    assert_eq!(clerk.post(&undo, &json!({"why": "错表"})).status, 200);
    refused(&clerk.post(&undo, &json!({"why": "错表"})), 409, "O141");
}

#[test]
fn every_answer_has_the_security_headers_and_a_number() {
    let desk = Desk::new();
    for path in ["/api/health", "/api/nothing", "/api/me"] {
        let answer = desk.ask(&Ask::new("GET", path));
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        assert!(header("content-security-policy").contains("default-src 'self'"));
        assert!(!header("content-security-policy").contains("unsafe"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert!(
            answer.header("strict-transport-security").is_none(),
            "no TLS, no promise of it"
        );
        assert!(!header("x-request-id").is_empty());
    }
    let tls = Desk::with(|settings| settings.tls_in_front = true);
    let answer = tls.ask(&Ask::new("GET", "/api/health"));
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn numbers_are_for_this_machine_alone() {
    let desk = Desk::new();
    let here = desk.ask(&Ask::new("GET", "/api/metrics"));
    assert_eq!(here.status, 200);
    assert!(String::from_utf8_lossy(&here.body).contains("yiben_requests_total"));
    let there = desk.ask(&Ask::new("GET", "/api/metrics").with("X-Forwarded-For", "10.0.0.9"));
    refused(&there, 404, "S404");
}
