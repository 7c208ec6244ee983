//! Revoke: a role ends for somebody at a day; what he did in it before stays done in it.

use super::{about, asked, known};
use crate::Office;
use crate::error::OfficeError;
use crate::people::account;
use ledger::{Mode, NewFact, layout};
use vocabulary::Date;

/// What ends for whom.
#[derive(Debug, Clone, Default)]
pub struct PersonRevokeInput {
    /// The sign-in name.
    pub name: String,
    /// The role; every one when left out: he leaves the office.
    pub role: Option<String>,
    /// The place for which it was granted; every one when left out.
    pub within: Option<String>,
    /// The first day without it; today when left out.
    pub on: Option<String>,
}

impl Office {
    /// Ends roles; answers how many and the transaction. Needs the deed `person_revoke`.
    pub fn person_revoke(
        &mut self,
        input: &PersonRevokeInput,
    ) -> Result<(usize, i64), OfficeError> {
        self.may("person_revoke")?;
        self.everywhere()?;
        let on = self.day_named(input.on.as_deref())?;
        let (account, place) = {
            let reader = self.reader()?;
            let account = known(&reader, &input.name)?;
            let within = input.within.as_deref();
            let place = within.map(|text| self.place_named(&reader, Some(text)));
            (account, place.transpose()?)
        };
        // Whoever takes his own away may be the last who could give it back.
        if self.actor.account == Some(account.record) {
            return Err(asked("O314", &[("name", &account.name)]));
        }
        let deed = self.deed("person_revoke", None);
        let role = input.role.clone();
        let (ended, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            let register = draft.reader().register_index(layout::ACCOUNT_ROLES)?;
            let mut grants = account::grants(draft.reader(), account.record)?;
            grants.retain(|one| {
                one.to > on.max(one.from)
                    && role.as_ref().is_none_or(|role| one.role == *role)
                    && place.is_none_or(|place| one.division == place)
            });
            if grants.is_empty() {
                return Err(asked("O320", &[("name", &account.name)]));
            }
            for one in &grants {
                let mut fact = NewFact::new(register, one.record, one.division);
                // What has not begun yet ends as it begins.
                let from: Date = on.max(one.from);
                (fact.from, fact.as_of) = (from, from);
                draft.end(fact)?;
            }
            draft.flush()?;
            about(draft, account.record);
            draft.own_line().field = role;
            Ok(grants.len())
        })?;
        Ok((
            ended.ok_or(OfficeError::Repeated(receipt.seq))?,
            receipt.seq,
        ))
    }
}
