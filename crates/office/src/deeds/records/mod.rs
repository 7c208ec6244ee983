//! Records read: a register page by page, one record, and what a list adds up to. What may be seen goes into the
//! statement; what is personal leaves here masked, unless the role opens it and says why.

mod cursor; // where a page ended
mod question; // what is asked, understood
mod seeing; // rows as they may be seen

use super::correct::{lost, number};
use super::figure::{AskInput, Known, stand};
use super::record::refused;
use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::Sight;
use crate::typed::{field_of, register_written, wrong};
use crate::words::say;
use ::pack::declare::Field;
use cursor::{cursor, cursor_text};
use figures::{Engine, Listing, Sort};
use ledger::{Draft, Mode};
use question::{adds, fields, personal, sorted};
use seeing::Seeing;
use vocabulary::{Date, DivisionId, FindingClass, RecordId, Value};

/// Records on a page when nothing is said.
const PAGE: usize = 50;

/// The longest page: what a screen and a phone's memory can take. More is an export.
const PAGE_MAX: usize = 1_000;

/// Which records, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListInput {
    /// The register's name.
    pub register: String,
    /// A condition in the pack's language.
    pub filter: Option<String>,
    /// Fields and the value each must have, as people write it; empty text: unknown.
    pub equal: Vec<(String, String)>,
    /// By this field; with `-` before it the greatest first. None: by record.
    pub sort: Option<String>,
    /// Where the page before ended: its [`ListReport::next`].
    pub after: Option<String>,
    /// At most so many.
    pub limit: Option<usize>,
    /// The fields wanted; none: all.
    pub fields: Vec<String>,
    /// When and where. Its period is not looked at.
    pub ask: AskInput,
    /// Why personal fields shall be open.
    pub reveal: Option<String>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The day.
    pub at: Date,
    /// Where the ledger stood.
    pub known: Known,
    /// Name and title of the fields, in the order of values.
    pub fields: Vec<(String, String)>,
    /// The records.
    pub rows: Vec<RecordRow>,
    /// Where the next page begins; `None`: there is none.
    pub next: Option<String>,
}

/// A record as it was on the asked day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// The record.
    pub record: RecordId,
    /// Where it belongs.
    pub division: DivisionId,
    /// What that place is called.
    pub division_name: String,
    /// What people call it.
    pub label: String,
    /// True from.
    pub from: Date,
    /// First day after.
    pub to: Date,
    /// The last transaction that changed what is shown.
    pub tx: i64,
    /// Its values.
    pub values: Vec<FieldShown>,
}

/// A value as it may be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldShown {
    /// The field's name.
    pub field: String,
    /// The value in stored units; null when it is unknown or masked.
    pub value: Value,
    /// As people write it, or masked; empty when unknown.
    pub shown: String,
    /// Something is there and not shown.
    pub masked: bool,
}

/// One record, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShowInput {
    /// The register's name.
    pub register: String,
    /// The record's number.
    pub record: String,
    /// When. Its period is not looked at.
    pub ask: AskInput,
    /// Why personal fields shall be open.
    pub reveal: Option<String>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowReport {
    /// The register's name.
    pub register: String,
    /// Its title.
    pub register_title: String,
    /// The day.
    pub at: Date,
    /// Where the ledger stood.
    pub known: Known,
    /// Name and title of the fields, in the order of values.
    pub fields: Vec<(String, String)>,
    /// The record.
    pub row: RecordRow,
}

/// What a list adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumShown {
    /// The field's name.
    pub field: String,
    /// Its title.
    pub title: String,
    /// In stored units; `None` when no record has a value.
    pub value: Option<i64>,
    /// As people write it.
    pub shown: String,
}

impl Office {
    /// A page of a register's records. Needs the deed `show`.
    pub fn records(&mut self, input: &ListInput) -> Result<ListReport, OfficeError> {
        self.may("show")?;
        let sight = self.opened(&input.register, None, input.reveal.as_deref())?;
        let reader = self.reader()?;
        let pack = self.pack();
        let asked = self.asked_records(&reader, &pack, sight, input)?;
        let declared = &asked.declared;
        let mut faults = Vec::new();
        let fields = fields(&asked.sight, declared, &input.fields, &mut faults);
        let sort = input.sort.as_deref().filter(|sort| !sort.is_empty());
        let sort = sort.map(|text| sorted(&asked, text)).transpose()?;
        let sort = sort.as_ref().map(|(field, descending)| Sort {
            field,
            descending: *descending,
        });
        let after = input.after.as_deref().map(|text| {
            let fault = || say("O228", FindingClass::Rejected, &[("text", text)]);
            cursor(text).ok_or_else(|| Box::new(fault()))
        });
        let after = after.transpose().unwrap_or_else(|fault| {
            faults.push(*fault);
            None
        });
        let limit = input.limit.unwrap_or(PAGE);
        if !(1..=PAGE_MAX).contains(&limit) {
            let params = [
                ("limit", &*limit.to_string()),
                ("most", &*PAGE_MAX.to_string()),
            ];
            faults.push(say("O229", FindingClass::Rejected, &params));
        }
        OfficeError::none_of(faults)?;
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let listing = Listing {
            register: &declared.name,
            filter: asked.filter.as_ref(),
            only: None,
            sort,
            after: after.as_ref().map(|(value, record)| (value, *record)),
            // One more tells whether there is a next page.
            most: limit + 1,
            fields: &names,
        };
        let engine = Engine::new(&pack, &*reader).limited_to(asked.sight.divisions());
        let mut found = engine.list(&listing, &asked.ask)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(cursor_text);
        let mut seeing = Seeing::new(&pack, &reader, &asked)?;
        let rows = found.into_iter().map(|one| seeing.row(one, &fields));
        Ok(ListReport {
            register: declared.name.clone(),
            register_title: declared.title.clone(),
            at: asked.ask.at,
            known: stand(&reader, asked.ask.known)?,
            rows: rows.collect::<Result<Vec<_>, OfficeError>>()?,
            fields: titled(&fields),
            next,
        })
    }

