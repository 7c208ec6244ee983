//! One kind of mess at a time.

use super::forms::{column, fields, form, only, read, roster, values};
use documents::sheet::{
    Cell, ColumnChoice, ColumnChoices, MapReason, Merge, Note, Sheet, match_tables,
};
use vocabulary::{FieldType, FindingClass, Value};

fn codes_of(table: &documents::sheet::Table) -> Vec<(&str, Option<&str>)> {
    table
        .findings
        .iter()
        .map(|f| (f.code.as_str(), f.cell.as_deref()))
        .collect()
}

#[test]
fn a_title_lines_blanks_repeats_totals_and_notes_are_no_records() {
    let table = read(
        fields(),
        &[
            vec!["某镇地块台账"],
            vec!["填报日期：2022年12月26日   单位：亩"],
            vec!["序　号", "村", "编号", "面 积"],
            vec!["1", "大石村", "01", "3.2亩"],
            vec!["2", "", "02", "5分"],
            vec!["小计", "", "", "3.7"],
            vec![],
            vec!["序号", "村", "编号", "面积"],
            vec!["3", "", "03", "0.3公顷"],
            vec!["4", "青山村", "04", "2亩3分"],
            vec!["5"],
            vec!["", "小 计", "", "6.8"],
            vec!["合计", "", "", "10.5"],
            vec!["注：面积以亩为单位。"],
            vec!["填表人：某某", "", "审核人：某某"],
        ],
    );
    assert_eq!(values(&table, 0), ["大石村", "大石村", "大石村", "青山村"]);
    assert_eq!(values(&table, 2), ["32000", "5000", "45000", "23000"]);
    assert_eq!(table.rows.at(1).values[0].cell.to_string(), "B4");
    let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [4, 5, 9, 10]);
    assert_eq!((table.totals.len(), table.notes.len()), (3, 2));
    assert_eq!(codes_of(&table), []);
    assert_eq!((table.body_first, table.body_last), (4, 13));
    assert_eq!(table.unmapped[0].header, "序号");
}

#[test]
fn a_total_after_the_last_part_is_held_against_all_rows() {
    // “全校合计” only ends like the word of a whole: no list of words knows every kind of house.
    let table = read(
        fields(),
        &[
            vec!["村", "编号", "面积（公顷）"],
            vec!["大石村", "01", "1"],
            vec!["小计", "", "1"],
            vec!["青山村", "02", "2"],
            vec!["小计", "", "2"],
            vec!["全校合计", "", "4"],
        ],
    );
    assert_eq!(codes_of(&table), [("D125", Some("C6"))]);
    let said = &table.findings[0].said;
    assert!(said.contains("60") && said.contains("45"), "{said}");
}

#[test]
fn a_total_that_disagrees_names_its_cell() {
    let table = read(
        fields(),
        &[
            vec!["村", "编号", "面积（公顷）"],
            vec!["大石村", "01", "1"],
            vec!["", "02", "2"],
            vec!["合计", "", "4"],
        ],
    );
    assert_eq!(values(&table, 2), ["150000", "300000"]);
    assert_eq!(codes_of(&table), [("D125", Some("C4"))]);
    let finding = &table.findings[0];
    assert_eq!(finding.class, FindingClass::Total);
    assert!(
        finding.said.contains("60") && finding.said.contains("45"),
        "{}",
        finding.said
    );
}

#[test]
fn a_count_at_the_foot_is_compared() {
    let rows = |count| {
        vec![
            vec!["村", "姓名", "身份证号"],
            vec!["大石村", "张三", ""],
            vec!["合计", count, ""],
        ]
    };
    assert_eq!(codes_of(&read(roster(), &rows("1人"))), []);
    assert_eq!(
        codes_of(&read(roster(), &rows("2人"))),
        [("D126", Some("B3"))]
    );
}

