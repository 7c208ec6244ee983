//! Figures: from a definition to a plan, to SQL, to a value; and the same plan without the aggregate, to the
//! records behind it. Refuses to know how facts are written, what time it is, and who is asking.

mod ask; // what is asked and answered
mod check;
mod compile; // expressions to SQL
mod explain; // values to the records behind them
mod list; // the records of a register, page by page
mod plan; // definitions to scans
mod run; // scans to values
mod source; // what is needed of a ledger // rules and their breaches

pub use ask::{Answer, Answered, Ask, FigureId, FiguresError, WhyNull};
pub use check::{Breach, BreachRecord};
pub use compile::{Scope, Slice};
pub use explain::{Definition, Trace, TraceKind, TraceRecord, Violation};
pub use list::{Listed, Listing, Sort, Totals};
pub use run::Engine;
pub use source::{Place, Source};
