//! `yiben export`: the chain as a file for an outsider.

use super::{Done, out, reading};
use crate::args::{Common, Export};
use crate::progress;
use crate::say::say;
use office::ExportInput;
use serde_json::json;

pub(crate) fn run(common: &Common, input: Export) -> Done {
    let office = reading(common)?;
    let bar = progress::bar();
    let export = ExportInput {
        output: input.output,
        until: input.until,
    };
    let report = office.export(&export, &mut |seq, last| {
        bar.set_length(u64::try_from(last).unwrap_or(0));
        bar.set_position(u64::try_from(seq).unwrap_or(0));
    })?;
    bar.finish_and_clear();
    let path = export.output.display().to_string();
    if common.json {
        out(json!({
            "path": path, "transactions": report.transactions, "facts": report.facts, "root": report.root,
        }));
    } else {
        let (tx, facts) = (report.transactions.to_string(), report.facts.to_string());
        let params = [
            ("path", path.as_str()),
            ("transactions", tx.as_str()),
            ("facts", facts.as_str()),
            ("root", report.root.as_str()),
        ];
        out(say("export.done", &params));
        out(say("export.next", &params));
    }
    Ok(0)
}
