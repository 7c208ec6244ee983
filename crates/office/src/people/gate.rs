//! Everything in memory that signing in needs: sessions, failed attempts, the counting of hashes, the link of the first
//! administrator. One for a process; each part behind a lock that is held for a moment only.

use super::attempts::Attempts;
use super::password::Passwords;
use super::session::{Session, Sessions};
use super::token::{Kept, Token};
use crate::audit::Gathered;
use ledger::Entropy;
use pack::declare::PasswordPolicy;
use std::sync::{Mutex, MutexGuard, PoisonError};
use vocabulary::{Moment, RecordId};

/// How long a one-time link is open.
pub(crate) const LINK_LIVES: i64 = 3600 * 1_000_000;

/// The gate of a process.
#[derive(Debug, Default)]
pub struct Gate {
    policy: Option<PasswordPolicy>,
    passwords: Passwords,
    sessions: Mutex<Sessions>,
    attempts: Mutex<Attempts>,
    first: Mutex<Option<(Kept, Moment)>>,
    reads: Gathered,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl Gate {
    /// A gate under a policy; `None`: under that of the pack in force.
    pub fn new(policy: Option<PasswordPolicy>) -> Gate {
        Gate {
            policy,
            ..Gate::default()
        }
    }

    pub(crate) fn policy(&self, pack: &pack::CheckedPack) -> PasswordPolicy {
        self.policy.unwrap_or(pack.passwords)
    }

    /// The hashes.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// The sessions.
    pub fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose session a token is, if it lives; it lives on from now.
    pub fn touch(&self, token: &Token, now: Moment) -> Option<Session> {
        self.sessions().touch(token, now)
    }

    /// Ends every session of an account.
    pub fn end_everywhere(&self, account: RecordId) -> usize {
        self.sessions().end_everywhere(account, None)
    }

    pub(crate) fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lines of the audit that wait to be written.
    pub(crate) fn reads(&self) -> &Gathered {
        &self.reads
    }

    /// Draws the link of the first administrator; one that was drawn before is void.
    pub(crate) fn open_first(&self, entropy: &mut dyn Entropy, now: Moment) -> Token {
        let token = Token::draw(entropy);
        *self.first() = Some((token.kept(), Moment(now.0 + LINK_LIVES)));
        token
    }

    /// Whether this is the link of the first administrator.
    pub(crate) fn is_first(&self, token: &Token, now: Moment) -> bool {
        let first = *self.first();
        first.is_some_and(|(kept, until)| kept == token.kept() && now < until)
    }

    /// The link has been used.
    pub(crate) fn close_first(&self) {
        *self.first() = None;
    }

    fn first(&self) -> MutexGuard<'_, Option<(Kept, Moment)>> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
