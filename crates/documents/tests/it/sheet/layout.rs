//! Where tables lie on a sheet: beside each other, one under the other, beside something that is none.

use super::forms::{fields, roster, values};
use documents::sheet::{
    ColumnChoice, ColumnChoices, Form, Merge, Sheet, SheetReading, match_tables,
};

fn merge(top: usize, left: usize, bottom: usize, right: usize) -> Merge {
    Merge {
        top,
        left,
        bottom,
        right,
    }
}

fn read_all(sheet: &Sheet, forms: &[Form]) -> SheetReading {
    match_tables(sheet, forms, "册.xlsx", &ColumnChoices::default())
}

/// Form, title, date, rows of each table.
fn told(reading: &SheetReading) -> Vec<(usize, String, String, usize)> {
    let tables = reading.tables.iter();
    tables
        .map(|table| {
            let date = table.date.map(|date| date.written.to_string());
            (
                table.form,
                table.title.replace('\n', "|"),
                date.unwrap_or_default(),
                table.rows.len(),
            )
        })
        .collect()
}

fn table(form: usize, title: &str, date: &str, rows: usize) -> (usize, String, String, usize) {
    (form, title.to_owned(), date.to_owned(), rows)
}

#[test]
fn two_tables_beside_each_other_are_two_tables() {
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec![
                "干部花名册（2022年10月）",
                "",
                "",
                "",
                "地块台账（2022年11月）",
            ],
            vec!["村", "姓名", "职务", "", "村", "编号", "面积（公顷）"],
            vec!["大石村", "张三", "书记", "", "大石村", "01", "1"],
            vec!["", "李四", "委员", "", "", "02", "2"],
            vec!["合计", "2人", "", "", "青山村", "03", "3"],
            vec!["", "", "", "", "合计", "", "6"],
        ],
    );
    let reading = read_all(&sheet, &[fields(), roster()]);
    assert_eq!(
        told(&reading),
        [
            table(1, "干部花名册（2022年10月）", "2022-10", 2),
            table(0, "地块台账（2022年11月）", "2022-11", 3)
        ]
    );
    assert_eq!(
        values(&reading.tables[1], 2),
        ["150000", "300000", "450000"]
    );
    assert_eq!(
        reading.tables[1].rows.at(1).values[0].cell.to_string(),
        "E3"
    );
    assert_eq!(reading.tables[0].totals.len(), 1);
    assert!(reading.tables.iter().all(|table| table.findings.is_empty()));
}

#[test]
fn a_title_over_both_is_the_title_of_each() {
    let mut sheet = Sheet::from_rows(
        "表",
        &[
            vec!["地块台账"],
            vec!["", "", "", "", "", "填报日期：2022年12月26日"],
            vec!["村", "编号", "面积", "", "村", "编号", "面积"],
            vec!["大石村", "01", "1", "", "青山村", "01", "2"],
            vec!["", "02", "2", "", "", "02", "3"],
            vec!["注：以上为初步数"],
        ],
    );
    sheet.merges = vec![merge(0, 0, 0, 6), merge(5, 0, 5, 6)];
    let title = "地块台账|填报日期：2022年12月26日";
    let reading = read_all(&sheet, &[fields(), roster()]);
    let expected = [
        table(0, title, "2022-12-26", 2),
        table(0, title, "2022-12-26", 2),
    ];
    assert_eq!(told(&reading), expected);
}

#[test]
fn a_header_that_begins_again_begins_another_table() {
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec!["序号", "村", "面积", "序号", "村", "面积"],
            vec!["1", "大石村", "1", "3", "青山村", "3"],
            vec!["2", "", "2", "4", "", "4"],
        ],
    );
    let reading = read_all(&sheet, &[fields()]);
    assert_eq!(told(&reading), [table(0, "", "", 2), table(0, "", "", 2)]);
    assert_eq!(values(&reading.tables[1], 0), ["青山村", "青山村"]);
    assert_eq!(
        reading.tables[1].rows.at(0).values[2].cell.to_string(),
        "F2"
    );
}

