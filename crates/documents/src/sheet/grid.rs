//! A workbook as plain data: sheets, cells, merges. Knows no form and no file format.

use crate::sheet::Limits;
use crate::sheet::packed::{Packed, SheetBuilder};
use std::borrow::Cow;
use std::fmt;
use vocabulary::Date;

/// A workbook, or a csv file as a workbook of one sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Workbook {
    /// The file's name, without folders.
    pub file: String,
    /// Its sheets in their order; hidden ones too.
    pub sheets: Vec<Sheet>,
}

/// One sheet. Cells lie in one block of eight bytes each and their text in another, because a county's list
/// of residents has twenty million of them. Rows end at their last filled cell; [`Sheet::cell`] answers for
/// every position.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Its name; for csv the file's name without its ending.
    pub name: String,
    /// Whether the sheet is hidden in the workbook.
    pub hidden: bool,
    /// Merged ranges.
    pub merges: Vec<Merge>,
    /// Columns that the workbook hides, from 0, ascending.
    pub hidden_columns: Vec<usize>,
    /// Rows that the workbook hides (a filter, or by hand), from 0, ascending.
    pub hidden_rows: Vec<usize>,
    /// Where each row's cells end in `cells`; row 0 is the first physical row (csv: line) of the file.
    ends: Vec<u32>,
    cells: Vec<Packed>,
    text: String,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Cell<'a> {
    /// Nothing, or only spaces.
    #[default]
    Empty,
    /// Text as typed.
    Text(&'a str),
    /// A number. Its text is [`number_text`]: the 15 digits that Excel keeps.
    Number(f64),
    /// A number shown as a day.
    Date(Date),
    /// TRUE or FALSE.
    Bool(bool),
    /// A formula's error, as `#REF!`; [`Cell::UNCOMPUTED`] when the file holds no result.
    Error(&'a str),
}

/// A merged range, all ends inside, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

/// A cell's place, shown as `D41`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct CellAt {
    /// Physical row (csv: line), from 1.
    pub row: u32,
    /// Column, from 0.
    pub column: u16,
}

impl Sheet {
    /// A sheet of text cells, as a csv or a test would have it.
    pub fn from_rows(name: &str, rows: &[Vec<&str>]) -> Sheet {
        let cells: Vec<Vec<Cell<'_>>> = rows
            .iter()
            .map(|row| row.iter().map(|text| Cell::text(text)).collect())
            .collect();
        Sheet::from_cells(name, &cells)
    }

    /// A sheet of these cells.
    pub fn from_cells(name: &str, rows: &[Vec<Cell<'_>>]) -> Sheet {
        let mut builder = SheetBuilder::new(Limits::default());
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                builder
                    .put(row, column, *cell)
                    .expect("a sheet written by hand is within the limits");
            }
        }
        builder
            .finish(name.to_owned())
            .expect("a sheet written by hand is within the limits")
    }

    /// The sheet with one cell replaced; for sheets made by hand.
    pub fn with(mut self, row: usize, column: usize, cell: Cell<'_>) -> Sheet {
        let rows = self.rows().max(row + 1);
        let mut cells: Vec<Vec<Cell<'_>>> = (0..rows).map(|row| self.row(row).collect()).collect();
        let width = cells[row].len().max(column + 1);
        cells[row].resize(width, Cell::Empty);
        cells[row][column] = cell;
        let made = Sheet::from_cells(&self.name, &cells);
        (self.ends, self.cells, self.text) = (made.ends, made.cells, made.text);
        self
    }

    /// The cell at a position; empty beyond the filled part.
    pub fn cell(&self, row: usize, column: usize) -> Cell<'_> {
        self.packed(row)
            .get(column)
            .map_or(Cell::Empty, |packed| packed.open(&self.text))
    }

    /// The cells of a row up to its last filled one; none beyond the last row.
    pub fn row(&self, row: usize) -> impl DoubleEndedIterator<Item = Cell<'_>> + ExactSizeIterator {
        self.packed(row)
            .iter()
            .map(|packed| packed.open(&self.text))
    }

    /// The filled cells of a row, each with its column.
    pub fn filled(&self, row: usize) -> impl DoubleEndedIterator<Item = (usize, Cell<'_>)> + Clone {
        let filled = |(_, packed): &(usize, &Packed)| **packed != Packed::EMPTY;
        self.packed(row)
            .iter()
            .enumerate()
            .filter(filled)
            .map(|(column, packed)| (column, packed.open(&self.text)))
    }

    fn packed(&self, row: usize) -> &[Packed] {
        let Some(end) = self.ends.get(row) else {
            return &[];
        };
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.cells[start as usize..*end as usize]
    }

    /// From what a builder gathered: row ends, cells, text.
    pub(crate) fn assemble(
        name: String,
        ends: Vec<u32>,
        cells: Vec<Packed>,
        text: String,
    ) -> Sheet {
        Sheet {
            name,
            ends,
            cells,
            text,
            ..Sheet::default()
        }
    }

    /// How many columns a row has up to its last filled cell.
    pub fn width(&self, row: usize) -> usize {
        self.packed(row).len()
    }

    /// How many physical rows reach to the last filled one.
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// How many columns the widest row has.
    pub fn columns(&self) -> usize {
        (0..self.rows())
            .map(|row| self.width(row))
            .max()
            .unwrap_or(0)
    }

    /// Whether no cell is filled.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }
}

