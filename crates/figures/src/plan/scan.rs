//! The columns of one scan. All figures over one register and day share it; a column that two figures need is
//! printed once. Rows are grouped by their own division, so that any node above can be merged from its leaves.

use crate::ask::{Ask, FiguresError};
use crate::compile::Scope;
use crate::plan::{Inside, Part};
use pack::declare::{Compute, FigureDecl, FigureTime, Measure};
use pack::expr::{Expr, Typed};

/// How a column's values of several divisions become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    Add,
    Least,
    Greatest,
}

/// The columns that answer one figure or member, by position.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    /// Records with a known measured value.
    pub(crate) records: usize,
    /// Their sum, least or greatest.
    pub(crate) amount: Option<usize>,
    /// Records left out because something about them is unknown: the filter, the part, the date, the value.
    pub(crate) unknown: Vec<usize>,
    /// Events too vague for the period.
    pub(crate) undecided: Option<usize>,
}

/// The columns printed so far.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    texts: Vec<String>,
    merges: Vec<Merge>,
}

/// A statement and how its columns merge.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) sql: String,
    pub(crate) merges: Vec<Merge>,
}

impl Columns {
    fn add(&mut self, text: String, merge: Merge) -> usize {
        self.texts
            .iter()
            .position(|known| *known == text)
            .unwrap_or_else(|| {
                self.texts.push(text);
                self.merges.push(merge);
                self.texts.len() - 1
            })
    }

    fn count(&mut self, condition: &str) -> usize {
        self.add(counted(condition), Merge::Add)
    }

    /// Prints what one figure or member needs.
    pub(crate) fn figure(
        &mut self,
        figure: &FigureDecl,
        part: Part,
        ask: &Ask,
        scope: &mut Scope,
    ) -> Result<Slots, FiguresError> {
        let Compute::Aggregate { measure, .. } = &figure.compute else {
            return Err(FiguresError::Circle(figure.id.clone()));
        };
        let conditions = Conditions::of(figure, part, ask, scope)?;
        let mut slots = Slots::default();
        let all = conditions.all();
        let Some(typed) = measured(measure) else {
            slots.records = self.count(&all);
            return self.left_out(&conditions, slots);
        };
        let value = scope.value(&typed.expr)?;
        let of = if all.is_empty() {
            value.clone()
        } else {
            format!("CASE WHEN {all} THEN {value} END")
        };
        slots.amount = match measure {
            Measure::Sum(_) | Measure::Avg(_) => Some(self.add(scope.sum(&of), Merge::Add)),
            Measure::Min(_) => Some(self.add(format!("MIN({of})"), Merge::Least)),
            Measure::Max(_) => Some(self.add(format!("MAX({of})"), Merge::Greatest)),
            _ => None,
        };
        let null = |wanted| Expr::IsNull(Box::new(typed.expr.clone()), wanted);
        slots.records = self.count(&both(&all, &scope.condition(&null(false))?));
        slots
            .unknown
            .push(self.count(&both(&all, &scope.condition(&null(true))?)));
        self.left_out(&conditions, slots)
    }

    /// Adds what counts the records that are left out.
    fn left_out(
        &mut self,
        conditions: &Conditions,
        mut slots: Slots,
    ) -> Result<Slots, FiguresError> {
        for doubt in conditions.doubts() {
            slots.unknown.push(self.count(&doubt));
        }
        if let Some(undecided) = conditions.undecided() {
            slots.undecided = Some(self.count(&undecided));
        }
        Ok(slots)
    }

    /// The statement.
    pub(crate) fn scan(self, scope: &mut Scope) -> Scan {
        let mut sql = "SELECT t.division".to_owned();
        for column in &self.texts {
            sql.push_str(",\n  ");
            sql.push_str(column);
        }
        sql.push('\n');
        sql.push_str(&scope.rows(None));
        sql.push_str("\nGROUP BY t.division");
        Scan {
            sql,
            merges: self.merges,
        }
    }
}

/// What a record must be to count.
pub(crate) struct Conditions {
    /// The filter; empty: every record.
    population: String,
    /// Whether the filter can be unknown.
    doubtful: bool,
    part: Option<String>,
    /// That a record falls into no part, because what it would fall by is unknown.
    nowhere: Option<String>,
    inside: Option<Inside>,
    /// The event's date.
    date: Option<String>,
}

