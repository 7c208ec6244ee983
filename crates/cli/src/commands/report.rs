//! `yiben report`: a report as Word, PDF, HTML or text.

use super::{Done, aside, ask, out, reading};
use crate::args::{Common, Report};
use crate::say::say;
use crate::wire;
use office::ReportInput;

pub(crate) fn run(common: &Common, input: Report) -> Done {
    let office = reading(common)?;
    let outcome = office.report(&ReportInput {
        id: input.id,
        ask: ask(input.ask),
        outputs: input.outputs,
    })?;
    if common.json {
        out(wire::report(&outcome));
        return Ok(0);
    }
    for file in &outcome.files {
        let (path, size) = (
            file.path.display().to_string(),
            (file.bytes / 1024).max(1).to_string(),
        );
        out(say("report.file", &[("path", &path), ("size", &size)]));
    }
    for lacking in &outcome.without_data {
        aside(say(
            "report.without",
            &[
                ("id", lacking.id.as_str()),
                ("title", lacking.title.as_str()),
                ("why", lacking.why.as_str()),
            ],
        ));
    }
    if !outcome.substituted.is_empty() {
        let list: Vec<String> = outcome
            .substituted
            .iter()
            .map(|(c, font)| say("report.by_font", &[("c", &c.to_string()), ("font", font)]))
            .collect();
        aside(say(
            "report.substituted",
            &[("list", &list.join(&say("comma", &[])))],
        ));
    }
    if !outcome.missing.is_empty() {
        let list: String = outcome.missing.iter().collect();
        aside(say("report.missing", &[("list", &list)]));
    }
    Ok(0)
}
