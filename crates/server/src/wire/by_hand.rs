//! What people wrote by hand, and records read, as JSON.

use super::finding;
use office::{
    Clash, CorrectReport, EndReport, FieldChange, FieldShown, ListReport, RecordReport, RecordRow,
    ShowReport, SumShown, WithdrawReport,
};
use serde_json::{Value as Json, json};
use vocabulary::Value;

fn change(change: &FieldChange) -> Json {
    json!({"field": change.field, "before": change.before, "after": change.after})
}

fn clash(clash: &Clash) -> Json {
    json!({
        "field": clash.field, "title": clash.title, "seen": clash.seen, "theirs": clash.theirs, "mine": clash.mine,
        "actor": clash.actor, "at": clash.at.to_string(), "tx": clash.tx, "finding": clash.finding,
    })
}

/// `{"register","record","label","tx","repeated","findings"}`
pub fn record(report: &RecordReport) -> Json {
    json!({
        "register": report.register, "record": report.record, "label": report.label, "tx": report.tx,
        "repeated": report.repeated, "findings": report.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// `{"register","record","label","changes","parallel","conflicting","tx","repeated"}`
pub fn correct(report: &CorrectReport) -> Json {
    json!({
        "register": report.register, "record": report.record, "label": report.label,
        "changes": report.changes.iter().map(change).collect::<Vec<_>>(),
        "parallel": report.parallel.iter().map(clash).collect::<Vec<_>>(),
        "conflicting": report.conflicting.iter().map(clash).collect::<Vec<_>>(),
        "tx": report.tx, "repeated": report.repeated,
    })
}

/// `{"register","record","label","from","tx","repeated"}`
pub fn end(report: &EndReport) -> Json {
    json!({
        "register": report.register, "record": report.record, "label": report.label,
        "from": report.from.to_string(), "tx": report.tx, "repeated": report.repeated,
    })
}

/// `{"register","record","label","changes","gone","findings_gone","tx","repeated"}`
pub fn withdraw(report: &WithdrawReport) -> Json {
    json!({
        "register": report.register, "record": report.record, "label": report.label,
        "changes": report.changes.iter().map(change).collect::<Vec<_>>(), "gone": report.gone,
        "findings_gone": report.findings_gone, "tx": report.tx, "repeated": report.repeated,
    })
}

fn value(value: &FieldShown) -> (String, Json) {
    let stored = match &value.value {
        Value::Null => Json::Null,
        Value::Int(int) => json!(int),
        Value::Text(text) => json!(text),
    };
    let told = json!({"value": stored, "shown": value.shown, "masked": value.masked});
    (value.field.clone(), told)
}

fn row(row: &RecordRow) -> Json {
    let values = row.values.iter().map(value);
    json!({
        "record": row.record, "label": row.label, "division": row.division, "division_name": row.division_name,
        "from": row.from.to_string(), "to": row.to.to_string(), "tx": row.tx,
        "values": values.collect::<serde_json::Map<String, Json>>(),
    })
}

/// `{"register","at","known","records","next","count","sums"}`
pub fn records(report: &ListReport, totals: Option<&(u64, Vec<SumShown>)>) -> Json {
    let mut told = json!({
        "register": report.register, "at": report.at.to_string(),
        "known": {"tx": report.known.tx, "at": report.known.at.map(|at| at.to_string())},
        "records": report.rows.iter().map(row).collect::<Vec<_>>(), "next": report.next,
    });
    if let Some((count, sums)) = totals {
        let sums = sums.iter().map(|sum| {
            let told = json!({"value": sum.value, "shown": sum.shown});
            (sum.field.clone(), told)
        });
        told["count"] = json!(count);
        told["sums"] = Json::Object(sums.collect());
    }
    told
}

/// `{"register","at","known","record"}`
pub fn show(report: &ShowReport) -> Json {
    json!({
        "register": report.register, "at": report.at.to_string(),
        "known": {"tx": report.known.tx, "at": report.known.at.map(|at| at.to_string())},
        "record": row(&report.row),
    })
}
