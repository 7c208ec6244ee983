//! `yiben undo`: what can be taken back, a preview of taking it back, and the deed itself.

use super::{Done, out, reading, writing};
use crate::args::{Common, Undo};
use crate::say::say;
use crate::{table, wire};
use office::{Batch, RegisterEffect, UndoInput, UndoReport};

pub(crate) fn run(common: &Common, input: Undo) -> Done {
    let Some(batch) = input.batch else {
        let list = reading(common)?.undo_list()?;
        if common.json {
            out(wire::undo_list(&list));
        } else {
            print_list(&list);
        }
        return Ok(0);
    };
    let mut office = writing(common)?;
    let report = office.undo(&UndoInput {
        batch,
        commit: input.commit,
        why: input.why,
    })?;
    if common.json {
        out(wire::undo(&report));
    } else {
        print(&report);
    }
    Ok(0)
}

fn print_list(list: &[Batch]) {
    if list.is_empty() {
        out(say("undo.none", &[]));
        return;
    }
    let rows: Vec<Vec<String>> = list
        .iter()
        .map(|batch| {
            vec![
                say("undo.tx", &[("tx", &batch.tx.to_string())]),
                batch.at.in_china(),
                say(&format!("deed.{}", batch.deed), &[]),
                batch.actor.clone(),
                say("undo.facts", &[("count", &batch.facts.to_string())]),
                what(batch),
            ]
        })
        .collect();
    for line in table::lines(&rows, &[true, false, false, false, true]) {
        out(line);
    }
    out(say("undo.how", &[]));
}

/// The files of a batch, else why it was done.
fn what(batch: &Batch) -> String {
    if batch.files.is_empty() {
        batch.why.clone().unwrap_or_default()
    } else {
        batch.files.join(&say("comma", &[]))
    }
}

fn print(report: &UndoReport) {
    let batch = &report.batch;
    let tx = batch.tx.to_string();
    let deed = say(&format!("deed.{}", batch.deed), &[]);
    let params = [
        ("tx", tx.as_str()),
        ("at", &batch.at.in_china()),
        ("deed", &deed),
        ("actor", &batch.actor),
        ("what", &what(batch)),
    ];
    out(say("undo.head", &params));
    for effect in &report.registers {
        print_register(effect);
    }
    let (gone, back) = (
        report.findings_gone.to_string(),
        report.findings_back.to_string(),
    );
    out(say("undo.findings", &[("gone", &gone), ("back", &back)]));
    if !report.later.is_empty() {
        let list: Vec<String> = report
            .later
            .iter()
            .map(|later| later.tx.to_string())
            .collect();
        out(say(
            "undo.later",
            &[("list", &list.join(&say("comma", &[])))],
        ));
    }
    out(match report.tx {
        Some(own) => say("undo.written", &[("tx", &tx), ("own", &own.to_string())]),
        None => say("undo.preview", &[("tx", &tx)]),
    });
}

fn print_register(effect: &RegisterEffect) {
    let [gone, changed, back] = [effect.gone, effect.changed, effect.back].map(|n| n.to_string());
    let params = [
        ("title", effect.title.as_str()),
        ("gone", gone.as_str()),
        ("changed", changed.as_str()),
        ("back", back.as_str()),
    ];
    out(say("undo.register", &params));
    for record in effect.records.iter().filter(|record| !record.gone) {
        let fields: Vec<String> = record
            .fields
            .iter()
            .map(|(title, before, after)| {
                let or_unknown = |text: &String| {
                    if text.is_empty() {
                        say("unknown", &[])
                    } else {
                        text.clone()
                    }
                };
                let params = [
                    ("title", title.as_str()),
                    ("before", &or_unknown(before)),
                    ("after", &or_unknown(after)),
                ];
                say("undo.field", &params)
            })
            .collect();
        if !fields.is_empty() {
            let params = [
                ("label", record.label.as_str()),
                ("fields", &fields.join(&say("comma", &[]))),
            ];
            out(say("undo.record", &params));
        }
    }
    let gone: Vec<&str> = effect
        .records
        .iter()
        .filter(|record| record.gone)
        .map(|record| record.label.as_str())
        .collect();
    if !gone.is_empty() {
        let more = if effect.gone > gone.len() {
            say("undo.more", &[])
        } else {
            String::new()
        };
        let params = [("list", &*gone.join(&say("comma", &[]))), ("more", &more)];
        out(say("undo.gone", &params));
    }
}
