//! Signing in and out, and one's own password.

mod change_password; // a new password for oneself
mod redeem; // a one-time link becomes a password
mod sign_in; // in
mod sign_out; // out

pub use change_password::ChangePasswordInput;
pub use redeem::RedeemInput;
pub use sign_in::{SignInInput, SignedIn};

use crate::error::{OfficeError, Refusal};
use crate::people::account::{self, Account};
use crate::people::password::{self, FORMER, Unfit};
use crate::people::{AccountState, Gate, Grant, Secret, Session};
use crate::words::{say, word};
use crate::{Actor, Office};
use ::pack::CheckedPack;
use ledger::Reader;
use std::collections::BTreeSet;
use vocabulary::{Date, FindingClass, Moment};

impl Office {
    /// What a session may do now: its role and places are asked of the book anew, so that what was taken away is gone at
    /// once. `address`: from where this request comes.
    pub fn actor_of(
        &self,
        session: &Session,
        address: Option<String>,
    ) -> Result<Actor, OfficeError> {
        if session.must_change {
            return Err(refused("O306", Refusal::MustChange, &[]));
        }
        let reader = self.reader()?;
        let account = account::numbered(&reader, session.account)?
            .filter(|account| account.state == AccountState::Active)
            .ok_or_else(|| refused("O303", Refusal::Locked, &[]))?;
        acting(
            &reader,
            &self.pack(),
            &account,
            session.role.as_deref(),
            address,
            self.today(),
        )
    }

    /// The roles that an account may act in today, as the pack has them.
    pub fn roles_of(&self, session: &Session) -> Result<Vec<String>, OfficeError> {
        let grants = account::grants(&*self.reader()?, session.account)?;
        Ok(roles(&self.pack(), &grants, self.today()))
    }
}

/// The roles that hold at a day, in the pack's order.
fn roles(pack: &CheckedPack, grants: &[Grant], today: Date) -> Vec<String> {
    let holds = |name: &str| {
        grants
            .iter()
            .any(|one| one.role == name && one.holds(today))
    };
    let held = pack.roles.iter().filter(|role| holds(&role.name));
    held.map(|role| role.name.clone()).collect()
}

/// An account in one of its roles, today; the first when none is named.
fn acting(
    reader: &Reader,
    pack: &CheckedPack,
    account: &Account,
    role: Option<&str>,
    address: Option<String>,
    today: Date,
) -> Result<Actor, OfficeError> {
    let grants = account::grants(reader, account.record)?;
    let held = roles(pack, &grants, today);
    let chosen = match role {
        Some(role) => held.iter().find(|held| *held == role),
        None => held.first(),
    };
    let Some(role) = chosen else {
        return Err(refused("O304", Refusal::NoRole, &[("name", &account.name)]));
    };
    // A new version of the pack may have made two administrators of one account.
    let admins: BTreeSet<_> = pack
        .roles
        .iter()
        .filter(|one| held.contains(&one.name))
        .filter_map(|one| one.admin)
        .collect();
    if admins.len() > 1 {
        return Err(refused("O313", Refusal::NoRole, &[("name", &account.name)]));
    }
    let mut scope: Vec<_> = grants
        .iter()
        .filter(|one| one.role == *role && one.holds(today))
        .map(|one| one.division)
        .collect();
    scope.sort_unstable();
    scope.dedup();
    if scope.contains(&reader.book().id) {
        scope.clear();
    }
    Ok(Actor {
        name: account.name.clone(),
        role: Some(role.clone()),
        scope,
        address,
        account: Some(account.record),
    })
}

pub(crate) fn refused(code: &str, why: Refusal, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::SignIn {
        said: Box::new(say(code, FindingClass::Rejected, params)),
        why,
        wait: None,
    }
}

/// Somebody has tried too often.
fn waits(seconds: u64) -> OfficeError {
    let minutes = seconds.div_ceil(60).to_string();
    OfficeError::SignIn {
        said: Box::new(say(
            "O302",
            FindingClass::Rejected,
            &[("minutes", &minutes)],
        )),
        why: Refusal::Wait,
        wait: Some(seconds),
    }
}

/// Whether a password may be chosen for an account; the reason in the chooser's words. Answers what is kept of former
/// ones from now on, the new one among them.
fn choose(
    gate: &Gate,
    pack: &CheckedPack,
    words: &[&str],
    former: Option<&str>,
    secret: &Secret,
    entropy: &mut dyn ledger::Entropy,
) -> Result<(String, String), OfficeError> {
    let policy = gate.policy(pack);
    let mut unfit = password::unfit(policy, secret, words);
    let former: Vec<&str> = former
        .map(|text| text.lines().collect())
        .unwrap_or_default();
    // Under either policy the present one is not a new one; under `dengbao` neither are those before it.
    let looked = match policy {
        ::pack::declare::PasswordPolicy::Asvs => 1,
        ::pack::declare::PasswordPolicy::Dengbao => FORMER,
    };
    if unfit.is_none()
        && former
            .iter()
            .rev()
            .take(looked)
            .any(|kept| gate.passwords().verify(secret, Some(kept)))
    {
        unfit = Some(Unfit::Former);
    }
    if let Some(unfit) = unfit {
        let reason = match unfit {
            Unfit::Short => "password.short",
            Unfit::Long => "password.long",
            Unfit::Common => "password.common",
            Unfit::Classes => "password.classes",
            Unfit::Former => "password.former",
        };
        let said = say(
            "O305",
            FindingClass::Rejected,
            &[("why", &word(reason, &[]))],
        );
        return Err(OfficeError::Asked(Box::new(said)));
    }
    let hash = gate.passwords().hash(secret, entropy);
    let kept = former.into_iter().rev().take(FORMER - 1);
    let mut kept: Vec<&str> = kept.collect();
    kept.reverse();
    kept.push(&hash);
    Ok((hash.clone(), kept.join("\n")))
}

/// Whether the account's password must be changed before anything else.
fn must_change(gate: &Gate, pack: &CheckedPack, account: &Account, now: Moment) -> bool {
    let expired = account
        .changed
        .is_some_and(|changed| password::expired(gate.policy(pack), changed, now.day_in_china()));
    account.must_change || expired
}
