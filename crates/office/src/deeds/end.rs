//! End: a record is no longer true from a day on. What it said until then stays.

use super::correct::{lost, number};
use super::record::{mode, same_pack};
use crate::error::OfficeError;
use crate::label::label;
use crate::office::Office;
use crate::typed::{day, register_written, wrong};
use ledger::{Draft, NewFact};
use vocabulary::{Date, RecordId};

/// What ends and when, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EndInput {
    /// The register's name.
    pub register: String,
    /// The record's number.
    pub record: String,
    /// The first day on which it is no longer true; none: today.
    pub from: Option<String>,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// Only look.
    pub preview: bool,
}

/// A record that was ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The record.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
    /// The first day on which it is no longer true.
    pub from: Date,
    /// The transaction; `None` in a preview.
    pub tx: Option<i64>,
    /// The request was answered before.
    pub repeated: bool,
}

impl Office {
    /// Ends a record from a day on. Needs the deed `end`.
    pub fn end(&mut self, input: &EndInput) -> Result<EndReport, OfficeError> {
        self.may("end")?;
        let sight = self.sight();
        let pack = self.pack();
        let reader = self.reader()?;
        let (register, declared) = register_written(&reader, &pack, &sight, &input.register)?;
        let record = number(&declared.name, &input.record)?;
        let today = self.today();
        let from = input.from.as_deref().map(day).transpose();
        let from = from.map_err(OfficeError::Asked)?;
        let from = from.unwrap_or(today);
        drop(reader);
        let content = format!("{input:?}");
        let deed = self.deed_asked("end", input.why.clone(), &content)?;
        let (name, title) = (declared.name.clone(), declared.title.clone());
        let run = move |draft: &mut Draft<'_>| {
            same_pack(draft, &pack)?;
            let reader = draft.reader();
            let slices = reader.slices(&declared.name, record, None)?;
            let seen = sight.sees_record(reader, &declared.name, record)?;
            if slices.is_empty() || !seen {
                return Err(lost(&declared.name, &record.to_string()));
            }
            let label = label(reader, register, record)?;
            let label = sight.label(&pack, &declared, &label);
            if slices.iter().all(|slice| slice.to <= from) {
                let day = from.to_string();
                let params = [("label", label.as_str()), ("day", &day)];
                let fault = wrong("O220", &declared, &params);
                return Err(OfficeError::Asked(Box::new(fault)));
            }
            let mut fact = NewFact::new(register, record, 0);
            (fact.from, fact.as_of) = (from, today.max(from));
            draft.end(fact)?;
            draft.flush()?;
            let after = draft.reader().slices(&declared.name, record, None)?;
            if after.iter().any(|slice| slice.to > from) {
                // A source speaks of it later than today: what it says must be put right first.
                let day = from.to_string();
                let params = [("label", label.as_str()), ("day", &day)];
                let fault = wrong("O221", &declared, &params);
                return Err(OfficeError::Asked(Box::new(fault)));
            }
            Ok(label)
        };
        let (done, receipt) = self.submit(deed, mode(input.preview), run)?;
        Ok(EndReport {
            register: name,
            register_title: title,
            record,
            // Whoever asks again has the answer's transaction; the record is not looked at anew.
            label: done.unwrap_or_else(|| record.to_string()),
            from,
            tx: (!input.preview).then_some(receipt.seq),
            repeated: receipt.repeated,
        })
    }
}
