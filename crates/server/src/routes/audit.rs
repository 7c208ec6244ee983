//! Who read and wrote what.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;
use office::AuditInput;

fn input(call: &Call) -> Result<AuditInput, Problem> {
    let one = |name| call.one(name).map(str::to_owned);
    Ok(AuditInput {
        from: one("from"),
        to: one("to"),
        actor: one("actor"),
        deed: one("deed"),
        register: one("register"),
        record: one("record"),
        outcome: one("outcome"),
        address: one("address"),
        before: one("before"),
        limit: Some(call.count("limit", 100, 500)?),
    })
}

/// The lines that fit, newest first.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    let report = call.office()?.audit(&input(call)?)?;
    Ok(Reply::json(wire::audit(&report)))
}
