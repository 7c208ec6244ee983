//! Expressions to SQL. Every node can be printed as a value (truth is 1, 0 or null) and as a condition, because
//! PostgreSQL keeps the two apart; SQLite is handed the same text.

use crate::ask::FiguresError;
use crate::compile::scope::Scope;
use ledger::Dialect;
use pack::expr::{Binary, Call, Expr, Gives, Unary};
use vocabulary::Value;

impl Scope<'_> {
    /// The expression as a condition.
    pub fn condition(&mut self, expr: &Expr) -> Result<String, FiguresError> {
        if let Some(text) = self.dated(expr)? {
            return Ok(text);
        }
        Ok(match expr {
            Expr::Unary(Unary::Not, inner) => format!("(NOT {})", self.condition(inner)?),
            Expr::Binary(op @ (Binary::And | Binary::Or), left, right) => {
                let word = if *op == Binary::And { "AND" } else { "OR" };
                format!(
                    "({} {word} {})",
                    self.condition(left)?,
                    self.condition(right)?
                )
            }
            Expr::Binary(op, left, right) if comparison(*op).is_some() => {
                let sign = comparison(*op).expect("asked in the guard");
                let (left, right) = (self.side(left, right)?, self.side(right, left)?);
                format!("({left} {sign} {right})")
            }
            Expr::IsNull(inner, wanted) => {
                let not = if *wanted { "" } else { " NOT" };
                format!("({} IS{not} NULL)", self.value(inner)?)
            }
            Expr::In(_, list, negated) if list.is_empty() => {
                (if *negated { "(1 = 1)" } else { "(1 = 0)" }).to_owned()
            }
            Expr::In(inner, list, negated) => {
                let not = if *negated { " NOT" } else { "" };
                let list = self.values(list)?.join(", ");
                format!("({}{not} IN ({list}))", self.value(inner)?)
            }
            Expr::Between(inner, low, high, negated) => {
                let not = if *negated { " NOT" } else { "" };
                let (low, high) = (self.value(low)?, self.value(high)?);
                format!("({}{not} BETWEEN {low} AND {high})", self.value(inner)?)
            }
            Expr::Like(inner, pattern, negated) => self.like(inner, pattern, *negated)?,
            Expr::Others(others) if others.gives == Gives::Exists => {
                format!("({} > 0)", self.others(others)?)
            }
            _ => format!("({} <> 0)", self.value(expr)?),
        })
    }

    /// The expression as a value.
    pub fn value(&mut self, expr: &Expr) -> Result<String, FiguresError> {
        Ok(match expr {
            Expr::Literal(Value::Null) => "NULL".to_owned(),
            Expr::Literal(value) => self.bind(value.clone()),
            Expr::Name(path) => self.name(path)?,
            Expr::Parameter(name) => {
                let value = self.parameter(name);
                if value.is_null() {
                    "NULL".to_owned()
                } else {
                    self.bind(value)
                }
            }
            Expr::At => self.bind(Value::Int(self.at().int().into())),
            Expr::ValidFrom => "NULLIF(t.vfrom, 0)".to_owned(),
            Expr::Division => "t.division".to_owned(),
            Expr::Record => "t.record".to_owned(),
            Expr::Others(others) if others.gives != Gives::Exists => self.others(others)?,
            Expr::Unary(Unary::Minus, inner) => format!("(- {})", self.value(inner)?),
            Expr::Binary(op, left, right) if arithmetic(*op).is_some() => {
                let sign = arithmetic(*op).expect("asked in the guard");
                format!("({} {sign} {})", self.value(left)?, self.value(right)?)
            }
            Expr::Binary(Binary::Over, ..) => {
                return Err(FiguresError::Expression {
                    expr: "/".to_owned(),
                    why: "division is exact and belongs in formulas over figures".to_owned(),
                });
            }
            Expr::Case(branches, otherwise) => {
                let mut text = "CASE".to_owned();
                for (condition, value) in branches {
                    let (condition, value) = (self.condition(condition)?, self.value(value)?);
                    text.push_str(&format!(" WHEN {condition} THEN {value}"));
                }
                if let Some(value) = otherwise {
                    text.push_str(&format!(" ELSE {}", self.value(value)?));
                }
                text.push_str(" END");
                text
            }
            Expr::Call(call, arguments) => self.call(call, arguments)?,
            // What is left is a condition. It is printed twice because neither store turns unknown into null here.
            _ => {
                let condition = self.condition(expr)?;
                format!("CASE WHEN {condition} THEN 1 WHEN NOT {condition} THEN 0 END")
            }
        })
    }

    /// One side of a comparison; a literal beside a secret field is keyed as the field's column is.
    fn side(&mut self, expr: &Expr, other: &Expr) -> Result<String, FiguresError> {
        if let Expr::Literal(value) = expr
            && let Some(keyed) = self.secret(other, value)
        {
            return Ok(keyed);
        }
        self.value(expr)
    }

    fn values(&mut self, list: &[Expr]) -> Result<Vec<String>, FiguresError> {
        list.iter().map(|item| self.value(item)).collect()
    }

    fn call(&mut self, call: &Call, arguments: &[Expr]) -> Result<String, FiguresError> {
        let values = self.values(arguments)?;
        Ok(match call {
            Call::Age => {
                let born = first_day(&values[0]);
                let day = match values.get(1) {
                    Some(day) => first_day(day),
                    None => self.bind(Value::Int(self.at().int().into())),
                };
                format!("CASE WHEN {day} >= {born} THEN ({day} - {born}) / 10000 END")
            }
            Call::Months | Call::Days => {
                let from = first_day(&values[0]);
                let to = match values.get(1) {
                    Some(day) => first_day(day),
                    None => self.bind(Value::Int(self.at().int().into())),
                };
                let counted = if *call == Call::Days { days } else { months };
                once(&[&from, &to], |names| {
                    let (from, to) = (names[0].as_str(), names[1].as_str());
                    format!("CASE WHEN {to} >= {from} THEN {} END", counted(from, to))
                })
            }
            Call::LastDay => once(&[&values[0]], |names| last_day(&names[0])),
            Call::PlaceName => self.place_name(&values[0]),
            Call::FirstDay => match arguments[0] {
                Expr::At | Expr::ValidFrom => values[0].clone(),
                _ => first_day(&values[0]),
            },
            Call::Year => format!("({} / 10000)", values[0]),
            Call::Coalesce => format!("COALESCE({})", values.join(", ")),
            Call::Least | Call::Greatest => self.extreme(*call == Call::Greatest, &values),
            Call::Concat => {
                let texts: Vec<String> = values
                    .iter()
                    .map(|v| format!("COALESCE(CAST({v} AS TEXT), '')"))
                    .collect();
                format!("({})", texts.join(" || "))
            }
            Call::Crosswalk { map, .. } | Call::Title { map } => self.mapped(&values[0], map),
            Call::ByOrder { codes, greatest } => {
                let places: Vec<String> = values
                    .iter()
                    .map(|value| self.place_in(value, codes))
                    .collect();
                let extreme = self.extreme(*greatest, &places);
                let mut text = format!("CASE {extreme}");
                for (place, code) in codes.iter().enumerate() {
                    let code = self.bind(Value::Text(code.clone()));
                    text.push_str(&format!(" WHEN {place} THEN {code}"));
                }
                text.push_str(" END");
                text
            }
        })
    }

    /// The least or greatest of the known. SQLite's answer is null when one argument is, so each argument falls
    /// back on the others.
    fn extreme(&self, greatest: bool, values: &[String]) -> String {
        if let [only] = values {
            return only.clone();
        }
        let word = match (self.dialect(), greatest) {
            (Dialect::Sqlite, false) => "MIN",
            (Dialect::Sqlite, true) => "MAX",
            (Dialect::Postgres, false) => "LEAST",
            (Dialect::Postgres, true) => "GREATEST",
        };
        let rotations: Vec<String> = (0..values.len())
            .map(|i| {
                let turned = values[i..]
                    .iter()
                    .chain(&values[..i])
                    .cloned()
                    .collect::<Vec<_>>();
                format!("COALESCE({})", turned.join(", "))
            })
            .collect();
        format!("{word}({})", rotations.join(", "))
    }

    fn mapped(&mut self, value: &str, map: &[(String, String)]) -> String {
        if map.is_empty() {
            return "NULL".to_owned();
        }
        let mut text = format!("CASE {value}");
        for (from, to) in map {
            let (from, to) = (
                self.bind(Value::Text(from.clone())),
                self.bind(Value::Text(to.clone())),
            );
            text.push_str(&format!(" WHEN {from} THEN {to}"));
        }
        text.push_str(" END");
        text
    }

    fn place_in(&mut self, value: &str, codes: &[String]) -> String {
        let mut text = format!("CASE {value}");
        for (place, code) in codes.iter().enumerate() {
            let code = self.bind(Value::Text(code.clone()));
            text.push_str(&format!(" WHEN {code} THEN {place}"));
        }
        text.push_str(" END");
        text
    }

    /// Case counts. SQLite's LIKE ignores it, its GLOB does not; PostgreSQL's LIKE takes `\` as an escape
    /// unless told otherwise.
    fn like(&mut self, inner: &Expr, pattern: &str, negated: bool) -> Result<String, FiguresError> {
        let value = self.value(inner)?;
        let not = if negated { "NOT " } else { "" };
        Ok(match self.dialect() {
            Dialect::Sqlite => {
                let pattern = self.bind(Value::Text(glob(pattern)));
                format!("({value} {not}GLOB {pattern})")
            }
            Dialect::Postgres => {
                let pattern = self.bind(Value::Text(pattern.to_owned()));
                format!("({value} {not}LIKE {pattern} ESCAPE '')")
            }
        })
    }
}

