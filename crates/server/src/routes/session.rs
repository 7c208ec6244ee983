//! In and out, and one's own password.

use crate::call::{Call, Reply};
use crate::problem::{Kind, Problem};
use crate::session::{cookie, no_cookie};
use axum::http::header;
use office::people::{Secret, Session, Token};
use office::{ChangePasswordInput, RedeemInput, SignInInput};
use serde_json::{Value as Json, json};

fn signed(call: &Call, token: &Token, session: &Session) -> Result<Reply, Problem> {
    let tls = call.desk.settings.tls_in_front;
    Ok(Reply::json(me_of(call, session)?).with(header::SET_COOKIE, cookie(token.shown(), tls)))
}

/// `{"account","name","display","role","role_title","roles":[{"role","title"}],"must_change","in","may","personal"}`
fn me_of(call: &Call, session: &Session) -> Result<Json, Problem> {
    let office = call.desk.house.office(office::Actor::new("?", Some("?")));
    let roles = office.roles_of(session)?;
    let pack = office.pack();
    let role = session.role.clone().or_else(|| roles.first().cloned());
    let declared = pack
        .roles
        .iter()
        .find(|one| Some(&one.name) == role.as_ref());
    let titled = roles
        .iter()
        .map(|role| json!({"role": role, "title": office.role_title(role)}));
    let scope = call.who.as_ref().and_then(|who| who.actor.as_ref());
    let scope = scope.map(|actor| actor.scope.clone()).unwrap_or_default();
    let scope = scope
        .iter()
        .map(|place| Ok(json!({"id": place.to_string(), "name": office.place_title(*place)?})));
    let scope: Result<Vec<Json>, Problem> = scope.collect();
    Ok(json!({
        "account": session.account, "name": session.name, "display": session.display, "role": role,
        "role_title": role.as_deref().map(|role| office.role_title(role)),
        "roles": titled.collect::<Vec<_>>(), "must_change": session.must_change, "in": scope?,
        "may": declared.map(|role| role.may.clone()).unwrap_or_default(),
        "personal": declared.is_some_and(|role| role.personal),
        "book": office.book_id().to_string(), "book_name": office.book_name(),
    }))
}

/// Signs in: a cookie.
pub(crate) fn sign_in(call: &Call) -> Result<Reply, Problem> {
    let input = SignInInput {
        name: call.needed("name")?,
        password: Secret::new(call.needed("password")?),
        role: call.text("role")?,
    };
    let mut office = call.office()?;
    let signed_in = office.sign_in(&call.desk.gate, &input)?;
    signed(call, &signed_in.token, &signed_in.session)
}

fn token(call: &Call) -> Result<Token, Problem> {
    Ok(Token::handed_in(call.who()?.token.clone()))
}

fn out(call: &Call) -> Reply {
    let cookie = no_cookie(call.desk.settings.tls_in_front);
    let clear = axum::http::HeaderName::from_static("clear-site-data");
    Reply::nothing()
        .with(header::SET_COOKIE, cookie)
        .with(clear, "\"cache\", \"storage\"")
}

/// Signs out.
pub(crate) fn sign_out(call: &Call) -> Result<Reply, Problem> {
    call.office()?.sign_out(&call.desk.gate, &token(call)?)?;
    Ok(out(call))
}

/// Signs out everywhere.
pub(crate) fn sign_out_everywhere(call: &Call) -> Result<Reply, Problem> {
    let session = call.who()?.session.clone();
    call.office()?
        .sign_out_everywhere(&call.desk.gate, &session)?;
    Ok(out(call))
}

/// Changes one's own password.
pub(crate) fn password(call: &Call) -> Result<Reply, Problem> {
    let input = ChangePasswordInput {
        old: Secret::new(call.needed("old")?),
        new: Secret::new(call.needed("new")?),
    };
    let tx = call
        .office()?
        .change_password(&call.desk.gate, &token(call)?, &input)?;
    Ok(Reply::json(json!({"tx": tx})))
}

/// Acts in another of one's roles.
pub(crate) fn role(call: &Call) -> Result<Reply, Problem> {
    let role = call.needed("role")?;
    let session = call.who()?.session.clone();
    let office = call.office()?;
    if !office.roles_of(&session)?.contains(&role) {
        return Err(Problem::new(Kind::NotFound, &[]).at_field("role"));
    }
    let mut changed = session;
    changed.role = Some(role.clone());
    let change = |session: &mut Session| session.role = Some(role);
    call.desk.gate.sessions().change(&token(call)?, change);
    Ok(Reply::json(me_of(call, &changed)?))
}

/// Chooses a password by a one-time link.
pub(crate) fn redeem(call: &Call) -> Result<Reply, Problem> {
    let input = RedeemInput {
        token: Token::handed_in(call.needed("token")?),
        name: call.text("name")?,
        display: call.text("display")?,
        password: Secret::new(call.needed("password")?),
    };
    let name = call.office()?.redeem(&call.desk.gate, &input)?;
    Ok(Reply::json(json!({"name": name})))
}

/// Who one is.
pub(crate) fn me(call: &Call) -> Result<Reply, Problem> {
    Ok(Reply::json(me_of(call, &call.who()?.session)?))
}
