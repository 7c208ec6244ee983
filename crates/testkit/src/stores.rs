//! One closure, every store. The embedded store always runs; a second one finds its place here.

use crate::{CountingEntropy, FakeClock, hamlet, hamlet_reader};
use ledger::{Deed, HashAlg, Ledger, LedgerError, NewBook};
use std::path::PathBuf;
use tempfile::TempDir;

/// A place where a book can be made and opened again.
pub struct Stand {
    folder: TempDir,
    /// The clock from which deeds take their moments.
    pub clock: FakeClock,
    seed: u64,
    deeds: u64,
}

impl Stand {
    /// The path of the book.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("book.db")
    }

    /// A new book with the hamlet's first version.
    pub fn create(&mut self, alg: HashAlg) -> Ledger {
        let new = NewBook {
            book: 511_000_000_000,
            name: "hamlet".to_owned(),
            level: "town".to_owned(),
            pack: hamlet(1),
            alg,
            at: self.clock.now(),
            actor: "test".to_owned(),
        };
        Ledger::create(&self.path(), new, self.entropy()).expect("a new book")
    }

    /// Opens the book again.
    pub fn open(&mut self) -> Result<Ledger, LedgerError> {
        let entropy = self.entropy();
        Ledger::open_with(&self.path(), entropy, &*hamlet_reader())
    }

    /// A deed of this name at the clock's moment, with a client id of its own.
    pub fn deed(&mut self, name: &str) -> Deed {
        self.deeds += 1;
        self.clock.turn(1);
        Deed {
            name: name.to_owned(),
            actor: "test".to_owned(),
            at: self.clock.now(),
            client_id: format!("deed-{}", self.deeds),
            asked: None,
            by: ledger::By::default(),
            why: None,
            sources: Vec::new(),
        }
    }

    /// Randomness that no other opening of this stand had.
    pub fn entropy(&mut self) -> Box<CountingEntropy> {
        self.seed += 1;
        Box::new(CountingEntropy::new(self.seed.wrapping_mul(0x1000_0001)))
    }
}

/// Runs a closure once for every store.
pub fn both_stores(mut test: impl FnMut(Stand)) {
    let folder = TempDir::new().expect("a temporary folder");
    test(Stand {
        folder,
        clock: FakeClock::default(),
        seed: 0,
        deeds: 0,
    });
}
