//! Figures at a date, and what is behind them.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;

/// Figures by id; all without.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let report = office.figures(&call.all("id"), &call.ask())?;
    Ok(Reply::json(wire::figures(&office, &report)).tagged(Some(tag)))
}

/// A figure's definition and every record behind it.
pub(crate) fn trace(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let trace = office.trace(call.path("figure"), &call.ask())?;
    Ok(Reply::json(wire::trace(&trace)).tagged(Some(tag)))
}
