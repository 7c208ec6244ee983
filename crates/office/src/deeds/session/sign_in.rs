//! Sign in: a name and a password become a session. A name that nobody has and a wrong password are answered alike and
//! cost alike. Written before it is answered, whatever comes of it.

use super::{acting, must_change, refused, waits};
use crate::audit::Read;
use crate::error::{OfficeError, Refusal};
use crate::people::account::{self, plain_name};
use crate::people::attempts::CLOSED;
use crate::people::{AccountState, Gate, Secret, Session, Token};
use crate::{Actor, Office};
use ledger::{AuditAsk, Mode, Outcome};
use vocabulary::Moment;

/// Longer names are nobody's.
const NAME_CHARS_MAX: usize = 64;

/// Whoever it was did not say, or said a name that nobody has. What was typed is not kept: people type passwords there.
const NOBODY: &str = "?";

/// What is handed in.
#[derive(Debug, Clone, Default)]
pub struct SignInInput {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// The role to act in; the first when none is named.
    pub role: Option<String>,
}

/// Who is in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// To be shown to its bearer alone.
    pub token: Token,
    /// Whose session it is.
    pub session: Session,
    /// The transaction.
    pub tx: i64,
}

impl Office {
    /// Signs in. Anybody may try.
    pub fn sign_in(&mut self, gate: &Gate, input: &SignInInput) -> Result<SignedIn, OfficeError> {
        let now = self.clock.now();
        let name = plain_name(&input.name);
        let address = self.actor.address.clone();
        let began = gate.attempts().begin(&name, address.as_deref(), now);
        if let Err(seconds) = began {
            // Whoever tries again and again must not fill the book with it: these are gathered.
            self.actor.name = NOBODY.to_owned();
            self.audit_gather(gate, &Read::of("sign_in").refused())?;
            return Err(waits(seconds));
        }
        let (found, kept) = {
            let reader = self.reader()?;
            let short = name.chars().count() <= NAME_CHARS_MAX;
            let found = if short {
                account::named(&reader, &name)?
            } else {
                None
            };
            let kept = match &found {
                Some(account) => account::sealed(&reader, account.record, "password")?,
                None => None,
            };
            (found, kept)
        };
        let right = gate.passwords().verify(&input.password, kept.as_deref());
        let name_of = found.as_ref().map_or(NOBODY, |account| &account.name);
        self.actor = Actor {
            name: name_of.to_owned(),
            account: found.as_ref().map(|account| account.record),
            ..Actor::nobody(address.clone())
        };
        let Some(account) = found.filter(|_| right) else {
            self.signing("sign_in", Outcome::Failed)?;
            return Err(refused("O301", Refusal::Wrong, &[]));
        };
        gate.attempts().right(&name, address.as_deref());
        // Whoever knows the password may know that the account is locked.
        let actor = if account.state == AccountState::Active {
            let (reader, role) = (self.reader()?, input.role.as_deref());
            let (pack, today) = (self.pack(), self.today());
            acting(&reader, &pack, &account, role, address.clone(), today)
        } else {
            Err(refused("O303", Refusal::Locked, &[]))
        };
        let actor = match actor {
            Ok(actor) => actor,
            Err(error) => {
                self.signing("sign_in", Outcome::Refused)?;
                return Err(error);
            }
        };
        self.actor = actor;
        let tx = self.signing("sign_in", Outcome::Done)?;
        let session = Session {
            account: account.record,
            must_change: must_change(gate, &self.pack(), &account, now),
            name: account.name,
            display: account.display,
            role: self.actor.role.clone(),
            address,
            begun: now,
        };
        let token = gate.sessions().begin(session.clone(), &mut *self.entropy);
        Ok(SignedIn { token, session, tx })
    }

    /// Takes up the failures of the last quarter of an hour from the audit: who is locked out stays so when the server is
    /// started anew. Whoever starts it may.
    pub fn recall_attempts(&self, gate: &Gate) -> Result<(), OfficeError> {
        let ask = AuditAsk {
            from: Some(Moment(self.clock.now().0 - CLOSED)),
            deed: Some("sign_in".to_owned()),
            ..AuditAsk::default()
        };
        let reader = self.reader()?;
        let mut attempts = gate.attempts();
        Ok(reader.audit_each(&ask, &mut |one| {
            let (name, address) = (&one.line.actor, one.line.address.as_deref());
            match one.line.outcome {
                Outcome::Failed if name != NOBODY => attempts.failed(name, address, one.at),
                Outcome::Done => attempts.right(name, address),
                _ => {}
            }
        })?)
    }

    /// A transaction that says nothing but its own line of the audit.
    pub(super) fn signing(&mut self, deed: &str, outcome: Outcome) -> Result<i64, OfficeError> {
        let deed = self.own_deed(deed, None);
        let (_, receipt) = self.submit(deed, Mode::Commit, move |draft| {
            draft.own_line().outcome = outcome;
            Ok(())
        })?;
        Ok(receipt.seq)
    }
}
