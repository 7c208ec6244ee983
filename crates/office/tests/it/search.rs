//! People and records looked for: by a part of a name, first letters, a whole number; masked, narrowed and refused.

use crate::desk::{Desk, Noon, actor};
use office::clock::SystemEntropy;
use office::{Office, OfficeError, SearchInput, SearchReport, Way};

const PEOPLE: &str = "户编号,姓名,性别,身份证号码,出生日期,联系电话,村（社区）\n\
    0001,王小明,男,511729198003074610,1980-03-07,13812345678,大石村\n\
    0001,李桂芳,女,511729198201010028,1982-01-01,,大石村\n\
    0002,赵建国,男,511729197505050016,1975-05-05,,青山村\n";

fn desk() -> Desk {
    let mut desk = Desk::new();
    let report = desk.take("常住人口信息表.csv", PEOPLE);
    assert!(report.took_something(), "{report:?}");
    desk
}

fn ask(office: &Office, words: &str) -> SearchReport {
    let input = SearchInput {
        words: words.to_owned(),
        ..SearchInput::default()
    };
    office.search(&input).expect("searched")
}

fn people(report: &SearchReport) -> Vec<(&str, &str)> {
    let hits = report.hits.iter().filter(|hit| hit.register == "person");
    hits.map(|hit| (hit.label.as_str(), hit.place.as_str()))
        .collect()
}

#[test]
fn a_person_is_found_by_part_by_letters_and_by_number() {
    let desk = desk();
    let office = &desk.office;
    assert_eq!(people(&ask(office, "小")), [("王小明", "大石村")]);
    assert_eq!(people(&ask(office, "lgf")), [("李桂芳", "大石村")]);
    let number = ask(office, "13812345678");
    assert_eq!(people(&number), [("王小明", "大石村")]);
    assert_eq!(
        (number.hits[0].way, number.hits[0].text.as_str()),
        (Way::Number, "")
    );
    assert_eq!(people(&ask(office, "1381234567")), []);
    // A place is a record too.
    assert!(
        ask(office, "青山")
            .hits
            .iter()
            .any(|hit| hit.register == "division")
    );
    assert_eq!(ask(office, "钱").hits, []);
}

#[test]
fn registers_and_places_narrow() {
    let desk = desk();
    let narrowed = |register: &str, within: Option<&str>| {
        desk.office.search(&SearchInput {
            words: "王".to_owned(),
            registers: vec![register.to_owned()],
            within: within.map(str::to_owned),
            limit: None,
        })
    };
    assert_eq!(narrowed("person", None).expect("searched").hits.len(), 1);
    assert_eq!(narrowed("household", None).expect("searched").hits.len(), 0);
    assert_eq!(
        narrowed("person", Some("大石村"))
            .expect("searched")
            .hits
            .len(),
        1
    );
    assert_eq!(
        narrowed("person", Some("青山村"))
            .expect("searched")
            .hits
            .len(),
        0
    );
    for refused in [narrowed("persn", None), narrowed("person", Some("没有村"))] {
        assert!(matches!(refused, Err(OfficeError::Asked(_))), "{refused:?}");
    }
}

#[test]
fn who_does_not_read_names_finds_nobody_by_them_and_nobody_else_asks() {
    let desk = desk();
    let ledger = desk.file("a.db-beside", "").with_file_name("a.db");
    drop(desk.reader());
    let open = |role| Office::open_read(&ledger, actor(Some(role)), Box::new(Noon), SystemEntropy);
    let reader = open("reader").expect("opens");
    let report = ask(&reader, "小明");
    assert_eq!(
        report.hits,
        [],
        "to look for a name would tell that it is there"
    );
    let refused = open("nobody")
        .expect("opens")
        .search(&SearchInput::default());
    assert!(matches!(refused, Err(OfficeError::NotAllowed(_))));
}
