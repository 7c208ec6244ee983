//! People: who there is, in which roles, and who has not been seen for long.

use crate::Office;
use crate::error::OfficeError;
use crate::people::account;
use crate::people::{Account, AccountState, Grant};
use ledger::{AuditAsk, Outcome};
use vocabulary::Moment;

/// An account that nobody has used for longer is reported.
const STALE: i64 = 90 * 86_400 * 1_000_000;

/// Somebody who signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// What it is granted, ended ones too.
    pub grants: Vec<Grant>,
    /// When it last signed in.
    pub seen: Option<Moment>,
    /// It may sign in and has not for 90 days.
    pub stale: bool,
}

impl Office {
    /// Everybody. Needs the deed `people`.
    pub fn people(&self) -> Result<Vec<Person>, OfficeError> {
        self.may("people")?;
        self.everywhere()?;
        let reader = self.reader()?;
        let now = self.clock.now();
        let mut people = Vec::new();
        for account in account::all(&reader)? {
            let ask = AuditAsk {
                account: Some(account.record),
                deed: Some("sign_in".to_owned()),
                outcome: Some(Outcome::Done),
                ..AuditAsk::default()
            };
            let seen = reader.audit(&ask, 1)?.first().map(|line| line.at);
            // Who never came is counted from the day of his password, or of his link.
            let since = seen.or(account.changed).or(account.link_until);
            let old = since.is_some_and(|since| now.0 - since.0 > STALE);
            people.push(Person {
                grants: account::grants(&reader, account.record)?,
                seen,
                stale: old && account.state == AccountState::Active,
                account,
            });
        }
        Ok(people)
    }

    /// What a role is called.
    pub fn role_title(&self, role: &str) -> String {
        let pack = self.pack();
        let found = pack.roles.iter().find(|one| one.name == role);
        found.map_or_else(|| role.to_owned(), |one| one.title.clone())
    }

    /// What a place is called; its code when nobody calls it anything.
    pub fn place_title(&self, place: vocabulary::DivisionId) -> Result<String, OfficeError> {
        let reader = self.reader()?;
        let places = self.places(&reader)?;
        let name = places.name(place).map(str::to_owned);
        Ok(name.unwrap_or_else(|| place.to_string()))
    }
}
