//! Lock and unlock: an account is shut out at once, its sessions with it, and let in again.

use super::{about, asked, known};
use crate::Office;
use crate::error::OfficeError;
use crate::people::AccountState;
use crate::people::account::say_of;
use ledger::Mode;
use vocabulary::Value;

impl Office {
    /// Locks an account. Needs the deed `person_lock`.
    pub fn person_lock(&mut self, name: &str, why: Option<&str>) -> Result<i64, OfficeError> {
        self.lock(name, AccountState::Locked, "person_lock", why)
    }

    /// Unlocks an account. Needs the deed `person_lock`.
    pub fn person_unlock(&mut self, name: &str, why: Option<&str>) -> Result<i64, OfficeError> {
        self.lock(name, AccountState::Active, "person_unlock", why)
    }

    fn lock(
        &mut self,
        name: &str,
        state: AccountState,
        deed: &str,
        why: Option<&str>,
    ) -> Result<i64, OfficeError> {
        self.may("person_lock")?;
        self.everywhere()?;
        let account = known(&*self.reader()?, name)?;
        // Whoever shuts himself out shuts out the last who could let him in.
        if self.actor.account == Some(account.record) {
            return Err(asked("O314", &[("name", &account.name)]));
        }
        let deed = self.deed(deed, why.map(str::to_owned));
        let (_, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            say_of(
                draft,
                account.record,
                &[("state", Value::text(state.word()))],
            )?;
            about(draft, account.record);
            Ok(())
        })?;
        Ok(receipt.seq)
    }
}
