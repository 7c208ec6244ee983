//! Parameters: typed values, each in force from a date.

use super::gather::Gathered;
use super::name::name;
use super::register::field_type;
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::{ParameterDecl, ParameterValue};
use crate::expr::number;
use crate::form;
use crate::read::{Node, Shape, Table};
use std::collections::BTreeMap;
use vocabulary::{Date, FieldType, PartialDate, Value};

/// The parameters.
pub(super) fn parameters(
    gathered: &Gathered,
    pack: &CheckedPack,
    sink: &Sink,
) -> BTreeMap<String, ParameterDecl> {
    let mut parameters = BTreeMap::new();
    for (key, table) in gathered.named("parameter", sink) {
        table.known(&form::PARAMETER);
        name(&key.name, key.at, sink);
        let kind = table
            .need_text("type")
            .and_then(|text| field_type(text, pack, &[], sink));
        let kind = kind.unwrap_or(FieldType::Text);
        let period = table.text("period");
        if let Some(period) = period {
            name(period.text, period.at, sink);
            if kind != FieldType::Date {
                let said = "a parameter that begins a period is a date".to_owned();
                sink.report(
                    rule::PARAMETER_VALUE,
                    period.at,
                    said,
                    "write type = \"date\"".into(),
                );
            }
        }
        table.need("values");
        let parameter = ParameterDecl {
            name: key.name.clone(),
            title: table.need_string("title"),
            period_start: period.is_some(),
            period: period.map(|period| period.text.to_owned()),
            values: values(&table, &kind, pack),
            kind,
        };
        parameters.insert(key.name.clone(), parameter);
    }
    parameters
}

fn values(table: &Table<'_>, kind: &FieldType, pack: &CheckedPack) -> Vec<ParameterValue> {
    let sink = table.sink;
    let mut values: Vec<ParameterValue> = Vec::new();
    for node in table.items("values") {
        let Some(entry) = Table::of(node, node.at, "an entry of `values`", sink) else {
            continue;
        };
        entry.known(&form::VALUE);
        let (Some(from), Some(given)) = (entry.need("from"), entry.need("value")) else {
            continue;
        };
        let Some(day) = text(from).and_then(Date::parse_iso) else {
            let said = "`from` is not a day".to_owned();
            sink.report(
                rule::PARAMETER_VALUE,
                from.at,
                said,
                "write from = \"2022-12-31\"".into(),
            );
            continue;
        };
        if values.last().is_some_and(|last| last.from >= day) {
            let said = format!("the value from {day} stands after a later one");
            sink.report(
                rule::PARAMETER_ORDER,
                from.at,
                said,
                "put the oldest value first".into(),
            );
        }
        let Some(value) = value(given, kind, pack) else {
            let said = format!("this is not a value of type {}", type_name(kind));
            let next = format!("write {}", example(kind));
            sink.report(rule::PARAMETER_VALUE, given.at, said, next);
            continue;
        };
        values.push(ParameterValue { from: day, value });
    }
    values
}

/// A text, or a date without quotes.
fn text(node: &Node) -> Option<&str> {
    match &node.shape {
        Shape::Text(text) | Shape::Moment(text) => Some(text),
        _ => None,
    }
}

fn value(node: &Node, kind: &FieldType, pack: &CheckedPack) -> Option<Value> {
    match (kind, &node.shape) {
        (FieldType::Bool, Shape::Bool(yes)) => Some(Value::from(*yes)),
        (FieldType::Date, _) => PartialDate::parse_iso(text(node)?).map(Value::from),
        (FieldType::Text, Shape::Text(text)) => Some(Value::from(text.as_str())),
        (FieldType::Code(list), Shape::Text(text)) => pack
            .code_lists
            .get(list)?
            .code(text)
            .map(|code| Value::from(code.code.as_str())),
        (FieldType::Int | FieldType::Decimal(_) | FieldType::Money | FieldType::Area, shape) => {
            let written = match shape {
                Shape::Int(int) => int.to_string(),
                Shape::Decimal(text) | Shape::Text(text) => text.clone(),
                _ => return None,
            };
            let (negative, digits) = match written.strip_prefix('-') {
                Some(digits) => (true, digits),
                None => (false, written.as_str()),
            };
            let (int, decimals) = number(digits)?;
            let factor = kind.scale() / 10_i64.pow(decimals);
            let stored = (factor > 0).then(|| int.checked_mul(factor)).flatten()?;
            Some(Value::Int(if negative { -stored } else { stored }))
        }
        _ => None,
    }
}

fn type_name(kind: &FieldType) -> String {
    match kind {
        FieldType::Decimal(decimals) => format!("decimal:{decimals}"),
        FieldType::Code(list) => format!("code:{list}"),
        FieldType::Shape(kind) => format!("shape:{kind}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn example(kind: &FieldType) -> String {
    match kind {
        FieldType::Bool => "true or false".into(),
        FieldType::Date => "\"2022-12-31\"".into(),
        FieldType::Code(list) => format!("a code of `{list}` in quotes"),
        FieldType::Text => "a text in quotes".into(),
        FieldType::Int => "a whole number".into(),
        FieldType::Decimal(decimals) => format!("a number with at most {decimals} decimals"),
        FieldType::Money => "yuan with at most 2 decimals".into(),
        FieldType::Area => "mu with at most 4 decimals".into(),
        _ => "a parameter of type text, int, decimal, bool, date, money, area or code".into(),
    }
}
