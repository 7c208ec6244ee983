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
            let nearest = names
                .iter()
                .min_by_key(|name| strsim::damerau_levenshtein(name, register));
            let known = names.join(&word("word.comma", &[]));
            let params = [
                ("register", register),
                ("nearest", nearest.copied().unwrap_or("")),
                ("known", &known),
            ];
            return Err(asked("O107", &params));
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
