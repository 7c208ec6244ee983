//! A figure opened: its definition, its records with their cells, its operands as traces of their own.

use crate::ask::{Answered, FigureId, FiguresError, When, WhyNull};
use crate::compile::Slice;
use crate::explain::define::expression;
use crate::plan::{measured, slice_of};
use crate::run::{Board, Settled, Worth, behind, full, resolve, scale, shown, title};
use ledger::Cell;
use pack::declare::{Compute, FigureDecl, Measure, Operand};
use std::collections::HashSet;
use vocabulary::{Date, Decimal, DivisionId, Exact, RecordId, Value};

/// A figure opened.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The figure's id with its member; the sum and the count of an average are `id#sum` and `id#count`, a place of
    /// an `over` is `id[division]`.
    pub id: String,
    /// Chinese title; of a place of an `over`, its name.
    pub title: String,
    /// The shown unit.
    pub unit: String,
    /// The date it is asked at: an operand may be asked at another than its figure.
    pub at: Date,
    /// The value.
    pub value: Answered,
    /// Why it is null.
    pub why_null: Option<WhyNull>,
    /// What it computes.
    pub definition: Definition,
    /// The records; none for an average, a formula and an `over`, which open to operands.
    pub records: Vec<TraceRecord>,
    /// How many records are behind it, shown or not.
    pub total: u64,
    /// Records left out because something about them is unknown.
    pub unknown: u64,
    /// Events left out because their date is too vague.
    pub undecided: u64,
    /// The traces of its operands.
    pub operands: Vec<Trace>,
    /// The name it has as an operand.
    pub name: Option<String>,
    /// The value before rounding.
    pub(crate) exact: Option<Exact>,
}

/// What a figure computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// How.
    pub kind: TraceKind,
    /// In plain language.
    pub text: String,
    /// As an expression.
    pub expr: String,
}

/// How a figure comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TraceKind {
    /// A number of records, or of different values.
    Count,
    /// A sum.
    Sum,
    /// An average.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// A list.
    List,
    /// A formula over operands.
    Formula,
    /// A count of places.
    Over,
}

/// A record behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceRecord {
    /// The register.
    pub register: String,
    /// The record.
    pub record: RecordId,
    /// Its label; in a list, the listed text.
    pub label: String,
    /// The division it belongs to.
    pub division: DivisionId,
    /// What it adds, exact in the shown unit. A count is 1; where different values are counted, a value seen before
    /// adds 0. A list adds nothing.
    pub amount: Option<Decimal>,
    /// The same before its decimals end.
    pub(crate) exact: Option<Exact>,
    /// Where the amount was read; else the record's first cell.
    pub source: Option<Cell>,
    /// The transaction that it rests on.
    pub tx: i64,
}

impl TraceKind {
    /// The word used in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            TraceKind::Count => "count",
            TraceKind::Sum => "sum",
            TraceKind::Avg => "avg",
            TraceKind::Min => "min",
            TraceKind::Max => "max",
            TraceKind::List => "list",
            TraceKind::Formula => "formula",
            TraceKind::Over => "over",
        }
    }
}

/// A figure opened down to its records' cells.
pub(crate) fn traced(board: &Board, id: &FigureId) -> Result<Trace, FiguresError> {
    Opener {
        board,
        cells: usize::MAX,
    }
    .open(id, board.ask.when(), None)
}

/// Opens figures; the cells of the first so many records of each are looked up.
pub(crate) struct Opener<'a, 'b> {
    pub(crate) board: &'a Board<'b>,
    pub(crate) cells: usize,
}

