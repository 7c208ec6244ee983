//! Laws of reading values: what is shown reads back, and a disguise of spaces and full-width signs changes
//! nothing.

use super::forms::column;
use documents::sheet::value::{ColumnReader, DateContext, shown};
use documents::sheet::{Cell, FormColumn, Note, Reads};
use proptest::prelude::*;
use vocabulary::{Date, FieldType, PartialDate, Value};

fn dates() -> DateContext {
    DateContext {
        year: Some(2022),
        as_of: Date::new(2022, 12, 31),
    }
}

fn reader(kind: FieldType) -> ColumnReader {
    let mut made = column("c", kind, &["c"]);
    made.codes = [
        ("汉族", "01"),
        ("回族", "03"),
        ("藏族", "04"),
        ("苗族", "06"),
    ]
    .map(|(word, code)| (word.to_owned(), code.to_owned()))
    .to_vec();
    ColumnReader::new(&made, None, dates())
}

fn read(kind: FieldType, text: &str) -> Option<(Value, Option<Note>)> {
    let reading = reader(kind).read(Cell::text(text)).ok()?;
    Some((reading.value, reading.note))
}

/// Full-width signs for ASCII ones.
fn wide(text: &str) -> String {
    let wide = text.chars().map(|c| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        _ => c,
    });
    wide.collect()
}

/// Spaces at the ends and between digits and words.
fn spaced(text: &str, space: char) -> String {
    let mut out = String::from(space);
    let mut before = None;
    for c in text.chars() {
        let joins = |a: char, b: char| a.is_ascii_digit() != b.is_ascii_digit();
        if before.is_some_and(|before| joins(before, c)) {
            out.push(space);
        }
        out.push(c);
        before = Some(c);
    }
    out.push(space);
    out
}

/// What clerks type, kind by kind.
fn typed() -> impl Strategy<Value = (FieldType, String)> {
    prop_oneof![
        "(19[3-9][0-9]|20[01][0-9])[.年/-](0?[1-9]|1[0-2])(月|)".prop_map(|t| (FieldType::Date, t)),
        "(19[3-9][0-9]|20[01][0-9])年(0?[1-9]|1[0-2])月([1-9]|[12][0-8])日"
            .prop_map(|t| (FieldType::Date, t)),
        "(约|)[0-9]{1,5}(\\.[0-9]{1,2}|)(万元|元|)".prop_map(|t| (FieldType::Money, t)),
        "[0-9]{1,4}(\\.[0-9]|)(亩|公顷|平方米|)".prop_map(|t| (FieldType::Area, t)),
        "[1-9][0-9]?亩[1-9]分".prop_map(|t| (FieldType::Area, t)),
        "[0-9]{1,6}(人|户|个|)".prop_map(|t| (FieldType::Int, t)),
        "[0-9]{1,3}(\\.[0-9]{1,2}|)(%|)".prop_map(|t| (FieldType::Decimal(4), t)),
        "(是|否|有|无|Y|N|1|0)".prop_map(|t| (FieldType::Bool, t)),
        "(汉族|汉|01|回族|不详)".prop_map(|t| (FieldType::Code("list".to_owned()), t)),
        "11010519491231002[Xx]".prop_map(|t| (FieldType::IdNumber, t)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_disguise_changes_nothing((kind, text) in typed()) {
        let plain = read(kind.clone(), &text);
        prop_assert!(plain.is_some(), "{} is read", text);
        for disguise in [
            wide(&text),
            spaced(&text, ' '),
            spaced(&text, '\u{3000}'),
            spaced(&text, '\u{a0}'),
            spaced(&wide(&text), '\u{200b}'),
        ] {
            prop_assert_eq!(read(kind.clone(), &disguise), plain.clone(), "{:?}", disguise);
        }
    }

    #[test]
    fn a_value_that_is_shown_reads_back(
        int in -1_000_000_000_000_i64..1_000_000_000_000,
        year in 1900..2060_i32,
        month in prop::option::of(1..=12_u32),
        day in prop::option::of(1..=28_u32),
        decimals in 0..=6_u32,
    ) {
        for kind in [FieldType::Int, FieldType::Money, FieldType::Area, FieldType::Decimal(decimals)] {
            let text = shown(&Value::Int(int), &kind);
            prop_assert_eq!(read(kind, &text), Some((Value::Int(int), None)), "{}", text);
        }
        let day = month.and(day);
        let date = PartialDate::new(year, month, day).expect("a day that every month has");
        let date = Value::from(date);
        let text = shown(&date, &FieldType::Date);
        prop_assert_eq!(read(FieldType::Date, &text), Some((date, None)), "{}", text);
    }

    #[test]
    fn degrees_and_names_never_panic(text in "[0-9.°′″'\"度分秒NE东经,、 ]{0,16}|[张三李四·.•（）()女兼、 \u{3000}]{0,10}|\\PC{0,10}") {
        for reads in [Reads::Longitude, Reads::Latitude, Reads::PersonName] {
            let kind = if reads == Reads::PersonName { FieldType::Text } else { FieldType::Decimal(6) };
            let made = FormColumn { reads: Some(reads), ..column("c", kind, &["c"]) };
            let mut reader = ColumnReader::new(&made, None, dates());
            let first = reader.read(Cell::text(&text));
            prop_assert_eq!(&reader.read(Cell::text(&text)), &first);
            // What a name was read as is a name, and is read as itself.
            if let (Reads::PersonName, Ok(reading)) = (reads, first)
                && let Some(name) = reading.value.as_text()
            {
                let again = reader.read(Cell::text(name)).map(|again| again.value);
                prop_assert_eq!(again, Ok(reading.value.clone()));
            }
        }
    }

    #[test]
    fn degrees_in_minutes_are_the_same_place(degrees in 73..135_i64, minutes in 0..60_i64, seconds in 0..60_i64) {
        let made = FormColumn { reads: Some(Reads::Longitude), ..column("c", FieldType::Decimal(6), &["c"]) };
        let mut reader = ColumnReader::new(&made, None, dates());
        // Half up of degrees plus minutes and seconds, in millionths.
        let exact = (degrees * 3600 + minutes * 60 + seconds) * 1_000_000;
        let stored = Value::Int((exact + 1800).div_euclid(3600));
        for text in [
            format!("{degrees}°{minutes}′{seconds}″"),
            format!("{degrees}度{minutes}分{seconds}秒"),
            format!("{degrees}.{minutes}.{seconds}"),
            format!("E{degrees}°{minutes}'{seconds}\""),
        ] {
            let read = reader.read(Cell::text(&text)).map(|reading| reading.value);
            prop_assert_eq!(read, Ok(stored.clone()), "{}", text);
        }
    }
}