#[test]
fn cells_merged_down_keep_the_cell_they_were_written_in() {
    let mut sheet = Sheet::from_rows(
        "s",
        &[
            vec!["村", "姓名", "职务"],
            vec!["大石村", "张三", "书记"],
            vec!["", "李四", ""],
            vec!["", "王五", ""],
            vec!["青山村", "赵六", "委员"],
        ],
    );
    let merge = |top, left, bottom| Merge {
        top,
        left,
        bottom,
        right: left,
    };
    sheet.merges = vec![merge(1, 0, 3), merge(1, 2, 2)];
    let table = only(match_tables(
        &sheet,
        &[roster()],
        "f",
        &ColumnChoices::default(),
    ));
    assert_eq!(values(&table, 0), ["大石村", "大石村", "大石村", "青山村"]);
    // Post is merged over two rows only, and is no column that fills down by itself.
    assert_eq!(values(&table, 5), ["书记", "书记", "", "委员"]);
    assert_eq!(table.rows.at(1).values[5].cell.to_string(), "C2");
}

#[test]
fn vacant_rows_are_known_by_their_word() {
    let table = read(
        roster(),
        &[
            vec!["村", "姓 名", "出生年月", "职务"],
            vec!["大石村", "（空 缺）", "", "委员"],
            vec!["大石村", "暂缺", "暂缺", "委员"],
        ],
    );
    let vacant: Vec<bool> = table.rows.iter().map(|row| row.vacant).collect();
    // Brackets are no part of the declared word.
    assert_eq!(vacant, [false, true]);
    assert_eq!(table.rows.at(1).values[1].value, Value::Null);
    assert_eq!(codes_of(&table), []);
}

#[test]
fn rejected_cells_are_named_and_the_row_stays() {
    let mut sheet = Sheet::from_rows(
        "名册",
        &[
            vec!["村", "姓名", "出生年月", "身份证号", "是否常职"],
            vec!["大石村", "张三", "1985.13", "110105194912310021", "也许"],
            vec!["", "李四", "", "", ""],
        ],
    );
    sheet = sheet
        .with(2, 2, Cell::Number(1993.1))
        .with(2, 3, Cell::Number(511_726_198_901_233_000.0))
        .with(1, 5, Cell::Error("#REF!"));
    let table = only(match_tables(
        &sheet,
        &[roster()],
        "册.xlsx",
        &ColumnChoices::default(),
    ));
    let expected = [
        ("D105", Some("C2")),
        ("D109", Some("D2")),
        ("D112", Some("E2")),
        ("D107", Some("C3")),
        ("D108", Some("D3")),
        ("D186", Some("F2")),
    ];
    assert_eq!(codes_of(&table), expected);
    let finding = &table.findings[0];
    assert_eq!(finding.file.as_deref(), Some("册.xlsx"));
    assert_eq!(finding.sheet.as_deref(), Some("名册"));
    assert!(finding.said.contains("1985.13") && !finding.next.is_empty());
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.rows.at(1).values[2].note, Some(Note::LostZero));
    assert_eq!(table.rows.at(1).values[2].value, Value::Int(19_930_000));
    assert_eq!(table.rows.at(1).values[4].value, Value::Int(0));
}

#[test]
fn formula_errors_are_findings() {
    let mut sheet = Sheet::from_rows("s", &[vec!["村", "编号", "面积"], vec!["大石村", "1", "2"]]);
    sheet = sheet
        .with(1, 2, Cell::Error("#REF!"))
        .with(2, 0, Cell::text("青山村"))
        .with(2, 2, Cell::Error(Cell::UNCOMPUTED));
    let table = only(match_tables(
        &sheet,
        &[fields()],
        "f",
        &ColumnChoices::default(),
    ));
    assert_eq!(
        codes_of(&table),
        [("D101", Some("C2")), ("D102", Some("C3"))]
    );
}

#[test]
fn two_tables_on_a_sheet_are_two_tables() {
    let sheet = Sheet::from_rows(
        "s",
        &[
            vec!["甲、名册"],
            vec!["村", "姓名", "职务"],
            vec!["大石村", "张三", "书记"],
            vec![],
            vec!["乙、地块"],
            vec!["村", "编号", "面积"],
            vec!["青山村", "01", "3"],
            vec!["", "02", "4"],
        ],
    );
    let reading = match_tables(
        &sheet,
        &[fields(), roster()],
        "f",
        &ColumnChoices::default(),
    );
    let found: Vec<(usize, usize, &str)> = reading
        .tables
        .iter()
        .map(|t| (t.form, t.rows.len(), t.title.as_str()))
        .collect();
    assert_eq!(found, [(1, 1, "甲、名册"), (0, 2, "乙、地块")]);
}

