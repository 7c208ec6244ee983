//! Long work that steps aside for whoever writes meanwhile. Half a machine's cores are often the same core twice, and
//! its disk is one: work of a lower priority slows writers all the same, work that rests does not.

use crate::clock::Clock;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Microseconds of work after which somebody is looked for.
const PART: i64 = 20_000;

/// Rests so many times as long as it worked, when somebody wrote meanwhile.
const RESTS: i64 = 4;

/// Microseconds of the longest rest: a clock that leaps must not put work to sleep.
const REST_MAX: i64 = 2_000_000;

/// Watches the log of a ledger and rests when it moves.
pub struct Pace {
    log: PathBuf,
    clock: Arc<dyn Clock>,
    since: i64,
    seen: Option<(SystemTime, u64)>,
}

impl Pace {
    /// Work that begins now, on this ledger.
    pub fn new(ledger: &Path, clock: Arc<dyn Clock>) -> Pace {
        let mut log = ledger.as_os_str().to_owned();
        log.push("-wal");
        let mut pace = Pace {
            log: PathBuf::from(log),
            since: clock.now().0,
            clock,
            seen: None,
        };
        pace.seen = pace.look();
        pace
    }

    /// To be called often: rests when it is time and somebody wrote.
    #[expect(
        clippy::disallowed_methods,
        reason = "there is no event to wait for: to leave the machine to others is the point"
    )]
    pub fn rest(&mut self) {
        let worked = self.clock.now().0 - self.since;
        if (0..PART).contains(&worked) {
            return;
        }
        if self.look() != self.seen {
            let rest = (worked * RESTS).clamp(0, REST_MAX);
            std::thread::sleep(Duration::from_micros(rest.unsigned_abs()));
        }
        self.seen = self.look();
        self.since = self.clock.now().0;
    }

    fn look(&self) -> Option<(SystemTime, u64)> {
        let file = std::fs::metadata(&self.log).ok()?;
        Some((file.modified().ok()?, file.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Instant;
    use vocabulary::Moment;

    struct Hands(AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Moment {
            Moment(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn rests_only_when_somebody_wrote() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("a.db");
        let log = folder.path().join("a.db-wal");
        std::fs::write(&log, "1").expect("written");
        let hands = Arc::new(Hands(AtomicI64::new(0)));
        let mut pace = Pace::new(&ledger, hands.clone());
        let mut rested = |worked: i64| {
            hands.0.fetch_add(worked, Ordering::Relaxed);
            let begun = Instant::now();
            pace.rest();
            begun.elapsed() >= Duration::from_micros((worked * RESTS).unsigned_abs())
        };
        assert!(!rested(25_000), "nobody wrote");
        std::fs::write(&log, "12").expect("written");
        assert!(!rested(1_000), "too little was worked");
        assert!(rested(25_000), "somebody wrote");
        assert!(!rested(25_000), "nobody since");
    }
}
