//! Audit: who read and wrote what, searched and handed out. For the role that has this deed alone. Nothing here or anywhere
//! deletes a line: they are facts of the chain.

use crate::Office;
use crate::error::OfficeError;
use crate::leaving::{Leaving, fault};
use crate::words::say;
use ledger::{AuditAsk, Audited, Outcome};
use std::path::Path;
use vocabulary::{FindingClass, Moment};

/// Lines answered when nobody says how many.
const LINES: usize = 100;

/// What is looked for, as typed.
#[derive(Debug, Clone, Default)]
pub struct AuditInput {
    /// From this moment or day on.
    pub from: Option<String>,
    /// Up to and with this moment or day.
    pub to: Option<String>,
    /// The actor's name.
    pub actor: Option<String>,
    /// The deed.
    pub deed: Option<String>,
    /// The register.
    pub register: Option<String>,
    /// The record.
    pub record: Option<String>,
    /// What became of it: done, refused or failed.
    pub outcome: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// Older than this line, `transaction:fact`: the next page.
    pub before: Option<String>,
    /// How many lines at most.
    pub limit: Option<usize>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// The lines, newest first.
    pub lines: Vec<Audited>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

fn asked(code: &str, text: &str) -> OfficeError {
    let said = say(code, FindingClass::Rejected, &[("text", text)]);
    OfficeError::Asked(Box::new(said))
}

impl AuditInput {
    fn ask(&self) -> Result<AuditAsk, OfficeError> {
        // A day is a day in China, from its first moment to its last.
        let first = |text: &String| match vocabulary::Date::parse_iso(text.trim()) {
            Some(day) => Moment::parse_last(&day.prev().to_string()).map(|last| Moment(last.0 + 1)),
            None => Moment::parse(text.trim()),
        };
        let last = |text: &String| Moment::parse_last(text).map(|last| Moment(last.0 + 1));
        let moment = |text: &Option<String>, read: &dyn Fn(&String) -> Option<Moment>| {
            text.as_ref()
                .map(|text| read(text).ok_or_else(|| asked("O109", text)))
                .transpose()
        };
        let outcome = self
            .outcome
            .as_ref()
            .map(|text| Outcome::parse(text.trim()).ok_or_else(|| asked("O321", text)));
        let record = self.record.as_ref().map(|text| {
            let number = text.trim().trim_start_matches('#').parse();
            number.map_err(|_| asked("O322", text))
        });
        let before = self.before.as_ref().map(|text| {
            let place = text.split_once(':');
            let place = place.and_then(|(tx, ord)| Some((tx.parse().ok()?, ord.parse().ok()?)));
            place.ok_or_else(|| asked("O323", text))
        });
        Ok(AuditAsk {
            from: moment(&self.from, &first)?,
            until: moment(&self.to, &last)?,
            actor: self.actor.clone(),
            account: None,
            deed: self.deed.clone(),
            register: self.register.clone(),
            record: record.transpose()?,
            outcome: outcome.transpose()?,
            address: self.address.clone(),
            before: before.transpose()?,
        })
    }
}

impl Office {
    /// The lines that fit, newest first. Needs the deed `audit`.
    pub fn audit(&self, input: &AuditInput) -> Result<AuditReport, OfficeError> {
        self.may("audit")?;
        let limit = input.limit.unwrap_or(LINES).min(ledger::AUDIT_LINES_MAX);
        let lines = self.reader()?.audit(&input.ask()?, limit)?;
        let last = lines.last().filter(|_| lines.len() == limit);
        let next = last.map(|last| format!("{}:{}", last.tx, last.ord));
        Ok(AuditReport { lines, next })
    }

    /// Hands every line that fits to `each`, oldest first; memory does not grow with them. Needs the deed `audit`.
    pub fn audit_each(
        &self,
        input: &AuditInput,
        each: &mut dyn FnMut(&Audited),
    ) -> Result<u64, OfficeError> {
        self.may("audit")?;
        let mut count = 0;
        self.reader()?.audit_each(&input.ask()?, &mut |line| {
            count += 1;
            each(&line);
        })?;
        Ok(count)
    }

    /// Writes every line that fits into a file, oldest first: csv, or one JSON document a line as `json` makes it; the
    /// name's ending says which. Needs the deed `audit`.
    pub fn audit_write(
        &self,
        input: &AuditInput,
        path: &Path,
        json: &dyn Fn(&Audited) -> String,
    ) -> Result<u64, OfficeError> {
        self.may("audit")?;
        let name = path.display().to_string();
        let plain = name.strip_suffix(".gz").unwrap_or(&name);
        let csv = plain.ends_with(".csv");
        if !csv && !plain.ends_with(".ndjson") {
            return Err(asked("O324", &name));
        }
        let mut file = Leaving::new(path)?;
        let mut failed = None;
        if csv {
            failed = file.line(AUDIT_COLUMNS).err();
        }
        let done = self.audit_each(input, &mut |line| {
            if failed.is_none() {
                let text = if csv { audit_csv(line) } else { json(line) };
                failed = file.line(&text).err();
            }
        });
        let failed = failed.map(|source| fault(path, source));
        match failed.map_or(done, Err) {
            Ok(count) => file.done().map(|()| count),
            Err(error) => {
                file.give_up();
                Err(error)
            }
        }
    }
}

/// The columns of a line as comma-separated values.
pub const AUDIT_COLUMNS: &str = "tx,ord,at,actor,account,role,deed,register,record,division,field,outcome,why,address,client_id";

/// A line as comma-separated values, in that order. A text that a spreadsheet would take for a formula is made one that
/// it does not.
pub fn audit_csv(one: &Audited) -> String {
    let line = &one.line;
    let int = |int: Option<i64>| int.map(|int| int.to_string()).unwrap_or_default();
    let text = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
    [
        one.tx.to_string(),
        one.ord.to_string(),
        one.at.to_string(),
        cell(&line.actor),
        int(line.account),
        text(&line.role),
        cell(&line.deed),
        text(&line.register),
        int(line.record),
        int(line.division),
        text(&line.field),
        line.outcome.word().to_owned(),
        text(&line.why),
        text(&line.address),
        cell(&one.client_id),
    ]
    .join(",")
}

fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_always_one_cell() {
        for (text, wanted) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("@x,y", "\"'@x,y\""),
        ] {
            assert_eq!(cell(text), wanted);
        }
    }
}
