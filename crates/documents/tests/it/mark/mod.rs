//! Findings marked on workbooks, from the outside.

mod kept; // what must stay as it was
mod package; // a package taken apart
mod shown; // what a person then sees
mod strange; // forms of the format that few writers use, and refusals

use documents::mark::{Mark, Place};
use vocabulary::FindingClass;

/// A mark on cells of one sheet.
fn on(sheet: &str, cells: &[&str], class: FindingClass, said: &str) -> Mark {
    let place = |cell: &&str| Place::parse(sheet, cell).expect("a cell");
    Mark {
        sheet: Some(sheet.to_owned()),
        cells: cells.iter().map(place).collect(),
        elsewhere: Vec::new(),
        class,
        said: said.to_owned(),
        next: format!("改{said}"),
    }
}
