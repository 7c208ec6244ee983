//! Values: integers and text, and nothing else, in the ledger's own units.

use crate::ShapeKind;
use std::fmt;

/// What a field holds. Blank is [`Value::Null`]: unknown. A declared “no” is `Int(0)` of a yes-or-no field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Value {
    /// Unknown.
    #[default]
    Null,
    /// A count, 分, 1/10,000 亩, a record, a division, a yes-or-no, or a date `yyyymmdd`.
    Int(i64),
    /// Text, a code of a list, an ID number.
    Text(String),
}

/// The type of a field; it fixes the unit of the stored integer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldType {
    /// Free text.
    #[default]
    Text,
    /// A whole number.
    Int,
    /// A number with a fixed count of decimals, stored times ten to that power.
    Decimal(u32),
    /// Yes or no: 1 or 0.
    Bool,
    /// A date that may lack day or month: `yyyymmdd` with `00`.
    Date,
    /// Money in 分.
    Money,
    /// Area in 1/10,000 亩 (1 公顷 = 15 亩).
    Area,
    /// A citizen's ID number, GB 11643-1999; 18 characters, upper-case X.
    IdNumber,
    /// A telephone number, kept as typed (masked ones too).
    Phone,
    /// A code of the named list.
    Code(String),
    /// A record of the named register.
    Reference(String),
    /// A node of the place tree.
    Division,
    /// A shape on the ground, as the text of a [`crate::Shape`].
    Shape(ShapeKind),
}

impl FieldType {
    /// Whether the stored form is an integer.
    pub fn is_integer(&self) -> bool {
        !matches!(
            self,
            FieldType::Text
                | FieldType::IdNumber
                | FieldType::Phone
                | FieldType::Code(_)
                | FieldType::Shape(_)
        )
    }

    /// How many stored units make one shown unit: 100 for money in 元, 10,000 for area in 亩.
    pub fn scale(&self) -> i64 {
        match self {
            FieldType::Money => 100,
            FieldType::Area => 10_000,
            FieldType::Decimal(decimals) => 10_i64.pow(*decimals),
            _ => 1,
        }
    }
}

impl Value {
    /// Text, or null when empty.
    pub fn text(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() {
            Value::Null
        } else {
            Value::Text(text)
        }
    }

    /// Whether it is unknown.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The integer, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        if let Value::Int(int) = self {
            Some(*int)
        } else {
            None
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Value {
        Value::Int(int)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Int(yes.into())
    }
}

impl From<crate::PartialDate> for Value {
    fn from(date: crate::PartialDate) -> Value {
        Value::Int(date.int().into())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Int(int) => write!(f, "{int}"),
            Value::Text(text) => f.write_str(text),
        }
    }
}
