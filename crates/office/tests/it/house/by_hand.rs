//! Record, correct, end, withdraw: what people write by hand, and what they are told.

use super::*;
use office::CorrectReport;
use vocabulary::FindingClass;

const ID: &str = "511729198507034323";

fn value(street: &Street, register: &str, record: i64, field: &str) -> String {
    let shown = street.desk().show(&show(register, record)).expect("shown");
    let mut values = shown.row.values.into_iter();
    let found = values.find(|value| value.field == field);
    found.expect("a field").shown
}

#[test]
fn values_are_read_as_people_write_them() {
    let street = Street::new();
    let input = [
        ("户编号", "H1"),
        ("kind", "普通"),
        ("年收入", "1,200.5元"),
        ("people", "３"),
        ("since", "2019.7"),
        ("head", " 张三 "),
    ];
    let record = street.put("household", NORTH, &input);
    let shown = street
        .desk()
        .show(&show("household", record))
        .expect("shown");
    assert_eq!(
        (shown.row.label.as_str(), &*shown.row.division_name),
        ("H1", "北村")
    );
    let values: Vec<&str> = shown.row.values.iter().map(|v| v.shown.as_str()).collect();
    assert_eq!(values, ["H1", "一般户", "1200.5", "3", "2019-07", "张三"]);
    // A code by its code too; a place by its name.
    let by_code = RecordInput {
        division: Some("南村".to_owned()),
        ..super::record("household", None, &[("number", "H2"), ("kind", "poor")])
    };
    let done = street.desk().record(&by_code).expect("written");
    assert_eq!(value(&street, "household", done.record, "kind"), "贫困户");
    assert!(street.desk().verify().expect("verified").is_sound());
}

#[test]
fn all_that_is_wrong_is_told_at_once_field_by_field() {
    let street = Street::new();
    let input = RecordInput {
        division: Some("西村".to_owned()),
        from: Some("昨天".to_owned()),
        ..record(
            "household",
            None,
            &[
                ("kind", "富户"),
                ("income", "很多"),
                ("colour", "红"),
                ("people", "1"),
                ("人数", "2"),
            ],
        )
    };
    let refused = street.desk().record(&input).expect_err("refused");
    let OfficeError::AskedAll(findings) = &refused else {
        panic!("{refused:?}");
    };
    let codes: Vec<&str> = findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(
        codes,
        ["O204", "O204", "O201", "O202", "O203", "O105", "O103"]
    );
    let fields: Vec<Option<&str>> = findings.iter().map(|f| f.field.as_deref()).collect();
    assert_eq!(
        fields[..5],
        [
            Some("kind"),
            Some("income"),
            Some("colour"),
            Some("people"),
            Some("number")
        ]
    );
    assert_eq!(
        said(&refused).lines().take(2).collect::<Vec<_>>(),
        [
            "O204 “户类型”写的“富户”读不出来",
            "O204 “年收入”写的“很多”读不出来"
        ]
    );
    assert!(
        street
            .desk()
            .records(&list("household"))
            .expect("read")
            .rows
            .is_empty()
    );
}

#[test]
fn what_is_there_is_named_and_not_written_twice() {
    let street = Street::new();
    let first = street.put("household", NORTH, &[("number", "H1")]);
    let again = record("household", Some(SOUTH), &[("number", "H1")]);
    let refused = street.desk().record(&again).expect_err("it is there");
    assert_eq!(
        said(&refused),
        format!("O210 “农户”里已经有这一条：第 {first} 号 H1")
    );
    let OfficeError::Asked(finding) = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        (finding.class, finding.record),
        (FindingClass::Duplicate, Some(first))
    );
    // To whom it lies out of sight it is only said that it is there.
    let mut south = street.office("李", Some("village"), &[SOUTH]);
    let hidden = south.record(&again).expect_err("it is there");
    assert!(said(&hidden).starts_with("O211 "), "{}", said(&hidden));
    let new = RecordInput { new: true, ..again };
    let second = street.desk().record(&new).expect("another").record;
    assert_ne!(first, second);

    let person = [("name", "张三"), ("birth", "1985-07")];
    let first = street.put("person", NORTH, &person);
    let again = record("person", Some(NORTH), &person);
    let refused = street.desk().record(&again).expect_err("the same person");
    assert_eq!(
        said(&refused),
        format!("O210 “人员”里已经有这一条：第 {first} 号 张三")
    );
    let new = RecordInput { new: true, ..again };
    let second = street.desk().record(&new).expect("a namesake").record;
    let several = street.desk().record(&RecordInput { new: false, ..new });
    let several = said(&several.expect_err("who is meant?"));
    assert_eq!(
        several,
        format!("O212 “人员”里有几条可能就是它：第 {first} 号 张三、第 {second} 号 张三")
    );
    assert!(street.desk().verify().expect("verified").is_sound());
}

