//! Rows of leaves, merged for any node above them.

use crate::plan::Merge;
use vocabulary::{DivisionId, Value};

/// One leaf's row of a scan.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) division: DivisionId,
    pub(crate) values: Vec<Value>,
}

/// One record behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) record: i64,
    pub(crate) division: DivisionId,
    pub(crate) tx: i64,
    /// The record's label, or the listed text of a list.
    pub(crate) label: Value,
    /// The measured value in stored units; null for a count.
    pub(crate) amount: Value,
    /// What a list is ordered by.
    pub(crate) order: Value,
    /// The record that holds the measured field, when it was reached by a reference.
    pub(crate) owner: Option<i64>,
}

/// A column of several leaves as one number; `None` when none of them knows it.
pub(crate) fn merge<'a>(
    leaves: impl Iterator<Item = &'a Leaf>,
    column: usize,
    how: Merge,
) -> Option<i128> {
    let known = leaves
        .filter_map(|leaf| leaf.values[column].as_int())
        .map(i128::from);
    match how {
        Merge::Add => known.fold(None, |sum, value| Some(sum.unwrap_or(0) + value)),
        Merge::Least => known.min(),
        Merge::Greatest => known.max(),
    }
}
