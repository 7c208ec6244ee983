//! Findings: anything a person should look at, in one shape everywhere.

use crate::{RecordId, Value, masked};
use serde::Serialize;

/// What kind of attention a finding asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingClass {
    /// A cell, a row or a file that could not be taken.
    Rejected,
    /// Two sources that say different things about one record.
    Contradictory,
    /// The same thing twice.
    Duplicate,
    /// A total that disagrees with its rows.
    Total,
    /// A broken check of the pack.
    Check,
    /// Something to know; nothing is wrong with the data.
    Notice,
}

impl FindingClass {
    /// The word used in JSON and in the ledger.
    pub const fn word(self) -> &'static str {
        match self {
            FindingClass::Rejected => "rejected",
            FindingClass::Contradictory => "contradictory",
            FindingClass::Duplicate => "duplicate",
            FindingClass::Total => "total",
            FindingClass::Check => "check",
            FindingClass::Notice => "notice",
        }
    }

    /// The class a word names.
    pub fn from_word(word: &str) -> Option<FindingClass> {
        use FindingClass::{Check, Contradictory, Duplicate, Notice, Rejected, Total};
        [Rejected, Contradictory, Duplicate, Total, Check, Notice]
            .into_iter()
            .find(|c| c.word() == word)
    }
}

/// Something that a person may choose to settle a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Who says so, as the finding names it: a cell, or a record's number.
    pub place: String,
    /// What it says, as it is stored.
    pub value: Value,
}

/// One finding. The same in import, check and API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code, as `D104` or the id of the pack's check.
    pub code: String,
    /// Its class.
    pub class: FindingClass,
    /// The file's name, without folders.
    pub file: Option<String>,
    /// The sheet's name.
    pub sheet: Option<String>,
    /// The cell: `D41`; csv: column letter and physical line; GeoJSON: the feature's identifier.
    pub cell: Option<String>,
    /// Every cell concerned; two rows at odds are both named. A cell of another sheet or file is written
    /// `file!sheet!D41`.
    pub cells: Vec<String>,
    /// The register concerned.
    pub register: Option<String>,
    /// The record concerned.
    pub record: Option<RecordId>,
    /// What is wrong, in a clerk's words.
    pub said: String,
    /// What to do.
    pub next: String,
    /// The role that owns it.
    pub owner: Option<String>,
    /// Its number in the book, once it is kept there.
    pub id: Option<RecordId>,
    /// The field concerned; not part of the form that scripts see.
    #[serde(skip)]
    pub field: Option<String>,
    /// What a person may choose; not part of the form that scripts see.
    #[serde(skip)]
    pub offers: Vec<Offer>,
}

impl Finding {
    /// A finding of this code and class about nothing in particular yet; the other parts are set by name. Its
    /// sentences go to screens, logs and tables: a number by which a person is found is starred in them.
    pub fn new(code: &str, class: FindingClass, said: String, next: String) -> Finding {
        let (said, next) = (masked(&said).into_owned(), masked(&next).into_owned());
        Finding {
            code: code.to_owned(),
            class,
            file: None,
            sheet: None,
            cell: None,
            cells: Vec::new(),
            register: None,
            record: None,
            said,
            next,
            owner: None,
            id: None,
            field: None,
            offers: Vec::new(),
        }
    }
}
