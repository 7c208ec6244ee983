//! Columns: what field each is, or its own type and words.

use crate::CheckedPack;
use crate::check::name::usable;
use crate::check::register::{field_type, register_named};
use crate::check::{Sink, rule};
use crate::declare::{Across, Column, Field, Reads};
use crate::form;
use crate::read::{Key, Node, Shape, Table, Text, wrong};
use vocabulary::FieldType;

/// The columns of a sheet.
pub(super) fn columns(table: &Table<'_>, pack: &CheckedPack) -> Vec<Column> {
    let sink = table.sink;
    let entries = table.entries("columns").iter();
    entries
        .filter_map(|(key, node)| column(key, node, pack, sink))
        .collect()
}

fn column(key: &Key, node: &Node, pack: &CheckedPack, sink: &Sink) -> Option<Column> {
    usable(&key.name, key.at, sink);
    let entries = match &node.shape {
        Shape::Text(text) => {
            let found = field(Text { text, at: node.at }, pack, sink)?;
            return Some(of_field(&key.name, text, found, Vec::new()));
        }
        Shape::Table(entries) => entries,
        _ => {
            let what = format!("the column `{}`", key.name);
            wrong(
                sink,
                node,
                &what,
                "\"register.field\" or a table { is = …, names = … }",
            );
            return None;
        }
    };
    let table = Table {
        entries,
        at: key.at,
        sink,
    };
    table.known(&form::COLUMN);
    let names = table.strings("names");
    let mut column = match (table.text("is"), table.text("type")) {
        (Some(is), None) => of_field(&key.name, is.text, field(is, pack, sink)?, names),
        (None, Some(kind)) => {
            table.need("names");
            let registers: Vec<&str> = pack.registers.iter().map(|r| r.name.as_str()).collect();
            let kind = field_type(kind, pack, &registers, sink)?;
            plain(&key.name, kind, names)
        }
        _ => {
            let said = format!(
                "the column `{}` has neither or both of `is` and `type`",
                key.name
            );
            let next = "write is = \"register.field\" for a field, or type = … and names = […]";
            sink.report(rule::COLUMN_SOURCE, key.at, said, next.into());
            return None;
        }
    };
    column.required = table.flag("required", false);
    column.fill_down = word(&table, "fill", "down");
    column.blank_is_no = word(&table, "blank", "no");
    if column.blank_is_no && column.kind != FieldType::Bool {
        let said = format!(
            "`blank` makes “no” of an empty cell, `{}` is not of type bool",
            key.name
        );
        let at = table.key("blank").map_or(key.at, |key| key.at);
        sink.report(
            rule::CHOICE,
            at,
            said,
            "write type = \"bool\", or leave `blank` out".into(),
        );
    }
    column.reads = reads(&table, &column.kind);
    column.across = across(&table, &column);
    Some(column)
}

/// Which part of a wide table the column is.
fn across(table: &Table<'_>, column: &Column) -> Option<Across> {
    let text = table.text("across")?;
    let report = |said: String, next: &str| {
        table.sink.report(rule::ACROSS, text.at, said, next.into());
    };
    let across = match text.text {
        "key" => Across::Key,
        "value" => Across::Value,
        other => {
            let said = format!("`across` does not know `{other}`");
            let there = ["key", "value"];
            table
                .sink
                .unknown(rule::CHOICE, text.at, said, other, there);
            return None;
        }
    };
    for key in ["fill", "blank", "reads"] {
        if table.key(key).is_some() {
            let said = format!("`{key}` does not go with a column of a wide table");
            report(said, &format!("leave `{key}` out"));
        }
    }
    let (name, kind) = (&column.name, &column.kind);
    use FieldType::{Area, Code, Date, Decimal, Int, Money, Text};
    match across {
        Across::Key if !matches!(kind, Code(_) | Int | Date | Text) => report(
            format!("no header can say `{name}`"),
            "a key is of type code:LIST, of type int or date for a year, or of type text with its words in names",
        ),
        Across::Value if !matches!(kind, Int | Decimal(_) | Money | Area) => report(
            format!("the value `{name}` is no number"),
            "a value is of type int, decimal, money or area; what is text stays a column of its own",
        ),
        _ => {}
    }
    Some(across)
}

