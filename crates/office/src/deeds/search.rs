//! Records looked for: a part of a name, its first letters, or a whole number. What a role may not see is not looked
//! through; names are shown in full to roles with `personal` alone.

use super::history::no_register;
use crate::error::OfficeError;
use crate::office::Office;
use crate::policy::Sight;
use ::pack::declare::RegisterDecl;
use ledger::search::{Ask, Fit, Hit, Way};
use ledger::{LedgerError, Reader};
use vocabulary::{Date, DivisionId, FieldType, RecordId, Value};

/// Hits of an answer, unless more or fewer are asked.
const HITS: usize = 20;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchInput {
    /// A part of a name or number, first letters, or a whole ID or telephone number.
    pub words: String,
    /// Only in these registers; none: in all that the role may see.
    pub registers: Vec<String>,
    /// A division, by code or name; none: all that may be seen.
    pub within: Option<String>,
    /// How many at the most; none: twenty.
    pub limit: Option<usize>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// Its register's name.
    pub register: String,
    /// Its register's title.
    pub title: String,
    /// The record.
    pub record: RecordId,
    /// What people call it.
    pub label: String,
    /// Where it is.
    pub division: DivisionId,
    /// What that is called.
    pub place: String,
    /// The field that has what was looked for: its name and its title.
    pub field: (String, String),
    /// What that field says.
    pub text: String,
    /// By what it was found.
    pub way: Way,
    /// How well.
    pub fit: Fit,
    /// The day on which what was found ended; `None`: it goes on.
    pub until: Option<Date>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchReport {
    /// The best first.
    pub hits: Vec<SearchHit>,
    /// There may be others.
    pub more: bool,
}

impl Office {
    /// Looks for records. Needs the deed `search`.
    pub fn search(&self, input: &SearchInput) -> Result<SearchReport, OfficeError> {
        self.may("search")?;
        let reader = self.reader()?;
        let sight = self.sight();
        let registers = looked_through(&reader, &sight, &input.registers)?;
        let within = match &input.within {
            Some(text) => Some(self.division(&reader, text)?),
            None => None,
        };
        let within: Vec<DivisionId> = match within.filter(|id| *id != self.book_id()) {
            Some(id) => vec![id],
            None => sight.divisions().to_vec(),
        };
        let found = reader.search(&Ask {
            words: &input.words,
            registers: &registers,
            within: &within,
            limit: input.limit.unwrap_or(HITS),
        })?;
        // Who may not read a name may not find out by looking for it either.
        let seen = |hit: &&Hit| {
            let register = &reader.registers()[hit.register];
            let field = &register.fields[hit.field];
            sight.shows(field) && !sight.hides(&register.name, &field.name)
        };
        let hits = found.hits.iter().filter(seen);
        let hits = hits.map(|hit| told(&reader, hit, sight.is_open()));
        Ok(SearchReport {
            hits: hits.collect::<Result<_, LedgerError>>()?,
            more: found.more,
        })
    }
}

/// The positions of the registers asked for, or of all that are seen.
fn looked_through(
    reader: &Reader,
    sight: &Sight,
    asked: &[String],
) -> Result<Vec<usize>, OfficeError> {
    let registers = reader.registers().iter().enumerate();
    let seen: Vec<(usize, &RegisterDecl)> = registers
        .filter(|(_, register)| sight.sees_register(&register.name))
        .collect();
    if asked.is_empty() {
        return Ok(seen.into_iter().map(|(at, _)| at).collect());
    }
    let position = |name: &String| {
        let found = seen.iter().find(|(_, register)| register.name == *name);
        found.map(|(at, _)| *at).ok_or_else(|| {
            let names = seen.iter().map(|(_, register)| register.name.as_str());
            no_register(&names.collect::<Vec<_>>(), name)
        })
    };
    asked.iter().map(position).collect()
}

fn told(reader: &Reader, hit: &Hit, open: bool) -> Result<SearchHit, LedgerError> {
    let register = &reader.registers()[hit.register];
    let field = &register.fields[hit.field];
    let hidden = |text: &str, personal: bool| {
        if personal && !open {
            first_only(text)
        } else {
            text.to_owned()
        }
    };
    let label = match label(reader, hit.register, &hit.slice.values)? {
        Some((text, personal)) => hidden(&text, personal),
        None => hit.record.to_string(),
    };
    let text = match &hit.slice.values[hit.field] {
        // Only its keyed hash stands here; who looks knows the number.
        _ if hit.way == Way::Number => String::new(),
        Value::Text(text) => hidden(text, field.personal),
        _ => String::new(),
    };
    let until = hit.slice.to;
    Ok(SearchHit {
        register: register.name.clone(),
        title: register.title.clone(),
        record: hit.record,
        label,
        division: hit.slice.division,
        place: place(reader, hit.slice.division)?,
        field: (field.name.clone(), field.title.clone()),
        text,
        way: hit.way,
        fit: hit.fit,
        until: (until < Date::FOREVER).then_some(until),
    })
}

/// What people call a record with these values, and whether that is personal: by the person it refers to, else by
/// its own text.
fn label(
    reader: &Reader,
    register: usize,
    values: &[Value],
) -> Result<Option<(String, bool)>, LedgerError> {
    let registers = reader.registers();
    for (field, value) in registers[register].fields.iter().zip(values) {
        match (&field.kind, value) {
            (FieldType::Reference(to), Value::Int(record)) => {
                let Some(at) = registers.iter().position(|register| register.name == *to) else {
                    return Ok(None);
                };
                let Some(slice) = reader.slices(to, *record, None)?.pop() else {
                    return Ok(None);
                };
                return label(reader, at, &slice.values);
            }
            (FieldType::Text, Value::Text(text)) => {
                return Ok(Some((text.clone(), field.personal)));
            }
            _ => {}
        }
    }
    Ok(None)
}

/// What a division is called now; its number when it has no name.
fn place(reader: &Reader, division: DivisionId) -> Result<String, LedgerError> {
    let register = ledger::layout::DIVISIONS;
    let at = reader.register_index(register)?;
    let name = reader.registers()[at].field_index("name");
    let slice = reader.slices(register, division, None)?.pop();
    let found = slice.zip(name).and_then(|(slice, name)| {
        let name = slice.values.get(name)?;
        name.as_text().map(str::to_owned)
    });
    Ok(found.unwrap_or_else(|| division.to_string()))
}

/// A name of which only the first character is told.
fn first_only(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(String::from).unwrap_or_default();
    format!("{first}**")
}
