//! Who asks: the cookie, the session behind it, and what its bearer may do now. Accounts, passwords and sessions are the
//! office's; here is only how they travel.

use crate::call::{Call, Who};
use crate::desk::Desk;
use crate::problem::{Kind, Problem};
use axum::http::{HeaderMap, header};
use office::people::Token;
use office::{Actor, OfficeError, Read, Refusal};

/// The cookie's name. Behind TLS the browser itself refuses one that comes from elsewhere or goes out in clear.
fn cookie_name(tls: bool) -> &'static str {
    if tls { "__Host-yiben" } else { "yiben" }
}

/// The token that a request carries.
pub(crate) fn token(headers: &HeaderMap, tls: bool) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter();
    let cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    let mut pairs = cookies
        .flat_map(|cookie| cookie.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, token) = pairs.find(|(name, _)| *name == cookie_name(tls))?;
    (!token.is_empty() && token.len() <= 128).then(|| token.to_owned())
}

/// The cookie that carries a token, until the browser closes.
pub(crate) fn cookie(token: &str, tls: bool) -> String {
    let secure = if tls { "; Secure" } else { "" };
    let name = cookie_name(tls);
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// The cookie that takes it away.
pub(crate) fn no_cookie(tls: bool) -> String {
    format!("{}; Max-Age=0", cookie("", tls))
}

/// Who asks, if the token opens; what he may do is not known yet.
pub(crate) fn who(desk: &Desk, token: Option<String>) -> Result<Who, Problem> {
    let nobody = || Problem::new(Kind::NoSession, &[]);
    let text = token.ok_or_else(nobody)?;
    let token = Token::handed_in(text.clone());
    let now = desk.house.clock().now();
    let session = desk.gate.touch(&token, now).ok_or_else(nobody)?;
    Ok(Who {
        token: text,
        session,
        actor: None,
    })
}

/// What he may do now: it is asked of the book anew each time, so that what was taken away is gone at once.
pub(crate) fn acts(call: &mut Call) -> Result<(), Problem> {
    let address = call.address.to_string();
    let Some(who) = &mut call.who else {
        return Ok(());
    };
    let office = call.desk.house.office(Actor::new("?", Some("?")));
    match office.actor_of(&who.session, Some(address)) {
        Ok(actor) => who.actor = Some(actor),
        Err(OfficeError::SignIn {
            why: Refusal::MustChange,
            ..
        }) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Writes down what was read since the last time.
pub(crate) fn flush(desk: &Desk) {
    let mut office = desk.house.office(Actor::new("yiben", None));
    if let Err(error) = office.audit_flush(&desk.gate) {
        tracing::error!(kind = %crate::log::shape_of(&error), "reads could not be written down");
    }
}

/// Tells the audit what was read or refused; what cannot be written down is not answered.
pub(crate) fn told(call: &Call, deed: &'static str, refused: bool) -> Result<(), Problem> {
    let register = call.path("register");
    let mut read = Read {
        register: (!register.is_empty()).then(|| register.to_owned()),
        record: call.path("record").parse().ok(),
        at_once: call.url.id == "export",
        ..Read::of(deed)
    };
    if refused {
        read = read.refused();
    }
    call.office()?.audit_read(&call.desk.gate, &read)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_cookies_under_its_own_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; yiben=t1".parse().expect("a value"));
        headers.append(header::COOKIE, "__Host-yiben=t2".parse().expect("a value"));
        assert_eq!(token(&headers, false).as_deref(), Some("t1"));
        assert_eq!(token(&headers, true).as_deref(), Some("t2"));
        assert!(cookie("t", true).contains("Secure"));
        assert!(no_cookie(false).starts_with("yiben=;"));
    }
}
