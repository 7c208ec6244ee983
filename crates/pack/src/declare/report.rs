//! Reports: Markdown templates with figures in them.

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDecl {
    /// Stable id.
    pub id: String,
    /// Chinese title; may hold template places.
    pub title: String,
    /// The template's path within the pack.
    pub template: String,
    /// The template's text.
    pub text: String,
    /// Who it is written for.
    pub audience: String,
    /// The figures (with member) that the template names, found when the pack is checked.
    pub figures: Vec<String>,
}
