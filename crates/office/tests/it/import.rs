//! What an import takes, refuses and remembers.

use crate::desk::{Desk, count, findings};
use office::ImportInput;
use vocabulary::FindingClass;

const COMMITTEE: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,职务,常职,任职时间\n\
    大石村,田平中,男,1977.04,村党支部书记,√,2019.02\n,袁香容,女,1972.02,村委会主任,√,2021.03\n\
    ,空缺,,,村委会委员,,\n青山村,韩礼安,男,1981.11,村党支部书记,√,2021.02\n";

#[test]
fn a_preview_changes_nothing() {
    let mut desk = Desk::new();
    let preview = desk.import("a.csv", COMMITTEE, false);
    assert_eq!(preview.files[0].sheets[0].new, 4);
    assert_eq!(preview.files[0].tx, None);
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "null");
    let taken = desk.take("a.csv", COMMITTEE);
    assert_eq!(taken.files[0].sheets[0].new, 4);
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
    desk.verified();
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut desk = Desk::new();
    desk.take("a.csv", COMMITTEE);
    let again = desk.take("a.csv", COMMITTEE);
    let sheet = &again.files[0].sheets[0];
    assert_eq!(
        (sheet.new, sheet.changed, sheet.unchanged),
        (0, 0, 4),
        "{:?}",
        sheet.findings
    );
    assert_eq!(
        again.files[0].tx, None,
        "a file that says nothing new writes nothing"
    );
}

#[test]
fn a_newer_roster_ends_who_is_missing_and_an_older_one_fills_the_past() {
    let newer = "村“两委”干部花名册（2023年6月）\n村,姓名,性别,出生年月,职务\n\
        大石村,田平中,男,1977.04,村党支部书记\n青山村,韩礼安,男,1981.11,村党支部书记\n";
    for order in [[COMMITTEE, newer], [newer, COMMITTEE]] {
        let mut desk = Desk::new();
        for (n, text) in order.into_iter().enumerate() {
            let name = if text == newer { "新.csv" } else { "旧.csv" };
            let report = desk.take(name, text);
            assert_eq!(
                count(&report, FindingClass::Contradictory),
                0,
                "{n}: {:?}",
                findings(&report)
            );
        }
        assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
        assert_eq!(desk.figure("seat.members", "2023-06-30"), "2");
        desk.verified();
    }
}

#[test]
fn a_cell_that_cannot_be_read_leaves_its_row() {
    let mut desk = Desk::new();
    let text = COMMITTEE.replace("1972.02", "1985.13");
    let report = desk.take("a.csv", &text);
    assert_eq!(count(&report, FindingClass::Rejected), 1);
    assert_eq!(findings(&report)[0].1, "D4");
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
}

#[test]
fn an_unknown_village_offers_the_nearest() {
    let mut desk = Desk::new();
    let report = desk.take("a.csv", &COMMITTEE.replace("青山村", "清山村"));
    let rejected = findings(&report);
    assert!(
        rejected
            .iter()
            .any(|(_, cell, said)| cell == "A6" && said.contains("清山村")),
        "{rejected:?}"
    );
    assert_eq!(
        desk.figure("seat.members", "2022-12-31"),
        "3",
        "the cell is refused, its row counts"
    );
    assert_eq!(members_of("511729102201", "2022-12-31", &desk), "Null");
    desk.verified();
}

#[test]
fn a_mended_place_moves_the_record_that_its_row_wrote() {
    let mut desk = Desk::new();
    let list = COMMITTEE.replace("青山村", "清山村");
    desk.take("a.csv", &list);
    let report = desk.take("a.csv", COMMITTEE);
    let sheet = &report.files[0].sheets[0];
    assert_eq!(sheet.findings, Vec::new());
    assert_eq!((sheet.new, sheet.changed + sheet.unchanged), (0, 4));
    assert_eq!(members_of("511729102201", "2022-12-31", &desk), "1");
    assert_eq!(members_of("511729102200", "2022-12-31", &desk), "2");
    desk.verified();

    let mut desk = Desk::new();
    desk.take("a.csv", &list);
    let report = desk.take("b.csv", COMMITTEE);
    assert_eq!(
        report.files[0].sheets[0].new, 1,
        "another file speaks of another seat"
    );
}

