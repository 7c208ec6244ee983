//! Prints [`pack::expr::Expr`] as SQL: the one place where an expression becomes text. Names come from the
//! ledger's layout, literals are bound, and the three-valued logic is that of `pack::expr::eval`, which random
//! tests hold equal. Refuses to know what a figure is.

mod dates; // comparisons of dates with known days
mod others; // what records of another register say
mod print; // expressions to SQL, as values and as conditions
mod scope; // one scan's rows: the register, its joins, its parameters

pub use scope::{Scope, Slice};
