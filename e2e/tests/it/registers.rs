//! Every sheet that the township pack declares takes a workbook written from the declaration, and names each spoilt
//! cell of it: so that no register is only on paper.

mod declared; // the pack's sheets
mod written; // workbooks of them

use std::collections::BTreeSet;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use serde_json::Value;

use self::declared::Sheet;
use self::written::Written;
use crate::shared::villages;
use e2e::root;

/// What is said of a blank where a name or the word for none belongs.
const BLANK: &str = "D185";

fn sheets() -> Vec<Sheet> {
    declared::sheets(&root().join("packs/township"))
}

/// The tables that the import found in the file of a sheet.
fn tables<'a>(said: &'a Value, file: &str) -> Vec<&'a Value> {
    let files = said["files"].as_array().expect("files");
    let found = files.iter().filter(|one| {
        let path = one["file"].as_str().map(Path::new);
        path.and_then(Path::file_name)
            .is_some_and(|name| name == file)
    });
    found
        .flat_map(|one| one["sheets"].as_array().into_iter().flatten())
        .collect()
}

/// Imports a workbook of each sheet, all in one folder, and returns what was said.
fn imported(sheets: &[Sheet], write: impl Fn(&Sheet) -> Written) -> (Value, Vec<Written>) {
    let desk = villages();
    let folder = desk.path("in");
    fs::create_dir(&folder).expect("a folder of our own");
    let mut all = Vec::new();
    for sheet in sheets {
        let written = write(sheet);
        fs::write(folder.join(file(sheet)), &written.bytes).expect("a file of our own");
        all.push(written);
    }
    let said = desk.import(&[&folder.to_string_lossy()]).done().json();
    desk.verified();
    (said, all)
}

fn file(sheet: &Sheet) -> String {
    format!("{}.xlsx", sheet.id)
}

/// What is wrong with the way in which a sheet was taken, if anything.
fn misread(said: &Value, sheet: &Sheet, rows: RangeInclusive<usize>) -> Option<String> {
    let tables = tables(said, &file(sheet));
    let [table] = tables[..] else {
        return Some(format!("{} tables", tables.len()));
    };
    let Some(register) = table["register"].as_str() else {
        return Some(format!("set aside: {}", table["findings"]));
    };
    if !sheet.writes.iter().any(|written| written == register) {
        return Some(format!("taken for {register}"));
    }
    let taken = table["rows"].as_u64().unwrap_or(0);
    let wide = !sheet.across.is_empty();
    if usize::try_from(taken)
        .is_ok_and(|taken| rows.contains(&taken) || wide && taken > *rows.end())
    {
        return None;
    }
    Some(format!("{taken} rows of {rows:?}"))
}

fn findings(said: &Value, sheet: &Sheet) -> Vec<Value> {
    let tables = tables(said, &file(sheet));
    let all = tables.iter().flat_map(|table| table["findings"].as_array());
    all.flatten().cloned().collect()
}

fn told(finding: &Value) -> String {
    format!(
        "{} {} {}",
        finding["code"], finding["cell"], finding["said"]
    )
}

#[test]
fn every_declared_sheet_is_known_by_the_columns_it_needs() {
    let sheets = sheets();
    assert!(sheets.len() > 100, "{} sheets", sheets.len());
    let (said, _) = imported(&sheets, written::least);
    // What tells the records of some sheets apart stands in columns that offices may leave out: those rows wait.
    let wrong: Vec<String> = sheets
        .iter()
        .filter_map(|sheet| misread(&said, sheet, 0..=3).map(|why| format!("{}: {why}", sheet.id)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_spoilt_cell_of_every_sheet_is_named_and_the_other_rows_enter() {
    let sheets = sheets();
    let (said, written) = imported(&sheets, written::spoilt);
    let mut wrong = Vec::new();
    let mut count = 0;
    for (sheet, written) in sheets.iter().zip(&written) {
        let found = findings(&said, sheet);
        let faults: Vec<&Value> = found
            .iter()
            .filter(|finding| finding["class"] == "rejected" || finding["code"] == BLANK)
            .collect();
        for spoilt in &written.spoilt {
            count += 1;
            let named = faults.iter().find(|fault| fault["cell"] == *spoilt.cell);
            let Some(named) = named else {
                wrong.push(format!(
                    "{}: {:?} at {} unnamed",
                    sheet.id, spoilt.fault, spoilt.cell
                ));
                continue;
            };
            let words = format!("{} {}", named["said"], named["next"]);
            if let Some(nearest) = &spoilt.nearest
                && !words.contains(nearest.as_str())
            {
                wrong.push(format!("{}: {nearest} not offered: {words}", sheet.id));
            }
        }
        let cells: BTreeSet<&str> = written.spoilt.iter().map(|one| one.cell.as_str()).collect();
        // I119 says of the row what a spoilt key leads to.
        let invented = faults
            .iter()
            .filter(|fault| fault["code"] != "I119")
            .filter(|fault| {
                fault["cell"]
                    .as_str()
                    .is_none_or(|cell| !cells.contains(cell))
            });
        wrong.extend(invented.map(|fault| format!("{}: invented {}", sheet.id, told(fault))));
        let lost = written.spoilt.iter().filter(|one| one.needed).count();
        // What a place or a code alone tells apart waits without it, or is the record of another row.
        let unsure = written.spoilt.iter().filter(|one| !one.needed).count();
        let most = written.rows - lost;
        let misread = misread(&said, sheet, most.saturating_sub(unsure).max(1)..=most);
        wrong.extend(misread.map(|why| format!("{}: {why}", sheet.id)));
    }
    assert!(count > 400, "{count} spoilt cells");
    assert!(
        wrong.is_empty(),
        "{} wrong, {count} spoilt:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
