//! Effective-dated parameters: thresholds, dates, names of periods. Data, never constants in code.

use vocabulary::{Date, FieldType, Value};

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterDecl {
    /// Stable name.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// Its type.
    pub kind: FieldType,
    /// A named period: `--period NAME` runs from this parameter's date to the asked date.
    pub period_start: bool,
    /// The NAME of that period, as `term`; `Some` exactly when `period_start`.
    pub period: Option<String>,
    /// Its values, oldest first.
    pub values: Vec<ParameterValue>,
}

/// A value from a date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterValue {
    /// True from.
    pub from: Date,
    /// The value in the ledger's unit.
    pub value: Value,
}

impl ParameterDecl {
    /// The value in force at a date.
    pub fn at(&self, date: Date) -> Value {
        self.values
            .iter()
            .rev()
            .find(|v| v.from <= date)
            .map_or(Value::Null, |v| v.value.clone())
    }
}