#[test]
fn a_number_tells_birth_and_sex_and_belongs_to_one() {
    let street = Street::new();
    let number = id_number("19850703");
    let person = [("name", "张三"), ("id_number", number.as_str())];
    let record = street.put("person", NORTH, &person);
    assert_eq!(value(&street, "person", record, "birth"), "1985-07-03");
    let other = super::record(
        "person",
        Some(SOUTH),
        &[("name", "李四"), ("id_number", &number)],
    );
    let other = RecordInput { new: true, ..other };
    let refused = said(&street.desk().record(&other).expect_err("it is his"));
    assert!(refused.starts_with("O210 "), "{refused}");
    let at_odds = [
        ("name", "王五"),
        ("id_number", &*id_number("19900101")),
        ("birth", "1991-01"),
    ];
    let refused = said(
        &street
            .desk()
            .record(&super::record("person", None, &at_odds))
            .expect_err("one is wrong"),
    );
    assert_eq!(refused, "O206 “出生年月”与身份证号里的不一致");
    let broken = super::record("person", None, &[("name", "王五"), ("id_number", ID)]);
    let refused = said(&street.desk().record(&broken).expect_err("no such number"));
    assert!(refused.starts_with("O204 “身份证号”"), "{refused}");
}

fn id_number(birth: &str) -> String {
    let digits = format!("511729{birth}011");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digit = |d: u8| usize::from(d - b'0');
    let sum: usize = digits.bytes().zip(weights).map(|(d, w)| digit(d) * w).sum();
    format!("{digits}{}", char::from(b"10X98765432"[sum % 11]))
}

fn based(
    street: &Street,
    record: i64,
    name: &str,
    values: &[(&str, &str)],
    on: i64,
) -> CorrectReport {
    let input = CorrectInput {
        based_on: Some(on),
        ..correct("household", record, values)
    };
    let mut office = street.office(name, Some("clerk"), &[]);
    office
        .correct(&input)
        .unwrap_or_else(|error| panic!("{}", said(&error)))
}

