//! Every error planted in the example is named with its cell, and nothing else is named in those sheets.

use std::collections::BTreeSet;

use e2e::{Desk, findings};
use serde::Deserialize;
use serde_json::Value;

use crate::shared::{imported, town};

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

/// What the checks say of the example at its own date and period.
fn checked(desk: &Desk) -> Value {
    let (at, period) = (town().at.as_str(), town().period.as_str());
    desk.yiben(&["check", "--at", at, "--period", period, "--json"])
        .done()
        .json()
}

/// What import and check name, notices apart: those are asked for by code alone.
fn named(notices: bool) -> BTreeSet<Named> {
    let (desk, said) = imported();
    let checked = checked(desk);
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

#[test]
fn every_breach_has_an_owner_and_the_cells_to_look_at() {
    let checked = checked(&imported().0);
    let found = findings(&checked);
    assert!(found.iter().any(|finding| finding["class"] == "check"));
    let nobodys: Vec<&Value> = found
        .iter()
        .filter(|finding| finding["owner"].is_null())
        .collect();
    assert!(nobodys.is_empty(), "{nobodys:#?}");
    let nowhere: Vec<&Value> = found
        .iter()
        .filter(|finding| finding["class"] == "check" && finding["cell"].is_null())
        .collect();
    assert!(nowhere.is_empty(), "{nowhere:#?}");
}
