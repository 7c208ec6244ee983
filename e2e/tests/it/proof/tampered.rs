//! Every class of tampering by somebody with root on the machine, done by SQL, is found by the second verifier from the
//! ledger and one checkpoint kept outside; and the classes that nobody can find are shown to be so.

use super::{grown, judged, python_is_here, read, tool};
use serde_json::Value;

/// Trials a class; the drill does many more.
const TRIALS: &str = "20";

/// Trials a class in which the binary exports the copy as well.
const EXPORTED: &str = "1";

/// What nobody can find, which is why it is printed.
const NOT_FOUND: [&str; 2] = ["stolen_key_nothing_outside", "after_the_last_checkpoint"];

fn trials(args: &[&str]) -> Value {
    let desk = grown();
    let mut all = vec!["--ledger", "yiben.db", "--checkpoint", "old.txt"];
    all.extend(args);
    let answer = tool(&desk, "tamper.py", &all).done();
    let last = answer.out.trim_end().lines().last().expect("a last line");
    serde_json::from_str(last).expect("the last line is JSON")
}

#[test]
fn every_class_of_tampering_is_found() {
    if !python_is_here() {
        return;
    }
    for (args, least) in [
        (vec!["--n", TRIALS], 15),
        (
            vec!["--n", EXPORTED, "--yiben", &e2e::binary().to_string_lossy()],
            1,
        ),
    ] {
        let said = trials(&args);
        let classes = said.as_object().expect("an object");
        assert_eq!(classes.len(), 13, "{said}");
        for (class, found) in classes {
            let tried = found["tried"].as_u64().expect("a count");
            assert!(tried >= least, "{class}: {found}");
            let wanted = if NOT_FOUND.contains(&class.as_str()) {
                0
            } else {
                tried
            };
            assert_eq!(found["detected"], wanted, "{class}: {found}");
        }
    }
}

#[test]
fn a_chain_made_right_again_is_found_by_what_was_kept_outside_alone() {
    if !python_is_here() {
        return;
    }
    for class in ["rebuild", "fork", "stolen_key"] {
        let found = &trials(&["--n", "5", "--only", class])[class];
        let codes = found["codes"].as_object().expect("codes");
        assert_eq!(codes.keys().collect::<Vec<_>>(), ["checkpoint"], "{class}");
    }
}

#[test]
fn what_cannot_be_found_is_printed() {
    if !python_is_here() {
        return;
    }
    let desk = grown();
    let said = judged(&desk, 0, &["yiben.db", "old.txt"]);
    let cannot = said["cannot"].as_array().expect("a list");
    assert_eq!(cannot.len(), 5);
    let told = tool(&desk, "verify.py", &["yiben.db", "old.txt"]).done();
    for line in cannot {
        assert!(told.out.contains(line.as_str().expect("a sentence")));
    }
}

/// A signed statement is not given over a chain that was cut, forked or broken, and the clerk is told.
#[test]
fn the_binary_signs_nothing_that_did_not_grow_out_of_the_old() {
    let desk = grown();
    let sql = |desk: &e2e::Desk, text: &str| {
        let file = rusqlite::Connection::open(desk.ledger()).expect("a ledger is one SQLite file");
        assert!(file.execute(text, []).expect("the tables of the spec") > 0);
    };
    desk.yiben(&["checkpoint", "--since", "old.txt", "-o", "new.txt"])
        .done();
    assert!(read(&desk, "new.txt.proof").starts_with("{\"yiben\":\"consistency-1\""));

    let cut = desk.copy();
    sql(&cut, "DELETE FROM tx WHERE seq > 3");
    let refused = cut.yiben(&["checkpoint", "--since", "old.txt", "-o", "cut.txt"]);
    assert!(refused.ended(70).err.contains("L035"));
    assert!(!cut.path("cut.txt").exists(), "nothing was signed");

    let broken = desk.copy();
    sql(
        &broken,
        "UPDATE tx SET header = header || ' ' WHERE seq = 2",
    );
    let refused = broken.yiben(&["checkpoint", "-o", "broken.txt"]);
    assert!(refused.ended(70).err.contains("L033"));

    let changed = read(&desk, "old.txt").replacen("\n4\n", "\n3\n", 1);
    desk.file("changed.txt", changed.as_bytes());
    let refused = desk.yiben(&["checkpoint", "--since", "changed.txt"]);
    assert!(refused.ended(2).err.contains("L034"));
}

#[test]
fn another_signing_key_is_noticed() {
    let desk = grown();
    let first = desk.yiben(&["checkpoint", "--json"]).done().json();
    let key = first["key"].as_str().expect("a key");
    assert!(first["fresh"].is_null());
    std::fs::remove_file(desk.path("yiben.db.sign")).expect("the signing key");
    for args in [
        vec!["checkpoint", "--since", "old.txt"],
        vec!["checkpoint", "--key", key],
    ] {
        let refused = desk.yiben(&args).ended(2);
        assert!(refused.err.contains("L034"), "{}", refused.err);
        assert!(!desk.path("yiben.db.sign").exists(), "no key was made");
    }
    let second = desk
        .yiben(&["checkpoint", "-o", "other.txt", "--json"])
        .done()
        .json();
    assert!(second["fresh"].is_string() && second["key"] != first["key"]);
    for args in [
        vec!["checkpoint", "--since", "old.txt"],
        vec!["checkpoint", "--key", key],
        vec!["proof", "--check", "other.txt", "--key", key],
    ] {
        desk.yiben(&args).ended(2);
    }
    if python_is_here() {
        // Two keys are a break unless both were made known.
        judged(&desk, 1, &["yiben.db", "old.txt", "other.txt"]);
        judged(
            &desk,
            1,
            &["--key", key, "yiben.db", "old.txt", "other.txt"],
        );
        let other = second["key"].as_str().expect("a key");
        let both = [
            "--key",
            key,
            "--key",
            other,
            "yiben.db",
            "old.txt",
            "other.txt",
        ];
        judged(&desk, 0, &both);
    }
}
