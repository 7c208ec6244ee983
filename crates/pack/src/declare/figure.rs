//! Figures: named, defined numbers or lists.

use crate::expr::Typed;
use vocabulary::Exact;

/// A figure.
#[derive(Debug, Clone)]
pub struct FigureDecl {
    /// Stable id, as `staff.posted.age`.
    pub id: String,
    /// Chinese title.
    pub title: String,
    /// The definition in plain language.
    pub text: String,
    /// The shown unit, as 人 or 亩; empty for lists.
    pub unit: String,
    /// What one shown unit is in the unit that the ledger shows: 10,000 for money in 万元, 15 for an area in 公顷.
    pub per: Exact,
    /// Decimals it is rounded to (half up), trailing zeros dropped; `None`: whole stored units shown exactly.
    pub round: Option<u32>,
    /// What time it is asked with.
    pub time: FigureTime,
    /// How it comes about.
    pub compute: Compute,
    /// Its breakdown: the figure then has members `id[member]` beside its whole.
    pub by: Option<Breakdown>,
    /// Whether the whole (`id` without a member) is a figure too.
    pub whole: bool,
}

/// What time a figure is asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureTime {
    /// A stock: at a date.
    At,
    /// A flow: in a period.
    Period,
}

/// How a figure comes about.
#[derive(Debug, Clone)]
pub enum Compute {
    /// An aggregate over the records of one register.
    Aggregate {
        /// The register.
        from: String,
        /// Which records; `None`: all.
        filter: Option<Typed>,
        /// For a flow: the date that must lie in the period.
        on: Option<Typed>,
        /// What is done with them.
        measure: Measure,
    },
    /// A formula over other figures.
    Formula {
        /// Operands by the name they have in `expr`.
        operands: Vec<Operand>,
        /// The formula; its names are the operands'.
        expr: Typed,
    },
    /// A count of the child divisions of a level for which a condition over figures holds.
    Over {
        /// The level whose divisions are counted.
        level: String,
        /// Operands by name, asked for each division.
        operands: Vec<Operand>,
        /// The condition.
        condition: Typed,
    },
}

/// What is done with the records.
#[derive(Debug, Clone)]
pub enum Measure {
    /// How many.
    Count,
    /// How many different values.
    CountDistinct(Typed),
    /// The sum; unknown is left out and counted in the trace.
    Sum(Typed),
    /// The average of the known.
    Avg(Typed),
    /// The least.
    Min(Typed),
    /// The greatest.
    Max(Typed),
    /// The labels, in the order of `order` (then of the record).
    List {
        /// The text listed.
        label: Typed,
        /// The order.
        order: Option<Typed>,
        /// Equal labels are listed once.
        distinct: bool,
    },
}

/// An operand of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// Its name in the formula.
    pub name: String,
    /// The figure's id.
    pub figure: String,
    /// The member; `None`: the whole, or the asked member when both figures break down by the same list. Of a
    /// figure that has members only (`whole = false`) it is the sum of its members.
    pub member: Option<String>,
    /// Asked at the date that this parameter names instead of the asked one.
    pub at: Option<String>,
    /// Asked in another period than the asked one; of a figure of a period only.
    pub period: Option<Shift>,
}

/// Another period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// The one of equal length just before.
    Before,
    /// The same days of the year before.
    YearBefore,
}

/// A breakdown.
#[derive(Debug, Clone)]
pub struct Breakdown {
    /// What records fall into members by; `None` on a formula, which takes its operands' members.
    pub of: Option<Typed>,
    /// What the members are.
    pub kind: BreakdownKind,
    /// The members that are figures of their own, in order.
    pub members: Vec<Member>,
}

/// What the members of a breakdown are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BreakdownKind {
    /// Codes of the named list.
    Codes(String),
    /// Bands of whole numbers.
    Bands,
    /// Divisions of the named level.
    Level(String),
}

/// A member of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// As written in the id: `admin`, `<=30`, `31-35`.
    pub id: String,
    /// Title of the figure with this member, when it is not the whole's title with the member's.
    pub title: Option<String>,
    /// For a band: least whole number inside, `None` when open below.
    pub least: Option<i64>,
    /// For a band: greatest whole number inside, `None` when open above.
    pub greatest: Option<i64>,
}
