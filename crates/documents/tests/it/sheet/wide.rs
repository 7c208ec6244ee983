//! Wide tables: places down; years, crops or seasons across.

use super::forms::{codes, column, form, only, read, values};
use documents::sheet::{
    Across, ColumnChoice, ColumnChoices, Form, FormColumn, Limits, Merge, Sheet, Table,
    match_tables, open,
};
use std::path::Path;
use vocabulary::{FieldType, FindingClass};

fn across(column: FormColumn, across: Across) -> FormColumn {
    FormColumn {
        across: Some(across),
        ..column
    }
}

fn village() -> FormColumn {
    column("village!v", FieldType::Text, &["村（社区）", "村"])
}

fn year(kind: FieldType) -> FormColumn {
    across(column("year", kind, &["年份"]), Across::Key)
}

fn crop() -> FormColumn {
    let words = [
        ("小麦", "wheat"),
        ("洋芋", "potato"),
        ("油菜", "rape"),
        ("大豆", "soy"),
    ];
    across(codes("crop", &["作物"], &words), Across::Key)
}

fn season() -> FormColumn {
    let words = [
        ("小春", "spring"),
        ("小春作物", "spring"),
        ("大春", "autumn"),
        ("大春作物", "autumn"),
    ];
    across(codes("season", &["季节"], &words), Across::Key)
}

fn area(headers: &[&str]) -> FormColumn {
    let mut area = column("area", FieldType::Area, headers);
    area.unit = Some("亩".to_owned());
    across(area, Across::Value)
}

fn income() -> Form {
    let income = across(column("income", FieldType::Int, &["收入"]), Across::Value);
    form(
        "income",
        &["收入"],
        vec![village(), year(FieldType::Int), income],
    )
}

fn sown() -> Form {
    let columns = vec![village(), season(), crop(), area(&["面积", "播面"])];
    form("sown", &["播种面积"], columns)
}

