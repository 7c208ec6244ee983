//! Who may sign in, and in which roles.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;
use office::{PersonAddInput, PersonGrantInput, PersonRevokeInput};

/// All of them.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    Ok(Reply::json(wire::people(&call.office()?.people()?)))
}

/// Adds somebody; answers the link by which he chooses his password.
pub(crate) fn add(call: &Call) -> Result<Reply, Problem> {
    let input = PersonAddInput {
        name: call.needed("name")?,
        display: call.needed("display")?,
    };
    let made = call.office()?.person_add(&input)?;
    Ok(Reply::made(wire::person_link(&made)))
}

/// A fresh link for somebody who forgot his password.
pub(crate) fn relink(call: &Call) -> Result<Reply, Problem> {
    let made = call.office()?.person_link(call.path("name"))?;
    let account = made.account;
    call.desk.gate.end_everywhere(account);
    Ok(Reply::json(wire::person_link(&made)))
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
    Ok(Reply::json(wire::granted(record, tx)))
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
    Ok(Reply::json(wire::revoked(ended, tx)))
}

/// Locks an account; whoever is signed in with it is refused from the next request on.
pub(crate) fn lock(call: &Call) -> Result<Reply, Problem> {
    let why = call.text("why")?;
    let tx = call
        .office()?
        .person_lock(call.path("name"), why.as_deref())?;
    Ok(Reply::json(wire::written(tx)))
}

/// Opens it again.
pub(crate) fn unlock(call: &Call) -> Result<Reply, Problem> {
    let why = call.text("why")?;
    let tx = call
        .office()?
        .person_unlock(call.path("name"), why.as_deref())?;
    Ok(Reply::json(wire::written(tx)))
}
