//! Two ways to the same numbers: both sides grouped by the same keys must agree for every key.

use crate::ask::FiguresError;
use crate::check::{Breach, BreachRecord, told};
use crate::compile::Slice;
use crate::run::{Board, last_path, scale, shown};
use pack::declare::{CheckDecl, Side};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{Exact, Value};

/// What a side says of a key.
#[derive(Default)]
struct Heap {
    amount: i128,
    /// An amount is unknown, so that the total is.
    doubtful: bool,
    records: Vec<BreachRecord>,
}

/// A breach for each key for which the sides disagree.
pub(super) fn breaches(
    board: &Board,
    check: &CheckDecl,
    left: &Side,
    right: &Side,
) -> Result<Vec<Breach>, FiguresError> {
    let (mut believed, mut reported) = (heaps(board, left)?, heaps(board, right)?);
    for (side, heaps) in [(left, &believed), (right, &reported)] {
        if heaps.is_empty()
            && !board
                .places
                .covers(&side.from, board.ask.within, Some(board.ask.at))?
        {
            return Ok(Vec::new());
        }
    }
    let keys: BTreeSet<Vec<Value>> = believed.keys().chain(reported.keys()).cloned().collect();
    let number = |heap: &Heap, side: &Side| {
        let scale = side.sum.as_ref().map_or(1, |sum| scale(&sum.kind));
        Exact::new(heap.amount, scale)
    };
    let mut breaches = Vec::new();
    for key in keys {
        let ours = believed.remove(&key).unwrap_or_default();
        let theirs = reported.remove(&key).unwrap_or_default();
        let (l, r) = (number(&ours, left), number(&theirs, right));
        if l == r || ours.doubtful || theirs.doubtful {
            continue;
        }
        let mut parts = Vec::with_capacity(key.len());
        for (value, typed) in key.iter().zip(&left.by) {
            parts.push(told(board, value, &typed.kind)?);
        }
        let values = vec![
            ("key".to_owned(), parts.join(" ")),
            ("left".to_owned(), shown(l, None).to_string()),
            ("right".to_owned(), shown(r, None).to_string()),
        ];
        // Without a reported row there is no cell to name but those of the records themselves.
        let records = if theirs.records.is_empty() {
            ours.records
        } else {
            theirs.records
        };
        breaches.push(Breach {
            check: check.id.clone(),
            values,
            names: Vec::new(),
            records,
        });
    }
    Ok(breaches)
}

fn heaps(board: &Board, side: &Side) -> Result<BTreeMap<Vec<Value>, Heap>, FiguresError> {
    let at = board.ask.at;
    let mut scope = board.scope(&side.from, at, Slice::InForce(at), board.ask.within)?;
    let mut columns = "t.record".to_owned();
    let (amount, owner, field) = match &side.sum {
        Some(sum) => {
            let amount = scope.value(&sum.expr)?;
            match last_path(&sum.expr) {
                Some(path) => {
                    let (owner, register) = scope.owner(&path)?;
                    (
                        amount,
                        owner,
                        Some((register.name.clone(), path.last().cloned())),
                    )
                }
                None => (amount, "t.record".to_owned(), None),
            }
        }
        None => ("1".to_owned(), "t.record".to_owned(), None),
    };
    columns.push_str(&format!(", {amount}, {owner}"));
    for by in &side.by {
        columns.push_str(&format!(", {}", scope.value(&by.expr)?));
    }
    let filter = match &side.filter {
        Some(filter) => Some(scope.condition(&filter.expr)?),
        None => None,
    };
    let rows = scope.rows(filter.as_deref());
    let mut heaps: BTreeMap<Vec<Value>, Heap> = BTreeMap::new();
    let sql = format!("SELECT {columns}\n{rows}\nORDER BY t.record");
    board.source.query(&sql, scope.params(), &mut |row| {
        let key = &row[3..];
        // A record without a key is counted nowhere: the sides cannot be held against each other by it.
        if key.iter().any(Value::is_null) {
            return;
        }
        let heap = heaps.entry(key.to_vec()).or_default();
        match row[1].as_int() {
            Some(amount) => heap.amount += i128::from(amount),
            None => heap.doubtful = true,
        }
        let (register, name) = match &field {
            Some((register, name)) => (register.clone(), name.clone()),
            None => (side.from.clone(), None),
        };
        let record = row[2].as_int().or(row[0].as_int());
        heap.records.extend(record.map(|record| BreachRecord {
            register,
            record,
            field: name,
        }));
    })?;
    Ok(heaps)
}
