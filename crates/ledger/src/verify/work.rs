//! One verification, shared by threads: each has a connection of its own, all see one state of the book, and each
//! takes part after part until none is left. Knows nothing of what a part looks at.

use super::Verified;
use super::rows::{Known, Ranges};
use crate::error::LedgerError;
use crate::ledger::{head_of, meta_of};
use crate::reader::Reader;
use crate::search::table::Sum;
use crate::withdrawal::Withdrawals;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use vocabulary::RecordId;

/// Threads that verify: each has a connection (32 MB of pages) and a range of facts (about as much) in memory.
const THREADS_MAX: usize = 8;

/// How often the readers are put on a new state until all of them see the same one of a book that is being
/// written to. A try takes some 0.1 ms, a group of deeds longer.
const STATES_MAX: usize = 200;

/// Told how far a verification has come, of how much; from any thread.
pub type Progress<'p> = &'p (dyn Fn(u64, u64) + Sync);

/// The parts that are not ranges of records, the longest first.
const PARTS: usize = 4;

/// What threads share.
struct Work<'w> {
    known: &'w Known,
    ranges: Ranges,
    /// How many parts were taken.
    taken: AtomicUsize,
    /// Boxes that were met with their facts.
    boxes: AtomicU64,
    /// The grams that records must have, and those that stand in the table.
    grams: Mutex<(Sum, Sum)>,
    /// An error ends it for all.
    stop: AtomicBool,
    /// What each part found, under its place in the order of telling.
    done: Mutex<Vec<((usize, RecordId), Verified)>>,
}

impl Reader {
    /// Verifies the whole book.
    pub fn verify(&self) -> Result<Verified, LedgerError> {
        self.verify_telling(&|_, _| {})
    }

    /// As [`Reader::verify`], and tells how far it has come.
    pub fn verify_telling(&self, told: Progress<'_>) -> Result<Verified, LedgerError> {
        let threads = rayon::current_num_threads().clamp(1, THREADS_MAX);
        let readers = self.side_by_side(threads)?;
        let known = Known {
            withdrawals: Withdrawals::load(&*readers[0].store, self.book().id)?,
            erasures: readers[0].erasures()?,
        };
        let meta = meta_of(&*readers[0].store)?.1;
        let whole: u64 = meta
            .get("next_record")
            .and_then(|text| text.parse().ok())
            .unwrap_or(1);
        let work = Work {
            known: &known,
            ranges: Ranges::new(),
            taken: AtomicUsize::new(0),
            boxes: AtomicU64::new(0),
            grams: Mutex::default(),
            stop: AtomicBool::new(false),
            done: Mutex::default(),
        };
        let told = |at: RecordId| told(u64::try_from(at).unwrap_or(0).min(whole), whole);
        let readers: Result<Vec<Reader>, LedgerError> = std::thread::scope(|scope| {
            let (work, told) = (&work, &told);
            let threads: Vec<_> = readers
                .into_iter()
                .map(|reader| scope.spawn(move || work.run(&reader, told).map(|()| reader)))
                .collect();
            let threads = threads.into_iter();
            threads
                .map(|thread| thread.join().expect("verifying does not panic"))
                .collect()
        });
        let readers = readers?;
        let mut parts = work
            .done
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        // In order of what was looked at, whoever looked first.
        parts.sort_by_key(|(place, _)| *place);
        let mut out = Verified::default();
        for (_, part) in parts {
            out.join(part);
        }
        readers[0].verify_boxes(work.boxes.into_inner(), &mut out)?;
        let grams = work.grams.into_inner();
        let (wanted, kept) = grams.unwrap_or_else(PoisonError::into_inner);
        readers[0].verify_grams(wanted, kept, &mut out)?;
        Ok(out)
    }

    /// Readers on one state of the book, each with a connection of its own.
    fn side_by_side(&self, count: usize) -> Result<Vec<Reader>, LedgerError> {
        let mut readers = Vec::with_capacity(count);
        for _ in 0..count {
            readers.push(Reader::new(self.store.scanner()?, self.state.clone()));
        }
        for _ in 0..STATES_MAX {
            let mut heads = BTreeSet::new();
            for reader in &readers {
                reader.store.begin_read()?;
                heads.insert(head_of(&*reader.store, self.book().id)?.seq);
            }
            if heads.len() == 1 {
                return Ok(readers);
            }
            for reader in &readers {
                reader.store.rollback()?;
            }
        }
        // Written to without a pause: one thread sees one state.
        readers.truncate(1);
        readers[0].store.begin_read()?;
        Ok(readers)
    }

    fn verify_store(&self, out: &mut Verified) -> Result<(), LedgerError> {
        for fault in self.store.sound()? {
            out.differ("store", String::new(), fault, "a sound store".to_owned());
        }
        Ok(())
    }

    fn verify_rest(&self, out: &mut Verified) -> Result<(), LedgerError> {
        self.verify_meta(out)?;
        self.verify_places(out)?;
        self.verify_lists(out)
    }
}

impl Work<'_> {
    fn run(&self, reader: &Reader, told: &(dyn Fn(RecordId) + Sync)) -> Result<(), LedgerError> {
        while !self.stop.load(Ordering::Relaxed) {
            let part = self.taken.fetch_add(1, Ordering::Relaxed).min(PARTS);
            let mut range = None;
            if part == PARTS {
                range = self.ranges.claim(reader).map_err(|error| self.end(error))?;
                if range.is_none() {
                    break;
                }
            }
            let mut out = Verified::default();
            let looked = match (part, range) {
                (0, _) => reader.verify_chain(&mut out),
                (1, _) => reader.verify_store(&mut out),
                (_, Some(range)) => {
                    reader
                        .verify_range(self.known, range, &mut out)
                        .map(|(boxes, grams)| {
                            self.boxes.fetch_add(boxes, Ordering::Relaxed);
                            self.sums().0.join(grams);
                        })
                }
                (2, None) => Sum::kept(reader).map(|kept| self.sums().1 = kept),
                (_, None) => reader.verify_rest(&mut out),
            };
            match looked {
                Ok(()) => {}
                // What cannot even be read is a finding like any other; the other parts go on.
                Err(LedgerError::Damaged(why)) => {
                    out.differ("store", String::new(), why, "what can be read".to_owned());
                }
                Err(error) => return Err(self.end(error)),
            }
            if let Some((_, last)) = range {
                told(last);
            }
            let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push(((part, range.map_or(0, |(first, _)| first)), out));
        }
        Ok(())
    }

    fn sums(&self) -> MutexGuard<'_, (Sum, Sum)> {
        self.grams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, error: LedgerError) -> LedgerError {
        self.stop.store(true, Ordering::Relaxed);
        error
    }
}
