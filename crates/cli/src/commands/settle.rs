//! `yiben settle`: a person decides what a finding asks.

use super::{Done, out, writing};
use crate::args::{Common, Settle};
use crate::say::say;
use crate::wire;
use office::{SettleInput, SettleReport, Verdict};

pub(crate) fn run(common: &Common, input: Settle) -> Done {
    let mut office = writing(common)?;
    let report = office.settle(&SettleInput {
        finding: input.finding,
        take: input.take,
        value: input.value,
        why: input.why,
        preview: input.preview,
    })?;
    if common.json {
        out(wire::settle(&report));
    } else {
        print(&report);
    }
    Ok(0)
}

fn print(report: &SettleReport) {
    out(&report.finding.said);
    if let Some(change) = &report.change {
        let or_unknown = |text: &str| {
            if text.is_empty() {
                say("unknown", &[])
            } else {
                text.to_owned()
            }
        };
        let params = [
            ("register", change.register_title.as_str()),
            ("record", &change.record.to_string()),
            ("label", change.label.as_str()),
            ("field", change.field.as_str()),
            ("before", &or_unknown(&change.before)),
            ("after", &or_unknown(&change.after)),
        ];
        out(say("settle.change", &params));
    }
    let row = report.finding.cell.clone().unwrap_or_default();
    let params: [(&str, &str); 2] = match &report.verdict {
        Verdict::Source(place) => [("place", place), ("cell", &row)],
        _ => [("place", ""), ("cell", &row)],
    };
    out(match &report.verdict {
        Verdict::Source(_) => say("settle.source", &params),
        Verdict::ByHand => say("settle.by_hand", &params),
        Verdict::Accepted => say("settle.accepted", &params),
        Verdict::Row(Some(record)) => {
            let params = [("cell", row.as_str()), ("record", &record.to_string())];
            say("settle.row", &params)
        }
        Verdict::Row(None) => say("settle.row_new", &params),
    });
    let id = report.finding.id.unwrap_or_default().to_string();
    match report.tx {
        Some(tx) => out(say(
            "settle.written",
            &[("id", &id), ("tx", &tx.to_string())],
        )),
        None => out(say("settle.preview", &[("id", &id)])),
    }
}
