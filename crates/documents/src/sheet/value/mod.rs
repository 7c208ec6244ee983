//! Cells become values, one file for each kind. Pure: the same cell is read the same way everywhere.
//! A value is read or refused with a code; nothing is repaired, and what was read in a way that a
//! person should know of carries a note.

mod area;
mod code;
mod date;
mod degree;
mod id_number;
mod money;
mod note;
mod number;
mod numeral;
mod person_name;
mod phone;
mod text;
mod yes_no;

pub use code::CodeWords;
pub(crate) use date::scan as scan_date;
pub use date::{DateContext, date_range};
pub use note::{Note, shown};
pub(crate) use number::{is_scaled, named_unit};
pub(crate) use phone::NOT_ELEVEN;
pub use text::clean as clean_text;

use crate::sheet::finding::WORDS;
use crate::sheet::fold::{fold, fold_plain, is_space};
use crate::sheet::lexicon::LEXICON;
use crate::sheet::{Cell, FormColumn, Reads};
use foldhash::HashMap;
use number::{Percent, Scale};
use std::borrow::Cow;
use vocabulary::{FieldType, Value};

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The value.
    pub value: Value,
    /// What to know about it.
    pub note: Option<Note>,
}

/// Why a cell could not be read: a code of `words/zh.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The code.
    pub code: &'static str,
    /// What it may be instead, in words: the nearest word of a list, the readings of a date, the parts of a cell.
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

    fn offering(code: &'static str, near: impl Into<String>) -> Reject {
        Reject {
            code,
            near: Some(near.into()),
        }
    }
}

/// Reads the cells of one column. Keeps what repeats: the same word of a code list is looked up once.
#[derive(Debug)]
pub struct ColumnReader {
    kind: FieldType,
    reads: Option<Reads>,
    blank_is_no: bool,
    codes: CodeWords,
    /// The factor of a number without a unit, and of one with only a multiplier; none when nobody named a unit.
    unit: Option<(i64, i64)>,
    /// Words that name what the column counts, folded: its header and its field's unit.
    header: String,
    percent: Percent,
    scale: Scale,
    dates: DateContext,
    /// A number of money or area had no unit, and neither had its column.
    assumed: bool,
    memo: HashMap<String, Result<Reading, Reject>>,
}

/// Words that repeat are few; a column of different words must not fill the memory.
const MEMO_MAX: usize = 4_096;

impl ColumnReader {
    /// A reader for a form's column. `unit` is a unit word from the header or from over the table, as `万元`; a
    /// word that is no unit of the column's kind is left out of account, and the field's own unit counts.
    pub fn new(column: &FormColumn, unit: Option<&str>, dates: DateContext) -> ColumnReader {
        let factors = |unit: &str| match column.kind {
            FieldType::Money => money::unit(unit),
            FieldType::Area => area::unit(unit),
            _ => None,
        };
        let declared = column.unit.as_deref();
        let percents = |unit: &str| LEXICON.number.percent_after.iter().any(|(w, _)| w == unit);
        let percent = match (&column.kind, declared) {
            (FieldType::Decimal(_), Some(unit)) if percents(unit) => Percent::Points,
            (FieldType::Decimal(_), _) => Percent::Fraction,
            _ => Percent::Refused,
        };
        ColumnReader {
            kind: column.kind.clone(),
            reads: column.reads,
            blank_is_no: column.blank_is_no,
            codes: CodeWords::new(&column.codes),
            unit: unit
                .and_then(factors)
                .or_else(|| declared.and_then(factors)),
            header: declared.unwrap_or_default().to_owned(),
            percent,
            scale: match column.kind {
                FieldType::Int | FieldType::Decimal(_) => Scale::new(declared, unit),
                _ => Scale::default(),
            },
            dates,
            assumed: false,
            memo: HashMap::default(),
        }
    }

    /// As it stands under a header, whose levels are joined by `>`: it may say what the column counts, as `户数`,
    /// and a unit without brackets, as `金额/万元`.
    #[must_use]
    pub fn under(mut self, header: &str) -> ColumnReader {
        let folded = fold(header);
        if self.percent == Percent::Fraction && folded.contains('%') {
            self.percent = Percent::Points;
        }
        if self.unit.is_none() {
            self.unit = match self.kind {
                FieldType::Money => number::unit_at_end(&folded, money::unit),
                FieldType::Area => number::unit_at_end(&folded, area::unit),
                _ => None,
            };
        }
        self.header = if self.header.is_empty() {
            folded.into_owned()
        } else {
            format!("{}>{folded}", self.header)
        };
        self
    }

