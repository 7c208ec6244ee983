//! Which names an expression may use, and of what type they are.

use super::{Type, Unit};
use crate::declare::{CodeList, Crosswalk, ParameterDecl, RegisterDecl};
use std::collections::BTreeMap;
use vocabulary::FieldType;

/// The record that asks others.
pub(crate) const THIS: &str = "this";

/// What the whole pack declares that an expression may name.
#[derive(Clone, Copy)]
pub(crate) struct Catalogue<'a> {
    /// Registers, for references followed with a dot.
    pub(crate) registers: &'a [RegisterDecl],
    /// Code lists, for texts compared with codes.
    pub(crate) lists: &'a BTreeMap<String, CodeList>,
    /// Crosswalks, callable.
    pub(crate) crosswalks: &'a BTreeMap<String, Crosswalk>,
    /// Parameters.
    pub(crate) parameters: &'a BTreeMap<String, ParameterDecl>,
}

/// What the name of a scope is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its type.
    pub(crate) kind: Type,
    /// Money and areas do not mix.
    pub(crate) unit: Unit,
}

impl Named {
    /// A text, as a label and a list need it.
    pub(crate) const TEXT: Named = Named {
        kind: Type::Text,
        unit: Unit::Plain,
    };
}

/// The names of one place in a pack.
pub(crate) enum Names<'a> {
    /// A record of a register: fields, and fields of records referred to.
    Record(&'a RegisterDecl),
    /// A record that is asked by another one, which is `this`.
    Other {
        /// Its register.
        register: &'a RegisterDecl,
        /// The register of the record that asks.
        this: &'a RegisterDecl,
    },
    /// A row of a sheet: columns, labels of earlier records, groups of patterns.
    Row(Vec<(String, Named)>),
    /// Operands of a formula.
    Operands(Vec<String>),
}

/// Names and catalogue together.
pub(crate) struct Scope<'a> {
    /// What the pack declares.
    pub(crate) catalogue: Catalogue<'a>,
    /// The names of the place.
    pub(crate) names: Names<'a>,
}

/// The type of a field's value.
pub(crate) fn named(kind: &FieldType, secret: bool) -> Named {
    let unit = match kind {
        FieldType::Money => Unit::Money,
        FieldType::Area => Unit::Area,
        _ => Unit::Plain,
    };
    let kind = match kind {
        _ if secret => Type::Secret,
        FieldType::Text | FieldType::IdNumber | FieldType::Phone => Type::Text,
        FieldType::Bool => Type::Bool,
        FieldType::Date => Type::Date,
        FieldType::Code(list) => Type::Code(list.clone()),
        FieldType::Reference(register) => Type::Reference(register.clone()),
        FieldType::Division => Type::Division,
        FieldType::Shape(_) => Type::Shape,
        FieldType::Int | FieldType::Decimal(_) | FieldType::Money | FieldType::Area => Type::Int {
            scale: kind.scale(),
        },
    };
    Named { kind, unit }
}

impl Scope<'_> {
    /// Whether this is a formula over figures, where numbers are exact fractions.
    pub(crate) fn is_formula(&self) -> bool {
        matches!(self.names, Names::Operands(_))
    }

    /// The register whose record may ask others; `None`: there is no record, or only a row that is being read.
    pub(crate) fn asking(&self) -> Option<&RegisterDecl> {
        match &self.names {
            Names::Record(register) | Names::Other { register, .. } => Some(register),
            Names::Row(_) | Names::Operands(_) => None,
        }
    }

    /// The type of a single name.
    pub(crate) fn find(&self, name: &str) -> Option<Named> {
        match &self.names {
            Names::Other { this, .. } if name == THIS => Some(Named {
                kind: Type::Reference(this.name.clone()),
                unit: Unit::Plain,
            }),
            Names::Record(register) | Names::Other { register, .. } => register
                .field(name)
                .map(|field| named(&field.kind, field.secret)),
            Names::Row(names) => names
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, named)| named.clone()),
            Names::Operands(names) => names.iter().any(|n| n == name).then_some(Named {
                kind: Type::Number,
                unit: Unit::Plain,
            }),
        }
    }

    /// Every name of the place, and the words of the language that it may use.
    pub(crate) fn all(&self) -> Vec<&str> {
        match &self.names {
            Names::Record(register) | Names::Other { register, .. } => {
                let words = ["at", "valid_from", "division"];
                let this = matches!(self.names, Names::Other { .. }).then_some(THIS);
                register
                    .fields
                    .iter()
                    .map(|field| field.name.as_str())
                    .chain(words)
                    .chain(this)
                    .collect()
            }
            Names::Row(names) => names
                .iter()
                .map(|(name, _)| name.as_str())
                .chain(["at"])
                .collect(),
            Names::Operands(names) => names.iter().map(String::as_str).collect(),
        }
    }

    /// The register of this name.
    pub(crate) fn register(&self, name: &str) -> Option<&RegisterDecl> {
        self.catalogue
            .registers
            .iter()
            .find(|register| register.name == name)
    }
}
