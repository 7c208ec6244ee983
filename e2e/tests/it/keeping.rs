//! What the ledger's file must survive: a later program, a second writer, a hand in the file, a lost key, a thief.

use std::fs;
use std::io::Write;

use e2e::Desk;
use rusqlite::Connection;

use crate::fixtures::{GOOD, roster};
use crate::shared::{committees, imported, town};

/// Changes the ledger's file behind its back, and answers how many rows that touched.
fn tamper(desk: &Desk, sql: &str) -> usize {
    let file = Connection::open(desk.ledger()).expect("a ledger is one SQLite file");
    file.execute(sql, [])
        .expect("the tables of docs/specs/ledger.md")
}

#[test]
fn a_ledger_of_a_later_program_is_left_alone() {
    let desk = committees();
    assert_eq!(
        tamper(&desk, "UPDATE meta SET value = '999' WHERE key = 'schema'"),
        1
    );
    let before = fs::read(desk.ledger()).expect("the ledger");
    let file = desk.file("两委干部花名册.xlsx", &roster(&GOOD));
    let answer = desk.import(&[&file]).ended(2);
    assert!(answer.words().contains("999"), "{}", answer.words());
    desk.yiben(&["figure", "committee.members", "--at", &town().at])
        .ended(2);
    assert!(
        before == fs::read(desk.ledger()).expect("the ledger"),
        "not a byte was written"
    );
}

#[test]
fn a_second_writer_is_told_who_writes_and_readers_go_on() {
    let desk = committees();
    let members = desk.value("committee.members", &town().at, "2022");
    let mut lock =
        fs::File::create(desk.path("yiben.db.lock")).expect("the lock beside the ledger");
    lock.try_lock().expect("nobody else writes here");
    write!(lock, "{}", std::process::id()).expect("a pid");
    lock.flush().expect("a pid");

    let file = desk.file("两委干部花名册.xlsx", &roster(&GOOD));
    let answer = desk.import(&[&file]).ended(2);
    assert!(
        answer.words().contains(&std::process::id().to_string()),
        "{}",
        answer.words()
    );
    assert_eq!(
        desk.value("committee.members", &town().at, "2022"),
        members,
        "reading needs no lock"
    );

    drop(lock);
    desk.import(&[&file]).done();
    desk.verified();
}

#[test]
fn a_lock_of_a_dead_process_stops_nobody() {
    let desk = committees();
    desk.file("yiben.db.lock", b"4194305\n");
    let file = desk.file("两委干部花名册.xlsx", &roster(&GOOD));
    desk.import(&[&file]).done();
}

#[test]
fn a_fact_changed_in_the_file_is_found() {
    let desk = committees();
    let sql = "UPDATE fact SET body = replace(body, '20221226', '20221227')";
    assert!(tamper(&desk, sql) > 0);
    let answer = desk.yiben(&["verify"]);
    assert_eq!(answer.code, Some(70), "{}", answer.words());
}

#[test]
fn a_derived_table_changed_in_the_file_is_found() {
    let desk = committees();
    assert!(
        tamper(
            &desk,
            "DELETE FROM r_seat WHERE record IN (SELECT record FROM r_seat LIMIT 1)"
        ) > 0
    );
    let answer = desk.yiben(&["verify"]);
    assert_eq!(answer.code, Some(70), "{}", answer.words());
}

#[test]
fn a_lost_key_is_named_and_no_new_one_is_made() {
    let desk = committees();
    fs::remove_file(desk.path("yiben.db.key")).expect("the key lies beside the ledger");
    let file = desk.file("两委干部花名册.xlsx", &roster(&GOOD));
    let answer = desk.import(&[&file]).ended(2);
    assert!(
        answer.words().contains("yiben.db.key"),
        "{}",
        answer.words()
    );
    assert!(!desk.path("yiben.db.key").exists());
}

#[test]
fn no_id_number_stands_in_the_file_in_clear() {
    let (desk, _) = imported();
    let mut bytes = fs::read(desk.ledger()).expect("the ledger");
    // The log holds what is not yet in the file.
    bytes.extend(fs::read(desk.path("yiben.db-wal")).unwrap_or_default());
    // Rows of the example, from three files; see the workbooks.
    for number in [
        "511726197704156797",
        "511729197506170378",
        "511727195712115693",
    ] {
        let inside = bytes
            .windows(number.len())
            .any(|window| window == number.as_bytes());
        assert!(!inside, "{number} stands in the ledger's file");
    }
}