    /// One record as it was on a day. Needs the deed `show`.
    pub fn show(&mut self, input: &ShowInput) -> Result<ShowReport, OfficeError> {
        self.may("show")?;
        let record = number(&input.register, &input.record)?;
        let sight = self.opened(&input.register, Some(record), input.reveal.as_deref())?;
        let reader = self.reader()?;
        let pack = self.pack();
        let list = ListInput {
            register: input.register.clone(),
            ask: input.ask.clone(),
            ..ListInput::default()
        };
        let asked = self.asked_records(&reader, &pack, sight, &list)?;
        let declared = &asked.declared;
        let fields = fields(&asked.sight, declared, &[], &mut Vec::new());
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let listing = Listing {
            register: &declared.name,
            only: Some(record),
            most: 1,
            fields: &names,
            ..Listing::default()
        };
        let engine = Engine::new(&pack, &*reader).limited_to(asked.sight.divisions());
        let found = engine.list(&listing, &asked.ask)?.into_iter().next();
        let one = found.ok_or_else(|| lost(&declared.name, &input.record))?;
        let mut seeing = Seeing::new(&pack, &reader, &asked)?;
        seeing.secrets(record, &one, &fields)?;
        Ok(ShowReport {
            register: declared.name.clone(),
            register_title: declared.title.clone(),
            at: asked.ask.at,
            known: stand(&reader, asked.ask.known)?,
            row: seeing.row(one, &fields)?,
            fields: titled(&fields),
        })
    }

    /// How many records a list has on all its pages, and what some fields add up to. Needs the deed `show`.
    pub fn totals(
        &self,
        input: &ListInput,
        sums: &[String],
    ) -> Result<(u64, Vec<SumShown>), OfficeError> {
        self.may("show")?;
        let reader = self.reader()?;
        let pack = self.pack();
        let asked = self.asked_records(&reader, &pack, self.sight(), input)?;
        let declared = &asked.declared;
        let mut faults = Vec::new();
        let mut wanted: Vec<&Field> = Vec::new();
        for name in sums {
            match field_of(&asked.sight, declared, name).map(|at| &declared.fields[at]) {
                Ok(field) if !adds(field) => {
                    let params = [("title", field.title.as_str())];
                    faults.push(wrong("O230", declared, &params));
                }
                Ok(field) if !asked.sight.shows(field) => return Err(personal(field)),
                Ok(field) => wanted.push(field),
                Err(fault) => faults.push(*fault),
            }
        }
        OfficeError::none_of(faults)?;
        let listing = Listing {
            register: &declared.name,
            filter: asked.filter.as_ref(),
            ..Listing::default()
        };
        let names: Vec<&str> = wanted.iter().map(|field| field.name.as_str()).collect();
        let engine = Engine::new(&pack, &*reader).limited_to(asked.sight.divisions());
        let totals = engine.totals(&listing, &names, &asked.ask)?;
        let sums = wanted
            .iter()
            .zip(totals.sums)
            .map(|(field, value)| SumShown {
                field: field.name.clone(),
                title: field.title.clone(),
                value,
                shown: crate::words::shown(
                    &pack,
                    &field.kind,
                    &value.map_or(Value::Null, Value::Int),
                ),
            });
        Ok((totals.count, sums.collect()))
    }

    /// What is seen: with personal fields closed, unless the role may open them and somebody says why; then that is
    /// written down first. Whoever holds the ledger's file sees what is in it.
    fn opened(
        &mut self,
        register: &str,
        record: Option<RecordId>,
        reveal: Option<&str>,
    ) -> Result<Sight, OfficeError> {
        let sight = self.sight();
        let Some(why) = reveal else {
            let open = self.actor.role.is_none();
            return Ok(if open { sight } else { sight.closed() });
        };
        if why.trim().is_empty() {
            let finding = say("O231", FindingClass::Rejected, &[]);
            return Err(OfficeError::Asked(Box::new(finding)));
        }
        if !sight.is_open() {
            return Err(refused("O232", &[]));
        }
        let pack = self.pack();
        register_written(&*self.reader()?, &pack, &sight, register)?;
        let register = register.to_owned();
        let deed = self.own_deed("reveal", Some(why.trim().to_owned()));
        self.submit(deed, Mode::Commit, move |draft: &mut Draft<'_>| {
            let personal = draft.reader().registers().iter();
            let personal = personal.filter(|declared| declared.name == register);
            let personal = personal.flat_map(|declared| &declared.fields);
            let opened: Vec<&str> = personal
                .filter(|field| field.personal || field.secret)
                .map(|field| field.name.as_str())
                .collect();
            let opened = opened.join(",");
            let line = draft.own_line();
            line.field = Some(opened);
            line.register = Some(register);
            line.record = record;
            Ok(())
        })?;
        Ok(sight)
    }
}

fn titled(fields: &[&Field]) -> Vec<(String, String)> {
    let titled = fields
        .iter()
        .map(|field| (field.name.clone(), field.title.clone()));
    titled.collect()
}
