//! People who sign in, as whoever keeps the book's file adds them, and what the audit says of it.

use e2e::Desk;
use serde_json::Value;

use crate::shared::villages;

fn lines(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let all = [&["audit", "--json"], args].concat();
    let said = desk.yiben(&all).done().json();
    said["lines"].as_array().expect("lines").clone()
}

#[test]
fn somebody_is_added_granted_locked_and_leaves() {
    let desk = villages();
    let none = desk.yiben(&["people", "list"]).done();
    assert!(none.out.contains("yiben people add"), "{}", none.out);
    let added = desk.yiben(&["people", "add", "chenjing", "--as", "陈静", "--json"]);
    let added = added.done().json();
    let link = added["link"].as_str().expect("a link");
    assert!(link.len() >= 40, "32 bytes");
    desk.yiben(&["people", "add", "ChenJing", "--as", "陈静"])
        .ended(2);
    desk.yiben(&["people", "add", "13800138000", "--as", "陈静"])
        .ended(2);
    desk.yiben(&[
        "people",
        "grant",
        "chenjing",
        "clerk",
        "--from",
        "2023-01-01",
    ])
    .done();
    let asked = desk
        .yiben(&["people", "grant", "chenjing", "village_cadre"])
        .ended(2);
    assert!(asked.err.contains("--in"), "{}", asked.err);
    desk.yiben(&["people", "grant", "chenjing", "audit_admin"])
        .done();
    let two = desk
        .yiben(&["people", "grant", "chenjing", "system_admin"])
        .ended(2);
    assert!(two.err.contains("O313"), "{}", two.err);
    desk.yiben(&["people", "lock", "chenjing", "--why", "长假"])
        .done();
    let shown = desk.yiben(&["people", "list"]).done().out;
    assert!(
        shown.contains("陈静") && shown.contains("已停用"),
        "{shown}"
    );
    desk.yiben(&["people", "unlock", "chenjing"]).done();
    let again = desk
        .yiben(&["people", "link", "chenjing", "--json"])
        .done()
        .json();
    assert_ne!(again["link"], added["link"]);
    let left = desk
        .yiben(&["people", "revoke", "chenjing", "--json"])
        .done()
        .json();
    assert_eq!(left["ended"], 2);
    let people = desk.yiben(&["people", "list", "--json"]).done().json();
    let one = &people["people"][0];
    assert_eq!(one["name"], "chenjing");
    assert!(
        one["roles"]
            .as_array()
            .is_some_and(|roles| !roles.is_empty()),
        "that he was stays: {one}"
    );
    let bytes = std::fs::read(desk.ledger()).expect("the ledger");
    for secret in [link, again["link"].as_str().expect("a link")] {
        assert!(
            !bytes
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        );
    }
    desk.verified();
}

#[test]
fn the_audit_is_searched_and_handed_out_by_its_role_alone() {
    let desk = villages();
    desk.yiben(&["people", "add", "chenjing", "--as", "陈静"])
        .done();
    desk.yiben(&["people", "lock", "chenjing", "--why", "=长假"])
        .done();
    let found = lines(&desk, &["--deed", "person_lock"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["register"], "account");
    assert_eq!(found[0]["why"], "=长假");
    assert_eq!(found[0]["outcome"], "done");
    let record = found[0]["record"].to_string();
    assert_eq!(
        lines(&desk, &["--register", "account", "--record", &record]).len(),
        2
    );
    assert!(
        lines(&desk, &["--deed", "import"]).len() == 1,
        "the villages"
    );
    desk.yiben(&["audit", "--role", "clerk"]).ended(3);
    desk.yiben(&["audit", "--role", "audit_admin"]).done();
    desk.yiben(&["audit", "--outcome", "good"]).ended(2);
    let csv = desk.path("audit.csv");
    let name = csv.to_str().expect("a path");
    desk.yiben(&["audit", "-o", name]).done();
    let text = std::fs::read_to_string(&csv).expect("written");
    assert!(text.starts_with("tx,ord,at,actor"), "{text}");
    assert!(text.contains(",'=长假,"), "no cell is a formula: {text}");
    assert_eq!(text.lines().count(), lines(&desk, &[]).len() + 1);
    let ndjson = desk.path("audit.ndjson");
    desk.yiben(&["audit", "-o", ndjson.to_str().expect("a path")])
        .done();
    let text = std::fs::read_to_string(&ndjson).expect("written");
    let first: Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["deed"], "init");
}
