//! Sign out: a session ends, or every session of the account.

use crate::Office;
use crate::error::OfficeError;
use crate::people::{Gate, Session, Token};
use ledger::Outcome;

impl Office {
    /// Ends a session; answers whose it was. Whoever has the token may.
    pub fn sign_out(&mut self, gate: &Gate, token: &Token) -> Result<Option<Session>, OfficeError> {
        let Some(session) = gate.sessions().end(token) else {
            return Ok(None);
        };
        self.is_of(&session);
        self.signing("sign_out", Outcome::Done)?;
        Ok(Some(session))
    }

    /// Ends every session of a session's account; answers how many there were.
    pub fn sign_out_everywhere(
        &mut self,
        gate: &Gate,
        session: &Session,
    ) -> Result<usize, OfficeError> {
        let ended = gate.end_everywhere(session.account);
        self.is_of(session);
        self.signing("sign_out_everywhere", Outcome::Done)?;
        Ok(ended)
    }

    /// From here on the office acts for whoever's session it is, in no role.
    pub(super) fn is_of(&mut self, session: &Session) {
        self.actor.name.clone_from(&session.name);
        self.actor.account = Some(session.account);
        self.actor.role = Some(String::new());
    }
}
