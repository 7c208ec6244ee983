//! What tests of several rooms share: the smallest pack, a fake clock, countable randomness, a runner over all
//! stores, and a naive ledger that judges the real one. Nothing ships it.

mod clock; // a clock that tests turn
mod entropy; // bytes that can be counted on
mod hamlet; // the smallest pack, made by hand
pub mod judge; // the naive ledger
mod stores; // one closure, every store

pub use clock::FakeClock;
pub use entropy::CountingEntropy;
pub use hamlet::{hamlet, hamlet_reader, register_of};
pub use stores::{Stand, both_stores};
