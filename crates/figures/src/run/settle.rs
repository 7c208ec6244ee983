//! A figure's value for one division: leaves merged, formulas evaluated on exact fractions, nothing rounded.

use crate::ask::{FigureId, FiguresError, When, WhyNull};
use crate::compile::Slice;
use crate::plan::{Slots, measured};
use crate::run::board::{Board, Fetched, Key};
use crate::run::partial::{Entry, Leaf, merge};
use crate::run::resolve;
use num_traits::Zero;
use pack::declare::{Compute, FigureDecl, FigureTime, Measure, Operand};
use pack::expr::{Binary, Call, Expr, Type, Typed, eval_exact};
use std::collections::{BTreeMap, HashSet};
use vocabulary::{Date, DivisionId, Exact, Value};

/// A value before rounding, in the figure's shown unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Worth {
    Null(WhyNull),
    Number(Exact),
    List(Vec<String>),
}

/// A figure settled for one division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) worth: Worth,
    pub(crate) records: u64,
    pub(crate) unknown: u64,
    pub(crate) undecided: u64,
}

/// A place for which the condition of an `over` was asked.
pub(crate) struct Asked {
    pub(crate) division: DivisionId,
    /// Whether it holds; `None`: an operand is unknown.
    pub(crate) holds: Option<bool>,
    pub(crate) why: Option<WhyNull>,
}

impl Settled {
    fn of(worth: Worth) -> Settled {
        Settled {
            worth,
            records: 0,
            unknown: 0,
            undecided: 0,
        }
    }

    pub(crate) fn exact(&self) -> Option<Exact> {
        if let Worth::Number(exact) = &self.worth {
            Some(*exact)
        } else {
            None
        }
    }
}

