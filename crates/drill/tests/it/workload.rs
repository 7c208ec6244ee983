//! The workload without a fault: what it says is there, and saying it again changes nothing.

use drill::book::open_read;
use drill::fill::fill;
use drill::reading::answers;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// One run in a process of its own, as in the drills.
fn once(path: &Path, acks: &Path, clock: &str) {
    let mut workload = Command::new(env!("CARGO_BIN_EXE_workload"));
    workload.args(["deeds", "--seed", "3", "--count", "120", "--writers", "4"]);
    workload.args(["--readers", "1", "--clock", clock, "--ledger"]);
    workload.arg(path).arg("--acks").arg(acks);
    assert!(workload.status().expect("it starts").success());
}

fn lines(path: &Path, first: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("the log");
    text.lines()
        .map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .filter(|words| words[0] == first)
        .collect()
}

#[test]
fn saying_everything_again_changes_nothing_that_was_said() {
    let folder = TempDir::new().expect("a folder");
    let (book, first, second) = (
        folder.path().join("book.db"),
        folder.path().join("first"),
        folder.path().join("second"),
    );
    once(&book, &first, "leaping");
    once(&book, &second, "system");
    let acked = lines(&first, "ack");
    assert!(acked.len() > 60, "{}", acked.len());
    let again = lines(&second, "ack");
    for ack in acked {
        let known = again.iter().find(|one| one[1] == ack[1]).expect("again");
        assert_eq!(
            (&known[2], &known[3], &known[5][..]),
            (&ack[2], &ack[3], "again")
        );
    }
    let reader = open_read(&book).expect("opens").reader().expect("reads");
    assert!(reader.verify().expect("verifies").is_sound());
    assert_eq!(
        answers(&reader).expect("answers"),
        answers(&reader).expect("answers")
    );
}

#[test]
fn a_filled_book_is_sound() {
    let folder = TempDir::new().expect("a folder");
    let book = folder.path().join("book.db");
    fill(&book, 1, 3_001, &mut |_| {}).expect("filled");
    let reader = open_read(&book).expect("opens").reader().expect("reads");
    let verified = reader.verify().expect("verifies");
    assert!(
        verified.is_sound() && verified.facts > 3_001,
        "{verified:?}"
    );
}
