//! Rows as they may be seen: codes and references by their names, what is personal masked.

use super::question::Asked;
use super::{FieldShown, RecordRow};
use crate::error::OfficeError;
use crate::label::label_of;
use crate::policy::{Sight, as_seen};
use crate::words::word;
use ::pack::CheckedPack;
use ::pack::declare::{Field, RegisterDecl};
use figures::Listed;
use ledger::{Reader, Said};
use std::collections::HashMap;
use vocabulary::{DivisionId, FieldType, Moment, RecordId, Value};

/// Turns rows into what may be seen of them.
pub(super) struct Seeing<'a> {
    pack: &'a CheckedPack,
    reader: &'a Reader,
    declared: &'a RegisterDecl,
    sight: &'a Sight,
    known: Option<Moment>,
    places: HashMap<DivisionId, String>,
    /// Labels of records referred to.
    labels: HashMap<(String, RecordId), String>,
    /// Secrets of the one record at hand, in clear.
    secrets: HashMap<String, Value>,
}

impl<'a> Seeing<'a> {
    pub(super) fn new(
        pack: &'a CheckedPack,
        reader: &'a Reader,
        asked: &'a Asked,
    ) -> Result<Seeing<'a>, OfficeError> {
        let places = reader.divisions()?.into_iter().map(|d| (d.id, d.name));
        Ok(Seeing {
            pack,
            reader,
            declared: &asked.declared,
            sight: &asked.sight,
            known: asked.ask.known,
            places: places.collect(),
            labels: HashMap::new(),
            secrets: HashMap::new(),
        })
    }

    /// Opens the secrets of one record: in the table they are hashes, what they are stands among what was said.
    pub(super) fn secrets(
        &mut self,
        record: RecordId,
        one: &Listed,
        fields: &[&Field],
    ) -> Result<(), OfficeError> {
        let wanted = fields.iter().zip(&one.values);
        let wanted: Vec<(&&Field, &Value)> = wanted
            .filter(|(field, value)| field.secret && !value.is_null())
            .collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let facts = self.reader.assertions(&self.declared.name, record)?;
        for (field, keyed) in wanted {
            let at = self.declared.field_index(&field.name);
            let said = facts.iter().rev().flat_map(|fact| &fact.set);
            let found = said.into_iter().find_map(|(index, said)| match said {
                Said::Value(value) if Some(*index) == at && self.reader.keyed(value) == *keyed => {
                    Some(value.clone())
                }
                _ => None,
            });
            self.secrets
                .extend(found.map(|value| (field.name.clone(), value)));
        }
        Ok(())
    }

    pub(super) fn row(&mut self, one: Listed, fields: &[&Field]) -> Result<RecordRow, OfficeError> {
        let mut values = Vec::with_capacity(fields.len());
        for (field, value) in fields.iter().zip(&one.values) {
            values.push(self.field(field, value)?);
        }
        let label = match one.label.as_text() {
            Some(label) => self.sight.label(self.pack, self.declared, label),
            None => one.record.to_string(),
        };
        Ok(RecordRow {
            record: one.record,
            division: one.division,
            division_name: self.place(one.division),
            label,
            from: one.from,
            to: one.to,
            tx: one.tx,
            values,
        })
    }

    fn place(&self, division: DivisionId) -> String {
        let name = self.places.get(&division).cloned();
        name.unwrap_or_else(|| division.to_string())
    }

    fn field(&mut self, field: &Field, value: &Value) -> Result<FieldShown, OfficeError> {
        let secret = field.secret && !value.is_null();
        let opened = self.secrets.get(&field.name).cloned();
        let (shown, masked) = match (&field.kind, value) {
            _ if secret => match &opened {
                Some(opened) => as_seen(self.pack, self.sight, field, opened),
                None => (word("word.hidden", &[]), true),
            },
            (FieldType::Reference(to), Value::Int(record)) if self.sight.shows(field) => {
                (self.referred(to, *record)?, false)
            }
            (FieldType::Division, Value::Int(division)) if self.sight.shows(field) => {
                (self.place(*division), false)
            }
            (_, value) => as_seen(self.pack, self.sight, field, value),
        };
        let clear = if secret { opened } else { Some(value.clone()) };
        Ok(FieldShown {
            field: field.name.clone(),
            value: clear.filter(|_| !masked).unwrap_or_default(),
            shown,
            masked,
        })
    }

    /// What people call a record that is referred to.
    fn referred(&mut self, to: &str, record: RecordId) -> Result<String, OfficeError> {
        let key = (to.to_owned(), record);
        if let Some(label) = self.labels.get(&key) {
            return Ok(label.clone());
        }
        let at = self.reader.register_index(to)?;
        let slice = self.reader.slices(to, record, self.known)?.pop();
        let label = slice.and_then(|slice| label_of(self.reader, at, &slice.values, None));
        let declared = &self.reader.registers()[at];
        let label = match label {
            Some(label) => self.sight.label(self.pack, declared, &label),
            None => record.to_string(),
        };
        self.labels.insert(key, label.clone());
        Ok(label)
    }
}
