//! Correct: what a record says is put right by hand. Who corrects names the state that was seen; what others changed
//! since is told, field by field, and what two changed differently is kept as a finding. Nothing is lost: the
//! correction stands, and what it followed stays in the book.

use super::import::keep_one;
use super::record::{first_of, keep, mode, refused, same_pack};
use super::settle::FieldChange;
use crate::error::OfficeError;
use crate::label::label;
use crate::office::Office;
use crate::policy::{Sight, as_seen};
use crate::typed::{Typed, day, register_written, wrong};
use crate::words::{say, word};
use ::pack::CheckedPack;
use ::pack::declare::RegisterDecl;
use ledger::{Assertion, Draft, Event, LedgerError, NewFact, Op, Reader, Said, Slice};
use std::collections::BTreeMap;
use std::sync::Arc;
use vocabulary::{Date, DivisionId, Finding, FindingClass, Moment, Offer, RecordId, Value};

/// A correction as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CorrectInput {
    /// The register's name.
    pub register: String,
    /// The record's number, as typed.
    pub record: String,
    /// Fields by name or title, and their values; empty text: now unknown.
    pub values: Vec<(String, String)>,
    /// Where it belongs from now on.
    pub division: Option<String>,
    /// True from this day; none: since the span that holds today began.
    pub from: Option<String>,
    /// The last transaction that the editor saw; none: nothing is compared.
    pub based_on: Option<i64>,
    /// Why, in the actor's words.
    pub why: Option<String>,
    /// Only look.
    pub preview: bool,
}

/// A field that others changed since the editor looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The field's name.
    pub field: String,
    /// Its title.
    pub title: String,
    /// What the editor saw, as people write it; empty when unknown.
    pub seen: String,
    /// What others made of it.
    pub theirs: String,
    /// What the correction says; `None`: nothing.
    pub mine: Option<String>,
    /// Who changed it.
    pub actor: String,
    /// When.
    pub at: Moment,
    /// In which transaction.
    pub tx: i64,
    /// The finding that keeps it, if it is kept.
    pub finding: Option<RecordId>,
}

/// What a correction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The record.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// Other fields, which others changed meanwhile.
    pub parallel: Vec<Clash>,
    /// The same fields, to which others gave other values meanwhile. The correction counts until somebody decides.
    pub conflicting: Vec<Clash>,
    /// The transaction; `None` in a preview.
    pub tx: Option<i64>,
    /// The request was answered before.
    pub repeated: bool,
}

struct Plan {
    pack: Arc<CheckedPack>,
    sight: Sight,
    actor: String,
    register: usize,
    declared: RegisterDecl,
    record: RecordId,
    typed: Typed,
    division: Option<DivisionId>,
    from: Option<Date>,
    today: Date,
    based_on: Option<i64>,
}

#[derive(Default)]
struct Done {
    label: String,
    changes: Vec<FieldChange>,
    parallel: Vec<Clash>,
    conflicting: Vec<Clash>,
}

/// That there is no such record, or none that is seen.
pub(crate) fn lost(register: &str, record: &str) -> OfficeError {
    let params = [("register", register), ("record", record)];
    OfficeError::Asked(Box::new(say("O108", FindingClass::Rejected, &params)))
}

/// A record by the number that was typed.
pub(crate) fn number(register: &str, text: &str) -> Result<RecordId, OfficeError> {
    let number = text.trim().trim_start_matches('#').parse();
    number.map_err(|_| lost(register, text))
}

