//! Whether an event lies in a period: its whole span must. A date that overlaps the period without lying in it
//! is undecided.

use crate::compile::Scope;
use vocabulary::{Period, Value};

/// The two conditions of an event's date.
#[derive(Debug, Clone)]
pub(crate) struct Inside {
    /// The whole span lies in the period.
    pub(crate) decided: String,
    /// Some of it does, some does not.
    pub(crate) undecided: String,
}

impl Inside {
    /// For a printed date, `yyyymmdd` with `00` for what is missing.
    ///
    /// Dates compare as integers: against a whole day `x`, a partial date is greater than `x` exactly when its first
    /// day is. Its last day is taken as the 32nd or the 1332nd number after it, which lies behind every day of
    /// that month or year and before the next.
    pub(crate) fn of(date: &str, period: Period, scope: &mut Scope) -> Inside {
        let before = scope.bind(Value::Int(period.from.prev().int().into()));
        let last = scope.bind(Value::Int(period.to.prev().int().into()));
        let end = scope.bind(Value::Int(period.to.int().into()));
        let until = format!(
            "CASE WHEN {date} % 100 > 0 THEN {date} WHEN {date} % 10000 > 0 THEN {date} + 32 ELSE {date} + 1332 END"
        );
        Inside {
            decided: format!("({date} > {before} AND {until} < {end})"),
            undecided: format!(
                "({date} <= {last} AND {until} > {before} AND NOT ({date} > {before} AND {until} < {end}))"
            ),
        }
    }
}