/// What the column holds beyond its type.
fn reads(table: &Table<'_>, kind: &FieldType) -> Option<Reads> {
    let text = table.text("reads")?;
    let reads = match text.text {
        "longitude" => Reads::Longitude,
        "latitude" => Reads::Latitude,
        "heading" => return heading(table, text, kind),
        "geometry" => return of_shape(table, text, kind, Reads::Geometry),
        "area" => return of_shape(table, text, kind, Reads::Area),
        "length" => return of_shape(table, text, kind, Reads::Length),
        other => {
            let said = format!("`reads` does not know `{other}`");
            let next = "write reads = \"longitude\", \"latitude\", \"heading\", \"geometry\", \"area\" or \"length\"";
            table.sink.report(rule::CHOICE, text.at, said, next.into());
            return None;
        }
    };
    if !matches!(kind, FieldType::Decimal(_)) {
        let said = format!("`reads = \"{}\"` asks for degrees", text.text);
        let next = "write type = \"decimal:6\", or leave `reads` out";
        table.sink.report(rule::CHOICE, text.at, said, next.into());
        return None;
    }
    Some(reads)
}

/// A column that the shape of a layer's feature says, of a type that holds it.
fn of_shape(table: &Table<'_>, text: Text<'_>, kind: &FieldType, reads: Reads) -> Option<Reads> {
    let sink = table.sink;
    let (fits, next) = match reads {
        Reads::Area => (*kind == FieldType::Area, "write type = \"area\""),
        Reads::Length => (
            matches!(kind, FieldType::Int | FieldType::Decimal(0..=3)),
            "write type = \"int\" or \"decimal:1\": metres",
        ),
        _ => (
            matches!(kind, FieldType::Shape(_)),
            "write type = \"shape:area\", \"shape:line\" or \"shape:point\"",
        ),
    };
    if !fits {
        let said = format!("`reads = \"{}\"` does not fit the column's type", text.text);
        sink.report(rule::LAYER, text.at, said, next.into());
        return None;
    }
    for key in ["fill", "blank", "across"] {
        if let Some(found) = table.key(key) {
            let said = format!("`{key}` is said of cells, a shape has none");
            let next = format!("leave `{key}` or `reads` out");
            sink.report(rule::LAYER, found.at, said, next);
        }
    }
    Some(reads)
}

/// A column that the heading says: a code or one of its words, and nothing about cells.
fn heading(table: &Table<'_>, text: Text<'_>, kind: &FieldType) -> Option<Reads> {
    let sink = table.sink;
    if !matches!(kind, FieldType::Code(_) | FieldType::Text) {
        let said =
            "`reads = \"heading\"` finds a code or a text, this column is neither".to_owned();
        let next = "write type = \"code:LIST\" or \"text\", or leave `reads` out";
        sink.report(rule::CHOICE, text.at, said, next.into());
        return None;
    }
    for key in ["required", "fill", "blank", "across"] {
        if let Some(found) = table.key(key) {
            let said = format!("`{key}` is said of cells, this column has none");
            sink.report(
                rule::CHOICE,
                found.at,
                said,
                format!("leave `{key}` or `reads` out"),
            );
        }
    }
    Some(Reads::Heading)
}

/// Whether a key says its one word.
fn word(table: &Table<'_>, key: &str, one: &str) -> bool {
    let Some(text) = table.text(key) else {
        return false;
    };
    if text.text != one {
        let said = format!("`{key}` is `{one}` or left out");
        table.sink.report(
            rule::CHOICE,
            text.at,
            said,
            format!("write {key} = \"{one}\""),
        );
    }
    text.text == one
}

fn plain(name: &str, kind: FieldType, names: Vec<String>) -> Column {
    Column {
        name: name.to_owned(),
        field: None,
        kind,
        names,
        required: false,
        fill_down: false,
        blank_is_no: false,
        reads: None,
        across: None,
    }
}

/// A column that is a field: its own words first, then the field's.
fn of_field(name: &str, is: &str, field: &Field, mut names: Vec<String>) -> Column {
    for word in std::iter::once(&field.title).chain(&field.aliases) {
        if !names.contains(word) {
            names.push(word.clone());
        }
    }
    let register = is.split('.').next().unwrap_or_default().to_owned();
    Column {
        field: Some((register, field.name.clone())),
        ..plain(name, field.kind.clone(), names)
    }
}

fn field<'p>(text: Text<'_>, pack: &'p CheckedPack, sink: &Sink) -> Option<&'p Field> {
    let Some((register, field)) = text.text.split_once('.') else {
        let said = format!("`{}` is not a field of a register", text.text);
        sink.report(
            rule::UNKNOWN_FIELD,
            text.at,
            said,
            "write \"register.field\"".into(),
        );
        return None;
    };
    let register = register_named(
        Text {
            text: register,
            at: text.at,
        },
        pack,
        sink,
    )?;
    let found = register.field(field);
    if found.is_none() {
        let said = format!("the register `{}` has no field `{field}`", register.name);
        let there = register.fields.iter().map(|field| field.name.as_str());
        sink.unknown(rule::UNKNOWN_FIELD, text.at, said, field, there);
    }
    found
}
