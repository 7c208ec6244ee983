//! Why a file is refused whole. Each reason becomes one finding with its next step.

use crate::sheet::CellAt;
use crate::sheet::finding::WORDS;
use std::fmt;
use vocabulary::{Finding, FindingClass};

/// A file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The file's name, without folders.
    pub file: String,
    /// Why.
    pub kind: ReadErrorKind,
    /// The sheet in which the reader stopped, when it was in one.
    pub sheet: Option<String>,
    /// The cell at which it stopped.
    pub cell: Option<CellAt>,
}

/// A refusal on its way out of a reader that does not know the file's name.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) kind: ReadErrorKind,
    sheet: Option<String>,
    cell: Option<CellAt>,
}

impl Refusal {
    /// In a sheet, at a cell (row and column from 0).
    pub(crate) fn at(kind: ReadErrorKind, sheet: &str, cell: Option<(usize, usize)>) -> Refusal {
        Refusal {
            kind,
            sheet: Some(sheet.to_owned()),
            cell: cell.map(|(row, column)| CellAt::of(row, column)),
        }
    }
}

impl From<ReadErrorKind> for Refusal {
    fn from(kind: ReadErrorKind) -> Refusal {
        Refusal {
            kind,
            sheet: None,
            cell: None,
        }
    }
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// Neither its name nor its content is a workbook's.
    NotAWorkbook,
    /// A file of another kind, whatever its name says: a key under `[other]` in the words.
    Other(&'static str),
    /// Protected by a password.
    Encrypted,
    /// Beyond a limit, or made to exhaust the machine.
    TooLarge {
        /// Which limit: a key under `[large]` in the words.
        what: &'static str,
        /// What was found.
        value: u64,
        /// The limit.
        limit: u64,
    },
    /// Its inside is broken; the cause as the parser gave it.
    Damaged(String),
    /// A csv whose quotation marks do not pair: it would be read as one endless cell.
    OpenQuote {
        /// The line where the quotation begins.
        line: usize,
    },
    /// A csv that is neither UTF-8, UTF-16 nor GB18030.
    Encoding {
        /// The first byte that fits none, from 0.
        byte: usize,
        /// Its line, from 1.
        line: usize,
    },
    /// No bytes, or no filled cell in any sheet.
    Empty,
}

impl ReadError {
    pub(crate) fn new(file: &str, refusal: impl Into<Refusal>) -> ReadError {
        let refusal = refusal.into();
        ReadError {
            file: file.to_owned(),
            kind: refusal.kind,
            sheet: refusal.sheet,
            cell: refusal.cell,
        }
    }

    /// The code of its finding.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ReadErrorKind::NotAWorkbook | ReadErrorKind::Other(_) => "D130",
            ReadErrorKind::Encrypted => "D131",
            ReadErrorKind::TooLarge { .. } => "D132",
            ReadErrorKind::Damaged(_) | ReadErrorKind::OpenQuote { .. } => "D133",
            ReadErrorKind::Encoding { .. } => "D134",
            ReadErrorKind::Empty => "D135",
        }
    }

    /// The finding: what is wrong with the file and what to do.
    pub fn finding(&self) -> Finding {
        let code = self.code();
        let (what, line, byte) = match &self.kind {
            ReadErrorKind::TooLarge { what, value, limit } => {
                let (value, limit) = (value.to_string(), limit.to_string());
                let params = [("value", value.as_str()), ("limit", limit.as_str())];
                (WORDS.say(&format!("large.{what}"), &params), 0, 0)
            }
            ReadErrorKind::Other(what) => (WORDS.say(&format!("other.{what}"), &[]), 0, 0),
            ReadErrorKind::Damaged(_) => (WORDS.say("damaged.book", &[]), 0, 0),
            ReadErrorKind::OpenQuote { line } => (
                WORDS.say("damaged.quote", &[("line", &line.to_string())]),
                *line,
                0,
            ),
            ReadErrorKind::Encoding { byte, line } => (String::new(), *line, *byte),
            _ => (String::new(), 0, 0),
        };
        let (line, byte) = (line.to_string(), byte.to_string());
        let params = [
            ("file", self.file.as_str()),
            ("what", what.as_str()),
            ("line", line.as_str()),
            ("byte", byte.as_str()),
        ];
        // Of what a table program can open it says how; of anything else that it is no table.
        let (said, next) = match self.kind {
            ReadErrorKind::Other("word" | "slides" | "pdf" | "picture" | "archive" | "binary") => {
                ("said_other", "next_other")
            }
            ReadErrorKind::Other("text") => ("said_other", "next_text"),
            ReadErrorKind::Other(_) => ("said_other", "next"),
            _ => ("said", "next"),
        };
        let mut finding = Finding::new(
            code,
            FindingClass::Rejected,
            WORDS.say(&format!("{code}.{said}"), &params),
            WORDS.say(&format!("{code}.{next}"), &params),
        );
        finding.file = Some(self.file.clone());
        finding.sheet.clone_from(&self.sheet);
        finding.cell = self.cell.map(|cell| cell.to_string());
        finding.cells = finding.cell.iter().cloned().collect();
        finding
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read the workbook {}: {:?}", self.file, self.kind)
    }
}

impl std::error::Error for ReadError {}

impl From<&ReadError> for Finding {
    fn from(error: &ReadError) -> Finding {
        error.finding()
    }
}
