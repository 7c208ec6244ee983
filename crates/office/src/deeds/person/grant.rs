//! Grant: a role for somebody, in a place with everything below it, from a day on and perhaps up to one. Nobody grants to
//! himself, and nobody is two of the three administrators.

use super::{about, asked, known, new_grant};
use crate::Office;
use crate::error::OfficeError;
use crate::people::account;
use crate::words::word;
use ledger::Mode;
use vocabulary::{Date, RecordId};

/// What is granted to whom.
#[derive(Debug, Clone, Default)]
pub struct PersonGrantInput {
    /// The sign-in name.
    pub name: String,
    /// The role.
    pub role: String,
    /// The place, by name or code; the whole book when left out.
    pub within: Option<String>,
    /// The first day; today when left out.
    pub from: Option<String>,
    /// The first day without it; open when left out.
    pub to: Option<String>,
}

impl Office {
    /// Grants a role; answers the grant's number and the transaction. Needs the deed `person_grant`.
    pub fn person_grant(
        &mut self,
        input: &PersonGrantInput,
    ) -> Result<(RecordId, i64), OfficeError> {
        self.may("person_grant")?;
        self.everywhere()?;
        let pack = self.pack();
        let role = pack
            .roles
            .iter()
            .find(|role| role.name == input.role.trim());
        let role = role.ok_or_else(|| {
            let there: Vec<&str> = pack.roles.iter().map(|role| role.name.as_str()).collect();
            let params = [
                ("role", input.role.as_str()),
                ("known", &there.join(&word("word.comma", &[]))),
            ];
            asked("O315", &params)
        })?;
        let from = self.day_named(input.from.as_deref())?;
        let to = input.to.as_deref();
        let to = to.map(|to| self.day_named(Some(to))).transpose()?;
        if to.is_some_and(|to| to <= from) {
            let text = input.to.clone().unwrap_or_default();
            return Err(asked("O319", &[("text", &text)]));
        }
        let (account, division) = {
            let reader = self.reader()?;
            let account = known(&reader, &input.name)?;
            let division = self.place_named(&reader, input.within.as_deref())?;
            if role.admin.is_some() && division != reader.book().id {
                return Err(asked("O326", &[("role", &role.title)]));
            }
            if let Some(level) = &role.level {
                let lies = reader.divisions()?;
                let lies = lies.iter().find(|one| one.id == division);
                if lies.is_none_or(|one| one.level != *level) {
                    let title = pack.levels.iter().find(|one| one.name == *level);
                    let title = title.map_or(level.as_str(), |one| one.title.as_str());
                    return Err(asked("O316", &[("role", &role.title), ("level", title)]));
                }
            }
            (account, division)
        };
        if self.actor.account == Some(account.record) {
            return Err(asked("O314", &[("name", &account.name)]));
        }
        let by = self.actor.name.clone();
        let deed = self.deed("person_grant", None);
        let (name, kind, record) = (role.name.clone(), role.admin, account.record);
        let declared = pack.clone();
        let (grant, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            // Asked of the book as it is when this is written: of two grants at once the second sees the first.
            let admin = |name: &str| declared.roles.iter().find(|role| role.name == name)?.admin;
            let until = to.unwrap_or(Date::FOREVER);
            let clash = account::grants(draft.reader(), record)?
                .into_iter()
                .any(|one| {
                    let meets = one.from < until && from < one.to;
                    let other = admin(&one.role);
                    meets && kind.is_some() && other.is_some() && other != kind
                });
            if clash {
                return Err(asked("O313", &[("name", &account.name)]));
            }
            let grant = new_grant(draft, record, &name, division, (from, to), &by)?;
            about(draft, record);
            let line = draft.own_line();
            line.division = Some(division);
            line.field = Some(name);
            Ok(grant)
        })?;
        Ok((
            grant.ok_or(OfficeError::Repeated(receipt.seq))?,
            receipt.seq,
        ))
    }
}
