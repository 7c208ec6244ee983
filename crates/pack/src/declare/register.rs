//! Registers: typed tables of records.

use crate::expr::Typed;
use std::collections::BTreeMap;
use vocabulary::FieldType;

/// A register.
#[derive(Debug, Clone)]
pub struct RegisterDecl {
    /// Stable name, as `staff`; ASCII lower case, digits and `_`.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// What it keeps, in a sentence.
    pub text: String,
    /// Former names; never reused.
    pub was: Vec<String>,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// What identifies a record, in steps: the first key whose parts are all known is used.
    pub keys: Vec<Vec<KeyPart>>,
    /// How mentions of the same subject are found; only on registers of people, households and the like.
    pub identity: Option<Identity>,
    /// Whose key seals the personal fields: the field that refers to the subject, or `None` when the record is
    /// its own subject (or has no personal fields).
    pub subject: Option<String>,
    /// An expression for a record's label in lists and traces, text.
    pub label: Typed,
    /// The role that owns findings about it.
    pub owner: Option<String>,
}

/// A field.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Stable name, ASCII.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// Its type, which fixes the stored unit.
    pub kind: FieldType,
    /// Former names; never reused.
    pub was: Vec<String>,
    /// Other words that headers use for it.
    pub aliases: Vec<String>,
    /// A row without it does not enter.
    pub required: bool,
    /// Sealed in bodies, in clear in derived tables.
    pub personal: bool,
    /// Sealed everywhere; equality and `is null` only.
    pub secret: bool,
    /// One truth for ever, as a birth date: differences are contradictions whatever their dates.
    pub constant: bool,
    /// For an ID number: fields of the same register that a valid number fills (`birth`, `sex`).
    pub gives_birth: Option<String>,
    /// See `gives_birth`; the codes for male and female are those GB/T 2261.1 names `1` and `2`.
    pub gives_sex: Option<String>,
    /// A class for each code: two sources that say codes of one class do not contradict one another. Empty: only equal
    /// codes agree.
    pub agree: BTreeMap<String, String>,
    /// The shown unit, as 万元 or 亩.
    pub unit: Option<String>,
}

/// A part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    /// The value of a field.
    Field(String),
    /// The record's division (`@division`).
    Division,
    /// The running number among rows of the sheet that are otherwise equal (`@ordinal`): rows that may repeat,
    /// as empty seats of one kind.
    Ordinal,
}

/// How mentions of one subject are found to be one. Steps: `sure`; else `name` with the first of `agree` that
/// yields candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// A field that decides alone (a valid ID number). Different values are never merged.
    pub sure: Option<String>,
    /// The field that must be equal in every weaker step.
    pub name: String,
    /// Alternatives in order of strength; each is a set of terms that must all agree: a field (dates agree when
    /// they may be the same month), `@place` (same division) or `@unit` (same register and division or unit).
    pub agree: Vec<Vec<String>>,
}

impl RegisterDecl {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The position of the field.
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Whether any field is sealed.
    pub fn is_personal(&self) -> bool {
        self.fields
            .iter()
            .any(|field| field.personal || field.secret)
    }
}
