//! Somebody leaves the book by law: keys, boxes, rows, free pages and the log.

use ledger::{Ground, HashAlg, Ledger, Mode, NewFact, Said};
use testkit::{both_stores, hamlet_reader, register_of};
use vocabulary::{Date, Value};

fn ground() -> Ground {
    Ground {
        basis: "本人书面申请，个人信息保护法第四十七条".to_owned(),
        approver: "李主任".to_owned(),
    }
}

fn day(int: i32) -> Date {
    Date::from_int(int)
}

#[test]
fn an_erased_person_leaves_a_chain_that_still_verifies() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let (person, seat) = (
            register_of(&ledger.pack(), "person"),
            register_of(&ledger.pack(), "seat"),
        );
        for pass in 0..2 {
            let deed = stand.deed("import");
            let write = ledger.write(deed, Mode::Commit, |draft| {
                let record = if pass == 0 { draft.new_record() } else { 1 };
                let mut fact = NewFact::new(person, record, 7);
                fact.from = day(20_200_101 + pass);
                fact.values = vec![
                    (0, Value::from("王五")),
                    (5, Value::Text(format!("旧居{pass}"))),
                    (7, Value::Int(5)),
                ];
                draft.assert(fact)?;
                let seat_record = draft.new_record();
                let mut fact = NewFact::new(seat, seat_record, 7);
                fact.values = vec![(0, Value::Int(record)), (2, Value::from("王五的备注"))];
                draft.assert(fact)
            });
            write.expect("written");
        }
        let deed = stand.deed("erase");
        ledger
            .write(deed, Mode::Commit, |draft| draft.erase(1, &ground()))
            .expect("erased");
        let reader = ledger.reader().expect("reader");
        let slice = reader.slices("person", 1, None).expect("read").remove(0);
        assert_eq!(
            (&slice.values[0], &slice.values[7]),
            (&Value::Null, &Value::Int(5))
        );
        assert_eq!(
            reader.assertions("person", 1).expect("read")[0].set[0].1,
            Said::Erased
        );
        let verified = reader.verify().expect("verified");
        assert!(verified.is_sound(), "{verified:#?}");
        assert_eq!(verified.erased, 4);
        drop(reader);
        drop(ledger);
        let pages = std::fs::read(stand.path()).expect("pages");
        for text in ["王五", "旧居"] {
            assert!(
                !pages
                    .windows(text.len())
                    .any(|part| part == text.as_bytes()),
                "{text}"
            );
        }
    });
}

/// A book with one person, and his erasure as a deed.
fn with_person(stand: &mut testkit::Stand) -> Ledger {
    let mut ledger = stand.create(HashAlg::Sha256);
    let person = register_of(&ledger.pack(), "person");
    let deed = stand.deed("import");
    let write = ledger.write(deed, Mode::Commit, |draft| {
        let record = draft.new_record();
        let mut fact = NewFact::new(person, record, 7);
        fact.values = vec![(0, Value::from("欧阳萤")), (5, Value::from("北坡三号"))];
        draft.assert(fact)
    });
    write.expect("written");
    ledger
}

fn holds(path: &std::path::Path, text: &str) -> bool {
    let bytes = std::fs::read(path).unwrap_or_default();
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn a_reader_of_an_older_state_delays_the_wiping_and_nothing_forgets_it() {
    both_stores(|mut stand| {
        let mut ledger = with_person(&mut stand);
        let log = stand.path().with_extension("db-wal");
        let older = ledger.reader().expect("a reader");
        let deed = stand.deed("erase");
        let erase = ledger.write(deed, Mode::Commit, |draft| draft.erase(1, &ground()));
        erase.expect("erased");
        assert!(ledger.is_unwiped(), "somebody reads the state before");
        assert!(holds(&log, "欧阳萤"), "the log keeps what he reads");
        drop(ledger);
        // Another process opens the book while he still reads.
        let mut ledger = stand.open().expect("opens");
        assert!(ledger.is_unwiped(), "the book remembers");
        drop(older);
        let person = register_of(&ledger.pack(), "person");
        let deed = stand.deed("import");
        let write = ledger.write(deed, Mode::Commit, |draft| {
            let record = draft.new_record();
            draft.assert(NewFact::new(person, record, 7))
        });
        write.expect("written");
        assert!(!ledger.is_unwiped(), "the next write wipes");
        assert!(!holds(&log, "欧阳萤") && !holds(&stand.path(), "欧阳萤"));
        drop(ledger);
        assert!(!stand.open().expect("opens").is_unwiped());
    });
}

#[test]
fn an_opening_wipes_what_a_reader_kept() {
    both_stores(|mut stand| {
        let mut ledger = with_person(&mut stand);
        let older = ledger.reader().expect("a reader");
        let deed = stand.deed("erase");
        let erase = ledger.write(deed, Mode::Commit, |draft| draft.erase(1, &ground()));
        erase.expect("erased");
        // Another connection keeps the log from being dissolved with the last one.
        let watcher = Ledger::open_read_with(&stand.path(), &*hamlet_reader()).expect("opens");
        drop((ledger, older));
        let log = stand.path().with_extension("db-wal");
        assert!(holds(&log, "北坡三号"));
        let ledger = stand.open().expect("opens");
        assert!(!ledger.is_unwiped() && !holds(&log, "北坡三号"));
        drop(watcher);
    });
}

#[test]
fn a_preview_of_an_erasure_destroys_nothing() {
    both_stores(|mut stand| {
        let mut ledger = with_person(&mut stand);
        let deed = stand.deed("erase");
        let seen = ledger.write(deed, Mode::Preview, |draft| {
            draft.erase(1, &ground())?;
            draft.reader().slices("person", 1, None)
        });
        assert!(seen.expect("previewed").0.expect("ran")[0].values[0].is_null());
        assert!(!ledger.is_unwiped());
        let reader = ledger.reader().expect("a reader");
        let slices = reader.slices("person", 1, None).expect("read");
        assert_eq!(slices[0].values[0], Value::from("欧阳萤"));
        assert_eq!(reader.lawful_erasures().expect("read"), []);
    });
}

#[test]
fn an_erasure_stands_in_the_chain_with_its_ground() {
    both_stores(|mut stand| {
        let mut ledger = with_person(&mut stand);
        let deed = stand.deed("erase");
        let erase = ledger.write(deed, Mode::Commit, |draft| draft.erase(1, &ground()));
        let receipt = erase.expect("erased").1;
        let reader = ledger.reader().expect("a reader");
        let all = reader.lawful_erasures().expect("read");
        assert_eq!((all[0].subject, all[0].tx), (1, receipt.seq));
        assert_eq!(all[0].ground, ground());
        assert!(!reader.has_key(1).expect("read"));
        assert!(reader.sealed_under(1).expect("read").is_empty());
        assert!(reader.verify().expect("verified").is_sound());
    });
}
