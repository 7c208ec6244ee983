//! Checks: rules whose breaches are listed and owned.

use crate::declare::Operand;
use crate::expr::Typed;

/// A check.
#[derive(Debug, Clone)]
pub struct CheckDecl {
    /// Stable id, also the finding's code.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// What a breach says; parameters in braces: `{label}`, the operands' names, `{left}`, `{right}`,
    /// `{key}`, `{count}`, `{sum}`, `{day}`.
    pub said: String,
    /// What to do.
    pub next: String,
    /// How grave.
    pub severity: Severity,
    /// The role that owns its breaches.
    pub owner: Option<String>,
    /// The rule.
    pub rule: CheckRule,
}

/// How grave a breach is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Something is wrong.
    Error,
    /// Something to know.
    Notice,
}

/// A rule.
#[derive(Debug, Clone)]
pub enum CheckRule {
    /// Must hold for every record of the register; unknown is no breach.
    Record {
        /// The register.
        register: String,
        /// Which records; `None`: all.
        filter: Option<Typed>,
        /// What must hold.
        must: Typed,
        /// Fields whose cells the finding names; empty: the record's first cell.
        fields: Vec<String>,
    },
    /// Must hold for every group of records that have the same keys; a record without one of them is in none.
    Group {
        /// The register.
        register: String,
        /// Which records; `None`: all.
        filter: Option<Typed>,
        /// The keys.
        by: Vec<Typed>,
        /// The amount summed.
        sum: Option<Typed>,
        /// The date along which it must hold at the end of every day; `None`: of all records together.
        along: Option<Typed>,
        /// What must hold of `count` and `sum`.
        must: Typed,
        /// Fields whose cells the finding names; empty: the field that is summed, else each record's first cell.
        fields: Vec<String>,
    },
    /// Must hold between figures.
    Figures {
        /// Operands by name.
        operands: Vec<Operand>,
        /// What must hold.
        must: Typed,
        /// A list figure whose entries are named in the breach, as the open posts.
        names: Option<String>,
    },
    /// Two ways to the same numbers: grouped by the same keys, both sides must agree for each key
    /// (a roster against the summary table).
    Reconcile {
        /// What is believed.
        left: Side,
        /// What is reported; its cells are named.
        right: Side,
    },
}

/// One side of a reconciliation.
#[derive(Debug, Clone)]
pub struct Side {
    /// The register.
    pub from: String,
    /// Which records.
    pub filter: Option<Typed>,
    /// The keys, text or code, in the same order on both sides.
    pub by: Vec<Typed>,
    /// The amount summed; `None`: records are counted.
    pub sum: Option<Typed>,
}
