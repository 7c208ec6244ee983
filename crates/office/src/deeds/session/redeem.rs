//! Redeem: whoever has a one-time link chooses the password of its account, once and within an hour. The link of the first
//! administrator makes the account too: no account is there by default.

use super::{choose, refused, waits};
use crate::Office;
use crate::deeds::person::{first_role, fit_name, new_account, new_grant};
use crate::error::{OfficeError, Refusal};
use crate::people::account::{self, Account, say_of};
use crate::people::{Gate, Secret, Token};
use ledger::{Mode, Outcome};
use vocabulary::{Moment, Value};

/// What is handed in.
#[derive(Debug, Clone)]
pub struct RedeemInput {
    /// The link's token.
    pub token: Token,
    /// The sign-in name; of the first administrator alone, others have one.
    pub name: Option<String>,
    /// What the first administrator is called.
    pub display: Option<String>,
    /// The password chosen.
    pub password: Secret,
}

impl Office {
    /// The link of the first administrator, while nobody has been granted any role; one drawn before is void. Whoever
    /// starts the server may.
    pub fn first_link(&mut self, gate: &Gate) -> Result<Option<Token>, OfficeError> {
        if account::anybody(&*self.reader()?)? {
            return Ok(None);
        }
        first_role(&self.pack())?;
        let now = self.clock.now();
        Ok(Some(gate.open_first(&mut *self.entropy, now)))
    }

    /// Chooses a password by a one-time link; answers the sign-in name. Whoever has the link may.
    pub fn redeem(&mut self, gate: &Gate, input: &RedeemInput) -> Result<String, OfficeError> {
        let now = self.clock.now();
        let address = self.actor.address.clone();
        // Links are guessed by no name: the address alone waits.
        let key = format!("link {}", address.as_deref().unwrap_or_default());
        let began = gate.attempts().begin(&key, address.as_deref(), now);
        began.map_err(waits)?;
        let first = gate.is_first(&input.token, now);
        let hash = input.token.kept().hex();
        let found = account::linked(&*self.reader()?, &hash)?;
        let found = found.filter(|account| open(account, now));
        if found.is_none() && !first {
            self.actor.name = "?".to_owned();
            self.signing("redeem", Outcome::Failed)?;
            return Err(refused("O309", Refusal::Wrong, &[]));
        }
        gate.attempts().right(&key, address.as_deref());
        match found {
            Some(account) => self.redeem_of(gate, account, hash, input, now),
            None => self.redeem_first(gate, input, now),
        }
    }

    fn redeem_of(
        &mut self,
        gate: &Gate,
        account: Account,
        hash: String,
        input: &RedeemInput,
        now: Moment,
    ) -> Result<String, OfficeError> {
        let record = account.record;
        let former = account::sealed(&*self.reader()?, record, "former")?;
        let (pack, book) = (self.pack(), self.book_name().to_owned());
        let words = [account.name.as_str(), &account.display, &book];
        let chosen = choose(
            gate,
            &pack,
            &words,
            former.as_deref(),
            &input.password,
            &mut *self.entropy,
        )?;
        self.actor.name.clone_from(&account.name);
        self.actor.account = Some(record);
        let deed = self.deed("redeem", None);
        self.submit(deed, Mode::Commit, move |draft| {
            // Of two who use it at once one is first.
            let still = account::linked(draft.reader(), &hash)?;
            if still.is_none_or(|account| !open(&account, now)) {
                return Err(refused("O309", Refusal::Wrong, &[]));
            }
            Ok(say_of(draft, record, &password(chosen, now))?)
        })?;
        gate.end_everywhere(record);
        Ok(account.name)
    }

    fn redeem_first(
        &mut self,
        gate: &Gate,
        input: &RedeemInput,
        now: Moment,
    ) -> Result<String, OfficeError> {
        let pack = self.pack();
        let role = first_role(&pack)?.name.clone();
        let name = fit_name(input.name.as_deref().unwrap_or_default())?;
        let display = input.display.clone().unwrap_or_default();
        let book = self.book_name().to_owned();
        let words = [name.as_str(), &display, &book];
        let chosen = choose(
            gate,
            &pack,
            &words,
            None,
            &input.password,
            &mut *self.entropy,
        )?;
        self.actor.name.clone_from(&name);
        let (today, by) = (self.today(), name.clone());
        let deed = self.deed("redeem", None);
        let called = name.clone();
        self.submit(deed, Mode::Commit, move |draft| {
            if account::anybody(draft.reader())? {
                return Err(refused("O309", Refusal::Wrong, &[]));
            }
            let record = new_account(draft, &called, &display)?;
            say_of(draft, record, &password(chosen, now))?;
            let place = draft.reader().book().id;
            new_grant(draft, record, &role, place, (today, None), &by)?;
            let line = draft.own_line();
            line.account = Some(record);
            line.record = Some(record);
            line.register = Some(ledger::layout::ACCOUNTS.to_owned());
            Ok(())
        })?;
        gate.close_first();
        Ok(name)
    }
}

fn open(account: &Account, now: Moment) -> bool {
    account.link_until.is_some_and(|until| now < until)
}

/// What is said of an account whose password was chosen by a link, which is used up with it.
fn password((hash, former): (String, String), now: Moment) -> [(&'static str, Value); 6] {
    [
        ("password", Value::text(hash)),
        ("former", Value::text(former)),
        ("changed", Value::Int(now.0)),
        ("must_change", Value::Int(0)),
        ("link", Value::Null),
        ("link_until", Value::Null),
    ]
}
