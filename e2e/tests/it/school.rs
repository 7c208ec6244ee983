//! A school: the second kind of pack, added without a line of Rust. Its workbooks give its known answers, every planted
//! error is named with its cell and no other is, a second import changes nothing, every figure opens, the report reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use e2e::{Desk, findings, numbers_agree, root};
use serde::Deserialize;
use serde_json::Value;

use crate::traces::open_all;

/// What examples/school says of itself.
#[derive(Debug, Deserialize)]
struct School {
    book: String,
    name: String,
    at: String,
    period: String,
    figures: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
struct List {
    planted: Vec<Planted>,
}

#[derive(Debug, Deserialize)]
struct Planted {
    what: String,
    code: String,
    file: Option<String>,
    sheet: Option<String>,
    cells: Vec<String>,
}

/// Code, file, sheet, cell.
type Named = (String, String, String, String);

fn folder() -> String {
    root().join("examples/school").to_string_lossy().into()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join("examples/school").join(name)).expect("part of the example")
}

fn school() -> &'static School {
    static SCHOOL: OnceLock<School> = OnceLock::new();
    SCHOOL.get_or_init(|| {
        serde_json::from_str(&read("answers.json")).expect("answers of their own form")
    })
}

fn book() -> Desk {
    let desk = Desk::empty();
    let pack = root().join("packs/school").to_string_lossy().into_owned();
    let School { book, name, .. } = school();
    desk.yiben(&["init", "--pack", &pack, "--book", book, "--name", name])
        .done();
    desk
}

/// The school imported once, what that said, and its figures. Read only.
fn imported() -> &'static (Desk, Value, Vec<Value>) {
    static DESK: OnceLock<(Desk, Value, Vec<Value>)> = OnceLock::new();
    DESK.get_or_init(|| {
        let desk = book();
        let said = desk.import(&[&folder()]).done().json();
        let figures = desk.figures(&school().at, &school().period);
        (desk, said, figures)
    })
}

fn sum(said: &Value, key: &str) -> i64 {
    let files = said["files"].as_array().expect("a list");
    let sheets = files
        .iter()
        .flat_map(|file| file["sheets"].as_array().expect("a list"));
    sheets.map(|sheet| sheet[key].as_i64().unwrap_or(0)).sum()
}

