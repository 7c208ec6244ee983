//! Every error planted in the example is named with its cell, and nothing else is named in those sheets.

use std::collections::BTreeSet;

use e2e::findings;
use serde::Deserialize;
use serde_json::Value;

use crate::shared::imported;

#[derive(Debug, Deserialize)]
struct List {
    planted: Vec<Planted>,
}

#[derive(Debug, Deserialize)]
struct Planted {
    what: String,
    code: String,
    file: String,
    sheet: String,
    cells: Vec<String>,
}

/// File, sheet, cell, code.
type Named = (String, String, String, String);

fn planted() -> Vec<Planted> {
    let list: List = toml::from_str(include_str!("planted.toml")).expect("a list of its own form");
    list.planted
}

/// What import and check name, notices apart: those are asked for by code alone.
fn named(notices: bool) -> BTreeSet<Named> {
    let (desk, said) = imported();
    let checked = desk.yiben(&["check", "--json"]).done().json();
    let all = findings(said).into_iter().chain(findings(&checked));
    all.filter(|finding| (finding["class"] == "notice") == notices)
        .map(|finding| {
            let text = |key: &str| match &finding[key] {
                Value::String(text) => text.clone(),
                _ => String::new(),
            };
            (text("file"), text("sheet"), text("cell"), text("code"))
        })
        .collect()
}

#[test]
fn every_planted_error_is_named_with_its_cell() {
    let (faults, notices) = (named(false), named(true));
    let mut missing = Vec::new();
    let mut count = 0;
    for planted in planted() {
        for cell in &planted.cells {
            count += 1;
            let Planted {
                what,
                code,
                file,
                sheet,
                ..
            } = &planted;
            let wanted = (file.clone(), sheet.clone(), cell.clone(), code.clone());
            if !faults.contains(&wanted) && !notices.contains(&wanted) {
                missing.push(format!("{what}: {code} at {file}!{sheet}!{cell}"));
            }
        }
    }
    assert!(count >= 40, "{count} planted errors");
    assert!(
        missing.is_empty(),
        "{} of {count}:\n{}",
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn nothing_is_named_that_was_not_planted() {
    let planted = planted();
    let known = |(file, sheet, cell, code): &Named| {
        let about = |one: &&Planted| one.file == *file && one.sheet == *sheet && one.code == *code;
        planted
            .iter()
            .filter(about)
            .any(|one| one.cells.contains(cell))
    };
    // Sheets that no register takes are said of by sheet, without a cell.
    let invented: Vec<Named> = named(false)
        .into_iter()
        .filter(|named| !named.2.is_empty() && !known(named))
        .collect();
    assert!(invented.is_empty(), "{invented:#?}");
}
