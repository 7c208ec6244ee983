//! The ledger of one book. Refuses to know figures, documents, HTTP, the clock and who is asking.
#![doc = include_str!("../README.md")]

mod audit; // who read and wrote what
pub mod backup; // a book carried to another disk and back
mod body; // the canonical JSON of a fact
mod book; // what a book is
mod built_in; // the ledger's own registers
mod derive; // from facts to rows, and the same replayed
mod divisions; // the place tree as tables
mod door; // where readers come in while somebody writes
mod draft; // what a deed writes, while it runs
mod drawn; // the place tree and coverage of another time
mod effect; // what a transaction did to rows
mod entropy; // random bytes, handed in
mod erasure; // what leaves the book by law
mod error; // what can go wrong, by code
mod fact; // what a deed hands in and gets back
mod flush; // sealing, hashing and inserting
mod fold; // what is true of a record on each day
mod forge; // facts made ready: keys, boxes, bodies, hashes
mod hash; // SHA-256 or SM3
mod history; // the past of a record and of the book
pub mod intake; // rows become facts: who is who, what contradicts, who is missing
pub mod layout; // table and column names: the contract with figures
mod ledger; // create, open, write
mod lent; // the ledger lent out for a long deed
mod proof; // what an outsider checks us by
mod reader; // reading
mod readers; // readers kept open between questions
mod rebuild; // everything derived, made again
mod register; // a register as the ledger uses it
mod schema; // the tables that every book has
mod seal; // keys, boxes, commitments
pub mod search; // found by a part of a name
mod source; // from a fact to its cell
mod statements; // what every deed says to the store
pub mod store; // the seam to a store
pub mod tree; // RFC 6962
mod verify; // the chain and every derived row, worked out again
mod withdrawal; // what was taken back
mod writer; // group commit

pub use audit::{AUDIT_LINES_MAX, AuditAsk, AuditLine, Audited, Outcome};
pub use book::{Book, NewBook};
pub use draft::Draft;
pub use drawn::{Covered, Drawn};
pub use effect::Effect;
pub use entropy::Entropy;
pub use erasure::{Erasure, Ground, Mention, Sealed};
pub use error::{Flaw, LedgerError, Unfit, plainly};
pub use fact::{
    Assertion, By, Cell, Deed, Division, Event, Mode, NewFact, Op, RANK_DEFAULT, Receipt, Said,
    Slice, Source, Transaction, WHOLE_ROW,
};
pub use hash::HashAlg;
pub use ledger::{Ledger, PackReader};
pub use lent::Lent;
pub use proof::{
    Checked, CheckpointAsk, Checkpointed, Exported, FactReceipt, LineFn, ReceiptAsk,
    check as check_proof,
};
pub use reader::Reader;
pub use readers::{Readers, Taken};
pub use store::Dialect;
pub use verify::{Difference, Progress, Verified};
pub use writer::{Answer, GROUP_MAX, Hand, Point, WAITING_MAX, Writer};
