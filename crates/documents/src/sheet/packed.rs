//! Cells in eight bytes: a number as it is, everything else in the bits that a number which is none leaves
//! free. Knows nothing of files.

use crate::sheet::error::ReadErrorKind;
use crate::sheet::limits::TEXT_BYTES_MAX;
use crate::sheet::{Cell, Limits, Sheet};
use foldhash::fast::FixedState;
use std::hash::BuildHasher;
use vocabulary::Date;

/// A cell: the bits of its number, or a mark, a kind and 49 bits of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packed(u64);

/// The bits of a negative quiet “not a number”, which no file's number has after [`Packed::number`].
const MARK: u64 = 0xfff8_0000_0000_0000;
const KIND_SHIFT: u32 = 49;
const TEXT: u64 = 0;
const ERROR: u64 = 1;
const OTHER: u64 = 2;
/// Of a text's 49 bits the upper 17 are its length in bytes, the lower 32 where it begins.
const START_BITS: u32 = 32;
/// In the content of [`OTHER`] beside a date's eight digits.
const BOOL: u64 = 1 << 40;

impl Packed {
    /// Nothing. No text begins so: its length is at least one.
    pub(crate) const EMPTY: Packed = Packed(MARK);

    fn number(number: f64) -> Packed {
        // A “not a number” in a file says nothing; what has no digits is shown as nothing.
        if number.is_nan() {
            Packed::EMPTY
        } else {
            Packed(number.to_bits())
        }
    }

    fn span(kind: u64, start: u32, length: usize) -> Packed {
        Packed(MARK | kind << KIND_SHIFT | (length as u64) << START_BITS | u64::from(start))
    }

    /// The cell, its text lent from `text`.
    pub(crate) fn open(self, text: &str) -> Cell<'_> {
        if self.0 & MARK != MARK {
            return Cell::Number(f64::from_bits(self.0));
        }
        let content = self.0 & ((1 << KIND_SHIFT) - 1);
        let kind = (self.0 & !MARK) >> KIND_SHIFT;
        if kind == OTHER {
            if content & BOOL != 0 {
                return Cell::Bool(content & 1 != 0);
            }
            let day = i32::try_from(content).ok().map(Date::from_int);
            return day.map_or(Cell::Empty, Cell::Date);
        }
        let start = (content & u64::from(u32::MAX)) as usize;
        let length = (content >> START_BITS) as usize;
        if length == 0 {
            return Cell::Empty;
        }
        let text = &text[start..start + length];
        if kind == ERROR {
            Cell::Error(text)
        } else {
            Cell::Text(text)
        }
    }
}

/// How many recent texts are remembered, so that a village's name stands once and not ten thousand times.
const RECENT: usize = 1 << 14;

/// Text in one block, from which pieces are lent by their place.
#[derive(Debug, Clone, Default)]
pub(crate) struct TextPool {
    text: String,
    /// Where a text of this hash was kept last: start and length.
    recent: Vec<(u32, u32)>,
    hash: FixedState,
}

impl PartialEq for TextPool {
    fn eq(&self, other: &TextPool) -> bool {
        self.text == other.text
    }
}

impl TextPool {
    /// Where the text begins and how long it is; `None` when the block is full.
    pub(crate) fn keep(&mut self, text: &str) -> Option<(u32, u32)> {
        if self.recent.is_empty() {
            self.recent = vec![(0, 0); RECENT];
        }
        let slot = self.hash.hash_one(text) as usize % RECENT;
        let (start, length) = self.recent[slot];
        if self.get(start, length) == text {
            return Some((start, length));
        }
        let start = u32::try_from(self.text.len()).ok()?;
        let length = u32::try_from(text.len()).ok()?;
        start.checked_add(length)?;
        self.text.push_str(text);
        self.recent[slot] = (start, length);
        Some((start, length))
    }

    /// The piece at a place that [`TextPool::keep`] answered.
    pub(crate) fn get(&self, start: u32, length: u32) -> &str {
        &self.text[start as usize..start as usize + length as usize]
    }

    /// The block alone.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// Gathers a sheet's cells, in whatever order they come; best row by row.
pub(crate) struct SheetBuilder {
    limits: Limits,
    ends: Vec<u32>,
    cells: Vec<Packed>,
    text: TextPool,
    /// The row being filled, from 0.
    row: usize,
    /// Cells that came after a later one: row, column.
    late: Vec<(usize, usize, Packed)>,
}

impl SheetBuilder {
    pub(crate) fn new(limits: Limits) -> SheetBuilder {
        SheetBuilder {
            limits,
            ends: Vec::new(),
            cells: Vec::new(),
            text: TextPool::default(),
            row: 0,
            late: Vec::new(),
        }
    }

