//! The JSON forms, stable for scripts. Converted by hand, so that a change inside never changes them by accident.

pub mod backup; // backup, restore, rebuild
pub mod by_hand; // records written by hand, and read
pub mod describe; // what a pack declares
pub mod erase; // what a lawful erasure destroys
mod people; // who signs in, and what is written down

pub use people::{audit, audit_written, audited, granted, people, person_link, revoked, written};

use office::{
    CheckReport, Event, FigureReport, HistoryReport, ImportReport, MarkedFile, Office, Op,
    PackReport, ReportOutcome, Said, SearchReport,
};
use serde_json::{Value as Json, json};
use vocabulary::{Decimal, Diagnostics, Finding, Value};

/// A number as JSON: an integer when it is whole, else a decimal with the digits printed.
fn number(decimal: Decimal) -> Json {
    let text = decimal.trimmed().to_string();
    // The digits go through unchanged: JSON numbers are decimal text, and no float decides.
    serde_json::from_str(&text).unwrap_or(Json::String(text))
}

fn finding(finding: &Finding) -> Json {
    json!({
        "code": finding.code, "class": finding.class.word(), "file": finding.file, "sheet": finding.sheet,
        "cell": finding.cell, "cells": finding.cells, "register": finding.register, "record": finding.record,
        "said": finding.said, "next": finding.next, "owner": finding.owner,
        "id": finding.id,
    })
}

/// How a column was understood.
fn column(used: &office::ColumnUse) -> Json {
    json!({
        "header": used.header, "column": used.column, "title": used.title, "cell": used.cell,
        "reason": used.reason, "confidence": used.confidence,
    })
}

/// `{"files":[{"file","sheets":[{"sheet","register","rows","new","changed","unchanged","findings"}]}]}`
pub fn import(report: &ImportReport) -> Json {
    let files = report.files.iter().map(|file| {
        let sheets = file.sheets.iter().map(|sheet| {
            json!({
                "sheet": sheet.sheet, "register": sheet.register, "rows": sheet.rows, "new": sheet.new,
                "changed": sheet.changed, "unchanged": sheet.unchanged,
                "findings": sheet.findings.iter().map(finding).collect::<Vec<_>>(),
                "mapping": sheet.mapping.iter().map(column).collect::<Vec<_>>(),
                "unmapped": sheet.unmapped,
            })
        });
        let mut told = json!({"file": file.file, "sheets": sheets.collect::<Vec<_>>()});
        match &file.marked {
            Some(MarkedFile::Written(path)) => told["marked"] = json!(path.display().to_string()),
            Some(MarkedFile::Not(why)) => {
                told["marked"] = Json::Null;
                told["not_marked"] = finding(why);
            }
            None => {}
        }
        told
    });
    json!({"files": files.collect::<Vec<_>>()})
}

/// `{"finding":{…},"took","change":{"register","record","label","field","before","after"},"tx"}`
pub fn settle(report: &office::SettleReport) -> Json {
    use office::Verdict;
    let took = match &report.verdict {
        Verdict::Source(place) => place.clone(),
        Verdict::ByHand => "@value".to_owned(),
        Verdict::Accepted => "@accept".to_owned(),
        Verdict::Row(record) => record.map_or_else(|| "new".to_owned(), |r| r.to_string()),
    };
    let change = report.change.as_ref().map(|change| {
        json!({
            "register": change.register, "record": change.record, "label": change.label, "field": change.field,
            "before": change.before, "after": change.after,
        })
    });
    json!({"finding": finding(&report.finding), "took": took, "change": change, "tx": report.tx})
}

fn batch(batch: &office::Batch) -> Json {
    json!({
        "tx": batch.tx, "at": batch.at.to_string(), "deed": batch.deed, "actor": batch.actor, "why": batch.why,
        "files": batch.files, "facts": batch.facts,
    })
}

/// `{"batches":[{"tx","at","deed","actor","why","files","facts"}]}`
pub fn undo_list(list: &[office::Batch]) -> Json {
    json!({"batches": list.iter().map(batch).collect::<Vec<_>>()})
}

