//! What a book is, and what a new one starts with.

use crate::hash::HashAlg;
use pack::CheckedPack;
use vocabulary::{BookId, Moment};

/// One township's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The township's 12-digit division code.
    pub id: BookId,
    /// Its name, as people write it.
    pub name: String,
    /// The hash of its chain.
    pub alg: HashAlg,
}

/// What a new book starts with.
#[derive(Debug, Clone)]
pub struct NewBook {
    /// The township's 12-digit division code.
    pub book: BookId,
    /// Its name.
    pub name: String,
    /// The level of the book's own division in the pack, as `town`.
    pub level: String,
    /// The first version of its pack.
    pub pack: CheckedPack,
    /// The hash of its chain.
    pub alg: HashAlg,
    /// When.
    pub at: Moment,
    /// By whom.
    pub actor: String,
}
