//! Reports: Markdown templates with figures in them.

use std::collections::BTreeSet;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDecl {
    /// Stable id.
    pub id: String,
    /// Chinese title; may hold template places.
    pub title: String,
    /// The template first, then every file that it includes or imports, each once.
    pub parts: Vec<TemplatePart>,
    /// Who it is written for.
    pub audience: String,
    /// The figures (with member) that the template names, found when the pack is checked.
    pub figures: Vec<String>,
    /// The times that its places ask at, beside the report's own.
    pub times: BTreeSet<TemplateTime>,
}

/// A file of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplatePart {
    /// Its path within the pack.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The time that a place of a template asks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateTime {
    /// A parameter that is a date; none: the report's date.
    pub at: Option<String>,
    /// `before`, `year_before` or the name of a period of the pack; none: the report's period.
    pub period: Option<String>,
}
