//! `yiben check`: broken checks and open findings, with their owners.

use super::import::finding_line;
use super::{Done, ask, out, reading};
use crate::args::{Check, Common};
use crate::say::say;
use crate::wire;

pub(crate) fn run(common: &Common, input: Check) -> Done {
    let office = reading(common)?;
    let report = office.check(&ask(input.ask))?;
    if common.json {
        out(wire::check(&report));
        return Ok(0);
    }
    if report.findings.is_empty() {
        out(say("check.none", &[]));
        return Ok(0);
    }
    let pack = office.pack();
    let mut place = String::new();
    for finding in &report.findings {
        let parts = [finding.file.as_deref(), finding.sheet.as_deref()];
        let here: Vec<&str> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        let here = if here.is_empty() {
            say("check.rules", &[])
        } else {
            here.join(" › ")
        };
        if here != place {
            out(&here);
            place = here;
        }
        let owner = finding
            .owner
            .as_deref()
            .and_then(|owner| pack.roles.iter().find(|r| r.name == owner));
        let line = finding_line(finding);
        out(match owner {
            Some(owner) => say("check.owned", &[("line", &line), ("owner", &owner.title)]),
            None => line,
        });
    }
    out(say(
        "check.total",
        &[("count", &report.findings.len().to_string())],
    ));
    Ok(0)
}
