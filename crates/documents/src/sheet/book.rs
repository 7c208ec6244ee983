//! `.xlsx` and `.xls` through calamine, cell by cell, so that one stray cell at the end of the world
//! does not become a grid of seventeen thousand million.

use crate::sheet::error::ReadErrorKind;
use crate::sheet::{Cell, Limits, Merge, Sheet, package};
use calamine::{Data, Dimensions, Reader, SheetVisible, Xls, Xlsx};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use vocabulary::Date;

/// A date further away than this is a number in a cell that happens to be formatted as a date
/// (`198507` typed where Excel expects a day).
const DATE_YEAR_MAX: i32 = 2199;

/// Merges of one sheet that are kept; more have only been seen in damaged files.
const MERGES_MAX: usize = 200_000;

/// Reads an `.xlsx`.
pub(crate) fn read_xlsx(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ReadErrorKind> {
    let mut hidden = package::inspect(bytes, limits)?;
    guarded(|| {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsxError::Password => ReadErrorKind::Encrypted,
            other => damaged(&other),
        })?;
        let mut sheets = Vec::new();
        for (name, hidden_sheet) in table_sheets(book.sheets_metadata(), limits)? {
            let mut grid = Grid::new(limits);
            let mut reader = match book.worksheet_cells_reader(&name) {
                Ok(reader) => reader,
                Err(calamine::XlsxError::NotAWorksheet(_)) => continue,
                Err(error) => return Err(damaged(&error)),
            };
            while let Some(record) = reader
                .next_cell_with_formula_metadata()
                .map_err(|error| damaged(&error))?
            {
                let mut cell = cell_of(record.value.into());
                if cell.is_empty() && record.formula.is_some() {
                    cell = Cell::Error(Cell::UNCOMPUTED.to_owned());
                }
                grid.put(record.pos, cell)?;
            }
            drop(reader);
            let merges = book
                .merge_cells_by_sheet_name(&name)
                .map_err(|error| damaged(&error))?;
            let hidden_columns = hidden.remove(&name).unwrap_or_default();
            sheets.push(grid.sheet(name, hidden_sheet, &merges, hidden_columns));
        }
        Ok(sheets)
    })
}

/// Reads an `.xls`. Its hidden columns are not known to the library and count as shown.
pub(crate) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, ReadErrorKind> {
    guarded(|| {
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsError::Password => ReadErrorKind::Encrypted,
            other => damaged(&other),
        })?;
        let mut sheets = Vec::new();
        for (name, hidden_sheet) in table_sheets(book.sheets_metadata(), limits)? {
            let range = book
                .worksheet_range(&name)
                .map_err(|error| damaged(&error))?;
            let (top, left) = range.start().unwrap_or((0, 0));
            let mut grid = Grid::new(limits);
            for (row, column, value) in range.used_cells() {
                let at =
                    |start: u32, offset: usize| start + u32::try_from(offset).unwrap_or(u32::MAX);
                grid.put((at(top, row), at(left, column)), cell_of(value.clone()))?;
            }
            let merges = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            sheets.push(grid.sheet(name, hidden_sheet, &merges, Vec::new()));
        }
        Ok(sheets)
    })
}

/// A file made to break a parser must not take the process with it.
fn guarded<T>(read: impl FnOnce() -> Result<T, ReadErrorKind>) -> Result<T, ReadErrorKind> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ReadErrorKind::Damaged("the parser gave up".to_owned())))
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

fn too_large(what: &'static str, value: usize, limit: usize) -> ReadErrorKind {
    let number = |n| u64::try_from(n).unwrap_or(u64::MAX);
    ReadErrorKind::TooLarge {
        what,
        value: number(value),
        limit: number(limit),
    }
}

fn cell_of(data: Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        // Whole numbers of a workbook fit a float; longer ones were lost when Excel saved them.
        Data::Int(int) => Cell::Number(int as f64),
        Data::Float(number) => Cell::Number(number),
        Data::String(text) => {
            if text.trim().is_empty() {
                Cell::Empty
            } else {
                Cell::Text(text)
            }
        }
        Data::Bool(yes) => Cell::Bool(yes),
        Data::DateTime(stamp) => day_of(stamp),
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            match text.get(..10).and_then(Date::parse_iso) {
                Some(date) => Cell::Date(date),
                None => Cell::Text(text),
            }
        }
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}

/// The day of a date cell; its time of day is dropped. Durations, bare times and days that no calendar
/// of a town needs stay numbers.
fn day_of(stamp: calamine::ExcelDateTime) -> Cell {
    if stamp.is_duration() || stamp.as_f64() < 1.0 {
        return Cell::Number(stamp.as_f64());
    }
    let (year, month, day, ..) = stamp.to_ymd_hms_milli();
    match Date::new(i32::from(year), u32::from(month), u32::from(day)) {
        Some(date) if date.year() <= DATE_YEAR_MAX => Cell::Date(date),
        _ => Cell::Number(stamp.as_f64()),
    }
}

/// Rows that grow as cells arrive, within the limits.
struct Grid<'a> {
    limits: &'a Limits,
    rows: Vec<Vec<Cell>>,
    cells: usize,
}

impl<'a> Grid<'a> {
    fn new(limits: &'a Limits) -> Grid<'a> {
        Grid {
            limits,
            rows: Vec::new(),
            cells: 0,
        }
    }

    fn put(&mut self, at: (u32, u32), cell: Cell) -> Result<(), ReadErrorKind> {
        if cell.is_empty() {
            return Ok(());
        }
        let (row, column) = (at.0 as usize, at.1 as usize);
        if row >= self.limits.rows {
            return Err(too_large("rows", row + 1, self.limits.rows));
        }
        if column >= self.limits.columns {
            return Err(too_large("columns", column + 1, self.limits.columns));
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            self.cells += column + 1 - cells.len();
            if self.cells > self.limits.cells {
                return Err(too_large("cells", self.cells, self.limits.cells));
            }
            cells.resize_with(column + 1, Cell::default);
        }
        cells[column] = cell;
        Ok(())
    }

    fn sheet(
        self,
        name: String,
        hidden: bool,
        merges: &[Dimensions],
        hidden_columns: Vec<usize>,
    ) -> Sheet {
        let merges = merges.iter().take(MERGES_MAX).map(|merge| Merge {
            top: merge.start.0 as usize,
            left: merge.start.1 as usize,
            bottom: merge.end.0 as usize,
            right: merge.end.1 as usize,
        });
        Sheet {
            name,
            hidden,
            cells: self.rows,
            merges: merges.collect(),
            hidden_columns,
        }
    }
}