impl Opener<'_, '_> {
    /// The trace of a figure at a date, in a division.
    pub(crate) fn open(
        &self,
        id: &FigureId,
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Trace, FiguresError> {
        let board = self.board;
        let figure = board.figure(id)?;
        let (narrowed, member) = Board::narrowed(figure, id);
        let within = narrowed.or(within);
        let settled = board.settle(id, when, within)?;
        let mut trace = Trace {
            id: id.to_string(),
            title: title(board, figure, id)?,
            unit: figure.unit.clone(),
            at: when.at,
            definition: Definition {
                kind: kind(&figure.compute),
                text: figure.text.clone(),
                expr: expression(figure, id),
            },
            ..opened(settled, figure.round)
        };
        let parts = Board::parts(figure, id);
        if !parts.is_empty() {
            let ids: Vec<String> = parts.iter().map(FigureId::to_string).collect();
            trace.definition.kind = TraceKind::Formula;
            trace.definition.expr = ids.join(" + ");
            for part in &parts {
                let mut member = self.open(part, when, within)?;
                member.name.clone_from(&part.member);
                trace.operands.push(member);
            }
            return Ok(trace);
        }
        match &figure.compute {
            // What nobody has spoken of has no records behind it.
            Compute::Aggregate { .. }
                if matches!(trace.why_null, Some(WhyNull::NotCovered { .. })) => {}
            Compute::Aggregate { measure, .. } => {
                trace.records = self.records(figure, member.as_deref(), when, within)?;
                if let Measure::Avg(of) = measure {
                    trace.operands = average(&mut trace, &of.text);
                }
            }
            Compute::Formula { operands, .. } => {
                let by = Some((figure, member.as_deref()));
                trace.operands = self.operands(by, operands, when, within)?;
            }
            Compute::Over {
                level,
                operands,
                condition,
            } => {
                for asked in board.over(level, operands, condition, when, within)? {
                    let holds = asked.holds.map(|holds| Exact::from_integer(holds.into()));
                    let worth = match (holds, asked.why) {
                        (Some(exact), _) => Worth::Number(exact),
                        (None, why) => Worth::Null(why.unwrap_or(WhyNull::Nothing)),
                    };
                    let inside = Some(asked.division);
                    let settled = Settled {
                        worth,
                        records: 0,
                        unknown: 0,
                        undecided: 0,
                    };
                    trace.operands.push(Trace {
                        id: format!("{id}[{}]", asked.division),
                        title: board.places.name(asked.division)?,
                        at: when.at,
                        definition: Definition {
                            kind: TraceKind::Formula,
                            text: figure.text.clone(),
                            expr: condition.text.clone(),
                        },
                        operands: self.operands(None, operands, when, inside)?,
                        ..opened(settled, None)
                    });
                }
            }
        }
        Ok(trace)
    }

    fn operands(
        &self,
        by: Option<(&FigureDecl, Option<&str>)>,
        operands: &[Operand],
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Vec<Trace>, FiguresError> {
        let (figure, member) = by.map_or((None, None), |(figure, member)| (Some(figure), member));
        let mut traces = Vec::with_capacity(operands.len());
        for operand in operands {
            let resolved = resolve(self.board.pack, figure, member, operand, when)?;
            // A date that its parameter does not know yet has no trace; the formula says which operand is null.
            let Some(when) = resolved.when else { continue };
            let mut trace = self.open(&resolved.id, when, within)?;
            trace.name = Some(operand.name.clone());
            traces.push(trace);
        }
        Ok(traces)
    }

    fn records(
        &self,
        figure: &FigureDecl,
        member: Option<&str>,
        when: When,
        within: Option<DivisionId>,
    ) -> Result<Vec<TraceRecord>, FiguresError> {
        let Compute::Aggregate { from, measure, .. } = &figure.compute else {
            return Ok(Vec::new());
        };
        let behind = behind(self.board, figure, member, when, within)?;
        let slice = slice_of(figure, &self.board.ask.timed(when));
        let scale = measured(measure).map_or(1, |typed| scale(&typed.kind));
        let mut seen: HashSet<Value> = HashSet::new();
        let mut records = Vec::with_capacity(behind.entries.len());
        for (n, entry) in behind.entries.into_iter().enumerate() {
            let amount = match measure {
                Measure::Count => Some(Exact::from_integer(1)),
                Measure::CountDistinct(_) => Some(Exact::from_integer(
                    seen.insert(entry.amount.clone()).into(),
                )),
                Measure::List { .. } => None,
                _ => entry
                    .amount
                    .as_int()
                    .map(|amount| Exact::new(amount.into(), scale) / figure.per),
            };
            let source = match (n < self.cells, &behind.field, entry.owner) {
                (false, _, _) => None,
                (true, Some((register, field)), Some(owner)) => {
                    match self.cell(register, owner, Some(field), slice, when.at)? {
                        Some(cell) => Some(cell),
                        None => self.cell(from, entry.record, None, slice, when.at)?,
                    }
                }
                _ => self.cell(from, entry.record, None, slice, when.at)?,
            };
            records.push(TraceRecord {
                register: from.clone(),
                record: entry.record,
                label: entry.label.to_string(),
                division: entry.division,
                amount: amount.map(full),
                exact: amount,
                source,
                tx: entry.tx,
            });
        }
        Ok(records)
    }

    fn cell(
        &self,
        register: &str,
        record: RecordId,
        field: Option<&str>,
        slice: Slice,
        at: Date,
    ) -> Result<Option<Cell>, FiguresError> {
        let (source, known) = (self.board.source, self.board.ask.known);
        let found = source.cell(register, record, field, slice.day(), known)?;
        // An event that was written down late is spoken of only after its period.
        if found.is_some() || slice.day() == at {
            return Ok(found);
        }
        source.cell(register, record, field, at, known)
    }
}

/// The value's part of a trace.
fn opened(settled: Settled, round: Option<u32>) -> Trace {
    let exact = settled.exact();
    let (value, why_null) = match settled.worth {
        Worth::Null(why) => (Answered::Null, Some(why)),
        Worth::Number(exact) => (Answered::Number(shown(exact, round)), None),
        Worth::List(entries) => (Answered::List(entries), None),
    };
    Trace {
        id: String::new(),
        title: String::new(),
        unit: String::new(),
        at: Date::BEGINNING,
        value,
        why_null,
        definition: Definition {
            kind: TraceKind::Formula,
            text: String::new(),
            expr: String::new(),
        },
        records: Vec::new(),
        total: settled.records,
        unknown: settled.unknown,
        undecided: settled.undecided,
        operands: Vec::new(),
        name: None,
        exact,
    }
}

/// An average opens to its sum and its count, which hold its records.
fn average(trace: &mut Trace, of: &str) -> Vec<Trace> {
    let records = std::mem::take(&mut trace.records);
    if trace
        .why_null
        .as_ref()
        .is_some_and(|why| *why != WhyNull::Nothing)
    {
        return Vec::new();
    }
    let sum: Exact = records.iter().filter_map(|r| r.exact).sum();
    let count = Exact::from_integer(i128::try_from(records.len()).unwrap_or(i128::MAX));
    let (_, tail) = trace.definition.expr.split_once(')').unwrap_or_default();
    let rest = trace
        .definition
        .expr
        .find(" from ")
        .map_or(tail, |at| &trace.definition.expr[at..]);
    let part = |kind: TraceKind, exact: Exact, expr: String, records: Vec<TraceRecord>| Trace {
        id: format!("{}#{}", trace.id, kind.word()),
        name: Some(kind.word().to_owned()),
        value: Answered::Number(shown(exact, None)),
        definition: Definition {
            kind,
            text: trace.definition.text.clone(),
            expr,
        },
        records,
        exact: Some(exact),
        why_null: None,
        operands: Vec::new(),
        ..trace.clone()
    };
    let one = Some(shown(Exact::from_integer(1), None));
    let counted = records
        .iter()
        .cloned()
        .map(|record| TraceRecord {
            amount: one,
            exact: Some(Exact::from_integer(1)),
            ..record
        })
        .collect();
    vec![
        part(TraceKind::Sum, sum, format!("sum({of}){rest}"), records),
        part(
            TraceKind::Count,
            count,
            format!("count({of}){rest}"),
            counted,
        ),
    ]
}

fn kind(compute: &Compute) -> TraceKind {
    match compute {
        Compute::Formula { .. } => TraceKind::Formula,
        Compute::Over { .. } => TraceKind::Over,
        Compute::Aggregate { measure, .. } => match measure {
            Measure::Count | Measure::CountDistinct(_) => TraceKind::Count,
            Measure::Sum(_) => TraceKind::Sum,
            Measure::Avg(_) => TraceKind::Avg,
            Measure::Min(_) => TraceKind::Min,
            Measure::Max(_) => TraceKind::Max,
            Measure::List { .. } => TraceKind::List,
        },
    }
}
