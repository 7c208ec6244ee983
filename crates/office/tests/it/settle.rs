//! Findings settled: whose value counts, what is entered by hand, whom a row means.

use crate::desk::{Desk, findings};
use office::{AskInput, OfficeError, SettleInput, SettleReport};
use vocabulary::{Finding, FindingClass};

const NUMBERED: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,身份证号,职务\n\
    大石村,朱飞,男,511726198107272970,村委会主任\n";
const TYPED: &str = "村“两委”干部花名册（2020年12月）\n村,姓名,性别,出生年月,职务\n大石村,朱飞,男,1981.05,村委会副主任\n";

fn open(desk: &Desk) -> Vec<Finding> {
    let ask = AskInput {
        at: Some("2022-12-31".to_owned()),
        ..AskInput::default()
    };
    let report = desk.office.check(&ask).expect("checked");
    let kept = report.findings.into_iter().filter(|f| f.id.is_some());
    kept.collect()
}

fn settle(desk: &mut Desk, id: i64, take: Option<&str>, value: Option<&str>) -> SettleReport {
    try_settle(desk, id, take, value).expect("settled")
}

fn try_settle(
    desk: &mut Desk,
    id: i64,
    take: Option<&str>,
    value: Option<&str>,
) -> Result<SettleReport, OfficeError> {
    desk.office.settle(&SettleInput {
        finding: id.to_string(),
        take: take.map(str::to_owned),
        value: value.map(str::to_owned),
        why: Some("已核对".to_owned()),
        preview: false,
    })
}

fn refused(result: Result<SettleReport, OfficeError>) -> (String, String) {
    match result {
        Err(OfficeError::Asked(finding)) => (finding.code.clone(), finding.next),
        other => panic!("not refused: {other:?}"),
    }
}

fn at_odds() -> (Desk, i64) {
    let mut desk = Desk::new();
    desk.take("现任.csv", NUMBERED);
    desk.take("上届.csv", TYPED);
    let open = open(&desk);
    assert_eq!(open.len(), 1, "{open:?}");
    assert_eq!(open[0].class, FindingClass::Contradictory);
    let id = open[0].id.expect("kept");
    (desk, id)
}

#[test]
fn a_contradiction_takes_the_source_that_is_named_and_stays_settled() {
    for take in ["上届.csv", "上届.csv!上届", "上届.csv!上届!D3", "D3"] {
        let (mut desk, id) = at_odds();
        let report = settle(&mut desk, id, Some(take), None);
        let change = report.change.expect("a value");
        assert_eq!(
            (change.before.as_str(), change.after.as_str()),
            ("1981-07-27", "1981-05"),
            "{take}"
        );
        assert_eq!(change.label, "朱飞");
        assert_eq!(open(&desk), []);
        for (name, text) in [("上届.csv", TYPED), ("现任.csv", NUMBERED)] {
            let again = desk.take(name, text);
            assert_eq!(findings(&again), [], "{name} opens it again");
        }
        assert_eq!(open(&desk), []);
        desk.verified();
    }
}

#[test]
fn a_figure_moves_at_once_and_an_undo_takes_the_decision_back() {
    let (mut desk, id) = at_odds();
    let report = settle(&mut desk, id, None, Some("1975年3月"));
    assert_eq!(report.change.expect("a value").after, "1975-03");
    let tx = report.tx.expect("written").to_string();
    let undone = desk.undo(&tx, true).expect("undone");
    assert_eq!(undone.findings_back, 1);
    let back = open(&desk);
    assert_eq!(back.len(), 1);
    assert_eq!(back[0].id, Some(id));
    let again = settle(&mut desk, id, Some("现任.csv"), None);
    assert_eq!(again.change.expect("a value").before, "1981-07-27");
    desk.verified();
}