    /// Whether a number of money or area was taken in 元 or 亩 because nothing names a unit: the unit's word.
    pub fn assumed_unit(&self) -> Option<&'static str> {
        match self.kind {
            _ if !self.assumed => None,
            FieldType::Money => WORDS.get("unit.money"),
            FieldType::Area => WORDS.get("unit.area"),
            _ => None,
        }
    }

    /// Reads one cell.
    pub fn read(&mut self, cell: Cell<'_>) -> Result<Reading, Reject> {
        match cell {
            Cell::Empty if self.blank_is_no => return Ok(Reading::of(0)),
            Cell::Empty => return Ok(Reading::NULL),
            Cell::Error(error) if Cell::UNCOMPUTED == error => return Err(Reject::new("D102")),
            Cell::Error(_) => return Err(Reject::new("D101")),
            // What Excel writes of a formula's error into a csv.
            Cell::Text(text) if text.starts_with('#') && is_formula_error(text) => {
                return Err(Reject::new("D101"));
            }
            // Marks without width alone are as good as nothing.
            Cell::Text(text) if !text.is_ascii() && trimmed(text).is_empty() => {
                return self.read(Cell::Empty);
            }
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

    fn read_filled(&mut self, cell: Cell<'_>) -> Result<Reading, Reject> {
        let header = self.header.as_str();
        match &self.kind {
            FieldType::Text if self.reads == Some(Reads::PersonName) => person_name::read(cell),
            FieldType::Text if self.reads == Some(Reads::Prose) => text::read_prose(cell),
            FieldType::Text | FieldType::Division | FieldType::Reference(_) => text::read(cell),
            FieldType::Int => number::read_int(cell, header, &self.scale),
            FieldType::Decimal(decimals) => match self.reads {
                Some(Reads::Longitude) => degree::read(cell, degree::Axis::East, *decimals),
                Some(Reads::Latitude) => degree::read(cell, degree::Axis::North, *decimals),
                _ => number::read_decimal(cell, *decimals, self.percent, header, &self.scale),
            },
            FieldType::Bool => yes_no::read(cell),
            FieldType::Date => date::read(cell, self.dates),
            FieldType::Money => {
                let (reading, bare) = money::read(cell, self.unit, header)?;
                self.assumed |= bare && self.unit.is_none();
                Ok(reading)
            }
            FieldType::Area => {
                let (reading, bare) = area::read(cell, self.unit, header)?;
                self.assumed |= bare && self.unit.is_none();
                Ok(reading)
            }
            FieldType::IdNumber => id_number::read(cell),
            FieldType::Phone => phone::read(cell),
            FieldType::Code(_) => self.codes.read(cell),
            // Shapes come from layers; a cell holds none.
            FieldType::Shape(_) => Err(Reject::new("D310")),
        }
    }
}

/// Between things offered.
fn or() -> String {
    WORDS.say("list.or", &[])
}

fn is_formula_error(text: &str) -> bool {
    const ERRORS: [&str; 8] = [
        "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!",
    ];
    ERRORS.contains(&text.trim())
}

/// Whether the text means “not known” in a column of dates, codes and numbers of persons.
fn is_null_word(folded: &str) -> bool {
    LEXICON.blank.null.contains(folded)
}

/// The text of a cell folded for reading a value: half-width, no spaces, lower case, without the
/// apostrophe that keeps Excel from reading a number.
fn folded_value(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => {
            let plain = text
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b.is_ascii_uppercase());
            if plain {
                return Cow::Borrowed(without_apostrophe(text));
            }
            let folded = fold_plain(text);
            match without_apostrophe(&folded) {
                rest if rest.len() < folded.len() => Cow::Owned(rest.to_owned()),
                _ => Cow::Owned(folded),
            }
        }
        Cell::Number(_) => cell.shown(),
        _ => Cow::Owned(cell.shown().to_ascii_lowercase()),
    }
}

fn without_apostrophe(text: &str) -> &str {
    text.strip_prefix(['\'', '`', '\u{2019}', '\u{2018}'])
        .unwrap_or(text)
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
