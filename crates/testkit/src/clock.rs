//! A clock that tests turn by hand.

use vocabulary::Moment;

/// A clock that stands still until it is turned.
#[derive(Debug, Clone)]
pub struct FakeClock {
    now: Moment,
}

impl FakeClock {
    /// Standing at a moment in RFC 3339.
    pub fn at(text: &str) -> FakeClock {
        FakeClock {
            now: Moment::parse(text).expect("a moment"),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Turns it on by so many seconds.
    pub fn turn(&mut self, seconds: i64) {
        self.now.0 += seconds * 1_000_000;
    }
}

impl Default for FakeClock {
    fn default() -> FakeClock {
        FakeClock::at("2023-01-01T00:00:00Z")
    }
}
