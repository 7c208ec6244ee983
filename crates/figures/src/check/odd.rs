//! What a broken rule between figures points at when it names no list itself: the places that a count of places is made
//! of, or the records that stand in a whole and in none of its parts, or in two. Refuses to guess at other rules.

use crate::ask::{FigureId, FiguresError, When};
use crate::check::BreachRecord;
use crate::run::{Board, behind, resolve};
use pack::declare::{Compute, Operand};
use pack::expr::{Binary, Expr, Typed};
use std::collections::BTreeMap;
use vocabulary::{DivisionId, RecordId};

/// So many records are pointed at; who wants them all opens the figure.
const RECORDS_MAX: usize = 50;

/// What to look at.
#[derive(Default)]
pub(super) struct Odd {
    /// Names of places.
    pub(super) names: Vec<String>,
    /// Records.
    pub(super) records: Vec<BreachRecord>,
}

/// A record behind an operand, with the field that its amount was read from.
struct Leaf {
    register: String,
    record: RecordId,
    field: Option<String>,
    /// The record that counts, where the amount was read from another one, and its register.
    own: RecordId,
    from: String,
}

/// What a broken rule points at.
pub(super) fn odd(
    board: &Board,
    operands: &[Operand],
    must: &Typed,
    when: When,
) -> Result<Odd, FiguresError> {
    let mut found = match operands {
        [only] => places(board, only, when)?,
        _ if equates(&must.expr) => Odd {
            records: unmatched(board, operands, when)?,
            ..Odd::default()
        },
        _ => Odd::default(),
    };
    found.records.truncate(RECORDS_MAX);
    Ok(found)
}

/// Whether a rule says that something is equal, or else something besides.
fn equates(rule: &Expr) -> bool {
    match rule {
        Expr::Binary(Binary::Eq, ..) => true,
        Expr::Binary(Binary::Or, left, right) => equates(left) || equates(right),
        _ => false,
    }
}

/// The places that a count of places counts, and what its condition reads there.
fn places(board: &Board, operand: &Operand, when: When) -> Result<Odd, FiguresError> {
    let mut found = Odd::default();
    let resolved = resolve(board.pack, None, None, operand, when)?;
    let (Some(when), figure) = (resolved.when, board.figure(&resolved.id)?) else {
        return Ok(found);
    };
    let Compute::Over {
        level,
        operands,
        condition,
    } = &figure.compute
    else {
        return Ok(found);
    };
    for asked in board.over(level, operands, condition, when, None)? {
        if asked.holds != Some(true) {
            continue;
        }
        found.names.push(board.places.name(asked.division)?);
        let mut leaves = Vec::new();
        for operand in operands {
            let resolved = resolve(board.pack, None, None, operand, when)?;
            if let Some(when) = resolved.when {
                gather(board, &resolved.id, when, Some(asked.division), &mut leaves)?;
            }
        }
        found
            .records
            .extend(leaves.into_iter().map(|leaf| BreachRecord {
                register: leaf.register,
                record: leaf.record,
                field: leaf.field,
            }));
    }
    Ok(found)
}

/// Records behind the operands of an equality that stand in fewer or more of them than most do.
fn unmatched(
    board: &Board,
    operands: &[Operand],
    when: When,
) -> Result<Vec<BreachRecord>, FiguresError> {
    let mut times: BTreeMap<RecordId, (usize, Leaf)> = BTreeMap::new();
    let mut of: Option<String> = None;
    for operand in operands {
        let resolved = resolve(board.pack, None, None, operand, when)?;
        let Some(when) = resolved.when else { continue };
        let mut leaves = Vec::new();
        gather(board, &resolved.id, when, None, &mut leaves)?;
        for leaf in leaves {
            // Records of two registers cannot be held against each other one by one.
            if of.get_or_insert_with(|| leaf.from.clone()) != &leaf.from {
                return Ok(Vec::new());
            }
            times.entry(leaf.own).or_insert((0, leaf)).0 += 1;
        }
    }
    let mut usual: BTreeMap<usize, usize> = BTreeMap::new();
    for (count, _) in times.values() {
        *usual.entry(*count).or_default() += 1;
    }
    let usual = usual.into_iter().max_by_key(|(_, records)| *records);
    let Some((usual, _)) = usual else {
        return Ok(Vec::new());
    };
    let odd = times.into_values().filter(|(count, _)| *count != usual);
    Ok(odd
        .map(|(_, leaf)| BreachRecord {
            register: leaf.register,
            record: leaf.record,
            field: leaf.field,
        })
        .collect())
}

/// The records behind a figure, those of its operands when it is a formula.
fn gather(
    board: &Board,
    id: &FigureId,
    when: When,
    within: Option<DivisionId>,
    leaves: &mut Vec<Leaf>,
) -> Result<(), FiguresError> {
    let figure = board.figure(id)?;
    let (narrowed, member) = Board::narrowed(figure, id);
    let within = narrowed.or(within);
    let parts = Board::parts(figure, id);
    if !parts.is_empty() {
        for part in &parts {
            gather(board, part, when, within, leaves)?;
        }
        return Ok(());
    }
    match &figure.compute {
        Compute::Aggregate { from, .. } => {
            let behind = behind(board, figure, member.as_deref(), when, within)?;
            for entry in &behind.entries {
                let (register, field) = match (&behind.field, entry.owner) {
                    (Some((register, field)), Some(_)) => (register.clone(), Some(field.clone())),
                    _ => (from.clone(), None),
                };
                leaves.push(Leaf {
                    register,
                    record: entry.owner.unwrap_or(entry.record),
                    field,
                    own: entry.record,
                    from: from.clone(),
                });
            }
        }
        Compute::Formula { operands, .. } => {
            for operand in operands {
                let by = member.as_deref();
                let resolved = resolve(board.pack, Some(figure), by, operand, when)?;
                if let Some(when) = resolved.when {
                    gather(board, &resolved.id, when, within, leaves)?;
                }
            }
        }
        Compute::Over { .. } => {}
    }
    Ok(())
}
