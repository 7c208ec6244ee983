//! From a value to the records behind it: the figure's own plan without the aggregate. Refuses to fetch anything
//! that the figure did not.

mod consistent; // whether traces add up to their figures
mod define; // a definition in words
mod trace; // the records, and the traces of operands

pub use consistent::Violation;
pub(crate) use consistent::violations;
pub use trace::{Definition, Trace, TraceKind, TraceRecord};
pub(crate) use trace::{Opener, traced};