#[test]
fn tables_beside_each_other_may_begin_at_different_rows() {
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec!["干部花名册"],
            vec!["村", "姓名", "职务"],
            vec!["大石村", "张三", "书记", "", "地块台账"],
            vec!["", "李四", "委员", "", "村", "编号", "面积"],
            vec!["", "王五", "委员", "", "大石村", "01", "1"],
            vec!["", "赵六", "委员", "", "", "02", "2"],
            vec!["", "", "", "", "", "03", "4"],
        ],
    );
    let reading = read_all(&sheet, &[fields(), roster()]);
    let expected = [table(1, "干部花名册", "", 4), table(0, "地块台账", "", 3)];
    assert_eq!(told(&reading), expected);
}

#[test]
fn a_legend_beside_a_table_is_no_part_of_it() {
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec!["村", "编号", "面积", "", "图例", "说明"],
            vec!["大石村", "01", "1", "", "红", "未验收"],
            vec!["", "02", "2", "", "绿", "已验收"],
            vec!["", "", "", "", "合计", "3"],
            vec!["", "03", "4"],
        ],
    );
    let reading = read_all(&sheet, &[fields()]);
    assert_eq!(told(&reading), [table(0, "", "", 3)]);
    assert_eq!(reading.tables[0].totals, []);
    assert_eq!(reading.tables[0].unmapped, []);
    assert!(reading.tables[0].findings.is_empty());
}

#[test]
fn what_is_under_two_tables_is_read_in_full_width() {
    let mut sheet = Sheet::from_rows(
        "表",
        &[
            vec!["村", "编号", "面积", "", "村", "编号", "面积"],
            vec!["大石村", "01", "1", "", "青山村", "01", "2"],
            vec!["大石村", "02", "1", "", "青山村", "02", "2"],
            vec![],
            vec!["干部花名册"],
            vec!["序号", "村", "性别", "姓名", "年龄", "职务", "备注"],
            vec!["1", "大石村", "男", "张三", "40", "书记", ""],
        ],
    );
    sheet.merges = vec![merge(4, 0, 4, 6)];
    let reading = read_all(&sheet, &[fields(), roster()]);
    let expected = [
        table(0, "", "", 2),
        table(0, "", "", 2),
        table(1, "干部花名册", "", 1),
    ];
    assert_eq!(told(&reading), expected);
}

#[test]
fn an_empty_column_inside_a_table_parts_nothing() {
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec!["村", "", "编号", "", "面积"],
            vec!["大石村", "", "01", "旱", "1"],
            vec!["", "", "02", "", "2"],
        ],
    );
    let reading = read_all(&sheet, &[fields()]);
    assert_eq!(told(&reading), [table(0, "", "", 2)]);
    assert_eq!(values(&reading.tables[0], 1), ["01", "02"]);
}

#[test]
fn a_stray_remark_beside_a_table_cuts_nothing() {
    let sheet = Sheet::from_rows(
        "表",
        &[
            vec!["村", "编号", "面积"],
            vec!["大石村", "01", "1"],
            vec!["", "02", "2", "", "已核"],
            vec!["", "03", "3", "核", "x"],
            vec!["", "04", "4"],
        ],
    );
    let reading = read_all(&sheet, &[fields()]);
    assert_eq!(told(&reading), [table(0, "", "", 4)]);
}

#[test]
fn tables_under_each_other_need_no_blank_row() {
    let rows = [
        vec!["一、干部花名册（2022年10月）"],
        vec!["村", "姓名", "职务"],
        vec!["大石村", "张三", "书记"],
        vec!["合计", "1人"],
        vec!["注：空缺不计"],
        vec!["二、地块台账"],
        vec!["截至2022年11月30日"],
        vec!["村", "编号", "面积"],
        vec!["青山村", "01", "3"],
        vec!["三、地块台账（续）"],
        vec!["村", "编号", "面积"],
        vec!["大石村", "02", "4"],
    ];
    let reading = read_all(&Sheet::from_rows("表", &rows), &[fields(), roster()]);
    let told = told(&reading);
    assert_eq!(
        told[0],
        table(1, "一、干部花名册（2022年10月）", "2022-10", 1)
    );
    assert_eq!(
        told[1],
        table(0, "二、地块台账|截至2022年11月30日", "2022-11-30", 1)
    );
    assert_eq!(told[2], table(0, "三、地块台账（续）", "", 1));
}

