//! Runs the plan and merges its leaves: one scan for all figures over a register and day, then values for any
//! division from the rows of its leaves. Refuses to print SQL.

mod board; // everything one question has fetched
mod engine; // the questions that can be asked
mod operand; // which figure an operand means
mod partial; // rows of leaves, merged
mod places; // the place tree and what has been covered
mod records; // a figure's plan without its aggregate
mod settle; // a figure's value for one division
mod shown; // exact numbers as they are printed

pub(crate) use board::{Board, Key};
pub use engine::Engine;
pub(crate) use engine::title;
pub(crate) use operand::resolve;
pub(crate) use records::{behind, last_path};
pub(crate) use settle::{Settled, Worth, scale};
pub(crate) use shown::{full, shown};
