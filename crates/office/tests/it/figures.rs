//! Figures, traces and reports over what was imported.

use crate::desk::Desk;
use office::{AskInput, ReportInput};

const COMMITTEE: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,职务\n\
    大石村,田平中,男,1977.04,村党支部书记\n青山村,韩礼安,男,1981.11,村党支部书记\n";

fn ask() -> AskInput {
    AskInput {
        at: Some("2022-12-31".to_owned()),
        ..AskInput::default()
    }
}

#[test]
fn a_trace_names_the_cell() {
    let mut desk = Desk::new();
    desk.take("两委.csv", COMMITTEE);
    let trace = desk.office.trace("seat.members", &ask()).expect("traced");
    let cells: Vec<String> = trace
        .records
        .iter()
        .filter_map(|r| r.source.as_ref().map(|cell| cell.cell.clone()))
        .collect();
    assert_eq!(cells.len(), 2);
    assert!(
        cells.iter().any(|cell| cell.ends_with('3'))
            && cells.iter().any(|cell| cell.ends_with('4'))
    );
}

#[test]
fn a_figure_that_is_only_its_members_answers_with_them() {
    let mut desk = Desk::new();
    desk.take("两委.csv", COMMITTEE);
    let ids = ["seat.age".to_owned(), "seat.filled".to_owned()];
    let report = desk.office.figures(&ids, &ask()).expect("asked");
    let ids: Vec<&str> = report.figures.iter().map(|f| f.id.as_str()).collect();
    let bands = ["<=35", "36-45", "46-55", ">=56"].map(|band| format!("seat.age[{band}]"));
    assert_eq!(ids[..4], bands);
    assert_eq!(ids[4..], ["seat.filled"]);
    let wrong = ["seat.age[<=36]".to_owned()];
    assert!(desk.office.figures(&wrong, &ask()).is_err());
}

#[test]
fn a_division_asked_in_has_only_its_own() {
    let mut desk = Desk::new();
    desk.take("两委.csv", COMMITTEE);
    let within = AskInput {
        within: Some("大石".to_owned()),
        ..ask()
    };
    let report = desk
        .office
        .figures(&["seat.members".to_owned()], &within)
        .expect("asked");
    assert_eq!(report.within_name, "大石村");
    assert_eq!(report.figures[0].records, 1);
}

#[test]
fn a_report_is_written_in_every_form() {
    let mut desk = Desk::new();
    desk.take("两委.csv", COMMITTEE);
    let id = desk.office.pack().reports[0].id.clone();
    let outputs: Vec<_> = ["r.docx", "r.html", "r.txt"]
        .map(|name| desk.file(name, ""))
        .into();
    let input = ReportInput {
        id,
        ask: ask(),
        outputs: outputs.clone(),
    };
    let outcome = desk.office.report(&input).expect("written");
    assert_eq!(outcome.files.len(), 3);
    let text = std::fs::read_to_string(&outputs[2]).expect("a text");
    assert!(text.contains("桥头镇"), "{text}");
    let html = std::fs::read_to_string(&outputs[1]).expect("a page");
    assert!(html.contains("class=\"num\""), "numbers are links");
}

#[test]
fn before_any_source_spoke_a_stock_is_null_and_not_nought() {
    let mut desk = Desk::new();
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "null");
    desk.take("两委.csv", COMMITTEE);
    assert_eq!(desk.figure("seat.members", "2022-11-30"), "null");
    assert_eq!(desk.figure("seat.members", "2022-12-01"), "2");
}