#[test]
fn a_hidden_sheet_and_an_old_version_wait_until_somebody_asks_for_them() {
    let rows = [vec!["村", "姓名", "职务"], vec!["大石村", "张三", "书记"]];
    let aside = |sheet: &Sheet, form: Form, choices: &ColumnChoices| {
        let reading = match_tables(sheet, &[form], "册.xlsx", choices);
        assert_eq!(reading.tables.is_empty(), reading.set_aside.is_some());
        reading.set_aside.map(|finding| finding.code)
    };
    let none = ColumnChoices::default();
    let mut hidden = Sheet::from_rows("表", &rows);
    hidden.hidden = true;
    assert_eq!(aside(&hidden, roster(), &none).as_deref(), Some("D180"));
    let choice = ColumnChoice {
        form: None,
        sheet: "表".to_owned(),
        header: "姓名".to_owned(),
        column: Some("name".to_owned()),
    };
    assert_eq!(aside(&hidden, roster(), &ColumnChoices(vec![choice])), None);
    let old = Sheet::from_rows("花名册（旧）", &rows);
    assert_eq!(aside(&old, roster(), &none).as_deref(), Some("D181"));
    // The former term's is no old version, and a form may claim the word for its own.
    assert_eq!(
        aside(&Sheet::from_rows("上届", &rows), roster(), &none),
        None
    );
    let mut own = roster();
    own.names.push("旧".to_owned());
    assert_eq!(aside(&old, own, &none), None);
    // A csv is called by its file, and whoever gave the file meant it.
    assert_eq!(aside(&Sheet::from_rows("册", &rows), roster(), &none), None);
}

#[test]
fn what_is_hidden_and_counts_is_said() {
    let rows = [
        vec!["村", "姓名", "职务"],
        vec!["大石村", "张三", "书记"],
        vec!["大石村", "李四", "委员"],
        vec!["大石村", "王五", "委员"],
    ];
    let mut sheet = Sheet::from_rows("表", &rows);
    sheet.hidden_rows = vec![1, 2];
    sheet.hidden_columns = vec![2];
    let reading = read_all(&sheet, &[roster()]);
    let table = &reading.tables[0];
    assert_eq!(table.rows.len(), 3);
    let said: Vec<(&str, Option<&str>)> = table
        .findings
        .iter()
        .map(|finding| (finding.code.as_str(), finding.cell.as_deref()))
        .collect();
    assert_eq!(said, [("D182", Some("A2")), ("D183", Some("C1"))]);
    assert!(
        table.findings[0].said.contains("2–3"),
        "{}",
        table.findings[0].said
    );
}

#[test]
fn a_line_of_merged_remarks_over_the_header_is_no_level_of_it() {
    let mut sheet = Sheet::from_rows(
        "表",
        &[
            vec!["干部花名册"],
            vec!["填报单位：某镇", "", "填报日期：2022年12月26日"],
            vec!["村", "姓名", "性别", "职务"],
            vec!["大石村", "张三", "男", "书记"],
        ],
    );
    sheet.merges = vec![merge(0, 0, 0, 3), merge(1, 0, 1, 1), merge(1, 2, 1, 3)];
    let reading = read_all(&sheet, &[roster()]);
    assert_eq!(reading.tables[0].header_first, 3);
    let date = reading.tables[0].date.map(|date| date.written.to_string());
    assert_eq!(date.as_deref(), Some("2022-12-26"));
}

#[test]
fn a_hostile_sheet_is_done_with_soon() {
    let words = ["村", "姓名", "职务", "编号"];
    let wide: Vec<&str> = words.iter().copied().cycle().take(16_384).collect();
    let rows: Vec<Vec<&str>> = (0..30).map(|_| wide.clone()).collect();
    let began = std::time::Instant::now();
    read_all(&Sheet::from_rows("宽", &rows), &[fields(), roster()]);
    let many: Vec<Vec<&str>> = (0..20_000)
        .map(|row| {
            if row % 2 == 0 {
                vec!["村", "姓名"]
            } else {
                vec!["一、大石村"]
            }
        })
        .collect();
    read_all(&Sheet::from_rows("长", &many), &[fields(), roster()]);
    let took = began.elapsed();
    assert!(took.as_secs() < 60, "{took:?} without optimisation");
}
