//! Errors of formulas that stand where nothing is read: in a total, in a column that no form wants, on a sheet that is
//! set aside. Refuses to guess what the formula meant.

use crate::sheet::finding::Origin;
use crate::sheet::reading::Table;
use crate::sheet::{Cell, CellAt, Sheet};
use std::collections::HashSet;
use vocabulary::{Finding, FindingClass};

/// So many are named; a sheet that has more has one fault, not many.
const NAMED_MAX: usize = 50;

/// What is said of them: nothing of those that a table has named already.
pub(crate) fn findings(sheet: &Sheet, file: &str, tables: &[Table]) -> Vec<Finding> {
    let origin = Origin {
        file,
        sheet: &sheet.name,
    };
    let named: HashSet<&str> = tables
        .iter()
        .flat_map(|table| table.findings.iter())
        .flat_map(|finding| finding.cells.iter().map(String::as_str))
        .collect();
    let mut found = Vec::new();
    for row in 0..sheet.rows() {
        for (column, cell) in sheet.filled(row) {
            let Cell::Error(error) = cell else { continue };
            let at = CellAt::of(row, column);
            if error == Cell::UNCOMPUTED || named.contains(at.to_string().as_str()) {
                continue;
            }
            let params = [("value", error)];
            found.push(origin.finding("D186", FindingClass::Notice, Some(at), &params));
            if found.len() == NAMED_MAX {
                return found;
            }
        }
    }
    found
}
