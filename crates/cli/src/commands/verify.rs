//! `yiben verify`: the chain, a rebuild, and the comparison of both.

use super::{Done, out, reading};
use crate::args::Common;
use crate::fault::EXIT_OURS;
use crate::say::say;
use serde_json::json;

pub(crate) fn run(common: &Common) -> Done {
    let office = reading(common)?;
    let bar = crate::progress::bar();
    let report = office.verify_telling(&|at, whole| {
        bar.set_length(whole);
        // Ranges end in any order; the bar only goes forward.
        bar.set_position(bar.position().max(at));
    })?;
    bar.finish_and_clear();
    let sound = report.is_sound();
    if common.json {
        out(json!({
            "sound": sound, "transactions": report.transactions, "facts": report.facts,
            "differences": report.differences,
            "named": report.named.iter().map(|d| json!({
                "part": d.part, "place": d.place, "found": d.found, "wanted": d.wanted,
            })).collect::<Vec<_>>(),
        }));
    } else {
        let (tx, facts) = (report.transactions.to_string(), report.facts.to_string());
        let params = [("transactions", tx.as_str()), ("facts", facts.as_str())];
        for d in &report.named {
            let params = [
                ("part", d.part.as_str()),
                ("place", d.place.as_str()),
                ("found", d.found.as_str()),
                ("wanted", d.wanted.as_str()),
            ];
            out(say("verify.difference", &params));
        }
        out(say(
            if sound {
                "verify.sound"
            } else {
                "verify.broken"
            },
            &params,
        ));
    }
    Ok(if sound { 0 } else { EXIT_OURS })
}
