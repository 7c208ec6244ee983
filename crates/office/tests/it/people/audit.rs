//! What is written down: who, what, when, why, from where, what became of it.

use super::{BETTER, GOOD, Town};
use office::{
    Actor, AuditInput, GATHERED_MAX, OfficeError, Outcome, PasswordPolicy, Read, audit_csv,
};

fn lines(town: &Town, input: AuditInput) -> Vec<String> {
    let report = town.office.audit(&input).expect("searched");
    report
        .lines
        .iter()
        .map(|one| {
            let line = &one.line;
            format!("{} {} {}", line.deed, line.actor, line.outcome.word())
        })
        .collect()
}

fn of(deed: &str) -> AuditInput {
    AuditInput {
        deed: Some(deed.to_owned()),
        ..AuditInput::default()
    }
}

#[test]
fn every_sign_in_is_written_down_and_what_was_typed_is_not() {
    let mut town = Town::with_chen(PasswordPolicy::Asvs);
    town.sign_in("chen", BETTER).expect_err("wrong");
    town.sign_in(GOOD, "x")
        .expect_err("a password where the name belongs");
    let chen = town.sign_in("chen", GOOD).expect("in");
    town.office.sign_out(&town.gate, &chen.token).expect("out");
    town.root();
    assert_eq!(
        lines(&town, of("sign_in")),
        [
            "sign_in chen done",
            "sign_in ? failed",
            "sign_in chen failed"
        ]
    );
    assert_eq!(lines(&town, of("sign_out")), ["sign_out chen done"]);
    let report = town.office.audit(&of("sign_in")).expect("searched");
    let line = &report.lines[0].line;
    assert_eq!(line.account, Some(chen.session.account));
    assert_eq!(line.role.as_deref(), Some("clerk"));
    assert_eq!(line.address.as_deref(), Some("10.0.0.7"));
    let all = town.office.audit(&AuditInput::default()).expect("searched");
    assert!(all.lines.iter().all(|one| !audit_csv(one).contains(GOOD)));
}

#[test]
fn each_deed_about_people_is_one_line_about_the_account() {
    let mut town = Town::with_chen(PasswordPolicy::Asvs);
    town.office
        .person_lock("chen", Some("长假"))
        .expect("locked");
    town.office.person_unlock("chen", None).expect("unlocked");
    town.office.person_link("chen").expect("a link");
    let account = town.office.people().expect("people")[0].account.record;
    let input = AuditInput {
        register: Some("account".to_owned()),
        record: Some(account.to_string()),
        ..AuditInput::default()
    };
    assert_eq!(
        lines(&town, input.clone()),
        [
            "person_link root done",
            "person_unlock root done",
            "person_lock root done",
            "person_grant root done",
            "redeem chen done",
            "person_add root done",
        ]
    );
    let report = town.office.audit(&input).expect("searched");
    assert_eq!(report.lines[2].line.why.as_deref(), Some("长假"));
    assert_eq!(report.lines[3].line.field.as_deref(), Some("clerk"));
}

fn read(record: i64) -> Read {
    Read {
        register: Some("person".to_owned()),
        record: Some(record),
        ..Read::of("history")
    }
}

#[test]
fn an_opening_an_export_and_a_refusal_are_in_the_book_before_the_answer() {
    let mut town = Town::with_chen(PasswordPolicy::Asvs);
    town.office.acts(Actor {
        name: "chen".to_owned(),
        address: Some("10.0.0.7".to_owned()),
        ..Actor::default()
    });
    let opened = Read {
        opened: Some("id_number,phone".to_owned()),
        why: Some("核对低保".to_owned()),
        ..read(12)
    };
    let export = Read {
        at_once: true,
        ..Read::of("export")
    };
    for one in [opened, export, read(13).refused()] {
        town.office.audit_read(&town.gate, &one).expect("written");
    }
    town.office
        .audit_read(&town.gate, &read(14))
        .expect("gathered");
    town.root();
    assert_eq!(
        lines(
            &town,
            AuditInput {
                actor: Some("chen".to_owned()),
                limit: Some(3),
                ..AuditInput::default()
            }
        ),
        [
            "history chen refused",
            "export chen done",
            "history chen done"
        ]
    );
    let input = AuditInput {
        record: Some("12".to_owned()),
        ..AuditInput::default()
    };
    let one = &town.office.audit(&input).expect("searched").lines[0].line;
    assert_eq!(one.field.as_deref(), Some("id_number,phone"));
    assert_eq!(one.why.as_deref(), Some("核对低保"));
    assert_eq!(one.outcome, Outcome::Done);
}

