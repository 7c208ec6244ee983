//! A wide table: one row of the sheet makes several records, and each keeps its own cells.

use crate::desk::{Desk, count, findings, pack};
use vocabulary::FindingClass;

/// The hamlet with a register of incomes, years across.
const INCOME: &str = r#"
[register.income]
title = "收入"
label = "'收入'"
keys = [["@division", "year"]]
[register.income.fields]
year = { type = "int", title = "年份", required = true }
amount = { type = "money", title = "金额", unit = "元" }
[sheet.income]
title = "集体收入统计表"
names = ["集体收入"]
mode = "entries"
place = "village"
[sheet.income.columns]
village = { type = "division", names = ["村"], required = true, fill = "down" }
year = { is = "income.year", across = "key" }
amount = { is = "income.amount", across = "value" }
[[sheet.income.row]]
write = "income"
set = { year = "year", amount = "amount" }
[[figure]]
id = "income.sum"
title = "收入"
unit = "元"
from = "income"
where = "year = 2022"
measure = "sum(amount)"
"#;

const TABLE: &str = "桥头镇集体收入统计表（2022年12月）\n村,2021年,2022年,合计\n\
    大石村,5,6,11\n青山村,,0,0\n合计,5,6,11\n";

fn desk() -> (Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&pack(), folder.path());
    std::fs::write(folder.path().join("income.toml"), INCOME).expect("written");
    let mut desk = Desk::of(
        folder.path().to_str().expect("a path"),
        "511729102000",
        "桥头镇",
    );
    let villages = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"名称":"大石村","代码":"511729102200","类型":"行政村"},"geometry":null},
        {"type":"Feature","properties":{"名称":"青山村","代码":"511729102201","类型":"行政村"},"geometry":null}]}"#;
    desk.take("villages.geojson", villages);
    (desk, folder)
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("the pack") {
        let path = entry.expect("a file").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

#[test]
fn each_filled_cell_is_a_record_and_nothing_is_new_the_second_time() {
    let (mut desk, _pack) = desk();
    let report = desk.take("a.csv", TABLE);
    let sheet = &report.files[0].sheets[0];
    assert_eq!((sheet.rows, sheet.new), (3, 3), "{:?}", sheet.findings);
    assert_eq!(findings(&report), []);
    assert_eq!(desk.figure("income.sum", "2022-12-31"), "6");
    let again = desk.take("a.csv", TABLE);
    let sheet = &again.files[0].sheets[0];
    assert_eq!((sheet.new, sheet.changed, sheet.unchanged), (0, 0, 3));
    assert_eq!(again.files[0].tx, None);
    desk.verified();
}

#[test]
fn a_contradiction_names_the_cells_of_its_own_year() {
    let (mut desk, _pack) = desk();
    desk.take("a.csv", TABLE);
    let report = desk.take(
        "b.csv",
        &TABLE.replace(
            "大石村,5,6,11\n青山村,,0,0\n合计,5,6,11",
            "青山村,,0,0\n大石村,5,7,12",
        ),
    );
    let found: Vec<_> = report.files[0].sheets[0].findings.iter().collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].code.as_str(), found[0].class),
        ("I106", FindingClass::Contradictory)
    );
    assert_eq!(found[0].cells, ["C4", "a.csv!a!C3"]);
    assert!(found[0].record.is_some());
}

#[test]
fn rows_that_say_a_place_again() {
    let (mut desk, _pack) = desk();
    let same = TABLE.replace("青山村,,0,0\n合计,5,6,11", "大石村,5,6,11");
    let report = desk.import("a.csv", &same, false);
    assert_eq!(
        count(&report, FindingClass::Duplicate),
        2,
        "{:?}",
        findings(&report)
    );
    let other = TABLE.replace("青山村,,0,0\n合计,5,6,11", "大石村,5,7,12");
    let report = desk.import("a.csv", &other, false);
    let found: Vec<_> = report.files[0].sheets[0].findings.iter().collect();
    let differs = found.iter().find(|f| f.code == "I108").expect("it differs");
    assert_eq!(differs.cells, ["C4", "C3"]);
    assert_eq!(
        count(&report, FindingClass::Duplicate),
        1,
        "the year that agrees: {found:?}"
    );
}

#[test]
fn a_refused_cell_belongs_to_its_own_record() {
    let (mut desk, _pack) = desk();
    let report = desk.take("a.csv", &TABLE.replace("大石村,5,6,11", "大石村,5,很多,11"));
    let found: Vec<_> = report.files[0].sheets[0].findings.iter().collect();
    let refused = found
        .iter()
        .find(|f| f.class == FindingClass::Rejected)
        .expect("refused");
    assert_eq!(refused.cell.as_deref(), Some("C3"));
    assert_eq!(refused.field.as_deref(), Some("amount"));
    let record = refused.record.expect("the record of 2022");
    let reader = desk.reader();
    let slice = reader
        .slices("income", record, None)
        .expect("read")
        .pop()
        .expect("there");
    assert_eq!(slice.values[0].to_string(), "2022");
}
