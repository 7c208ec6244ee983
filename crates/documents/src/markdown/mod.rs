//! Markdown into a report.
//!
//! A number is a link to `figure:<percent-encoded id>`; [`number`] writes one. What the report
//! model cannot hold (pictures, HTML, code, other links) is refused with its line, never dropped.
//! Refuses to know templates and figures: the text arrives filled.

mod read; // pulldown-cmark's events into blocks
mod write; // the pieces that a filled template puts into the text

pub use read::{Refused, parse};
pub use write::{escape, number};

/// The scheme of a link that is a number.
const SCHEME: &str = "figure:";
/// A number's link title that marks it as having no value.
const MISSING: &str = "missing";