/// `{"batch":{…},"registers":[{"register","gone","changed","back","records":[…]}],"findings":{"gone","back"},"later","tx"}`
pub fn undo(report: &office::UndoReport) -> Json {
    let registers = report.registers.iter().map(|effect| {
        let records = effect.records.iter().map(|record| {
            let fields = record.fields.iter().map(
                |(title, before, after)| json!({"field": title, "before": before, "after": after}),
            );
            json!({
                "record": record.record, "label": record.label, "gone": record.gone,
                "fields": fields.collect::<Vec<_>>(),
            })
        });
        json!({
            "register": effect.register, "title": effect.title, "gone": effect.gone, "changed": effect.changed,
            "back": effect.back, "records": records.collect::<Vec<_>>(),
        })
    });
    json!({
        "batch": batch(&report.batch), "registers": registers.collect::<Vec<_>>(),
        "findings": {"gone": report.findings_gone, "back": report.findings_back},
        "later": report.later.iter().map(batch).collect::<Vec<_>>(), "tx": report.tx,
    })
}

fn header_choice(choice: &office::HeaderChoice) -> Json {
    json!({
        "id": choice.record, "form": choice.form, "title": choice.title, "header": choice.header,
        "column": choice.column, "column_title": choice.column_title,
    })
}

/// `{"choices":[{"id","form","title","header","column","column_title"}]}`
pub fn header_choices(choices: &[office::HeaderChoice]) -> Json {
    json!({"choices": choices.iter().map(header_choice).collect::<Vec<_>>()})
}

/// `{"forgotten":{…},"tx"}`
pub fn forgotten(choice: &office::HeaderChoice, tx: i64) -> Json {
    json!({"forgotten": header_choice(choice), "tx": tx})
}

/// `{"findings":[…]}`
pub fn check(report: &CheckReport) -> Json {
    json!({"findings": report.findings.iter().map(finding).collect::<Vec<_>>()})
}

fn answered(value: &office::Answered) -> Json {
    match value {
        office::Answered::Null => Json::Null,
        office::Answered::Number(value) => number(*value),
        office::Answered::List(entries) => json!(entries),
    }
}

/// `{"at","period","in","known":{"tx","at"},"pack","figures":[{"id","title","value","unit","records","why_null"}]}`
pub fn figures(office: &Office, report: &FigureReport) -> Json {
    let pack = office.pack();
    let figures = report.figures.iter().map(|answer| {
        json!({
            "id": answer.id, "title": answer.title, "value": answered(&answer.value), "unit": answer.unit,
            "records": answer.records,
            "why_null": answer.why_null.as_ref().map(|why| office::why_null(why, &pack)),
        })
    });
    json!({
        "at": report.at.to_string(), "period": report.period.to_string(), "in": report.within.to_string(),
        "known": {"tx": report.known.tx, "at": report.known.at.map(|at| at.to_string())}, "pack": report.pack,
        "figures": figures.collect::<Vec<_>>(),
    })
}

/// `{"id","value","definition":{"kind","text","expr"},"records":[…],"operands":[…]}`
pub fn trace(trace: &office::Trace) -> Json {
    let records = trace.records.iter().map(|record| {
        let source = record
            .source
            .as_ref()
            .map(|cell| json!({"file": cell.file, "sheet": cell.sheet, "cell": cell.cell}));
        json!({
            "register": record.register, "record": record.record, "label": record.label,
            "amount": record.amount.map(number), "source": source, "tx": record.tx,
        })
    });
    let definition = &trace.definition;
    json!({
        "id": trace.id, "value": answered(&trace.value),
        "definition": {"kind": definition.kind.word(), "text": definition.text, "expr": definition.expr},
        "records": records.collect::<Vec<_>>(),
        "operands": trace.operands.iter().map(self::trace).collect::<Vec<_>>(),
    })
}

/// What a report wrote and what it lacks.
pub fn report(outcome: &ReportOutcome) -> Json {
    let files = outcome
        .files
        .iter()
        .map(|file| json!({"file": file.path.display().to_string(), "bytes": file.bytes}));
    let without = outcome
        .without_data
        .iter()
        .map(|lacking| json!({"id": lacking.id, "title": lacking.title, "why_null": lacking.why, "registers": lacking.registers}));
    json!({
        "files": files.collect::<Vec<_>>(), "without_data": without.collect::<Vec<_>>(),
        "substituted": outcome.substituted.iter().map(|(c, font)| json!({"character": c, "font": font})).collect::<Vec<_>>(),
        "missing": outcome.missing,
    })
}

