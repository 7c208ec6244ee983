//! What can be taken back, and taking it back.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;
use office::UndoInput;

/// What can be taken back, newest first.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    Ok(Reply::json(wire::undo_list(&office.undo_list()?)).tagged(Some(tag)))
}

/// Takes one back, or with `preview` says what that would do.
pub(crate) fn undo(call: &Call) -> Result<Reply, Problem> {
    let input = UndoInput {
        batch: call.path("tx").to_owned(),
        commit: !call.flag("preview")?,
        why: call.text("why")?,
    };
    let report = call.office()?.undo(&input)?;
    let registers = report.registers.iter().map(|one| one.register.clone());
    let registers: Vec<String> = registers.collect();
    let reply = Reply::json(wire::undo(&report));
    Ok(match report.tx {
        Some(tx) => reply.told(Some(tx), registers),
        None => reply,
    })
}
