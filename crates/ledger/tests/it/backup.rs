//! Backups: what goes into a folder comes out the same, at any point of its life; what is broken, foreign or
//! erased does not.

use ledger::backup::{
    BackedUp, BackupInput, BackupKey, Proof, RestoreInput, Restored, Until, restore,
};
use ledger::{Erasure, Flaw, Ground, HashAlg, Ledger, LedgerError, Mode, NewFact, Said};
use std::path::{Path, PathBuf};
use testkit::{CountingEntropy, Stand, both_stores, hamlet, hamlet_reader, register_of};
use vocabulary::{Date, Moment, RecordId, Value};

const VILLAGE: i64 = 511_000_001_000;

fn key(seed: u64) -> BackupKey {
    BackupKey::draw(&mut CountingEntropy::new(seed))
}

/// A person with everything personal, and a seat that is sealed under him.
fn person(stand: &mut Stand, ledger: &mut Ledger, name: &str) -> RecordId {
    let register = register_of(&ledger.pack(), "person");
    let seat = register_of(&ledger.pack(), "seat");
    let deed = stand.deed("record");
    let (record, _) = ledger
        .write(deed, Mode::Commit, |draft| {
            let record = draft.new_record();
            let mut fact = NewFact::new(register, record, VILLAGE);
            fact.values = vec![
                (0, Value::from(name)),
                (1, Value::text(format!("51172919800101{record:04}"))),
                (6, Value::from("21")),
            ];
            draft.assert(fact)?;
            let sits = draft.new_record();
            let mut fact = NewFact::new(seat, sits, VILLAGE);
            fact.values = vec![
                (0, Value::Int(record)),
                (1, Value::from("主任")),
                (2, Value::text(format!("{name}任职"))),
            ];
            draft.assert(fact)?;
            draft.coverage(register, VILLAGE, Date::from_int(20_230_101))?;
            draft.roster(seat, &[VILLAGE], Date::from_int(20_230_101))?;
            Ok::<_, LedgerError>(record)
        })
        .expect("written");
    record.expect("a new id")
}

/// A book with places, people, an undo, and a second version of its pack.
fn book(stand: &mut Stand, alg: HashAlg) -> Ledger {
    let mut ledger = stand.create(alg);
    let division = ledger.reader().expect("reader").register_index("division");
    let division = division.expect("built in");
    let deed = stand.deed("places");
    ledger
        .write(deed, Mode::Commit, |draft| {
            let mut fact = NewFact::new(division, VILLAGE, 511_000_000_000);
            fact.values = vec![
                (0, Value::from("东村")),
                (1, Value::from("village")),
                (3, Value::Int(511_000_000_000)),
            ];
            draft.assert(fact)
        })
        .expect("written");
    person(stand, &mut ledger, "张三");
    let wrong = person(stand, &mut ledger, "李四");
    assert!(wrong > 0);
    let deed = stand.deed("undo");
    ledger
        .write(deed, Mode::Commit, |draft| draft.withdraw(4, None))
        .expect("written");
    let deed = stand.deed("pack");
    ledger
        .write(deed, Mode::Commit, |draft| draft.pack(hamlet(2)))
        .expect("written");
    person(stand, &mut ledger, "王五");
    ledger
}

fn back_up(
    stand: &Stand,
    ledger: &Ledger,
    to: &Path,
    key: &BackupKey,
) -> Result<BackedUp, LedgerError> {
    let reader = hamlet_reader();
    let input = BackupInput {
        folder: to,
        key,
        at: stand.clock.now(),
        quick: false,
        pack: &*reader,
    };
    let (seq, _) = ledger.reader()?.head()?;
    let mut entropy = CountingEntropy::new(1_000_003 + seq.unsigned_abs());
    ledger.backup(&input, &mut entropy, &mut |_, _, _| {})
}

fn bring_back(
    from: &Path,
    key: &BackupKey,
    to: &Path,
    until: Option<Until>,
) -> Result<Restored, LedgerError> {
    let reader = hamlet_reader();
    let input = RestoreInput {
        folder: from,
        key,
        ledger: to,
        until,
        at: Moment::parse("2030-01-01T00:00:00Z").expect("a moment"),
        actor: "test",
        why: None,
        pack: &*reader,
    };
    let entropy = Box::new(CountingEntropy::new(77));
    restore(&input, entropy, &mut |_, _, _| {})?.keep()
}

fn open(path: &Path) -> Ledger {
    Ledger::open_read_with(path, &*hamlet_reader()).expect("a restored book opens")
}

/// Every row of every table, as text.
fn dump(ledger: &Ledger, tables: &[&str]) -> Vec<String> {
    let reader = ledger.reader().expect("reader");
    let mut lines = Vec::new();
    for table in tables {
        let mut rows = Vec::new();
        reader
            .query(&format!("SELECT * FROM {table}"), &[], &mut |row| {
                let values: Vec<String> = row.iter().map(ToString::to_string).collect();
                rows.push(format!("{table} {}", values.join("|")));
            })
            .expect("read");
        rows.sort();
        // What the store's log may still hold is this file's own affair.
        rows.retain(|row| !row.contains("unwiped"));
        lines.extend(rows);
    }
    lines
}

