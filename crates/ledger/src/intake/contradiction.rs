//! What two sources say differently about one field of one record (spec: ledger, section 4). Pure.

use crate::fact::{Assertion, Op, Said};
use pack::declare::Field;
use vocabulary::{Date, FieldType, PartialDate, Value};

/// What a source says of a field, and over which days.
pub(crate) struct Statement<'a> {
    pub(crate) value: &'a Value,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) as_of: Date,
    pub(crate) rank: u8,
    pub(crate) source: (&'a str, &'a str),
}

/// A live assertion of another source that does not agree with the statement, and whether the statement counts.
pub(crate) struct Against<'a> {
    pub(crate) assertion: &'a Assertion,
    pub(crate) value: &'a Value,
    pub(crate) statement_counts: bool,
}

/// Finds the first such assertion; none when a person has decided the field.
pub(crate) fn against<'a>(
    field: &Field,
    index: usize,
    statement: &Statement<'_>,
    assertions: &'a [Assertion],
) -> Option<Against<'a>> {
    let live = || assertions.iter().filter(|a| !a.withdrawn);
    let says = |a: &'a Assertion| {
        a.set
            .iter()
            .find(|(i, _)| *i == index)
            .and_then(|(_, said)| match said {
                Said::Value(value) if !value.is_null() => Some(value),
                _ => None,
            })
    };
    let mut decisions: Vec<&Assertion> = live()
        .filter(|a| a.op == Op::Decide && a.set.iter().any(|(i, _)| *i == index))
        .collect();
    decisions.sort_by_key(|a| std::cmp::Reverse((a.from.max(a.as_of), a.tx, a.ord)));
    if let Some(decision) = decisions.first() {
        // A decision closes what was at odds. What changes with time may be news since then: it is asked, because
        // a decision outranks every source and would hide it for ever.
        let news = !field.constant
            && statement.from.max(statement.as_of) > decision.from.max(decision.as_of)
            && statement.to > decision.from;
        let value = says(decision).filter(|value| !agree(field, statement.value, value));
        return value.filter(|_| news).map(|value| Against {
            assertion: decision,
            value,
            statement_counts: false,
        });
    }
    let others = || {
        live()
            .filter(|a| a.op == Op::Assert)
            .filter(|a| (a.source.0.as_str(), a.source.1.as_str()) != statement.source)
            .filter_map(|a| says(a).map(|value| (a, value)))
    };
    // Three sources, two of which agree, are one contradiction: it was named when the second of the pair came.
    let is_named = |against: &Assertion| {
        field.constant
            && others().any(|(a, value)| {
                a.source != against.source && agree(field, statement.value, value)
            })
    };
    let mut found: Vec<Against<'a>> = others()
        .filter(|(a, _)| field.constant || meets(statement, a))
        .filter(|(_, value)| !agree(field, statement.value, value))
        .filter(|(a, _)| !is_named(a))
        .map(|(assertion, value)| Against {
            assertion,
            value,
            statement_counts: counts(field, index, statement, assertion),
        })
        .collect();
    // The one that counts is the one to show: it is what the trace will say.
    found.sort_by_key(|a| (a.statement_counts, a.assertion.tx, a.assertion.ord));
    found.into_iter().next()
}

/// Whether two values may both be true: dates that may be the same day, codes that the field holds for one class.
pub(crate) fn agree(field: &Field, a: &Value, b: &Value) -> bool {
    let class = |v: &Value| v.as_text().and_then(|code| field.agree.get(code));
    if let (Some(a), Some(b)) = (class(a), class(b))
        && a == b
    {
        return true;
    }
    let date = |v: &Value| {
        v.as_int()
            .and_then(|i| i32::try_from(i).ok())
            .map(PartialDate::from_int)
    };
    match (&field.kind, date(a), date(b)) {
        (FieldType::Date, Some(a), Some(b)) => a.agrees(b),
        _ => a == b,
    }
}

/// Whether the spans over which both sources bear witness meet.
fn meets(statement: &Statement<'_>, other: &Assertion) -> bool {
    let span = |from: Date, to: Date, as_of: Date| {
        let witness = as_of.max(from);
        (from, if witness < to { witness } else { to })
    };
    let (a_from, a_last) = span(statement.from, statement.to, statement.as_of);
    let (b_from, b_last) = span(other.from, other.to, other.as_of);
    a_from <= b_last && b_from <= a_last
}

fn counts(field: &Field, index: usize, statement: &Statement<'_>, other: &Assertion) -> bool {
    let witness = |from: Date, as_of: Date| from.max(as_of);
    let mine = (statement.rank, witness(statement.from, statement.as_of));
    let theirs = (other.rank_of(index), witness(other.from, other.as_of));
    let by_name = || statement.source < (other.source.0.as_str(), other.source.1.as_str());
    if field.constant {
        mine.0 < theirs.0
            || (mine.0 == theirs.0 && (mine.1 > theirs.1 || (mine.1 == theirs.1 && by_name())))
    } else {
        mine.1 > theirs.1
            || (mine.1 == theirs.1 && (mine.0 < theirs.0 || (mine.0 == theirs.0 && by_name())))
    }
}
