//! What an outsider may have to check us by: the whole chain as text, a signed statement of its state, the proof
//! that a later state grew out of an earlier one, and the proof that one fact stands in it. Formats:
//! `docs/specs/proof.md`. Gives nothing personal away unless it is asked to open one fact, and knows no key of a
//! subject otherwise.

mod export; // the chain, line by line
mod log; // the tree over transactions

pub use export::{Exported, LineFn};
