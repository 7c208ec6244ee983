//! Change password: somebody who is signed in chooses another. The old one is asked for again; every other session of the
//! account ends.

use super::{choose, refused, waits};
use crate::Office;
use crate::error::{OfficeError, Refusal};
use crate::people::account::{self, say_of};
use crate::people::{Gate, Secret, Token};
use ledger::{Mode, Outcome};
use vocabulary::Value;

/// What is handed in.
#[derive(Debug, Clone, Default)]
pub struct ChangePasswordInput {
    /// The password so far.
    pub old: Secret,
    /// The one from now on.
    pub new: Secret,
}

impl Office {
    /// Changes one's own password. Whoever has a session may.
    pub fn change_password(
        &mut self,
        gate: &Gate,
        token: &Token,
        input: &ChangePasswordInput,
    ) -> Result<i64, OfficeError> {
        let now = self.clock.now();
        let session = gate.touch(token, now);
        let session = session.ok_or_else(|| refused("O307", Refusal::Ended, &[]))?;
        self.is_of(&session);
        let address = self.actor.address.clone();
        let began = gate
            .attempts()
            .begin(&session.name, address.as_deref(), now);
        began.map_err(waits)?;
        let (kept, former) = {
            let reader = self.reader()?;
            let sealed = |field: &str| account::sealed(&reader, session.account, field);
            (sealed("password")?, sealed("former")?)
        };
        if !gate.passwords().verify(&input.old, kept.as_deref()) {
            self.signing("change_password", Outcome::Failed)?;
            return Err(refused("O308", Refusal::Wrong, &[]));
        }
        gate.attempts().right(&session.name, address.as_deref());
        let pack = self.pack();
        let book = self.book_name().to_owned();
        let words = [session.name.as_str(), &session.display, &book];
        let former = former.as_deref();
        let chosen = choose(gate, &pack, &words, former, &input.new, &mut *self.entropy)?;
        let deed = self.deed("change_password", None);
        let account = session.account;
        let (_, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            let set = [
                ("password", Value::text(chosen.0)),
                ("former", Value::text(chosen.1)),
                ("changed", Value::Int(now.0)),
                ("must_change", Value::Int(0)),
                ("link", Value::Null),
                ("link_until", Value::Null),
            ];
            Ok(say_of(draft, account, &set)?)
        })?;
        let mut sessions = gate.sessions();
        sessions.end_everywhere(account, Some(token));
        sessions.change(token, |session| session.must_change = false);
        Ok(receipt.seq)
    }
}
