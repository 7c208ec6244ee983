//! A record's life: everything that was ever said about it, with both times.

use crate::error::OfficeError;
use crate::office::Office;
use crate::words::{say, word};
use ::pack::declare::RegisterDecl;
use ledger::Event;
use vocabulary::FindingClass;

/// A record's history.
#[derive(Debug, Clone)]
pub struct HistoryReport {
    /// The register's declaration.
    pub register: RegisterDecl,
    /// The record.
    pub record: i64,
    /// What was said, oldest first.
    pub events: Vec<Event>,
}

impl Office {
    /// The history of a record. Needs the deed `history`.
    pub fn history(&self, register: &str, record: &str) -> Result<HistoryReport, OfficeError> {
        self.may("history")?;
        let reader = self.reader()?;
        let asked = |code, params: &[(&str, &str)]| {
            OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
        };
        let registers = reader.registers();
        let Some(declared) = registers.iter().find(|declared| declared.name == register) else {
            let names: Vec<&str> = registers
                .iter()
                .map(|declared| declared.name.as_str())
                .collect();
            return Err(no_register(&names, register));
        };
        let lost = || asked("O108", &[("register", register), ("record", record)]);
        let number: i64 = record.parse().map_err(|_| lost())?;
        let events = reader.history(register, number)?;
        if events.is_empty() {
            return Err(lost());
        }
        Ok(HistoryReport {
            register: declared.clone(),
            record: number,
            events,
        })
    }
}

/// There is no register of this name among those that may be asked.
pub(super) fn no_register(known: &[&str], asked: &str) -> OfficeError {
    let nearest = known
        .iter()
        .min_by_key(|name| strsim::damerau_levenshtein(name, asked));
    let params = [
        ("register", asked),
        ("nearest", nearest.copied().unwrap_or("")),
        ("known", &known.join(&word("word.comma", &[]))),
    ];
    OfficeError::Asked(Box::new(say("O107", FindingClass::Rejected, &params)))
}
