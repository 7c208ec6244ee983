//! Broken checks and the findings of imports that are still open, with their owners.

use super::figure::AskInput;
use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::Sight;
use crate::words::word;
use ::pack::declare::{CheckDecl, CheckRule, Severity};
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
        let sight = self.sight();
        let engine = Engine::new(&pack, &*reader).limited_to(sight.divisions());
        let mut findings = Vec::new();
        for breach in engine.checks(&ask)? {
            let check = pack.checks.iter().find(|check| check.id == breach.check);
            let Some(check) = check.filter(|check| is_seen(&sight, check, &breach)) else {
                continue;
            };
            let mut finding = finding(&reader, check, &breach, ask.at, ask.known)?;
            close(&pack, &sight, &mut finding);
            findings.push(finding);
        }
        for mut finding in super::import::open_findings(&reader, ask.known)? {
            if sees_finding(&reader, &sight, &finding)? {
                close(&pack, &sight, &mut finding);
                findings.push(finding);
            }
        }
        Ok(CheckReport {
            at: Some(ask.at),
            findings,
        })
    }
}

/// Whether a breach is about what is seen. The limits of place are in the rule's own statement.
fn is_seen(sight: &Sight, check: &CheckDecl, breach: &Breach) -> bool {
    if sight.sees_all_registers() {
        return true;
    }
    let own = match &check.rule {
        CheckRule::Record { register, .. } | CheckRule::Group { register, .. } => {
            sight.sees_register(register)
        }
        CheckRule::Reconcile { left, right } => {
            sight.sees_register(&left.from) && sight.sees_register(&right.from)
        }
        // Numbers of the whole: whoever sees some registers sees a broken sum only by its records.
        CheckRule::Figures { .. } => !breach.records.is_empty(),
    };
    let records = &breach.records;
    own && records
        .iter()
        .all(|record| sight.sees_register(&record.register))
}

/// Whether a finding is about what is seen: a record, or, without one, a file of the whole book.
pub(crate) fn sees_finding(
    reader: &Reader,
    sight: &Sight,
    finding: &Finding,
) -> Result<bool, OfficeError> {
    let register = finding.register.as_deref();
    if !register.is_none_or(|register| sight.sees_register(register)) {
        return Ok(false);
    }
    Ok(match (register, finding.record) {
        (Some(register), Some(record)) => sight.sees_record(reader, register, record)?,
        _ => sight.sees_all_divisions(),
    })
}

/// Keeps the sentence of a finding to itself when it may name people to whom they must not be named.
pub(crate) fn close(pack: &::pack::CheckedPack, sight: &Sight, finding: &mut Finding) {
    let register = finding.register.as_deref();
    let register = register.and_then(|name| pack.register(name));
    let personal = register.is_none_or(|register| {
        register.is_personal() || sight.closes(pack, register, &register.label.expr)
    });
    if !sight.is_open() && personal {
        finding.said = word("finding.closed", &[]);
        finding.next = word("finding.closed_next", &[]);
        finding.offers.clear();
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
