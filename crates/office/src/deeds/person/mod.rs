//! People who sign in: who there is, and what they are granted. An administrator never sets a password: he makes a link by
//! which the person chooses it.

mod add; // somebody new
mod grant; // a role from a day on
mod link; // a one-time link
mod list; // who there is
mod lock; // shut out, let in again
mod revoke; // a role up to a day

pub use add::{PersonAddInput, PersonLink};
pub use grant::PersonGrantInput;
pub use list::Person;
pub use revoke::PersonRevokeInput;

use crate::Office;
use crate::error::OfficeError;
use crate::people::account::{self, Account, field_of, plain_name, say_of};
use crate::people::gate::LINK_LIVES;
use crate::people::{AccountState, Token};
use crate::words::say;
use ::pack::CheckedPack;
use ::pack::declare::{AdminKind, RoleDecl};
use ledger::{Draft, LedgerError, NewFact, Reader, layout};
use vocabulary::{Date, DivisionId, FindingClass, Moment, RecordId, Value};

fn asked(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
}

/// A sign-in name as it is kept, if it can be one. A phone or ID number cannot: names stand in clear in every line that
/// the audit keeps for ever.
pub(crate) fn fit_name(text: &str) -> Result<String, OfficeError> {
    let name = plain_name(text);
    let chars = name.chars().count();
    let fit = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let digits = name.chars().filter(char::is_ascii_digit).count();
    if !(2..=64).contains(&chars) || !name.chars().all(fit) || digits >= 8 {
        return Err(asked("O311", &[("name", text.trim())]));
    }
    Ok(name)
}

/// The account of a name.
fn known(reader: &Reader, name: &str) -> Result<Account, OfficeError> {
    account::named(reader, name)?.ok_or_else(|| asked("O310", &[("name", name.trim())]))
}

/// The role in which the first administrator begins: he who says who may do what.
pub(crate) fn first_role(pack: &CheckedPack) -> Result<&RoleDecl, OfficeError> {
    let security = pack
        .roles
        .iter()
        .find(|role| role.admin == Some(AdminKind::Security));
    security.ok_or_else(|| asked("O318", &[]))
}

/// Somebody new, who cannot sign in yet.
pub(crate) fn new_account(
    draft: &mut Draft<'_>,
    name: &str,
    display: &str,
) -> Result<RecordId, OfficeError> {
    if account::named(draft.reader(), name)?.is_some() {
        return Err(asked("O312", &[("name", name)]));
    }
    let record = draft.new_record();
    let set = [
        ("name", Value::text(name)),
        ("display", Value::text(display.trim())),
        ("state", Value::text(AccountState::Active.word())),
        ("must_change", Value::Int(0)),
    ];
    say_of(draft, record, &set)?;
    Ok(record)
}

/// A role for an account, in a place, from a day on.
pub(crate) fn new_grant(
    draft: &mut Draft<'_>,
    account: RecordId,
    role: &str,
    division: DivisionId,
    (from, to): (Date, Option<Date>),
    by: &str,
) -> Result<RecordId, LedgerError> {
    let register = draft.reader().register_index(layout::ACCOUNT_ROLES)?;
    let record = draft.new_record();
    let mut fact = NewFact::new(register, record, division);
    (fact.from, fact.to, fact.as_of) = (from, to, from);
    for (field, value) in [
        ("account", Value::Int(account)),
        ("role", Value::text(role)),
        ("by", Value::text(by)),
    ] {
        let at = field_of(draft.reader(), layout::ACCOUNT_ROLES, field)?;
        fact.values.push((at, value));
    }
    draft.assert(fact)?;
    draft.flush()?;
    Ok(record)
}

/// A link for an account: drawn, and what is said of it.
fn new_link(office: &mut Office) -> (Token, Moment, [(&'static str, Value); 2]) {
    let token = Token::draw(&mut *office.entropy);
    let until = Moment(office.clock.now().0 + LINK_LIVES);
    let set = [
        ("link", Value::text(token.kept().hex())),
        ("link_until", Value::Int(until.0)),
    ];
    (token, until, set)
}

/// The line of the audit is about this account.
fn about(draft: &mut Draft<'_>, account: RecordId) {
    let line = draft.own_line();
    line.register = Some(layout::ACCOUNTS.to_owned());
    line.record = Some(account);
}

impl Office {
    /// People belong to the whole book: who acts in a part of it alone has nothing to say about them.
    fn everywhere(&self) -> Result<(), OfficeError> {
        if self.actor.scope.is_empty() {
            Ok(())
        } else {
            Err(asked("O325", &[]))
        }
    }

    /// A day as typed; today when nothing was.
    fn day_named(&self, text: Option<&str>) -> Result<Date, OfficeError> {
        text.map_or(Ok(self.today()), |text| {
            Date::parse_iso(text.trim()).ok_or_else(|| asked("O103", &[("text", text)]))
        })
    }

    /// A place as typed; the whole book when nothing was.
    fn place_named(&self, reader: &Reader, text: Option<&str>) -> Result<DivisionId, OfficeError> {
        let Some(text) = text else {
            return Ok(reader.book().id);
        };
        let places = self.places(reader)?;
        let numbered = text.trim().parse().ok();
        if let Some(id) = numbered.filter(|id| places.name(*id).is_some()) {
            return Ok(id);
        }
        places.find(text).map_err(|lost| {
            let nearest = lost.nearest.unwrap_or_default();
            asked("O105", &[("text", text), ("nearest", &nearest)])
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_no_number_of_anybody() {
        for fit in ["chen.jing", "陈静", "clerk_2", "Chen.Jing "] {
            assert!(fit_name(fit).is_ok(), "{fit}");
        }
        assert_eq!(fit_name(" Chen.Jing ").expect("fit"), "chen.jing");
        for unfit in [
            "",
            "a",
            "13800138000",
            "511702198507031234",
            "a b",
            "x'--",
            "chen@jing",
        ] {
            assert!(fit_name(unfit).is_err(), "{unfit}");
        }
    }
}
