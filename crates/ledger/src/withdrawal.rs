//! What was taken back: which facts are live at a transaction, when an undo may itself have been undone.

use crate::error::LedgerError;
use crate::store::{Datum, Store};
use std::collections::{BTreeSet, HashSet};
use vocabulary::BookId;

/// One withdrawing fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Withdrawal {
    tx: i64,
    /// `None`: the whole transaction.
    ord: Option<u32>,
    by: (i64, u32),
}

/// Every withdrawal of a book, in order of writing. Undos are rare: they are kept as one short list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Withdrawals(Vec<Withdrawal>);

/// What is withdrawn at some transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Withdrawn {
    whole: HashSet<i64>,
    single: HashSet<(i64, u32)>,
}

impl Withdrawn {
    /// Whether this fact is taken back.
    pub(crate) fn has(&self, tx: i64, ord: u32) -> bool {
        self.whole.contains(&tx) || self.single.contains(&(tx, ord))
    }

    /// The transactions taken back as a whole.
    pub(crate) fn wholly(self) -> HashSet<i64> {
        self.whole
    }
}

impl Withdrawals {
    /// Reads a book's.
    pub(crate) fn load(store: &dyn Store, book: BookId) -> Result<Withdrawals, LedgerError> {
        let mut list = Withdrawals::default();
        let sql = format!(
            "SELECT tx, ord, by_tx, by_ord FROM withdrawal WHERE book = {} ORDER BY by_tx, by_ord",
            store.dialect().placeholder(1)
        );
        store.query(&sql, &[Datum::Int(book)], &mut |row| {
            let ord = u32::try_from(row[1].int()).ok();
            list.add(
                row[0].int(),
                ord,
                (row[2].int(), u32::try_from(row[3].int()).unwrap_or(0)),
            );
            Ok(())
        })?;
        Ok(list)
    }

    /// Adds one; they come in order of writing.
    pub(crate) fn add(&mut self, tx: i64, ord: Option<u32>, by: (i64, u32)) {
        self.0.push(Withdrawal { tx, ord, by });
    }

    /// What is withdrawn as the ledger stood after transaction `known`. A withdrawal can only be undone by a
    /// later one, so one pass from the last to the first decides.
    pub(crate) fn at(&self, known: i64) -> Withdrawn {
        let mut out = Withdrawn::default();
        for one in self.0.iter().rev().filter(|one| one.by.0 <= known) {
            if !out.has(one.by.0, one.by.1) {
                match one.ord {
                    None => out.whole.insert(one.tx),
                    Some(ord) => out.single.insert((one.tx, ord)),
                };
            }
        }
        out
    }

    /// The withdrawing facts through which the fate of a fact may change, undos of undos included.
    pub(crate) fn touching(&self, tx: i64, ord: u32) -> BTreeSet<(i64, u32)> {
        let mut found = BTreeSet::new();
        let mut next = vec![(tx, ord)];
        while let Some((tx, ord)) = next.pop() {
            for one in &self.0 {
                if one.tx == tx && one.ord.is_none_or(|only| only == ord) && found.insert(one.by) {
                    next.push(one.by);
                }
            }
        }
        found
    }

    /// The transactions whose facts one withdrawal reaches: its target, and what the target withdrew.
    pub(crate) fn reached(&self, tx: i64, ord: Option<u32>) -> Vec<(i64, Option<u32>)> {
        let mut found = vec![(tx, ord)];
        let mut position = 0;
        while let Some(&(tx, ord)) = found.get(position) {
            position += 1;
            for one in &self.0 {
                let target = (one.tx, one.ord);
                if one.by.0 == tx
                    && ord.is_none_or(|only| only == one.by.1)
                    && !found.contains(&target)
                {
                    found.push(target);
                }
            }
        }
        found
    }

    /// The transactions of which something was ever taken back, undos among them.
    pub(crate) fn targets(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.iter().map(|one| one.tx)
    }

    /// Whether one of them names something in the transaction.
    pub(crate) fn reach(&self, tx: i64) -> bool {
        self.0.iter().any(|one| one.tx == tx)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_can_be_undone() {
        let mut list = Withdrawals::default();
        list.add(2, None, (5, 0));
        assert!(list.at(5).has(2, 9));
        assert!(!list.at(4).has(2, 9));
        list.add(5, None, (6, 0));
        assert!(!list.at(6).has(2, 9));
        assert!(list.at(5).has(2, 9));
        assert_eq!(
            list.touching(2, 9).into_iter().collect::<Vec<_>>(),
            [(5, 0), (6, 0)]
        );
        assert_eq!(list.reached(5, None), [(5, None), (2, None)]);
    }
}