#[test]
fn what_cannot_be_settled_says_why_and_what_to_do() {
    let (mut desk, id) = at_odds();
    assert_eq!(refused(try_settle(&mut desk, 9_999, None, None)).0, "O120");
    let (code, next) = refused(try_settle(&mut desk, id, None, None));
    assert_eq!(code, "O125");
    assert!(next.contains("D3") && next.contains("现任.csv") && next.contains("1981-05"));
    let (code, next) = refused(try_settle(&mut desk, id, Some("别的.csv"), None));
    assert_eq!(code, "O126");
    assert!(next.contains("现任.csv!现任!D3"), "{next}");
    let (code, _) = refused(try_settle(&mut desk, id, None, Some("去年")));
    assert_eq!(code, "O128");
    let no_reason = SettleInput {
        finding: id.to_string(),
        take: Some("D3".to_owned()),
        ..SettleInput::default()
    };
    assert_eq!(refused(desk.office.settle(&no_reason)).0, "O123");
    assert_eq!(open(&desk).len(), 1, "nothing was written");
    settle(&mut desk, id, Some("D3"), None);
    assert_eq!(
        refused(try_settle(&mut desk, id, Some("D3"), None)).0,
        "O121"
    );
}

#[test]
fn a_preview_shows_the_same_and_writes_nothing() {
    let (mut desk, id) = at_odds();
    let input = SettleInput {
        finding: id.to_string(),
        take: Some("D3".to_owned()),
        why: Some("看看".to_owned()),
        preview: true,
        ..SettleInput::default()
    };
    let report = desk.office.settle(&input).expect("previewed");
    assert_eq!((report.tx, report.change.is_some()), (None, true));
    assert_eq!(open(&desk).len(), 1);
    desk.verified();
}

#[test]
fn a_cell_that_could_not_be_read_is_entered_by_hand_or_stays_unknown() {
    let text = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,身份证号,职务\n\
        大石村,田平中,男,1985.13,,村党支部书记\n大石村,顾珍秀,女,1968.02,511729196804258180,村委会主任\n";
    let mut desk = Desk::new();
    desk.take("a.csv", text);
    let cells: Vec<(Option<String>, Option<String>, i64)> = open(&desk)
        .into_iter()
        .map(|f| (f.cell, f.register, f.id.expect("kept")))
        .collect();
    assert_eq!(cells.len(), 2, "{cells:?}");
    let at = |cell: &str| {
        cells
            .iter()
            .find(|(at, register, _)| {
                at.as_deref() == Some(cell) && register.as_deref() == Some("person")
            })
            .expect("found")
            .2
    };
    let report = settle(&mut desk, at("D3"), None, Some("1985.12"));
    let change = report.change.expect("a value");
    assert_eq!(
        (change.before.as_str(), change.after.as_str()),
        ("", "1985-12")
    );
    assert_eq!(change.label, "田平中");
    // A number is checked like any cell, and gives birth and sex.
    assert_eq!(
        refused(try_settle(
            &mut desk,
            at("E4"),
            None,
            Some("511729196804258180")
        ))
        .0,
        "O128"
    );
    settle(&mut desk, at("E4"), None, Some("511729196804258189"));
    assert_eq!(open(&desk), []);
    let again = desk.take("a.csv", text);
    assert_eq!(findings(&again), [], "both stay settled");
    desk.verified();
}

#[test]
fn a_duplicate_is_closed_by_a_reason_alone() {
    let mut desk = Desk::new();
    let text = NUMBERED.to_owned() + "大石村,朱飞,男,511726198107272970,村委会主任\n";
    desk.take("a.csv", &text);
    let id = open(&desk)[0].id.expect("kept");
    settle(&mut desk, id, None, None);
    assert_eq!(findings(&desk.take("a.csv", &text)), []);
    assert_eq!(open(&desk), []);
}

/// Residents with numbers: two of one name in one village.
const RESIDENTS: &str = "常住人口信息表\n户编号,村,姓名,性别,身份证号\n\
    001,大石村,朱飞,男,51172619880210475X\n\
    002,大石村,朱飞,男,511726198107272970\n";
