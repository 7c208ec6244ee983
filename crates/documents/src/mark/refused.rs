//! Why a file is left alone.

use crate::mark::wording::say;
use crate::sheet::ReadError;

/// A file on which nothing was marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkError {
    /// It carries a digital signature, which any change breaks.
    Signed,
    /// A shared workbook with its log of changes, which must list every sheet.
    Shared,
    /// A part lies encrypted.
    Locked,
    /// Its inside is not as the format demands; where.
    Damaged(String),
    /// It does not fit a workbook, or its looks are used up.
    TooLarge,
    /// A zip that holds no workbook of this kind.
    NotAWorkbook,
    /// A csv or xls that cannot be read.
    Unreadable(ReadError),
}

impl MarkError {
    /// What is wrong, in a clerk's words.
    pub fn said(&self) -> String {
        match self {
            MarkError::Unreadable(error) => error.finding().said,
            MarkError::Damaged(why) => say("refused.damaged", &[("why", why)]),
            other => say(other.key(), &[]),
        }
    }

    /// What to do.
    pub fn next(&self) -> String {
        match self {
            MarkError::Unreadable(error) => error.finding().next,
            other => say(&format!("{}_next", other.key()), &[]),
        }
    }

    fn key(&self) -> &'static str {
        match self {
            MarkError::Signed => "refused.signed",
            MarkError::Shared => "refused.shared",
            MarkError::Locked => "refused.locked",
            MarkError::Damaged(_) | MarkError::Unreadable(_) => "refused.damaged",
            MarkError::TooLarge => "refused.too_large",
            MarkError::NotAWorkbook => "refused.no_workbook",
        }
    }
}

impl std::fmt::Display for MarkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.said())
    }
}

impl std::error::Error for MarkError {}
