//! The example's workbooks, re-written by rule. Refuses to know the crates.

mod dates; // days in other spellings
mod dice; // seeded choices
mod model; // workbooks taken apart
mod read; // the example's workbooks into the model
mod rules; // the ways to re-write
mod run; // a variant handed to the binary
mod write; // the model into files

pub(crate) use read::folder;
pub(crate) use rules::{RULES, Rule};
pub(crate) use run::{Outcome, Variant, try_all};
