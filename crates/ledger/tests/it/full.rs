//! A full disk: what is refused is known not to be kept, reading goes on, and writing goes on by itself when there
//! is room. On a small file system of memory, where root may mount one.

use ledger::{Deed, HashAlg, Ledger, LedgerError, Mode, NewBook, NewFact, Writer};
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::{CountingEntropy, FakeClock, hamlet, hamlet_reader, register_of};
use vocabulary::Value;

/// A file system of two megabytes, gone when dropped.
struct Small(PathBuf);

impl Small {
    /// `None`, aloud, where nobody may mount.
    #[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
    fn mount(at: &Path) -> Option<Small> {
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"])
            .arg(at)
            .output();
        if done.is_ok_and(|done| done.status.success()) {
            return Some(Small(at.to_owned()));
        }
        eprintln!("SKIPPED: a small file system needs root and mount");
        None
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn deed(clock: &mut FakeClock, n: usize) -> Deed {
    Deed {
        name: "note".to_owned(),
        actor: "tester".to_owned(),
        at: clock.now(),
        client_id: format!("id-{n}"),
        asked: None,
        by: ledger::By::default(),
        why: None,
        sources: Vec::new(),
    }
}

/// A new book, and the position of its households.
fn book(path: &Path, clock: &FakeClock) -> (Ledger, usize) {
    let new = NewBook {
        book: 511_000_000_000,
        name: "hamlet".to_owned(),
        level: "town".to_owned(),
        pack: hamlet(1),
        alg: HashAlg::Sha256,
        at: clock.now(),
        actor: "tester".to_owned(),
    };
    let ledger = Ledger::create(path, new, Box::new(CountingEntropy::new(1))).expect("a book");
    let household = register_of(&ledger.pack(), "household");
    (ledger, household)
}

/// What a household of so many letters writes.
fn says(
    household: usize,
    letters: usize,
) -> impl FnOnce(&mut ledger::Draft<'_>) -> Result<i64, LedgerError> + Send {
    move |draft| {
        let record = draft.new_record();
        let mut fact = NewFact::new(household, record, 511_000_000_000);
        fact.values = vec![(0, Value::Text("x".repeat(letters)))];
        draft.assert(fact).map(|_| record)
    }
}

#[test]
fn what_was_durable_is_answered_so_on_a_full_disk_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(small) = Small::mount(folder.path()) else {
        return;
    };
    let mut clock = FakeClock::default();
    let (ledger, household) = book(&small.0.join("book.db"), &clock);
    let (writer, mut hand) = Writer::by_hand(ledger).expect("by hand");
    let mut ask = |n: usize, letters: usize| {
        let deed = deed(&mut clock, n);
        writer.submit(deed, Mode::Commit, says(household, letters))
    };
    let first = ask(1, 10);
    assert!(hand.turn(&mut |_| {}));
    let (_, first) = first.recv().expect("answered").expect("kept");
    // One group: the first deed once more, a new one twice, and one that the disk has no room for.
    let [again, new, twice, big] = [ask(1, 10), ask(2, 10), ask(2, 10), ask(3, 4_000_000)];
    assert!(hand.turn(&mut |_| {}));
    let (ran, receipt) = again.recv().expect("answered").expect("it is known");
    assert_eq!((ran, receipt.hash), (None, first.hash));
    for refused in [new, twice, big] {
        let answer = refused.recv().expect("answered");
        assert!(matches!(answer, Err(LedgerError::Full(_))), "{answer:?}");
    }
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(small) = Small::mount(folder.path()) else {
        return;
    };
    let path = small.0.join("book.db");
    let mut clock = FakeClock::default();
    let (ledger, household) = book(&path, &clock);
    let writer = Writer::spawn(ledger).expect("spawned");
    let mut write = |n: usize, text: usize| {
        let deed = deed(&mut clock, n);
        let answer = writer.submit(deed, Mode::Commit, says(household, text));
        answer.recv().expect("answered")
    };
    // Something in the way leaves little room.
    let ballast = small.0.join("ballast");
    std::fs::write(&ballast, vec![0; 900_000]).expect("room for the ballast");
    let mut kept = Vec::new();
    let mut refused = 0;
    for n in 0..400 {
        match write(n, 4_000) {
            Ok((record, receipt)) => kept.push((n, record, receipt)),
            Err(LedgerError::Full(at)) => {
                assert_eq!(at, path);
                refused += 1;
                if refused == 3 {
                    break;
                }
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 3, "two megabytes hold no 400 such deeds");
    let last = kept.last().expect("some were kept").2.seq;
    // Reading goes on, and knows nothing of what was refused.
    let reader = writer.reader().expect("reader");
    assert_eq!(reader.head().expect("head").0, last);
    assert!(reader.verify().expect("verified").is_sound());
    drop(reader);
    // Room again: the same program writes on, in the same order, and a number that was drawn in vain is drawn anew.
    std::fs::remove_file(&ballast).expect("removed");
    let (record, receipt) = write(1_000, 10).expect("written");
    assert_eq!(receipt.seq, last + 1);
    assert_eq!(record, kept[kept.len() - 1].1.map(|record| record + 1));
    // Whoever was refused may come again under the same id.
    let (n, first) = (kept.len(), receipt.seq);
    let (ran, receipt) = write(n, 10).expect("written");
    assert!(ran.is_some() && receipt.seq == first + 1);
    drop(writer);
    let opened = std::iter::repeat_with(|| {
        Ledger::open_with(&path, Box::new(CountingEntropy::new(2)), &*hamlet_reader())
    });
    // The writing thread lets go of its lock when it ends.
    let ledger = opened
        .take(100_000)
        .find_map(Result::ok)
        .expect("opens again");
    let found = ledger.reader().expect("reader").verify().expect("verified");
    assert!(found.is_sound(), "{found:#?}");
    assert_eq!(found.transactions, u64::try_from(first + 1).expect("few"));
}
