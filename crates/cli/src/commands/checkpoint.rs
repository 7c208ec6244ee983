//! `yiben checkpoint`: the state signed, for somebody outside to keep.

use super::{Done, aside, out, reading};
use crate::args::{Checkpoint, Common};
use crate::say::say;
use office::CheckpointInput;
use serde_json::json;

pub(crate) fn run(common: &Common, input: Checkpoint) -> Done {
    let mut office = reading(common)?;
    let input = CheckpointInput {
        output: input.output,
        since: input.since,
        proof: input.proof,
        key: input.key,
    };
    let report = office.checkpoint(&input)?;
    let signed = &report.signed;
    let proof = report.proof.as_ref().map(|path| path.display().to_string());
    let fresh = report.fresh.as_ref().map(|path| path.display().to_string());
    if common.json {
        out(json!({
            "checkpoint": signed.text, "size": signed.size, "root": signed.root, "head": signed.head,
            "key": signed.key, "path": input.output, "fresh": fresh,
            "since": signed.growth.as_ref().map(|(old, _)| old), "proof_path": proof,
            "proof": signed.growth.as_ref().map(|(_, text)| text),
        }));
        return Ok(0);
    }
    let path = input.output.as_ref().map(|path| path.display().to_string());
    let size = signed.size.to_string();
    match &path {
        // As it is, so that it can be piped to where it is kept.
        None => out(signed.text.trim_end_matches('\n')),
        Some(path) => {
            let params = [
                ("path", path.as_str()),
                ("size", &size),
                ("root", &signed.root),
            ];
            out(say("checkpoint.done", &params));
        }
    }
    let tell = |line: String| {
        if path.is_some() {
            out(line)
        } else {
            aside(line)
        }
    };
    if let Some((old, _)) = &signed.growth {
        let old = old.to_string();
        match &proof {
            Some(proof) => tell(say("checkpoint.grown", &[("old", &old), ("proof", proof)])),
            None => tell(say("checkpoint.grown_only", &[("old", &old)])),
        }
    }
    tell(say("checkpoint.key", &[("key", &signed.key)]));
    if let Some(path) = &fresh {
        tell(say("checkpoint.fresh", &[("path", path)]));
    }
    if path.is_some() {
        tell(say("checkpoint.next", &[]));
    }
    Ok(0)
}