#[test]
fn what_two_correct_at_once_is_told_and_nothing_is_lost() {
    let street = Street::new();
    let values = [("number", "H1"), ("income", "100"), ("people", "3")];
    let record = street.put("household", NORTH, &values);
    let seen = street
        .desk()
        .show(&show("household", record))
        .expect("shown")
        .row
        .tx;

    let first = based(&street, record, "甲", &[("income", "200")], seen);
    assert_eq!(
        (
            first.changes.len(),
            first.parallel.len(),
            first.conflicting.len()
        ),
        (1, 0, 0)
    );
    assert_eq!(
        (
            first.changes[0].before.as_str(),
            first.changes[0].after.as_str()
        ),
        ("100", "200")
    );

    // Another field: both stand, and the second is told.
    let second = based(&street, record, "乙", &[("people", "4")], seen);
    assert_eq!(second.conflicting, []);
    let told = &second.parallel[0];
    assert_eq!(
        (
            told.field.as_str(),
            &*told.seen,
            &*told.theirs,
            told.mine.as_deref(),
            &*told.actor
        ),
        ("income", "100", "200", None, "甲")
    );

    // The same field: the correction counts, and the other value waits for a decision.
    let third = based(&street, record, "丙", &[("income", "300")], seen);
    let told = &third.conflicting[0];
    assert_eq!(
        (
            told.seen.as_str(),
            &*told.theirs,
            told.mine.as_deref(),
            &*told.actor,
            Some(told.tx)
        ),
        ("100", "200", Some("300"), "甲", first.tx)
    );
    assert_eq!(
        third.parallel.iter().map(|c| &*c.field).collect::<Vec<_>>(),
        ["people"]
    );
    assert_eq!(value(&street, "household", record, "income"), "300");
    let open = street
        .desk()
        .check(&ask("2023-01-05"))
        .expect("checked")
        .findings;
    let kept = open
        .iter()
        .find(|finding| finding.code == "O219")
        .expect("it is kept");
    assert_eq!(kept.class, FindingClass::Contradictory);
    assert_eq!(kept.id, told.finding);
    assert!(
        kept.said.contains("改为“300”") && kept.said.contains("改为“200”"),
        "{}",
        kept.said
    );

    // Who says the same as the other is at odds with nobody.
    let same = based(
        &street,
        record,
        "丁",
        &[("income", "300"), ("people", "5")],
        seen,
    );
    assert_eq!(
        same.conflicting
            .iter()
            .map(|c| &*c.field)
            .collect::<Vec<_>>(),
        ["people"]
    );

    // The decision takes what the other said.
    let settle = office::SettleInput {
        finding: told.finding.expect("a number").to_string(),
        take: Some(format!("甲 {}", told.at)),
        why: Some("已核对".to_owned()),
        ..office::SettleInput::default()
    };
    let settled = street.desk().settle(&settle);
    settled.unwrap_or_else(|error| panic!("{}", said(&error)));
    assert_eq!(value(&street, "household", record, "income"), "200");
    let history = street
        .desk()
        .history("household", &record.to_string())
        .expect("told");
    assert!(
        history.events.len() >= 5,
        "everything anybody said is there"
    );
    assert!(street.desk().verify().expect("verified").is_sound());
}

#[test]
fn a_correction_of_nothing_and_on_nothing_is_refused() {
    let street = Street::new();
    let record = street.put("household", NORTH, &[("number", "H1"), ("people", "3")]);
    let check = |input: CorrectInput, expected: &str| {
        let refused = said(&street.desk().correct(&input).expect_err("refused"));
        assert_eq!(refused, expected);
    };
    check(
        correct("household", record, &[("people", "3")]),
        "O217 “H1”现在就是这样，没有要改的",
    );
    check(
        correct("household", 999, &[("people", "3")]),
        "O108 台账“household”里没有第 999 号记录",
    );
    let later = CorrectInput {
        based_on: Some(500),
        ..correct("household", record, &[("people", "4")])
    };
    check(later, "O215 依据的第 500 笔账不存在");
    check(
        correct("finding", record, &[("code", "x")]),
        "O200 “发现”是系统自己的台账，不能手工登记",
    );
    // What is known may become unknown.
    let unknown = correct("household", record, &[("people", "")]);
    street.desk().correct(&unknown).expect("corrected");
    assert_eq!(value(&street, "household", record, "people"), "");
}

#[test]
fn what_ends_is_there_until_the_day_before() {
    let street = Street::new();
    let record = street.put("household", NORTH, &[("number", "H1")]);
    let end = street.desk().end(&ended("household", record, "2022-06-01"));
    assert_eq!(end.expect("ended").label, "H1");
    let at = |day: &str| {
        let input = ShowInput {
            ask: ask(day),
            ..show("household", record)
        };
        street.desk().show(&input).is_ok()
    };
    assert_eq!((at("2022-05-31"), at("2022-06-01")), (true, false));
    let again = street.desk().end(&ended("household", record, "2022-07-01"));
    assert_eq!(
        said(&again.expect_err("refused")),
        "O220 “H1”在 2022-07-01 之前就已经终止了"
    );
}

