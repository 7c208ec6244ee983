//! Link: a one-time link by which somebody chooses his password anew. From then on the old one lets him do nothing but
//! change it; a link made before is void.

use super::{PersonLink, about, known, new_link};
use crate::Office;
use crate::error::OfficeError;
use crate::people::account::say_of;
use ledger::Mode;
use vocabulary::Value;

impl Office {
    /// Makes a link. Needs the deed `person_link`.
    pub fn person_link(&mut self, name: &str) -> Result<PersonLink, OfficeError> {
        self.may("person_link")?;
        self.everywhere()?;
        let account = known(&*self.reader()?, name)?;
        let (token, until, [link, limit]) = new_link(self);
        let deed = self.deed("person_link", None);
        let record = account.record;
        let (done, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            say_of(
                draft,
                record,
                &[link, limit, ("must_change", Value::Int(1))],
            )?;
            about(draft, record);
            Ok(())
        })?;
        // A link that was shown once is not shown again.
        done.ok_or(OfficeError::Repeated(receipt.seq))?;
        Ok(PersonLink {
            account: record,
            name: account.name,
            token,
            until,
            tx: receipt.seq,
        })
    }
}
