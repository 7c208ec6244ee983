//! Somebody leaves the book by law: previewed, agreed by a second person, for ever.

use crate::desk::Desk;
use office::{EraseInput, EraseReport, OfficeError, Who};
use std::path::PathBuf;

/// One resident with a valid number, one of the same name without, a household, and cells that cannot be read.
const RESIDENTS: &str = "常住人口信息表\n村,户编号,姓名,性别,身份证号,出生年月,电话\n\
    大石村,H1,邓映雪,女,51172919850703038X,,13800138000\n\
    大石村,H1,邓小满,男,,2010.13,\n\
    青山村,H2,邓映雪,女,,1990.02,\n";
const SEATS: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,身份证号,职务\n\
    大石村,邓映雪,女,51172919850703038X,村党支部书记\n";

fn erase(desk: &mut Desk, who: Who, commit: bool) -> Result<EraseReport, OfficeError> {
    desk.office.erase(&EraseInput {
        register: "person".to_owned(),
        who,
        basis: "本人书面申请，个人信息保护法第四十七条".to_owned(),
        approver: "李主任".to_owned(),
        commit,
    })
}

fn number(n: i64) -> Who {
    Who::Number(n.to_string())
}

fn by_id(value: &str) -> Who {
    Who::Value {
        field: "身份证号".to_owned(),
        value: value.to_owned(),
    }
}

