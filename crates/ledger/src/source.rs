//! Where a value was read: from a fact's source and row to a cell, without a cell stored per field.

use crate::fact::{Source, WHOLE_ROW};
use serde_json::{Map, Value as Json, json};
use vocabulary::Date;

/// The form in a transaction's header.
pub(crate) fn to_json(source: &Source) -> Json {
    let columns: Map<String, Json> = source
        .columns
        .iter()
        .map(|(name, letter)| (name.clone(), json!(letter)))
        .collect();
    json!({
        "file": source.file, "sha256": source.sha256, "sheet": source.sheet, "form": source.form,
        "as_of": source.as_of.int(), "columns": columns,
    })
}

/// Read back from a header.
pub(crate) fn from_json(json: &Json) -> Source {
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let columns = json["columns"].as_object().map(|map| {
        map.iter()
            .map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned()))
            .collect()
    });
    Source {
        file: text("file"),
        sha256: text("sha256"),
        sheet: text("sheet"),
        form: text("form"),
        as_of: Date::from_int(
            json["as_of"]
                .as_i64()
                .and_then(|n| i32::try_from(n).ok())
                .unwrap_or(0),
        ),
        columns: columns.unwrap_or_default(),
    }
}

/// The cell of one field of a row: the fact's own note of it, else the field's column and the row.
pub(crate) fn cell_of(
    source: Option<&Source>,
    register: &str,
    field: (usize, &str),
    row: u32,
    cells: &[(usize, String)],
) -> Option<String> {
    if let Some((_, cell)) = cells.iter().find(|(index, _)| *index == field.0) {
        return Some(cell.clone());
    }
    if let Some((_, cell)) = cells.iter().find(|(index, _)| *index == WHOLE_ROW) {
        return Some(cell.clone());
    }
    let columns = &source?.columns;
    let full = |name: &str| {
        name.strip_prefix(register)
            .and_then(|rest| rest.strip_prefix('.'))
            == Some(field.1)
    };
    let found = columns.iter().find(|(name, _)| full(name));
    let found = found.or_else(|| columns.iter().find(|(name, _)| name == field.1));
    found.map(|(_, letter)| format!("{letter}{row}"))
}

/// The first cell of a row.
pub(crate) fn first_cell_of(
    source: Option<&Source>,
    row: u32,
    cells: &[(usize, String)],
) -> Option<String> {
    if let Some((_, cell)) = cells.iter().find(|(index, _)| *index == WHOLE_ROW) {
        return Some(cell.clone());
    }
    match source?.columns.first() {
        Some((_, letter)) => Some(format!("{letter}{row}")),
        None => cells
            .first()
            .map(|(_, cell)| cell.clone())
            .or_else(|| Some(row.to_string())),
    }
}
