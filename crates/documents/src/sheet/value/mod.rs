//! Cells become values, one file for each kind. Pure: the same cell is read the same way everywhere.
//! A value is read or refused with a code; nothing is repaired, and what was read in a way that a
//! person should know of carries a note.

mod area;
mod code;
mod date;
mod id_number;
mod money;
mod number;
mod phone;
mod text;
mod yes_no;

pub use code::CodeWords;
pub(crate) use date::scan as scan_date;
pub use date::{DateContext, date_range};
pub(crate) use number::named_unit;
pub use text::clean as clean_text;

use crate::sheet::fold::{fold_plain, is_space};
use crate::sheet::lexicon::LEXICON;
use crate::sheet::{Cell, FormColumn};
use std::collections::HashMap;
use vocabulary::{FieldType, Value};

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The value.
    pub value: Value,
    /// What to know about it.
    pub note: Option<Note>,
}

/// Why a value is not quite what the cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A number such as 1993.1 lost its last zero: January or October; only the year is taken.
    LostZero,
    /// The cell has no year; the table's title has.
    YearFromTitle,
    /// The cell says “about”.
    About,
    /// An ID number of 15 digits in its form of 18.
    Widened,
    /// More decimals than the field keeps; rounded half up.
    Rounded,
}

/// Why a cell could not be read: a code of `words/zh.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The code.
    pub code: &'static str,
    /// For a code: the nearest word of the list.
    pub near: Option<String>,
}

impl Reading {
    fn of(value: impl Into<Value>) -> Reading {
        Reading {
            value: value.into(),
            note: None,
        }
    }

    fn noted(value: impl Into<Value>, note: Option<Note>) -> Reading {
        Reading {
            value: value.into(),
            note,
        }
    }

    const NULL: Reading = Reading {
        value: Value::Null,
        note: None,
    };
}

impl Reject {
    fn new(code: &'static str) -> Reject {
        Reject { code, near: None }
    }
}

/// Reads the cells of one column. Keeps what repeats: the same word of a code list is looked up once.
#[derive(Debug)]
pub struct ColumnReader {
    kind: FieldType,
    blank_is_no: bool,
    codes: CodeWords,
    unit: Option<i64>,
    dates: DateContext,
    memo: HashMap<String, Result<Reading, Reject>>,
}

/// Words that repeat are few; a column of different words must not fill the memory.
const MEMO_MAX: usize = 4_096;

impl ColumnReader {
    /// A reader for a form's column. `unit` is a unit word from the header, as `万元`; a word that is no
    /// unit of the column's kind is left out of account.
    pub fn new(column: &FormColumn, unit: Option<&str>, dates: DateContext) -> ColumnReader {
        let unit = unit.and_then(|unit| match column.kind {
            FieldType::Money => money::unit(unit),
            FieldType::Area => area::unit(unit),
            _ => None,
        });
        ColumnReader {
            kind: column.kind.clone(),
            blank_is_no: column.blank_is_no,
            codes: CodeWords::new(&column.codes),
            unit,
            dates,
            memo: HashMap::new(),
        }
    }

    /// Reads one cell.
    pub fn read(&mut self, cell: Cell<'_>) -> Result<Reading, Reject> {
        match cell {
            Cell::Empty if self.blank_is_no => return Ok(Reading::of(0)),
            Cell::Empty => return Ok(Reading::NULL),
            Cell::Error(error) if Cell::UNCOMPUTED == error => return Err(Reject::new("D102")),
            Cell::Error(_) => return Err(Reject::new("D101")),
            _ => {}
        }
        let memorable = matches!(self.kind, FieldType::Code(_) | FieldType::Bool);
        let Cell::Text(text) = cell else {
            return self.read_filled(cell);
        };
        if !memorable {
            return self.read_filled(cell);
        }
        if let Some(known) = self.memo.get(text) {
            return known.clone();
        }
        let reading = self.read_filled(cell);
        if self.memo.len() < MEMO_MAX {
            self.memo.insert(text.to_owned(), reading.clone());
        }
        reading
    }

    fn read_filled(&self, cell: Cell<'_>) -> Result<Reading, Reject> {
        match &self.kind {
            FieldType::Text | FieldType::Division | FieldType::Reference(_) => text::read(cell),
            FieldType::Int => number::read_int(cell),
            FieldType::Decimal(decimals) => number::read_decimal(cell, *decimals),
            FieldType::Bool => yes_no::read(cell),
            FieldType::Date => date::read(cell, self.dates),
            FieldType::Money => money::read(cell, self.unit),
            FieldType::Area => area::read(cell, self.unit),
            FieldType::IdNumber => id_number::read(cell),
            FieldType::Phone => phone::read(cell),
            FieldType::Code(_) => self.codes.read(cell),
        }
    }
}

/// Whether the text means “not known” in a column of dates, codes and numbers of persons.
fn is_null_word(folded: &str) -> bool {
    LEXICON.blank.null.contains(folded)
}

/// The text of a cell folded for reading a value: half-width, no spaces, lower case, without the
/// apostrophe that keeps Excel from reading a number.
fn folded_value(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => {
            let plain = text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase());
            let folded = if plain {
                text.to_owned()
            } else {
                fold_plain(text)
            };
            match folded.strip_prefix(['\'', '`', '\u{2019}', '\u{2018}']) {
                Some(rest) => rest.to_owned(),
                None => folded,
            }
        }
        _ => cell.shown().to_ascii_lowercase(),
    }
}

/// Cuts any of the endings off, once.
fn without_ending<'t>(text: &'t str, endings: &[String]) -> &'t str {
    endings
        .iter()
        .find_map(|ending| text.strip_suffix(ending.as_str()))
        .unwrap_or(text)
}

/// Without spaces at its ends, those without width included.
fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}
