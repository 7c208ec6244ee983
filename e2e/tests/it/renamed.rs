//! The whole example under the headers of another town: no figure moves, and no column is taken for another one.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use e2e::Desk;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::shared::{figures, imported, town};
use crate::variants::say;

/// Headers stand in these rows; below them a word is a value.
const HEADER_ROWS: u32 = 6;

/// Of the renamed columns, so many of a hundred must be understood; none may be misunderstood.
const UNDERSTOOD_MIN: usize = 95;

type Words = BTreeMap<String, BTreeMap<String, String>>;

fn words() -> Words {
    toml::from_str(include_str!("renamed.toml")).expect("a list of its own form")
}

/// The same workbook, with other words in its header rows.
fn renamed(bytes: &[u8], words: &BTreeMap<String, String>) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(bytes)).expect("a workbook is an archive");
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut part = from.by_index(index).expect("a part of it");
        let name = part.name().expect("a name of a part").into_owned();
        let mut content = Vec::new();
        part.read_to_end(&mut content).expect("a part of it");
        if name.starts_with("xl/worksheets/sheet") {
            let text = String::from_utf8(content).expect("a sheet is UTF-8");
            content = reworded(&text, words).into_bytes();
        }
        into.start_file(name, SimpleFileOptions::default())
            .expect("memory");
        into.write_all(&content).expect("memory");
    }
    into.finish().expect("memory").into_inner()
}

fn reworded(sheet: &str, words: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(sheet.len());
    for (index, row) in sheet.split("<row r=\"").enumerate() {
        if index > 0 {
            out.push_str("<row r=\"");
        }
        let digits: String = row.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<u32>() {
            Ok(number) if index > 0 && number <= HEADER_ROWS => {
                out.push_str(&texts(row, words));
            }
            _ => out.push_str(row),
        }
    }
    out
}

/// Every text of a row that is a header we rename.
fn texts(row: &str, words: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(row.len());
    for (index, piece) in row.split("<t").enumerate() {
        if index == 0 {
            out.push_str(piece);
            continue;
        }
        out.push_str("<t");
        let parts = piece
            .split_once('>')
            .and_then(|(open, rest)| Some((open, rest.split_once("</t>")?)));
        let Some((open, (text, rest))) = parts else {
            out.push_str(piece);
            continue;
        };
        let bare: String = text.split_whitespace().collect();
        let word = words.get(&bare.replace("&#10;", ""));
        let text = word.map_or(text, String::as_str);
        out.push_str(&format!("{open}>{text}</t>{rest}"));
    }
    out
}

/// What each header cell was taken for: file, sheet, cell.
fn columns(said: &Value) -> BTreeMap<(String, String, String), String> {
    let mut found = BTreeMap::new();
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    for file in list(said, "files") {
        for sheet in list(&file, "sheets") {
            for mapped in list(&sheet, "mapping") {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let at = (
                    text(&file["file"]),
                    text(&sheet["sheet"]),
                    text(&mapped["cell"]),
                );
                found.insert(at, text(&mapped["column"]));
            }
        }
    }
    found
}

#[test]
fn the_town_under_another_towns_headers_has_the_same_figures() {
    let words = words();
    let desk = Desk::with_book(town());
    let folder = desk.path("in");
    fs::create_dir(&folder).expect("a folder of our own");
    let mut rewritten = 0;
    for entry in fs::read_dir(town().folder())
        .expect("the example")
        .flatten()
    {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let known = words
            .iter()
            .find(|(file, _)| name.starts_with(file.as_str()));
        let ending = path
            .extension()
            .map(|ending| ending.to_string_lossy().into_owned());
        if !matches!(ending.as_deref(), Some("xlsx" | "csv" | "geojson")) {
            continue;
        }
        let mut bytes = fs::read(&path).expect("a file of the example");
        if let (Some((_, words)), true) = (known, ending.as_deref() == Some("xlsx")) {
            bytes = renamed(&bytes, words);
            rewritten += 1;
        }
        fs::write(Path::new(&folder).join(name), bytes).expect("a file of our own");
    }
    assert_eq!(rewritten, words.len(), "every workbook that the list names");
    let said = desk.import(&[&folder.to_string_lossy()]).done().json();
    let plain = columns(&imported().1);
    let others = columns(&said);
    let (mut right, mut missed, mut wrong) = (0, Vec::new(), Vec::new());
    for (at, column) in &plain {
        match others.get(at) {
            Some(other) if other == column => right += 1,
            Some(other) => wrong.push(format!("{at:?} is {column}, read as {other}")),
            None => missed.push(format!("{at:?} is {column}, not read")),
        }
    }
    say(&format!(
        "{right} of {} columns read right, {} not, {} wrongly",
        plain.len(),
        missed.len(),
        wrong.len()
    ));
    missed.iter().for_each(|line| say(line));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(
        right * 100 >= plain.len() * UNDERSTOOD_MIN,
        "{}",
        missed.join("\n")
    );
    let now = desk.figures(&town().at, &town().period);
    let moved: Vec<String> = figures()
        .iter()
        .zip(&now)
        .filter(|(known, now)| known["id"] != now["id"] || known["value"] != now["value"])
        .map(|(known, now)| format!("{}: {}, now {}", known["id"], known["value"], now["value"]))
        .collect();
    assert_eq!(figures().len(), now.len());
    assert!(moved.is_empty(), "{}", moved.join("\n"));
}
