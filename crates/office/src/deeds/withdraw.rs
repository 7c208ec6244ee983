//! Withdraw: one statement of one transaction is taken back, as if it had never been made. A preview shows what it
//! would do to the record.

use super::correct::{lost, number};
use super::import::recheck;
use super::record::{refused, same_pack};
use super::settle::FieldChange;
use crate::error::OfficeError;
use crate::label::label_of;
use crate::office::Office;
use crate::policy::{Sight, as_seen};
use crate::typed::{register_written, wrong};
use ::pack::CheckedPack;
use ::pack::declare::RegisterDecl;
use ledger::{Draft, Mode, Slice};
use std::collections::HashSet;
use std::sync::Arc;
use vocabulary::{RecordId, Value};

/// The statement to be taken back, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WithdrawInput {
    /// The register's name.
    pub register: String,
    /// The record's number.
    pub record: String,
    /// The statement, as `12:3`: its transaction and its place in it.
    pub fact: String,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// Write; without it nothing is changed.
    pub commit: bool,
}

/// What taking it back does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithdrawReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The record.
    pub record: RecordId,
    /// What people call it, or called it.
    pub label: String,
    /// What the record says otherwise from then on.
    pub changes: Vec<FieldChange>,
    /// Nothing else speaks of the record: it is gone.
    pub gone: bool,
    /// Open contradictions that are none any more.
    pub findings_gone: usize,
    /// The transaction; `None` in a preview.
    pub tx: Option<i64>,
    /// The request was answered before.
    pub repeated: bool,
}

struct Plan {
    pack: Arc<CheckedPack>,
    sight: Sight,
    register: usize,
    declared: RegisterDecl,
    record: RecordId,
    fact: (i64, u32),
}

#[derive(Default)]
struct Done {
    label: String,
    changes: Vec<FieldChange>,
    gone: bool,
    findings_gone: usize,
}

impl Office {
    /// Takes one statement back, or looks what that would do. Needs the deed `withdraw`.
    pub fn withdraw(&mut self, input: &WithdrawInput) -> Result<WithdrawReport, OfficeError> {
        self.may("withdraw")?;
        let sight = self.sight();
        let pack = self.pack();
        let reader = self.reader()?;
        let (register, declared) = register_written(&reader, &pack, &sight, &input.register)?;
        let record = number(&declared.name, &input.record)?;
        let fact = input.fact.trim().split_once(':');
        let fact = fact.and_then(|(tx, ord)| Some((tx.parse().ok()?, ord.parse().ok()?)));
        let fact = fact.ok_or_else(|| unknown(&declared, &input.fact))?;
        drop(reader);
        let (name, title) = (declared.name.clone(), declared.title.clone());
        let plan = Plan {
            pack,
            sight,
            register,
            declared,
            record,
            fact,
        };
        let content = format!("{input:?}");
        let deed = self.deed_asked("withdraw", input.why.clone(), &content)?;
        let mode = if input.commit {
            Mode::Commit
        } else {
            Mode::Preview
        };
        let run = move |draft: &mut Draft<'_>| plan.carry_out(draft);
        let (done, receipt) = self.submit(deed, mode, run)?;
        let done = done.unwrap_or_default();
        Ok(WithdrawReport {
            register: name,
            register_title: title,
            record,
            label: done.label,
            changes: done.changes,
            gone: done.gone,
            findings_gone: done.findings_gone,
            tx: input.commit.then_some(receipt.seq),
            repeated: receipt.repeated,
        })
    }
}

fn unknown(register: &RegisterDecl, fact: &str) -> OfficeError {
    OfficeError::Asked(Box::new(wrong("O223", register, &[("fact", fact)])))
}

impl Plan {
    fn carry_out(self, draft: &mut Draft<'_>) -> Result<Done, OfficeError> {
        same_pack(draft, &self.pack)?;
        let (tx, ord) = self.fact;
        let text = format!("{tx}:{ord}");
        let name = &self.declared.name;
        let reader = draft.reader();
        if !self.sight.sees_record(reader, name, self.record)? {
            return Err(lost(name, &self.record.to_string()));
        }
        let facts = reader.assertions(name, self.record)?;
        let Some(fact) = facts.iter().find(|fact| (fact.tx, fact.ord) == self.fact) else {
            return Err(unknown(&self.declared, &text));
        };
        if fact.withdrawn {
            let fault = wrong("O224", &self.declared, &[("fact", &text)]);
            return Err(OfficeError::Asked(Box::new(fault)));
        }
        let source: HashSet<(String, String)> = [(*fact.source).clone()].into_iter().collect();
        draft.withdraw(tx, Some(ord))?;
        draft.flush()?;
        let findings_gone = recheck(draft, &source)?;
        let (reader, seq) = (draft.reader(), draft.seq());
        let effect = reader.effect(name, self.record, seq)?;
        let after = reader.slices(name, self.record, None)?;
        if !after.is_empty() && !self.sight.sees_last(reader, &after)? {
            return Err(refused("O218", &[]));
        }
        let last = effect.before.last().or(after.last());
        let label = last.and_then(|last| label_of(reader, self.register, &last.values, None));
        let label = label.unwrap_or_else(|| self.record.to_string());
        let label = self.sight.label(&self.pack, &self.declared, &label);
        Ok(Done {
            changes: self.changes(&label, effect.before.last(), after.last()),
            gone: after.is_empty(),
            label,
            findings_gone,
        })
    }

    fn changes(
        &self,
        label: &str,
        before: Option<&Slice>,
        after: Option<&Slice>,
    ) -> Vec<FieldChange> {
        let value = |slice: Option<&Slice>, at: usize| {
            slice.and_then(|slice| slice.values.get(at).cloned())
        };
        let mut changes = Vec::new();
        for (at, field) in self.declared.fields.iter().enumerate() {
            let (before, after) = (value(before, at), value(after, at));
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            if before == after || self.sight.hides(&self.declared.name, &field.name) {
                continue;
            }
            // In the table a secret is a hash, of which nobody wants to read.
            let told = |value: &Value| match value {
                Value::Null => String::new(),
                _ if field.secret => crate::words::word("word.hidden", &[]),
                value => as_seen(&self.pack, &self.sight, field, value).0,
            };
            changes.push(FieldChange {
                register: self.declared.name.clone(),
                register_title: self.declared.title.clone(),
                record: self.record,
                label: label.to_owned(),
                field: field.title.clone(),
                before: told(&before),
                after: told(&after),
            });
        }
        changes
    }
}
