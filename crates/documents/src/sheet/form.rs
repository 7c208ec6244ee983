//! What the caller says it is looking for. Made from a pack by a room that knows packs; this one sees
//! words, kinds and codes only.

use vocabulary::{FieldType, ShapeKind};

/// A kind of table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Form {
    /// Stable id.
    pub id: String,
    /// Title shown to people.
    pub title: String,
    /// Words that raise confidence when found in the sheet's name, the table's title or the file's name.
    pub names: Vec<String>,
    /// Words that exclude the form when found there.
    pub never: Vec<String>,
    /// Words one of which must be found there; none: any table may be this form.
    pub only: Vec<String>,
    /// Columns in order; [`crate::sheet::Row::values`] is aligned to them.
    pub columns: Vec<FormColumn>,
    /// The column whose words mean an empty seat, and those words.
    pub vacant: Option<(usize, Vec<String>)>,
    /// It is also looked for in layers of such shapes.
    pub layer: Option<ShapeKind>,
}

/// A column of a form.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormColumn {
    /// Stable name, which [`ColumnChoice::column`] refers to.
    pub name: String,
    /// Header words, best first; a path of a merged header is written with `>` between its levels.
    pub headers: Vec<String>,
    /// What its cells are read as.
    pub kind: FieldType,
    /// A table without it is not this form.
    pub required: bool,
    /// A blank cell takes the value above it.
    pub fill_down: bool,
    /// A blank cell of a yes-or-no column means no.
    pub blank_is_no: bool,
    /// For a code: every word and the code it stands for.
    pub codes: Vec<(String, String)>,
    /// The unit of a number when neither its cell, its header nor the table names one.
    pub unit: Option<String>,
    /// What its cells hold, where the kind does not say it.
    pub reads: Option<Reads>,
    /// That it lies across in a wide table, over several of the sheet's columns.
    pub across: Option<Across>,
}

/// What a form column of a wide table is: places down; years, crops or seasons across.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Across {
    /// A word of the headers, as the crop: a code, a year (of a number or a date), or one of its header words.
    Key,
    /// The cells under them, as the area; the header words tell several such columns apart.
    Value,
}

/// What the cells of a column hold beyond their kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Text that is one person's name.
    PersonName,
    /// Text that tells no record from another, as a remark: numbers of persons in it are starred.
    Prose,
    /// A decimal that is degrees east; also written with minutes and seconds.
    Longitude,
    /// A decimal that is degrees north.
    Latitude,
    /// No cell of its own: one of the words in `codes`, looked for in the sheet's name, over the table and in the
    /// file's name, says it of all rows.
    Heading,
    /// The shape of a layer's feature.
    Geometry,
    /// The area of that shape.
    Area,
    /// The length of that shape in metres.
    Length,
}

impl FormColumn {
    /// Whether a feature's shape says it, in a layer of such shapes; none: in a sheet.
    pub(crate) fn is_of_shape(&self, layer: Option<ShapeKind>) -> bool {
        match self.reads {
            Some(Reads::Geometry | Reads::Area | Reads::Length) => true,
            Some(Reads::Longitude | Reads::Latitude) => layer == Some(ShapeKind::Point),
            _ => false,
        }
    }
}

/// Which column a clerk has said a header is: remembered from earlier, or typed as `--map`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChoice {
    /// The form it was made for; `None`: every form. A choice kept from earlier never leaks into another form.
    pub form: Option<String>,
    /// The sheet's name; empty: every sheet.
    pub sheet: String,
    /// The header's text, its last level or its whole path.
    pub header: String,
    /// The form column's name; `None`: this header is no column of any form.
    pub column: Option<String>,
}

/// All choices; a later one outranks an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnChoices(pub Vec<ColumnChoice>);