impl Office {
    /// Corrects a record by hand. Needs the deed `correct`.
    pub fn correct(&mut self, input: &CorrectInput) -> Result<CorrectReport, OfficeError> {
        self.may("correct")?;
        let sight = self.sight();
        let pack = self.pack();
        let reader = self.reader()?;
        let (register, declared) = register_written(&reader, &pack, &sight, &input.register)?;
        let record = number(&declared.name, &input.record)?;
        let mut faults = Vec::new();
        let typed = self.typed(&reader, &sight, &declared, &input.values, false);
        let typed = typed.unwrap_or_else(|found| {
            faults.extend(found);
            Typed::default()
        });
        let division = input.division.as_deref();
        let division = division
            .map(|text| self.division(&reader, text))
            .transpose();
        let division = division.map_err(|error| keep(error, &mut faults));
        let from = input.from.as_deref().map(day).transpose();
        let from = from.unwrap_or_else(|fault| {
            faults.push(*fault);
            None
        });
        if let Some(based_on) = input.based_on
            && !(1..=reader.head()?.0).contains(&based_on)
        {
            let params = [("tx", &*based_on.to_string())];
            faults.push(wrong("O215", &declared, &params));
        }
        OfficeError::none_of(faults)?;
        let plan = Plan {
            sight,
            actor: self.actor.name.clone(),
            register,
            declared: declared.clone(),
            record,
            typed,
            division: division?,
            from,
            today: self.today(),
            based_on: input.based_on,
            pack,
        };
        drop(reader);
        let content = format!("{input:?}");
        let deed = self.deed_asked("correct", input.why.clone(), &content)?;
        let run = move |draft: &mut Draft<'_>| plan.carry_out(draft);
        let (done, receipt) = self.submit(deed, mode(input.preview), run)?;
        let done = match done {
            Some(done) => done,
            None => {
                let reader = self.reader()?;
                first_of(&reader, receipt.seq, &declared.name)?;
                Done {
                    label: label(&reader, register, record)?,
                    ..Done::default()
                }
            }
        };
        Ok(CorrectReport {
            register: declared.name,
            register_title: declared.title,
            record,
            label: done.label,
            changes: done.changes,
            parallel: done.parallel,
            conflicting: done.conflicting,
            tx: (!input.preview).then_some(receipt.seq),
            repeated: receipt.repeated,
        })
    }
}

/// The slice that holds a day; of a record that is not there on it, the last it had.
pub(crate) fn slice_on(slices: &[Slice], day: Date) -> Option<&Slice> {
    let holds = slices.iter().find(|s| s.from <= day && day < s.to);
    holds.or(slices.last())
}

impl Plan {
    fn carry_out(self, draft: &mut Draft<'_>) -> Result<Done, OfficeError> {
        same_pack(draft, &self.pack)?;
        let reader = draft.reader();
        let name = &self.declared.name;
        let slices = reader.slices(name, self.record, None)?;
        let seen = self.sight.sees_record(reader, name, self.record)?;
        let day = self.from.unwrap_or(self.today);
        let Some(now) = slice_on(&slices, day).filter(|_| seen).cloned() else {
            return Err(lost(name, &self.record.to_string()));
        };
        self.sure_value(reader)?;
        let facts = reader.assertions(name, self.record)?;
        let changes = self.changes(reader, &now, &facts);
        let moved = self.division.filter(|division| *division != now.division);
        if changes.is_empty() && moved.is_none() {
            let label = label(reader, self.register, self.record)?;
            let params = [("label", self.label(&label))];
            let params = params.each_ref().map(|(name, text)| (*name, text.as_str()));
            let fault = wrong("O217", &self.declared, &params);
            return Err(OfficeError::Asked(Box::new(fault)));
        }
        let (parallel, conflicting) = self.clashes(reader, &now)?;
        self.decide(draft, &now, moved)?;
        draft.flush()?;
        let reader = draft.reader();
        if !self.sight.sees_record(reader, name, self.record)? {
            return Err(refused("O218", &[]));
        }
        let label = self.label(&label(reader, self.register, self.record)?);
        let mut done = Done {
            changes: self.told(&label, changes),
            label,
            parallel: parallel.into_iter().map(|(clash, _)| clash).collect(),
            conflicting: Vec::new(),
        };
        for (mut clash, values) in conflicting {
            let finding = self.finding(draft, &done.label, &clash, values);
            clash.finding = Some(keep_one(draft, &finding)?);
            done.conflicting.push(clash);
        }
        draft.flush()?;
        Ok(done)
    }

