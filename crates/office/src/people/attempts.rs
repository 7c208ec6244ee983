//! Who has tried too often: an account is closed for a while after some failures, an address waits longer each time.
//! An account that does not exist is counted like one that does, so that the answer tells nothing. Kept in memory and
//! bounded; the failures of the last while are taken up from the audit when a process begins.

use std::collections::HashMap;
use std::hash::Hash;
use vocabulary::Moment;

const SECOND: i64 = 1_000_000;
/// Failures after which an account is closed.
pub(crate) const FAILURES_MAX: u32 = 5;
/// How long it stays closed, and how long failures are remembered.
pub(crate) const CLOSED: i64 = 15 * 60 * SECOND;
/// Failures of an address before it waits: a whole office may share one.
const ADDRESS_FREE: u32 = 10;
/// The longest that an address waits.
const ADDRESS_WAIT_MAX: i64 = 5 * 60 * SECOND;
/// Names and addresses remembered; the oldest are forgotten first.
const REMEMBERED_MAX: usize = 20_000;

/// Failures by account and by address.
#[derive(Debug, Default)]
pub struct Attempts {
    names: HashMap<String, Tried>,
    addresses: HashMap<String, Tried>,
}

#[derive(Debug, Clone, Copy)]
struct Tried {
    failures: u32,
    last: Moment,
    until: Moment,
}

impl Tried {
    fn end(&self) -> Moment {
        self.until.max(self.last)
    }
}

impl Attempts {
    /// Begins an attempt and counts it as failed: of many at once no more pass than may fail. Answers for how many
    /// seconds to wait instead.
    pub fn begin(&mut self, name: &str, address: Option<&str>, now: Moment) -> Result<(), u64> {
        let name = name.to_lowercase();
        let waits = [
            self.names.get(&name),
            address.and_then(|address| self.addresses.get(address)),
        ];
        let until = waits.into_iter().flatten().map(|tried| tried.until).max();
        if let Some(until) = until.filter(|until| *until > now) {
            return Err(seconds(until.0 - now.0));
        }
        self.failed(&name, address, now);
        Ok(())
    }

    /// The attempt was right: the account's failures are forgotten, the address's one less.
    pub fn right(&mut self, name: &str, address: Option<&str>) {
        self.names.remove(&name.to_lowercase());
        if let Some(tried) = address.and_then(|address| self.addresses.get_mut(address)) {
            tried.failures = tried.failures.saturating_sub(1);
            tried.until = tried.last;
        }
    }

    /// The attempt was of no account's doing: it came about that nobody could answer it.
    pub fn forget(&mut self, name: &str) {
        self.names.remove(&name.to_lowercase());
    }

    /// Counts a failure.
    pub(crate) fn failed(&mut self, name: &str, address: Option<&str>, at: Moment) {
        let tried = note(&mut self.names, name.to_lowercase(), at);
        if tried.failures >= FAILURES_MAX {
            tried.until = Moment(at.0 + CLOSED);
        }
        let Some(address) = address else { return };
        let tried = note(&mut self.addresses, address.to_owned(), at);
        if let Some(over) = tried.failures.checked_sub(ADDRESS_FREE) {
            let wait = SECOND << over.min(20);
            tried.until = Moment(at.0 + wait.min(ADDRESS_WAIT_MAX));
        }
    }
}

fn note<K: Eq + Hash>(from: &mut HashMap<K, Tried>, key: K, at: Moment) -> &mut Tried {
    let old = |tried: &Tried| at.0 - tried.last.0 > CLOSED && tried.until <= at;
    if from.len() >= REMEMBERED_MAX && !from.contains_key(&key) {
        from.retain(|_, tried| !old(tried));
        if from.len() >= REMEMBERED_MAX {
            // An eighth at once, so that a flood does not sort all of them for each name; who is closed goes last.
            let mut ends: Vec<Moment> = from.values().map(Tried::end).collect();
            let (_, limit, _) = ends.select_nth_unstable(REMEMBERED_MAX / 8);
            let limit = *limit;
            from.retain(|_, tried| tried.end() > limit);
        }
    }
    let tried = from.entry(key).or_insert(Tried {
        failures: 0,
        last: at,
        until: at,
    });
    if old(tried) {
        tried.failures = 0;
    }
    tried.failures += 1;
    tried.last = tried.last.max(at);
    tried
}

fn seconds(micros: i64) -> u64 {
    u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_700_000_000 * SECOND;

    #[test]
    fn the_sixth_attempt_waits_a_quarter_of_an_hour_even_when_it_is_right() {
        let mut attempts = Attempts::default();
        for n in 0..5 {
            let now = Moment(AT + n * SECOND);
            assert_eq!(attempts.begin("chen", None, now), Ok(()));
        }
        let sixth = Moment(AT + 5 * SECOND);
        assert_eq!(attempts.begin("Chen", None, sixth), Err(899));
        assert_eq!(
            attempts.begin("zhou", None, sixth),
            Ok(()),
            "another account"
        );
        let later = Moment(AT + 4 * SECOND + CLOSED);
        assert_eq!(attempts.begin("chen", None, later), Ok(()));
    }

    #[test]
    fn a_right_password_forgets_what_was_wrong() {
        let mut attempts = Attempts::default();
        for n in 0..40 {
            assert_eq!(
                attempts.begin("chen", Some("10.0.0.7"), Moment(AT + n)),
                Ok(())
            );
            if n % 4 == 3 {
                attempts.right("chen", Some("10.0.0.7"));
                attempts.addresses.clear();
            }
        }
    }

    #[test]
    fn an_address_waits_longer_each_time() {
        let mut attempts = Attempts::default();
        let mut now = Moment(AT);
        let mut waits = Vec::new();
        for n in 0..24 {
            let name = format!("somebody {n}");
            if let Err(wait) = attempts.begin(&name, Some("10.0.0.7"), now) {
                waits.push(wait);
                now = Moment(now.0 + i64::try_from(wait).expect("short") * SECOND);
                assert_eq!(attempts.begin(&name, Some("10.0.0.7"), now), Ok(()));
            }
        }
        assert_eq!(waits[..5], [1, 2, 4, 8, 16]);
        assert_eq!(waits.last(), Some(&300));
    }

    #[test]
    fn a_flood_of_names_does_not_fill_the_memory() {
        let mut attempts = Attempts::default();
        for n in 0..5 {
            assert_eq!(attempts.begin("chen", None, Moment(AT + n)), Ok(()));
        }
        for n in 5..60_000 {
            let _ = attempts.begin(&format!("n{n}"), None, Moment(AT + n));
        }
        assert!(attempts.names.len() <= REMEMBERED_MAX);
        let closed = attempts.begin("chen", None, Moment(AT + 60_000));
        assert!(closed.is_err(), "who is closed stays so");
    }
}
