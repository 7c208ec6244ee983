//! What is behind the printed numbers, as the document keeps it: definition, first records, operands.

use super::fill::Printed;
use super::places::chinese_period;
use crate::deeds::figure::mask_trace;
use crate::error::OfficeError;
use crate::policy::Sight;
use crate::words::word;
use ::pack::CheckedPack;
use documents::report::{Operand, TraceEntry, TraceRow};
use figures::{Answered, Ask, Engine, FigureId, Trace, TraceKind};
use std::collections::HashSet;

/// One entry for each figure printed, in order, each once.
pub(super) fn traces(
    (pack, sight): (&CheckedPack, &Sight),
    engine: &Engine<'_>,
    ask: &Ask,
    printed: &[Printed],
    records_max: usize,
) -> Result<Vec<TraceEntry>, OfficeError> {
    let mut seen: HashSet<&str> = HashSet::new();
    let printed: Vec<&Printed> = printed
        .iter()
        .filter(|item| seen.insert(&item.identity))
        .collect();
    let identities: HashSet<String> = printed.iter().map(|item| item.identity.clone()).collect();
    let mut asks: Vec<Ask> = Vec::new();
    for item in &printed {
        if !asks.contains(&item.ask) {
            asks.push(item.ask);
        }
    }
    let mut entries: Vec<Option<TraceEntry>> = vec![None; printed.len()];
    for then in asks {
        let wanted: Vec<usize> = (0..printed.len())
            .filter(|i| printed[*i].ask == then)
            .collect();
        let ids = wanted
            .iter()
            .map(|i| FigureId::parse(&printed[*i].id, pack))
            .collect::<Result<Vec<_>, _>>()?;
        let traces = engine.traces(&ids, &then, records_max)?;
        for (i, mut trace) in wanted.into_iter().zip(traces) {
            mask_trace(pack, sight, &mut trace);
            entries[i] = Some(entry(printed[i], &trace, ask, &identities, records_max));
        }
    }
    Ok(entries.into_iter().flatten().collect())
}

fn entry(
    item: &Printed,
    trace: &Trace,
    ask: &Ask,
    identities: &HashSet<String>,
    records_max: usize,
) -> TraceEntry {
    let records = if trace.records.is_empty() {
        trace
            .operands
            .iter()
            .find(|operand| !operand.records.is_empty())
            .map_or(&[][..], |o| &o.records[..])
    } else {
        &trace.records[..]
    };
    let rows = records
        .iter()
        .take(records_max)
        .map(|record| TraceRow {
            label: record.label.clone(),
            amount: record
                .amount
                .map(|amount| amount.trimmed().to_string())
                .unwrap_or_default(),
            place: record.source.as_ref().map(place).unwrap_or_default(),
        })
        .collect();
    let operands = trace
        .operands
        .iter()
        .map(|operand| {
            let identity = if operand.at == ask.at {
                operand.id.clone()
            } else {
                format!("{}@{}", operand.id, operand.at)
            };
            let figure = if identities.contains(&identity) {
                identity
            } else {
                operand.id.clone()
            };
            Operand {
                figure,
                title: operand.title.clone(),
                printed: printed_value(&operand.value),
            }
        })
        .collect();
    let mut remarks = Vec::new();
    if item.ask.period != ask.period {
        let period = chinese_period(item.ask.period);
        remarks.push(word("report.in_period", &[("period", &period)]));
    }
    if trace.unknown > 0 {
        remarks.push(word(
            "report.unknown",
            &[("count", &trace.unknown.to_string())],
        ));
    }
    if trace.undecided > 0 {
        remarks.push(word(
            "report.undecided",
            &[("count", &trace.undecided.to_string())],
        ));
    }
    if trace.at != ask.at {
        remarks.push(word("report.at", &[("date", &trace.at.to_string())]));
    }
    let total = match trace.definition.kind {
        TraceKind::Formula | TraceKind::Over => 0,
        _ => usize::try_from(trace.total).unwrap_or(usize::MAX),
    };
    TraceEntry {
        figure: item.identity.clone(),
        title: trace.title.clone(),
        printed: printed_value(&trace.value),
        unit: match trace.value {
            Answered::Number(_) => trace.unit.clone(),
            Answered::Null | Answered::List(_) => String::new(),
        },
        definition: trace.definition.text.clone(),
        expression: trace.definition.expr.clone(),
        records: rows,
        total_records: total,
        operands,
        remarks,
    }
}

fn place(cell: &ledger::Cell) -> String {
    let parts = [cell.file.as_str(), cell.sheet.as_str(), cell.cell.as_str()];
    parts
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" › ")
}

fn printed_value(value: &Answered) -> String {
    match value {
        Answered::Null => word("report.no_data", &[]),
        Answered::Number(number) => number.to_string(),
        Answered::List(entries) => entries.join(&word("word.comma", &[])),
    }
}