#[test]
fn every_figure_of_the_school_equals_its_known_answer() {
    let (_, said, figures) = imported();
    assert!(sum(said, "rows") > 2_000);
    let mut wrong = Vec::new();
    for figure in figures {
        let id = figure["id"].as_str().expect("a figure has an id");
        let (got, known) = (&figure["value"], school().figures.get(id));
        if !known.is_some_and(|known| same(got, known)) {
            wrong.push(format!("{id}: {got}, known {known:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(figures.len(), school().figures.len());
    assert!(figures.len() > 150);
}

/// The answers of a list do not say its order.
fn same(got: &Value, known: &Value) -> bool {
    match (got.as_array(), known.as_array()) {
        (Some(got), Some(known)) => {
            let texts = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            got.len() == known.len() && texts(got) == texts(known)
        }
        _ => numbers_agree(got, known),
    }
}

#[test]
fn every_planted_error_of_the_school_is_named_and_no_other() {
    let (desk, said, _) = imported();
    let list: List = serde_json::from_str(&read("planted.json")).expect("a list of its own form");
    assert!(list.planted.len() > 30);
    let checked = desk.yiben(&["check", "--at", &school().at, "--json"]);
    let checked = checked.done().json();
    let mut faults: BTreeSet<Named> = BTreeSet::new();
    let mut notices: BTreeSet<Named> = BTreeSet::new();
    for finding in findings(said).into_iter().chain(findings(&checked)) {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let named = (text("code"), text("file"), text("sheet"), text("cell"));
        let of = if text("class") == "notice" {
            &mut notices
        } else {
            &mut faults
        };
        of.insert(named);
    }
    let mut planted: BTreeSet<Named> = BTreeSet::new();
    for one in &list.planted {
        let (file, sheet) = (one.file.clone(), one.sheet.clone());
        for cell in &one.cells {
            let place = (
                file.clone().unwrap_or_default(),
                sheet.clone().unwrap_or_default(),
            );
            let named = (one.code.clone(), place.0, place.1, cell.clone());
            let there = faults.contains(&named) || notices.contains(&named);
            assert!(there, "{}: {named:?} is not named", one.what);
            planted.insert(named);
        }
    }
    let invented: Vec<&Named> = faults.difference(&planted).collect();
    assert!(invented.is_empty(), "{invented:#?}");
}

#[test]
fn the_school_imported_again_is_the_same() {
    let (desk, _, figures) = imported();
    let desk = desk.copy();
    let again = desk.import(&[&folder()]).done().json();
    assert_eq!((sum(&again, "new"), sum(&again, "changed")), (0, 0));
    assert!(sum(&again, "unchanged") > 2_000);
    assert_eq!(&desk.figures(&school().at, &school().period), figures);
    desk.verified();
}

#[test]
fn every_figure_of_the_school_opens_to_what_it_says() {
    let (desk, _, figures) = imported();
    // One figure at thirty places is one plan: its first place stands for the others.
    let mut seen = BTreeSet::new();
    let of_place = |id: &str| {
        let (base, member) = id.strip_suffix(']')?.split_once('[')?;
        let number = member.bytes().all(|byte| byte.is_ascii_digit());
        (number && member.len() > 12).then(|| base.to_owned())
    };
    let mut first = |figure: &&Value| {
        let place = of_place(figure["id"].as_str().expect("a figure has an id"));
        place.is_none_or(|base| seen.insert(base))
    };
    let figures: Vec<Value> = figures.iter().filter(&mut first).cloned().collect();
    assert!(figures.len() > 130, "{}", figures.len());
    let wrong = open_all(desk, &figures, &school().at, &school().period);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The report as text.
fn report(desk: &Desk) -> String {
    let (at, period) = (&school().at, &school().period);
    let out = "report.txt";
    desk.yiben(&["report", "work", "--at", at, "--period", period, "-o", out])
        .done();
    fs::read_to_string(desk.path(out)).expect("the report was written")
}

#[test]
fn the_report_of_the_school_says_what_is_true() {
    let (desk, ..) = imported();
    let text = report(&desk.copy()).replace(char::is_whitespace, "");
    let body = text.split("附件").next().expect("a body");
    for known in [
        "在校学生804人",
        "七年级2班班主任空缺",
        "2号线（青山—石桥）乘车学生超过核载",
    ] {
        assert!(
            body.contains(known),
            "{known} is not in the report:\n{body}"
        );
    }
    for untrue in [
        "（无数据）",
        "没有大班额",
        "隐患全部整改到位",
        "做到应助尽助",
        "没有长期旷课",
    ] {
        assert!(!body.contains(untrue), "{untrue} is not true:\n{body}");
    }
    broken(body);
}

#[test]
fn the_report_of_an_empty_school_claims_nothing() {
    let text = report(&book()).replace(char::is_whitespace, "");
    let body = text.split("附件").next().expect("a body");
    assert!(body.contains("在校学生（无数据）人"), "{body}");
    for claim in [
        "没有大班额",
        "全部",
        "应助尽助",
        "已配齐",
        "没有长期",
        "超过",
        "0人",
        "不到位",
    ] {
        assert!(
            !body.contains(claim),
            "{claim} is claimed of nothing:\n{body}"
        );
    }
    broken(body);
}

/// Places of a template left over, and sentences with a hole in them.
#[track_caller]
fn broken(body: &str) {
    for stray in [
        "{{", "}}", "{%", "**", "None", "none", "null", "，。", "。。", "：。", "、。", "，，",
        "（）",
    ] {
        assert!(
            !body.contains(stray),
            "`{stray}` is left in the report:\n{body}"
        );
    }
}
