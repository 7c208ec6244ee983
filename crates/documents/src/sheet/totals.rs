//! Totals against their rows. A town's part sums nest, so a total agrees when it equals the sum of the rows
//! since any earlier total, or of all.

use crate::sheet::reading::ReadValue;
use vocabulary::FieldType;

/// Running sums of one table.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// For each form column: whether its numbers add up.
    numeric: Vec<bool>,
    /// For each column the sum of all rows so far, and whether a cell of it was refused.
    whole: Vec<(i128, bool)>,
    rows: i128,
    /// What `whole` and `rows` were at each earlier total; the beginning is first.
    marks: Vec<(Vec<i128>, i128)>,
}

impl Sums {
    pub(crate) fn new(kinds: impl Iterator<Item = FieldType>) -> Sums {
        let numeric: Vec<bool> = kinds
            .map(|kind| {
                use FieldType::{Area, Decimal, Int, Money};
                matches!(kind, Int | Money | Area | Decimal(_))
            })
            .collect();
        let count = numeric.len();
        Sums {
            numeric,
            whole: vec![(0, false); count],
            rows: 0,
            marks: vec![(vec![0; count], 0)],
        }
    }

    /// Whether the column's numbers add up.
    pub(crate) fn is_numeric(&self, column: usize) -> bool {
        self.numeric.get(column).copied().unwrap_or(false)
    }

    /// Adds a row. A value filled down from another row was added there.
    pub(crate) fn add(&mut self, row: u32, values: &[ReadValue], counts: bool) {
        self.rows += i128::from(counts);
        for (column, value) in values.iter().enumerate().filter(|(_, v)| v.cell.row == row) {
            if self.numeric[column] {
                self.whole[column].0 += i128::from(value.value.as_int().unwrap_or(0));
                self.whole[column].1 |= value.rejected;
            }
        }
    }

    /// The sum that a total of this column disagrees with; `None` when it agrees or cannot be judged.
    /// `part`: the word says that it closes a part, so the rows since the last total are meant.
    pub(crate) fn disagreement(&self, column: usize, total: i64, part: bool) -> Option<i128> {
        let (sum, refused) = self.whole[column];
        if refused || self.rows == 0 {
            return None;
        }
        let since = self.marks.iter().map(|(marks, _)| sum - marks[column]);
        disagrees(i128::from(total), since, part)
    }

    /// As [`Sums::disagreement`] for a total that counts rows.
    pub(crate) fn miscount(&self, total: i64, part: bool) -> Option<i128> {
        disagrees(
            i128::from(total),
            self.marks.iter().map(|(_, rows)| self.rows - rows),
            part,
        )
    }

    /// A total row is past.
    pub(crate) fn mark(&mut self) {
        self.marks
            .push((self.whole.iter().map(|(sum, _)| *sum).collect(), self.rows));
    }
}

fn disagrees(
    total: i128,
    sums: impl DoubleEndedIterator<Item = i128> + Clone,
    part: bool,
) -> Option<i128> {
    if sums.clone().any(|sum| sum == total) {
        return None;
    }
    if part {
        sums.clone().next_back()
    } else {
        sums.clone().next()
    }
}
