//! A record's life: everything that was ever said about it, with both times.

use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::{Sight, as_seen};
use crate::typed::register_seen;
use crate::words::{say, word};
use ::pack::CheckedPack;
use ::pack::declare::RegisterDecl;
use ledger::{Event, Said, layout};
use vocabulary::{FindingClass, Value};

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
        let sight = self.sight();
        let pack = self.pack();
        let (_, declared) = register_seen(&reader, &sight, register)?;
        let lost = || asked("O108", &[("register", register), ("record", record)]);
        let number: i64 = record.parse().map_err(|_| lost())?;
        let mut events = reader.history(register, number)?;
        if events.is_empty() || !sight.sees_record(&reader, register, number)? {
            return Err(lost());
        }
        for event in &mut events {
            mask(&pack, &sight, &declared, event);
        }
        Ok(HistoryReport {
            register: declared,
            record: number,
            events,
        })
    }
}

/// What an event says, as far as it may be seen.
fn mask(pack: &CheckedPack, sight: &Sight, declared: &RegisterDecl, event: &mut Event) {
    let hides = |at: usize| {
        let field = declared.fields.get(at);
        // Hashes of passwords and links are for nobody's eyes.
        let never = |secret: bool| secret && declared.name == layout::ACCOUNTS;
        field.is_some_and(|field| never(field.secret) || sight.hides(&declared.name, &field.name))
    };
    event.assertion.set.retain(|(at, _)| !hides(*at));
    for slice in &mut event.changed {
        for (at, value) in slice.values.iter_mut().enumerate() {
            if hides(at) {
                *value = Value::Null;
            }
        }
    }
    if sight.is_open() {
        return;
    }
    let seen = |at: usize, value: &mut Value| {
        let field = declared.fields.get(at).filter(|field| !sight.shows(field));
        if let Some(field) = field.filter(|_| !value.is_null()) {
            *value = Value::Text(as_seen(pack, sight, field, value).0);
        }
    };
    for (at, said) in &mut event.assertion.set {
        if let Said::Value(value) = said {
            seen(*at, value);
        }
    }
    for slice in &mut event.changed {
        for (at, value) in slice.values.iter_mut().enumerate() {
            seen(at, value);
        }
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
