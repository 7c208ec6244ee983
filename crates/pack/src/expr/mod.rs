//! The one expression language: the expression part of SQL, parsed by a library into one typed tree when the
//! pack is loaded. Two evaluators share three-valued logic: [`eval`] here for a row in hand, and the figures
//! room's printer for sets. Unknown satisfies no filter. Refuses to know where a row comes from.
//!
//! # Semantics, for every evaluator
//!
//! - Values are integers, text and null. Truth is 1, 0 and null; `and`, `or`, `not` are Kleene's.
//! - A comparison with null is null. `in` is true when one item is equal, else null when the value or an item is
//!   null, else false. `between` is `>= and <=`. `case` takes the first branch that is true.
//! - Integers are 64 bits; a sum, difference or product that does not fit is null. `/` is exact and stands in
//!   formulas only ([`eval_exact`]), where division by zero is null.
//! - A literal is written in the shown unit (`area >= 50` is 50 亩) and stands in the tree in stored units; where
//!   the sides differ in scale the checker multiplies the coarser one.
//! - Text compares by the bytes of its UTF-8. `like` minds case: `%` any run, `_` one character, no escape.
//!   `||` of null is null; `concat` takes null for empty text and is never null.
//! - Dates compare by their first day: the checker puts [`Call::FirstDay`] around a date that may be partial:
//!   `x + 101` when `x % 10000 = 0`, `x + 1` when `x % 100 = 0`, else `x`. `coalesce`, `case` and `is null` keep the
//!   date as it is; `least` and `greatest` of dates give a first day.
//! - `age(d, e)` is `floor((first(e) - first(d)) / 10000)`, null when negative or when either is null; `age(d)` is
//!   at the asked date. `year(d)` is `d / 10000`.
//! - `last(d)` is the last day that `d` may mean, a whole day. `months(d, e)` and `days(d, e)` count completed months
//!   and days from `first(d)` to `first(e)`, null when negative or when either is null; without `e`, to the asked date.
//! - A division where a text is wanted is its name ([`Call::PlaceName`]), null when the book knows no such place.
//! - `least`, `greatest` and `coalesce` leave null out; of nothing they are null. Over codes they are
//!   [`Call::ByOrder`]: by place in the list, a code that is not listed left out.
//! - `exists(REGISTER, condition)` and its kin ask the records of a register that are in force at the same date and
//!   of which the equalities with `this` and the rest of the condition are true ([`Others`]). `exists` and `count_of`
//!   are never unknown; `sum_of` is 0 of none and unknown when an amount is; `min_of` and `max_of` leave null out.
//! - `valid_from` of an unknown past (0 in the ledger) is null.

#[cfg(feature = "arbitrary")]
pub mod arbitrary; // random expressions and rows, for tests
mod eval; // a row in hand
mod exact; // formulas over figures
mod function; // which functions there are, and what they take
mod kind; // kinds that must go together
mod literal; // literals that take the unit of what they meet
mod names; // names of the scope, the language and the pack
mod operator; // what each operator takes and gives
mod others; // what records of another register say
mod parse; // text to the library's tree
mod resolve; // the library's tree to ours
mod scope; // which names an expression may use
mod tree; // the typed tree
mod truth; // three-valued logic

pub use eval::{Row, eval, truth};
pub use exact::eval_exact;
pub use function::FUNCTIONS;
pub(crate) use literal::{noun, number};
pub use parse::WORDS;
pub(crate) use parse::{Fault, typed};
pub(crate) use scope::{Catalogue, Named, Names, Scope, named};
pub use tree::{Binary, Call, Expr, Gives, Others, Type, Typed, Unary, Unit};