/// A pack's errors.
pub fn diagnostics(diagnostics: &Diagnostics) -> Json {
    let all = diagnostics.0.iter().map(|d| {
        json!({
            "code": d.code, "said": d.said, "file": d.place.file, "line": d.place.line, "column": d.place.column,
            "excerpt": d.place.excerpt, "next": d.next,
        })
    });
    Json::Array(all.collect())
}

/// What a version of a pack changes.
pub fn pack(report: &PackReport) -> Json {
    json!({
        "name": report.name, "version": report.version, "hash": report.hash, "tx": report.tx,
        "changes": report.changes.iter().map(|change| {
            let (kind, what) = changed(change);
            json!({"change": kind, "what": what})
        }).collect::<Vec<_>>(),
    })
}

/// What was found.
pub fn search(words: &str, report: &SearchReport) -> Json {
    let hits = report.hits.iter().map(|hit| {
        json!({
            "register": hit.register, "title": hit.title, "record": hit.record, "label": hit.label,
            "in": hit.division, "place": hit.place, "field": hit.field.0, "text": hit.text,
            "by": way(hit.way), "fit": fit(hit.fit),
            "until": hit.until.map(|day| day.to_string()),
        })
    });
    json!({"words": words, "hits": hits.collect::<Vec<_>>(), "more": report.more})
}

/// A record's history.
pub fn history(report: &HistoryReport) -> Json {
    let events = report.events.iter().map(|event| {
        let said = event.assertion.set.iter().map(|(field, said)| {
            let name = report.register.fields.get(*field).map_or("", |field| field.name.as_str());
            (name.to_owned(), spoken(said))
        });
        json!({
            "tx": event.assertion.tx, "at": event.at.to_string(), "actor": event.actor, "deed": event.deed,
            "op": op(event), "from": event.assertion.from.to_string(),
            "to": event.assertion.to.to_string(), "as_of": event.assertion.as_of.to_string(),
            "set": said.collect::<serde_json::Map<String, Json>>(),
            "source": event.cell.as_ref().map(|c| json!({"file": c.file, "sheet": c.sheet, "cell": c.cell})),
            "withdrawn": event.assertion.withdrawn, "why": event.why,
        })
    });
    json!({"register": report.register.name, "record": report.record, "events": events.collect::<Vec<_>>()})
}

/// A change as a word and its object.
pub fn changed(change: &office::PackChange) -> (&'static str, String) {
    use office::PackChange as C;
    let of = |register: &str, field: &str| format!("{register}.{field}");
    match change {
        C::RegisterAdded { register } => ("added", register.clone()),
        C::RegisterRemoved { register } => ("removed", register.clone()),
        C::RegisterRenamed { from, to } => ("renamed", format!("{from} → {to}")),
        C::FieldAdded { register, field } => ("added", of(register, field)),
        C::FieldRemoved { register, field } => ("removed", of(register, field)),
        C::FieldRenamed { register, from, to } => {
            ("renamed", format!("{} → {to}", of(register, from)))
        }
        C::FieldRetyped {
            register, field, ..
        }
        | C::FieldResealed { register, field } => ("changed", of(register, field)),
        C::NameReused { register, field } => (
            "reused",
            field
                .as_ref()
                .map_or_else(|| register.clone(), |field| of(register, field)),
        ),
        C::FigureAdded { figure } => ("added", figure.clone()),
        C::FigureChanged { figure } => ("changed", figure.clone()),
        C::FigureRemoved { figure } => ("removed", figure.clone()),
        C::CodeRemoved { list, code } => ("removed", of(list, code)),
    }
}

/// The word of what an event does.
pub fn op(event: &Event) -> &'static str {
    match event.assertion.op {
        Op::Assert => "assert",
        Op::End => "end",
        Op::Decide => "decide",
    }
}

/// A value as JSON.
fn spoken(said: &Said) -> Json {
    match said {
        Said::Erased => json!({"erased": true}),
        Said::Value(Value::Null) => Json::Null,
        Said::Value(Value::Int(int)) => json!(int),
        Said::Value(Value::Text(text)) => json!(text),
    }
}

/// The word of how something was found.
fn way(way: office::Way) -> &'static str {
    match way {
        office::Way::Number => "number",
        office::Way::Text => "text",
        office::Way::Letters => "letters",
    }
}

/// The word of how well it fits.
fn fit(fit: office::Fit) -> &'static str {
    match fit {
        office::Fit::Whole => "whole",
        office::Fit::Begins => "begins",
        office::Fit::Holds => "holds",
    }
}
