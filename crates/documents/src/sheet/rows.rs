//! The rows of a table, eight bytes a value, so that a county's list of a million residents is held beside
//! everything else. A row is made whole when it is asked for. Knows nothing of what the values mean.

use crate::sheet::CellAt;
use crate::sheet::packed::TextPool;
use crate::sheet::reading::{ReadValue, Row};
use crate::sheet::value::Note;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use vocabulary::Value;

/// The rows of a table, from top to bottom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// For each form column the sheet's column in which its values usually stand.
    usual: Vec<Option<u16>>,
    numbers: Vec<u32>,
    vacant: Vec<bool>,
    values: Vec<Kept>,
    text: TextPool,
    /// What does not fit in eight bytes.
    large: Vec<Value>,
    /// Values read elsewhere than in their own row and column, refused ones, and those with a note.
    odd: HashMap<u64, Odd, FixedState>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Odd {
    cell: CellAt,
    note: Option<Note>,
    rejected: bool,
}

/// A value: two bits say which kind, the others hold it or where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kept(u64);

const KIND_SHIFT: u32 = 62;
const CONTENT: u64 = (1 << KIND_SHIFT) - 1;
const INT: u64 = 1;
const TEXT: u64 = 2;
const LARGE: u64 = 3;
const START_BITS: u32 = 32;

impl Rows {
    pub(crate) fn new(usual: Vec<Option<u16>>) -> Rows {
        Rows {
            usual,
            ..Rows::default()
        }
    }

    pub(crate) fn push(&mut self, row: Row) {
        let first = self.values.len() as u64;
        for (column, value) in row.values.into_iter().enumerate() {
            let index = first + column as u64;
            let usual = self.usual.get(column).copied().flatten();
            let plain = usual.map_or(CellAt::default(), |column| CellAt {
                row: row.number,
                column,
            });
            if value.cell != plain || value.note.is_some() || value.rejected {
                let (cell, note, rejected) = (value.cell, value.note, value.rejected);
                let odd = Odd {
                    cell,
                    note,
                    rejected,
                };
                self.odd.insert(index, odd);
            }
            let kept = self.keep(value.value);
            self.values.push(kept);
        }
        self.numbers.push(row.number);
        self.vacant.push(row.vacant);
    }

    fn keep(&mut self, value: Value) -> Kept {
        match &value {
            Value::Null => return Kept(0),
            Value::Int(int) => {
                // Its upper bits are all equal to the sign: they can be made again.
                if (int << 2) >> 2 == *int {
                    return Kept(INT << KIND_SHIFT | int.cast_unsigned() & CONTENT);
                }
            }
            Value::Text(text) => {
                if let Some((start, length)) = self.text.keep(text).filter(|at| at.1 < 1 << 30) {
                    let at = u64::from(length) << START_BITS | u64::from(start);
                    return Kept(TEXT << KIND_SHIFT | at);
                }
            }
        }
        self.large.push(value);
        Kept(LARGE << KIND_SHIFT | (self.large.len() - 1) as u64)
    }

    fn open(&self, kept: Kept) -> Value {
        let content = kept.0 & CONTENT;
        match kept.0 >> KIND_SHIFT {
            INT => Value::Int((content << 2).cast_signed() >> 2),
            TEXT => {
                let start = (content & u64::from(u32::MAX)) as u32;
                let length = (content >> START_BITS) as u32;
                Value::Text(self.text.get(start, length).to_owned())
            }
            LARGE => self.large[content as usize].clone(),
            _ => Value::Null,
        }
    }

    /// The rows with this value and cell wherever a column that the sheet lacks has none.
    #[must_use]
    pub fn filled(&self, column: usize, value: &Value, cell: CellAt) -> Rows {
        let mut rows = Rows::new(self.usual.clone());
        for mut row in self.iter() {
            if let Some(lacking) = row.values.get_mut(column).filter(|v| v.cell.row == 0) {
                *lacking = ReadValue {
                    value: value.clone(),
                    cell,
                    ..ReadValue::default()
                };
            }
            rows.push(row);
        }
        rows
    }

