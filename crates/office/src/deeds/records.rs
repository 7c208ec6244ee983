//! Records read: a register page by page, one record, and what a list adds up to. What may be seen goes into the
//! statement; what is personal leaves here masked, unless the role opens it and says why.

use super::correct::{lost, number};
use super::figure::{AskInput, Known, stand};
use super::record::refused;
use crate::error::OfficeError;
use crate::label::label_of;
use crate::office::Office;
use crate::policy::{Sight, as_seen};
use crate::typed::{field_of, register_written, wrong};
use crate::words::{say, word};
use ::pack::CheckedPack;
use ::pack::declare::{Field, RegisterDecl};
use ::pack::expr::{Binary, Expr};
use figures::{Ask, Engine, Listed, Listing, Sort};
use ledger::{Draft, Mode, Reader, Said};
use std::collections::HashMap;
use std::fmt::Write as _;
use vocabulary::{Date, DivisionId, FieldType, Finding, FindingClass, Moment, RecordId, Value};

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

/// What is asked of a register, understood.
struct Asked {
    declared: RegisterDecl,
    filter: Option<Expr>,
    ask: Ask,
    sight: Sight,
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
            cursor(text).ok_or_else(|| say("O228", FindingClass::Rejected, &[("text", text)]))
        });
        let after = after.transpose().unwrap_or_else(|fault| {
            faults.push(fault);
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
                Err(fault) => faults.push(fault),
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

    fn asked_records(
        &self,
        reader: &Reader,
        pack: &CheckedPack,
        sight: Sight,
        input: &ListInput,
    ) -> Result<Asked, OfficeError> {
        let (_, declared) = register_written(reader, pack, &sight, &input.register)?;
        let ask = self.ask(reader, &input.ask)?;
        let mut faults = Vec::new();
        let mut filter = None;
        // The role may ask for what it may open, although it is shown masked.
        let asker = self.sight();
        if let Some(text) = input
            .filter
            .as_deref()
            .filter(|text| !text.trim().is_empty())
        {
            match pack.condition(&declared.name, text) {
                Ok(typed) => {
                    may_ask(pack, &asker, &declared, &typed.expr)?;
                    filter = Some(typed.expr);
                }
                Err(wrongs) => faults.extend(wrongs.into_iter().map(|one| {
                    let said = [&*one.said, " — ", &*one.next].concat();
                    let part = text.get(one.part).unwrap_or(text);
                    let params = [("text", text), ("part", part), ("why", &said)];
                    wrong("O225", &declared, &params)
                })),
            }
        }
        for (name, text) in &input.equal {
            let read = field_of(&asker, &declared, name).and_then(|at| {
                let value = self.value(reader, &asker, pack, (&declared, at), text.trim())?;
                Ok((&declared.fields[at], value))
            });
            match read {
                Ok((field, _)) if !asker.shows(field) => return Err(personal(field)),
                Ok((field, value)) => {
                    let name = Box::new(Expr::Name(vec![field.name.clone()]));
                    let equal = if value.is_null() {
                        Expr::IsNull(name, true)
                    } else {
                        Expr::Binary(Binary::Eq, name, Box::new(Expr::Literal(value)))
                    };
                    filter = Some(match filter {
                        Some(filter) => {
                            Expr::Binary(Binary::And, Box::new(filter), Box::new(equal))
                        }
                        None => equal,
                    });
                }
                Err(fault) => faults.push(fault),
            }
        }
        OfficeError::none_of(faults)?;
        Ok(Asked {
            declared,
            filter,
            ask,
            sight,
        })
    }
}

fn titled(fields: &[&Field]) -> Vec<(String, String)> {
    let titled = fields
        .iter()
        .map(|field| (field.name.clone(), field.title.clone()));
    titled.collect()
}

fn fields<'d>(
    sight: &Sight,
    declared: &'d RegisterDecl,
    names: &[String],
    faults: &mut Vec<Finding>,
) -> Vec<&'d Field> {
    if names.is_empty() {
        let seen = |field: &&Field| !sight.hides(&declared.name, &field.name);
        return declared.fields.iter().filter(seen).collect();
    }
    let mut fields = Vec::new();
    for name in names {
        match field_of(sight, declared, name) {
            Ok(at) => fields.push(&declared.fields[at]),
            Err(fault) => faults.push(fault),
        }
    }
    fields
}

fn adds(field: &Field) -> bool {
    use FieldType as T;
    matches!(field.kind, T::Int | T::Decimal(_) | T::Money | T::Area)
}

