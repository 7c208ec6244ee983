//! `yiben rebuild`: whether what is derived is as the facts say, and making it again.

use super::{Done, out, reading, writing};
use crate::args::{Common, Rebuild};
use crate::say::say;
use crate::wire;
use office::{RebuildInput, RebuildReport};

pub(crate) fn run(common: &Common, input: Rebuild) -> Done {
    let mut office = if input.commit {
        writing(common)?
    } else {
        reading(common)?
    };
    let report = office.rebuild(&RebuildInput {
        commit: input.commit,
        why: input.why,
    })?;
    if common.json {
        out(wire::backup::rebuild(&report));
    } else {
        print(&report);
    }
    Ok(0)
}

fn print(report: &RebuildReport) {
    for d in &report.named {
        let params = [
            ("part", d.part.as_str()),
            ("place", d.place.as_str()),
            ("found", d.found.as_str()),
            ("wanted", d.wanted.as_str()),
        ];
        out(say("verify.difference", &params));
    }
    let count = report.differences.to_string();
    let key = if report.differences == 0 {
        "rebuild.sound"
    } else {
        "rebuild.found"
    };
    out(say(key, &[("count", &count)]));
    match report.written {
        Some((rows, tx)) => {
            let (rows, tx) = (rows.to_string(), tx.to_string());
            out(say("rebuild.done", &[("rows", &rows), ("tx", &tx)]));
        }
        None if report.differences > 0 => out(say("rebuild.preview", &[])),
        None => {}
    }
}