const TABLES: [&str; 16] = [
    "meta",
    "tx",
    "fact",
    "division",
    "division_alias",
    "division_tree",
    "roster",
    "coverage",
    "withdrawal",
    "r_person",
    "h_person",
    "r_seat",
    "h_seat",
    "r_hazard",
    "r_division",
    "h_division",
];

fn place(stand: &Stand, name: &str) -> PathBuf {
    stand.path().with_file_name(name)
}

#[test]
fn a_book_comes_back_the_same_to_the_row() {
    for alg in [HashAlg::Sha256, HashAlg::Sm3] {
        both_stores(|mut stand| {
            let ledger = book(&mut stand, alg);
            let (to, new) = (place(&stand, "backup"), place(&stand, "new.db"));
            let done = back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
            let head = ledger.reader().expect("reader").head().expect("head");
            assert_eq!((done.seq, done.transactions), (head.0, 7));
            assert!(matches!(
                done.proof,
                Proof::Restored {
                    transactions: 7,
                    ..
                }
            ));
            let restored = bring_back(&to, &key(1), &new, None).expect("restored");
            assert_eq!((restored.seq, restored.hash), (head.0, head.1));
            assert_eq!(restored.recorded, None);
            let again = open(&new);
            assert_eq!(dump(&again, &TABLES), dump(&ledger, &TABLES));
            let verified = again.reader().expect("reader").verify().expect("verified");
            assert!(verified.is_sound(), "{:?}", verified.named);
            assert!(verified.commitments > 0);
            let same = std::fs::read(place(&stand, "new.db.key")).expect("a key")
                == std::fs::read(place(&stand, "book.db.key")).expect("a key");
            assert!(same, "the master key comes back too");
        });
    }
}

#[test]
fn each_backup_adds_what_is_new() {
    both_stores(|mut stand| {
        let mut ledger = book(&mut stand, HashAlg::Sha256);
        let to = place(&stand, "backup");
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        let nothing = back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        assert_eq!(
            (nothing.transactions, nothing.bytes, nothing.segments),
            (0, 0, 1)
        );
        person(&mut stand, &mut ledger, "赵六");
        let more = back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        assert_eq!((more.transactions, more.segments, more.seq), (1, 2, 8));
        let mut names: Vec<String> = std::fs::read_dir(&to)
            .expect("a folder")
            .map(|entry| entry.expect("entry").file_name())
            .map(|name| name.into_string().expect("text"))
            .collect();
        names.sort();
        assert_eq!(
            names[..2],
            ["0000000001-0000000007.seg", "0000000008-0000000008.seg"]
        );
        let keys = names.iter().filter(|name| name.starts_with("keys-"));
        assert_eq!(keys.count(), 1);
        for until in 1..=8 {
            let new = place(&stand, &format!("until-{until}.db"));
            let point = Some(Until::Tx(until));
            let restored = bring_back(&to, &key(1), &new, point).expect("restored");
            assert_eq!(restored.seq, until);
            let reader = open(&new).reader().expect("reader");
            let verified = reader.verify().expect("verified");
            assert!(verified.is_sound(), "until {until}: {:?}", verified.named);
        }
    });
}

#[test]
fn a_book_restored_to_a_moment_goes_on_from_there() {
    both_stores(|mut stand| {
        let mut ledger = book(&mut stand, HashAlg::Sha256);
        let to = place(&stand, "backup");
        let moment = stand.clock.now();
        person(&mut stand, &mut ledger, "赵六");
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        let new = place(&stand, "then.db");
        let until = Some(Until::At(moment));
        let restored = bring_back(&to, &key(1), &new, until).expect("restored");
        assert_eq!(restored.seq, 7);
        let entropy = Box::new(CountingEntropy::new(5));
        let mut then = Ledger::open_with(&new, entropy, &*hamlet_reader()).expect("opens");
        // The numbers of what came later are free again.
        let again = person(&mut stand, &mut then, "钱七");
        let verified = then.reader().expect("reader").verify().expect("verified");
        assert!(verified.is_sound(), "{:?}", verified.named);
        assert_eq!(again, 7);
        let forked = back_up(&stand, &then, &to, &key(1)).expect_err("two histories");
        assert!(
            matches!(forked, LedgerError::Forked { seq: 8, .. }),
            "{forked}"
        );
        let other = place(&stand, "other");
        back_up(&stand, &then, &other, &key(1)).expect("a folder of its own");
    });
}

fn erase(stand: &mut Stand, ledger: &mut Ledger, subject: RecordId) -> Erasure {
    let deed = stand.deed("erase");
    let ground = Ground {
        basis: "依申请删除".to_owned(),
        approver: "主任".to_owned(),
    };
    let (_, receipt) = ledger
        .write(deed, Mode::Commit, |draft| draft.erase(subject, &ground))
        .expect("erased");
    Erasure {
        subject,
        tx: receipt.seq,
        at: receipt.at,
        actor: "test".to_owned(),
        ground,
    }
}