    /// The rows with some columns of some rows refused: unknown, as if their cells could not be read.
    #[must_use]
    pub fn refused(&self, columns: &[usize], is_refused: impl Fn(u32) -> bool) -> Rows {
        let mut rows = Rows::new(self.usual.clone());
        for mut row in self.iter() {
            if is_refused(row.number) {
                for column in columns {
                    row.values[*column].value = Value::Null;
                    row.values[*column].rejected = true;
                }
            }
            rows.push(row);
        }
        rows
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The row at a position that exists, from 0 (a position in this list, not a physical row).
    ///
    /// # Panics
    /// Beyond the last row.
    pub fn at(&self, index: usize) -> Row {
        self.get(index).expect("a row of the table")
    }

    /// The row at a position, from 0.
    pub fn get(&self, index: usize) -> Option<Row> {
        let number = *self.numbers.get(index)?;
        let first = index * self.usual.len();
        let values = (first..).zip(&self.usual).map(|(index, usual)| {
            let odd = self.odd.get(&(index as u64));
            let plain = || {
                usual.map_or(CellAt::default(), |column| CellAt {
                    row: number,
                    column,
                })
            };
            ReadValue {
                value: self.open(self.values[index]),
                cell: odd.map_or_else(plain, |odd| odd.cell),
                note: odd.and_then(|odd| odd.note),
                rejected: odd.is_some_and(|odd| odd.rejected),
            }
        });
        Some(Row {
            number,
            values: values.collect(),
            vacant: self.vacant[index],
        })
    }

    /// Among the rows of this physical number the one at a place, from 0: a wide table makes several of one.
    pub fn numbered(&self, number: u32, part: u32) -> Option<Row> {
        let index = self.first_of(number) + part as usize;
        self.get(index).filter(|row| row.number == number)
    }

    /// The place of a row among those of its physical number, from 0.
    ///
    /// # Panics
    /// Beyond the last row.
    pub fn part(&self, index: usize) -> u32 {
        let before = index - self.first_of(self.numbers[index]);
        u32::try_from(before).expect("a row makes no more records than a sheet has columns")
    }

    fn first_of(&self, number: u32) -> usize {
        self.numbers.partition_point(|known| *known < number)
    }

    /// The last row.
    pub fn last(&self) -> Option<Row> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The physical row of each, in order.
    pub(crate) fn iter_numbers(&self) -> impl Iterator<Item = u32> {
        self.numbers.iter().copied()
    }

    /// The physical row of the last one; cheap.
    pub fn last_number(&self) -> Option<u32> {
        self.numbers.last().copied()
    }

    /// All of them, each made as it is reached.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row> + ExactSizeIterator {
        (0..self.len()).map(|index| self.at(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let own = |row, column| CellAt { row, column };
        let read = |value: Value, cell| ReadValue {
            value,
            cell,
            ..ReadValue::default()
        };
        let mut rows = Rows::new(vec![Some(3), None, Some(0)]);
        let ints = [
            0,
            -1,
            1,
            i64::MAX,
            i64::MIN,
            (1 << 61) - 1,
            -(1 << 61),
            1 << 61,
        ];
        let mut given = Vec::new();
        for (number, int) in (5..).zip(ints) {
            let mut noted = read(Value::from("大石村"), own(4, 0));
            noted.note = Some(Note::About);
            noted.rejected = number % 2 == 0;
            given.push(Row {
                number,
                values: vec![
                    read(Value::Int(int), own(number, 3)),
                    read(Value::Null, CellAt::default()),
                    noted,
                ],
                vacant: number == 6,
            });
        }
        for row in &given {
            rows.push(row.clone());
        }
        assert_eq!(rows.iter().collect::<Vec<_>>(), given);
        assert_eq!(rows.last_number(), Some(12));
    }
}