const VAGUE: &str =
    "村“两委”干部花名册（2022年12月）\n村,姓名,性别,职务\n大石村,朱飞,男,村委会主任\n";

#[test]
fn a_row_that_may_mean_several_is_told_which_and_remembers_it() {
    let mut desk = Desk::new();
    desk.take("户.csv", RESIDENTS);
    desk.take("两委.csv", VAGUE);
    let asked = open(&desk);
    assert_eq!(asked.len(), 1, "{asked:?}");
    let id = asked[0].id.expect("kept");
    let (code, next) = refused(try_settle(&mut desk, id, Some("77777"), None));
    assert_eq!(code, "O136");
    let record = next
        .split(|c: char| !c.is_ascii_digit())
        .rfind(|part| !part.is_empty())
        .expect("the sentence lists records")
        .to_owned();
    assert!(
        asked[0].said.contains(&format!("第 {record} 号")),
        "{:?}",
        asked[0].said
    );
    settle(&mut desk, id, Some(&record), None);
    assert_eq!(
        desk.figure("seat.members", "2022-12-31"),
        "0",
        "it enters with its file"
    );
    let report = desk.take("两委.csv", VAGUE);
    assert_eq!(findings(&report), []);
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "1");
    assert_eq!(desk.figure("person.all", "2022-12-31"), "2");
    let again = desk.take("两委.csv", VAGUE);
    assert_eq!(again.files[0].sheets[0].unchanged, 1);
    desk.verified();
}

#[test]
fn a_row_may_mean_somebody_new_and_the_next_import_finds_the_same() {
    let mut desk = Desk::new();
    desk.take("户.csv", RESIDENTS);
    desk.take("两委.csv", VAGUE);
    let id = open(&desk)[0].id.expect("kept");
    settle(&mut desk, id, Some("new"), None);
    for round in 0..3 {
        let report = desk.take("两委.csv", VAGUE);
        assert_eq!(findings(&report), [], "{round}");
        assert_eq!(desk.figure("person.all", "2022-12-31"), "3", "{round}");
        assert_eq!(desk.figure("seat.members", "2022-12-31"), "1", "{round}");
    }
    desk.verified();
}

#[test]
fn a_later_source_that_says_something_else_than_a_decision_is_asked() {
    let residents = |year: i32, land: &str| {
        format!(
            "常住人口信息表（{year}年12月）\n户编号,村,姓名,性别,出生年月,承包地\n001,大石村,田平中,男,1977.04,{land}\n"
        )
    };
    let mut desk = Desk::new();
    desk.take("甲.csv", &residents(2022, "3亩"));
    desk.take("乙.csv", &residents(2022, "4亩"));
    assert_eq!(desk.figure("household.land", "2022-12-31"), "4");
    let id = open(&desk)[0].id.expect("kept");
    settle(&mut desk, id, Some("甲.csv"), None);
    assert_eq!(desk.figure("household.land", "2022-12-31"), "3");
    assert_eq!(open(&desk), []);
    desk.take("丙.csv", &residents(2024, "5亩"));
    let news = open(&desk);
    assert_eq!(news.len(), 1, "news is not hidden by a decision: {news:?}");
    desk.take("丙.csv", &residents(2024, "5亩"));
    assert_eq!(
        open(&desk).len(),
        1,
        "and stays open until somebody decides"
    );
    settle(&mut desk, news[0].id.expect("kept"), Some("丙.csv"), None);
    assert_eq!(desk.figure("household.land", "2024-12-31"), "5");
    assert_eq!(
        desk.figure("household.land", "2022-12-31"),
        "3",
        "the past stays decided"
    );
    for (name, text) in [
        ("甲.csv", residents(2022, "3亩")),
        ("乙.csv", residents(2022, "4亩")),
        ("丙.csv", residents(2024, "5亩")),
    ] {
        assert_eq!(findings(&desk.take(name, &text)), [], "{name}");
    }
    assert_eq!(open(&desk), []);
    desk.verified();
}