impl Conditions {
    pub(crate) fn of(
        figure: &FigureDecl,
        part: Part,
        ask: &Ask,
        scope: &mut Scope,
    ) -> Result<Conditions, FiguresError> {
        let Compute::Aggregate { filter, on, .. } = &figure.compute else {
            return Err(FiguresError::Circle(figure.id.clone()));
        };
        let population = match filter {
            Some(filter) => scope.condition(&filter.expr)?,
            None => String::new(),
        };
        let doubtful = filter.as_ref().is_some_and(|filter| !decided(&filter.expr));
        let nowhere = match part {
            Part::Member { of, .. } | Part::Place { of, .. } => {
                let null = Expr::IsNull(Box::new(of.expr.clone()), true);
                Some(scope.condition(&null)?)
            }
            Part::Whole => None,
        };
        let part = part.condition(scope)?;
        let date = match (figure.time, on) {
            (FigureTime::At, _) => None,
            (FigureTime::Period, Some(on)) => Some(scope.value(&on.expr)?),
            // An event without a date of its own happened when its record became true.
            (FigureTime::Period, None) => Some(scope.value(&Expr::ValidFrom)?),
        };
        let inside = date
            .as_ref()
            .map(|date| Inside::of(date, ask.period, scope));
        Ok(Conditions {
            population,
            doubtful,
            part,
            nowhere,
            inside,
            date,
        })
    }

    /// All of it as one condition; empty: every record.
    pub(crate) fn all(&self) -> String {
        let all = both(&self.population, self.part.as_deref().unwrap_or_default());
        both(
            &all,
            self.inside.as_ref().map_or("", |inside| &inside.decided),
        )
    }

    /// The events left out for their vague date; `None` for a stock.
    pub(crate) fn undecided(&self) -> Option<String> {
        let inside = self.inside.as_ref()?;
        let placed = both(&self.population, self.part.as_deref().unwrap_or_default());
        Some(both(&placed, &inside.undecided))
    }

    /// The records left out because the filter, the part or the date is unknown; they do not overlap.
    fn doubts(&self) -> Vec<String> {
        let inside = self.inside.as_ref().map_or("", |inside| &inside.decided);
        let mut doubts = Vec::new();
        if self.doubtful {
            doubts.push(both(&format!("{} IS NULL", self.population), inside));
        }
        if let Some(nowhere) = &self.nowhere {
            doubts.push(both(&both(&self.population, inside), nowhere));
        }
        if let Some(date) = &self.date {
            doubts.push(both(&self.population, &format!("{date} IS NULL")));
        }
        doubts
    }
}

/// What a measure reads of a record; a list reads its label.
pub(crate) fn measured(measure: &Measure) -> Option<&Typed> {
    match measure {
        Measure::Count => None,
        Measure::CountDistinct(of)
        | Measure::Sum(of)
        | Measure::Avg(of)
        | Measure::Min(of)
        | Measure::Max(of)
        | Measure::List { label: of, .. } => Some(of),
    }
}

/// Both conditions; an empty one is no condition.
pub(crate) fn both(left: &str, right: &str) -> String {
    match (left.is_empty(), right.is_empty()) {
        (true, _) => right.to_owned(),
        (_, true) => left.to_owned(),
        _ => format!("{left} AND {right}"),
    }
}

fn counted(condition: &str) -> String {
    if condition.is_empty() {
        "COUNT(*)".to_owned()
    } else {
        format!("COUNT(CASE WHEN {condition} THEN 1 END)")
    }
}

/// Whether a condition is never unknown.
fn decided(expr: &Expr) -> bool {
    use pack::expr::{Binary, Gives, Unary};
    match expr {
        Expr::Others(others) => others.gives == Gives::Exists,
        Expr::IsNull(..) => true,
        Expr::Unary(Unary::Not, inner) => decided(inner),
        Expr::Binary(Binary::And | Binary::Or, left, right) => decided(left) && decided(right),
        _ => false,
    }
}
