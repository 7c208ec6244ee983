//! The records of a register, page by page, and what a page adds up to. The order always ends in the record, so that a
//! page begins where the last one ended, whatever was written meanwhile. Refuses to know who may see what of a record.

use crate::ask::FiguresError;
use crate::compile::{Scope, Slice};
use crate::plan::both;
use crate::run::Board;
use pack::declare::Field;
use pack::expr::Expr;
use vocabulary::{Date, DivisionId, RecordId, Value};

/// Which records, and in what order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listing<'a> {
    /// The register.
    pub register: &'a str,
    /// A condition of the pack's language; unknown satisfies it not.
    pub filter: Option<&'a Expr>,
    /// This record alone.
    pub only: Option<RecordId>,
    /// By a field; `None`: by record, which reads rows as they lie.
    pub sort: Option<Sort<'a>>,
    /// Those behind this place in the order: the last value sorted by, and its record.
    pub after: Option<(&'a Value, RecordId)>,
    /// At most so many.
    pub most: usize,
    /// The fields to be read, by name.
    pub fields: &'a [&'a str],
}

/// The order of a list. What is unknown comes last both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort<'a> {
    /// The field's name.
    pub field: &'a str,
    /// The greatest first.
    pub descending: bool,
}

/// A record of a list, as it was on the asked day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The record.
    pub record: RecordId,
    /// Where it belongs.
    pub division: DivisionId,
    /// First day of what is shown.
    pub from: Date,
    /// First day after it.
    pub to: Date,
    /// The transaction that wrote it.
    pub tx: i64,
    /// Its label, as the register declares it.
    pub label: Value,
    /// The value sorted by; null without an order.
    pub sorted: Value,
    /// The fields asked for. A secret stands as its keyed hash.
    pub values: Vec<Value>,
}

/// What a list adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// How many records.
    pub count: u64,
    /// The sums, in stored units; `None` when no record has a value.
    pub sums: Vec<Option<i64>>,
}

fn scope<'a>(board: &Board<'a>, listing: &Listing<'_>) -> Result<Scope<'a>, FiguresError> {
    let at = board.ask.at;
    board.scope(listing.register, at, Slice::InForce(at), board.ask.within)
}

fn value(scope: &mut Scope, field: &str) -> Result<String, FiguresError> {
    scope.value(&Expr::Name(vec![field.to_owned()]))
}

fn filter(scope: &mut Scope, listing: &Listing<'_>) -> Result<String, FiguresError> {
    let mut text = match listing.filter {
        Some(filter) => scope.condition(filter)?,
        None => String::new(),
    };
    if let Some(record) = listing.only {
        let record = scope.bind(Value::Int(record));
        text = both(&text, &format!("t.record = {record}"));
    }
    Ok(text)
}

/// That a row stands behind the last of the page before.
fn behind(scope: &mut Scope, sorted: Option<(&str, bool)>, last: (&Value, RecordId)) -> String {
    let record = scope.bind(Value::Int(last.1));
    let Some((column, descending)) = sorted else {
        return format!("t.record > {record}");
    };
    if last.0.is_null() {
        return format!("({column} IS NULL AND t.record > {record})");
    }
    let sign = if descending { "<" } else { ">" };
    let value = scope.bind(last.0.clone());
    format!(
        "({column} {sign} {value} OR {column} IS NULL OR ({column} = {value} AND t.record > {record}))"
    )
}

pub(crate) fn list(board: &Board, listing: &Listing<'_>) -> Result<Vec<Listed>, FiguresError> {
    let mut scope = scope(board, listing)?;
    let label = scope.value(&scope.register().label.expr)?;
    let sorted = match listing.sort {
        Some(sort) => Some((value(&mut scope, sort.field)?, sort.descending)),
        None => None,
    };
    let mut columns = format!("t.record, t.division, t.vfrom, t.vto, t.tx, {label}, ");
    columns.push_str(sorted.as_ref().map_or("NULL", |(column, _)| column));
    for field in listing.fields {
        columns.push_str(", ");
        columns.push_str(&value(&mut scope, field)?);
    }
    let mut condition = filter(&mut scope, listing)?;
    let by = sorted.as_ref().map(|(column, down)| (&**column, *down));
    if let Some(last) = listing.after {
        condition = both(&condition, &behind(&mut scope, by, last));
    }
    let rows = scope.rows(Some(&*condition).filter(|text| !text.is_empty()));
    let order = match by {
        None => "t.record".to_owned(),
        Some((column, descending)) => {
            let way = if descending { " DESC" } else { "" };
            format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END, {column}{way}, t.record")
        }
    };
    let most = i64::try_from(listing.most).unwrap_or(i64::MAX);
    let most = scope.bind(Value::Int(most));
    let sql = format!("SELECT {columns}\n{rows}\nORDER BY {order} LIMIT {most}");
    let mut found = Vec::new();
    board.source.query(&sql, scope.params(), &mut |row| {
        let int = |i: usize| row[i].as_int().unwrap_or_default();
        let day = |i: usize| Date::from_int(i32::try_from(int(i)).unwrap_or_default());
        found.push(Listed {
            record: int(0),
            division: int(1),
            from: day(2),
            to: day(3),
            tx: int(4),
            label: row[5].clone(),
            sorted: row[6].clone(),
            values: row[7..].to_vec(),
        });
    })?;
    Ok(found)
}

pub(crate) fn totals(
    board: &Board,
    listing: &Listing<'_>,
    sums: &[&str],
) -> Result<Totals, FiguresError> {
    let mut scope = scope(board, listing)?;
    let mut columns = "COUNT(*)".to_owned();
    for field in sums {
        let declared = scope.register().field(field).filter(|field| adds(field));
        declared.ok_or_else(|| FiguresError::Expression {
            expr: (*field).to_owned(),
            why: "it is no number that adds up".to_owned(),
        })?;
        let value = value(&mut scope, field)?;
        columns.push_str(", ");
        columns.push_str(&scope.sum(&value));
    }
    let condition = filter(&mut scope, listing)?;
    let rows = scope.rows(Some(&*condition).filter(|text| !text.is_empty()));
    let sql = format!("SELECT {columns}\n{rows}");
    let mut totals = Totals {
        count: 0,
        sums: Vec::new(),
    };
    board.source.query(&sql, scope.params(), &mut |row| {
        totals.count = row[0].as_int().map_or(0, i64::unsigned_abs);
        totals.sums = row[1..].iter().map(Value::as_int).collect();
    })?;
    Ok(totals)
}

/// Whether values of a field add up to something.
fn adds(field: &Field) -> bool {
    use vocabulary::FieldType as T;
    matches!(field.kind, T::Int | T::Decimal(_) | T::Money | T::Area)
}