    fn label(&self, label: &str) -> String {
        self.sight.label(&self.pack, &self.declared, label)
    }

    /// As the actor may see it.
    fn shown(&self, field: usize, value: &Value) -> String {
        as_seen(&self.pack, &self.sight, &self.declared.fields[field], value).0
    }

    fn sure_value(&self, reader: &Reader) -> Result<(), OfficeError> {
        let identity = self.declared.identity.as_ref();
        let sure = identity.and_then(|identity| identity.sure.as_ref());
        let Some(at) = sure.and_then(|sure| self.declared.field_index(sure)) else {
            return Ok(());
        };
        let field = &self.declared.fields[at];
        let typed = self.typed.values.iter().find(|(known, _)| *known == at);
        let Some((_, value)) = typed else {
            return Ok(());
        };
        let others = reader.find(&self.declared.name, &field.name, value)?;
        if others.iter().all(|other| *other == self.record) {
            return Ok(());
        }
        let mut fault = wrong("O216", &self.declared, &[("title", &field.title)]);
        fault.field = Some(field.name.clone());
        Err(OfficeError::Asked(Box::new(fault)))
    }

    /// What a field says now. A secret stands in the table as its hash: what it is stands among what was said.
    fn value_now(&self, now: &Slice, facts: &[Assertion], field: usize) -> Value {
        let value = now.values.get(field).cloned().unwrap_or_default();
        if !self.declared.fields[field].secret || value.is_null() {
            return value;
        }
        let live = facts.iter().rev().filter(|fact| !fact.withdrawn);
        live.flat_map(|fact| &fact.set)
            .find_map(|(at, said)| match said {
                Said::Value(value) if *at == field => Some(value.clone()),
                _ => None,
            })
            .unwrap_or_default()
    }

    /// Fields to which the correction gives another value: before and after.
    fn changes(&self, _: &Reader, now: &Slice, facts: &[Assertion]) -> Vec<(usize, Value, Value)> {
        let values = self.typed.values.iter();
        values
            .map(|(at, value)| (*at, self.value_now(now, facts, *at), value.clone()))
            .filter(|(_, before, after)| before != after)
            .collect()
    }

    fn told(&self, label: &str, changes: Vec<(usize, Value, Value)>) -> Vec<FieldChange> {
        let told = changes.into_iter().map(|(at, before, after)| FieldChange {
            register: self.declared.name.clone(),
            register_title: self.declared.title.clone(),
            record: self.record,
            label: label.to_owned(),
            field: self.declared.fields[at].title.clone(),
            before: self.shown(at, &before),
            after: self.shown(at, &after),
        });
        told.collect()
    }

