//! Lines between rows that say what the rows belong to, where the sheet has no column for it.

use super::forms::{column, form, read, roster, values};
use documents::sheet::{ColumnChoices, Form, Merge, Sheet, Table, match_tables};
use vocabulary::{FieldType, FindingClass};

fn staff() -> Form {
    form(
        "staff",
        &["职工花名册"],
        vec![
            column("unit!v", FieldType::Text, &["部门"]),
            column("name!", FieldType::Text, &["姓名"]),
            column("post", FieldType::Text, &["职务"]),
        ],
    )
}

fn cells(table: &Table, column: usize) -> Vec<String> {
    let rows = table.rows.iter();
    rows.map(|row| row.values[column].cell.to_string())
        .collect()
}

fn said(table: &Table) -> Vec<(&str, Option<&str>)> {
    let findings = table.findings.iter();
    findings
        .map(|f| (f.code.as_str(), f.cell.as_deref()))
        .collect()
}

#[test]
fn numbered_lines_fill_the_column_that_is_missing() {
    let table = read(
        roster(),
        &[
            vec!["某镇干部花名册"],
            vec!["序号", "姓名", "职务"],
            vec!["一、上坪村（核定5职）"],
            vec!["1", "张三", "书记"],
            vec!["2", "李四", "委员"],
            vec!["二、 石梁社区："],
            vec!["序号", "姓名", "职务"],
            vec!["3", "王五", "书记"],
            vec!["注：空缺不计"],
        ],
    );
    assert_eq!(values(&table, 0), ["上坪村", "上坪村", "石梁社区"]);
    assert_eq!(cells(&table, 0), ["A3", "A3", "A6"]);
    assert_eq!(values(&table, 1), ["张三", "李四", "王五"]);
    assert_eq!((said(&table), table.section.is_none()), (vec![], true));
}

#[test]
fn a_line_stands_in_the_column_of_names_or_across() {
    let mut sheet = Sheet::from_rows(
        "表",
        &[
            vec!["职工花名册"],
            vec!["姓名", "职务", "备注"],
            vec!["◆ 党政办公室（2人）"],
            vec!["张三", "主任"],
            vec!["李四", "干事"],
            vec!["农业服务中心  合计1人"],
            vec!["王五", "主任"],
            vec!["以上人员均已核实"],
        ],
    );
    let across = |top| Merge {
        top,
        left: 0,
        bottom: top,
        right: 2,
    };
    sheet.merges = vec![across(0), across(2), across(5), across(7)];
    let reading = match_tables(&sheet, &[staff(), roster()], "f", &ColumnChoices::default());
    let table = super::forms::only(reading);
    assert_eq!(
        values(&table, 0),
        ["党政办公室", "党政办公室", "农业服务中心"]
    );
    assert_eq!(table.notes.len(), 1);
    assert_eq!(said(&table), []);
}

#[test]
fn a_count_that_the_rows_do_not_bear_out_is_said() {
    let table = read(
        staff(),
        &[
            vec!["序号", "姓名", "职务"],
            vec!["一、党政办公室", "3人"],
            vec!["1", "张三", "主任"],
            vec!["二、农业服务中心（1人）"],
            vec!["2", "王五", "主任"],
        ],
    );
    assert_eq!(said(&table), [("D129", Some("A2"))]);
    assert_eq!(table.findings[0].class, FindingClass::Total);
    assert!(table.findings[0].said.contains("写的是 3，下面共 1 行"));
    assert_eq!(values(&table, 0), ["党政办公室", "农业服务中心"]);
}

#[test]
fn the_inner_lines_count_unless_they_come_back() {
    let rows = |inner: [&'static str; 2]| {
        vec![
            vec!["序号", "姓名", "职务"],
            vec!["一、城区片区"],
            vec![inner[0]],
            vec!["1", "张三", "书记"],
            vec!["二、山区片区"],
            vec![inner[1]],
            vec!["2", "王五", "主任"],
        ]
    };
    let villages = read(roster(), &rows(["（一）大石村", "（一）青山村"]));
    assert_eq!(values(&villages, 0), ["大石村", "青山村"]);
    let offices = read(roster(), &rows(["（一）支部", "（一）支部"]));
    assert_eq!(values(&offices, 0), ["城区片区", "山区片区"]);
}

#[test]
fn a_line_over_each_header_fills_as_well() {
    let table = read(
        roster(),
        &[
            vec!["某镇干部花名册（2022年12月）"],
            vec!["一、大石村"],
            vec!["序号", "姓名", "职务"],
            vec!["1", "张三", "书记"],
            vec!["二、青山村"],
            vec!["序号", "姓名", "职务"],
            vec!["2", "王五", "书记"],
        ],
    );
    assert_eq!(values(&table, 0), ["大石村", "青山村"]);
    assert_eq!(
        table.date.map(|date| date.written.to_string()).as_deref(),
        Some("2022-12")
    );
}

#[test]
fn a_title_or_a_name_is_offered_for_the_place() {
    let sheet = Sheet::from_rows(
        "大石村",
        &[
            vec!["大石村干部花名册"],
            vec!["姓名", "职务"],
            vec!["张三", "书记"],
            vec!["青山村干部花名册"],
            vec!["姓名", "职务"],
            vec!["王五", "书记"],
        ],
    );
    let reading = match_tables(&sheet, &[roster()], "镇.xlsx", &ColumnChoices::default());
    let offered: Vec<Vec<(String, String)>> = reading
        .tables
        .iter()
        .map(|table| {
            let section = table.section.as_ref().expect("a place to be named");
            assert_eq!((section.column, table.rows.len()), (0, 1));
            let texts = section.texts.iter();
            texts
                .map(|(text, at)| {
                    (
                        text.clone(),
                        at.map(|at| at.to_string()).unwrap_or_default(),
                    )
                })
                .collect()
        })
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let names = [pair("大石村", ""), pair("镇.xlsx", "")];
    let first = [&[pair("大石村干部花名册", "A1")], &names[..]].concat();
    let second = [&[pair("青山村干部花名册", "A4")], &names[..]].concat();
    assert_eq!(offered, [first, second]);
    // Where nothing speaks of the form, a sheet without the column stays set aside.
    let other = Sheet::from_rows("s", &[vec!["姓名", "职务"], vec!["张三", "书记"]]);
    let reading = match_tables(&other, &[roster()], "f", &ColumnChoices::default());
    assert_eq!(reading.set_aside.map(|f| f.code).as_deref(), Some("D120"));
}

#[test]
fn beside_a_column_that_is_there_a_line_is_only_a_line() {
    let table = read(
        roster(),
        &[
            vec!["姓名", "村", "职务"],
            vec!["一、城区片区"],
            vec!["张三", "大石村", "书记"],
            vec!["二、山区片区"],
            vec!["王五", "青山村", "书记"],
        ],
    );
    assert_eq!(values(&table, 1), ["张三", "王五"]);
    assert_eq!(values(&table, 0), ["大石村", "青山村"]);
}
