//! Sheets: how they are recognised, their columns, and what their rows write.

mod column; // columns
mod emit; // what a row writes
mod layer; // sheets that are also map layers
mod makes; // rows that are places

use super::gather::Gathered;
use super::name::name;
use super::register::register_named;
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::{Across, Column, SheetDecl, SheetMode};
use crate::form;
use crate::read::{Key, Table, Text};
use vocabulary::FieldType;

/// The rank of a sheet that does not say.
const RANK: u32 = 5;

/// The sheets.
pub(super) fn sheets(gathered: &Gathered, pack: &CheckedPack, sink: &Sink) -> Vec<SheetDecl> {
    gathered
        .named("sheet", sink)
        .map(|(key, table)| sheet(key, &table, pack))
        .collect()
}

fn sheet(key: &Key, table: &Table<'_>, pack: &CheckedPack) -> SheetDecl {
    let sink = table.sink;
    table.known(&form::SHEET);
    name(&key.name, key.at, sink);
    table.need("columns");
    table.need("row");
    let columns = column::columns(table, pack);
    across(table, &columns);
    let layer = layer::layer(table, &columns);
    let rows = emit::rows(table, &columns, pack);
    let mode = mode(table, pack);
    if let (SheetMode::Roster { of, .. }, Some(text)) = (&mode, table.text("of"))
        && !rows.iter().any(|row| row.register == *of)
    {
        let said = format!("this roster of `{of}` writes no `{of}`");
        let next = format!("add a row with write = \"{of}\", or list the register that is written");
        sink.report(rule::ROSTER_NOT_WRITTEN, text.at, said, next);
    }
    if let Some(text) = table.text("place") {
        kind_of_column(
            text,
            &columns,
            "a division",
            |kind| *kind == FieldType::Division,
            sink,
        );
    }
    let vacant = table.table("vacant");
    if let Some(vacant) = vacant {
        vacant.known(&form::VACANT);
        vacant.need("words");
        if let Some(text) = vacant.need_text("column") {
            kind_of_column(text, &columns, "any type", |_| true, sink);
        }
    }
    SheetDecl {
        id: key.name.clone(),
        title: table.need_string("title"),
        names: table.strings("names"),
        never: table.strings("never"),
        only: table.strings("only"),
        mode,
        rows,
        rank: u8::try_from(table.small("rank", 255).unwrap_or(RANK)).unwrap_or(u8::MAX),
        vacant: vacant
            .map(|vacant| vacant.strings("words"))
            .unwrap_or_default(),
        vacant_column: vacant.and_then(|vacant| vacant.string("column")),
        place: table.string("place"),
        makes: makes::makes(table, &columns, pack),
        layer,
        columns,
    }
}

/// A wide table has both keys and values, and several values are told apart by their words.
fn across(table: &Table<'_>, columns: &[Column]) {
    let of = |across| columns.iter().filter(move |c| c.across == Some(across));
    let at = table.key("columns").map_or(table.at, |key| key.at);
    let report = |said: String, next: &str| table.sink.report(rule::ACROSS, at, said, next.into());
    match (of(Across::Key).next(), of(Across::Value).next()) {
        (Some(key), None) => report(
            format!("the key `{}` lies across, and no value does", key.name),
            "write across = \"value\" on the column that the cells are",
        ),
        (None, Some(value)) => report(
            format!("the value `{}` lies across, and no key does", value.name),
            "write across = \"key\" on the column that the headers say",
        ),
        _ => {}
    }
    let mut said: Vec<(&str, &str)> = Vec::new();
    for value in of(Across::Value) {
        for word in &value.names {
            match said.iter().find(|(known, _)| known == word) {
                Some((_, other)) => report(
                    format!("`{word}` means both `{other}` and `{}`", value.name),
                    "give each value across words of its own",
                ),
                None => said.push((word, &value.name)),
            }
        }
    }
}

fn mode(table: &Table<'_>, pack: &CheckedPack) -> SheetMode {
    let sink = table.sink;
    let Some(mode) = table.need_text("mode") else {
        return SheetMode::Entries;
    };
    match mode.text {
        "roster" => {
            let of = table
                .need_text("of")
                .and_then(|text| register_named(text, pack, sink));
            SheetMode::Roster {
                of: of.map(|register| register.name.clone()).unwrap_or_default(),
                by_division: table.flag("by_division", false),
            }
        }
        "entries" => {
            if let Some(key) = table.key("of") {
                let said = "`of` belongs to a roster, this sheet has entries".to_owned();
                sink.report(
                    rule::CHOICE,
                    key.at,
                    said,
                    "write mode = \"roster\", or leave `of` out".into(),
                );
            }
            SheetMode::Entries
        }
        other => {
            let said = format!("`{other}` is not a mode");
            sink.unknown(rule::CHOICE, mode.at, said, other, ["roster", "entries"]);
            SheetMode::Entries
        }
    }
}

/// A column by its name, and whether it is of the kind needed.
fn kind_of_column(
    text: Text<'_>,
    columns: &[Column],
    wanted: &str,
    fits: impl Fn(&FieldType) -> bool,
    sink: &Sink,
) {
    let Some(column) = columns.iter().find(|column| column.name == text.text) else {
        let said = format!("there is no column `{}`", text.text);
        let there = columns.iter().map(|column| column.name.as_str());
        sink.unknown(rule::UNKNOWN_COLUMN, text.at, said, text.text, there);
        return;
    };
    if !fits(&column.kind) {
        let said = format!("the column `{}` should hold {wanted}", text.text);
        sink.report(
            rule::UNKNOWN_COLUMN,
            text.at,
            said,
            format!("name a column that holds {wanted}"),
        );
    }
}
