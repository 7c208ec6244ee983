//! In and out.

use crate::desk::{Desk, PASSWORD};
use crate::http::Ask;
use serde_json::json;

#[test]
fn the_first_administrator_comes_in_by_the_link_and_only_once() {
    let desk = Desk::new();
    let root = desk.first();
    let me = root.get("/api/me").json();
    assert_eq!(
        (&me["name"], &me["role"]),
        (&json!("root"), &json!("security"))
    );
    assert_eq!(me["book_name"], "桥头镇");
}

#[test]
fn a_cookie_is_hidden_from_scripts_and_signing_out_ends_it() {
    let desk = Desk::new();
    let root = desk.first();
    let body = json!({"name": "root", "password": PASSWORD});
    let again = desk.ask(&Ask::new("POST", "/api/session").json(&body));
    let cookie = again.header("set-cookie").unwrap_or_default();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let out = root.delete("/api/session");
    assert_eq!(out.status, 204);
    assert!(out.header("clear-site-data").is_some());
    let after = root.get("/api/me");
    assert_eq!((after.status, after.code().as_str()), (401, "S401"));
}

#[test]
fn signing_out_everywhere_ends_every_session_of_the_account() {
    let desk = Desk::new();
    let root = desk.first();
    let other = desk.sign_in("root");
    assert_eq!(root.delete("/api/sessions").status, 204);
    assert_eq!(other.get("/api/me").status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let desk = Desk::new();
    desk.first();
    let try_as = |name: &str| {
        let body = json!({"name": name, "password": "not-this-one-at-all"});
        desk.ask(&Ask::new("POST", "/api/session").json(&body))
    };
    let (wrong, unknown) = (try_as("root"), try_as("nobody"));
    assert_eq!(
        (wrong.status, wrong.code()),
        (unknown.status, unknown.code())
    );
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json()["detail"], unknown.json()["detail"]);
}

#[test]
fn whoever_tries_too_often_is_told_when_to_come_back() {
    let desk = Desk::new();
    desk.first();
    let body = json!({"name": "root", "password": "not-this-one-at-all"});
    let ask = Ask::new("POST", "/api/session").json(&body);
    let last = (0..8)
        .map(|_| desk.ask(&ask))
        .fold(None, |_, one| Some(one))
        .expect("asked");
    assert_eq!(last.status, 429);
    let seconds = last
        .header("retry-after")
        .and_then(|text| text.parse::<u64>().ok());
    assert!(seconds.is_some_and(|seconds| seconds > 0), "{last:?}");
}

#[test]
fn a_password_changed_ends_the_other_sessions() {
    let desk = Desk::new();
    let root = desk.first();
    let other = desk.sign_in("root");
    let new = json!({"old": PASSWORD, "new": "another-river-88-hills"});
    assert_eq!(root.post("/api/session/password", &new).status, 200);
    assert_eq!(other.get("/api/me").status, 401);
    assert_eq!(root.get("/api/me").status, 200);
    let short = json!({"old": "another-river-88-hills", "new": "x"});
    assert_eq!(root.post("/api/session/password", &short).status, 422);
}