#[test]
fn a_statement_is_taken_back_after_a_look() {
    let street = Street::new();
    let record = street.put("household", NORTH, &[("number", "H1"), ("people", "3")]);
    let corrected = street
        .desk()
        .correct(&correct("household", record, &[("people", "9")]));
    let fact = format!("{}:0", corrected.expect("corrected").tx.expect("written"));
    let look = street
        .desk()
        .withdraw(&withdrawn("household", record, fact.clone(), false));
    let look = look.expect("looked");
    let change = &look.changes[0];
    assert_eq!(
        (&*change.field, &*change.before, &*change.after),
        ("人数", "9", "3")
    );
    assert_eq!((look.gone, look.tx), (false, None));
    assert_eq!(value(&street, "household", record, "people"), "9");
    let done = street
        .desk()
        .withdraw(&withdrawn("household", record, fact.clone(), true));
    assert!(done.expect("written").tx.is_some());
    assert_eq!(value(&street, "household", record, "people"), "3");
    let again = street
        .desk()
        .withdraw(&withdrawn("household", record, fact, true));
    assert!(said(&again.expect_err("refused")).starts_with("O224 "));
    let unknown = street
        .desk()
        .withdraw(&withdrawn("household", record, "1:0".to_owned(), true));
    assert!(said(&unknown.expect_err("refused")).starts_with("O223 "));
    assert!(street.desk().verify().expect("verified").is_sound());
}

#[test]
fn a_request_repeated_is_answered_and_another_under_its_id_refused() {
    let street = Street::new();
    let input = record(
        "household",
        Some(NORTH),
        &[("number", "H1"), ("people", "3")],
    );
    let ask = |input: &RecordInput| {
        let office = street.desk().with_client_id("phone-7".to_owned());
        { office }.record(input)
    };
    let first = ask(&input).expect("written");
    let again = ask(&input).expect("answered");
    assert_eq!((first.repeated, again.repeated), (false, true));
    assert_eq!(
        (first.record, first.tx, &first.label),
        (again.record, again.tx, &again.label)
    );
    let other = record(
        "household",
        Some(NORTH),
        &[("number", "H1"), ("people", "4")],
    );
    let refused = said(&ask(&other).expect_err("something else"));
    assert_eq!(
        refused,
        "L037 请求编号 phone-7 以前用过，那次办的不是同一件事；这次没有记下"
    );
    assert_eq!(
        street
            .desk()
            .records(&list("household"))
            .expect("read")
            .rows
            .len(),
        1
    );
}

#[test]
fn nobody_writes_beyond_their_places_and_registers() {
    let street = Street::new();
    let north = street.put("household", NORTH, &[("number", "H1"), ("people", "3")]);
    let south = street.put("household", SOUTH, &[("number", "H2"), ("people", "3")]);
    let village = || street.office("李", Some("village"), &[SOUTH]);
    let check = |done: Result<(), OfficeError>, expected: &str| {
        assert_eq!(said(&done.expect_err("refused")), expected);
    };
    let lost = format!("O108 台账“household”里没有第 {north} 号记录");
    check(
        village()
            .correct(&correct("household", north, &[("people", "4")]))
            .map(|_| ()),
        &lost,
    );
    check(
        village()
            .end(&ended("household", north, "2022-06-01"))
            .map(|_| ()),
        &lost,
    );
    check(
        village()
            .withdraw(&withdrawn("household", north, "3:0".to_owned(), true))
            .map(|_| ()),
        &lost,
    );
    check(
        village()
            .record(&record("household", Some(NORTH), &[("number", "H3")]))
            .map(|_| ()),
        "O105 没有区划“511729102200”",
    );
    let away = CorrectInput {
        division: Some("北村".to_owned()),
        ..correct("household", south, &[])
    };
    check(village().correct(&away).map(|_| ()), "O105 没有区划“北村”");
    let refused = village().record(&record("seat", Some(SOUTH), &[("post", "主任")]));
    assert!(said(&refused.expect_err("refused")).starts_with("O107 没有台账“seat”"));
    // Without a place the record belongs where the actor acts.
    let own = village()
        .record(&record("household", None, &[("number", "H4")]))
        .expect("written");
    let row = street
        .desk()
        .show(&show("household", own.record))
        .expect("shown")
        .row;
    assert_eq!(row.division, SOUTH);
    let mut two = street.office("李", Some("village"), &[SOUTH, EAST]);
    let refused = two.record(&record("household", None, &[("number", "H5")]));
    assert!(said(&refused.expect_err("refused")).starts_with("O222 "));
    // Who only counts writes nothing.
    let mut counter = street.office("王", Some("counter"), &[]);
    let refused = counter.record(&record("household", None, &[("number", "H6")]));
    assert!(matches!(refused, Err(OfficeError::NotAllowed(_))));
}
