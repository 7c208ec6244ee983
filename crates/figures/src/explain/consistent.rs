//! Whether traces add up to their figures: the invariant of the drill-down, asked of every figure there is.

use crate::ask::{Answered, FigureId, FiguresError};
use crate::explain::trace::{Opener, Trace, TraceKind};
use crate::run::{Board, shown};
use pack::declare::{Compute, Measure};
use pack::expr::eval_exact;
use vocabulary::Exact;

/// A figure whose trace does not add up to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The figure.
    pub id: String,
    /// Its value.
    pub value: Answered,
    /// What its trace gives.
    pub traced: Answered,
}

/// Every figure whose trace does not add up to it.
pub(crate) fn violations(board: &Board, ids: &[FigureId]) -> Result<Vec<Violation>, FiguresError> {
    let opener = Opener { board, cells: 0 };
    let mut found = Vec::new();
    for id in ids {
        let trace = opener.open(id, board.ask.when(), None)?;
        examine(board, &trace, id, &mut found)?;
    }
    Ok(found)
}

fn examine(
    board: &Board,
    trace: &Trace,
    id: &FigureId,
    found: &mut Vec<Violation>,
) -> Result<(), FiguresError> {
    if trace.value == Answered::Null {
        return Ok(());
    }
    let figure = board.figure(id)?;
    let amounts = || trace.records.iter().filter_map(|r| r.exact);
    let operand = |name: &str| {
        trace
            .operands
            .iter()
            .find(|operand| operand.name.as_deref() == Some(name))?
            .exact
    };
    let exact = match trace.definition.kind {
        TraceKind::Count | TraceKind::Sum => Some(amounts().sum()),
        TraceKind::Min => amounts().min(),
        TraceKind::Max => amounts().max(),
        TraceKind::Avg => operand("sum")
            .zip(operand("count"))
            .map(|(sum, count)| sum / count),
        TraceKind::Over => {
            let one = Some(Exact::from_integer(1));
            let count = trace
                .operands
                .iter()
                .filter(|operand| operand.exact == one)
                .count();
            i128::try_from(count).ok().map(Exact::from_integer)
        }
        TraceKind::Formula if !Board::parts(figure, id).is_empty() => Some(
            trace
                .operands
                .iter()
                .filter_map(|operand| operand.exact)
                .sum(),
        ),
        TraceKind::Formula => match &figure.compute {
            Compute::Formula { expr, .. } => eval_exact(&expr.expr, &|name| {
                let parameter = name.strip_prefix("param.");
                let parameter = parameter.and_then(|name| board.pack.parameters.get(name));
                let value = parameter.and_then(|parameter| parameter.at(trace.at).as_int());
                operand(name).or(value.map(|int| Exact::from_integer(int.into())))
            }),
            _ => None,
        },
        TraceKind::List => None,
    };
    let traced = match trace.definition.kind {
        TraceKind::List => Answered::List(labels(figure, trace)),
        _ => exact.map_or(Answered::Null, |exact| {
            Answered::Number(shown(exact, figure.round))
        }),
    };
    if traced != trace.value {
        let (id, value) = (trace.id.clone(), trace.value.clone());
        found.push(Violation { id, value, traced });
    }
    if trace.definition.kind == TraceKind::Formula {
        for operand in &trace.operands {
            let id = FigureId::parse(&operand.id, board.pack);
            let whole = || FigureId::whole(&operand.id);
            examine(board, operand, &id.unwrap_or_else(|_| whole()), found)?;
        }
    }
    Ok(())
}

fn labels(figure: &pack::declare::FigureDecl, trace: &Trace) -> Vec<String> {
    let distinct = matches!(
        &figure.compute,
        Compute::Aggregate {
            measure: Measure::List { distinct: true, .. },
            ..
        }
    );
    let mut labels: Vec<String> = Vec::new();
    for record in &trace.records {
        if !distinct || !labels.contains(&record.label) {
            labels.push(record.label.clone());
        }
    }
    labels
}
