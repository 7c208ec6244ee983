//! How hard a sheet may be searched for tables. Rows that look like headers and lead to no table cost the most; a sheet
//! of nothing else would be searched for minutes. Refuses to know what a header is.

use std::cell::Cell;

/// What is left for one sheet, shared by the searches of its parts.
#[derive(Debug)]
pub(crate) struct Effort {
    left: Cell<u64>,
    stopped: Cell<Option<usize>>,
}

impl Effort {
    pub(crate) fn new(most: u64) -> Effort {
        Effort {
            left: Cell::new(most),
            stopped: Cell::new(None),
        }
    }

    /// Takes what looking at this many cells this many times costs, for the header at a row; false when it is not
    /// there to be taken.
    pub(crate) fn spend(&self, row: usize, cells: usize, times: usize) -> bool {
        let cost = (cells as u64).saturating_mul(times as u64);
        match self.left.get().checked_sub(cost) {
            Some(left) => {
                self.left.set(left);
                true
            }
            None => {
                self.left.set(0);
                if self.stopped.get().is_none() {
                    self.stopped.set(Some(row));
                }
                false
            }
        }
    }

    /// The row from which nothing was searched any more.
    pub(crate) fn stopped(&self) -> Option<usize> {
        self.stopped.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::form::{ColumnChoices, Form, FormColumn};
    use crate::sheet::matching::{Forms, match_within};
    use crate::sheet::{Sheet, limits};
    use vocabulary::FindingClass;

    #[test]
    fn a_sheet_of_nothing_but_headers_is_set_aside_with_a_sentence() {
        let column = |name: &str, required| FormColumn {
            name: name.to_owned(),
            headers: vec![name.to_owned()],
            required,
            ..FormColumn::default()
        };
        let form = Form {
            columns: vec![
                column("电话", true),
                column("姓名", false),
                column("村", false),
            ],
            ..Form::default()
        };
        let words = ["姓名", "村", "备注"];
        let row: Vec<&str> = (0..300).map(|at| words[at % words.len()]).collect();
        let sheet = Sheet::from_rows("t", &vec![row; 40]);
        let read = |most| {
            let effort = Effort::new(most);
            match_within(
                &sheet,
                &Forms::new(std::slice::from_ref(&form)),
                "t.xlsx",
                &ColumnChoices::default(),
                &effort,
            )
        };
        let aside = read(100_000).set_aside.expect("no table");
        assert_eq!(
            (aside.code.as_str(), aside.class),
            ("D128", FindingClass::Rejected)
        );
        assert!(aside.cell.is_some_and(|cell| cell.starts_with('A')));
        let aside = read(limits::EFFORT_MAX).set_aside.expect("no table");
        assert_eq!(
            aside.code, "D120",
            "a sheet of a few thousand words is searched whole"
        );
    }

    #[test]
    fn what_is_spent_is_gone_and_the_first_row_is_remembered() {
        let effort = Effort::new(1_000);
        assert!(effort.spend(0, 10, 10));
        assert!(!effort.spend(5, usize::MAX, 2));
        assert!(!effort.spend(6, 1, 1), "nothing is left");
        assert_eq!(effort.stopped(), Some(5));
    }
}
