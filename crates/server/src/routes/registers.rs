//! Records: lists, one, its history, and the deeds on one.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;

/// Everything ever said about a record.
pub(crate) fn history(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let report = office.history(call.path("register"), call.path("record"))?;
    Ok(Reply::json(wire::history(&report)).tagged(Some(tag)))
}
