//! The small book that everything runs on: the hamlet's pack, the operating system's randomness. Knows nothing
//! of what is written into it.

use ledger::{HashAlg, Ledger, LedgerError, NewBook};
use office::clock::SystemEntropy;
use std::path::Path;
use testkit::{hamlet, hamlet_reader};
use vocabulary::{BookId, Moment};

/// The book of every drill.
pub const BOOK: BookId = 511_000_000_000;

/// Who writes.
pub const ACTOR: &str = "drill";

/// A new book.
pub fn create(path: &Path, at: Moment) -> Result<Ledger, LedgerError> {
    let new = NewBook {
        book: BOOK,
        name: "hamlet".to_owned(),
        level: "town".to_owned(),
        pack: hamlet(1),
        alg: HashAlg::Sha256,
        at,
        actor: ACTOR.to_owned(),
    };
    Ledger::create(path, new, Box::new(SystemEntropy))
}

/// The book, open to be written.
pub fn open(path: &Path) -> Result<Ledger, LedgerError> {
    Ledger::open_with(path, Box::new(SystemEntropy), &*hamlet_reader())
}

/// The book, open to be read.
pub fn open_read(path: &Path) -> Result<Ledger, LedgerError> {
    Ledger::open_read_with(path, &*hamlet_reader())
}
