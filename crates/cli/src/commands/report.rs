//! `yiben report`: a report as Word, PDF, HTML or text.

use super::{Done, aside, ask, out, reading};
use crate::args::{Common, Report};
use crate::say::say;
use crate::wire;
use office::{ReportInput, WithoutData};
use std::collections::BTreeMap;

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
    without_data(&outcome.without_data);
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

/// Names every figure without data, under what it lacks, and what to do.
fn without_data(lacking: &[WithoutData]) {
    if lacking.is_empty() {
        return;
    }
    let count = lacking.len().to_string();
    aside(say("report.without", &[("count", &count)]));
    let mut groups: BTreeMap<(bool, String), Vec<&str>> = BTreeMap::new();
    for one in lacking {
        let unheard = !one.registers.is_empty();
        let why = if unheard {
            one.registers.join(&say("comma", &[]))
        } else {
            one.why.clone()
        };
        let titles = groups.entry((!unheard, why)).or_default();
        if !titles.contains(&one.title.as_str()) {
            titles.push(&one.title);
        }
    }
    for ((other, why), titles) in &groups {
        let key = if *other {
            "report.because"
        } else {
            "report.unheard"
        };
        let titles = titles.join(&say("comma", &[]));
        aside(say(key, &[("why", why), ("titles", &titles)]));
    }
    // The key's first part orders: what lacks a register stands before the rest.
    if groups.keys().any(|(other, _)| !other) {
        aside(say("report.without_next", &[]));
    }
}
