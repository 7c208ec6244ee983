//! Values as people type them become values of a register's fields, read as a cell of such a column would be. All that
//! is wrong is told at once, field by field. Refuses to know what is done with the values.

use crate::deeds::import::{birth_of, field_column, sex_of};
use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::Sight;
use crate::words::{say, word};
use ::pack::CheckedPack;
use ::pack::declare::{Field, RegisterDecl};
use documents::sheet::Cell;
use documents::sheet::value::{ColumnReader, DateContext};
use ledger::Reader;
use vocabulary::{Date, FieldType, Finding, FindingClass, Value};

/// The rank of what a valid ID number gives.
const RANK_GIVEN: u8 = 1;

/// What was typed about one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// By field position; null where the text was empty.
    pub(crate) values: Vec<(usize, Value)>,
    /// Ranks of what was not typed but follows.
    pub(crate) ranks: Vec<(usize, u8)>,
}

/// One thing wrong with a field.
pub(crate) fn wrong(code: &str, register: &RegisterDecl, params: &[(&str, &str)]) -> Finding {
    let mut finding = say(code, FindingClass::Rejected, params);
    finding.register = Some(register.name.clone());
    finding
}

/// A register that is there and is seen; else as if there were none.
pub(crate) fn register_seen(
    reader: &Reader,
    sight: &Sight,
    name: &str,
) -> Result<(usize, RegisterDecl), OfficeError> {
    let registers = reader.registers();
    let seen = || {
        registers
            .iter()
            .enumerate()
            .filter(|(_, register)| sight.sees_register(&register.name))
    };
    if let Some((index, declared)) = seen().find(|(_, register)| register.name == name) {
        return Ok((index, declared.clone()));
    }
    let names: Vec<&str> = seen().map(|(_, register)| &*register.name).collect();
    let nearest = names
        .iter()
        .min_by_key(|known| strsim::damerau_levenshtein(known, name));
    let known = names.join(&word("word.comma", &[]));
    let params = [
        ("register", name),
        ("nearest", nearest.copied().unwrap_or_default()),
        ("known", &known),
    ];
    let finding = say("O107", FindingClass::Rejected, &params);
    Err(OfficeError::Asked(Box::new(finding)))
}

/// A register that people write records of by hand: one of the pack's.
pub(crate) fn register_written(
    reader: &Reader,
    pack: &CheckedPack,
    sight: &Sight,
    name: &str,
) -> Result<(usize, RegisterDecl), OfficeError> {
    let (index, declared) = register_seen(reader, sight, name)?;
    if pack.register(name).is_some() {
        return Ok((index, declared));
    }
    let params = [("register", declared.title.as_str())];
    Err(OfficeError::Asked(Box::new(wrong(
        "O200", &declared, &params,
    ))))
}

/// A field by its name, its title, or another word for it.
pub(crate) fn field_of(
    sight: &Sight,
    register: &RegisterDecl,
    name: &str,
) -> Result<usize, Box<Finding>> {
    let there = |field: &Field| !sight.hides(&register.name, &field.name);
    let is = |field: &Field| (field.name == name || field.title == name) && there(field);
    let also = |field: &Field| field.aliases.iter().any(|alias| alias == name) && there(field);
    let fields = &register.fields;
    let found = fields.iter().position(is);
    found
        .or_else(|| fields.iter().position(also))
        .ok_or_else(|| {
            let known: Vec<String> = fields
                .iter()
                .filter(|field| there(field))
                .map(|field| {
                    let params = [("column", field.name.as_str()), ("title", &field.title)];
                    word("word.column", &params)
                })
                .collect();
            let known = known.join(&word("word.comma", &[]));
            let params = [
                ("register", register.title.as_str()),
                ("field", name),
                ("known", &known),
            ];
            let mut finding = wrong("O201", register, &params);
            finding.field = Some(name.to_owned());
            Box::new(finding)
        })
}

/// A day as typed.
pub(crate) fn day(text: &str) -> Result<Date, Box<Finding>> {
    Date::parse_iso(text.trim())
        .ok_or_else(|| Box::new(say("O103", FindingClass::Rejected, &[("text", text)])))
}