/// The first day that a partial date may be, `yyyymmdd`.
fn first_day(date: &str) -> String {
    format!(
        "CASE WHEN {date} % 100 > 0 THEN {date} WHEN {date} % 10000 > 0 THEN {date} + 1 ELSE {date} + 101 END"
    )
}

/// The last day that a partial date may mean.
fn last_day(date: &str) -> String {
    let month = format!("{date} / 100 % 100");
    let leap = format!(
        "({date} / 10000 % 4 = 0 AND {date} / 10000 % 100 <> 0 OR {date} / 10000 % 400 = 0)"
    );
    format!(
        "CASE WHEN {date} % 100 > 0 THEN {date} WHEN {month} = 0 THEN {date} + 1231 \
         WHEN {month} IN (4, 6, 9, 11) THEN {date} + 30 WHEN {month} <> 2 THEN {date} + 31 \
         WHEN {leap} THEN {date} + 29 ELSE {date} + 28 END"
    )
}

/// Completed months between two whole days.
fn months(from: &str, to: &str) -> String {
    let count = |day: &str| format!("({day} / 10000 * 12 + {day} / 100 % 100)");
    format!(
        "{} - {} - CASE WHEN {to} % 100 < {from} % 100 THEN 1 ELSE 0 END",
        count(to),
        count(from)
    )
}

