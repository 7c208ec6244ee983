//! The ledger: records with two times on an embedded store, and the chain that closes over them.

mod book; // what a book is
mod draft; // what a deed writes before it is sealed
mod entropy; // random bytes, handed in
mod error; // what can go wrong, by code
mod fact; // what a deed hands in and gets back
mod hash; // SHA-256 or SM3
pub mod layout; // table and column names: the contract with figures
mod ledger; // create, open, write
mod reader; // reading
mod source; // from a fact to its cell
pub mod store; // the seam to a store
pub mod tree; // RFC 6962
mod writer; // group commit

pub use book::{Book, NewBook};
pub use draft::Draft;
pub use entropy::Entropy;
pub use error::LedgerError;
pub use fact::{
    Assertion, Cell, Deed, Division, Event, Mode, NewFact, Op, RANK_DEFAULT, Receipt, Said, Slice, Source,
    Transaction, WHOLE_ROW,
};
pub use hash::HashAlg;
pub use ledger::Ledger;
pub use reader::Reader;
pub use store::Dialect;
pub use writer::{Answer, Writer};
