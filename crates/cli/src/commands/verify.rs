//! `yiben verify`: the chain, a rebuild, and the comparison of both.

use super::{Done, out, reading};
use crate::args::Common;
use crate::fault::EXIT_OURS;
use crate::say::say;
use serde_json::json;

pub(crate) fn run(common: &Common) -> Done {
    let office = reading(common)?;
    let report = office.verify()?;
    let sound = report.is_sound();
    if common.json {
        out(json!({
            "sound": sound, "transactions": report.transactions, "facts": report.facts,
            "differences": report.differences,
        }));
    } else {
        let (tx, facts) = (report.transactions.to_string(), report.facts.to_string());
        let params = [("transactions", tx.as_str()), ("facts", facts.as_str())];
        for difference in &report.differences {
            out(say("verify.difference", &[("what", difference)]));
        }
        out(say(if sound { "verify.sound" } else { "verify.broken" }, &params));
    }
    Ok(if sound { 0 } else { EXIT_OURS })
}