#[test]
fn a_list_of_unknown_villages_ends_nobody() {
    let mut desk = Desk::new();
    desk.take("a.csv", COMMITTEE);
    let newer = "村“两委”干部花名册（2023年6月）\n村,姓名,性别,出生年月,职务\n\
        {A},田平中,男,1977.04,村党支部书记\n{B},韩礼安,男,1981.11,村党支部书记\n";
    let lost = newer.replace("{A}", "天边村").replace("{B}", "海角村");
    let report = desk.take("b.csv", &lost);
    assert_eq!(count(&report, FindingClass::Rejected), 2, "{report:?}");
    let of_village = |desk: &Desk, day| members_of("511729102200", day, desk);
    assert_eq!(of_village(&desk, "2023-06-30"), "2", "袁香容 is in office");
    let half = newer.replace("{A}", "天边村").replace("{B}", "青山村");
    desk.take("c.csv", &half);
    assert_eq!(
        of_village(&desk, "2023-06-30"),
        "2",
        "nothing is said of 大石村"
    );
    desk.verified();
}

#[test]
fn words_for_the_whole_town_are_the_town() {
    let mut desk = Desk::new();
    let report = desk.take("a.csv", &COMMITTEE.replace("青山村", "全镇"));
    assert_eq!(findings(&report), Vec::new());
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
    assert_eq!(members_of("511729102200", "2022-12-31", &desk), "2");
}

#[test]
fn rows_without_a_place_beside_rows_with_one_are_said_once() {
    let mut desk = Desk::new();
    let text = COMMITTEE
        .replace("\n大石村,田平中", "\n,田平中")
        .replace("\n,空缺", "\n大石村,空缺");
    let report = desk.take("a.csv", &text);
    let said = findings(&report);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        (said[0].0, said[0].1.as_str()),
        (FindingClass::Notice, "A3")
    );
    assert!(said[0].2.starts_with("2 行"), "{said:?}");
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
    assert_eq!(members_of("511729102200", "2022-12-31", &desk), "0");
}

