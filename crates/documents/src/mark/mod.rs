//! The error workbook: the clerk's own file with coloured cells, notes that say why and what to do, and one
//! more sheet that lists everything. An `.xlsx` is patched part by part, so that whatever needs no change stays
//! byte for byte; a `.csv` or `.xls` becomes a new workbook of its text.
//!
//! Refuses to know where findings come from, and to write a file that an office program would have to repair.

mod book; // the package's parts, one after the other
mod cells; // a sheet's cells take another look
mod fresh; // a csv or xls as a workbook of text
mod list; // the sheet that lists the findings
mod notes; // the part that holds notes
mod package; // the zip: raw copies and touched parts
mod plan; // which cells, which words, in which order
mod refused; // why a file is left alone
mod shapes; // the boxes in which notes are shown
mod styles; // looks, cloned and filled
mod survey; // what a sheet holds before it is touched
mod wording; // sentences and colours
mod xml; // places in a part's text, and edits of it

use crate::sheet::{CellAt, Limits};
use std::path::Path;
use vocabulary::FindingClass;

pub use refused::MarkError;

/// Notes written on one sheet: beyond this an office program takes minutes to open the file, and nobody reads
/// the two-thousandth note. Colours and the list go on.
pub const NOTES_MAX: usize = 2_000;
/// Findings listed: more are not worked through by hand.
pub const LISTED_MAX: usize = 50_000;
/// Characters of one note: a box of more does not fit a screen.
pub const NOTE_CHARS_MAX: usize = 1_200;

/// One thing to show in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The sheet concerned; none when it is the file as a whole.
    pub sheet: Option<String>,
    /// Every cell of this file that is concerned, the first one first; none when it is the sheet as a whole.
    pub cells: Vec<Place>,
    /// Cells of other files, as the list should show them.
    pub elsewhere: Vec<String>,
    /// Its class, which decides the colour.
    pub class: FindingClass,
    /// What is wrong.
    pub said: String,
    /// What to do.
    pub next: String,
}

/// A cell of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Its sheet, by name; for csv the file's name without its ending.
    pub sheet: String,
    /// The cell.
    pub cell: CellAt,
}

/// The file with its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The whole file.
    pub bytes: Vec<u8>,
    /// The ending that its name must have: `xlsx`, `xlsm` when it holds macros.
    pub ending: &'static str,
}

impl Place {
    /// From a sheet's name and a cell as `D41`; none when that is no cell of a workbook.
    pub fn parse(sheet: &str, cell: &str) -> Option<Place> {
        let cell = survey::parse_cell(cell)?;
        Some(Place {
            sheet: sheet.to_owned(),
            cell,
        })
    }
}

/// Marks a workbook. `path` gives the name and the ending only; nothing is opened. The same input gives the same
/// bytes.
pub fn mark(path: &Path, bytes: &[u8], marks: &[Mark]) -> Result<Marked, MarkError> {
    let limits = Limits::default();
    if bytes.starts_with(b"PK\x03\x04") {
        return book::patch(bytes, marks, limits.unzipped_bytes);
    }
    let (bytes, marks) = fresh::text_only(path, bytes, marks, &limits)?;
    book::patch(&bytes, &marks, limits.unzipped_bytes)
}
