//! Rules between figures: broken when the rule is false; unknown is no breach.

use crate::ask::{FigureId, FiguresError};
use crate::check::odd::{Odd, odd};
use crate::check::{Breach, BreachRecord};
use crate::run::{Board, Worth, behind, resolve, shown};
use num_traits::Zero;
use pack::declare::{CheckDecl, Compute, Operand};
use pack::expr::Typed;

/// The breach, if the rule is false.
pub(super) fn breach(
    board: &Board,
    check: &CheckDecl,
    operands: &[Operand],
    must: &Typed,
    names: Option<&str>,
) -> Result<Option<Breach>, FiguresError> {
    let when = board.ask.when();
    let settled = board.formula(None, None, operands, must, when, None)?;
    if settled.exact().is_none_or(|exact| !exact.is_zero()) {
        return Ok(None);
    }
    let mut values = Vec::new();
    for operand in operands {
        let resolved = resolve(board.pack, None, None, operand, when)?;
        let Some(when) = resolved.when else { continue };
        let round = board.figure(&resolved.id)?.round;
        let value = match board.settle(&resolved.id, when, None)?.worth {
            Worth::Number(exact) => shown(exact, round).to_string(),
            Worth::List(entries) => entries.len().to_string(),
            Worth::Null(_) => String::new(),
        };
        values.push((operand.name.clone(), value));
    }
    let mut breach = Breach {
        check: check.id.clone(),
        values,
        names: Vec::new(),
        records: Vec::new(),
    };
    if let Some(names) = names {
        let id = FigureId::parse(names, board.pack)?;
        if let Worth::List(entries) = board.settle(&id, when, None)?.worth {
            breach.names = entries;
        }
        let figure = board.figure(&id)?;
        if let Compute::Aggregate { from, .. } = &figure.compute {
            let behind = behind(board, figure, id.member.as_deref(), when, None)?;
            breach.records = behind
                .entries
                .iter()
                .map(|entry| BreachRecord {
                    register: from.clone(),
                    record: entry.record,
                    field: None,
                })
                .collect();
        }
    } else {
        let Odd { names, records } = odd(board, operands, must, when)?;
        (breach.names, breach.records) = (names, records);
    }
    Ok(Some(breach))
}
