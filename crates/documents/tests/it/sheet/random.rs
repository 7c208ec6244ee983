//! Nothing that can be typed makes the reader panic.

use super::forms::{column, form};
use documents::sheet::value::{ColumnReader, DateContext, clean_text, date_range};
use documents::sheet::{
    Cell, ColumnChoices, Form, Limits, Merge, Row, Sheet, match_tables, number_text, open,
};
use proptest::prelude::*;
use std::path::Path;
use vocabulary::{FieldType, Finding, Value};

fn kinds() -> Vec<FieldType> {
    vec![
        FieldType::Text,
        FieldType::Int,
        FieldType::Decimal(2),
        FieldType::Bool,
        FieldType::Date,
        FieldType::Money,
        FieldType::Area,
        FieldType::IdNumber,
        FieldType::Phone,
        FieldType::Code("list".to_owned()),
        FieldType::Division,
    ]
}

fn forms() -> Vec<Form> {
    let kinds = kinds().into_iter().enumerate();
    let columns = kinds.map(|(at, kind)| {
        column(
            if at == 0 { "c!v" } else { "c?" },
            kind,
            &["村", "甲>乙", "a(亩)"],
        )
    });
    vec![
        form("f", &["表"], columns.collect()),
        super::forms::roster(),
        super::forms::fields(),
    ]
}

/// Text near to what offices type, and text from anywhere.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9０-９.,年月日号/\\-—至今 约亩分元万%]{0,14}",
        "(村|姓名|面积|面积（亩）|合计|小计|注：|空缺|甲|乙|甲>乙|出生年月|身份证号|√)[ 　0-9人]{0,3}",
        "\\PC{0,12}",
        any::<f64>().prop_map(|number| number.to_string()),
    ]
}

fn cell() -> impl Strategy<Value = Cell<'static>> {
    prop_oneof![
        4 => typed().prop_map(|text| Cell::text(text.leak())),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => (-9_999_i32..99_999_999).prop_map(|n| Cell::Number(f64::from(n) / 100.0)),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => Just(Cell::Error("#REF!")),
        2 => Just(Cell::Empty),
    ]
}

/// Columns that any order may hold, none filled down and none with a word for vacant.
fn people() -> Form {
    let columns = vec![
        column("name!", FieldType::Text, &["姓名"]),
        column("birth", FieldType::Date, &["出生年月"]),
        column("id_number", FieldType::IdNumber, &["身份证号"]),
        column("count", FieldType::Int, &["人口"]),
        column("land", FieldType::Area, &["面积（亩）"]),
    ];
    form("people", &["表"], columns)
}

/// Rows as a clerk types them, good and bad; a name always, so that none is a title, a total or a note.
fn records() -> impl Strategy<Value = Vec<[String; 5]>> {
    let typed = |good: &'static str| prop_oneof![3 => good, 1 => "[0-9.]{1,9}", 1 => "[不清楚待查x?]{1,4}", 1 => Just(String::new())];
    let row = (
        "[王李张刘陈][一二小][芳伟]",
        typed("(19[5-9][0-9]\\.(0[1-9]|1[0-2]))"),
        typed("[1-9][0-9]{16}[0-9X]"),
        typed("[1-9][0-9]?"),
        typed("[1-9]\\.[1-9]亩?"),
    );
    prop::collection::vec(row.prop_map(|(a, b, c, d, e)| [a, b, c, d, e]), 1..8)
}

