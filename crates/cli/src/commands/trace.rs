//! `yiben trace`: what is behind a figure.

use super::{Done, ask, out, reading};
use crate::args::{Common, Trace};
use crate::say::say;
use crate::{table, wire};
use office::Answered;

pub(crate) fn run(common: &Common, input: Trace) -> Done {
    let office = reading(common)?;
    let trace = office.trace(&input.id, &ask(input.ask))?;
    if common.json {
        out(wire::trace(&trace));
        return Ok(0);
    }
    print(&trace, 0);
    Ok(0)
}

fn print(trace: &office::Trace, depth: usize) {
    let margin = "  ".repeat(depth);
    let value = match &trace.value {
        Answered::Null => say("figure.none", &[]),
        Answered::Number(value) => value.to_string(),
        Answered::List(entries) => entries.join(&say("comma", &[])),
    };
    let at = trace.at.to_string();
    let params = [
        ("id", trace.id.as_str()),
        ("title", trace.title.as_str()),
        ("value", value.as_str()),
        ("unit", trace.unit.as_str()),
        ("at", at.as_str()),
    ];
    out(format!("{margin}{}", say("trace.head", &params)));
    if !trace.definition.text.is_empty() {
        out(format!(
            "{margin}  {}",
            say("trace.text", &[("text", &trace.definition.text)])
        ));
    }
    out(format!(
        "{margin}  {}",
        say("trace.expr", &[("expr", &trace.definition.expr)])
    ));
    let left_out = [("unknown", trace.unknown), ("undecided", trace.undecided)];
    for (word, count) in left_out.into_iter().filter(|(_, count)| *count > 0) {
        out(format!(
            "{margin}  {}",
            say(&format!("trace.{word}"), &[("count", &count.to_string())])
        ));
    }
    let rows: Vec<Vec<String>> = trace
        .records
        .iter()
        .map(|record| {
            let place = record.source.as_ref().map(|cell| {
                let parts = [cell.file.as_str(), cell.sheet.as_str(), cell.cell.as_str()];
                parts
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" › ")
            });
            vec![
                format!("{margin}  {} {}", record.register, record.record),
                record.label.clone(),
                record
                    .amount
                    .map(|amount| amount.to_string())
                    .unwrap_or_default(),
                place.unwrap_or_default(),
            ]
        })
        .collect();
    for line in table::lines(&rows, &[false, false, true]) {
        out(line);
    }
    for operand in &trace.operands {
        print(operand, depth + 1);
    }
}
