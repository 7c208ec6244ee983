//! Sheets: how a table in a workbook is recognised, and what one of its rows writes. One row may write
//! several registers.

use crate::expr::Typed;
use vocabulary::{FieldType, ShapeKind};

/// A kind of sheet.
#[derive(Debug, Clone)]
pub struct SheetDecl {
    /// Stable id.
    pub id: String,
    /// Chinese title, shown in previews.
    pub title: String,
    /// Words looked for in the sheet's name, its title rows and the file's name; each found raises confidence.
    pub names: Vec<String>,
    /// Words that exclude the sheet when found there.
    pub never: Vec<String>,
    /// Words one of which must be found there; empty: any table may be this sheet.
    pub only: Vec<String>,
    /// How complete it is.
    pub mode: SheetMode,
    /// Columns by name, in order.
    pub columns: Vec<Column>,
    /// What a row writes, in order; a later row may refer to an earlier one by its label.
    pub rows: Vec<Emit>,
    /// Order among sources that say different things; lower wins (a field's home register over copies).
    pub rank: u8,
    /// Words in the vacancy test: see [`SheetDecl::vacant_column`].
    pub vacant: Vec<String>,
    /// The column whose words of `vacant` mean “an empty seat”: the person-like columns are then unknown.
    pub vacant_column: Option<String>,
    /// The column that names the division of the row; `None`: the book's own division.
    pub place: Option<String>,
    /// It is also read from map layers of such shapes, a feature as a row.
    pub layer: Option<ShapeKind>,
    /// How its rows are a list of places, where they are.
    pub makes: Option<Makes>,
}

/// How a row is read as a division. The others are positions of columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Makes {
    /// The level of the divisions, below the first.
    pub level: String,
    /// Their name.
    pub name: usize,
    /// What they lie under; `None`: the book's own division.
    pub above: Option<usize>,
    /// Other names of theirs.
    pub also: Option<usize>,
    /// Their 12-digit code.
    pub code: Option<usize>,
}

/// How complete a sheet is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetMode {
    /// The whole truth of its scope at its date for the named register: who is missing is proposed as ended.
    Roster {
        /// The register that it lists completely.
        of: String,
        /// Only divisions that occur in the sheet are in scope (a roster of some villages), not the whole book.
        by_division: bool,
    },
    /// Adds only.
    Entries,
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Stable name within the sheet, ASCII.
    pub name: String,
    /// The field it is, from which type, title and aliases come.
    pub field: Option<(String, String)>,
    /// The type its cells are read as.
    pub kind: FieldType,
    /// Header words; a path of a merged header is written `上级>下级`.
    pub names: Vec<String>,
    /// The table is not this sheet when the column is missing.
    pub required: bool,
    /// A blank cell takes the value above it (cells merged down, or written once).
    pub fill_down: bool,
    /// A blank cell means “no” (a column of ticks).
    pub blank_is_no: bool,
    /// What its numbers are, where the type does not say it.
    pub reads: Option<Reads>,
    /// What it is in a wide table, where it lies across.
    pub across: Option<Across>,
}

/// A column of a wide table: places down; years, crops or seasons across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// Said by a word of the header over each of the sheet's columns.
    Key,
    /// The cells under those headers.
    Value,
}

/// What a column holds beyond its type: decimals that are degrees (also written with minutes, and with a range), or what
/// stands over the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Degrees east.
    Longitude,
    /// Degrees north.
    Latitude,
    /// No cell: a word of its code list (of a text: one of its names) in the sheet's name, the title or the file's name
    /// says it of all rows.
    Heading,
    /// The shape of a layer's feature itself.
    Geometry,
    /// Its area on the ellipsoid.
    Area,
    /// Its length in metres.
    Length,
}

impl Reads {
    /// Whether a layer's shape says it, and never a cell.
    pub fn is_of_shape(self) -> bool {
        matches!(self, Reads::Geometry | Reads::Area | Reads::Length)
    }
}

impl SheetDecl {
    /// The register whose records its rows are: the last one that a row makes.
    pub fn main(&self) -> &str {
        let made = self.rows.iter().rfind(|emit| emit.link.is_none());
        let main = made.or(self.rows.last());
        main.map_or("", |emit| emit.register.as_str())
    }
}

/// What one row writes into one register.
#[derive(Debug, Clone)]
pub struct Emit {
    /// The label by which later rows refer to this record.
    pub label: String,
    /// The register.
    pub register: String,
    /// Written only when true; `None`: always.
    pub when: Option<Typed>,
    /// Field and its expression over the sheet's columns and earlier labels (a label is a reference).
    pub set: Vec<(String, Typed)>,
    /// When it became true; `None` or unknown: the sheet's date.
    pub from: Option<Typed>,
    /// When it ceased to be true (first day on which it is not).
    pub until: Option<Typed>,
    /// Columns cut out of a text column by a pattern, before the expressions see the row.
    pub extract: Vec<Extract>,
    /// A text column of which each piece is a record of its own.
    pub split: Option<Split>,
    /// The record is only found, never made nor written; `None`: it is made when it is not there.
    pub link: Option<Link>,
}

/// How a row refers to a record that it does not make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// It stands in its register: what is not there is a mistake of the row.
    Known,
    /// It may: one that it surely means is referred to, nobody or several is no reference.
    IfOne,
}

/// A text column that holds several records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// The column; the emit sees one piece in it, trimmed. Pieces that are empty are none.
    pub column: String,
    /// A pattern of the `regex` crate for what stands between pieces.
    pub by: String,
}

/// A named part of a text column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// The column read.
    pub column: String,
    /// A pattern of the `regex` crate with named groups; each group becomes a column of the row.
    pub pattern: String,
}
