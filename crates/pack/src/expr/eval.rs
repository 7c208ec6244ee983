//! The evaluator for a row in hand. The semantics are written in the module above; the figures room prints
//! the same tree as SQL and is held equal to this one by random tests.

use super::truth::{and, any, or};
use super::{Binary, Call, Expr, Gives, Others, Unary};
use std::cmp::Ordering;
use vocabulary::{Date, PartialDate, Value};

/// A row in hand: a record, or a row of a sheet that is being read.
pub trait Row {
    /// The value of a field, a column or a label; of a field of a record referred to when the path is longer.
    fn name(&self, path: &[String]) -> Value;
    /// The value of a parameter of the pack at the asked date.
    fn parameter(&self, name: &str) -> Value;
    /// The date the question is asked with.
    fn at(&self) -> Date;
    /// The record's own valid-from date; [`Date::BEGINNING`] is an unknown past and evaluates to unknown.
    fn valid_from(&self) -> Date;
    /// The record's division.
    fn division(&self) -> Value;
    /// The name of a division; null when nobody knows it.
    fn place_name(&self, division: i64) -> Value;
    /// The record's number; null for a row that is no record yet.
    fn record(&self) -> Value {
        Value::Null
    }
    /// The records of a register at the asked date. A row that is being read sees none: the checker refuses to ask
    /// there.
    fn others(&self, register: &str) -> Vec<&dyn Row> {
        let _ = register;
        Vec::new()
    }
}

/// The value of an expression for a row. Truth is 1, falsehood 0, unknown null.
pub fn eval(expr: &Expr, row: &dyn Row) -> Value {
    match expr {
        Expr::Literal(value) => value.clone(),
        Expr::Name(path) => row.name(path),
        Expr::Parameter(name) => row.parameter(name),
        Expr::At => Value::Int(row.at().int().into()),
        Expr::ValidFrom if row.valid_from() == Date::BEGINNING => Value::Null,
        Expr::ValidFrom => Value::Int(row.valid_from().int().into()),
        Expr::Division => row.division(),
        Expr::Record => row.record(),
        Expr::Others(others) => asked(others, row),
        Expr::Unary(Unary::Not, inner) => from_truth(truth(&eval(inner, row)).map(|t| !t)),
        Expr::Unary(Unary::Minus, inner) => {
            from_int(eval(inner, row).as_int().and_then(i64::checked_neg))
        }
        Expr::Binary(op, left, right) => binary(*op, left, right, row),
        Expr::IsNull(inner, wanted) => Value::from(eval(inner, row).is_null() == *wanted),
        Expr::In(inner, list, negated) => {
            let value = eval(inner, row);
            let found = any(list.iter().map(|item| equal(&value, &eval(item, row))));
            from_truth(found.map(|found| found != *negated))
        }
        Expr::Between(inner, low, high, negated) => {
            let value = eval(inner, row);
            let above = compare(&value, &eval(low, row)).map(Ordering::is_ge);
            let below = compare(&value, &eval(high, row)).map(Ordering::is_le);
            from_truth(and(above, below).map(|inside| inside != *negated))
        }
        Expr::Like(inner, pattern, negated) => match eval(inner, row) {
            Value::Text(text) => Value::from(like(&text, pattern) != *negated),
            _ => Value::Null,
        },
        Expr::Case(branches, otherwise) => branches
            .iter()
            .find(|(condition, _)| truth(&eval(condition, row)) == Some(true))
            .map(|(_, value)| eval(value, row))
            .or_else(|| otherwise.as_ref().map(|value| eval(value, row)))
            .unwrap_or_default(),
        Expr::Call(call, arguments) => function(call, arguments, row),
    }
}

