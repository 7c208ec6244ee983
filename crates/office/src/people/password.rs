//! Passwords: argon2id hashes, compared in constant time, and what a password must be under each of the two policies.
//! A password is wiped from memory when it is done with and stands in no message. Refuses to know whose it is.

use super::weak;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ledger::Entropy;
use pack::declare::PasswordPolicy;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use subtle::ConstantTimeEq as _;
use vocabulary::{Date, Moment};
use zeroize::Zeroizing;

/// Fewer characters are refused under either policy.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// More are refused: nobody types them, and each costs time to hash.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Former passwords that may not be chosen again (`dengbao`), the present one among them.
pub(crate) const FORMER: usize = 5;
/// Days after which a password must be changed (`dengbao`).
pub(crate) const DAYS_MAX: i64 = 90;

/// The cost of a hash: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes computed at the same time; more wait. Each takes 19 MiB and a core.
const AT_ONCE: usize = 4;

/// A password as somebody typed it.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// What was typed.
    pub fn new(text: String) -> Secret {
        Secret(Zeroizing::new(text))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Hashes passwords, a few at a time, and counts them.
#[derive(Debug, Default)]
pub struct Passwords {
    computed: AtomicU64,
    busy: Mutex<usize>,
    free: Condvar,
}

impl Passwords {
    /// The hash of a password, as it is kept: algorithm, version, cost, salt and hash in one text.
    pub(crate) fn hash(&self, secret: &Secret, entropy: &mut dyn Entropy) -> String {
        let mut salt = [0_u8; 16];
        entropy.fill(&mut salt);
        let cost = (MEMORY_KIB, PASSES, LANES);
        let hash = self.compute(secret, &salt, cost).unwrap_or_default();
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(*hash));
        format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}")
    }

    /// Whether this is the password of a kept hash. `None` (there is no such account, or it has no password) takes as long
    /// and is never it.
    pub(crate) fn verify(&self, secret: &Secret, kept: Option<&str>) -> bool {
        let (cost, salt, wanted) = kept.and_then(parts).unwrap_or_else(|| {
            let nothing = Zeroizing::new(vec![0; 32]);
            ((MEMORY_KIB, PASSES, LANES), vec![0; 16], nothing)
        });
        let Some(hash) = self.compute(secret, &salt, cost) else {
            return false;
        };
        let same: bool = hash.ct_eq(wanted.as_slice()).into();
        same && kept.is_some()
    }

    /// How many hashes were computed: an unknown account costs what a known one costs.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    fn compute(
        &self,
        secret: &Secret,
        salt: &[u8],
        (memory, passes, lanes): (u32, u32, u32),
    ) -> Option<Zeroizing<[u8; 32]>> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        while *busy >= AT_ONCE {
            busy = self.free.wait(busy).unwrap_or_else(PoisonError::into_inner);
        }
        *busy += 1;
        drop(busy);
        let mut out = Zeroizing::new([0_u8; 32]);
        let made = Params::new(memory, passes, lanes, Some(out.len())).and_then(|params| {
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            argon.hash_password_into(secret.text().as_bytes(), salt, &mut *out)
        });
        *self.busy.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.free.notify_one();
        made.ok().map(|()| out)
    }
}

/// Cost, salt and hash.
type Parts = ((u32, u32, u32), Vec<u8>, Zeroizing<Vec<u8>>);

fn parts(kept: &str) -> Option<Parts> {
    let mut fields = kept.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut cost = fields.next()?.split(',');
    let mut number = |key: &str| cost.next()?.strip_prefix(key)?.parse().ok();
    let cost = (number("m=")?, number("t=")?, number("p=")?);
    let salt = STANDARD_NO_PAD.decode(fields.next()?).ok()?;
    let hash = STANDARD_NO_PAD.decode(fields.next()?).ok()?;
    Some((cost, salt, Zeroizing::new(hash)))
}

