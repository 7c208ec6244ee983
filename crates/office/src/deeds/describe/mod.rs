//! What a pack declares, told to people: registers, sheets, figures, checks, codes, parameters, gathered by the files that
//! belong together. Reads a folder, needs no ledger, and refuses to know what a book holds.

mod gather; // declarations to what is told of them
mod page; // the same as Markdown

use super::pack::check_pack;
use crate::error::OfficeError;
use std::path::Path;

/// A pack, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackDescription {
    /// Its short name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// Files of one stem belong together, whatever their folder: in the order of the stem.
    pub parts: Vec<PartDescription>,
}

/// What the files of one stem declare.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartDescription {
    /// The files' stem, as `staff`.
    pub id: String,
    /// The files.
    pub files: Vec<String>,
    /// Its registers.
    pub registers: Vec<RegisterDescription>,
    /// Its sheets.
    pub sheets: Vec<SheetDescription>,
    /// Its figures.
    pub figures: Vec<FigureDescription>,
    /// Its checks.
    pub checks: Vec<CheckDescription>,
    /// Its code lists.
    pub codes: Vec<CodesDescription>,
    /// Its parameters.
    pub parameters: Vec<ParameterDescription>,
    /// Everything else that it declares: reports, roles, levels, crosswalks.
    pub others: Vec<OtherDescription>,
}

/// A register, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterDescription {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What it keeps.
    pub text: String,
    /// What identifies a record, in steps, each a list of titles; of an identity: its fields.
    pub keys: Vec<Vec<String>>,
    /// The title of the role that owns findings about it; empty when nobody does.
    pub owner: String,
    /// Its fields.
    pub fields: Vec<FieldDescription>,
}

/// A field, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDescription {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its type as a pack writes it, as `code:sex`.
    pub kind: String,
    /// Its shown unit; empty when it has none.
    pub unit: String,
    /// A row without it does not enter.
    pub required: bool,
    /// Sealed in bodies.
    pub personal: bool,
    /// Sealed everywhere.
    pub secret: bool,
    /// One truth for ever.
    pub constant: bool,
}

/// A sheet, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetDescription {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The register that it lists completely; empty when it only adds.
    pub roster_of: String,
    /// Words looked for around the table.
    pub names: Vec<String>,
    /// Words one of which must be there.
    pub only: Vec<String>,
    /// Words that must not.
    pub never: Vec<String>,
    /// The registers that its rows write.
    pub writes: Vec<String>,
    /// Its columns.
    pub columns: Vec<ColumnDescription>,
}

/// A column, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// The headers that are read as it.
    pub headers: Vec<String>,
    /// The field that it is, as `person.name`; empty when it is only read.
    pub field: String,
    /// The type that its cells are read as.
    pub kind: String,
    /// The table is not this sheet without it.
    pub required: bool,
}

/// A figure, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureDescription {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its definition in plain language.
    pub text: String,
    /// Its unit.
    pub unit: String,
    /// Whether it is of a period, not at a date.
    pub of_period: bool,
    /// The members that it breaks down into, by id and title; of a level: none, they are places.
    pub members: Vec<(String, String)>,
    /// How it is computed: the keys that say it, as written.
    pub rule: Vec<(String, String)>,
}

/// A check, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckDescription {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What a breach says.
    pub said: String,
    /// What to do.
    pub next: String,
    /// Whether a breach is only something to know.
    pub notice: bool,
    /// The title of the role that owns its breaches; empty when nobody does.
    pub owner: String,
    /// Its rule: the keys that say it, as written.
    pub rule: Vec<(String, String)>,
}

/// A code list, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodesDescription {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is taken from.
    pub scheme: String,
    /// The version of that.
    pub version: String,
    /// Code, title, other words.
    pub codes: Vec<(String, String, Vec<String>)>,
}

/// A parameter, told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterDescription {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its type.
    pub kind: String,
    /// Its values, each with the day from which it holds.
    pub values: Vec<(String, String)>,
}

/// A declaration of another kind, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherDescription {
    /// What it is, as `report`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its title; empty when it has none.
    pub title: String,
    /// Its other keys.
    pub rule: Vec<(String, String)>,
}

/// Reads, checks and tells the pack in a folder; every error at once.
pub fn describe_pack(folder: &Path) -> Result<PackDescription, OfficeError> {
    check_pack(folder).map(|pack| gather::description(&pack))
}

impl PackDescription {
    /// The part that declares this register.
    pub fn part_of(&self, register: &str) -> Option<&PartDescription> {
        let has = |part: &&PartDescription| part.registers.iter().any(|r| r.name == register);
        self.parts.iter().find(has)
    }

    /// The whole pack as one Markdown document.
    pub fn markdown(&self) -> String {
        page::whole(self)
    }

    /// Each part as a Markdown page of its own, by the part's id: pages that refer to each other as `ID.md`.
    pub fn pages(&self) -> Vec<(String, String)> {
        page::pages(self)
    }
}

impl PartDescription {
    /// What the part is called: the titles of its registers, else of what it has instead, else its id.
    pub fn title(&self) -> String {
        page::title(self)
    }
}
