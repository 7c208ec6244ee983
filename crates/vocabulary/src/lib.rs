//! The words every room shares: dates, periods, values, exact numbers, places in files, diagnostics
//! and findings. Refuses to know files, the clock, SQL and HTTP.

mod date; // days and partial dates, written as numbers an auditor can read
mod diagnostic; // what is wrong with a declaration, where, and what to do
mod finding; // anything a person should look at
mod mask; // numbers by which a person is found, starred
mod moment; // record time
mod number; // exact numbers and how they are rounded
mod period; // half-open spans of days
mod shape; // points, lines and areas on the ground
mod value; // what a field may hold
mod words; // sentences by code, from a translation file

pub use date::{Date, PartialDate, Precision};
pub use diagnostic::{Diagnostic, Diagnostics, Place};
pub use finding::{Finding, FindingClass, Offer};
pub use mask::{masked, starred, tells_a_person, without_numbers};
pub use moment::Moment;
pub use number::{Decimal, Exact, round_half_up};
pub use period::{Period, PeriodError};
pub use shape::{DEGREE, Shape, ShapeFault, ShapeKind, Spot};
pub use value::{FieldType, Value};
pub use words::Words;

/// Number of a record within its book: counted up by the ledger, stable across stores.
pub type RecordId = i64;

/// A book's number: the township's 12-digit division code.
pub type BookId = i64;

/// A division's number: the 12-digit code of GB/T 10114 (15 digits with a local group suffix).
pub type DivisionId = i64;
