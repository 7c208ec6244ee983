//! Comparisons of a date with a day that is known when the statement is printed, and of an age with a number,
//! as plain comparisons of the stored integer: a scan has hundreds of them for every record.
//!
//! Against a whole day `x`, a partial date (`00` for what is missing) is greater than `x` exactly when its
//! first day is: `x` has a month and a day, so it lies above the bare year or month whenever it lies within it.

use crate::ask::FiguresError;
use crate::compile::scope::Scope;
use pack::expr::{Binary, Call, Expr};
use vocabulary::{Date, PartialDate, Value};

/// Years beyond which a number is no age and the general print is used.
const OLDEST: i64 = 1000;

impl Scope<'_> {
    /// The condition printed without computing a first day or an age; `None`: there is no shorter print.
    pub(super) fn dated(&mut self, expr: &Expr) -> Result<Option<String>, FiguresError> {
        let whole = self.at().month() > 0 && self.at().day() > 0;
        match expr {
            Expr::Binary(op, left, right) => {
                if let (Some(born), Some(years), true) = (born(left), number(right), whole) {
                    return self.aged(born, *op, years);
                }
                if let (Some(date), Some(day)) = (first_of(left), self.day(right)) {
                    return self.compared(date, *op, day);
                }
                if let (Some(date), Some(day)) = (first_of(right), self.day(left)) {
                    return self.compared(date, turned(*op), day);
                }
                Ok(None)
            }
            Expr::Between(inner, low, high, false) => {
                if let (Some(born), Some(low), Some(high), true) =
                    (born(inner), number(low), number(high), whole)
                {
                    let date = self.value(born)?;
                    let test = self.between(&date, self.years(high + 1), self.years(low));
                    return Ok(Some(self.living(&date, &test)));
                }
                if let (Some(date), Some(low), Some(high)) =
                    (first_of(inner), self.day(low), self.day(high))
                {
                    let date = self.value(date)?;
                    return Ok(Some(self.between(&date, low.prev().int(), high.int())));
                }
                Ok(None)
            }
            Expr::IsNull(inner, wanted) => {
                let (Some(born), true) = (born(inner), whole) else {
                    return Ok(None);
                };
                let (date, at) = (self.value(born)?, self.number(self.at().int()));
                Ok(Some(if *wanted {
                    format!("({date} IS NULL OR {date} > {at})")
                } else {
                    format!("({date} IS NOT NULL AND {date} <= {at})")
                }))
            }
            _ => Ok(None),
        }
    }

    /// `age(date) op years`: of a date after the asked day it is unknown, as the age is.
    fn aged(
        &mut self,
        born: &Expr,
        op: Binary,
        years: i64,
    ) -> Result<Option<String>, FiguresError> {
        let date = self.value(born)?;
        let (younger, older) = (self.years(years + 1), self.years(years));
        let test = match op {
            Binary::GreaterEq => format!("{date} <= {}", self.number(older)),
            Binary::Greater => format!("{date} <= {}", self.number(younger)),
            Binary::LessEq => format!("{date} > {}", self.number(younger)),
            Binary::Less => format!("{date} > {}", self.number(older)),
            Binary::Eq => self.between(&date, younger, older),
            _ => return Ok(None),
        };
        Ok(Some(self.living(&date, &test)))
    }

    /// `first(date) op day`.
    fn compared(
        &mut self,
        date: &Expr,
        op: Binary,
        day: Date,
    ) -> Result<Option<String>, FiguresError> {
        let (sign, day) = match op {
            Binary::LessEq => ("<=", day),
            Binary::Greater => (">", day),
            Binary::Less => ("<=", day.prev()),
            Binary::GreaterEq => (">", day.prev()),
            _ => return Ok(None),
        };
        let date = self.value(date)?;
        Ok(Some(format!("({date} {sign} {})", self.number(day.int()))))
    }

    fn living(&mut self, date: &str, test: &str) -> String {
        format!(
            "CASE WHEN {date} <= {} THEN {test} END",
            self.number(self.at().int())
        )
    }

    fn between(&mut self, date: &str, above: i32, until: i32) -> String {
        let (above, until) = (self.number(above), self.number(until));
        format!("({date} > {above} AND {date} <= {until})")
    }

    fn number(&mut self, day: i32) -> String {
        self.bind(Value::Int(day.into()))
    }

    /// The birthday of those who are so many years old on the asked day.
    fn years(&self, years: i64) -> i32 {
        self.at().int() - i32::try_from(years).unwrap_or(0) * 10_000
    }

    /// A day that is known now.
    fn day(&self, expr: &Expr) -> Option<Date> {
        let int = match expr {
            Expr::At => self.at().int().into(),
            Expr::Literal(Value::Int(int)) => *int,
            Expr::Parameter(name) => self.parameter(name).as_int()?,
            Expr::Call(Call::FirstDay, arguments) => {
                let inner = self.day_int(arguments.first()?)?;
                PartialDate::from_int(inner).first().int().into()
            }
            _ => return None,
        };
        let day = Date::from_int(i32::try_from(int).ok()?);
        // Only days of the calendar: their day before is one, too.
        Date::new(day.year(), day.month(), day.day())
    }

    fn day_int(&self, expr: &Expr) -> Option<i32> {
        let int = match expr {
            Expr::Literal(Value::Int(int)) => *int,
            Expr::Parameter(name) => self.parameter(name).as_int()?,
            Expr::At => self.at().int().into(),
            _ => return None,
        };
        i32::try_from(int).ok()
    }
}

/// The date of an `age(date)` at the asked day.
fn born(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Call(Call::Age, arguments) if arguments.len() == 1 => match &arguments[0] {
            Expr::Call(Call::FirstDay, inner) => inner.first(),
            date => Some(date),
        },
        _ => None,
    }
}

fn first_of(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Call(Call::FirstDay, arguments) => arguments.first(),
        _ => None,
    }
}

fn number(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(Value::Int(int)) if int.abs() < OLDEST => Some(*int),
        _ => None,
    }
}

fn turned(op: Binary) -> Binary {
    match op {
        Binary::Less => Binary::Greater,
        Binary::LessEq => Binary::GreaterEq,
        Binary::Greater => Binary::Less,
        Binary::GreaterEq => Binary::LessEq,
        op => op,
    }
}
