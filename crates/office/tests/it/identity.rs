//! Who is who, whatever the order of files.

use crate::desk::{Desk, count, findings};
use vocabulary::FindingClass;

/// Residents with numbers: two of one name in one village.
const RESIDENTS: &str = "常住人口信息表\n户编号,村,姓名,性别,身份证号\n\
    001,大石村,朱飞,男,51172619880210475X\n\
    002,大石村,朱飞,男,511726198107272970\n\
    003,青山村,李梅,女,511726197403027289\n";

/// The committee without numbers; 朱飞's month is written wrong, 李梅's is right.
const COMMITTEE: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,职务\n\
    大石村,朱飞,男,1981.07,村委会主任\n青山村,李梅,女,1974.03,村党支部书记\n";

fn persons(desk: &Desk) -> String {
    desk.figure("person.all", "2022-12-31")
}

#[test]
fn a_row_without_a_number_means_the_one_of_its_name_and_birth_month() {
    for order in [
        [("户.csv", RESIDENTS), ("两委.csv", COMMITTEE)],
        [("两委.csv", COMMITTEE), ("户.csv", RESIDENTS)],
    ] {
        let mut desk = Desk::new();
        for (name, text) in order {
            let report = desk.take(name, text);
            assert_eq!(
                count(&report, FindingClass::Contradictory),
                0,
                "{:?}",
                findings(&report)
            );
            assert_eq!(
                count(&report, FindingClass::Rejected),
                0,
                "{:?}",
                findings(&report)
            );
        }
        assert_eq!(persons(&desk), "3");
        desk.verified();
    }
}

#[test]
fn one_person_with_two_birth_months_is_one_contradiction() {
    let numbered = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,身份证号,职务\n\
        大石村,朱飞,男,511726198107272970,村委会主任\n";
    let typed = "村“两委”干部花名册（2020年12月）\n村,姓名,性别,出生年月,职务\n大石村,朱飞,男,1981.05,村委会副主任\n";
    for order in [
        [("现任.csv", numbered), ("上届.csv", typed)],
        [("上届.csv", typed), ("现任.csv", numbered)],
    ] {
        let mut desk = Desk::new();
        let mut contradictions = Vec::new();
        for (name, text) in order {
            let report = desk.take(name, text);
            contradictions.extend(
                findings(&report)
                    .into_iter()
                    .filter(|(class, _, _)| *class == FindingClass::Contradictory),
            );
        }
        assert_eq!(persons(&desk), "1");
        assert_eq!(contradictions.len(), 1, "{contradictions:?}");
        assert!(
            contradictions[0].2.contains("1981-07-27") && contradictions[0].2.contains("1981-05")
        );
        desk.verified();
    }
}

#[test]
fn several_of_the_name_and_place_are_asked_and_the_row_waits() {
    let mut desk = Desk::new();
    desk.take("户.csv", RESIDENTS);
    let vague = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,职务\n大石村,朱飞,男,村委会主任\n";
    let report = desk.take("两委.csv", vague);
    let asked = findings(&report);
    assert!(
        asked
            .iter()
            .any(|(class, cell, _)| *class == FindingClass::Rejected && cell == "B3"),
        "{asked:?}"
    );
    assert_eq!(persons(&desk), "3");
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "0");
}

#[test]
fn two_numbers_are_never_one_person() {
    let mut desk = Desk::new();
    let twins = "常住人口信息表\n户编号,村,姓名,性别,身份证号\n\
        001,大石村,朱飞,男,511726198107272970\n002,大石村,朱飞,男,511726198107278555\n";
    let report = desk.take("户.csv", twins);
    assert_eq!(persons(&desk), "2", "{:?}", findings(&report));
    assert_eq!(
        count(&report, FindingClass::Rejected),
        0,
        "{:?}",
        findings(&report)
    );
    assert_eq!(
        count(&report, FindingClass::Notice),
        1,
        "one name, one birth month, one place, two numbers"
    );
}

#[test]
fn three_sources_two_of_which_agree_are_one_contradiction() {
    let numbered = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,身份证号,职务\n\
        大石村,朱飞,男,511726198107272970,村委会主任\n";
    let typed = "村“两委”干部花名册（2020年12月）\n村,姓名,性别,出生年月,职务\n大石村,朱飞,男,1981.05,村委会副主任\n";
    let resident =
        "常住人口信息表\n户编号,村,姓名,性别,身份证号\n002,大石村,朱飞,男,511726198107272970\n";
    let files = [
        ("现任.csv", numbered),
        ("上届.csv", typed),
        ("户.csv", resident),
    ];
    for order in [[0, 1, 2], [2, 0, 1], [1, 0, 2], [0, 2, 1]] {
        let mut desk = Desk::new();
        let mut contradictions = 0;
        for at in order {
            let report = desk.take(files[at].0, files[at].1);
            contradictions += count(&report, FindingClass::Contradictory);
        }
        assert_eq!(contradictions, 1, "{order:?}");
        assert_eq!(persons(&desk), "1", "{order:?}");
    }
}
