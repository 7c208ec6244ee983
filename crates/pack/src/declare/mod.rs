//! The declarations of a pack, checked: every name resolved, every expression typed.
//! Later rooms take [`CheckedPack`] and never meet a broken reference.

mod check; // checks: rules over records and over figures
mod code_list; // code lists, aliases and crosswalks
mod division; // levels of the place tree
mod figure; // figures
mod parameter; // effective-dated parameters
mod register; // registers, fields, keys, identity
mod report; // reports
mod role; // roles
mod sheet; // sheets of workbooks and what their rows write

pub use check::{CheckDecl, CheckRule, Severity, Side};
pub use code_list::{Code, CodeList, Crosswalk};
pub use division::DivisionLevel;
pub use figure::{
    Breakdown, BreakdownKind, Compute, FigureDecl, FigureTime, Measure, Member, Operand, Shift,
};
pub use parameter::{ParameterDecl, ParameterValue};
pub use register::{Field, Identity, KeyPart, RegisterDecl};
pub use report::{ReportDecl, TemplatePart, TemplateTime};
pub use role::{AdminKind, PasswordPolicy, RoleDecl};
pub use sheet::{Across, Column, Emit, Extract, Link, Makes, Reads, SheetDecl, SheetMode, Split};

use std::collections::BTreeMap;

/// A pack whose every reference is resolved. Order of declaration is kept where it is shown to people.
#[derive(Debug, Clone)]
pub struct CheckedPack {
    /// Short name, as `township`.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// The pack's own version, as `0.1.0`.
    pub version: String,
    /// SHA-256 over the sorted files, hex: which pack a transaction was written under.
    pub hash: String,
    /// The files as they lay in the folder (path with `/`, text): they are stored in the book.
    pub files: BTreeMap<String, String>,
    /// Levels of the place tree, top first.
    pub levels: Vec<DivisionLevel>,
    /// Code lists by name.
    pub code_lists: BTreeMap<String, CodeList>,
    /// Crosswalks by name; each is callable in expressions as a function of one code.
    pub crosswalks: BTreeMap<String, Crosswalk>,
    /// Registers in order of declaration.
    pub registers: Vec<RegisterDecl>,
    /// Sheets in order of declaration.
    pub sheets: Vec<SheetDecl>,
    /// Figures in order of declaration.
    pub figures: Vec<FigureDecl>,
    /// Checks.
    pub checks: Vec<CheckDecl>,
    /// Reports.
    pub reports: Vec<ReportDecl>,
    /// Roles.
    pub roles: Vec<RoleDecl>,
    /// Parameters by name.
    pub parameters: BTreeMap<String, ParameterDecl>,
    /// Which rules passwords follow.
    pub passwords: PasswordPolicy,
}

impl CheckedPack {
    /// The register of this name.
    pub fn register(&self, name: &str) -> Option<&RegisterDecl> {
        self.registers.iter().find(|register| register.name == name)
    }

    /// The figure of this id (without member).
    pub fn figure(&self, id: &str) -> Option<&FigureDecl> {
        self.figures.iter().find(|figure| figure.id == id)
    }

    /// The report of this id.
    pub fn report(&self, id: &str) -> Option<&ReportDecl> {
        self.reports.iter().find(|report| report.id == id)
    }

    /// The sheet declaration of this id.
    pub fn sheet(&self, id: &str) -> Option<&SheetDecl> {
        self.sheets.iter().find(|sheet| sheet.id == id)
    }
}