#[test]
fn two_forms_that_fit_alike_are_a_question() {
    let rows = [vec!["村", "编号", "面积"], vec!["大石村", "1", "2"]];
    let sheet = Sheet::from_rows("s", &rows);
    let mut other = fields();
    other.id = "plots".to_owned();
    other.title = "plots".to_owned();
    other.names = vec!["撂荒".to_owned()];
    let forms = [fields(), other];
    let reading = match_tables(&sheet, &forms, "f", &ColumnChoices::default());
    let finding = reading.set_aside.expect("a question");
    assert_eq!(
        (finding.code.as_str(), finding.class),
        ("D121", FindingClass::Rejected)
    );
    assert!(finding.said.contains("fields") && finding.said.contains("plots"));
    // A word of the title decides.
    let named = Sheet::from_rows("撂荒地", &rows);
    assert_eq!(
        only(match_tables(&named, &forms, "f", &ColumnChoices::default())).form,
        1
    );
    // So does the clerk.
    let choice = ColumnChoice {
        form: None,
        sheet: "s".to_owned(),
        header: "面积".to_owned(),
        column: Some("plots.area".to_owned()),
    };
    let table = only(match_tables(
        &sheet,
        &forms,
        "f",
        &ColumnChoices(vec![choice]),
    ));
    assert_eq!(table.form, 1);
    assert_eq!(
        table.mapping.last().map(|m| (m.reason, m.confidence)),
        Some((MapReason::Chosen, 100))
    );
}

#[test]
fn a_word_never_seen_there_excludes_the_form() {
    let mut roster = roster();
    roster.never = vec!["第一书记".to_owned()];
    let sheet = Sheet::from_rows(
        "驻村第一书记",
        &[vec!["村", "姓名", "职务"], vec!["大石村", "张三", "书记"]],
    );
    let reading = match_tables(&sheet, &[roster], "f", &ColumnChoices::default());
    assert_eq!(reading.set_aside.map(|f| f.code).as_deref(), Some("D120"));
}

#[test]
fn a_sheet_that_lacks_a_column_says_which() {
    let sheet = Sheet::from_rows("s", &[vec!["村", "编号", "亩数"], vec!["大石村", "1", "2"]]);
    let reading = match_tables(&sheet, &[fields()], "f", &ColumnChoices::default());
    let finding = reading.set_aside.expect("set aside");
    assert!(
        finding.said.contains("面积") && finding.said.contains("fields"),
        "{}",
        finding.said
    );
    // Another kind of table that shares two columns is no fault; one that calls itself so is.
    assert_eq!(finding.class, FindingClass::Notice);
    let named = match_tables(&sheet, &[fields()], "地块.xlsx", &ColumnChoices::default());
    assert_eq!(
        named.set_aside.expect("set aside").class,
        FindingClass::Rejected
    );
    // The remedy that it names works.
    let choice = ColumnChoice {
        form: None,
        sheet: String::new(),
        header: "亩数".to_owned(),
        column: Some("area".to_owned()),
    };
    let table = only(match_tables(
        &sheet,
        &[fields()],
        "f",
        &ColumnChoices(vec![choice]),
    ));
    assert_eq!(values(&table, 2), ["20000"]);
}

#[test]
fn a_path_outranks_a_bare_word() {
    let form = form(
        "f",
        &[],
        vec![
            column("education", FieldType::Text, &["学历"]),
            column("full_time", FieldType::Text, &["全日制教育>学历"]),
            column("name!", FieldType::Text, &["姓名"]),
        ],
    );
    let mut sheet = Sheet::from_rows(
        "s",
        &[
            vec!["姓名", "全日制教育", "", "在职教育"],
            vec!["", "学历", "院校", "学历"],
            vec!["张三", "大专", "某校", "本科"],
        ],
    );
    sheet.merges = vec![
        Merge {
            top: 0,
            left: 0,
            bottom: 1,
            right: 0,
        },
        Merge {
            top: 0,
            left: 1,
            bottom: 0,
            right: 2,
        },
    ];
    let table = only(match_tables(
        &sheet,
        &[form],
        "f",
        &ColumnChoices::default(),
    ));
    assert_eq!(
        (values(&table, 0), values(&table, 1)),
        (vec!["本科".into()], vec!["大专".into()])
    );
    assert_eq!(table.unmapped.len(), 1);
}

