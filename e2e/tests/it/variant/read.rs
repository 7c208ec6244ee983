//! Takes the example's workbooks apart. Refuses to look for tables: `columns.toml` says where they stand.

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::model::{
    Beside, Cell, Column, Declared, Down, Dress, File, Folder, Page, Row, RowKind, Table,
};

/// The example's four workbooks of people and posts.
pub(crate) fn folder(examples: &Path) -> Folder {
    let declared: Declared =
        toml::from_str(include_str!("columns.toml")).expect("columns.toml is of its own form");
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    for wanted in &declared.table {
        let path = std::fs::read_dir(examples)
            .expect("the example is part of the project")
            .flatten()
            .map(|entry| entry.path())
            .find(|path| stem(path).starts_with(&wanted.file))
            .unwrap_or_else(|| panic!("no workbook of the example is called {}", wanted.file));
        let file = files.entry(wanted.file.clone()).or_insert_with(|| File {
            name: stem(&path),
            dress: Dress::Xlsx,
            pages: Vec::new(),
        });
        let mut book: Xlsx<_> = open_workbook(&path).expect("a workbook of the example");
        file.pages.push(Page {
            name: wanted.sheet.clone(),
            hidden: false,
            stale: false,
            beside: Beside::Below,
            tables: vec![table(&mut book, wanted)],
            loose: Vec::new(),
        });
    }
    Folder {
        files: files.into_values().collect(),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A header's text without spaces and line breaks.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

fn table<R: std::io::Read + std::io::Seek>(
    book: &mut Xlsx<R>,
    declared: &super::model::DeclaredTable,
) -> Table {
    let range = book
        .worksheet_range(&declared.sheet)
        .expect("the sheet is there");
    let merges = book
        .merge_cells_by_sheet_name(&declared.sheet)
        .expect("the sheet is there");
    let (height, width) = range.end().map_or((0, 0), |(row, column)| {
        (row as usize + 1, column as usize + 1)
    });
    let at = |row: usize, column: usize| {
        let found = range.get_value((row as u32, column as u32));
        cell(found.unwrap_or(&Data::Empty))
    };
    // The cell a merged cell shows.
    let shown = |row: usize, column: usize| {
        let merge = merges.iter().find(|merge| {
            let rows = merge.start.0 as usize..=merge.end.0 as usize;
            let columns = merge.start.1 as usize..=merge.end.1 as usize;
            rows.contains(&row) && columns.contains(&column)
        });
        let (row, column) = merge.map_or((row, column), |merge| {
            (merge.start.0 as usize, merge.start.1 as usize)
        });
        ((row, column), at(row, column))
    };
    let [first, last] = declared.header;
    let mut columns = Vec::new();
    let mut positions = Vec::new();
    for position in 0..width {
        let mut path: Vec<String> = Vec::new();
        let mut seen = None;
        for row in first - 1..last {
            let (anchor, cell) = shown(row, position);
            if seen != Some(anchor) && cell != Cell::Empty {
                path.push(bare(&cell.shown()));
            }
            seen = Some(anchor);
        }
        if path.is_empty() {
            continue;
        }
        let was = path.join(">");
        let known = declared
            .column
            .iter()
            .find(|column| column.was == was)
            .unwrap_or_else(|| panic!("{}: {was} is not in columns.toml", declared.sheet));
        positions.push(position);
        columns.push(Column {
            is: known.is.clone(),
            listed: known.listed.clone(),
            others: known.others.clone(),
            down: declared.down.contains(&was),
            hidden: declared.hidden.contains(&was),
            was,
            path,
        });
    }
    assert_eq!(columns.len(), declared.column.len(), "{}", declared.sheet);
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    for row in last..height {
        let cells: Vec<Cell> = positions.iter().map(|column| at(row, *column)).collect();
        let begins = cells[0].shown();
        if cells.iter().all(|cell| *cell == Cell::Empty) {
            continue;
        }
        if begins.starts_with('注') {
            notes.push(begins);
            continue;
        }
        let kind = if begins.contains("合计") {
            RowKind::Total
        } else {
            RowKind::Record
        };
        rows.push(Row {
            kind,
            cells,
            hidden: false,
        });
    }
    Table {
        was: declared.sheet.clone(),
        title: (0..first - 1)
            .map(|row| at(row, 0).shown())
            .filter(|line| !line.is_empty())
            .collect(),
        columns,
        rows,
        notes,
        down: Down::Merged,
        place: declared.place.clone(),
        section: declared.section.clone().or(declared.place.clone()),
    }
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::String(text) => Cell::text(text.clone()),
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::DateTime(day) => Cell::Day(day.as_f64()),
        Data::Bool(yes) => Cell::text(if *yes { "TRUE" } else { "FALSE" }),
        Data::Error(error) => Cell::text(error.to_string()),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(text.clone()),
        Data::Empty => Cell::Empty,
    }
}
