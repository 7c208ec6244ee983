//! Text and numbers through every reader of cells.
#![no_main]

use arbitrary::Arbitrary;
use documents::sheet::value::{ColumnReader, DateContext, clean_text, date_range};
use documents::sheet::{Cell, FormColumn, number_text};
use libfuzzer_sys::fuzz_target;

const KINDS: [&str; 11] = [
    "text",
    "int",
    "decimal",
    "bool",
    "date",
    "money",
    "area",
    "id_number",
    "phone",
    "code",
    "division",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    kind: u8,
    year: Option<u16>,
    number: f64,
    unit: Option<&'a str>,
    text: &'a str,
}

fuzz_target!(|input: Input<'_>| {
    let column = FormColumn {
        name: "c".to_owned(),
        headers: vec!["c".to_owned()],
        kind: fuzz::kind(KINDS[usize::from(input.kind) % KINDS.len()]),
        codes: vec![("a".to_owned(), "1".to_owned())],
        ..FormColumn::default()
    };
    let dates = DateContext {
        year: input.year.map(i32::from),
        as_of: None,
    };
    let mut reader = ColumnReader::new(&column, input.unit, dates);
    for cell in [Cell::text(input.text), Cell::Number(input.number)] {
        let first = reader.read(cell);
        assert_eq!(first, reader.read(cell), "a cell reads the same twice");
    }
    let _ = date_range(input.text);
    let once = clean_text(input.text).into_owned();
    assert_eq!(clean_text(&once), once.as_str(), "clean text is clean");
    let _ = number_text(input.number);
});