/// Each record as one text.
fn records(table: &Table) -> Vec<String> {
    let width = table
        .rows
        .iter()
        .map(|row| row.values.len())
        .max()
        .unwrap_or(0);
    let columns: Vec<Vec<String>> = (0..width).map(|column| values(table, column)).collect();
    (0..table.rows.len())
        .map(|row| {
            columns
                .iter()
                .map(|c| c[row].as_str())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

fn said(table: &Table) -> Vec<(&str, Option<&str>)> {
    let findings = table.findings.iter();
    findings
        .map(|f| (f.code.as_str(), f.cell.as_deref()))
        .collect()
}

#[test]
fn one_level_of_years() {
    let table = read(
        income(),
        &[
            vec!["某镇村级收入统计表"],
            vec!["序号", "村", "2021年", "2022年", "备注"],
            vec!["1", "上坪村", "5", "0", ""],
            vec!["2", "石梁村", "", "7", "新增"],
            vec!["3", "青山村", "", "", ""],
            vec!["合计", "", "5", "7", ""],
        ],
    );
    assert_eq!(
        records(&table),
        ["上坪村 2021 5", "上坪村 2022 0", "石梁村 2022 7"]
    );
    assert_eq!(said(&table), []);
    let row = table.rows.at(2);
    let cells: Vec<String> = row
        .values
        .iter()
        .map(|value| value.cell.to_string())
        .collect();
    assert_eq!(
        (row.number, cells),
        (4, ["B4", "D2", "D4"].map(str::to_owned).to_vec())
    );
    let used: Vec<(usize, usize)> = table
        .mapping
        .iter()
        .map(|m| (m.column, m.sheet_column))
        .collect();
    assert_eq!(used, [(0, 1), (2, 2), (2, 3)]);
    assert_eq!(table.totals.len(), 1);
}

#[test]
fn a_year_may_be_a_date_and_its_header_a_number() {
    let mut form = income();
    form.columns[1] = year(FieldType::Date);
    let table = read(
        form,
        &[
            vec!["村", "2021", "2022（万元）", "2022.5"],
            vec!["上坪村", "5", "6", "7"],
        ],
    );
    assert_eq!(records(&table), ["上坪村 20210000 5", "上坪村 20220000 6"]);
}

#[test]
fn two_levels_and_what_is_beside() {
    let kind = across(
        codes("kind", &["类别"], &[("收入", "in"), ("支出", "out")]),
        Across::Key,
    );
    let money = across(column("money", FieldType::Int, &[]), Across::Value);
    let form = form(
        "money",
        &["收支"],
        vec![village(), year(FieldType::Int), kind, money],
    );
    let rows = [
        vec!["村", "2021年", "", "", "2022年", "", "", "增幅"],
        vec!["", "收入", "支出", "合计", "收入", "支出", "合计", ""],
        vec!["上坪村", "5", "3", "8", "6", "1", "9", "10%"],
        vec!["合计", "5", "3", "8", "6", "2", "9", ""],
    ];
    // As a csv, which has lost its merges.
    let table = read(form.clone(), &rows);
    let expected = [
        "上坪村 2021 in 5",
        "上坪村 2021 out 3",
        "上坪村 2022 in 6",
        "上坪村 2022 out 1",
    ];
    assert_eq!(records(&table), expected);
    assert_eq!(said(&table), [("D158", Some("G3")), ("D125", Some("F4"))]);
    assert!(
        table
            .findings
            .iter()
            .all(|f| f.class == FindingClass::Total)
    );
    let unused: Vec<&str> = table.unmapped.iter().map(|u| u.header.as_str()).collect();
    assert_eq!(unused, ["增幅"]);
    // Merged, with the columns in another order.
    let mut sheet = Sheet::from_rows(
        "表",
        &[
            vec!["2022年", "", "村", "2021年", ""],
            vec!["支出", "收入", "", "收入", "支出"],
            vec!["1", "6", "上坪村", "5", "3"],
        ],
    );
    let merge = |top, left, bottom, right| Merge {
        top,
        left,
        bottom,
        right,
    };
    sheet.merges = vec![merge(0, 0, 0, 1), merge(0, 3, 0, 4), merge(0, 2, 1, 2)];
    let table = only(match_tables(
        &sheet,
        &[form],
        "f",
        &ColumnChoices::default(),
    ));
    let mut found = records(&table);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn season_crop_and_measure() {
    let mut form = sown();
    form.columns.push(across(
        column("more", FieldType::Area, &["其中：扩面"]),
        Across::Value,
    ));
    form.columns[4].unit = Some("亩".to_owned());
    let rows = [
        vec!["村", "小春作物", "", "大春作物", "", ""],
        vec!["", "小麦", "油菜", "大豆", "", "小计"],
        vec!["", "", "", "播面", "其中：扩面", ""],
        vec!["上坪村", "504", "876", "250", "50亩", "250"],
    ];
    let table = read(form, &rows);
    let mu = |text: &str| text.to_owned();
    assert_eq!(
        records(&table),
        [
            mu("上坪村 spring wheat 5040000 "),
            mu("上坪村 spring rape 8760000 "),
            mu("上坪村 autumn soy 2500000 500000"),
        ]
    );
    assert_eq!(said(&table), []);
    // Without a column that names it, a part of another is not taken for it.
    let table = read(sown(), &rows);
    assert_eq!(records(&table).len(), 3);
    let unused: Vec<&str> = table.unmapped.iter().map(|u| u.header.as_str()).collect();
    assert_eq!(unused, ["大春作物>大豆>其中：扩面"]);
}

#[test]
fn sums_across_and_down_are_compared_and_are_no_records() {
    let form = form(
        "sown",
        &["播种面积"],
        vec![village(), season(), crop(), area(&[])],
    );
    let table = read(
        form,
        &[
            vec!["村", "小春", "", "", "大春", "", "", "洋芋合计", "总计"],
            vec!["", "小麦", "洋芋", "小计", "洋芋", "大豆", "小计", "", ""],
            vec!["上坪村", "1", "2", "3", "4", "5", "9", "7", "12"],
            vec!["石梁村", "1", "2", "3", "4", "5", "9", "6", "12"],
            vec!["小计", "2", "4", "6", "8", "10", "18", "13", "25"],
        ],
    );
    assert_eq!(table.rows.len(), 8);
    assert_eq!(said(&table), [("D158", Some("H3")), ("D125", Some("I5"))]);
    let finding = &table.findings[0];
    assert!(
        finding.said.contains("洋芋合计") && finding.said.contains('7'),
        "{}",
        finding.said
    );
}

#[test]
fn an_unknown_word_is_said_once_with_the_nearest() {
    let rows = [
        vec!["村", "小春作物", "", "", "备注"],
        vec!["", "小麦", "小洋芋", "油菜", ""],
        vec!["上坪村", "1", "2", "3", "4户"],
        vec!["石梁村", "1", "2", "3", ""],
    ];
    let table = read(sown(), &rows);
    assert_eq!(table.rows.len(), 4);
    assert_eq!(said(&table), [("D157", Some("C2"))]);
    let finding = &table.findings[0];
    assert_eq!(finding.class, FindingClass::Rejected);
    assert!(finding.next.contains("洋芋"), "{}", finding.next);
    // A clerk says that it is not used.
    let choices = ColumnChoices(vec![ColumnChoice {
        form: None,
        sheet: String::new(),
        header: "小洋芋".to_owned(),
        column: None,
    }]);
    let sheet = Sheet::from_rows("表", &rows);
    let table = only(match_tables(&sheet, &[sown()], "f", &choices));
    assert_eq!((table.rows.len(), said(&table)), (4, vec![]));
}

#[test]
fn a_heading_over_the_block_is_allowed_and_two_are_not() {
    let columns = vec![village(), crop(), area(&["面积"])];
    let form = form("crops", &["作物"], columns);
    let mut sheet = Sheet::from_rows(
        "表",
        &[
            vec!["村", "2022年面积（公顷）", "", "备注"],
            vec!["", "小麦", "洋芋", ""],
            vec!["上坪村", "1", "2", ""],
        ],
    );
    let merge = |top, left, bottom, right| Merge {
        top,
        left,
        bottom,
        right,
    };
    sheet.merges = vec![merge(0, 0, 1, 0), merge(0, 1, 0, 2), merge(0, 3, 1, 3)];
    let reading = match_tables(
        &sheet,
        std::slice::from_ref(&form),
        "f",
        &ColumnChoices::default(),
    );
    let table = only(reading);
    assert_eq!(
        records(&table),
        ["上坪村 wheat 150000 ", "上坪村 potato 300000 "].map(str::trim_end)
    );
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec!["村", "计划", "", "实际", ""],
            vec!["", "小麦", "洋芋", "小麦", "洋芋"],
            vec!["上坪村", "1", "2", "1", "2"],
        ],
    );
    let reading = match_tables(&sheet, &[form], "f", &ColumnChoices::default());
    assert!(reading.tables.is_empty() && reading.set_aside.is_some());
}

#[test]
fn two_columns_of_one_word() {
    let columns = vec![village(), crop(), area(&["面积"])];
    let table = read(
        form("crops", &["作物"], columns),
        &[
            vec!["村", "小麦", "洋芋", "小麦"],
            vec!["上坪村", "1", "2", "3"],
        ],
    );
    assert_eq!(
        records(&table),
        ["上坪村 wheat 10000", "上坪村 potato 20000"]
    );
    assert_eq!(said(&table), [("D159", Some("D1"))]);
}

#[test]
fn a_key_may_stand_in_a_column_or_in_the_title() {
    let columns = vec![village(), year(FieldType::Int), crop(), area(&["面积"])];
    let form = form("crops", &["播种面积"], columns);
    let table = read(
        form.clone(),
        &[
            vec!["某镇2021年播种面积统计表"],
            vec!["村", "小麦", "洋芋"],
            vec!["上坪村", "1", "2"],
        ],
    );
    assert_eq!(
        records(&table),
        ["上坪村 2021 wheat 10000", "上坪村 2021 potato 20000"]
    );
    assert_eq!(table.rows.at(0).values[1].cell.to_string(), "A1");
    let table = read(
        form.clone(),
        &[
            vec!["村", "作物", "2021年", "2022年"],
            vec!["上坪村", "小麦", "1", "2"],
        ],
    );
    assert_eq!(
        records(&table),
        ["上坪村 2021 wheat 10000", "上坪村 2022 wheat 20000"]
    );
    // All of them as columns: a long table.
    let table = read(
        form.clone(),
        &[
            vec!["村", "年份", "作物", "面积"],
            vec!["上坪村", "2021", "小麦", "1"],
        ],
    );
    assert_eq!(records(&table), ["上坪村 2021 wheat 10000"]);
    let sheet = Sheet::from_rows(
        "表",
        &[vec!["村", "小麦", "洋芋"], vec!["上坪村", "1", "2"]],
    );
    let reading = match_tables(&sheet, &[form], "f", &ColumnChoices::default());
    assert!(reading.tables.is_empty(), "no year anywhere");
}

#[test]
fn a_cell_that_cannot_be_read_leaves_its_value_unknown() {
    let table = read(
        income(),
        &[
            vec!["村", "2021年", "2022年"],
            vec!["上坪村", "很多", "6"],
            vec!["石梁村", "/", "—"],
            vec!["青山村", "1", "2"],
        ],
    );
    assert_eq!(records(&table)[..2], ["上坪村 2021 ", "上坪村 2022 6"]);
    assert!(said(&table) == [("D103", Some("B2"))], "{:?}", said(&table));
    assert!(table.rows.at(0).values[2].rejected);
}

fn example(name: &str) -> Option<documents::sheet::Workbook> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/qinghe")
        .join(name);
    let bytes = std::fs::read(&path).ok()?;
    Some(open(&path, &bytes, &Limits::default()).expect("a workbook"))
}

/// The sum of a column over the records whose other columns hold these words.
fn sum(table: &Table, column: usize, of: &[(usize, &str)]) -> i64 {
    let rows = table.rows.iter();
    let rows = rows.filter(|row| {
        of.iter()
            .all(|(at, word)| row.values[*at].value.to_string() == *word)
    });
    rows.filter_map(|row| row.values[column].value.as_int())
        .sum()
}

#[test]
fn the_example_of_crops() {
    let Some(book) = example("2022年粮油作物播种面积统计表.xlsx") else {
        return;
    };
    let crops = [
        "小麦",
        "洋芋",
        "油菜",
        "水稻",
        "玉米",
        "红苕",
        "大豆",
        "秋洋芋",
        "高粱",
        "花生",
    ];
    let crops: Vec<(&str, &str)> = crops.iter().map(|word| (*word, *word)).collect();
    let classes = [
        ("粮食作物", "grain"),
        ("粮食", "grain"),
        ("油料作物", "oil"),
        ("油料", "oil"),
    ];
    let mut more = column("more", FieldType::Area, &["其中：扩面"]);
    more.unit = Some("亩".to_owned());
    let form = form(
        "sown",
        &["播种面积"],
        vec![
            village(),
            year(FieldType::Int),
            season(),
            across(codes("class", &["类别"], &classes), Across::Key),
            across(codes("crop", &["作物"], &crops), Across::Key),
            area(&["播面"]),
            across(more, Across::Value),
        ],
    );
    let tables: Vec<Table> = book
        .sheets
        .iter()
        .map(|sheet| {
            only(match_tables(
                sheet,
                std::slice::from_ref(&form),
                &book.file,
                &ColumnChoices::default(),
            ))
        })
        .collect();
    let now = tables
        .iter()
        .find(|t| t.title.contains("2022年粮油"))
        .expect("the year's sheet");
    assert_eq!(sum(now, 5, &[(1, "2022"), (3, "grain")]), 648_100_000);
    assert_eq!(sum(now, 5, &[(4, "油菜")]), 128_175_000);
    assert_eq!(sum(now, 5, &[(4, "大豆")]), 37_350_000);
    assert_eq!(sum(now, 6, &[]), 11_270_000);
    for table in &tables {
        let found: Vec<_> = table
            .findings
            .iter()
            .map(|f| (&f.code, &f.cell, &f.said))
            .collect();
        assert!(
            table
                .findings
                .iter()
                .all(|f| f.class != FindingClass::Rejected),
            "{found:?}"
        );
        assert_eq!(table.totals.len(), 4);
        let unused: Vec<&str> = table.unmapped.iter().map(|u| u.header.as_str()).collect();
        assert_eq!(unused, ["序号", "备注"], "{found:?}");
    }
    let before = tables
        .iter()
        .find(|t| t.title.contains("2021年粮油"))
        .expect("the other sheet");
    assert_eq!(sum(before, 5, &[(1, "2021"), (3, "grain")]), 613_760_000);
}

#[test]
fn the_example_of_incomes() {
    let Some(book) = example("村集体经济收入统计表（2021-2022）.xlsx") else {
        return;
    };
    let kinds = [
        ("资源发包", "lease"),
        ("经营收入", "trade"),
        ("其他收入", "other"),
    ];
    let form = form(
        "collective",
        &["集体经济"],
        vec![
            village(),
            year(FieldType::Int),
            across(codes("kind", &["类别"], &kinds), Across::Key),
            across(column("income", FieldType::Money, &[]), Across::Value),
        ],
    );
    let table = only(match_tables(
        &book.sheets[0],
        &[form],
        &book.file,
        &ColumnChoices::default(),
    ));
    assert_eq!(table.rows.len(), 22 * 6);
    // One typed sum is not that of its parts.
    let found: Vec<_> = table
        .findings
        .iter()
        .map(|f| (&*f.code, f.cell.as_deref()))
        .collect();
    assert_eq!(found, [("D158", Some("J11"))]);
    // What the example's answers count are the sums as typed: they are then a value of their own.
    let value =
        |name: &str, word: &str| across(column(name, FieldType::Money, &[word]), Across::Value);
    let form = super::forms::form(
        "collective",
        &["集体经济"],
        vec![
            village(),
            year(FieldType::Int),
            value("all", "合计"),
            value("lease", "资源发包"),
            value("trade", "经营收入"),
            value("other", "其他收入"),
        ],
    );
    let table = only(match_tables(
        &book.sheets[0],
        &[form],
        &book.file,
        &ColumnChoices::default(),
    ));
    assert_eq!(table.rows.len(), 22 * 2);
    let villages: std::collections::BTreeSet<String> = values(&table, 0).into_iter().collect();
    assert_eq!(villages.len(), 22);
    let of = |village: &str, year: &str| sum(&table, 2, &[(0, village), (1, year)]);
    // More than a tenth, and below fifty thousand yuan.
    let grown = villages
        .iter()
        .filter(|v| (of(v, "2022") - of(v, "2021")) * 10 > of(v, "2021"));
    let below = villages.iter().filter(|v| of(v, "2022") < 5_000_000);
    assert_eq!((grown.count(), below.count()), (18, 13));
    assert!(table.findings.is_empty(), "{:?}", table.findings);
}
