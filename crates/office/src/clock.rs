//! The one place that asks what time it is, and the one that asks for randomness. Both are handed in, so that
//! the whole office can run under a fake clock and counted entropy.

use vocabulary::Moment;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, UTC.
    fn now(&self) -> Moment;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let micros = since.map_or(0, |since| since.as_micros());
        Moment(i64::try_from(micros).unwrap_or(i64::MAX))
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl ledger::Entropy for SystemEntropy {
    fn fill(&mut self, bytes: &mut [u8]) {
        // Without randomness nothing may be sealed: there is no honest way on.
        getrandom::fill(bytes).expect("the operating system gives randomness");
    }
}
