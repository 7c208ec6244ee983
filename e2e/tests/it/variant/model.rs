//! A town's workbooks taken apart into tables, so that rules can put them together in other ways.
//! Knows the example's workbooks by `columns.toml`; knows nothing of how the binary reads them.

use serde::Deserialize;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A number shown as a day, by Excel's count.
    Day(f64),
    /// A formula and what it gave when the file was saved.
    Formula(String, String),
}

impl Cell {
    pub(crate) fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::Text(text)
        }
    }

    pub(crate) fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) | Cell::Formula(_, text) => text.clone(),
            Cell::Number(number) | Cell::Day(number) => number.to_string(),
        }
    }
}

/// A column as it will be written.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// The header's path in the example: what the column is.
    pub(crate) was: String,
    /// The header's path as it will be written.
    pub(crate) path: Vec<String>,
    /// The pack's column that it serves.
    pub(crate) is: Option<String>,
    pub(crate) listed: Vec<String>,
    pub(crate) others: Vec<String>,
    /// Written once for several rows.
    pub(crate) down: bool,
    pub(crate) hidden: bool,
}

/// What a row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    Record,
    Total,
    /// One line across the table: a note, a section.
    Line,
    /// The header again.
    Header,
    /// Title and header again, as on every printed page.
    Page,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) kind: RowKind,
    /// Aligned to the columns; a line has its text in the first.
    pub(crate) cells: Vec<Cell>,
    pub(crate) hidden: bool,
}

impl Row {
    pub(crate) fn line(text: &str) -> Row {
        let cells = vec![Cell::text(text)];
        Row {
            kind: RowKind::Line,
            cells,
            hidden: false,
        }
    }
}

/// How cells that belong to several rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Down {
    Merged,
    Once,
    Every,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The sheet of the example that it was.
    pub(crate) was: String,
    /// Lines over the header; the first is the title.
    pub(crate) title: Vec<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
    pub(crate) down: Down,
    /// The column (by its first path) that names the row's village.
    pub(crate) place: Option<String>,
    /// The column that section lines may stand for; the place when not said.
    pub(crate) section: Option<String>,
}

/// Where the next table of a sheet stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Below,
    Right,
}

/// One sheet.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) name: String,
    pub(crate) hidden: bool,
    /// An older version or a copy: it may be read or set aside.
    pub(crate) stale: bool,
    pub(crate) beside: Beside,
    pub(crate) tables: Vec<Table>,
    /// Cells that are no table, by row and column: a pivot, a scribble.
    pub(crate) loose: Vec<(u32, u16, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dress {
    Xlsx,
    /// Written as .xlsx and converted by an office program.
    Xls,
    CsvUtf8Mark,
    CsvGb18030,
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Without its ending.
    pub(crate) name: String,
    pub(crate) dress: Dress,
    pub(crate) pages: Vec<Page>,
}

/// All workbooks that a variant hands in.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    pub(crate) files: Vec<File>,
}

impl Folder {
    pub(crate) fn tables(&mut self) -> impl Iterator<Item = &mut Table> {
        let pages = self.files.iter_mut().flat_map(|file| &mut file.pages);
        pages.flat_map(|page| &mut page.tables)
    }
}

impl Table {
    pub(crate) fn index(&self, was: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.was == was)
    }

    pub(crate) fn serving(&self, is: &str) -> Option<usize> {
        let is = Some(is.to_owned());
        self.columns.iter().position(|column| column.is == is)
    }

    pub(crate) fn drop_column(&mut self, index: usize) {
        self.columns.remove(index);
        for row in &mut self.rows {
            if row.kind != RowKind::Line && index < row.cells.len() {
                row.cells.remove(index);
            }
        }
    }

    /// Whether the pack wants anything of it.
    pub(crate) fn wanted(&self) -> bool {
        self.columns.iter().any(|column| column.is.is_some())
    }

    pub(crate) fn records(&mut self) -> impl Iterator<Item = &mut Row> {
        self.rows
            .iter_mut()
            .filter(|row| row.kind == RowKind::Record)
    }

    /// A column's text in every row, blanks of a column written once filled from above.
    pub(crate) fn filled(&self, index: usize) -> Vec<String> {
        let mut last = String::new();
        let mut filled = Vec::new();
        for row in &self.rows {
            if row.kind == RowKind::Record && !row.cells[index].shown().is_empty() {
                last = row.cells[index].shown();
            }
            filled.push(last.clone());
        }
        filled
    }
}

/// `columns.toml`.
#[derive(Debug, Deserialize)]
pub(crate) struct Declared {
    pub(crate) table: Vec<DeclaredTable>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeclaredTable {
    pub(crate) file: String,
    pub(crate) sheet: String,
    pub(crate) header: [usize; 2],
    #[serde(default)]
    pub(crate) down: Vec<String>,
    #[serde(default)]
    pub(crate) hidden: Vec<String>,
    pub(crate) place: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) column: Vec<DeclaredColumn>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeclaredColumn {
    pub(crate) was: String,
    pub(crate) is: Option<String>,
    #[serde(default)]
    pub(crate) listed: Vec<String>,
    #[serde(default)]
    pub(crate) others: Vec<String>,
}