/// The committee of a village.
fn members_of(village: &str, at: &str, desk: &Desk) -> String {
    let ask = office::AskInput {
        at: Some(at.to_owned()),
        within: Some(village.to_owned()),
        ..Default::default()
    };
    let report = desk
        .office
        .figures(&["seat.members".to_owned()], &ask)
        .expect("asked");
    match &report.figures[0].value {
        office::Answered::Number(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn without_a_list_of_villages_they_are_proposed() {
    let mut desk = Desk::without_villages();
    let report = desk.take("a.csv", COMMITTEE);
    assert_eq!(
        count(&report, FindingClass::Notice),
        1,
        "{:?}",
        findings(&report)
    );
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
    desk.verified();
}

#[test]
fn strict_refuses_the_whole_file() {
    let mut desk = Desk::new();
    let path = desk.file("a.csv", &COMMITTEE.replace("1972.02", "1985.13"));
    let input = ImportInput {
        paths: vec![path],
        commit: true,
        strict: true,
        ..ImportInput::default()
    };
    let report = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    assert!(!report.took_something());
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "null");
    desk.verified();
}

#[test]
fn findings_stay_until_the_file_is_mended() {
    let mut desk = Desk::new();
    let ask = office::AskInput {
        at: Some("2022-12-31".to_owned()),
        ..Default::default()
    };
    let open = |desk: &Desk| {
        let report = desk.office.check(&ask).expect("checked");
        report
            .findings
            .iter()
            .filter(|f| f.class == FindingClass::Rejected)
            .count()
    };
    desk.take("a.csv", &COMMITTEE.replace("1972.02", "1985.13"));
    assert_eq!(open(&desk), 1);
    desk.take("a.csv", &COMMITTEE.replace("1972.02", "1985.13"));
    assert_eq!(open(&desk), 1, "the same finding is kept once");
    desk.take("a.csv", COMMITTEE);
    assert_eq!(open(&desk), 0);
}

#[test]
fn what_an_id_number_says_outranks_what_is_typed() {
    let mut desk = Desk::new();
    let text = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,身份证号,职务\n\
        大石村,顾珍秀,女,1968.02,511729196804258189,村党支部书记\n";
    let report = desk.take("a.csv", text);
    let at_odds = findings(&report);
    assert_eq!(at_odds.len(), 1, "{at_odds:?}");
    assert_eq!(
        (at_odds[0].0, at_odds[0].1.as_str()),
        (FindingClass::Contradictory, "D3")
    );
}

#[test]
fn a_finding_that_comes_back_is_open_again() {
    let mut desk = Desk::new();
    let ask = office::AskInput {
        at: Some("2022-12-31".to_owned()),
        ..Default::default()
    };
    let broken = COMMITTEE.replace("1972.02", "1985.13");
    for (text, open) in [(broken.as_str(), 1), (COMMITTEE, 0), (broken.as_str(), 1)] {
        desk.take("a.csv", text);
        let report = desk.office.check(&ask).expect("checked");
        let rejected = report
            .findings
            .iter()
            .filter(|f| f.class == FindingClass::Rejected);
        assert_eq!(rejected.count(), open);
    }
    desk.verified();
}

#[test]
fn how_each_header_was_understood_is_shown() {
    let mut desk = Desk::new();
    let text = COMMITTEE.replace("性别", "性别（男/女）");
    let report = desk.import("a.csv", &text, false);
    let sheet = &report.files[0].sheets[0];
    let used: Vec<(&str, &str, &str, &str)> = sheet
        .mapping
        .iter()
        .map(|used| {
            (
                used.cell.as_str(),
                used.header.as_str(),
                used.title.as_str(),
                used.reason,
            )
        })
        .collect();
    assert!(used.contains(&("B2", "姓名", "姓名", "path")), "{used:?}");
    assert!(
        used.contains(&("C2", "性别（男/女）", "性别", "without_brackets")),
        "{used:?}"
    );
    assert!(sheet.mapping.iter().all(|used| used.confidence >= 85));
}

#[test]
fn a_title_names_the_place_where_no_column_does() {
    let mut desk = Desk::new();
    desk.take("册.csv", COMMITTEE);
    let own = "大石村“两委”干部花名册（2022年12月）\n姓名,性别,出生年月,职务\n\
        田平中,男,1977.04,村党支部书记\n袁香容,女,1972.02,村委会主任\n李四,男,1980.01,村委会委员\n";
    let report = desk.take("大石.csv", own);
    let sheet = &report.files[0].sheets[0];
    assert_eq!(sheet.rows, 3, "{:?}", sheet.findings);
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "4");
    let lines = "村“两委”干部花名册（2022年12月）\n序号,姓名,性别,出生年月,职务\n\
        一、大石村（3人）\n1,田平中,男,1977.04,村党支部书记\n2,袁香容,女,1972.02,村委会主任\n\
        3,李四,男,1980.01,村委会委员\n二、青山村（1人）\n4,韩礼安,男,1981.11,村党支部书记\n";
    let report = desk.take("段.csv", lines);
    assert_eq!(report.files[0].sheets[0].rows, 4);
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "4");
    desk.verified();
}

#[test]
fn a_table_of_which_nothing_says_the_place_is_set_aside() {
    let mut desk = Desk::new();
    desk.take("册.csv", COMMITTEE);
    let nowhere =
        "村“两委”干部花名册（2022年12月）\n姓名,性别,出生年月,职务\n李四,男,1980.01,村委会委员\n";
    let report = desk.take("谁.csv", nowhere);
    let sheet = &report.files[0].sheets[0];
    assert_eq!((sheet.rows, sheet.findings[0].code.as_str()), (0, "I123"));
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "3");
}