impl<'a> Cell<'a> {
    /// What [`Cell::Error`] holds for a formula whose result the file lacks.
    pub const UNCOMPUTED: &'static str = "=";

    /// A text cell; empty when there is nothing but spaces.
    pub fn text(text: &'a str) -> Cell<'a> {
        if text.trim().is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }

    /// What a person sees in it.
    pub fn shown(&self) -> Cow<'a, str> {
        match *self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) | Cell::Error(text) => Cow::Borrowed(text),
            Cell::Number(number) => Cow::Owned(number_text(number)),
            Cell::Date(date) => Cow::Owned(date.to_string()),
            Cell::Bool(yes) => Cow::Borrowed(if yes { "TRUE" } else { "FALSE" }),
        }
    }
}

impl CellAt {
    /// From a row and a column that both count from 0.
    pub fn of(row: usize, column: usize) -> CellAt {
        CellAt {
            row: u32::try_from(row).unwrap_or(u32::MAX - 1) + 1,
            column: u16::try_from(column).unwrap_or(u16::MAX),
        }
    }
}

impl fmt::Display for CellAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            column_letters(usize::from(self.column)),
            self.row
        )
    }
}

/// The letters of a column counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + u8::try_from((rest - 1) % 26).expect("a remainder of 26 fits"));
        rest = (rest - 1) / 26;
    }
    letters
        .iter()
        .rev()
        .map(|letter| char::from(*letter))
        .collect()
}

/// Whole numbers above this are not all representable: a longer number has lost its last digits.
pub(crate) const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// A number as Excel shows it in a wide cell: 15 significant digits, without the noise of binary
/// fractions (`0.1 + 0.2` is `0.3`). The text, never the float, is what values are read from.
pub fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.fract() == 0.0 && number.abs() < EXACT_MAX {
        return format!("{number}");
    }
    if number.abs() >= EXACT_MAX {
        return format!("{number:E}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_excel_names_them() {
        assert_eq!(CellAt::of(40, 3).to_string(), "D41");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16_383), "XFD");
    }

    #[test]
    fn a_number_shows_what_was_typed() {
        assert_eq!(number_text(0.1 + 0.2), "0.3");
        assert_eq!(number_text(3.1), "3.1");
        assert_eq!(number_text(1976.01), "1976.01");
        assert_eq!(
            number_text(511_726_198_901_233_000.0),
            "5.11726198901233E17"
        );
        assert_eq!(number_text(-12.0), "-12");
    }
}
