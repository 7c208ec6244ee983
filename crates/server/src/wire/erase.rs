//! The JSON form of an erasure.

use office::EraseReport;
use serde_json::{Value as Json, json};

/// `{"register","record","label","also","destroyed":[…],"findings":{"all","open"},"stays":{…},"files","basis",…,"tx"}`
pub fn erase(report: &EraseReport) -> Json {
    let destroyed = report.destroyed.iter().map(|one| {
        json!({
            "register": one.register, "title": one.title, "records": one.records, "facts": one.facts,
            "fields": one.fields,
        })
    });
    let referring = report
        .referring
        .iter()
        .map(|one| json!({"register": one.register, "title": one.title, "records": one.records}));
    let elsewhere = report.elsewhere.iter().map(|one| {
        json!({
            "register": one.register, "title": one.title, "field": one.field, "records": one.records,
            "sealed": one.sealed,
        })
    });
    json!({
        "register": report.register, "title": report.title, "record": report.record, "label": report.label,
        "also": report.also, "destroyed": destroyed.collect::<Vec<_>>(),
        "findings": {"all": report.findings.0, "open": report.findings.1},
        "stays": {
            "facts": report.facts_kept, "referring": referring.collect::<Vec<_>>(), "namesakes": report.namesakes,
            "elsewhere": elsewhere.collect::<Vec<_>>(), "said": report.said,
        },
        "files": report.files, "basis": report.ground.basis, "approver": report.ground.approver,
        "log_wiped": report.wiped, "tx": report.tx,
    })
}
