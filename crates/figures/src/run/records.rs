//! A figure's plan without its aggregate: the same register, slice, filter, part and period, one row a record.

use crate::ask::{FiguresError, When};
use crate::plan::{Conditions, Part, measured, slice_of};
use crate::run::board::Board;
use crate::run::partial::Entry;
use pack::declare::{CodeList, Compute, FigureDecl, Measure};
use pack::expr::{Call, Expr, Type};
use vocabulary::{DivisionId, Value};

/// The records behind an aggregate.
#[derive(Debug, Default)]
pub(crate) struct Behind {
    /// Those with a known measured value, in order: of a list as declared, else of the record.
    pub(crate) entries: Vec<Entry>,
    /// Left out: the measured value is unknown.
    pub(crate) unknown: u64,
    /// Left out: too vague a date.
    pub(crate) undecided: u64,
    /// The register and field whose cell is shown; without a field, the record's first cell.
    pub(crate) field: Option<(String, String)>,
}

/// The records behind an aggregate or one of its members, in a division.
pub(crate) fn behind(
    board: &Board,
    figure: &FigureDecl,
    member: Option<&str>,
    when: When,
    within: Option<DivisionId>,
) -> Result<Behind, FiguresError> {
    let Compute::Aggregate { from, measure, .. } = &figure.compute else {
        return Ok(Behind::default());
    };
    let ask = board.ask.timed(when);
    let within = within.or(board.ask.within);
    let mut scope = board.scope(from, when.at, slice_of(figure, &ask), within)?;
    let part = Part::of(figure.by.as_ref(), member);
    let conditions = Conditions::of(figure, part, &ask, &mut scope)?;

    let label = match measure {
        Measure::List { label, .. } => scope.value(&label.expr)?,
        _ => scope.value(&scope.register().label.expr)?,
    };
    let order = match measure {
        Measure::List {
            order: Some(order), ..
        } => Some(order),
        _ => None,
    };
    let (amount, path) = match measured(measure) {
        Some(typed) => (scope.value(&typed.expr)?, last_path(&typed.expr)),
        None => ("NULL".to_owned(), None),
    };
    let ordered = match (order, measured(measure).map(|typed| &typed.expr)) {
        (Some(order), _) => scope.value(&order.expr)?,
        // Places stand in the order of their codes.
        (None, Some(Expr::Call(Call::PlaceName, division))) => scope.value(&division[0])?,
        (None, _) => "NULL".to_owned(),
    };
    let (owner, field) = match path {
        Some(path) => {
            let (owner, register) = scope.owner(&path)?;
            let field = path.last().cloned().unwrap_or_default();
            (owner, Some((register.name.clone(), field)))
        }
        None => ("t.record".to_owned(), None),
    };
    // The flag tells the records that count from the events that are only too vague.
    let all = conditions.all();
    let (vague, filter) = match conditions.undecided() {
        Some(undecided) => (
            format!("CASE WHEN {undecided} THEN 1 ELSE 0 END"),
            Some(format!("(({all}) OR ({undecided}))")),
        ),
        None => (
            "0".to_owned(),
            (!all.is_empty()).then(|| format!("({all})")),
        ),
    };
    let columns =
        format!("t.record, t.division, t.tx, {label}, {amount}, {ordered}, {owner}, {vague}");
    let rows = scope.rows(filter.as_deref());
    let sql = format!("SELECT {columns}\n{rows}\nORDER BY t.record");
    let codes = order.and_then(|order| match &order.kind {
        Type::Code(list) => board.pack.code_lists.get(list),
        _ => None,
    });
    let mut found = Behind {
        field,
        ..Behind::default()
    };
    board.source.query(&sql, scope.params(), &mut |row| {
        if row[7].as_int() == Some(1) {
            found.undecided += 1;
        } else if row[4].is_null() && measured(measure).is_some() {
            found.unknown += 1;
        } else {
            found.entries.push(entry(row, codes));
        }
    })?;
    if matches!(measure, Measure::List { .. }) {
        // Unknown comes last in a list: `Value` sorts it first.
        let key = |e: &Entry| {
            (
                e.order.is_null(),
                e.order.clone(),
                e.label.clone(),
                e.record,
            )
        };
        found.entries.sort_by_cached_key(key);
    }
    Ok(found)
}

fn entry(row: &[Value], codes: Option<&CodeList>) -> Entry {
    let number = |i: usize| row[i].as_int().unwrap_or_default();
    let order = match codes {
        Some(list) => list
            .codes
            .iter()
            .position(|code| row[5].as_text() == Some(&code.code))
            .and_then(|place| i64::try_from(place).ok())
            .map_or(Value::Null, Value::Int),
        None => row[5].clone(),
    };
    Entry {
        record: number(0),
        division: number(1),
        tx: number(2),
        label: row[3].clone(),
        amount: row[4].clone(),
        order,
        owner: row[6].as_int(),
    }
}

/// The path whose cell shows where a measured value was read: the last one that the expression names, of a `coalesce`
/// the one that comes first.
pub(crate) fn last_path(expr: &Expr) -> Option<Vec<String>> {
    match expr {
        Expr::Name(path) => Some(path.clone()),
        Expr::Unary(_, inner)
        | Expr::IsNull(inner, _)
        | Expr::Like(inner, _, _)
        | Expr::In(inner, _, _)
        | Expr::Between(inner, _, _, _) => last_path(inner),
        Expr::Binary(_, left, right) => last_path(right).or_else(|| last_path(left)),
        Expr::Case(branches, otherwise) => branches
            .iter()
            .rev()
            .find_map(|(_, value)| last_path(value))
            .or_else(|| otherwise.as_ref().and_then(|value| last_path(value))),
        // An age is read from the birth date, whatever day it is counted to.
        Expr::Call(Call::Age, arguments) => arguments.first().and_then(last_path),
        // What is taken in its place is second choice.
        Expr::Call(Call::Coalesce, arguments) => arguments.iter().find_map(last_path),
        Expr::Call(_, arguments) => arguments.iter().rev().find_map(last_path),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pack::expr::Binary;

    #[test]
    fn an_amount_is_read_where_it_is_written_not_where_its_stand_in_would_be() {
        let name = |field: &str| Expr::Name(vec![field.to_owned()]);
        let parts = Expr::Binary(
            Binary::Plus,
            Box::new(name("rent")),
            Box::new(name("other")),
        );
        assert_eq!(last_path(&parts), Some(vec!["other".to_owned()]));
        let total = Expr::Call(Call::Coalesce, vec![name("total"), parts]);
        assert_eq!(last_path(&total), Some(vec!["total".to_owned()]));
    }
}
