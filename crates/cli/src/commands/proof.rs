//! `yiben proof`: the receipt of a fact; and evidence checked without a ledger.

use super::{Done, aside, out, reading};
use crate::args::{Common, Proof};
use crate::say::say;
use office::{ProofInput, check_proof};
use serde_json::json;
use std::path::Path;

pub(crate) fn run(common: &Common, input: Proof) -> Done {
    if let Some(path) = &input.check {
        return check(common, path, input.key.as_deref());
    }
    let mut office = reading(common)?;
    let input = ProofInput {
        fact: input.fact.unwrap_or_default(),
        output: input.output,
        open: input.open,
        checkpoint: input.checkpoint,
    };
    let receipt = office.proof(&input)?;
    match &input.output {
        // On stdout the receipt itself is the answer, with --json or without.
        None => out(&receipt.text),
        Some(path) if common.json => out(json!({
            "path": path, "fact": input.fact, "size": receipt.size, "hashes": receipt.hashes,
            "opened": receipt.opened,
        })),
        Some(path) => {
            let (path, size) = (path.display().to_string(), receipt.size.to_string());
            let params = [
                ("path", path.as_str()),
                ("fact", &input.fact),
                ("size", &size),
            ];
            out(say("proof.done", &params));
        }
    }
    if input.open {
        let word = if receipt.opened { "opened" } else { "unopened" };
        aside(say(&format!("proof.{word}"), &[]));
    }
    if receipt.fresh {
        let path = format!("{}.sign", common.ledger.display());
        aside(say("checkpoint.fresh", &[("path", &path)]));
    }
    Ok(0)
}

fn check(common: &Common, path: &Path, key: Option<&str>) -> Done {
    let found = check_proof(path, key)?;
    if common.json {
        out(json!({
            "sound": true, "kind": found.kind, "book": found.book, "size": found.size, "key": found.key,
            "pinned": found.pinned, "values": found.opened,
        }));
        return Ok(0);
    }
    let (book, size) = (found.book.to_string(), found.size.to_string());
    let params = [("book", book.as_str()), ("size", &size)];
    out(say(&format!("proof.sound_{}", found.kind), &params));
    if let Some(values) = &found.opened {
        out(say("proof.values", &[("values", values)]));
    }
    if !found.pinned {
        out(say("proof.unpinned", &[("key", &found.key)]));
    }
    Ok(0)
}
