//! `yiben restore`: a book out of a backup folder.

use super::backup::{seconds, short};
use super::{Done, actor, out};
use crate::args::{Common, Restore};
use crate::say::say;
use crate::{progress, wire};
use office::clock::{SystemClock, SystemEntropy};
use office::{Office, RestoreInput, RestoreReport};

pub(crate) fn run(common: &Common, input: Restore) -> Done {
    let bar = progress::bar();
    let report = Office::restore(
        &RestoreInput {
            from: input.from,
            key: input.key,
            ledger: common.ledger.clone(),
            until: input.until,
            why: input.why,
        },
        &actor(common),
        &SystemClock,
        SystemEntropy,
        &mut progress::stages(&bar),
    )?;
    bar.finish_and_clear();
    let ledger = common.ledger.display().to_string();
    if common.json {
        out(wire::backup::restore(&ledger, &report));
    } else {
        print(&ledger, &report);
    }
    Ok(0)
}

fn print(ledger: &str, report: &RestoreReport) {
    let one = &report.restored;
    let numbers = [
        ("transactions", one.transactions.to_string()),
        ("facts", one.facts.to_string()),
        ("rows", one.rows.to_string()),
        ("seq", one.seq.to_string()),
        ("at", one.at.in_china()),
        ("hash", short(&one.hash)),
        ("backup_seq", one.backup_seq.to_string()),
        ("backup_at", one.backup_at.in_china()),
        ("erased", one.erased.to_string()),
        ("seconds", seconds(report.took)),
        ("book", one.book.to_string()),
    ];
    let mut params: Vec<(&str, &str)> = numbers.iter().map(|(k, v)| (*k, v.as_str())).collect();
    params.extend([("ledger", ledger), ("name", &one.name)]);
    out(say("restore.done", &params));
    out(say("restore.stands", &params));
    if one.seq < one.backup_seq {
        out(say("restore.earlier", &params));
    }
    if one.erased > 0 {
        out(say("restore.erased", &params));
    }
    if let Some((subjects, tx)) = one.recorded {
        let (subjects, tx) = (subjects.to_string(), tx.to_string());
        out(say(
            "restore.recorded",
            &[("subjects", &subjects), ("tx", &tx)],
        ));
    }
    out(say("restore.next", &params));
}