/// Days between two whole days.
fn days(from: &str, to: &str) -> String {
    // The number of a day, as of a year that begins in March: whole numbers alone, the same in both stores.
    let number = |day: &str| {
        let (year, month) = (format!("({day} / 10000)"), format!("({day} / 100 % 100)"));
        let begun = format!("({year} - CASE WHEN {month} < 3 THEN 1 ELSE 0 END)");
        format!(
            "({day} % 100 + (153 * (({month} + 9) % 12) + 2) / 5 + 365 * {begun} + {begun} / 4 - {begun} / 100 + {begun} / 400)"
        )
    };
    format!("{} - {}", number(to), number(from))
}

/// A print that says its arguments often: what is more than a name is computed once, and named.
fn once(values: &[&str], print: impl Fn(&[String]) -> String) -> String {
    let plain = |value: &str| !value.contains([' ', '(']);
    if values.iter().all(|value| plain(value)) {
        let names: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        return print(&names);
    }
    let names: Vec<String> = (1..=values.len()).map(|n| format!("o.v{n}")).collect();
    let columns: Vec<String> = (1..=values.len())
        .zip(values)
        .map(|(n, value)| format!("{value} AS v{n}"))
        .collect();
    let (text, columns) = (print(&names), columns.join(", "));
    format!("(SELECT {text} FROM (SELECT {columns}) o)")
}

fn comparison(op: Binary) -> Option<&'static str> {
    Some(match op {
        Binary::Eq => "=",
        Binary::NotEq => "<>",
        Binary::Less => "<",
        Binary::LessEq => "<=",
        Binary::Greater => ">",
        Binary::GreaterEq => ">=",
        _ => return None,
    })
}

fn arithmetic(op: Binary) -> Option<&'static str> {
    Some(match op {
        Binary::Plus => "+",
        Binary::Minus => "-",
        Binary::Times => "*",
        Binary::Join => "||",
        _ => return None,
    })
}

/// A LIKE pattern as a GLOB pattern.
fn glob(pattern: &str) -> String {
    let mut out = String::new();
    for c in pattern.chars() {
        match c {
            '%' => out.push('*'),
            '_' => out.push('?'),
            '*' | '?' | '[' => {
                out.push('[');
                out.push(c);
                out.push(']');
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_pattern_is_escaped_for_glob() {
        assert_eq!(glob("%书记_[a]*?"), "*书记?[[]a][*][?]");
    }
}
