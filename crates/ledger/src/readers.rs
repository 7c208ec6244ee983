//! A bounded number of readers, kept open between questions: to open a connection and prepare its statements takes
//! longer than most questions. Each is lent for one question, on one state of the book. Knows nothing of who is asking.

use crate::door::Door;
use crate::error::LedgerError;
use crate::reader::Reader;
use std::ops::Deref;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a question waits for a reader before it is told that all are in use.
const WAIT: Duration = Duration::from_secs(30);

/// Readers of one book. Cheap to clone.
#[derive(Clone)]
pub struct Readers(Arc<Pool>);

struct Pool {
    door: Door,
    shelf: Mutex<Shelf>,
    back: Condvar,
}

struct Shelf {
    idle: Vec<Reader>,
    /// Those that may still be taken, idle or not yet open.
    left: usize,
}

impl Readers {
    pub(crate) fn new(door: Door, most: usize) -> Readers {
        Readers(Arc::new(Pool {
            door,
            shelf: Mutex::new(Shelf {
                idle: Vec::new(),
                left: most.max(1),
            }),
            back: Condvar::new(),
        }))
    }

    /// A reader on the present state of the book. Waits while all are in use.
    pub fn take(&self) -> Result<Taken, LedgerError> {
        let pool = &self.0;
        let shelf = pool.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = pool.back.wait_timeout_while(shelf, WAIT, |s| s.left == 0);
        let (mut shelf, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(LedgerError::Crowded);
        }
        shelf.left -= 1;
        let idle = shelf.idle.pop();
        drop(shelf);
        // From here on the place is given back by drop, whatever happens.
        let mut taken = Taken {
            reader: idle,
            pool: pool.clone(),
        };
        taken.begin()?;
        Ok(taken)
    }
}

/// A reader for one question; it goes back when dropped.
pub struct Taken {
    reader: Option<Reader>,
    pool: Arc<Pool>,
}

impl Taken {
    /// Begins to read one state. The pack is looked at after that: a state that the book reached meanwhile together
    /// with a new pack is never read by the old one.
    fn begin(&mut self) -> Result<(), LedgerError> {
        loop {
            let reader = match self.reader.take() {
                Some(reader) => reader,
                None => self.pool.door.connection()?,
            };
            reader.store.begin_read()?;
            if self.pool.door.is_present(&reader) {
                self.reader = Some(reader);
                return Ok(());
            }
        }
    }
}

impl Deref for Taken {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        self.reader.as_ref().expect("it goes back on drop alone")
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let reader = self.reader.take();
        // One that cannot end its transaction would show an old state for ever.
        let reader = reader.filter(|reader| reader.rest().is_ok());
        let mut shelf = self
            .pool
            .shelf
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        shelf.left += 1;
        shelf.idle.extend(reader);
        drop(shelf);
        self.pool.back.notify_one();
    }
}
