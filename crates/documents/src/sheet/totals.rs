//! Totals against their rows. A town's part sums nest and stand under their rows or over them, so a total
//! agrees when it equals the sum of the rows since any earlier total, down to any later one, or of all.

use crate::sheet::CellAt;
use crate::sheet::reading::ReadValue;
use vocabulary::FieldType;

/// A total is held against this many totals before and behind it, and against the whole.
const NEAR: usize = 200;

/// Running sums of one table.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// For each form column: whether its numbers add up.
    numeric: Vec<bool>,
    now: State,
    /// What `now` was at each earlier total; the beginning is first.
    marks: Vec<State>,
    claims: Vec<(usize, Claim)>,
}

/// Sums of all rows so far.
#[derive(Debug, Default, Clone)]
struct State {
    columns: Vec<i128>,
    /// Cells of each column that were refused.
    refused: Vec<u32>,
    rows: i128,
    people: i128,
}

/// What a total adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// A form column.
    Column(usize),
    /// Rows, empty seats too.
    Rows,
    /// Rows that are not vacant.
    People,
}

/// What a total says.
#[derive(Debug)]
pub(crate) struct Claim {
    pub(crate) of: Of,
    pub(crate) total: i64,
    /// Its word says that it closes a part.
    pub(crate) part: bool,
    pub(crate) cell: CellAt,
    pub(crate) word: String,
    /// As written.
    pub(crate) shown: String,
}

impl Sums {
    pub(crate) fn new(kinds: impl Iterator<Item = FieldType>) -> Sums {
        let numeric: Vec<bool> = kinds
            .map(|kind| {
                use FieldType::{Area, Decimal, Int, Money};
                matches!(kind, Int | Money | Area | Decimal(_))
            })
            .collect();
        let now = State {
            columns: vec![0; numeric.len()],
            refused: vec![0; numeric.len()],
            ..State::default()
        };
        Sums {
            numeric,
            marks: vec![now.clone()],
            now,
            claims: Vec::new(),
        }
    }

    /// Whether the column's numbers add up.
    pub(crate) fn is_numeric(&self, column: usize) -> bool {
        self.numeric.get(column).copied().unwrap_or(false)
    }

    /// Adds a row. A value filled down from another row was added there.
    pub(crate) fn add(&mut self, row: u32, values: &[ReadValue], vacant: bool) {
        self.now.rows += 1;
        self.now.people += i128::from(!vacant);
        for (column, value) in values.iter().enumerate().filter(|(_, v)| v.cell.row == row) {
            if self.numeric[column] {
                self.now.columns[column] += i128::from(value.value.as_int().unwrap_or(0));
                self.now.refused[column] += u32::from(value.rejected);
            }
        }
    }

    /// Keeps what a total of the row now read says; [`Sums::mark`] follows.
    pub(crate) fn claim(&mut self, claim: Claim) {
        self.claims.push((self.marks.len(), claim));
    }

    /// A total row is past.
    pub(crate) fn mark(&mut self) {
        self.marks.push(self.now.clone());
    }

    /// Every claim that no sum of rows bears out, with the sum that it most likely meant.
    pub(crate) fn disagreements(&mut self) -> Vec<(Claim, i128)> {
        self.marks.push(self.now.clone());
        let claims = std::mem::take(&mut self.claims);
        let judged = claims.into_iter().filter_map(|(at, claim)| {
            let sum = self.judge(at, &claim)?;
            Some((claim, sum))
        });
        judged.collect()
    }

    fn judge(&self, at: usize, claim: &Claim) -> Option<i128> {
        let (here, end) = (&self.marks[at], self.marks.len() - 1);
        // A part without a row of its own on either side, as one after the last sub-total, closes the whole.
        let behind = self.marks[(at + 1).min(end)].rows > here.rows;
        let part = claim.part && (here.rows > self.marks[at - 1].rows || behind);
        // Under its rows when there are any since the last total, else over them.
        let above = if part {
            here.rows > self.marks[at - 1].rows || at + 1 > end
        } else {
            here.rows > 0
        };
        let (from, to) = match (above, part) {
            (true, true) => (at - 1, at),
            (true, false) => (0, at),
            (false, true) => (at, at + 1),
            (false, false) => (at, end),
        };
        if let Of::Column(column) = claim.of {
            let until = if above { at } else { end };
            if self.marks[until].refused[column] > 0 {
                return None;
            }
        }
        if self.marks[to].rows == self.marks[from].rows && self.marks[end].rows == 0 {
            return None;
        }
        let total = i128::from(claim.total);
        let of = |mark: usize| self.marks[mark].of(claim.of);
        let before = (at.saturating_sub(NEAR)..at).chain([0]);
        let behind = (at + 1..=end.min(at + NEAR)).chain([end]);
        let agrees = before.map(|mark| of(at) - of(mark)).any(|sum| sum == total)
            || behind.map(|mark| of(mark) - of(at)).any(|sum| sum == total)
            // The whole in the middle of its parts.
            || (!part && of(end) == total);
        (!agrees).then(|| of(to) - of(from))
    }
}

impl State {
    fn of(&self, of: Of) -> i128 {
        match of {
            Of::Column(column) => self.columns[column],
            Of::Rows => self.rows,
            Of::People => self.people,
        }
    }
}
