//! `yiben backup`: the book into one or several folders.

use super::{Done, aside, out, reading};
use crate::args::{Backup, Common};
use crate::fault::{EXIT_YOURS, exit, parts};
use crate::say::say;
use crate::{progress, wire};
use office::{BackedUp, BackupFolder, BackupInput, BackupReport, Proof};

/// The least claim on the processor that the system knows.
#[cfg(unix)]
const LEAST: i32 = 19;

pub(crate) fn run(common: &Common, input: Backup) -> Done {
    // Whoever writes meanwhile goes first: a backup may take longer, a clerk may not.
    #[cfg(unix)]
    let _ = rustix::process::nice(LEAST);
    let mut office = reading(common)?;
    let bar = progress::bar();
    let report = office.backup(
        &BackupInput {
            to: input.to,
            key: input.key,
            quick: input.quick,
        },
        &mut progress::stages(&bar),
    )?;
    bar.finish_and_clear();
    if common.json {
        out(wire::backup::backup(&report, crate::fault::parts));
    } else {
        print(&report);
    }
    let worst = report.folders.iter();
    let worst = worst.filter_map(|one| one.done.as_ref().err().map(exit));
    Ok(worst.max().map_or(0, |code| code.max(EXIT_YOURS)))
}

fn print(report: &BackupReport) {
    for one in &report.folders {
        match &one.done {
            Ok(done) => print_done(one, done),
            Err(error) => {
                let (code, said, next) = parts(error);
                let folder = one.folder.display().to_string();
                aside(say("backup.failed", &[("folder", &folder)]));
                aside(say("fault.line", &[("code", &code), ("said", &said)]));
                aside(say("fault.next", &[("next", &next)]));
            }
        }
    }
    let key = report.key.display().to_string();
    if report.folders.iter().any(|one| one.done.is_ok()) {
        out(say("backup.key", &[("key", &key)]));
    }
    if report.key_made {
        out(say("backup.key_made", &[("key", &key)]));
    }
    if report.key_beside {
        out(say("backup.key_beside", &[]));
    }
}

fn print_done(one: &BackupFolder, done: &BackedUp) {
    let folder = one.folder.display().to_string();
    let numbers = [
        ("transactions", done.transactions.to_string()),
        ("facts", done.facts.to_string()),
        ("bytes", size(done.bytes)),
        ("seq", done.seq.to_string()),
        ("segments", done.segments.to_string()),
        ("all", done.facts_in_all.to_string()),
        ("size", size(done.bytes_in_all)),
        ("seconds", seconds(one.took)),
        ("hash", short(&done.hash)),
    ];
    let mut params: Vec<(&str, &str)> = numbers.iter().map(|(k, v)| (*k, v.as_str())).collect();
    params.push(("folder", &folder));
    let nothing = done.transactions == 0;
    out(say(
        if nothing {
            "backup.nothing"
        } else {
            "backup.done"
        },
        &params,
    ));
    out(say("backup.holds", &params));
    match done.proof {
        Proof::ReadBack => out(say("backup.read_back", &params)),
        Proof::Restored {
            transactions,
            facts,
            rows,
        } => {
            let [transactions, facts, rows] = [transactions, facts, rows].map(|n| n.to_string());
            let params = [
                ("transactions", transactions.as_str()),
                ("facts", facts.as_str()),
                ("rows", rows.as_str()),
                ("hash", &short(&done.hash)),
            ];
            out(say("backup.restored", &params));
        }
    }
    out(say("backup.took", &params));
}

/// Seconds with one digit.
pub(crate) fn seconds(micros: i64) -> String {
    let tenths = (micros.max(0) + 50_000) / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Bytes as people say them.
fn size(bytes: u64) -> String {
    let (unit, word) = match bytes {
        0..1_000_000 => (1000, "KB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes.div_ceil(unit / 10);
    format!("{}.{} {word}", tenths / 10, tenths % 10)
}

/// The first of a hash: enough to compare by eye.
pub(crate) fn short(hash: &[u8; 32]) -> String {
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}
