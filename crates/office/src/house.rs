//! A book open for many at once: one writes, others read beside it, and each who asks gets an office of their own.

use crate::actor::Actor;
use crate::clock::Clock;
use crate::error::OfficeError;
use crate::office::Office;
use ledger::{Book, Entropy, Ledger, LedgerError, Lent, Readers, Taken, Writer};
use pack::CheckedPack;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Questions answered at the same time; more wait. Each keeps up to 32 MB of pages in memory.
const READERS_MAX: usize = 16;

/// A book open for many. Cheap to clone; the book closes with the last of them.
#[derive(Clone)]
pub struct House(Arc<Inside>);

struct Inside {
    writer: Writer,
    readers: Readers,
    book: Book,
    path: PathBuf,
    clock: Arc<dyn Clock>,
    entropy: Drawn,
}

/// Randomness from which many draw in turn, so that no two draw the same.
#[derive(Clone)]
struct Drawn(Arc<Mutex<Box<dyn Entropy>>>);

impl Entropy for Drawn {
    fn fill(&mut self, bytes: &mut [u8]) {
        let mut entropy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entropy.fill(bytes);
    }
}

impl House {
    /// Opens a book for many. Another process that writes it is an error.
    pub fn open(
        path: &Path,
        clock: Arc<dyn Clock>,
        entropy: impl Entropy + 'static,
    ) -> Result<House, OfficeError> {
        let drawn = Drawn(Arc::new(Mutex::new(Box::new(entropy))));
        let ledger = Ledger::open(path, Box::new(drawn.clone()))?;
        House::of(ledger, path, clock, drawn)
    }

    /// A house around a book that is open already.
    pub(crate) fn around(
        ledger: Ledger,
        path: &Path,
        clock: Arc<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Result<House, OfficeError> {
        House::of(ledger, path, clock, Drawn(Arc::new(Mutex::new(entropy))))
    }

    fn of(
        ledger: Ledger,
        path: &Path,
        clock: Arc<dyn Clock>,
        entropy: Drawn,
    ) -> Result<House, OfficeError> {
        let book = ledger.book().clone();
        let writer = Writer::spawn(ledger)?;
        Ok(House(Arc::new(Inside {
            readers: writer.readers(READERS_MAX),
            writer,
            book,
            path: path.to_owned(),
            clock,
            entropy,
        })))
    }

    /// An office for somebody who asks: one request, one office. It reads the book as it is when it first looks.
    pub fn office(&self, actor: Actor) -> Office {
        let entropy = Box::new(self.0.entropy.clone());
        Office::shared(self.clone(), actor, entropy)
    }

    /// The clock that everybody here goes by.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.0.clock.clone()
    }

    /// The pack in force.
    pub fn pack(&self) -> Arc<CheckedPack> {
        self.0.writer.pack()
    }

    pub(crate) fn book(&self) -> &Book {
        &self.0.book
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.0.writer
    }

    pub(crate) fn lend(&self) -> Result<Lent, LedgerError> {
        self.0.writer.lend()
    }

    pub(crate) fn reader(&self) -> Result<Taken, LedgerError> {
        self.0.readers.take()
    }
}
