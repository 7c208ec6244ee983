//! A csv or xls as a workbook of its text: every cell where it stood and as it was typed, so that no leading nought
//! and no long number changes its shape. The marks come afterwards, as on any workbook.

use crate::mark::{Mark, MarkError};
use crate::sheet::{Limits, Sheet, open};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use std::collections::HashMap;
use std::path::Path;

/// What one cell of a workbook holds.
const CELL_CHARS_MAX: usize = 32_767;
/// What a sheet's name holds.
const NAME_CHARS_MAX: usize = 31;
/// Columns are as wide as the widest of their first cells, within reason.
const ROWS_MEASURED: usize = 200;
const WIDTH_MAX: usize = 40;

/// The workbook, and the marks with the names that its sheets bear now.
pub(super) fn text_only(
    path: &Path,
    bytes: &[u8],
    marks: &[Mark],
    limits: &Limits,
) -> Result<(Vec<u8>, Vec<Mark>), MarkError> {
    let book = open(path, bytes, limits).map_err(MarkError::Unreadable)?;
    let mut names: HashMap<&str, String> = HashMap::new();
    let mut out = Workbook::new();
    // The same input gives the same bytes: no clock.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1).map_err(damaged)?;
    out.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
    for sheet in &book.sheets {
        let name = allowed(&sheet.name, names.values());
        write(&mut out, sheet, &name)?;
        names.insert(&sheet.name, name);
    }
    let bytes = out.save_to_buffer().map_err(damaged)?;
    let renamed = |name: &str| names.get(name).cloned().unwrap_or_else(|| name.to_owned());
    let mut marks = marks.to_vec();
    for mark in &mut marks {
        mark.sheet = mark.sheet.as_deref().map(renamed);
        for place in &mut mark.cells {
            place.sheet = renamed(&place.sheet);
        }
    }
    Ok((bytes, marks))
}

fn write(out: &mut Workbook, sheet: &Sheet, name: &str) -> Result<(), MarkError> {
    let as_text = Format::new().set_num_format("@");
    let page = out.add_worksheet();
    page.set_name(name).map_err(damaged)?;
    page.set_hidden(sheet.hidden);
    let mut widths: Vec<usize> = Vec::new();
    for row in 0..sheet.rows() {
        let line = u32::try_from(row).map_err(|_| MarkError::TooLarge)?;
        for (column, cell) in sheet.filled(row) {
            let text = cell.shown();
            if text.chars().count() > CELL_CHARS_MAX {
                return Err(MarkError::TooLarge);
            }
            if row < ROWS_MEASURED {
                widths.resize(widths.len().max(column + 1), 0);
                widths[column] = widths[column].max(width(&text));
            }
            let place = u16::try_from(column).map_err(|_| MarkError::TooLarge)?;
            page.write_string_with_format(line, place, text.as_ref(), &as_text)
                .map_err(|_| MarkError::TooLarge)?;
        }
    }
    for merge in &sheet.merges {
        let text = sheet.cell(merge.top, merge.left).shown();
        let row = |row: usize| u32::try_from(row).unwrap_or(u32::MAX);
        let column = |column: usize| u16::try_from(column).unwrap_or(u16::MAX);
        // A merge that the new file cannot hold (of one cell, over another) is only a look: left out.
        let _ = page.merge_range(
            row(merge.top),
            column(merge.left),
            row(merge.bottom),
            column(merge.right),
            &text,
            &as_text,
        );
    }
    for (column, width) in widths.iter().enumerate() {
        if let Ok(column) = u16::try_from(column) {
            let width = u32::try_from(width.clamp(&8, &WIDTH_MAX) + 2).unwrap_or(10);
            page.set_column_width(column, width).map_err(damaged)?;
        }
    }
    Ok(())
}

/// Half widths: a Chinese character counts two.
fn width(text: &str) -> usize {
    let halves = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    text.lines().map(halves).max().unwrap_or(0)
}

/// A name that a sheet may bear and none of the others does.
fn allowed<'a>(name: &str, taken: impl Iterator<Item = &'a String> + Clone) -> String {
    let sound: String = name
        .chars()
        .map(|c| {
            if "[]:*?/\\".contains(c) || c.is_control() {
                '_'
            } else {
                c
            }
        })
        .collect();
    let sound = sound.trim_matches('\'');
    let sound = if sound.trim().is_empty() {
        "Sheet"
    } else {
        sound
    };
    let cut = |text: &str, room: usize| {
        let mut units = 0;
        let fits = |c: &char| {
            units += c.len_utf16();
            units <= room
        };
        text.chars().take_while(fits).collect::<String>()
    };
    let first = cut(sound, NAME_CHARS_MAX);
    let next = (2..).map(|n: u32| {
        let tail = format!("_{n}");
        cut(sound, NAME_CHARS_MAX - tail.len()) + &tail
    });
    std::iter::once(first)
        .chain(next)
        .find(|name| {
            taken
                .clone()
                .all(|t| t.to_lowercase() != name.to_lowercase())
        })
        .expect("numbers do not end")
}

fn damaged(error: impl std::fmt::Display) -> MarkError {
    MarkError::Damaged(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_sheet_may_bear() {
        let none: Vec<String> = Vec::new();
        assert_eq!(allowed("花名册", none.iter()), "花名册");
        assert_eq!(allowed("甲[1]:乙/丙", none.iter()), "甲_1__乙_丙");
        assert_eq!(allowed("''", none.iter()), "Sheet");
        let long = "长".repeat(40);
        let first = allowed(&long, none.iter());
        assert_eq!(first.chars().count(), 31);
        let second = allowed(&long, std::iter::once(&first));
        assert_eq!(second.chars().count(), 31);
        assert!(second.ends_with("_2"), "{second}");
    }
}