    /// Puts a cell; an empty one is nothing.
    pub(crate) fn put(
        &mut self,
        row: usize,
        column: usize,
        cell: Cell<'_>,
    ) -> Result<(), ReadErrorKind> {
        if row >= self.limits.rows {
            return Err(too_large("rows", row + 1, self.limits.rows));
        }
        if column >= self.limits.columns {
            return Err(too_large("columns", column + 1, self.limits.columns));
        }
        let packed = match cell {
            Cell::Empty | Cell::Text("") | Cell::Error("") => return Ok(()),
            Cell::Text(text) => self.keep(TEXT, text)?,
            Cell::Error(text) => self.keep(ERROR, text)?,
            Cell::Number(number) => Packed::number(number),
            Cell::Date(date) => {
                Packed(MARK | OTHER << KIND_SHIFT | u64::from(date.int().unsigned_abs()))
            }
            Cell::Bool(yes) => Packed(MARK | OTHER << KIND_SHIFT | BOOL | u64::from(yes)),
        };
        if packed == Packed::EMPTY {
            return Ok(());
        }
        let start = self.ends.last().copied().unwrap_or(0) as usize;
        if row < self.row || (row == self.row && column < self.cells.len() - start) {
            if self.cells.len() + self.late.len() >= self.limits.cells {
                return Err(too_large("cells", self.limits.cells + 1, self.limits.cells));
            }
            self.late.push((row, column, packed));
            return Ok(());
        }
        while self.row < row {
            self.close_row();
        }
        let start = self.ends.last().copied().unwrap_or(0) as usize;
        let width = column + 1;
        if start + width + self.late.len() > self.limits.cells {
            return Err(too_large("cells", start + width, self.limits.cells));
        }
        self.cells.resize(start + column, Packed::EMPTY);
        self.cells.push(packed);
        Ok(())
    }

    fn close_row(&mut self) {
        self.ends
            .push(u32::try_from(self.cells.len()).expect("the limit of cells fits"));
        self.row += 1;
    }

    fn keep(&mut self, kind: u64, text: &str) -> Result<Packed, ReadErrorKind> {
        // A length has 17 bits: no limit that is handed in may let more through.
        let most = self.limits.text_bytes.min(TEXT_BYTES_MAX);
        if text.len() > most {
            return Err(too_large("text", text.len(), most));
        }
        let Some((start, length)) = self.text.keep(text) else {
            return Err(too_large("unzipped", u32::MAX as usize, u32::MAX as usize));
        };
        Ok(Packed::span(kind, start, length as usize))
    }

    /// The sheet; rows end at the last filled one.
    pub(crate) fn finish(mut self, name: String) -> Result<Sheet, ReadErrorKind> {
        if !self.cells.is_empty() {
            self.close_row();
        }
        if !self.late.is_empty() {
            self.merge_late()?;
        }
        self.cells.shrink_to_fit();
        let text = self.text.into_text();
        Ok(Sheet::assemble(name, self.ends, self.cells, text))
    }

    /// Lays the cells that came late among the others. What came last stands.
    fn merge_late(&mut self) -> Result<(), ReadErrorKind> {
        self.late.sort_by_key(|(row, column, _)| (*row, *column));
        let rows = self
            .late
            .last()
            .map_or(0, |late| late.0 + 1)
            .max(self.ends.len());
        let (mut ends, mut cells) = (Vec::with_capacity(rows), Vec::new());
        let mut late = self.late.iter().peekable();
        for row in 0..rows {
            let begin = cells.len();
            if let Some(end) = self.ends.get(row) {
                let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
                cells.extend_from_slice(&self.cells[start as usize..*end as usize]);
            }
            while let Some((_, column, packed)) = late.next_if(|late| late.0 == row) {
                if begin + column >= self.limits.cells {
                    // A cell at the far end of each of a million rows, the last row first.
                    return Err(too_large("cells", begin + column + 1, self.limits.cells));
                }
                if cells.len() <= begin + column {
                    cells.resize(begin + column + 1, Packed::EMPTY);
                }
                cells[begin + column] = *packed;
            }
            ends.push(u32::try_from(cells.len()).expect("the limit of cells fits"));
        }
        (self.ends, self.cells) = (ends, cells);
        Ok(())
    }
}

pub(crate) fn too_large(what: &'static str, value: usize, limit: usize) -> ReadErrorKind {
    let number = |n| u64::try_from(n).unwrap_or(u64::MAX);
    ReadErrorKind::TooLarge {
        what,
        value: number(value),
        limit: number(limit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_cell_comes_back() {
        let day = Date::new(2022, 12, 31).expect("a day");
        let cells = [
            Cell::Text("大石村"),
            Cell::Number(-0.1),
            Cell::Number(f64::INFINITY),
            Cell::Number(f64::NEG_INFINITY),
            Cell::Number(0.0),
            Cell::Date(day),
            Cell::Bool(true),
            Cell::Bool(false),
            Cell::Error("#REF!"),
            Cell::Text("大石村"),
        ];
        let sheet = Sheet::from_cells("t", &[vec![], cells.to_vec()]);
        assert_eq!(sheet.rows(), 2);
        assert_eq!(sheet.row(1).collect::<Vec<_>>(), cells);
        assert_eq!(sheet.cell(0, 0), Cell::Empty);
        assert_eq!(sheet.cell(9, 9), Cell::Empty);
        let gap = Sheet::from_cells("t", &[vec![Cell::Number(f64::NAN), Cell::Text("x")]]);
        assert_eq!(gap.filled(0).collect::<Vec<_>>(), [(1, Cell::Text("x"))]);
    }

    #[test]
    fn cells_may_come_in_any_order() {
        let mut at = vec![(2, 3), (0, 0), (2, 1), (5, 0), (4, 9), (0, 4), (2, 1)];
        let mut expected: Option<Sheet> = None;
        for _ in 0..at.len() {
            let mut builder = SheetBuilder::new(Limits::default());
            for (row, column) in &at {
                builder
                    .put(*row, *column, Cell::Number((row * 10 + column) as f64))
                    .expect("within the limits");
            }
            let sheet = builder.finish("t".to_owned()).expect("few cells");
            assert_eq!(sheet.rows(), 6);
            assert_eq!(*expected.get_or_insert_with(|| sheet.clone()), sheet);
            at.rotate_left(1);
        }
    }
}