fn laid_out(rows: &[[String; 5]], order: &[usize]) -> Sheet {
    let headers = ["姓名", "出生年月", "身份证号", "人口", "面积（亩）"];
    let header: Vec<&str> = order.iter().map(|at| headers[*at]).collect();
    let body = rows
        .iter()
        .map(|row| order.iter().map(|at| row[*at].as_str()).collect());
    let all: Vec<Vec<&str>> = std::iter::once(header).chain(body).collect();
    Sheet::from_rows("t", &all)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_never_panic(cells in prop::collection::vec(cell(), 1..20), year in prop::option::of(0..4000_i32)) {
        let dates = DateContext { year, as_of: None };
        for kind in kinds() {
            let mut made = column("c", kind, &["c"]);
            made.codes = vec![("甲".to_owned(), "1".to_owned())];
            let mut reader = ColumnReader::new(&made, Some("万元"), dates);
            for cell in &cells {
                let first = reader.read(*cell);
                prop_assert_eq!(first, reader.read(*cell));
            }
        }
    }

    #[test]
    fn texts_never_panic(text in typed()) {
        let _ = date_range(&text);
        let once = clean_text(&text).into_owned();
        prop_assert_eq!(clean_text(&once).into_owned(), once.clone());
    }

    #[test]
    fn numbers_show_what_reads_back(number in -1.0e12..1.0e12_f64) {
        let shown: f64 = number_text(number).parse().expect("a number");
        prop_assert!((shown - number).abs() <= number.abs() * 1e-14);
    }

    #[test]
    fn sheets_never_panic(
        cells in prop::collection::vec(prop::collection::vec(cell(), 0..7), 0..14),
        merges in prop::collection::vec((0..14_usize, 0..7_usize, 0..6_usize, 0..4_usize), 0..6),
    ) {
        let merges = merges.into_iter().map(|(top, left, down, right)| Merge {
            top, left, bottom: top + down, right: left + right,
        });
        let mut sheet = Sheet::from_cells("", &cells);
        sheet.merges = merges.collect();
        let reading = match_tables(&sheet, &forms(), "表（2022年12月）.xlsx", &ColumnChoices::default());
        prop_assert!(!reading.tables.is_empty() || reading.set_aside.is_some());
        let again = match_tables(&sheet, &forms(), "表（2022年12月）.xlsx", &ColumnChoices::default());
        prop_assert_eq!(&again, &reading);
        for table in &reading.tables {
            for value in table.rows.iter().flat_map(|row| row.values).filter(|value| value.rejected) {
                prop_assert_eq!(&value.value, &Value::Null);
                let cell = value.cell.to_string();
                let told = |finding: &Finding| finding.cell.as_ref() == Some(&cell);
                prop_assert!(table.findings.iter().any(told), "nothing says why {} was rejected", cell);
            }
            let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
            prop_assert!(numbers.is_sorted());
        }
    }

    /// Every filled cell of a record is a value or rejected, whatever is typed in it.
    #[test]
    fn nothing_typed_is_lost(rows in records()) {
        let reading = match_tables(&laid_out(&rows, &[0, 1, 2, 3, 4]), &[people()], "t.xlsx", &ColumnChoices::default());
        let table = reading.tables.first().expect("the header is whole");
        prop_assert_eq!(table.rows.len(), rows.len());
        for (row, typed) in table.rows.iter().zip(&rows) {
            for (value, typed) in row.values.iter().zip(typed) {
                let kept = value.value != Value::Null || value.rejected;
                prop_assert_eq!(kept, !typed.is_empty(), "`{}` became {:?}", typed, value);
            }
        }
    }

    /// The order of the columns decides nothing.
    #[test]
    fn columns_may_stand_in_any_order(rows in records(), order in Just(vec![0, 1, 2, 3, 4]).prop_shuffle()) {
        let read = |order: &[usize]| {
            let reading = match_tables(&laid_out(&rows, order), &[people()], "t.xlsx", &ColumnChoices::default());
            let table = reading.tables.into_iter().next().expect("the header is whole");
            let values = |row: Row| row.values.into_iter().map(|v| (v.value, v.rejected)).collect::<Vec<_>>();
            table.rows.iter().map(values).collect::<Vec<_>>()
        };
        prop_assert_eq!(read(&[0, 1, 2, 3, 4]), read(&order));
    }

    #[test]
    fn files_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), zip in any::<bool>()) {
        let bytes = if zip { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        for name in ["a.csv", "a.xlsx", "a.xls"] {
            let _ = open(Path::new(name), &bytes, &Limits::default());
        }
    }
}
