//! A finished report: the one document model that every writer reads.
//!
//! Everything in it is already decided: texts, printed numbers, and what lies behind each number.
//! Refuses to know ledger, figures, templates, fonts and file formats.

mod numbering; // 一、（一）1.（1）, restarted under each parent
pub mod page; // the measures of the official layout
mod place; // signature lines, and the width of text
mod wording; // the few fixed words a printed report needs

pub use numbering::number_headings;
pub use place::{column_shares, columns, signature_indents};
pub use wording::wording;

use vocabulary::Moment;

/// A report, ready to be written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The title, printed centred.
    pub title: String,
    /// Lines under the title, as the unit or the date in brackets.
    pub subtitle: Vec<String>,
    /// The body, in order.
    pub blocks: Vec<Block>,
    /// Who signs, and when.
    pub signature: Option<Signature>,
    /// Remarks after the signature, each printed in brackets (附注).
    pub notes: Vec<String>,
    /// What lies behind the numbers, one entry a figure, in the order of the appendix.
    pub traces: Vec<TraceEntry>,
    /// What the file says about itself.
    pub properties: Properties,
}

/// What a file says about itself; never printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    /// The author: a unit, not a person.
    pub author: String,
    /// What the report is about, as “as of 2022-12-31”.
    pub subject: String,
    /// When it was written. Handed in: no writer asks the time.
    pub created: Option<Moment>,
}

/// One part of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; writers put its number before it.
    Heading {
        /// 1 to 4, outermost first.
        level: u8,
        /// Its text.
        runs: Vec<Run>,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        runs: Vec<Run>,
        /// How its first line stands.
        indent: Indent,
    },
    /// A list; each item is printed as a paragraph of its own.
    List {
        /// The first number, or none for a list without numbers.
        start: Option<u64>,
        /// The items.
        items: Vec<Vec<Run>>,
    },
    /// A table.
    Table(Table),
    /// A smaller remark within the body, as under a table.
    Note {
        /// Its text.
        runs: Vec<Run>,
    },
    /// What follows begins on a new page.
    PageBreak,
}

/// How a paragraph's first line stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Indent {
    /// Two characters in: ordinary text.
    #[default]
    First,
    /// At the margin: whom the document addresses (主送机关).
    None,
}

/// A table: one header row, then rows of the same width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Printed over it; may be empty.
    pub caption: String,
    /// The column heads.
    pub header: Vec<Vec<Run>>,
    /// The rows. A short row is filled with empty cells.
    pub rows: Vec<Vec<Vec<Run>>>,
    /// One a column; a missing one is [`Align::Centre`].
    pub alignments: Vec<Align>,
}

/// How a column stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Align {
    /// To the left.
    Left,
    /// In the middle: what official tables do.
    #[default]
    Centre,
    /// To the right.
    Right,
}

/// A stretch of text of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Ordinary text.
    Text(String),
    /// Text that stands out.
    Strong(String),
    /// A figure as printed.
    Number {
        /// What is printed.
        text: String,
        /// The identity of the figure: the `figure` of a [`TraceEntry`].
        figure: String,
        /// The figure has no value and `text` says so.
        missing: bool,
    },
    /// A new line within the paragraph.
    Break,
}

impl Run {
    /// What is printed.
    pub fn text(&self) -> &str {
        match self {
            Run::Text(text) | Run::Strong(text) | Run::Number { text, .. } => text,
            Run::Break => "\n",
        }
    }
}

/// The printed text of some runs.
pub fn plain(runs: &[Run]) -> String {
    runs.iter().map(Run::text).collect()
}

/// Who signs a report, and when.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signature {
    /// The unit.
    pub unit: String,
    /// The date as printed.
    pub date: String,
}

/// What lies behind one figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceEntry {
    /// The figure's identity, as in [`Run::Number`]; unique within the document.
    pub figure: String,
    /// Its title.
    pub title: String,
    /// The value as printed.
    pub printed: String,
    /// Its unit; empty when there is no value.
    pub unit: String,
    /// The definition in plain words.
    pub definition: String,
    /// The definition as declared; may be empty.
    pub expression: String,
    /// The first records behind it.
    pub records: Vec<TraceRow>,
    /// How many records there are in all.
    pub total_records: usize,
    /// The figures it is computed from.
    pub operands: Vec<Operand>,
    /// What else a reader should know: records left out as unknown, contradictions still open.
    pub remarks: Vec<String>,
}

/// One record behind a figure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceRow {
    /// The record, as people call it.
    pub label: String,
    /// What it adds, in the figure's unit.
    pub amount: String,
    /// Where it was read: file, sheet and cell.
    pub place: String,
}

/// A figure that another one is computed from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operand {
    /// Its identity; a link when it has a [`TraceEntry`] of its own.
    pub figure: String,
    /// Its title, or how the formula names it.
    pub title: String,
    /// Its value as printed.
    pub printed: String,
}

impl Document {
    /// The position of a figure in the appendix, from 0.
    pub fn trace_position(&self, figure: &str) -> Option<usize> {
        self.traces.iter().position(|trace| trace.figure == figure)
    }
}
