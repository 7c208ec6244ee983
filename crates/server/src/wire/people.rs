//! The JSON forms of accounts, their roles and the audit.

use office::{AuditReport, Audited, Person, PersonLink};
use serde_json::{Value as Json, json};
use std::path::Path;
use vocabulary::Date;

/// `{"people":[{"account","name","display","state","must_change","seen","stale","roles":[…]}]}`
pub fn people(people: &[Person]) -> Json {
    let people = people.iter().map(|person| {
        let account = &person.account;
        let roles = person.grants.iter().map(|grant| {
            let to = (grant.to != Date::FOREVER).then(|| grant.to.to_string());
            json!({
                "id": grant.record, "role": grant.role, "division": grant.division,
                "from": grant.from.to_string(), "to": to, "by": grant.by,
            })
        });
        json!({
            "account": account.record, "name": account.name, "display": account.display,
            "state": account.state.word(), "must_change": account.must_change,
            "seen": person.seen.map(|seen| seen.to_string()), "stale": person.stale,
            "roles": roles.collect::<Vec<_>>(),
        })
    });
    json!({"people": people.collect::<Vec<_>>()})
}

/// `{"account","name","link","until","tx"}`: the link is shown this once.
pub fn person_link(made: &PersonLink) -> Json {
    json!({
        "account": made.account, "name": made.name, "link": made.token.shown(),
        "until": made.until.to_string(), "tx": made.tx,
    })
}

/// `{"id","tx"}`: the number under which the role was granted.
pub fn granted(id: i64, tx: i64) -> Json {
    json!({"id": id, "tx": tx})
}

/// `{"ended","tx"}`
pub fn revoked(ended: usize, tx: i64) -> Json {
    json!({"ended": ended, "tx": tx})
}

/// `{"tx"}`
pub fn written(tx: i64) -> Json {
    json!({"tx": tx})
}

/// `{"lines":[…],"next"}`
pub fn audit(report: &AuditReport) -> Json {
    let lines: Vec<Json> = report.lines.iter().map(audited).collect();
    json!({"lines": lines, "next": report.next})
}

/// One line: `{"tx","ord","at","client_id","actor","account","role","deed","register","record","division","field","outcome","why","address"}`
pub fn audited(one: &Audited) -> Json {
    let line = &one.line;
    json!({
        "tx": one.tx, "ord": one.ord, "at": one.at.to_string(), "client_id": one.client_id,
        "actor": line.actor, "account": line.account, "role": line.role, "deed": line.deed,
        "register": line.register, "record": line.record, "division": line.division,
        "field": line.field, "outcome": line.outcome.word(), "why": line.why,
        "address": line.address,
    })
}

/// `{"lines","file"}`
pub fn audit_written(count: u64, path: &Path) -> Json {
    json!({"lines": count, "file": path.display().to_string()})
}