/// What the others say: those that are tied to the row and satisfy the filter.
fn asked(others: &Others, row: &dyn Row) -> Value {
    let ours: Vec<Value> = others
        .keys
        .iter()
        .map(|(_, ours)| eval(ours, row))
        .collect();
    let mut tied = row.others(&others.register).into_iter().filter(|other| {
        let theirs = others.keys.iter().map(|(theirs, _)| eval(theirs, *other));
        theirs
            .zip(&ours)
            .all(|(theirs, ours)| equal(&theirs, ours) == Some(true))
            && others
                .filter
                .as_ref()
                .is_none_or(|filter| truth(&eval(filter, *other)) == Some(true))
    });
    match &others.gives {
        Gives::Exists => Value::from(tied.next().is_some()),
        Gives::Count => from_int(i64::try_from(tied.count()).ok()),
        Gives::Sum(of) => {
            let mut sum = Some(0_i64);
            for other in tied {
                let amount = eval(of, other).as_int();
                sum = sum
                    .zip(amount)
                    .and_then(|(sum, amount)| sum.checked_add(amount));
            }
            from_int(sum)
        }
        Gives::Least(of) | Gives::Greatest(of) => {
            let known = tied
                .map(|other| eval(of, other))
                .filter(|value| !value.is_null());
            let extreme = match &others.gives {
                Gives::Least(_) => known.min(),
                _ => known.max(),
            };
            extreme.unwrap_or_default()
        }
    }
}

fn binary(op: Binary, left: &Expr, right: &Expr, row: &dyn Row) -> Value {
    let (left, right) = (eval(left, row), eval(right, row));
    let ordered = |keep: fn(Ordering) -> bool| from_truth(compare(&left, &right).map(keep));
    let integers = |work: fn(i64, i64) -> Option<i64>| match (&left, &right) {
        (Value::Int(l), Value::Int(r)) => from_int(work(*l, *r)),
        _ => Value::Null,
    };
    match op {
        Binary::And => from_truth(and(truth(&left), truth(&right))),
        Binary::Or => from_truth(or(truth(&left), truth(&right))),
        Binary::Eq => ordered(Ordering::is_eq),
        Binary::NotEq => ordered(Ordering::is_ne),
        Binary::Less => ordered(Ordering::is_lt),
        Binary::LessEq => ordered(Ordering::is_le),
        Binary::Greater => ordered(Ordering::is_gt),
        Binary::GreaterEq => ordered(Ordering::is_ge),
        Binary::Plus => integers(i64::checked_add),
        Binary::Minus => integers(i64::checked_sub),
        Binary::Times => integers(i64::checked_mul),
        // The checker lets `/` into formulas over figures only, which `eval_exact` computes.
        Binary::Over => Value::Null,
        Binary::Join => match (&left, &right) {
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (left, right) => Value::Text(format!("{left}{right}")),
        },
    }
}

fn function(call: &Call, arguments: &[Expr], row: &dyn Row) -> Value {
    let mut values = arguments.iter().map(|argument| eval(argument, row));
    let mapped = |map: &[(String, String)], value: Option<Value>| {
        let code = value.unwrap_or_default();
        let found = code
            .as_text()
            .and_then(|code| map.iter().find(|(from, _)| from == code));
        found.map_or(Value::Null, |(_, to)| Value::Text(to.clone()))
    };
    match call {
        Call::Age => {
            let born = values.next().unwrap_or_default();
            let at = values
                .next()
                .unwrap_or_else(|| Value::Int(row.at().int().into()));
            age(&born, &at)
        }
        Call::Months | Call::Days => {
            let from = values.next().unwrap_or_default();
            let to = values
                .next()
                .unwrap_or_else(|| Value::Int(row.at().int().into()));
            match (day(&from), day(&to)) {
                (Some(from), Some(to)) if from > to => Value::Null,
                (Some(from), Some(to)) if *call == Call::Days => Value::Int(to.days_since(from)),
                (Some(from), Some(to)) => Value::Int(months(from, to)),
                _ => Value::Null,
            }
        }
        Call::LastDay => last_day(&values.next().unwrap_or_default()),
        Call::PlaceName => values
            .next()
            .and_then(|value| value.as_int())
            .map_or(Value::Null, |division| row.place_name(division)),
        Call::Year => from_int(
            values
                .next()
                .unwrap_or_default()
                .as_int()
                .map(|date| date / 10_000),
        ),
        Call::FirstDay => first_day(&values.next().unwrap_or_default()),
        Call::Coalesce => values.find(|value| !value.is_null()).unwrap_or_default(),
        Call::Least => values
            .filter(|value| !value.is_null())
            .min()
            .unwrap_or_default(),
        Call::Greatest => values
            .filter(|value| !value.is_null())
            .max()
            .unwrap_or_default(),
        Call::Concat => Value::Text(values.map(|value| value.to_string()).collect()),
        Call::Crosswalk { map, .. } | Call::Title { map } => mapped(map, values.next()),
        Call::ByOrder { codes, greatest } => {
            let places = values.filter_map(|value| {
                let code = value.as_text()?.to_owned();
                codes.iter().position(|listed| *listed == code)
            });
            let place = if *greatest {
                places.max()
            } else {
                places.min()
            };
            place.map_or(Value::Null, |place| Value::Text(codes[place].clone()))
        }
    }
}