impl Board<'_> {
    /// The figure's value at a date, in a division; what it rests on has been fetched.
    pub(crate) fn settle(
        &self,
        id: &FigureId,
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Settled, FiguresError> {
        let figure = self.figure(id)?;
        let (narrowed, member) = Board::narrowed(figure, id);
        let within = narrowed.or(within);
        let parts = Board::parts(figure, id);
        if !parts.is_empty() {
            return self.together(&parts, when, within);
        }
        match &figure.compute {
            Compute::Aggregate { from, measure, .. } => {
                let key = Key {
                    id: FigureId {
                        figure: id.figure.clone(),
                        member,
                    },
                    when,
                };
                self.aggregate(figure, from, measure, &key, within)
            }
            Compute::Formula { operands, expr } => self.formula(
                Some(figure),
                member.as_deref(),
                operands,
                expr,
                when,
                within,
            ),
            Compute::Over {
                level,
                operands,
                condition,
            } => {
                let asked = self.over(level, operands, condition, when, within)?;
                let count = |holds| asked.iter().filter(|a| a.holds == holds).count();
                let unknown = u64::try_from(count(None)).unwrap_or(u64::MAX);
                let records = u64::try_from(count(Some(true))).unwrap_or(u64::MAX);
                let worth = if asked.iter().all(|asked| asked.holds.is_none()) {
                    let why = asked.into_iter().find_map(|asked| asked.why);
                    Worth::Null(why.unwrap_or(WhyNull::Nothing))
                } else {
                    Worth::Number(Exact::from_integer(records.into()))
                };
                Ok(Settled {
                    records,
                    unknown,
                    ..Settled::of(worth)
                })
            }
        }
    }

    /// The sum of a breakdown's members; null when one of them is.
    fn together(
        &self,
        parts: &[FigureId],
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Settled, FiguresError> {
        let mut sum = Settled::of(Worth::Number(Exact::zero()));
        for part in parts {
            let settled = self.settle(part, when, within)?;
            sum.records += settled.records;
            // What falls into no member is told by each of them.
            sum.unknown = sum.unknown.max(settled.unknown);
            sum.undecided += settled.undecided;
            sum.worth = match (sum.worth, settled.worth) {
                (Worth::Number(sum), Worth::Number(part)) => Worth::Number(sum + part),
                (Worth::Number(_), worth) => worth,
                (worth, _) => worth,
            };
        }
        Ok(sum)
    }

    /// The condition of an `over` for every place of its level.
    pub(crate) fn over(
        &self,
        level: &str,
        operands: &[Operand],
        condition: &Typed,
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Vec<Asked>, FiguresError> {
        let mut asked = Vec::new();
        for place in self.places.of_level(level, within.or(self.ask.within))? {
            let inside = Some(place.division);
            let settled = self.formula(None, None, operands, condition, when, inside)?;
            let holds = settled.exact().map(|exact| !exact.is_zero());
            let why = if let Worth::Null(why) = settled.worth {
                Some(why)
            } else {
                None
            };
            asked.push(Asked {
                division: place.division,
                holds,
                why,
            });
        }
        Ok(asked)
    }

    /// A formula, or a condition over figures.
    pub(crate) fn formula(
        &self,
        figure: Option<&FigureDecl>,
        member: Option<&str>,
        operands: &[Operand],
        expr: &Typed,
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Settled, FiguresError> {
        let mut sum = Settled::of(Worth::Null(WhyNull::Nothing));
        let mut values: BTreeMap<&str, Option<Exact>> = BTreeMap::new();
        let mut missing = None;
        for operand in operands {
            let resolved = resolve(self.pack, figure, member, operand, when)?;
            let exact = match resolved.when {
                Some(when) => {
                    let settled = self.settle(&resolved.id, when, within)?;
                    sum.records += settled.records;
                    sum.unknown += settled.unknown;
                    sum.undecided += settled.undecided;
                    match settled.worth {
                        Worth::Number(exact) => Some(exact),
                        // A list counts by its entries.
                        Worth::List(entries) => {
                            i128::try_from(entries.len()).ok().map(Exact::from_integer)
                        }
                        Worth::Null(_) => None,
                    }
                }
                None => None,
            };
            if exact.is_none() && missing.is_none() && !guarded(&expr.expr, &operand.name) {
                missing = Some(resolved.id.to_string());
            }
            values.insert(&operand.name, exact);
        }
        sum.worth = match missing {
            Some(operand) => Worth::Null(WhyNull::OperandNull { operand }),
            None => match eval_exact(&expr.expr, &|name| self.named(&values, name, when.at)) {
                Some(exact) => Worth::Number(exact),
                None if divides(&expr.expr) => Worth::Null(WhyNull::DivisionByZero),
                None => Worth::Null(WhyNull::Nothing),
            },
        };
        Ok(sum)
    }

    fn named(&self, values: &BTreeMap<&str, Option<Exact>>, name: &str, at: Date) -> Option<Exact> {
        if let Some(value) = values.get(name) {
            return *value;
        }
        self.parameter(name.strip_prefix("param.")?, at)
    }

    /// A parameter at a date, in stored units, as formulas take it.
    pub(crate) fn parameter(&self, name: &str, at: Date) -> Option<Exact> {
        let parameter = self.pack.parameters.get(name)?;
        let int = parameter.at(at).as_int()?;
        Some(Exact::from_integer(int.into()))
    }

    fn aggregate(
        &self,
        figure: &FigureDecl,
        register: &str,
        measure: &Measure,
        key: &Key,
        within: Option<DivisionId>,
    ) -> Result<Settled, FiguresError> {
        let (mut settled, seen) = match self.fetched.get(key) {
            Some(Fetched::Columns { scan, slots }) => {
                self.columns(*scan, slots, measure, within)?
            }
            Some(Fetched::Entries {
                entries,
                unknown,
                undecided,
            }) => {
                let mut inside = Vec::new();
                for entry in entries {
                    if self.inside(entry.division, within)? {
                        inside.push(entry);
                    }
                }
                let seen = !inside.is_empty();
                let settled = listed(measure, &inside);
                (
                    Settled {
                        unknown: *unknown,
                        undecided: *undecided,
                        ..settled
                    },
                    seen,
                )
            }
            None => return Err(FiguresError::Circle(key.id.to_string())),
        };
        // A record is a coverage of its own: what is there was entered by someone.
        if let Worth::Number(exact) = settled.worth {
            settled.worth = Worth::Number(exact / figure.per);
        }
        let on = match figure.time {
            FigureTime::At => Some(key.when.at),
            FigureTime::Period => None,
        };
        let within = within.or(self.ask.within);
        if !seen && !self.places.covers(register, within, on)? {
            settled.worth = Worth::Null(WhyNull::NotCovered {
                register: register.to_owned(),
            });
        }
        // That none of the others says so is only known where someone has spoken of them.
        let asked = self.silent(&beside(figure), within, key.when.at, on)?;
        if let Some(register) = asked {
            let register = register.to_owned();
            settled = Settled::of(Worth::Null(WhyNull::NotCovered { register }));
        }
        Ok(settled)
    }

    /// The first of the registers that nobody has spoken of: no source covers it, and it holds no record of the day.
    pub(crate) fn silent<'r>(
        &self,
        registers: &[&'r str],
        within: Option<DivisionId>,
        at: Date,
        on: Option<Date>,
    ) -> Result<Option<&'r str>, FiguresError> {
        for register in registers {
            if self.places.covers(register, within, on)? {
                continue;
            }
            let slice = match on {
                Some(day) => Slice::InForce(day),
                None => Slice::Event(at),
            };
            let scope = self.scope(register, at, slice, None)?;
            // Whether anybody has spoken at all, wherever.
            let mut scope = scope.limited(&[]);
            let sql = format!("SELECT 1 {} LIMIT 1", scope.rows(None));
            let mut any = false;
            self.source
                .query(&sql, scope.params(), &mut |_| any = true)?;
            if !any {
                return Ok(Some(register));
            }
        }
        Ok(None)
    }

    fn columns(
        &self,
        scan: usize,
        slots: &Slots,
        measure: &Measure,
        within: Option<DivisionId>,
    ) -> Result<(Settled, bool), FiguresError> {
        let scan = &self.scans[scan];
        let mut leaves: Vec<&Leaf> = Vec::with_capacity(scan.leaves.len());
        for leaf in &scan.leaves {
            if self.inside(leaf.division, within)? {
                leaves.push(leaf);
            }
        }
        let column = |column: usize| merge(leaves.iter().copied(), column, scan.merges[column]);
        let count = |at: usize| u64::try_from(column(at).unwrap_or(0)).unwrap_or(0);
        let records = count(slots.records);
        let amount = slots.amount.and_then(column);
        let scale = measured(measure).map_or(1, |typed| scale(&typed.kind));
        let worth = match (measure, amount) {
            (Measure::Count, _) => Worth::Number(Exact::from_integer(records.into())),
            (Measure::Sum(_), amount) => Worth::Number(Exact::new(amount.unwrap_or(0), scale)),
            (_, Some(amount)) if records > 0 => {
                let by = if matches!(measure, Measure::Avg(_)) {
                    i128::from(records)
                } else {
                    1
                };
                Worth::Number(Exact::new(amount, scale * by))
            }
            _ => Worth::Null(WhyNull::Nothing),
        };
        let unknown = slots.unknown.iter().map(|at| count(*at)).sum();
        let undecided = slots.undecided.map_or(0, count);
        Ok((
            Settled {
                worth,
                records,
                unknown,
                undecided,
            },
            !leaves.is_empty(),
        ))
    }

    /// Whether a leaf counts; the asked division itself was narrowed by the statement.
    fn inside(&self, leaf: DivisionId, within: Option<DivisionId>) -> Result<bool, FiguresError> {
        within.map_or(Ok(true), |above| self.places.lies_in(leaf, above))
    }
}

/// The registers that a figure asks beside its own.
fn beside(figure: &FigureDecl) -> Vec<&str> {
    let Compute::Aggregate {
        filter,
        on,
        measure,
        ..
    } = &figure.compute
    else {
        return Vec::new();
    };
    let of = figure.by.as_ref().and_then(|by| by.of.as_ref());
    let all = filter.iter().chain(on).chain(measured(measure)).chain(of);
    all.flat_map(|typed| typed.expr.asks()).collect()
}

fn listed(measure: &Measure, entries: &[&Entry]) -> Settled {
    let records = u64::try_from(entries.len()).unwrap_or(u64::MAX);
    let worth = if let Measure::List { distinct, .. } = measure {
        let mut texts: Vec<String> = Vec::with_capacity(entries.len());
        let mut seen: HashSet<String> = HashSet::new();
        for entry in entries {
            let text = entry.label.to_string();
            if !*distinct || seen.insert(text.clone()) {
                texts.push(text);
            }
        }
        Worth::List(texts)
    } else {
        let values: HashSet<&Value> = entries.iter().map(|entry| &entry.amount).collect();
        Worth::Number(Exact::from_integer(
            i128::try_from(values.len()).unwrap_or(i128::MAX),
        ))
    };
    Settled {
        records,
        ..Settled::of(worth)
    }
}

/// Stored units of one shown unit.
pub(crate) fn scale(kind: &Type) -> i128 {
    if let Type::Int { scale } = kind {
        i128::from(*scale).max(1)
    } else {
        1
    }
}

/// Whether a formula says itself what to do when this operand is unknown: every use of it stands under
/// `coalesce` or `is null`.
fn guarded(expr: &Expr, name: &str) -> bool {
    let all = |list: &[Expr]| list.iter().all(|item| guarded(item, name));
    match expr {
        Expr::Name(path) => path.join(".") != name,
        Expr::IsNull(..) | Expr::Call(Call::Coalesce, _) => true,
        Expr::Literal(_)
        | Expr::Parameter(_)
        | Expr::At
        | Expr::ValidFrom
        | Expr::Division
        | Expr::Record
        | Expr::Others(_) => true,
        Expr::Unary(_, inner) | Expr::Like(inner, _, _) => guarded(inner, name),
        Expr::Binary(_, left, right) => guarded(left, name) && guarded(right, name),
        Expr::In(inner, list, _) => guarded(inner, name) && all(list),
        Expr::Between(inner, low, high, _) => {
            guarded(inner, name) && guarded(low, name) && guarded(high, name)
        }
        Expr::Case(branches, otherwise) => {
            // `case when x is null then 0 else x end` guards by its condition.
            branches
                .iter()
                .any(|(condition, _)| asks_null(condition, name))
                || (branches
                    .iter()
                    .all(|(c, v)| guarded(c, name) && guarded(v, name))
                    && otherwise.as_ref().is_none_or(|value| guarded(value, name)))
        }
        Expr::Call(_, arguments) => all(arguments),
    }
}

fn asks_null(expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::IsNull(inner, _) => !guarded(inner, name),
        Expr::Unary(_, inner) => asks_null(inner, name),
        Expr::Binary(_, left, right) => asks_null(left, name) || asks_null(right, name),
        _ => false,
    }
}

fn divides(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(op, left, right) => *op == Binary::Over || divides(left) || divides(right),
        Expr::Unary(_, inner) => divides(inner),
        Expr::Call(_, arguments) => arguments.iter().any(divides),
        Expr::Case(branches, otherwise) => {
            branches.iter().any(|(c, v)| divides(c) || divides(v))
                || otherwise.as_ref().is_some_and(|value| divides(value))
        }
        _ => false,
    }
}
