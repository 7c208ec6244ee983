//! A definition as an expression that a person can read: the pack's own texts put together.

use crate::ask::FigureId;
use crate::plan::is_own_place;
use pack::declare::{BreakdownKind, Compute, FigureDecl, FigureTime, Measure, Operand, Shift};
use std::fmt::Write as _;

/// What a figure computes, as declared.
pub(crate) fn expression(figure: &FigureDecl, id: &FigureId) -> String {
    match &figure.compute {
        Compute::Aggregate {
            from,
            filter,
            on,
            measure,
        } => {
            let mut text = format!("{} from {from}", measure_text(measure));
            let mut conditions: Vec<String> =
                filter.iter().map(|filter| filter.text.clone()).collect();
            conditions.extend(part(figure, id));
            if figure.time == FigureTime::Period {
                let on = on.as_ref().map_or("valid_from", |on| &on.text);
                conditions.push(format!("{on} in period"));
            }
            if !conditions.is_empty() {
                let _ = write!(text, " where {}", conditions.join(" and "));
            }
            text
        }
        Compute::Formula { operands, expr } => with_operands(&expr.text, operands),
        Compute::Over {
            level, operands, ..
        } if operands.is_empty() => format!("count of {level}"),
        Compute::Over {
            level,
            operands,
            condition,
        } => {
            format!(
                "count of {level} where {}",
                with_operands(&condition.text, operands)
            )
        }
    }
}

fn part(figure: &FigureDecl, id: &FigureId) -> Option<String> {
    let (by, member) = (figure.by.as_ref()?, id.member.as_ref()?);
    Some(match (&by.kind, &by.of) {
        (BreakdownKind::Level(_), Some(of)) if !is_own_place(by) => {
            format!("{} in {member}", of.text)
        }
        (BreakdownKind::Level(level), _) => format!("{level} = {member}"),
        (BreakdownKind::Codes(_), Some(of)) => format!("{} = '{member}'", of.text),
        (BreakdownKind::Bands, Some(of)) => format!("{} in {member}", of.text),
        (_, None) => member.clone(),
    })
}

fn measure_text(measure: &Measure) -> String {
    match measure {
        Measure::Count => "count".to_owned(),
        Measure::CountDistinct(of) => format!("count(distinct {})", of.text),
        Measure::Sum(of) => format!("sum({})", of.text),
        Measure::Avg(of) => format!("avg({})", of.text),
        Measure::Min(of) => format!("min({})", of.text),
        Measure::Max(of) => format!("max({})", of.text),
        Measure::List { label, .. } => format!("list({})", label.text),
    }
}

fn with_operands(text: &str, operands: &[Operand]) -> String {
    let operands: Vec<String> = operands
        .iter()
        .map(|operand| {
            let id = FigureId {
                figure: operand.figure.clone(),
                member: operand.member.clone(),
            };
            let at = operand
                .at
                .as_ref()
                .map(|at| format!(" at {at}"))
                .unwrap_or_default();
            let period = match operand.period {
                None => "",
                Some(Shift::Before) => " in the period before",
                Some(Shift::YearBefore) => " in the period a year before",
            };
            format!("{} = {id}{at}{period}", operand.name)
        })
        .collect();
    format!("{text}; {}", operands.join(", "))
}
