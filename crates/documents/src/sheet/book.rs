//! `.xlsx` and `.xls` through calamine, cell by cell, so that one stray cell at the end of the world
//! does not become a grid of seventeen thousand million.

use crate::sheet::error::{ReadErrorKind, Refusal};
use crate::sheet::package::Dress;
use crate::sheet::packed::{SheetBuilder, too_large};
use crate::sheet::{Cell, Limits, Merge, Sheet, biff, package};
use calamine::{Data, DataRef, Reader, SheetVisible, Xls, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vocabulary::Date;

/// A date further away than this is a number in a cell that happens to be formatted as a date
/// (`198507` typed where Excel expects a day).
const DATE_YEAR_MAX: i32 = 2199;

/// Reads an `.xlsx`.
pub(crate) fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Refusal> {
    let mut dresses = package::inspect(bytes, limits)?;
    guarded(|| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsxError::Password => ReadErrorKind::Encrypted,
            other => damaged(&other),
        })?;
        let mut sheets = Vec::new();
        for (name, hidden_sheet) in table_sheets(book.sheets_metadata(), limits)? {
            let mut builder = SheetBuilder::new(*limits);
            let mut reader = match book.worksheet_cells_reader(&name) {
                Ok(reader) => reader,
                Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
                Err(error) => return Err(Refusal::at(damaged(&error), &name, None)),
            };
            while let Some(record) = reader
                .next_cell_with_formula_metadata()
                .map_err(|error| Refusal::at(damaged(&error), &name, None))?
            {
                let (row, column) = record.pos;
                put(
                    &mut builder,
                    record.pos,
                    &record.value,
                    record.formula.is_some(),
                )
                .map_err(|kind| Refusal::at(kind, &name, Some((row as usize, column as usize))))?;
            }
            drop(reader);
            let dress = dresses.remove(&name).unwrap_or_default();
            sheets.push(dressed(builder, name, hidden_sheet, dress, limits)?);
        }
        Ok(sheets)
    })
}

/// Reads an `.xls`. Its hidden columns are not known to the library and count as shown.
pub(crate) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Refusal> {
    guarded(|| {
        biff::weigh(bytes, limits)?;
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsError::Password => ReadErrorKind::Encrypted,
            other => damaged(&other),
        })?;
        let mut sheets = Vec::new();
        for (name, hidden_sheet) in table_sheets(book.sheets_metadata(), limits)? {
            let range = book
                .worksheet_range(&name)
                .map_err(|error| Refusal::at(damaged(&error), &name, None))?;
            let (top, left) = range.start().unwrap_or((0, 0));
            let mut builder = SheetBuilder::new(*limits);
            for (row, column, value) in range.used_cells() {
                let at =
                    |start: u32, offset: usize| start + u32::try_from(offset).unwrap_or(u32::MAX);
                let at = (at(top, row), at(left, column));
                put(&mut builder, at, &lent(value), false).map_err(|kind| {
                    Refusal::at(kind, &name, Some((at.0 as usize, at.1 as usize)))
                })?;
            }
            let merges = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            let merges = merges.iter().map(|merge| Merge {
                top: merge.start.0 as usize,
                left: merge.start.1 as usize,
                bottom: merge.end.0 as usize,
                right: merge.end.1 as usize,
            });
            let dress = Dress {
                merges: merges.collect(),
                ..Dress::default()
            };
            sheets.push(dressed(builder, name, hidden_sheet, dress, limits)?);
        }
        Ok(sheets)
    })
}

/// A file made to break a parser must not take the process with it.
fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ReadErrorKind::Damaged("the parser gave up".to_owned()).into()))
}

fn damaged(error: &dyn std::fmt::Display) -> ReadErrorKind {
    ReadErrorKind::Damaged(error.to_string())
}

fn table_sheets(
    sheets: &[calamine::Sheet],
    limits: &Limits,
) -> Result<Vec<(String, bool)>, ReadErrorKind> {
    if sheets.len() > limits.sheets {
        return Err(too_large("sheets", sheets.len(), limits.sheets));
    }
    let tables = sheets
        .iter()
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet);
    Ok(tables
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect())
}

/// Puts what the library read; a formula without a result is told apart from an empty cell.
fn put(
    builder: &mut SheetBuilder,
    at: (u32, u32),
    data: &DataRef<'_>,
    formula: bool,
) -> Result<(), ReadErrorKind> {
    let error;
    let cell = match data {
        DataRef::Empty => Cell::Empty,
        // Whole numbers of a workbook fit a float; longer ones were lost when Excel saved them.
        DataRef::Int(int) => Cell::Number(*int as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(stamp) => day_of(*stamp),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            match text.get(..10).and_then(Date::parse_iso) {
                Some(date) => Cell::Date(date),
                None => Cell::text(text),
            }
        }
        DataRef::Error(kind) => {
            error = kind.to_string();
            Cell::Error(&error)
        }
    };
    let cell = if cell.is_empty() && formula {
        Cell::Error(Cell::UNCOMPUTED)
    } else {
        cell
    };
    builder.put(at.0 as usize, at.1 as usize, cell)
}

/// A value of the library's as it lends them; times written as text are copied, they are few.
fn lent(data: &Data) -> DataRef<'_> {
    match data {
        Data::Empty => DataRef::Empty,
        Data::Int(int) => DataRef::Int(*int),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(stamp) => DataRef::DateTime(*stamp),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}

/// The day of a date cell; its time of day is dropped. Durations, bare times and days that no calendar
/// of a town needs stay numbers.
fn day_of(stamp: calamine::ExcelDateTime) -> Cell<'static> {
    if stamp.is_duration() || stamp.as_f64() < 1.0 {
        return Cell::Number(stamp.as_f64());
    }
    let (year, month, day, ..) = stamp.to_ymd_hms_milli();
    match Date::new(i32::from(year), u32::from(month), u32::from(day)) {
        Some(date) if date.year() <= DATE_YEAR_MAX => Cell::Date(date),
        _ => Cell::Number(stamp.as_f64()),
    }
}

/// The sheet with what the workbook says of it beside its cells.
fn dressed(
    builder: SheetBuilder,
    name: String,
    hidden: bool,
    dress: Dress,
    limits: &Limits,
) -> Result<Sheet, Refusal> {
    let merges = dress.merges.len();
    if merges > limits.merges {
        let kind = too_large("merges", merges, limits.merges);
        return Err(Refusal::at(kind, &name, None));
    }
    let mut sheet = builder
        .finish(name.clone())
        .map_err(|kind| Refusal::at(kind, &name, None))?;
    sheet.hidden = hidden;
    sheet.hidden_columns = dress.columns;
    sheet.hidden_rows = dress.rows;
    sheet.merges = dress.merges;
    Ok(sheet)
}
