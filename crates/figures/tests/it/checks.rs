//! Broken rules, as data.

use crate::town::{Store, ask, pack};
use crate::values::town;
use figures::{Breach, Engine};

fn breaches(store: &Store) -> Vec<Breach> {
    Engine::new(&store.pack, store)
        .checks(&ask())
        .expect("the ledger answers")
}

fn said(breach: &Breach, name: &str) -> String {
    let found = breach.values.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn each_kind_of_rule_finds_its_breaches() {
    let store = town();
    let found = breaches(&store);
    let ids: Vec<&str> = found.iter().map(|breach| breach.check.as_str()).collect();
    // Members and slots agree: two each.
    assert_eq!(
        ids,
        ["seat.bands", "seat.start", "seat.slots", "seat.slots"]
    );

    assert_eq!(
        (said(&found[0], "bands"), said(&found[0], "everyone")),
        ("4".into(), "5".into())
    );
    assert_eq!(found[0].names, ["副主任"]);

    assert_eq!(said(&found[1], "label"), "王五主任");
    assert_eq!(said(&found[1], "start"), "1984-01-01");
    let record = &found[1].records[0];
    assert_eq!(
        (record.record, record.field.as_deref()),
        (13, Some("start"))
    );

    assert_eq!(said(&found[2], "key"), "副主任");
    assert_eq!(
        (said(&found[2], "left"), said(&found[2], "right")),
        ("1".into(), "2".into())
    );
    let record = &found[2].records[0];
    assert_eq!((record.register.as_str(), record.record), ("slot", 32));
    assert_eq!(record.field.as_deref(), Some("number"));
}

#[test]
fn what_was_never_covered_breaks_nothing() {
    assert_eq!(breaches(&Store::new(pack())), []);
}
