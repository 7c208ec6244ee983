//! What can go wrong in a deed, sorted by whose move it is.

use crate::actor::NotAllowed;
use vocabulary::{Diagnostics, Finding};

/// Whose move it is; the command line makes exit codes of it, the server statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The asker's: exit 2.
    Yours,
    /// Nobody's in this role: exit 3.
    NotAllowed,
    /// Ours: exit 70.
    Ours,
}

/// Codes of what is not there: a figure, a report, a division, a register, a record, a finding, a batch, a statement.
const NOT_FOUND: [&str; 8] = [
    "O101", "O102", "O105", "O107", "O108", "O120", "O140", "O223",
];
/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The name, the password or the link is wrong.
    Wrong,
    /// It was tried too often.
    Wait,
    /// The account is locked.
    Locked,
    /// The account has no role today.
    NoRole,
    /// The password must be changed first.
    MustChange,
    /// The session has ended.
    Ended,
}

/// A deed that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The pack has errors; all of them.
    #[error("{0}")]
    Pack(Diagnostics),
    /// The role may not.
    #[error("role {} may not {}", .0.role, .0.deed)]
    NotAllowed(NotAllowed),
    /// What is asked lies outside of what the actor may do; in the actor's words.
    #[error("{}", .0.said)]
    Refused(Box<Finding>),
    /// The client's request was answered before, in this transaction; nothing was done now.
    #[error("answered before, in transaction {0}")]
    Repeated(i64),
    /// Who asks is not let in.
    #[error("{}", .said.said)]
    SignIn {
        /// In the asker's words.
        said: Box<Finding>,
        /// Of what kind.
        why: Refusal,
        /// Seconds after which it may be tried again.
        wait: Option<u64>,
    },
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] ledger::LedgerError),
    /// A figure could not be asked.
    #[error(transparent)]
    Figures(#[from] figures::FiguresError),
    /// The asker named or handed in something that cannot be used; in the asker's words.
    #[error("{}", .0.said)]
    Asked(Box<Finding>),
    /// Several such things at once.
    #[error("{}", .0.iter().map(|finding| finding.said.as_str()).collect::<Vec<_>>().join("\n"))]
    AskedAll(Vec<Finding>),
    /// A file of the computer could not be read or written.
    #[error("{path}")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A report could not be made.
    #[error("{0}")]
    Report(String),
}

impl OfficeError {
    /// No error when nothing is wrong; one as itself, several together.
    pub(crate) fn none_of(mut wrong: Vec<Finding>) -> Result<(), OfficeError> {
        match wrong.len() {
            0 => Ok(()),
            1 => Err(OfficeError::Asked(Box::new(wrong.remove(0)))),
            _ => Err(OfficeError::AskedAll(wrong)),
        }
    }

    /// Whether what was asked for is not there, or not for the asker to know of.
    pub fn is_not_found(&self) -> bool {
        match self {
            OfficeError::Asked(finding) => NOT_FOUND.contains(&finding.code.as_str()),
            _ => false,
        }
    }

    /// Whose move it is.
    pub fn whose(&self) -> Whose {
        match self {
            OfficeError::Pack(_)
            | OfficeError::Asked(_)
            | OfficeError::AskedAll(_)
            | OfficeError::Repeated(_)
            | OfficeError::File { .. } => Whose::Yours,
            OfficeError::NotAllowed(_) | OfficeError::Refused(_) | OfficeError::SignIn { .. } => {
                Whose::NotAllowed
            }
            OfficeError::Ledger(error) if error.is_yours() => Whose::Yours,
            OfficeError::Figures(error) if error.is_yours() => Whose::Yours,
            OfficeError::Ledger(_) | OfficeError::Figures(_) | OfficeError::Report(_) => {
                Whose::Ours
            }
        }
    }
}
