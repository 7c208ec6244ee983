//! Notes on cells become findings: the first few of a kind in each column one by one, the rest as one that
//! names all their cells, so that a column of a thousand rounded numbers is one line to read.

use crate::sheet::finding::Origin;
use crate::sheet::value::{Note, shown};
use crate::sheet::{CellAt, FormColumn};
use vocabulary::{Finding, FindingClass, Value};

/// How many of a kind in a column are named one by one.
const ONE_BY_ONE: usize = 3;

/// The notes of one column so far.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    kinds: Vec<Kind>,
}

#[derive(Debug)]
struct Kind {
    note: Note,
    count: usize,
    /// The finding that was first held back, and the cells of all that were.
    first: Option<Finding>,
    cells: Vec<CellAt>,
}

/// A cell with a note.
pub(crate) struct NotedCell<'a> {
    pub(crate) note: Note,
    pub(crate) at: CellAt,
    pub(crate) raw: &'a str,
    pub(crate) value: &'a Value,
}

impl Noted {
    /// Takes one note; its finding, unless enough of its kind have been said.
    pub(crate) fn take(
        &mut self,
        cell: &NotedCell<'_>,
        column: &FormColumn,
        origin: &Origin<'_>,
    ) -> Option<Finding> {
        let known = self.kinds.iter().position(|kind| kind.note == cell.note);
        let index = known.unwrap_or_else(|| {
            self.kinds.push(Kind {
                note: cell.note,
                count: 0,
                first: None,
                cells: Vec::new(),
            });
            self.kinds.len() - 1
        });
        let kind = &mut self.kinds[index];
        kind.count += 1;
        if kind.count > ONE_BY_ONE && !cell.note.names_every_cell() {
            kind.cells.push(cell.at);
            if kind.first.is_none() {
                kind.first = Some(finding(cell, column, origin));
            }
            return None;
        }
        Some(finding(cell, column, origin))
    }

    /// What was held back: one finding for each kind, the finding itself where only one was.
    pub(crate) fn rest(self, header: &str, origin: &Origin<'_>) -> Vec<Finding> {
        let held = self.kinds.into_iter();
        held.filter_map(|kind| {
            let first = kind.first?;
            if kind.cells.len() == 1 {
                return Some(first);
            }
            let count = kind.cells.len().to_string();
            let params = [
                ("column", header),
                ("count", count.as_str()),
                ("first", first.said.as_str()),
            ];
            let at = kind.cells.first().copied();
            let mut sum = origin.finding("D174", FindingClass::Notice, at, &params);
            sum.cells = kind.cells.iter().map(CellAt::to_string).collect();
            Some(sum)
        })
        .collect()
    }
}

fn finding(cell: &NotedCell<'_>, column: &FormColumn, origin: &Origin<'_>) -> Finding {
    let raw: String = super::body::in_sight(cell.raw);
    let year: String = raw.chars().take(4).collect();
    let taken = taken(cell.value, column);
    let params = [
        ("value", raw.as_str()),
        ("year", year.as_str()),
        ("taken", taken.as_str()),
    ];
    origin.finding(
        cell.note.code(),
        FindingClass::Notice,
        Some(cell.at),
        &params,
    )
}

/// The value as a person reads it: a code by the first word of its list.
fn taken(value: &Value, column: &FormColumn) -> String {
    let word = value
        .as_text()
        .and_then(|text| column.codes.iter().find(|(_, code)| code == text));
    match word {
        Some((word, _)) => word.clone(),
        None => shown(value, &column.kind),
    }
}

/// That a column's numbers were taken in a unit that nobody named.
pub(crate) fn assumed_unit(header: &str, unit: &str, at: CellAt, origin: &Origin<'_>) -> Finding {
    let last = header.rsplit('>').next().unwrap_or(header);
    let params = [("column", last), ("unit", unit)];
    origin.finding("D173", FindingClass::Notice, Some(at), &params)
}
