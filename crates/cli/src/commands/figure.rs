//! `yiben figure`: figures at a date.

use super::{Done, ask, out, reading};
use crate::args::{Common, Figure};
use crate::say::say;
use crate::{table, wire};
use office::Answered;

pub(crate) fn run(common: &Common, input: Figure) -> Done {
    let office = reading(common)?;
    let report = office.figures(&input.ids, &ask(input.ask))?;
    if common.json {
        out(wire::figures(&office, &report));
        return Ok(0);
    }
    let (at, period) = (report.at.to_string(), report.period.to_string());
    let params = [
        ("at", at.as_str()),
        ("period", period.as_str()),
        ("in", report.within_name.as_str()),
    ];
    out(say("figure.head", &params));
    let pack = office.pack();
    let rows: Vec<Vec<String>> = report
        .figures
        .iter()
        .map(|answer| {
            let value = match &answer.value {
                Answered::Number(value) => value.to_string(),
                Answered::List(entries) if entries.is_empty() => say("figure.empty", &[]),
                Answered::List(entries) => entries.join(&say("comma", &[])),
                Answered::Null => {
                    let why = answer
                        .why_null
                        .as_ref()
                        .map(|why| office::why_null(why, &pack));
                    say("figure.null", &[("why", &why.unwrap_or_default())])
                }
            };
            vec![
                answer.id.clone(),
                answer.title.clone(),
                value,
                answer.unit.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows, &[false, false, true]) {
        out(line);
    }
    Ok(0)
}
