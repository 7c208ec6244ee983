//! What an outsider may have to check us by: the whole chain as text, a signed statement of its state, the proof
//! that a later state grew out of an earlier one, and the proof that one fact stands in it. Formats:
//! `docs/specs/proof.md`. Gives nothing personal away unless it is asked to open one fact, and knows no key of a
//! subject otherwise.

mod check; // a receipt or a proof of growth, judged without a ledger
mod checkpoint; // the state, signed
mod export; // the chain, line by line
mod key; // the signing key
mod log; // the tree over transactions
mod note; // signed text
mod receipt; // one fact, proved

pub use check::{Checked, check};
pub use checkpoint::{CheckpointAsk, Checkpointed};
pub use export::{Exported, LineFn};
pub use receipt::{FactReceipt, ReceiptAsk};
