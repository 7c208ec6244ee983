//! Puts tables on sheets and sheets into files, and tells where each column's header came to stand.

use std::collections::BTreeMap;
use std::path::Path;

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use super::model::{Beside, Cell, Down, Dress, File, Folder, Page, Row, RowKind, Table};

/// A column written: what it was and where its header stands.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) file: String,
    pub(crate) sheet: String,
    pub(crate) letter: String,
    pub(crate) header: (u32, u32),
    pub(crate) text: String,
    pub(crate) is: Option<String>,
}

/// A sheet before it is a file: cells, merges, what is hidden.
#[derive(Debug, Default)]
struct Grid {
    cells: BTreeMap<(u32, u16), Cell>,
    merges: Vec<(u32, u16, u32, u16)>,
    hidden_columns: Vec<u16>,
    hidden_rows: Vec<u32>,
}

/// Writes every file of the folder and answers the columns written.
pub(crate) fn write(folder: &Folder, into: &Path) -> Vec<Written> {
    let mut written = Vec::new();
    for file in &folder.files {
        match file.dress {
            Dress::Xlsx | Dress::Xls => {
                written.extend(workbook(file, into));
            }
            Dress::CsvUtf8Mark | Dress::CsvGb18030 => {
                for page in &file.pages {
                    let name = format!("{}{}.csv", file.name, page.name);
                    let (grid, columns) = draw(page);
                    std::fs::write(into.join(&name), csv(&grid, file.dress)).expect("our folder");
                    written.extend(columns.into_iter().map(|column| Written {
                        sheet: name.trim_end_matches(".csv").to_owned(),
                        file: name.clone(),
                        ..column
                    }));
                }
            }
        }
    }
    written
}

fn workbook(file: &File, into: &Path) -> Vec<Written> {
    let mut book = Workbook::new();
    let mut written = Vec::new();
    let ending = if file.dress == Dress::Xls {
        "xls"
    } else {
        "xlsx"
    };
    for page in &file.pages {
        let (grid, columns) = draw(page);
        let sheet = book.add_worksheet();
        sheet.set_name(&page.name).expect("a short name");
        if page.hidden {
            sheet.set_hidden(true);
        }
        put(sheet, &grid).expect("inside the sheet");
        if page.stale {
            continue;
        }
        written.extend(columns.into_iter().map(|column| Written {
            file: format!("{}.{ending}", file.name),
            sheet: page.name.clone(),
            ..column
        }));
    }
    book.save(into.join(format!("{}.xlsx", file.name)))
        .expect("our own folder");
    written
}

fn put(sheet: &mut Worksheet, grid: &Grid) -> Result<(), rust_xlsxwriter::XlsxError> {
    let plain = Format::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for &(top, left, bottom, right) in &grid.merges {
        sheet.merge_range(top, left, bottom, right, "", &plain)?;
    }
    for (&(row, column), cell) in &grid.cells {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                sheet.write_string(row, column, text)?;
            }
            Cell::Number(number) => {
                sheet.write_number(row, column, *number)?;
            }
            Cell::Day(number) => {
                sheet.write_number_with_format(row, column, *number, &day)?;
            }
            Cell::Formula(formula, result) => {
                let formula = Formula::new(formula).set_result(result);
                sheet.write_formula(row, column, formula)?;
            }
        }
    }
    for column in &grid.hidden_columns {
        sheet.set_column_hidden(*column)?;
    }
    for row in &grid.hidden_rows {
        sheet.set_row_hidden(*row)?;
    }
    Ok(())
}

fn draw(page: &Page) -> (Grid, Vec<Written>) {
    let mut grid = Grid::default();
    let mut written = Vec::new();
    let (mut top, mut left) = (0, 0);
    for table in &page.tables {
        let (height, width) = table_on(&mut grid, table, top, left, &mut written);
        match page.beside {
            Beside::Below => top += height + 2,
            Beside::Right => left += width + 1,
        }
    }
    for (row, column, text) in &page.loose {
        grid.cells
            .insert((top + row, left + column), Cell::text(text.clone()));
    }
    (grid, written)
}

