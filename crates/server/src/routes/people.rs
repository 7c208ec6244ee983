//! Who may sign in, and in which roles.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use office::people::Grant;
use office::{Office, Person, PersonAddInput, PersonGrantInput, PersonLink, PersonRevokeInput};
use serde_json::{Value as Json, json};
use vocabulary::Date;

fn grant(office: &Office, grant: &Grant) -> Result<Json, Problem> {
    let open = grant.to == Date::FOREVER;
    Ok(json!({
        "role": grant.role, "title": office.role_title(&grant.role), "in": grant.division.to_string(),
        "in_name": office.place_title(grant.division)?, "from": grant.from.to_string(),
        "to": (!open).then(|| grant.to.to_string()), "by": grant.by,
    }))
}

fn person(office: &Office, person: &Person) -> Result<Json, Problem> {
    let account = &person.account;
    let roles = person.grants.iter().map(|one| grant(office, one));
    Ok(json!({
        "account": account.record, "name": account.name, "display": account.display,
        "state": account.state.word(), "must_change": account.must_change,
        "seen": person.seen.map(|at| at.to_string()), "stale": person.stale,
        "roles": roles.collect::<Result<Vec<_>, _>>()?,
    }))
}

/// All of them.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let people = office.people()?;
    let people = people.iter().map(|one| person(&office, one));
    let people = people.collect::<Result<Vec<_>, _>>()?;
    Ok(Reply::json(json!({"people": people})))
}

fn link(link: &PersonLink) -> Json {
    json!({
        "account": link.account, "name": link.name, "token": link.token.shown(),
        "until": link.until.to_string(), "tx": link.tx,
    })
}

/// Adds somebody; answers the link by which he chooses his password.
pub(crate) fn add(call: &Call) -> Result<Reply, Problem> {
    let input = PersonAddInput {
        name: call.needed("name")?,
        display: call.needed("display")?,
    };
    let made = call.office()?.person_add(&input)?;
    Ok(Reply::made(link(&made)))
}

/// A fresh link for somebody who forgot his password.
pub(crate) fn relink(call: &Call) -> Result<Reply, Problem> {
    let made = call.office()?.person_link(call.path("name"))?;
    let account = made.account;
    call.desk.gate.end_everywhere(account);
    Ok(Reply::json(link(&made)))
}

/// Grants a role.
pub(crate) fn give(call: &Call) -> Result<Reply, Problem> {
    let input = PersonGrantInput {
        name: call.path("name").to_owned(),
        role: call.needed("role")?,
        within: call.text("in")?,
        from: call.text("from")?,
        to: call.text("to")?,
    };
    let (record, tx) = call.office()?.person_grant(&input)?;
    Ok(Reply::json(json!({"record": record, "tx": tx})))
}

/// Takes roles away.
pub(crate) fn take(call: &Call) -> Result<Reply, Problem> {
    let input = PersonRevokeInput {
        name: call.path("name").to_owned(),
        role: call.text("role")?,
        within: call.text("in")?,
        on: call.text("on")?,
    };
    let (ended, tx) = call.office()?.person_revoke(&input)?;
    Ok(Reply::json(json!({"ended": ended, "tx": tx})))
}

/// Locks an account; whoever is signed in with it is refused from the next request on.
pub(crate) fn lock(call: &Call) -> Result<Reply, Problem> {
    let why = call.text("why")?;
    let tx = call
        .office()?
        .person_lock(call.path("name"), why.as_deref())?;
    Ok(Reply::json(json!({"tx": tx})))
}

/// Opens it again.
pub(crate) fn unlock(call: &Call) -> Result<Reply, Problem> {
    let why = call.text("why")?;
    let tx = call
        .office()?
        .person_unlock(call.path("name"), why.as_deref())?;
    Ok(Reply::json(json!({"tx": tx})))
}
