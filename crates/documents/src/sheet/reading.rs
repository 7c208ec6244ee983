//! What reading a sheet yields: tables with their rows, or the sentence why the sheet was set aside.

use crate::sheet::{CellAt, Note, Rows};
use vocabulary::{Date, Finding, PartialDate, Value};

/// A sheet, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetReading {
    /// The tables that match a form, from top to bottom.
    pub tables: Vec<Table>,
    /// Why there is none.
    pub set_aside: Option<Finding>,
    /// What is said of the cells of a sheet without a table.
    pub beside: Vec<Finding>,
}

/// One table of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Position of its form among the forms handed in.
    pub form: usize,
    /// How well it matches, 0 to 1000.
    pub score: u32,
    /// First header row, from 1.
    pub header_first: u32,
    /// Last header row, from 1.
    pub header_last: u32,
    /// First row of the body, from 1; after the last when there is none.
    pub body_first: u32,
    /// Last row of the body, from 1.
    pub body_last: u32,
    /// The text over the header, a line for each row.
    pub title: String,
    /// The date at which the table spoke.
    pub date: Option<TableDate>,
    /// Which sheet column serves which form column.
    pub mapping: Vec<Mapped>,
    /// Headers that serve none.
    pub unmapped: Vec<Unmapped>,
    /// The rows that are records.
    pub rows: Rows,
    /// Total rows and what they say.
    pub totals: Vec<Total>,
    /// Notes at the foot and between.
    pub notes: Vec<(CellAt, String)>,
    /// What may name the place of all rows, where neither a column nor a line between rows does.
    pub section: Option<Section>,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// Of a layer: what findings name each row by, in the order of features; of a sheet none.
    pub features: Vec<String>,
}

impl Table {
    /// What findings name a row of a layer by; none of a sheet.
    pub fn feature(&self, row: u32) -> Option<&str> {
        let at = row.checked_sub(self.body_first)?;
        let feature = self.features.get(usize::try_from(at).ok()?)?;
        Some(feature)
    }
}

/// Texts around a table one of which may name what all its rows belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The form's column that the sheet lacks.
    pub column: usize,
    /// The lines over the table, the nearest first, each with its cell; then the sheet's name and the file's.
    pub texts: Vec<(String, Option<CellAt>)>,
}

/// Where a table's date was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSource {
    /// In the title.
    Title,
    /// In a line between title and header.
    Line,
    /// In a line at the foot.
    Foot,
    /// In the sheet's name.
    SheetName,
    /// In the file's name.
    FileName,
}

/// The date at which a table spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableDate {
    /// The day; a month's first.
    pub date: Date,
    /// As it was written.
    pub written: PartialDate,
    /// Where it was found.
    pub source: DateSource,
    /// The cell, unless it was found in a name.
    pub cell: Option<CellAt>,
}

/// Why a sheet column serves a form column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapReason {
    /// A clerk said so.
    Chosen,
    /// The form's word equals the whole path.
    Path,
    /// The form's path ends the sheet's path.
    PathEnd,
    /// The form's word equals the last level.
    LastLevel,
    /// Equal but for a unit or remark in brackets.
    WithoutBrackets,
    /// Other words of the same meaning.
    Alike,
    /// The values under it.
    Values,
    /// The values under it and the columns beside it.
    Neighbour,
    /// The header together with the table's title.
    Title,
}

impl MapReason {
    /// Whether it is no word of the form's own that was found: a person should look.
    pub const fn is_guess(self) -> bool {
        matches!(
            self,
            MapReason::Alike | MapReason::Values | MapReason::Neighbour | MapReason::Title
        )
    }

    /// A stable word for it, for scripts and for sentences.
    pub const fn word(self) -> &'static str {
        match self {
            MapReason::Chosen => "chosen",
            MapReason::Path => "path",
            MapReason::PathEnd => "path_end",
            MapReason::LastLevel => "last_level",
            MapReason::WithoutBrackets => "without_brackets",
            MapReason::Alike => "alike",
            MapReason::Values => "values",
            MapReason::Neighbour => "neighbour",
            MapReason::Title => "title",
        }
    }
}

/// A mapped column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Position among the form's columns.
    pub column: usize,
    /// The sheet's column, from 0.
    pub sheet_column: usize,
    /// The header's levels, joined by `>`.
    pub header: String,
    /// Why.
    pub reason: MapReason,
    /// How sure, 0 to 100.
    pub confidence: u8,
}

/// A header that serves no form column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmapped {
    /// The sheet's column, from 0.
    pub sheet_column: usize,
    /// The header's levels, joined by `>`.
    pub header: String,
}

/// A row that is a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Physical row (csv: line), from 1.
    pub number: u32,
    /// Values aligned to the form's columns; null for a column that the sheet lacks.
    pub values: Vec<ReadValue>,
    /// The form's vacancy column holds a word for an empty seat.
    pub vacant: bool,
}

/// A value and the cell it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadValue {
    /// The value; null when blank, rejected or without a column.
    pub value: Value,
    /// Where it was read: another row's when merged or filled down. Row 0: the sheet lacks the column.
    pub cell: CellAt,
    /// What to know about it.
    pub note: Option<Note>,
    /// Whether the cell is filled and could not be read; a finding says why.
    pub rejected: bool,
}

/// A total row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Physical row, from 1.
    pub number: u32,
    /// Its word as written.
    pub word: String,
    /// Whether it closes a part, not the whole.
    pub part: bool,
    /// Form column and the number it gives, in stored units.
    pub values: Vec<(usize, i64)>,
}
