//! TOML as nodes that remember their place. Knows nothing of what a pack declares.

use super::source::{Source, Span};
use crate::check::{Sink, rule};
use toml::de::{DeTable, DeValue};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// What it is.
    pub(crate) shape: Shape,
    /// Where.
    pub(crate) at: Span,
}

/// A key and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    /// The key.
    pub(crate) name: String,
    /// Where.
    pub(crate) at: Span,
}

/// The shapes of TOML. Numbers with a point stay text: no float decides a figure.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// A string.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number with decimals, as written.
    Decimal(String),
    /// True or false.
    Bool(bool),
    /// A date or time, as written.
    Moment(String),
    /// An array.
    List(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<(Key, Node)>),
}

impl Shape {
    /// Its name in a sentence.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Shape::Text(_) => "a text",
            Shape::Int(_) => "a whole number",
            Shape::Decimal(_) => "a number with decimals",
            Shape::Bool(_) => "true or false",
            Shape::Moment(_) => "a date without quotes",
            Shape::List(_) => "a list",
            Shape::Table(_) => "a table",
        }
    }
}

/// The file's top-level entries. Syntax errors are reported; what could be read around them is returned.
pub(crate) fn parse(file: usize, source: &Source, sink: &Sink) -> Vec<(Key, Node)> {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let at = Span {
            file,
            start: span.start,
            end: span.end,
        };
        sink.report(
            rule::SYNTAX,
            at,
            format!("this is not TOML: {}", error.message()),
            "correct the line; strings need quotes, tables `[a.b]`, and a key stands once in a table".into(),
        );
    }
    table(file, document.get_ref())
}

fn table(file: usize, table: &DeTable<'_>) -> Vec<(Key, Node)> {
    let mut entries: Vec<(Key, Node)> = table
        .iter()
        .map(|(key, value)| {
            let name = key.get_ref().to_string();
            let key = Key {
                name,
                at: span(file, key.span()),
            };
            (key, node(file, value.get_ref(), span(file, value.span())))
        })
        .collect();
    // The library sorts by key; people read in the order of the file.
    entries.sort_by_key(|(key, _)| key.at.start);
    entries
}

fn node(file: usize, value: &DeValue<'_>, at: Span) -> Node {
    let shape = match value {
        DeValue::String(text) => Shape::Text(text.to_string()),
        DeValue::Integer(int) => match i64::from_str_radix(int.as_str(), int.radix()) {
            Ok(int) => Shape::Int(int),
            Err(_) => Shape::Decimal(int.as_str().to_owned()),
        },
        DeValue::Float(float) => Shape::Decimal(float.as_str().to_owned()),
        DeValue::Boolean(yes) => Shape::Bool(*yes),
        DeValue::Datetime(moment) => Shape::Moment(moment.to_string()),
        DeValue::Array(items) => Shape::List(
            items
                .iter()
                .map(|item| node(file, item.get_ref(), span(file, item.span())))
                .collect(),
        ),
        DeValue::Table(inner) => Shape::Table(table(file, inner)),
    };
    Node { shape, at }
}

fn span(file: usize, range: std::ops::Range<usize>) -> Span {
    Span {
        file,
        start: range.start,
        end: range.end,
    }
}
