//! A ledger lent out for a long deed, and readers kept open beside it.

use ledger::{Deed, HashAlg, Ledger, LedgerError, Mode, NewFact, Reader, Writer};
use std::sync::mpsc::channel;
use testkit::{both_stores, hamlet, register_of};
use vocabulary::Value;

fn add(draft: &mut ledger::Draft<'_>, person: usize, name: &str) -> Result<i64, LedgerError> {
    let record = draft.new_record();
    let mut fact = NewFact::new(person, record, 7);
    fact.values = vec![(0, Value::from(name))];
    draft.assert(fact)?;
    Ok(record)
}

fn put(
    writer: &Writer,
    deed: Deed,
    person: usize,
    name: &'static str,
) -> std::sync::mpsc::Receiver<ledger::Answer<i64, LedgerError>> {
    writer.submit(deed, Mode::Commit, move |draft| add(draft, person, name))
}

fn named(reader: &Reader, name: &str) -> usize {
    let found = reader.find("person", "name", &Value::from(name));
    found.expect("read").len()
}

#[test]
fn who_borrows_the_ledger_writes_alone_and_the_queue_goes_on_after() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let writer = Writer::spawn(ledger).expect("spawned");
        let first = put(&writer, stand.deed("note"), person, "甲");
        let mut lent = writer.lend().expect("lent");
        // It came after what was in the queue before it.
        first.recv().expect("answered").expect("written");
        let waiting = put(&writer, stand.deed("note"), person, "丙");
        let (_, long) = lent
            .write(stand.deed("import"), Mode::Commit, |draft| {
                add(draft, person, "乙")
            })
            .expect("written");
        assert!(waiting.try_recv().is_err(), "nobody else writes meanwhile");
        drop(lent);
        let (_, after) = waiting.recv().expect("answered").expect("written");
        assert_eq!((long.seq, after.seq), (3, 4));
        let reader = writer.reader().expect("reader");
        assert!(reader.verify().expect("verified").is_sound());
    });
}

#[test]
fn a_borrower_who_panics_gives_the_ledger_back_without_what_was_begun() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let writer = Writer::spawn(ledger).expect("spawned");
        let (theirs, deed) = (writer.clone(), stand.deed("import"));
        let panicked = std::thread::spawn(move || {
            let mut lent = theirs.lend().expect("lent");
            let done: Result<(Option<()>, _), LedgerError> =
                lent.write(deed, Mode::Commit, |draft| {
                    add(draft, person, "半")?;
                    draft.flush()?;
                    panic!("in the middle of a deed")
                });
            done.map(|_| ())
        });
        assert!(panicked.join().is_err());
        let done = put(&writer, stand.deed("note"), person, "全").recv();
        let (record, receipt) = done.expect("answered").expect("written");
        assert_eq!((record, receipt.seq), (Some(1), 2), "as if it never was");
        let reader = writer.reader().expect("reader");
        assert_eq!((named(&reader, "半"), named(&reader, "全")), (0, 1));
        assert!(reader.verify().expect("verified").is_sound());
    });
}

#[test]
fn a_deed_that_panics_in_the_queue_takes_nobody_with_it() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let writer = Writer::spawn(ledger).expect("spawned");
        let bad = writer.submit(stand.deed("note"), Mode::Commit, move |draft| {
            add(draft, person, "半")?;
            if draft.seq() > 0 {
                panic!("in the middle of a deed");
            }
            Ok::<_, LedgerError>(())
        });
        let good = put(&writer, stand.deed("note"), person, "全");
        assert!(matches!(
            bad.recv().expect("answered"),
            Err(LedgerError::Stopped)
        ));
        let (_, receipt) = good.recv().expect("answered").expect("written");
        assert_eq!(receipt.seq, 2);
        let reader = writer.reader().expect("reader");
        assert_eq!((named(&reader, "半"), named(&reader, "全")), (0, 1));
        assert!(reader.verify().expect("verified").is_sound());
    });
}

#[test]
fn a_reader_that_was_taken_reads_one_state_and_the_next_question_a_later_one() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let person = register_of(&ledger.pack(), "person");
        let writer = Writer::spawn(ledger).expect("spawned");
        let readers = writer.readers(2);
        let taken = readers.take().expect("taken");
        assert_eq!(named(&taken, "甲"), 0);
        let written = put(&writer, stand.deed("note"), person, "甲").recv();
        written.expect("answered").expect("written");
        assert_eq!(named(&taken, "甲"), 0, "still the state it began with");
        drop(taken);
        assert_eq!(named(&readers.take().expect("taken"), "甲"), 1);
    });
}

#[test]
fn no_more_readers_are_open_than_there_may_be() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let writer = Writer::spawn(ledger).expect("spawned");
        let readers = writer.readers(2);
        let (first, second) = (readers.take().expect("one"), readers.take().expect("two"));
        let (tell, told) = channel();
        let theirs = readers.clone();
        let third = std::thread::spawn(move || {
            tell.send("asks").expect("heard");
            let taken = theirs.take();
            tell.send("has it").expect("heard");
            taken.map(|_| ())
        });
        assert_eq!(told.recv(), Ok("asks"));
        assert!(told.try_recv().is_err(), "it waits for one to come back");
        drop(first);
        assert_eq!(told.recv(), Ok("has it"));
        third.join().expect("joined").expect("taken");
        drop(second);
    });
}

#[test]
fn after_a_new_pack_every_reader_reads_by_it() {
    both_stores(|mut stand| {
        let ledger = stand.create(HashAlg::Sha256);
        let old = ledger.pack().hash.clone();
        let writer = Writer::spawn(ledger).expect("spawned");
        let readers = writer.readers(4);
        drop((readers.take().expect("one"), readers.take().expect("two")));
        let mut lent = writer.lend().expect("lent");
        let done: Result<(Option<()>, _), LedgerError> =
            lent.write(stand.deed("pack"), Mode::Commit, |draft| {
                draft.pack(hamlet(2))
            });
        done.expect("written");
        // Before the ledger is back: whoever reads its tables already reads by its pack.
        assert_ne!(readers.take().expect("taken").pack().hash, old);
        drop(lent);
        assert_ne!(writer.reader().expect("reader").pack().hash, old);
        let (one, two) = (readers.take().expect("one"), readers.take().expect("two"));
        assert_eq!(
            (&one.pack().hash, one.pack().hash == old),
            (&two.pack().hash, false)
        );
    });
}

#[test]
fn ledgers_and_readers_go_from_thread_to_thread() {
    fn send<T: Send>() {}
    send::<Ledger>();
    send::<Reader>();
    send::<ledger::Lent>();
    send::<ledger::Taken>();
}