/// Why a password may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// Too few characters.
    Short,
    /// Too many.
    Long,
    /// Everybody guesses it, or it is the account's own name.
    Common,
    /// Not three of the four classes (`dengbao`).
    Classes,
    /// One of the last (`dengbao`).
    Former,
}

/// Why a password may not be chosen under a policy; former ones are looked at by whoever has them. `words`: what an
/// attacker would try first for this account.
pub(crate) fn unfit(policy: PasswordPolicy, secret: &Secret, words: &[&str]) -> Option<Unfit> {
    let text = secret.text();
    let chars = text.chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Some(Unfit::Short);
    }
    if chars > PASSWORD_CHARS_MAX {
        return Some(Unfit::Long);
    }
    if weak::is_common(text, words) {
        return Some(Unfit::Common);
    }
    let classes = [
        text.chars().any(char::is_lowercase),
        text.chars().any(char::is_uppercase),
        text.chars().any(char::is_numeric),
        text.chars().any(|c| !c.is_alphanumeric()),
    ];
    let classes = classes.iter().filter(|has| **has).count();
    (policy == PasswordPolicy::Dengbao && classes < 3).then_some(Unfit::Classes)
}

/// Whether a password of that age must be changed.
pub(crate) fn expired(policy: PasswordPolicy, changed: Moment, today: Date) -> bool {
    let day = changed.day_in_china();
    policy == PasswordPolicy::Dengbao && day.plus_days(DAYS_MAX) < today
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    fn fit(policy: PasswordPolicy, text: &str) -> Option<Unfit> {
        unfit(policy, &Secret::new(text.to_owned()), &["chen.jing"])
    }

    #[test]
    fn asvs_asks_for_length_and_no_more() {
        let asvs = |text: &str| fit(PasswordPolicy::Asvs, text);
        assert_eq!(asvs("elevenchars"), Some(Unfit::Short));
        assert_eq!(asvs("kmzw pqtr lvbn"), None);
        assert_eq!(asvs("夏至之后稻田里的蛙声一片"), None);
        assert_eq!(asvs(&"kz".repeat(65)), Some(Unfit::Long));
        assert_eq!(asvs("password1234"), Some(Unfit::Common));
        assert_eq!(asvs("Chen.Jing2024"), Some(Unfit::Common));
    }

    #[test]
    fn dengbao_asks_for_three_classes_and_a_change_after_ninety_days() {
        let dengbao = |text: &str| fit(PasswordPolicy::Dengbao, text);
        assert_eq!(dengbao("kmzwpqtrlvbn"), Some(Unfit::Classes));
        assert_eq!(dengbao("kmzwpqtrlvb7"), Some(Unfit::Classes));
        assert_eq!(dengbao("Kmzwpqtrlvb7"), None);
        let changed = Moment::parse("2023-01-05T04:00:00Z").expect("a moment");
        let day = |text| Date::parse_iso(text).expect("a day");
        assert!(!expired(
            PasswordPolicy::Dengbao,
            changed,
            day("2023-04-05")
        ));
        assert!(expired(PasswordPolicy::Dengbao, changed, day("2023-04-06")));
        assert!(!expired(PasswordPolicy::Asvs, changed, day("2033-04-06")));
    }

    #[test]
    fn a_hash_knows_its_password_alone_and_nobody_costs_less() {
        let passwords = Passwords::default();
        let right = Secret::new("kmzw pqtr lvbn".to_owned());
        let wrong = Secret::new("kmzw pqtr lvbm".to_owned());
        let kept = passwords.hash(&right, &mut SystemEntropy);
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(kept, passwords.hash(&right, &mut SystemEntropy), "salted");
        assert!(passwords.verify(&right, Some(&kept)));
        assert!(!passwords.verify(&wrong, Some(&kept)));
        assert_eq!(passwords.computed(), 4);
        assert!(!passwords.verify(&right, None));
        assert_eq!(passwords.computed(), 5);
        assert!(!format!("{right:?}").contains("kmzw"));
    }
}
