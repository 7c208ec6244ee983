//! Nothing that can be typed makes the reader panic.

use super::forms::{column, form};
use documents::sheet::value::{ColumnReader, DateContext, clean_text, date_range};
use documents::sheet::{
    Cell, ColumnChoices, Form, Limits, Merge, Sheet, match_tables, number_text, open,
};
use proptest::prelude::*;
use std::path::Path;
use vocabulary::FieldType;

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
        for table in &reading.tables {
            let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
            prop_assert!(numbers.is_sorted());
        }
    }

    #[test]
    fn files_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), zip in any::<bool>()) {
        let bytes = if zip { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        for name in ["a.csv", "a.xlsx", "a.xls"] {
            let _ = open(Path::new(name), &bytes, &Limits::default());
        }
    }
}
