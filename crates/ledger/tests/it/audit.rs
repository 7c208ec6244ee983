//! Who read and wrote what: in the same transaction, found again, never taken back.

use ledger::{AuditAsk, AuditLine, By, HashAlg, Ledger, LedgerError, Mode, NewFact, Outcome};
use testkit::{Stand, both_stores, register_of};
use vocabulary::{Moment, RecordId, Value};

/// Enters somebody by hand, as an account in a role from an address.
fn enter(ledger: &mut Ledger, stand: &mut Stand, name: &str) -> (RecordId, i64) {
    let person = register_of(&ledger.pack(), "person");
    let mut deed = stand.deed("record");
    deed.why = Some("新迁入".to_owned());
    deed.by = By {
        account: Some(7),
        role: Some("clerk".to_owned()),
        address: Some("10.0.0.7".to_owned()),
    };
    let written = ledger.write(deed, Mode::Commit, |draft| {
        let record = draft.new_record();
        let mut fact = NewFact::new(person, record, 511_000_000_001);
        fact.values = vec![(0, Value::from(name))];
        draft.assert(fact)?;
        Ok::<_, LedgerError>(record)
    });
    let (record, receipt) = written.expect("written");
    (record.expect("run"), receipt.seq)
}

#[test]
fn every_transaction_says_who_did_what_to_which_record_from_where() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let (record, tx) = enter(&mut ledger, &mut stand, "张三");
        let reader = ledger.reader().expect("a reader");
        let lines = reader.audit(&AuditAsk::default(), 10).expect("read");
        let deeds: Vec<&str> = lines.iter().map(|one| one.line.deed.as_str()).collect();
        assert_eq!(deeds, ["record", "init"]);
        assert_eq!(lines[0].tx, tx);
        assert_eq!(lines[0].client_id, "deed-1");
        assert_eq!(
            lines[0].line,
            AuditLine {
                deed: "record".to_owned(),
                actor: "test".to_owned(),
                why: Some("新迁入".to_owned()),
                account: Some(7),
                role: Some("clerk".to_owned()),
                register: Some("person".to_owned()),
                record: Some(record),
                division: Some(511_000_000_001),
                field: None,
                outcome: Outcome::Done,
                address: Some("10.0.0.7".to_owned()),
            }
        );
    });
}

#[test]
fn a_line_is_found_by_whatever_it_says() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let (first, _) = enter(&mut ledger, &mut stand, "张三");
        let (second, tx) = enter(&mut ledger, &mut stand, "李四");
        let deed = stand.deed("reads");
        let refused = AuditLine {
            deed: "history".to_owned(),
            actor: "周婷婷".to_owned(),
            register: Some("person".to_owned()),
            record: Some(first),
            outcome: Outcome::Refused,
            ..AuditLine::default()
        };
        let write = ledger.write(deed, Mode::Commit, |draft| draft.audit(&refused));
        write.expect("written");
        let reader = ledger.reader().expect("a reader");
        let count = |ask: AuditAsk| reader.audit(&ask, 10).expect("read").len();
        let any = AuditAsk::default;
        assert_eq!(count(any()), 5);
        assert_eq!(
            count(AuditAsk {
                record: Some(first),
                ..any()
            }),
            2
        );
        assert_eq!(
            count(AuditAsk {
                record: Some(second),
                ..any()
            }),
            1
        );
        assert_eq!(
            count(AuditAsk {
                deed: Some("record".into()),
                ..any()
            }),
            2
        );
        assert_eq!(
            count(AuditAsk {
                account: Some(7),
                ..any()
            }),
            2
        );
        assert_eq!(
            count(AuditAsk {
                actor: Some("周婷婷".into()),
                ..any()
            }),
            1
        );
        assert_eq!(
            count(AuditAsk {
                outcome: Some(Outcome::Refused),
                ..any()
            }),
            1
        );
        assert_eq!(
            count(AuditAsk {
                address: Some("10.0.0.7".into()),
                ..any()
            }),
            2
        );
        assert_eq!(
            count(AuditAsk {
                register: Some("person".into()),
                ..any()
            }),
            3
        );
        let lines = reader.audit(&any(), 10).expect("read");
        let when = lines.iter().find(|one| one.tx == tx).expect("there").at;
        assert_eq!(
            count(AuditAsk {
                from: Some(when),
                ..any()
            }),
            3
        );
        assert_eq!(
            count(AuditAsk {
                until: Some(when),
                ..any()
            }),
            2
        );
        assert_eq!(
            count(AuditAsk {
                from: Some(Moment(i64::MAX)),
                ..any()
            }),
            0
        );
        let page = AuditAsk {
            before: Some((lines[1].tx, lines[1].ord)),
            ..any()
        };
        assert_eq!(reader.audit(&page, 2).expect("read"), lines[2..4]);
        let mut all = Vec::new();
        reader
            .audit_each(&any(), &mut |line| all.push(line))
            .expect("read");
        all.reverse();
        assert_eq!(all, lines);
    });
}

#[test]
fn what_is_taken_back_was_done_all_the_same() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        let (_, tx) = enter(&mut ledger, &mut stand, "张三");
        let deed = stand.deed("undo");
        let undone = ledger.write(deed, Mode::Commit, |draft| draft.withdraw(tx, None));
        undone.expect("undone");
        let before = ledger
            .reader()
            .expect("a reader")
            .audit(&AuditAsk::default(), 10)
            .expect("read");
        assert_eq!(before.len(), 3);
        let deed = stand.deed("rebuild");
        let rebuilt = ledger.write(deed, Mode::Commit, |draft| draft.rebuild());
        rebuilt.expect("rebuilt");
        let reader = ledger.reader().expect("a reader");
        let after = reader.audit(&AuditAsk::default(), 10).expect("read");
        assert_eq!(after[1..], before);
        let verified = reader.verify().expect("verified");
        assert!(verified.is_sound(), "{verified:?}");
        assert_eq!(verified.rows["audit"], 4);
    });
}

#[test]
fn a_deed_whose_line_cannot_be_written_does_not_happen() {
    both_stores(|mut stand| {
        let mut ledger = stand.create(HashAlg::Sha256);
        {
            use ledger::store::Store;
            let store = ledger::store::sqlite::Sqlite::open(&stand.path()).expect("the store");
            store
                .batch("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
                .expect("a trigger");
        }
        let person = register_of(&ledger.pack(), "person");
        let deed = stand.deed("record");
        let written = ledger.write(deed, Mode::Commit, |draft| {
            let record = draft.new_record();
            draft.assert(NewFact::new(person, record, 7))
        });
        assert!(written.is_err());
        let mut people = 0;
        let reader = ledger.reader().expect("a reader");
        reader
            .each("person", &mut |_, _| people += 1)
            .expect("read");
        assert_eq!(people, 0);
    });
}
