//! Who read and wrote what.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use office::{AuditInput, Audited};
use serde_json::{Value as Json, json};

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
    let lines = report.lines.iter().map(line);
    let lines: Vec<Json> = lines.collect();
    Ok(Reply::json(json!({"lines": lines, "next": report.next})))
}

/// `{"tx","ord","at","actor","account","role","deed","register","record","in","field","outcome","why","address","client_id"}`
fn line(one: &Audited) -> Json {
    let line = &one.line;
    json!({
        "tx": one.tx, "ord": one.ord, "at": one.at.to_string(), "actor": line.actor, "account": line.account,
        "role": line.role, "deed": line.deed, "register": line.register, "record": line.record,
        "in": line.division.map(|place| place.to_string()), "field": line.field,
        "outcome": line.outcome.word(), "why": line.why, "address": line.address, "client_id": one.client_id,
    })
}