fn said_of(ledger: &Ledger, record: RecordId) -> Vec<Said> {
    let reader = ledger.reader().expect("reader");
    let all = reader.assertions("person", record).expect("read");
    all.into_iter()
        .flat_map(|one| one.set)
        .filter(|(field, _)| *field == 0)
        .map(|(_, said)| said)
        .collect()
}

#[test]
fn what_was_erased_comes_back_from_no_point() {
    both_stores(|mut stand| {
        let mut ledger = book(&mut stand, HashAlg::Sha256);
        let to = place(&stand, "backup");
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        erase(&mut stand, &mut ledger, 1);
        person(&mut stand, &mut ledger, "赵六");
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        let new = place(&stand, "now.db");
        let now = bring_back(&to, &key(1), &new, None).expect("restored");
        assert_eq!((now.recorded, now.erased), (None, 1));
        assert_eq!(said_of(&open(&new), 1), [Said::Erased]);
        // Before the erasure, which lies in a later segment: followed all the same, and written down.
        let new = place(&stand, "before.db");
        let before = bring_back(&to, &key(1), &new, Some(Until::Tx(7))).expect("restored");
        assert_eq!((before.seq, before.recorded), (7, Some((1, 8))));
        let before = open(&new);
        assert_eq!(said_of(&before, 1), [Said::Erased]);
        let recorded = before.reader().expect("reader").lawful_erasures();
        let recorded = recorded.expect("read");
        assert_eq!(recorded[0].ground.basis, "依申请删除");
        assert_eq!(said_of(&before, 5), [Said::Value(Value::from("王五"))]);
        let verified = before.reader().expect("reader").verify().expect("verified");
        assert!(verified.is_sound(), "{:?}", verified.named);
    });
}

#[test]
fn a_folder_that_was_told_of_an_erasure_follows_it() {
    both_stores(|mut stand| {
        let mut ledger = book(&mut stand, HashAlg::Sha256);
        let (to, lost) = (place(&stand, "backup"), place(&stand, "lost"));
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        back_up(&stand, &ledger, &lost, &key(1)).expect("backed up");
        std::fs::rename(&lost, place(&stand, "elsewhere")).expect("carried away");
        let erased = [erase(&mut stand, &mut ledger, 1)];
        let told = ledger.tell_folders(&erased).expect("told");
        let shown: Vec<_> = told
            .iter()
            .map(|one| (one.holds_keys, one.unreached.is_some(), one.seq))
            .collect();
        assert_eq!(shown, [(true, false, 7), (true, true, 7)]);
        let new = place(&stand, "new.db");
        let restored = bring_back(&to, &key(1), &new, None).expect("restored");
        assert_eq!((restored.seq, restored.recorded), (7, Some((1, 8))));
        assert_eq!(said_of(&open(&new), 1), [Said::Erased]);
        // A line that somebody added or changed is no erasure and no silence either.
        let list = to.join("erased.ndjson");
        let line = std::fs::read_to_string(&list).expect("a list");
        std::fs::write(&list, line.replace("\"subject\":1", "\"subject\":5")).expect("written");
        let refused = bring_back(&to, &key(1), &place(&stand, "x.db"), None);
        let refused = refused.expect_err("refused");
        assert!(matches!(
            refused,
            LedgerError::BrokenBackup {
                flaw: Flaw::Changed,
                ..
            }
        ));
        // The next backup takes it up, and its keys no longer open what was erased.
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        assert_eq!(std::fs::read(&list).expect("a list"), b"");
        let told = ledger.tell_folders(&erased).expect("told");
        let of_first = told
            .iter()
            .any(|one| !one.holds_keys && one.unreached.is_none());
        assert!(of_first);
        let now = bring_back(&to, &key(1), &place(&stand, "y.db"), None).expect("restored");
        assert_eq!((now.seq, now.recorded), (8, None));
    });
}

#[test]
fn a_subject_that_is_told_of_again_after_its_erasure_keeps_what_is_new() {
    both_stores(|mut stand| {
        let mut ledger = book(&mut stand, HashAlg::Sha256);
        let to = place(&stand, "backup");
        erase(&mut stand, &mut ledger, 1);
        let register = register_of(&ledger.pack(), "person");
        let deed = stand.deed("record");
        ledger
            .write(deed, Mode::Commit, |draft| {
                let mut fact = NewFact::new(register, 1, VILLAGE);
                fact.values = vec![(5, Value::from("新址"))];
                draft.assert(fact)
            })
            .expect("written");
        back_up(&stand, &ledger, &to, &key(1)).expect("backed up");
        let new = place(&stand, "new.db");
        let restored = bring_back(&to, &key(1), &new, None).expect("restored");
        assert_eq!((restored.seq, restored.recorded), (9, None));
        let again = open(&new);
        assert_eq!(dump(&again, &TABLES), dump(&ledger, &TABLES));
        let rows = dump(&again, &["r_person"]);
        assert!(rows.iter().any(|row| row.contains("新址")));
    });
}
