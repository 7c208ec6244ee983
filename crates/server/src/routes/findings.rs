//! Broken checks and open findings, and deciding them.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;
use office::SettleInput;

/// Broken checks and open findings.
pub(crate) fn checks(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let report = office.check(&call.ask())?;
    Ok(Reply::json(wire::check(&report)).tagged(Some(tag)))
}

/// Decides one.
pub(crate) fn settle(call: &Call) -> Result<Reply, Problem> {
    let input = SettleInput {
        finding: call.path("finding").to_owned(),
        take: call.text("take")?,
        value: call.text("value")?,
        why: call.text("why")?,
        preview: call.flag("preview")?,
    };
    let report = call.office()?.settle(&input)?;
    let mut registers = vec!["finding".to_owned()];
    registers.extend(report.change.as_ref().map(|change| change.register.clone()));
    let reply = Reply::json(wire::settle(&report));
    Ok(match report.tx {
        Some(tx) => reply.told(Some(tx), registers),
        None => reply,
    })
}