impl Office {
    /// What was typed about a record of a register. `whole`: a new record, which must have what is required.
    pub(crate) fn typed(
        &self,
        reader: &Reader,
        sight: &Sight,
        register: &RegisterDecl,
        texts: &[(String, String)],
        whole: bool,
    ) -> Result<Typed, Vec<Finding>> {
        let pack = self.pack();
        let mut typed = Typed::default();
        let mut faults = Vec::new();
        for (name, text) in texts {
            let read = field_of(sight, register, name).and_then(|at| {
                if typed.values.iter().any(|(known, _)| *known == at) {
                    let params = [("title", register.fields[at].title.as_str())];
                    return Err(Box::new(wrong("O202", register, &params)));
                }
                let value = self.value(reader, sight, &pack, (register, at), text.trim())?;
                Ok((at, value))
            });
            match read {
                Ok(found) => typed.values.push(found),
                Err(mut fault) => {
                    if let Ok(at) = field_of(sight, register, name) {
                        fault.field = Some(register.fields[at].name.clone());
                    }
                    faults.push(*fault);
                }
            }
        }
        if whole {
            typed.values.retain(|(_, value)| !value.is_null());
            for (at, field) in register.fields.iter().enumerate() {
                let has = typed.values.iter().any(|(known, _)| *known == at);
                let named = faults
                    .iter()
                    .any(|fault| fault.field.as_ref() == Some(&field.name));
                if field.required && !has && !named {
                    let params = [
                        ("register", register.title.as_str()),
                        ("title", &field.title),
                    ];
                    let mut fault = wrong("O203", register, &params);
                    fault.field = Some(field.name.clone());
                    faults.push(fault);
                }
            }
        }
        given(register, &mut typed, &mut faults);
        if faults.is_empty() {
            Ok(typed)
        } else {
            Err(faults)
        }
    }

    /// One value; empty text is null.
    pub(crate) fn value(
        &self,
        reader: &Reader,
        sight: &Sight,
        pack: &CheckedPack,
        (register, at): (&RegisterDecl, usize),
        text: &str,
    ) -> Result<Value, Box<Finding>> {
        let field = &register.fields[at];
        let params = [("text", text), ("title", field.title.as_str())];
        if text.is_empty() {
            return Ok(Value::Null);
        }
        let unread = || Box::new(wrong("O204", register, &params));
        match &field.kind {
            FieldType::Division => self
                .division(reader, text)
                .map(Value::Int)
                .map_err(|error| match error {
                    OfficeError::Asked(finding) => finding,
                    _ => unread(),
                }),
            FieldType::Reference(to) => {
                let record = text.trim_start_matches('#').parse().ok();
                let seen = |record: &i64| sight.sees_record(reader, to, *record).unwrap_or(false);
                let there = |record: &i64| {
                    let slices = reader.slices(to, *record, None);
                    slices.is_ok_and(|slices| !slices.is_empty())
                };
                let title = pack.register(to).map_or(to.as_str(), |to| &to.title);
                let params = [
                    ("text", text),
                    ("title", field.title.as_str()),
                    ("register", title),
                ];
                record
                    .filter(there)
                    .filter(seen)
                    .map(Value::Int)
                    .ok_or_else(|| Box::new(wrong("O205", register, &params)))
            }
            FieldType::Code(list) if has_code(pack, list, text) => Ok(Value::from(text)),
            _ => {
                let column = field_column(pack, field);
                let dates = DateContext::default();
                let read = ColumnReader::new(&column, None, dates).read(Cell::text(text));
                let value = read.map(|reading| reading.value).ok();
                value.filter(|value| !value.is_null()).ok_or_else(unread)
            }
        }
    }
}

fn has_code(pack: &CheckedPack, list: &str, text: &str) -> bool {
    let list = pack.code_lists.get(list);
    list.is_some_and(|list| list.code(text).is_some())
}

/// What a valid ID number says of birth and sex, unless it was typed; when it was typed otherwise, one is wrong.
fn given(register: &RegisterDecl, typed: &mut Typed, faults: &mut Vec<Finding>) {
    let mut follow = Vec::new();
    for (at, value) in &typed.values {
        let field = &register.fields[*at];
        let number = value.as_text().unwrap_or_default();
        let gives = [
            (field.gives_birth.as_deref(), birth_of(number)),
            (field.gives_sex.as_deref(), sex_of(number)),
        ];
        for (name, value) in gives {
            let at = name.and_then(|name| register.field_index(name));
            follow.extend(at.zip(value));
        }
    }
    for (at, value) in follow {
        match typed.values.iter().find(|(known, _)| *known == at) {
            None => {
                typed.values.push((at, value));
                typed.ranks.push((at, RANK_GIVEN));
            }
            Some((_, other)) if agrees(&value, other) => {}
            Some(_) => {
                let params = [("title", register.fields[at].title.as_str())];
                let mut fault = wrong("O206", register, &params);
                fault.field = Some(register.fields[at].name.clone());
                faults.push(fault);
            }
        }
    }
}

/// Whether what was typed may be what the number gives: a month without its day is no other birth.
fn agrees(given: &Value, typed: &Value) -> bool {
    match (given, typed) {
        (Value::Int(given), Value::Int(typed)) if typed % 10_000 == 0 => {
            given / 10_000 == typed / 10_000
        }
        (Value::Int(given), Value::Int(typed)) if typed % 100 == 0 => given / 100 == typed / 100,
        (given, typed) => typed.is_null() || given == typed,
    }
}