#[test]
fn ordinary_reads_are_one_deed_when_asked_or_when_many_wait() {
    let mut town = Town::with_chen(PasswordPolicy::Asvs);
    let begin = town
        .office
        .audit(&AuditInput::default())
        .expect("searched")
        .lines[0]
        .tx;
    for record in 1..5 {
        town.office
            .audit_read(&town.gate, &read(record))
            .expect("gathered");
        town.office
            .audit_read(&town.gate, &read(record))
            .expect("the same again");
    }
    assert_eq!(lines(&town, of("history")).len(), 0);
    assert_eq!(town.office.audit_flush(&town.gate).expect("written"), 4);
    assert_eq!(
        town.office.audit_flush(&town.gate).expect("nothing waits"),
        0
    );
    assert_eq!(lines(&town, of("history")).len(), 4);
    for record in 0..i64::try_from(GATHERED_MAX).expect("small") {
        town.office
            .audit_read(&town.gate, &read(100 + record))
            .expect("gathered");
    }
    assert_eq!(
        lines(
            &town,
            AuditInput {
                limit: Some(10_000),
                ..of("history")
            }
        )
        .len(),
        GATHERED_MAX + 4
    );
    let end = town
        .office
        .audit(&AuditInput::default())
        .expect("searched")
        .lines[0]
        .tx;
    assert_eq!(end, begin + 2, "two transactions");
}

#[test]
fn what_cannot_be_written_down_is_not_answered() {
    let mut town = Town::with_chen(PasswordPolicy::Asvs);
    let chen = town.sign_in("chen", GOOD).expect("in");
    {
        use ledger::store::Store;
        let store = ledger::store::sqlite::Sqlite::open(&town.ledger()).expect("the store");
        let full =
            "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END";
        store.batch(full).expect("a trigger");
    }
    let people = town.gate.sessions().len();
    assert!(matches!(
        town.sign_in("chen", GOOD),
        Err(OfficeError::Ledger(_))
    ));
    assert_eq!(town.gate.sessions().len(), people, "nobody is let in");
    assert!(town.change(&chen.token, GOOD, BETTER).is_err());
    assert!(town.office.person_lock("chen", None).is_err());
    let opened = Read {
        opened: Some("phone".to_owned()),
        ..read(1)
    };
    assert!(town.office.audit_read(&town.gate, &opened).is_err());
    for record in 1..i64::try_from(GATHERED_MAX).expect("small") {
        town.office
            .audit_read(&town.gate, &read(record))
            .expect("room to wait");
    }
    for record in 1000..1003 {
        let error = town.office.audit_read(&town.gate, &read(record));
        assert!(error.is_err(), "as many as may wait do");
    }
}

#[test]
fn pages_follow_each_other_and_days_are_days_in_china() {
    let mut town = Town::with_chen(PasswordPolicy::Asvs);
    for _ in 0..7 {
        town.turn(86_400);
        let chen = town.sign_in("chen", GOOD).expect("in");
        town.office.sign_out(&town.gate, &chen.token).expect("out");
        town.root();
    }
    let mut input = AuditInput {
        limit: Some(3),
        ..of("sign_in")
    };
    let mut seen = Vec::new();
    loop {
        let report = town.office.audit(&input).expect("searched");
        seen.extend(report.lines.iter().map(|one| one.at));
        match report.next {
            Some(next) => input.before = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted_by(|a, b| a > b));
    let day = |from: &str, to: &str| AuditInput {
        from: Some(from.to_owned()),
        to: Some(to.to_owned()),
        ..of("sign_in")
    };
    // The clock stands at eight in the morning in China.
    assert_eq!(lines(&town, day("2023-01-06", "2023-01-06")).len(), 1);
    assert_eq!(lines(&town, day("2023-01-06", "2023-01-08")).len(), 3);
    assert_eq!(
        lines(&town, day("2023-01-06T00:00:01Z", "2023-01-08")).len(),
        2
    );
    let mut count = 0;
    let all = town.office.audit_each(&of("sign_in"), &mut |_| count += 1);
    assert_eq!((all.expect("handed out"), count), (7, 7));
    for wrong in [
        AuditInput {
            from: Some("gestern".to_owned()),
            ..AuditInput::default()
        },
        AuditInput {
            outcome: Some("good".to_owned()),
            ..AuditInput::default()
        },
        AuditInput {
            record: Some("x".to_owned()),
            ..AuditInput::default()
        },
        AuditInput {
            before: Some("7".to_owned()),
            ..AuditInput::default()
        },
    ] {
        super::asked(town.office.audit(&wrong));
    }
}