    /// What others changed since the editor looked: other fields, and the same fields otherwise.
    fn clashes(&self, reader: &Reader, now: &Slice) -> Result<(Clashes, Clashes), LedgerError> {
        let Some(based_on) = self.based_on else {
            return Ok((Vec::new(), Vec::new()));
        };
        let name = &self.declared.name;
        let seen = reader.effect(name, self.record, based_on)?.after;
        let seen = slice_on(&seen, self.from.unwrap_or(self.today)).cloned();
        let events = reader.history(name, self.record)?;
        let mut later: BTreeMap<usize, &Event> = BTreeMap::new();
        let since = events
            .iter()
            .filter(|event| event.assertion.tx > based_on && event.assertion.op != Op::End);
        for event in since {
            for (at, _) in &event.assertion.set {
                later.insert(*at, event);
            }
        }
        let (mut parallel, mut conflicting) = (Vec::new(), Vec::new());
        for (at, event) in later {
            let then = seen.as_ref().and_then(|seen| seen.values.get(at));
            let then = then.cloned().unwrap_or_default();
            let theirs = now.values.get(at).cloned().unwrap_or_default();
            let field = &self.declared.fields[at];
            if then == theirs || self.sight.hides(name, &field.name) {
                continue;
            }
            let said = event.assertion.set.iter().find(|(known, _)| *known == at);
            // In the table a secret is a hash; what they said is in their statement.
            let theirs = match said {
                Some((_, Said::Value(value))) if field.secret => value.clone(),
                _ => theirs,
            };
            let mine = self.typed.values.iter().find(|(known, _)| *known == at);
            let mine = mine.map(|(_, value)| value.clone());
            if mine.as_ref() == Some(&theirs) {
                continue;
            }
            let clash = Clash {
                field: field.name.clone(),
                title: field.title.clone(),
                seen: if field.secret && !then.is_null() {
                    word("word.hidden", &[])
                } else {
                    self.shown(at, &then)
                },
                theirs: self.shown(at, &theirs),
                mine: mine.as_ref().map(|mine| self.shown(at, mine)),
                actor: event.actor.clone(),
                at: event.at,
                tx: event.assertion.tx,
                finding: None,
            };
            match mine {
                Some(mine) => conflicting.push((clash, [mine, theirs])),
                None => parallel.push((clash, [Value::Null, theirs])),
            }
        }
        Ok((parallel, conflicting))
    }

    /// A person decides: what never changes for ever, what changes with time from the day on.
    fn decide(
        &self,
        draft: &mut Draft<'_>,
        now: &Slice,
        moved: Option<DivisionId>,
    ) -> Result<(), LedgerError> {
        let fields = &self.declared.fields;
        let from = self.from.unwrap_or(now.from);
        let parts = [
            (true, Date::BEGINNING, Date::BEGINNING),
            (false, from, self.today.max(from)),
        ];
        for (constant, from, as_of) in parts {
            let values = self.typed.values.iter();
            let values: Vec<(usize, Value)> = values
                .filter(|(at, _)| fields[*at].constant == constant)
                .cloned()
                .collect();
            let division = moved.filter(|_| !constant).unwrap_or(0);
            if values.is_empty() && division == 0 {
                continue;
            }
            let mut fact = NewFact::new(self.register, self.record, division);
            (fact.from, fact.as_of, fact.values) = (from, as_of, values);
            draft.decide(fact)?;
        }
        Ok(())
    }

    /// Two people at odds, as a finding that `settle` decides.
    fn finding(
        &self,
        draft: &Draft<'_>,
        label: &str,
        clash: &Clash,
        [mine, theirs]: [Value; 2],
    ) -> Finding {
        let place = |actor: &str, at: Moment| {
            word("word.hand", &[("actor", actor), ("at", &at.to_string())])
        };
        let my_place = place(&self.actor, draft.at());
        let their_place = place(&clash.actor, clash.at);
        let field = self.declared.field(&clash.field);
        let told = |value: &Value| {
            field.map_or_else(String::new, |field| {
                crate::words::shown(&self.pack, &field.kind, value)
            })
        };
        let (mine_told, theirs_told) = (told(&mine), told(&theirs));
        let params = [
            ("register", self.declared.title.as_str()),
            ("label", label),
            ("title", &clash.title),
            ("mine", &mine_told),
            ("theirs", &theirs_told),
            ("my_place", &my_place),
            ("their_place", &their_place),
        ];
        let mut finding = say("O219", FindingClass::Contradictory, &params);
        finding.register = Some(self.declared.name.clone());
        finding.record = Some(self.record);
        finding.field = Some(clash.field.clone());
        finding.owner.clone_from(&self.declared.owner);
        finding.cells = vec![my_place.clone(), their_place.clone()];
        finding.offers = vec![
            Offer {
                place: my_place,
                value: mine,
            },
            Offer {
                place: their_place,
                value: theirs,
            },
        ];
        finding
    }
}

/// Clashes with what the two sides say.
type Clashes = Vec<(Clash, [Value; 2])>;
