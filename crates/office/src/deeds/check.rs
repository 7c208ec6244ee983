//! Broken checks and the findings of imports that are still open, with their owners.

use super::figure::AskInput;
use crate::error::OfficeError;
use crate::office::Office;
use crate::words::word;
use ::pack::declare::{CheckDecl, Severity};
use figures::{Breach, Engine};
use ledger::Reader;
use vocabulary::{Date, Finding, FindingClass, Moment};

/// What is wrong with the book, as far as its rules can see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// The date asked at.
    pub at: Option<Date>,
    /// Broken checks first, then what imports left open.
    pub findings: Vec<Finding>,
}

impl Office {
    /// Runs every check of the pack and lists what is open. Needs the deed `check`.
    pub fn check(&self, input: &AskInput) -> Result<CheckReport, OfficeError> {
        self.may("check")?;
        let reader = self.reader()?;
        let ask = self.ask(&reader, input)?;
        let pack = self.pack();
        let breaches = Engine::new(&pack, &*reader).checks(&ask)?;
        let mut findings = Vec::new();
        for breach in breaches {
            if let Some(check) = pack.checks.iter().find(|check| check.id == breach.check) {
                findings.push(finding(&reader, check, &breach, ask.at, ask.known)?);
            }
        }
        findings.extend(super::import::open_findings(&reader, ask.known)?);
        Ok(CheckReport {
            at: Some(ask.at),
            findings,
        })
    }
}

/// A breach in the words of its check, with the cells of its records.
fn finding(
    reader: &Reader,
    check: &CheckDecl,
    breach: &Breach,
    at: Date,
    known: Option<Moment>,
) -> Result<Finding, OfficeError> {
    let fill = |text: &str| {
        let mut out = text.to_owned();
        for (name, value) in &breach.values {
            out = out.replace(&format!("{{{name}}}"), value);
        }
        out.replace("{names}", &breach.names.join(&word("word.comma", &[])))
    };
    let class = match check.severity {
        Severity::Error => FindingClass::Check,
        Severity::Notice => FindingClass::Notice,
    };
    let mut said = fill(&check.said);
    if !breach.names.is_empty() && !check.said.contains("{names}") {
        said.push_str(&word(
            "word.named",
            &[("names", &breach.names.join(&word("word.comma", &[])))],
        ));
    }
    let mut finding = Finding::new(&check.id, class, said, fill(&check.next));
    finding.owner.clone_from(&check.owner);
    for record in &breach.records {
        let cell = match &record.field {
            Some(field) => reader.field_cell(&record.register, record.record, field, at, known)?,
            None => None,
        };
        let cell = match cell {
            Some(cell) => Some(cell),
            None => reader.first_cell(&record.register, record.record, at, known)?,
        };
        let Some(cell) = cell else { continue };
        if finding.cell.is_none() {
            finding.file = Some(cell.file.clone());
            finding.sheet = Some(cell.sheet.clone());
            finding.cell = Some(cell.cell.clone());
            finding.register = Some(record.register.clone());
            finding.record = Some(record.record);
            finding.cells.push(cell.cell);
        } else if (finding.file.as_ref(), finding.sheet.as_ref())
            == (Some(&cell.file), Some(&cell.sheet))
        {
            finding.cells.push(cell.cell);
        } else {
            finding
                .cells
                .push(format!("{}!{}!{}", cell.file, cell.sheet, cell.cell));
        }
    }
    Ok(finding)
}