fn personal(field: &Field) -> OfficeError {
    refused("O226", &[("title", &field.title)])
}

/// An error when a condition asks what the role may not know: by asking often enough, one learns the answer.
fn may_ask(
    pack: &CheckedPack,
    sight: &Sight,
    declared: &RegisterDecl,
    filter: &Expr,
) -> Result<(), OfficeError> {
    if sight.closes(pack, declared, filter) {
        return Err(refused("O226", &[("title", &word("word.filter", &[]))]));
    }
    let mut hidden: Option<String> = None;
    filter.walk(&mut |node| match node {
        Expr::Name(path) => {
            let mut at = Some(declared);
            for step in &path[..path.len().saturating_sub(1)] {
                let kind = at
                    .and_then(|register| register.field(step))
                    .map(|field| &field.kind);
                at = match kind {
                    Some(FieldType::Reference(to)) => pack.register(to),
                    _ => None,
                };
                if let Some(register) = at
                    && !sight.sees_register(&register.name)
                {
                    hidden = Some(register.title.clone());
                }
            }
        }
        // Records of others count wherever they are: whose sight has limits would count those beyond them.
        Expr::Others(others)
            if !sight.sees_all_divisions() || !sight.sees_register(&others.register) =>
        {
            let title = pack
                .register(&others.register)
                .map_or(&others.register, |register| &register.title);
            hidden = Some(title.clone());
        }
        _ => {}
    });
    match hidden {
        Some(title) => Err(refused("O227", &[("register", &title)])),
        None => Ok(()),
    }
}

fn sorted(asked: &Asked, text: &str) -> Result<(String, bool), OfficeError> {
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text, false),
    };
    let at = field_of(&asked.sight, &asked.declared, name);
    let at = at.map_err(|fault| OfficeError::Asked(Box::new(fault)))?;
    let field = &asked.declared.fields[at];
    if field.secret || matches!(field.kind, FieldType::Shape(_)) {
        let fault = wrong("O233", &asked.declared, &[("title", &field.title)]);
        return Err(OfficeError::Asked(Box::new(fault)));
    }
    // The order of masked values would tell what they are.
    if !asked.sight.shows(field) {
        return Err(personal(field));
    }
    Ok((field.name.clone(), descending))
}

/// A place in the order, as text that nobody needs to read.
fn cursor_text(last: &Listed) -> String {
    let mut text = last.record.to_string();
    match &last.sorted {
        Value::Null => {}
        Value::Int(int) => {
            let _ = write!(text, ".i{int}");
        }
        Value::Text(value) => {
            text.push_str(".t");
            for byte in value.bytes() {
                let _ = write!(text, "{byte:02x}");
            }
        }
    }
    text
}

fn cursor(text: &str) -> Option<(Value, RecordId)> {
    let (record, value) = match text.split_once('.') {
        Some((record, value)) => (record, Some(value)),
        None => (text, None),
    };
    let value = match value.map(|value| value.split_at_checked(1)) {
        None => Value::Null,
        Some(Some(("i", int))) => Value::Int(int.parse().ok()?),
        Some(Some(("t", hex))) => {
            let digits: Option<Vec<u8>> = hex
                .bytes()
                .map(|digit| {
                    let digit = char::from(digit).to_digit(16)?;
                    u8::try_from(digit).ok()
                })
                .collect();
            let bytes = digits?;
            let bytes: Vec<u8> = bytes
                .chunks_exact(2)
                .map(|two| two[0] << 4 | two[1])
                .collect();
            Value::Text(String::from_utf8(bytes).ok()?)
        }
        Some(_) => return None,
    };
    Some((value, record.parse().ok()?))
}

/// Turns rows into what may be seen of them.
struct Seeing<'a> {
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
    fn new(
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
    fn secrets(
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

    fn row(&mut self, one: Listed, fields: &[&Field]) -> Result<RecordRow, OfficeError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_order_is_read_as_it_was_written() {
        let check = |sorted: Value| {
            let last = Listed {
                record: 42,
                division: 0,
                from: Date::BEGINNING,
                to: Date::FOREVER,
                tx: 1,
                label: Value::Null,
                sorted: sorted.clone(),
                values: Vec::new(),
            };
            assert_eq!(cursor(&cursor_text(&last)), Some((sorted, 42)));
        };
        check(Value::Null);
        check(Value::Int(-7));
        check(Value::from("张三.i5"));
        for text in ["", "x", "1.", "1.z9", "1.tffff"] {
            assert_eq!(cursor(text), None, "{text}");
        }
    }
}