#[test]
fn equal_headers_take_the_first_shown_and_say_so() {
    let rows = [
        vec!["村", "编号", "面积", "面积"],
        vec!["大石村", "1", "2", "3"],
    ];
    let mut sheet = Sheet::from_rows("s", &rows);
    let table = only(match_tables(
        &sheet,
        &[fields()],
        "f",
        &ColumnChoices::default(),
    ));
    assert_eq!(values(&table, 2), ["20000"]);
    assert_eq!(codes_of(&table), [("D124", Some("C1"))]);
    sheet.hidden_columns = vec![2];
    let table = only(match_tables(
        &sheet,
        &[fields()],
        "f",
        &ColumnChoices::default(),
    ));
    assert_eq!(values(&table, 2), ["30000"]);
}

#[test]
fn a_date_without_a_year_takes_the_titles() {
    let form = form(
        "meetings",
        &[],
        vec![
            column("on!", FieldType::Date, &["会议时间"]),
            column("what!", FieldType::Text, &["会议名称"]),
        ],
    );
    let rows = |title| {
        vec![
            vec![title],
            vec!["会议时间", "会议名称"],
            vec!["3月19日", "例会"],
        ]
    };
    let table = read(form.clone(), &rows("某镇2022年会议台账"));
    assert_eq!(values(&table, 0), ["20220319"]);
    assert_eq!(table.rows.at(0).values[0].note, Some(Note::YearFromTitle));
    assert_eq!(
        codes_of(&read(form, &rows("会议台账"))),
        [("D117", Some("A3"))]
    );
}

#[test]
fn a_line_that_names_what_follows_is_no_record() {
    let table = read(
        roster(),
        &[
            vec!["某镇干部花名册"],
            vec!["村", "姓名", "职务"],
            vec!["大石村"],
            vec!["", "张三", "书记"],
            vec!["", "李四", "委员"],
            vec!["某镇干部花名册"],
            vec!["村", "姓名", "职务"],
            vec!["青山村"],
            vec!["", "王五", "书记"],
        ],
    );
    assert_eq!(values(&table, 0), ["大石村", "大石村", "青山村"]);
    assert_eq!(table.rows.at(1).values[0].cell.to_string(), "A3");
}

#[test]
fn an_error_of_a_formula_is_named_wherever_it_stands() {
    let rows = [
        vec![
            Cell::Text("村"),
            Cell::Text("编号"),
            Cell::Text("面积"),
            Cell::Text("缺口"),
        ],
        vec![
            Cell::Text("大石村"),
            Cell::Text("1"),
            Cell::Error("#DIV/0!"),
            Cell::Number(1.0),
        ],
        vec![
            Cell::Text("青山村"),
            Cell::Text("2"),
            Cell::Number(2.0),
            Cell::Error("#REF!"),
        ],
        vec![
            Cell::Text("合计"),
            Cell::Empty,
            Cell::Error("#REF!"),
            Cell::Error(Cell::UNCOMPUTED),
        ],
    ];
    let sheet = Sheet::from_cells("s", &rows);
    let table = only(match_tables(
        &sheet,
        &[fields()],
        "f",
        &ColumnChoices::default(),
    ));
    let errors = codes_of(&table)
        .into_iter()
        .filter(|(code, _)| ["D101", "D186"].contains(code));
    // The one in a row leaves its field unknown; that of a total and that of a column nobody wants are only named.
    assert_eq!(
        errors.collect::<Vec<_>>(),
        [
            ("D101", Some("C2")),
            ("D186", Some("D3")),
            ("D186", Some("C4"))
        ]
    );
    let aside = match_tables(&sheet, &[roster()], "f", &ColumnChoices::default());
    assert!(aside.tables.is_empty());
    let cells: Vec<_> = aside.beside.iter().map(|f| f.cell.as_deref()).collect();
    assert_eq!(cells, [Some("C2"), Some("D3"), Some("C4")]);
}

#[test]
fn a_blank_where_a_name_or_the_word_for_none_belongs_is_said() {
    let table = read(
        roster(),
        &[
            vec!["村", "姓名", "职务"],
            vec!["大石村", "张三", "书记"],
            vec!["大石村", "空缺", "委员"],
            vec!["大石村", "", "主任"],
        ],
    );
    assert_eq!(codes_of(&table), [("D185", Some("B4"))]);
    assert_eq!(table.rows.len(), 3);
}
