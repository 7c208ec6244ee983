//! Backups: what a book holds, carried to another disk and back. A backup is logical: transactions, facts, sealed
//! boxes and keys, never pages of a database, so that it is checked link by link on its way in and out, and what
//! is derived is worked out anew. Refuses to know the clock, the terminal, and which disk is a good one.
//!
//! The format stands in `docs/specs/backup.md`.

mod erased; // erasures told to the folders that a book is kept in
pub(crate) mod folder; // files that are whole or not there
mod key; // the key that opens a folder
mod load; // from a folder into empty tables
mod manifest; // what belongs together
mod record; // transactions and facts, link by link
mod restore; // a book out of a folder
mod scratch; // a place to build in that leaves nothing behind
mod sealed; // files in sealed chunks
mod take; // a book into a folder

pub use erased::Told;
pub use key::BackupKey;
pub use restore::{RestoreInput, Restored, Restoring, Until, restore};
pub use take::{BackedUp, BackupInput, Proof, holds_backup};

/// Which part of long work is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Transactions are read from the book and sealed.
    Writing,
    /// What was written is read back from the disk and checked.
    Checking,
    /// Transactions are read from a folder and checked.
    Loading,
    /// Rows are worked out from facts.
    Deriving,
}

/// Is told of long work as it goes on: the stage, how much is done, of how much (0: not known).
pub type Step<'f> = &'f mut dyn FnMut(Stage, u64, u64);
