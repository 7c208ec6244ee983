//! Limits on how much and how fast: token buckets by address and by session, in memory and bounded.
//! Refuses to know what is asked; it counts.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A JSON body: a record has some dozens of fields, a batch some hundreds of records.
pub(crate) const JSON_BYTES_MAX: usize = 1024 * 1024;

/// All files of one upload together. The largest workbook of a town measured 7 MB; a year of them fits.
pub(crate) const UPLOAD_BYTES_MAX: u64 = 200 * 1024 * 1024;

/// Files of one upload.
pub(crate) const UPLOAD_FILES_MAX: usize = 200;

/// One attachment: a photo of a phone has 5 MB, a scan of ten pages 15.
pub(crate) const ATTACHMENT_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// Points of an attached picture: a phone makes 50 to 108 million; more is a flood that would fill the memory.
pub(crate) const ATTACHMENT_PIXELS_MAX: u64 = 120_000_000;

/// Requests in work at once; the rest is told to come back.
pub(crate) const REQUESTS_MAX: usize = 512;

/// Connections at once; more wait in the system's queue.
pub(crate) const CONNECTIONS_MAX: usize = 2048;

/// Threads that carry out deeds.
pub(crate) const DEEDS_MAX: usize = 32;

/// Exports on their way at once, of the sixteen readers that there are.
pub(crate) const EXPORTS_MAX: usize = 6;

/// Open streams of events of one session: three tabs, twice.
pub(crate) const STREAMS_MAX: usize = 6;

/// Imports looked at and not yet committed, of all people together; the oldest goes.
pub(crate) const PREVIEWS_MAX: usize = 32;

/// How long a previewed import waits for its commit.
pub(crate) const PREVIEW_LIFE: Duration = Duration::from_secs(30 * 60);

/// How long the head of a request may take.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(10);

/// How long one piece of a body may take.
pub(crate) const PIECE_TIME: Duration = Duration::from_secs(20);

/// How long a client may leave a piece of an answer unread.
pub(crate) const UNREAD_TIME: Duration = Duration::from_secs(30);

/// How long a usual deed may take.
pub(crate) const DEED_TIME: Duration = Duration::from_secs(30);

/// How long a long one may take: imports, reports, undoing.
pub(crate) const LONG_TIME: Duration = Duration::from_secs(600);

/// How long requests in work may go on when the server is told to stop.
pub(crate) const FAREWELL_TIME: Duration = Duration::from_secs(20);

/// Bytes of a request's head.
pub(crate) const HEAD_BYTES_MAX: usize = 32 * 1024;

/// Addresses or sessions whose bucket is remembered; when there are more, full buckets are forgotten first.
const BUCKETS_MAX: usize = 16_384;

/// How fast one may ask: so many at once, so many more a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// At once.
    pub burst: u32,
    /// More a minute.
    pub per_minute: u32,
}

/// A bucket a key.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    pace: Pace,
    filled: Mutex<HashMap<K, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Thousandths of a token, so that no float counts.
    millis: u64,
    seen: Instant,
}

impl<K: Eq + Hash + Clone> Buckets<K> {
    pub(crate) fn new(pace: Pace) -> Buckets<K> {
        Buckets {
            pace,
            filled: Mutex::new(HashMap::new()),
        }
    }

    fn filled_at(&self, bucket: Bucket, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(bucket.seen).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        let gained = passed.saturating_mul(u64::from(self.pace.per_minute)) / 60;
        let most = u64::from(self.pace.burst) * 1000;
        bucket.millis.saturating_add(gained).min(most)
    }

    /// Takes one, or says after how many seconds there is one again.
    pub(crate) fn take(&self, key: &K, now: Instant) -> Result<(), u64> {
        let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        let most = u64::from(self.pace.burst) * 1000;
        if !filled.contains_key(key) && filled.len() >= BUCKETS_MAX {
            filled.retain(|_, bucket| self.filled_at(*bucket, now) < most);
            if filled.len() >= BUCKETS_MAX {
                // So many who are all in a hurry: nobody new is let in before somebody calms down.
                return Err(60);
            }
        }
        let bucket = filled.entry(key.clone()).or_insert(Bucket {
            millis: most,
            seen: now,
        });
        let have = self.filled_at(*bucket, now);
        let left = have.checked_sub(1000);
        *bucket = Bucket {
            millis: left.unwrap_or(have),
            seen: now,
        };
        match left {
            Some(_) => Ok(()),
            None => {
                let lacking = (1000 - have) * 60;
                Err(lacking
                    .div_ceil(u64::from(self.pace.per_minute.max(1)) * 1000)
                    .max(1))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_says_when_it_has_one_again() {
        let pace = Pace {
            burst: 2,
            per_minute: 6,
        };
        let buckets = Buckets::new(pace);
        let start = Instant::now();
        assert_eq!(buckets.take(&1, start), Ok(()));
        assert_eq!(buckets.take(&1, start), Ok(()));
        assert_eq!(buckets.take(&1, start), Err(10));
        assert_eq!(buckets.take(&2, start), Ok(()), "another's bucket is full");
        assert_eq!(buckets.take(&1, start + Duration::from_secs(4)), Err(6));
        assert_eq!(buckets.take(&1, start + Duration::from_secs(10)), Ok(()));
        assert_eq!(buckets.take(&1, start + Duration::from_secs(10)), Err(10));
    }

    #[test]
    fn memory_is_bounded() {
        let pace = Pace {
            burst: 1,
            per_minute: 1,
        };
        let buckets = Buckets::new(pace);
        let start = Instant::now();
        for key in 0..BUCKETS_MAX {
            assert_eq!(buckets.take(&key, start), Ok(()));
        }
        assert_eq!(buckets.take(&usize::MAX, start), Err(60));
        let later = start + Duration::from_secs(60);
        assert_eq!(
            buckets.take(&usize::MAX, later),
            Ok(()),
            "the full ones went"
        );
    }
}
