//! The one expression language: the expression part of SQL, parsed by a library into one typed tree when the
//! pack is loaded. Two evaluators share three-valued logic: [`eval`] here for a row in hand, and the figures
//! room's printer for sets. Unknown satisfies no filter.

mod tree; // the typed tree

pub use tree::{Binary, Call, Expr, Type, Typed, Unary};