fn age(born: &Value, at: &Value) -> Value {
    let (Some(born), Some(at)) = (first_day(born).as_int(), first_day(at).as_int()) else {
        return Value::Null;
    };
    let years = (at - born).div_euclid(10_000);
    if years < 0 {
        Value::Null
    } else {
        Value::Int(years)
    }
}

fn first_day(date: &Value) -> Value {
    day(date).map_or(Value::Null, |day| Value::Int(day.int().into()))
}

fn last_day(date: &Value) -> Value {
    partial(date).map_or(Value::Null, |date| {
        Value::Int(date.end().prev().int().into())
    })
}

/// The first day that a date may mean.
fn day(date: &Value) -> Option<Date> {
    partial(date).map(PartialDate::first)
}

fn partial(date: &Value) -> Option<PartialDate> {
    let int = i32::try_from(date.as_int()?).ok()?;
    Some(PartialDate::from_int(int))
}

/// Completed months: a month that began on the 31st is completed on the 31st, or on the first of the next.
fn months(from: Date, to: Date) -> i64 {
    let count = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    count(to) - count(from) - i64::from(to.day() < from.day())
}

/// Whether a value is true; `None` is unknown.
pub fn truth(value: &Value) -> Option<bool> {
    value.as_int().map(|int| int != 0)
}

fn from_truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::from)
}

fn from_int(int: Option<i64>) -> Value {
    int.map_or(Value::Null, Value::Int)
}

fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(l), Value::Int(r)) => Some(l.cmp(r)),
        // By bytes of UTF-8, as SQLite's BINARY and PostgreSQL's "C" collation.
        (Value::Text(l), Value::Text(r)) => Some(l.as_bytes().cmp(r.as_bytes())),
        _ => None,
    }
}

fn equal(left: &Value, right: &Value) -> Option<bool> {
    compare(left, right).map(Ordering::is_eq)
}

/// `%` is any run of characters, `_` one character; case as written.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    // Where to go on after the last `%` when the literal part behind it fails.
    let mut resume: Option<(usize, usize)> = None;
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '%' {
            resume = Some((t, p + 1));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '_' || pattern[p] == text[t]) {
            t += 1;
            p += 1;
        } else if let Some((from, after)) = resume {
            resume = Some((from + 1, after));
            t = from + 1;
            p = after;
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_by_character() {
        for (text, pattern, matches) in [
            ("李家沟村", "%沟_", true),
            ("李家沟村", "李%", true),
            ("李家沟村", "沟", false),
            ("", "%", true),
            ("", "_", false),
            ("aab", "%ab", true),
            ("Ab", "ab", false),
        ] {
            assert_eq!(like(text, pattern), matches, "{text} like {pattern}");
        }
    }

    #[test]
    fn ages_follow_the_first_possible_day() {
        let age_of = |born, at| age(&Value::Int(born), &Value::Int(at));
        assert_eq!(age_of(19_800_000, 20_221_231), Value::Int(42));
        assert_eq!(age_of(19_801_200, 20_221_130), Value::Int(41));
        assert_eq!(age_of(20_230_101, 20_221_231), Value::Null);
    }
}