fn codes<T: std::fmt::Debug>(result: Result<T, OfficeError>) -> Vec<String> {
    match result {
        Err(OfficeError::Asked(finding)) => vec![finding.code.clone()],
        Err(OfficeError::AskedAll(all)) => all.into_iter().map(|finding| finding.code).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

/// Every file of the book, in bytes.
fn book(desk: &Desk) -> Vec<u8> {
    let ledger: PathBuf = desk.file("x", "").with_file_name("a.db");
    ["a.db", "a.db-wal", "a.db-shm"]
        .iter()
        .flat_map(|name| std::fs::read(ledger.with_file_name(name)).unwrap_or_default())
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[test]
fn a_preview_says_what_goes_and_what_stays() {
    let mut desk = Desk::new();
    desk.take("人口.csv", RESIDENTS);
    desk.take("两委.csv", SEATS);
    let seen = erase(&mut desk, by_id(" 511729 19850703 038x"), false).expect("previewed");
    assert_eq!(seen.label, "邓映雪");
    assert_eq!(seen.namesakes.len(), 1, "{seen:#?}");
    assert_eq!(seen.files, ["两委.csv", "人口.csv"]);
    let person = &seen.destroyed[0];
    assert_eq!((person.register.as_str(), person.records), ("person", 1));
    for title in ["姓名", "身份证号", "出生年月", "性别", "电话"] {
        assert!(person.fields.iter().any(|f| f == title), "{person:?}");
    }
    assert_eq!(seen.referring[0].register, "seat");
    assert!(seen.tx.is_none() && seen.wiped.is_none());
    assert_eq!(desk.figure("person.all", "2022-12-31"), "3");
    assert!(holds(&book(&desk), "邓映雪"), "a preview destroys nothing");
    desk.verified();
}

#[test]
fn what_is_erased_is_gone_and_the_book_stays_whole() {
    let mut desk = Desk::new();
    desk.take("人口.csv", RESIDENTS);
    desk.take("两委.csv", SEATS);
    let seen = erase(&mut desk, by_id("51172919850703038X"), false).expect("previewed");
    let namesake = seen.namesakes[0];
    let done = erase(&mut desk, number(seen.record), true).expect("erased");
    assert_eq!(done.wiped, Some(true));
    desk.verified();
    let other = erase(&mut desk, number(namesake), true).expect("erased");
    assert!(
        other.namesakes.is_empty() && other.elsewhere.is_empty(),
        "{other:#?}"
    );
    assert!(!holds(&book(&desk), "邓映雪"));
    assert!(holds(&book(&desk), "邓小满"), "nobody else is touched");
    assert_eq!(
        desk.figure("person.all", "2022-12-31"),
        "3",
        "he still counts"
    );
    desk.verified();
    assert_eq!(codes(erase(&mut desk, number(seen.record), true)), ["O164"]);
    assert_eq!(
        codes(erase(&mut desk, by_id("51172919850703038X"), true)),
        ["O161"]
    );
}

#[test]
fn a_finding_about_the_person_loses_its_sentence_and_is_closed() {
    let mut desk = Desk::new();
    desk.take("人口.csv", RESIDENTS);
    let ask = office::AskInput::default();
    let open = desk.office.check(&ask).expect("checked").findings;
    let birth = open.iter().find(|f| f.said.contains("2010.13"));
    assert!(birth.is_some(), "{open:#?}");
    let child = desk
        .reader()
        .find("person", "name", &"邓小满".into())
        .expect("read")[0];
    let done = erase(&mut desk, number(child), true).expect("erased");
    assert_eq!(done.findings, (1, 1), "{done:#?}");
    assert!(!holds(&book(&desk), "2010.13") && !holds(&book(&desk), "邓小满"));
    let open = desk.office.check(&ask).expect("checked").findings;
    assert!(
        !open.iter().any(|f| f.cell.as_deref() == Some("F4")),
        "nothing is left to decide"
    );
    desk.verified();
}

#[test]
fn a_person_seen_again_after_an_undo_goes_under_every_number() {
    let mut desk = Desk::new();
    desk.take("人口.csv", RESIDENTS);
    let first = desk.office.undo_list().expect("listed")[0].tx.to_string();
    desk.undo(&first, true).expect("undone");
    desk.take("人口.csv", RESIDENTS);
    let seen = erase(&mut desk, by_id("51172919850703038X"), true).expect("erased");
    assert_eq!(seen.also.len(), 1, "the number he had before the undo");
    desk.verified();
    // The undo of an import whose person is erased, and its undoing, move no commitment.
    let again = desk.office.undo_list().expect("listed")[0].tx.to_string();
    desk.undo(&again, true).expect("undone");
    desk.verified();
    assert!(!holds(&book(&desk), "13800138000"));
}

#[test]
fn two_persons_and_a_ground_are_needed() {
    let mut desk = Desk::new();
    desk.take("人口.csv", RESIDENTS);
    let person = desk
        .reader()
        .find("person", "name", &"邓小满".into())
        .expect("read")[0];
    let mut with = |basis: &str, approver: &str, commit: bool| {
        desk.office.erase(&EraseInput {
            register: "person".to_owned(),
            who: number(person),
            basis: basis.to_owned(),
            approver: approver.to_owned(),
            commit,
        })
    };
    assert_eq!(codes(with("", "", true)), ["O165", "O166"]);
    assert_eq!(codes(with("申请", "周 婷婷", true)), ["O167"], "the actor");
    assert_eq!(codes(with("邓小满申请", "李主任", true)), ["O169"]);
    assert_eq!(codes(with("51172919850703038X", "李主任", true)), ["O169"]);
    assert_eq!(codes(with(&"申".repeat(501), "李主任", true)), ["O168"]);
    assert!(
        with(&"申".repeat(500), "李主任", false).is_ok(),
        "as long as may be"
    );
    assert!(with("", "", false).is_ok(), "a preview needs no ground yet");
}

#[test]
fn what_cannot_be_erased_says_why() {
    let mut desk = Desk::new();
    desk.take("两委.csv", SEATS);
    let person = desk
        .reader()
        .find("person", "name", &"邓映雪".into())
        .expect("read")[0];
    let seat = desk
        .reader()
        .all("seat")
        .expect("read")
        .next()
        .expect("one")
        .0;
    let mut of = |register: &str, who: Who| {
        desk.office.erase(&EraseInput {
            register: register.to_owned(),
            who,
            ..EraseInput::default()
        })
    };
    assert_eq!(codes(of("persn", number(1))), ["O107"]);
    assert_eq!(codes(of("person", number(999))), ["O108"]);
    assert_eq!(codes(of("person", Who::Number("七".to_owned()))), ["O108"]);
    let refused = of("seat", number(seat));
    let Err(OfficeError::Asked(finding)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(finding.code, "O163");
    assert!(
        finding.next.contains(&format!("person {person}")),
        "{finding:?}"
    );
    let nothing = Who::Value {
        field: "没有".to_owned(),
        value: "1".to_owned(),
    };
    assert_eq!(codes(of("person", nothing)), ["O160"]);
}
