//! `yiben erase`: what a lawful erasure destroys and what stays, and the deed itself.

use super::{Done, out, writing};
use crate::args::{Common, Erase};
use crate::say::say;
use crate::wire;
use office::{EraseInput, EraseReport, OfficeError, Who, plainly};
use std::io::Read as _;

/// Characters of a value that is read to find somebody by: no field that identifies is longer.
const FIND_MAX: u64 = 4096;

/// Records of one kind that are named by number.
const NAMED_MAX: usize = 20;

pub(crate) fn run(common: &Common, input: Erase) -> Done {
    let who = match input.find {
        Some(field) => Who::Value {
            field,
            value: asked_for()?,
        },
        None => Who::Number(input.record.unwrap_or_default()),
    };
    let mut office = writing(common)?;
    let report = office.erase(&EraseInput {
        register: input.register,
        who,
        basis: input.basis,
        approver: input.approver,
        commit: input.commit,
    })?;
    if common.json {
        out(wire::erase::erase(&report));
    } else {
        print(&report);
    }
    Ok(0)
}

/// A value typed on standard input: what stands on a command line is seen by every program of the machine and kept
/// by the shell.
fn asked_for() -> Result<String, OfficeError> {
    let mut text = String::new();
    let read = std::io::stdin().take(FIND_MAX).read_to_string(&mut text);
    read.map_err(|source| OfficeError::File {
        path: say("erase.stdin", &[]),
        source,
    })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn print(report: &EraseReport) {
    let number = report.record.to_string();
    let params = [
        ("title", report.title.as_str()),
        ("record", number.as_str()),
        ("label", report.label.as_str()),
    ];
    out(say("erase.head", &params));
    if !report.also.is_empty() {
        out(say("erase.also", &[("list", &numbers(&report.also))]));
    }
    out(say("erase.goes", &[]));
    for one in &report.destroyed {
        let (records, facts) = (one.records.to_string(), one.facts.to_string());
        let params = [
            ("title", one.title.as_str()),
            ("records", &records),
            ("facts", &facts),
            ("fields", &one.fields.join(&say("comma", &[]))),
        ];
        out(say("erase.destroyed", &params));
    }
    if report.findings.0 > 0 {
        let (all, open) = (report.findings.0.to_string(), report.findings.1.to_string());
        out(say("erase.findings", &[("all", &all), ("open", &open)]));
    }
    stays(report);
    folders(report);
    let ground = &report.ground;
    if let Some(tx) = report.tx {
        let tx = tx.to_string();
        let params = [
            ("tx", tx.as_str()),
            ("basis", &ground.basis),
            ("approver", &ground.approver),
        ];
        out(say("erase.done", &params));
        let wiped = report.wiped == Some(true);
        out(say(
            if wiped {
                "erase.wiped"
            } else {
                "erase.unwiped"
            },
            &[],
        ));
    } else {
        let params = [("register", report.register.as_str()), ("record", &number)];
        out(say("erase.preview", &params));
    }
}

fn stays(report: &EraseReport) {
    out(say("erase.stays", &[]));
    let facts = report.facts_kept.to_string();
    out(say("erase.facts", &[("count", &facts)]));
    for one in &report.referring {
        let params = [
            ("title", one.title.as_str()),
            ("count", &one.records.len().to_string()),
            ("list", &numbers(&one.records)),
        ];
        out(say("erase.referring", &params));
    }
    if !report.namesakes.is_empty() {
        let list = numbers(&report.namesakes);
        let params = [("list", list.as_str()), ("register", &report.register)];
        out(say("erase.namesakes", &params));
    }
    for one in &report.elsewhere {
        let params = [
            ("title", one.title.as_str()),
            ("register", &one.register),
            ("field", &one.field),
            ("list", &numbers(&one.records)),
        ];
        out(say(
            if one.sealed {
                "erase.elsewhere"
            } else {
                "erase.in_clear"
            },
            &params,
        ));
    }
    if !report.said.is_empty() {
        out(say("erase.said", &[("list", &numbers(&report.said))]));
    }
    if !report.files.is_empty() {
        let list = report.files.join(&say("comma", &[]));
        out(say("erase.files", &[("list", &list)]));
    }
}

/// The backups: they hold what the book no longer has, until they are written again.
fn folders(report: &EraseReport) {
    let Some(told) = &report.folders else {
        out(say("erase.no_list", &[]));
        return;
    };
    for one in told {
        let (folder, at) = (one.folder.display().to_string(), one.at.in_china());
        let why = plainly(one.unreached.as_deref().unwrap_or_default());
        let params = [("folder", folder.as_str()), ("at", &at), ("why", &why)];
        let key = match (&one.unreached, one.holds_keys) {
            (Some(_), _) => "erase.unreached",
            (None, true) if report.tx.is_some() => "erase.holds_key",
            (None, true) => "erase.will_hold",
            (None, false) => continue,
        };
        out(say(key, &params));
    }
}

fn numbers(list: &[i64]) -> String {
    let shown: Vec<String> = list
        .iter()
        .take(NAMED_MAX)
        .map(ToString::to_string)
        .collect();
    let mut text = shown.join(&say("comma", &[]));
    if list.len() > NAMED_MAX {
        text.push_str(&say("erase.more", &[]));
    }
    text
}