/// Draws one table; answers how many rows and columns it took.
fn table_on(
    grid: &mut Grid,
    table: &Table,
    top: u32,
    left: u16,
    written: &mut Vec<Written>,
) -> (u32, u16) {
    let width = u16::try_from(table.columns.len()).expect("tables are narrow");
    let right = left + width - 1;
    let line = |grid: &mut Grid, row: u32, text: &str, merged: bool| {
        grid.cells.insert((row, left), Cell::text(text));
        if merged && width > 1 {
            grid.merges.push((row, left, row, right));
        }
    };
    let mut row = top;
    for (index, text) in table.title.iter().enumerate() {
        line(grid, row, text, index < 2 && !text.is_empty());
        row += 1;
    }
    let depth = header(grid, table, row, left);
    for (column, position) in table.columns.iter().zip(left..) {
        written.push(Written {
            file: String::new(),
            sheet: String::new(),
            letter: letters(position),
            header: (row + 1, row + depth),
            text: column.path.join(">"),
            is: column.is.clone(),
        });
        if column.hidden {
            grid.hidden_columns.push(position);
        }
    }
    row += depth;
    let mut open: Vec<Option<(u32, Cell)>> = vec![None; table.columns.len()];
    for Row {
        kind,
        cells,
        hidden,
    } in &table.rows
    {
        if *kind != RowKind::Record {
            close(grid, table, left, row, &mut open);
        }
        match kind {
            RowKind::Line => {
                line(grid, row, &cells[0].shown(), false);
                row += 1;
                continue;
            }
            RowKind::Header | RowKind::Page => {
                for text in table.title.iter().filter(|_| *kind == RowKind::Page) {
                    line(grid, row, text, !text.is_empty());
                    row += 1;
                }
                row += header(grid, table, row, left);
                continue;
            }
            RowKind::Total | RowKind::Record => {}
        }
        for ((index, cell), position) in cells.iter().enumerate().zip(left..) {
            let mut cell = cell.clone();
            if table.columns[index].down && *kind == RowKind::Record {
                if cell == Cell::Empty {
                    if table.down == Down::Every {
                        cell = open[index]
                            .as_ref()
                            .map_or(Cell::Empty, |(_, cell)| cell.clone());
                    }
                } else {
                    close_one(grid, table, position, row, &mut open[index]);
                    open[index] = Some((row, cell.clone()));
                }
            }
            if cell != Cell::Empty {
                grid.cells.insert((row, position), cell);
            }
        }
        if *hidden {
            grid.hidden_rows.push(row);
        }
        row += 1;
    }
    close(grid, table, left, row, &mut open);
    for note in &table.notes {
        line(grid, row, note, true);
        row += 1;
    }
    (row - top, width)
}

/// Ends every run of cells that belong together.
fn close(grid: &mut Grid, table: &Table, left: u16, row: u32, open: &mut [Option<(u32, Cell)>]) {
    for (open, position) in open.iter_mut().zip(left..) {
        close_one(grid, table, position, row, open);
    }
}

fn close_one(
    grid: &mut Grid,
    table: &Table,
    column: u16,
    row: u32,
    open: &mut Option<(u32, Cell)>,
) {
    // What is written in every row goes on after a line between.
    if table.down == Down::Every {
        return;
    }
    if let Some((first, _)) = open.take()
        && table.down == Down::Merged
        && row - first > 1
    {
        grid.merges.push((first, column, row - 1, column));
    }
}

/// Draws the header; answers its height. Equal neighbours of a level are merged, short paths reach down.
fn header(grid: &mut Grid, table: &Table, top: u32, left: u16) -> u32 {
    let paths: Vec<&Vec<String>> = table.columns.iter().map(|column| &column.path).collect();
    let depth = paths.iter().map(|path| path.len()).max().unwrap_or(1);
    let rows = |level: usize| top + u32::try_from(level).expect("headers are low");
    for (index, position) in (0..paths.len()).zip(left..) {
        for (level, text) in paths[index].iter().enumerate() {
            let group = &paths[index][..=level];
            let last = level + 1 == paths[index].len();
            let same = |other: &&Vec<String>| {
                !last && other.len() > level + 1 && other[..=level] == *group
            };
            if index > 0 && same(&paths[index - 1]) {
                continue;
            }
            let run = 1 + paths[index + 1..]
                .iter()
                .take_while(|path| same(path))
                .count();
            let right = position + u16::try_from(run).expect("tables are narrow") - 1;
            let bottom = if last { rows(depth - 1) } else { rows(level) };
            grid.cells
                .insert((rows(level), position), Cell::text(text.clone()));
            if (rows(level), position) != (bottom, right) {
                grid.merges.push((rows(level), position, bottom, right));
            }
        }
    }
    u32::try_from(depth).expect("headers are low")
}

/// The letters of a column counted from 0.
pub(crate) fn letters(column: u16) -> String {
    let letter = |number: u16| char::from(b'A' + u8::try_from(number).expect("a letter"));
    match column {
        0..26 => letter(column).to_string(),
        _ => format!("{}{}", letter(column / 26 - 1), letter(column % 26)),
    }
}

fn csv(grid: &Grid, dress: Dress) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let (last_row, last_column) = grid
        .cells
        .keys()
        .fold((0, 0), |most, at| (most.0.max(at.0), most.1.max(at.1)));
    for row in 0..=last_row {
        let cells = (0..=last_column).map(|column| match grid.cells.get(&(row, column)) {
            Some(Cell::Day(number)) => super::dates::Day::of_serial(*number).dotted(),
            Some(cell) => cell.shown(),
            None => String::new(),
        });
        writer.write_record(cells).expect("memory");
    }
    let bytes = writer.into_inner().expect("memory");
    let text = String::from_utf8(bytes).expect("text came in");
    match dress {
        Dress::CsvGb18030 => encoding_rs::GB18030.encode(&text).0.into_owned(),
        _ => [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
    }
}
