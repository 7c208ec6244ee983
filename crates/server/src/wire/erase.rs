//! The JSON form of an erasure.

use office::EraseReport;
use serde_json::{Value as Json, json};

/// `{"register","record","label","also","destroyed":[…],"findings":{"all","open"},"stays":{…},"files",
/// "backups":[{"folder","last","at","holds_key","unreached"}],"basis",…,"tx"}`
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
    let folders = report.folders.as_ref().map(|told| {
        let each = told.iter().map(|one| {
            json!({
                "folder": one.folder.display().to_string(), "last": one.seq, "at": one.at.to_string(),
                "holds_key": one.holds_keys || one.unreached.is_some(), "unreached": one.unreached,
            })
        });
        each.collect::<Vec<_>>()
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
        "backups": folders, "log_wiped": report.wiped, "tx": report.tx,
    })
}
