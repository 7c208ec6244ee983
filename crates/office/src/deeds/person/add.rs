//! Add: somebody new, with a link by which he chooses his password. He may do nothing until a role is granted.

use super::{about, asked, fit_name, new_account, new_link};
use crate::Office;
use crate::error::OfficeError;
use crate::people::Token;
use crate::people::account::say_of;
use ledger::Mode;
use vocabulary::{Moment, RecordId};

/// Longer names of people are none.
const DISPLAY_CHARS_MAX: usize = 64;

/// Who is added.
#[derive(Debug, Clone, Default)]
pub struct PersonAddInput {
    /// The name he signs in with.
    pub name: String,
    /// What he is called.
    pub display: String,
}

/// A one-time link that was made.
#[derive(Debug, Clone)]
pub struct PersonLink {
    /// The account.
    pub account: RecordId,
    /// Its sign-in name.
    pub name: String,
    /// The link's token, shown this once.
    pub token: Token,
    /// Until when it is open.
    pub until: Moment,
    /// The transaction.
    pub tx: i64,
}

impl Office {
    /// Adds somebody. Needs the deed `person_add`.
    pub fn person_add(&mut self, input: &PersonAddInput) -> Result<PersonLink, OfficeError> {
        self.may("person_add")?;
        self.everywhere()?;
        let name = fit_name(&input.name)?;
        let display = input.display.trim().to_owned();
        if display.is_empty() || display.chars().count() > DISPLAY_CHARS_MAX {
            return Err(asked("O317", &[("name", &name)]));
        }
        let (token, until, set) = new_link(self);
        let deed = self.deed("person_add", None);
        let called = name.clone();
        let (account, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            let record = new_account(draft, &called, &display)?;
            say_of(draft, record, &set)?;
            about(draft, record);
            Ok(record)
        })?;
        // A link that was shown once is not shown again.
        let account = account.ok_or(OfficeError::Repeated(receipt.seq))?;
        Ok(PersonLink {
            account,
            name,
            token,
            until,
            tx: receipt.seq,
        })
    }
}
