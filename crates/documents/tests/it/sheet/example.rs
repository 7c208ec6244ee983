//! The example town's workbooks, as they come. Absent files are passed over: the example is no part of
//! this room.

use super::forms::{codes, column, form, only, values};
use documents::sheet::{Form, Limits, Sheet, Table, Workbook, match_tables, open};
use std::path::{Path, PathBuf};
use vocabulary::{FieldType, FindingClass, Value};

fn example(name_part: &str) -> Option<Workbook> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qinghe");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let path = paths
        .into_iter()
        .find(|path| path.to_string_lossy().contains(name_part))?;
    let bytes = std::fs::read(&path).expect("a readable file");
    Some(open(&path, &bytes, &Limits::default()).expect("a workbook"))
}

fn sheet<'w>(book: &'w Workbook, name_part: &str) -> &'w Sheet {
    book.sheets
        .iter()
        .find(|sheet| sheet.name.contains(name_part))
        .expect("the sheet")
}

fn table(book: &Workbook, sheet_name: &str, form: Form) -> Table {
    only(match_tables(
        sheet(book, sheet_name),
        &[form],
        &book.file,
        &Default::default(),
    ))
}

fn codes_of(table: &Table) -> Vec<&str> {
    table
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

#[test]
fn posts_under_two_header_rows() {
    let Some(book) = example("编制核定") else {
        return;
    };
    let posts = form(
        "posts",
        &["编制"],
        vec![
            column("unit!", FieldType::Text, &["机构名称"]),
            column("admin!", FieldType::Int, &["核定编制数>行政编制"]),
            column("filled", FieldType::Int, &["实有人数>行政编制"]),
            column("sum", FieldType::Int, &["核定编制数>小计"]),
        ],
    );
    let table = table(&book, "编制使用", posts.clone());
    assert_eq!(table.rows.len(), 10);
    assert_eq!((table.header_first, table.header_last), (3, 4));
    assert_eq!(
        table.date.map(|d| d.written.to_string()).as_deref(),
        Some("2022-12-28")
    );
    assert_eq!(values(&table, 1).join(","), "14,5,4,5,5,5,,,,");
    assert_eq!(table.rows.at(0).values[1].cell.to_string(), "C5");
    assert_eq!(table.rows.at(0).values[2].value, Value::Int(11));
    assert_eq!(table.totals.len(), 1);
    assert_eq!(table.notes.len(), 1);
    assert!(table.findings.is_empty(), "{:?}", table.findings);
    for (name, code) in [("Sheet2", "D122"), ("Sheet3", "D123"), ("领导职数", "D120")] {
        let forms = std::slice::from_ref(&posts);
        let reading = match_tables(sheet(&book, name), forms, &book.file, &Default::default());
        assert_eq!(
            reading.set_aside.map(|f| f.code).as_deref(),
            Some(code),
            "{name}"
        );
    }
}

#[test]
fn leaders_under_three_header_rows() {
    let Some(book) = example("领导班子成员") else {
        return;
    };
    let mut leaders = form(
        "leaders",
        &["领导班子"],
        vec![
            column("name!", FieldType::Text, &["姓名"]),
            column("birth", FieldType::Date, &["出生年月"]),
            column("post!", FieldType::Text, &["职务"]),
            column("full_time", FieldType::Text, &["全日制教育>学历"]),
            column("in_service", FieldType::Text, &["在职教育>学历"]),
            column("since", FieldType::Date, &["任现职时间"]),
            column("remark", FieldType::Text, &["备注"]),
        ],
    );
    leaders.vacant = Some((0, vec!["空缺".to_owned()]));
    let table = table(&book, "班子成员", leaders);
    assert_eq!(table.rows.len(), 13);
    let vacant: Vec<_> = table.rows.iter().filter(|row| row.vacant).collect();
    assert_eq!(vacant.len(), 1);
    assert_eq!(vacant[0].values[0].value, Value::Null);
    assert_eq!(values(&table, 0)[6], "孙磊");
    let birth: Vec<String> = values(&table, 1).into_iter().take(9).collect();
    let expected = [
        "19750600", "19771200", "19811100", "19890900", "19760100", "19820500", "19910100",
        "19810500", "19850400",
    ];
    assert_eq!(birth, expected);
    assert_eq!(table.rows.at(0).values[3].value, Value::from("大学"));
    assert_eq!(table.rows.at(0).values[4].value, Value::from("研究生"));
    assert_eq!(table.rows.at(0).values[5].value, Value::Int(20_200_704));
    assert!(codes_of(&table).is_empty(), "{:?}", table.findings);
}

#[test]
fn staff_with_merged_departments_and_a_hidden_column() {
    let Some(book) = example("机关干部职工") else {
        return;
    };
    let staff = form(
        "staff",
        &["干部职工"],
        vec![
            column("unit!v", FieldType::Text, &["部门"]),
            column("name!", FieldType::Text, &["姓名"]),
            column("birth", FieldType::Date, &["出生年月"]),
            column("id_number!", FieldType::IdNumber, &["身份证号码"]),
            codes(
                "kind",
                &["编制类别"],
                &[
                    ("公务员编制", "admin"),
                    ("行政编制", "admin"),
                    ("行政", "admin"),
                ],
            ),
            column("lent?", FieldType::Bool, &["借调（外借）情况>是否借调"]),
            column("host", FieldType::Text, &["借调单位"]),
            column("span", FieldType::Date, &["起止时间"]),
        ],
    );
    let book_sheet = sheet(&book, "机关干部职工");
    assert_eq!(book_sheet.hidden_columns, [17]);
    let table = table(&book, "机关干部职工", staff);
    assert_eq!(table.rows.len(), 98);
    assert_eq!(
        table.rows.at(1).values[0].value,
        table.rows.at(0).values[0].value
    );
    assert_eq!(table.rows.at(1).values[0].cell.to_string(), "B5");
    assert!(table.rows.iter().all(|row| !row.values[0].value.is_null()));
    let lent = table
        .rows
        .iter()
        .find(|row| row.number == 101)
        .expect("row 101");
    assert_eq!(lent.values[7].value, Value::Int(20_220_100));
    assert_eq!(lent.values[5].value, Value::Int(1));
    let unknown = table
        .findings
        .iter()
        .filter(|finding| finding.code == "D115")
        .count();
    assert!(
        unknown > 0,
        "kinds that the form does not name are rejected"
    );
    for name in ["派驻机构", "借调名单"] {
        let staff = form(
            "staff",
            &[],
            vec![column("id_number!", FieldType::IdNumber, &["身份证号码"])],
        );
        let reading = match_tables(
            sheet(&book, name),
            &[staff],
            &book.file,
            &Default::default(),
        );
        assert!(
            reading.tables.is_empty() && reading.set_aside.is_some(),
            "{name}"
        );
    }
}

#[test]
fn committees_now_before_and_as_approved() {
    let Some(book) = example("“两委”干部花名册") else {
        return;
    };
    let mut committee = super::forms::roster();
    committee.names = vec!["两委".to_owned()];
    committee.never = vec!["第一书记".to_owned()];
    let approved = form(
        "approved",
        &["职数核定"],
        vec![
            column("village!", FieldType::Division, &["村（社区）"]),
            column("all!", FieldType::Int, &["核定职数>总数"]),
            column("full", FieldType::Int, &["核定职数>其中常职"]),
        ],
    );
    let forms = [committee, approved];
    let read =
        |name: &str| match_tables(sheet(&book, name), &forms, &book.file, &Default::default());
    let now = only(read("现任"));
    assert_eq!((now.form, now.rows.len()), (0, 153));
    assert_eq!(
        now.date.map(|d| d.written.to_string()).as_deref(),
        Some("2022-12-26")
    );
    assert!(now.rows.iter().all(|row| !row.values[0].value.is_null()));
    assert_eq!(now.rows.at(2).values[3].value, Value::Null);
    let lost = now
        .findings
        .iter()
        .find(|f| f.cell.as_deref() == Some("N7"))
        .expect("lost digits");
    assert_eq!(
        (lost.code.as_str(), lost.class),
        ("D108", FindingClass::Rejected)
    );
    assert!(now.rows.iter().any(|row| row.vacant));
    let before = only(read("上届"));
    assert_eq!((before.form, before.rows.len()), (0, 149));
    assert_eq!(
        before.date.map(|d| d.written.to_string()).as_deref(),
        Some("2020-12-31")
    );
    assert_eq!(before.rows.at(0).values[4].value, Value::Int(1));
    let approved = only(read("职数核定"));
    assert_eq!((approved.form, approved.rows.len()), (1, 22));
    assert_eq!(
        values(&approved, 1)
            .iter()
            .map(|v| v.parse::<i64>().expect("int"))
            .sum::<i64>(),
        152
    );
    assert!(approved.findings.is_empty(), "{:?}", approved.findings);
    assert!(read("驻村第一书记").tables.is_empty());
}

fn residents() -> Form {
    form(
        "residents",
        &["常住人口"],
        vec![
            column("household!", FieldType::Text, &["户编号"]),
            column("head", FieldType::Text, &["户主姓名"]),
            column("name!", FieldType::Text, &["姓名"]),
            column("sex", FieldType::Text, &["性别"]),
            column("id_number", FieldType::IdNumber, &["身份证号"]),
            column("birth", FieldType::Date, &["出生日期"]),
            column("phone", FieldType::Phone, &["联系电话"]),
            column("village!", FieldType::Division, &["村（社区）"]),
            column("group", FieldType::Text, &["组"]),
        ],
    )
}

#[test]
fn residents_by_the_ten_thousand() {
    let Some(book) = example("常住人口") else {
        return;
    };
    assert_eq!(book.sheets.len(), 1);
    let table = table(&book, "常住人口", residents());
    assert_eq!(table.rows.at(0).values[0].value, Value::from("001060001"));
    assert_eq!(table.rows.at(0).values[5].value, Value::Int(19_571_211));
    assert_eq!((table.totals.len(), table.notes.len()), (1, 1));
    assert!(table.rows.len() >= 48_008, "{}", table.rows.len());
    let last = table.rows.last().expect("rows");
    assert_eq!(last.values[2].value, Value::from("高颖萱"));
    let faults = table
        .findings
        .iter()
        .filter(|f| f.class == FindingClass::Rejected)
        .count();
    assert!(faults * 100 < table.rows.len(), "{faults} cells rejected");
}

#[test]
fn every_sheet_of_the_example_opens() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qinghe");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|ending| ending == "xlsx") {
            let bytes = std::fs::read(&path).expect("a readable file");
            let book = open(&path, &bytes, &Limits::default()).expect("a workbook");
            for sheet in &book.sheets {
                let reading = match_tables(sheet, &[], &book.file, &Default::default());
                assert!(reading.set_aside.is_some());
            }
        }
    }
}
