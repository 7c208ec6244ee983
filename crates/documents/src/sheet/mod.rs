//! Workbooks in: files as offices keep them become tables of typed values, each with its cell.
//! Plain data in, plain data out; knows no pack, no ledger, no clock. Nothing is guessed and nothing is
//! repaired: what cannot be read is a finding that names its cell.

mod biff; // the records inside an .xls: how far its cells reach
mod body; // rows and their values
mod book; // .xlsx and .xls
mod csv; // .csv
mod dated; // the date at which a table spoke
mod effort; // how hard a sheet may be searched
mod error; // why a file is refused whole
mod finding; // sentences
mod fold; // text in one form for comparing
mod form; // what the caller looks for
mod grid; // sheets and cells
mod guess; // columns that no word of the form names
mod header; // header rows and their paths
mod headwords; // every word that headers of the forms end with
mod lexicon; // every word this room knows
mod likeness; // how like a header is to a form's word
pub mod limits; // how much is read
mod line; // what a row is: record, total, note
mod mapping; // which column is which
mod matching; // which form a table is
mod meaning; // what a header says
mod noted; // what to know of cells that were read
mod open; // what kind of file it is
mod package; // the zip around an .xlsx: bombs and hidden columns
pub(crate) mod packed; // cells in eight bytes
mod profile; // what stands under a header
mod reading; // the result
mod rows; // the rows of a table
mod section; // lines that say what rows belong to
mod stated; // what a heading says of all rows
mod stray; // errors of formulas where nothing is read
mod strips; // tables beside each other
mod totals; // totals against their rows
mod under; // what stands under a header
mod unsure; // what a person should be asked about columns
pub mod value;
mod versions; // hidden sheets, old versions, samples
mod view; // a part of a sheet
mod wide; // tables with years, crops or seasons across
mod wordset; // small sets of the words of headers

pub use error::{ReadError, ReadErrorKind};
pub(crate) use finding::{Origin, WORDS};
pub use form::{Across, ColumnChoice, ColumnChoices, Form, FormColumn, Reads};
pub use grid::{Cell, CellAt, Merge, Sheet, Workbook, column_letters, number_text};
pub use limits::Limits;
pub(crate) use matching::match_flat;
pub use matching::{Forms, match_tables};
pub use open::{open, weigh};
pub use reading::{
    DateSource, MapReason, Mapped, ReadValue, Row, Section, SheetReading, Table, TableDate, Total,
    Unmapped,
};
pub use rows::Rows;
pub use value::Note;
