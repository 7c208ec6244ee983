//! The ledger's state, signed, for somebody outside to keep; and whether it grew out of what they kept.

use crate::error::OfficeError;
use crate::leaving::{handed_in, leave};
use crate::office::Office;
use ledger::CheckpointAsk;
use std::path::PathBuf;

/// What is signed, and against what.
#[derive(Debug, Clone, Default)]
pub struct CheckpointInput {
    /// Where the checkpoint goes; none only answers it.
    pub output: Option<PathBuf>,
    /// An earlier checkpoint.
    pub since: Option<PathBuf>,
    /// Where the proof of growth goes; none: beside the output.
    pub proof: Option<PathBuf>,
    /// The public key that must sign.
    pub key: Option<String>,
}

/// What was signed.
#[derive(Debug, Clone)]
pub struct CheckpointReport {
    /// The checkpoint.
    pub signed: ledger::Checkpointed,
    /// Where the proof of growth was written.
    pub proof: Option<PathBuf>,
    /// The file of the signing key, when it was made just now.
    pub fresh: Option<PathBuf>,
}

impl Office {
    /// Signs the ledger's state. Writes nothing when an earlier checkpoint is given and the ledger did not grow out of
    /// it. Needs the deed `checkpoint`.
    pub fn checkpoint(&mut self, input: &CheckpointInput) -> Result<CheckpointReport, OfficeError> {
        self.may("checkpoint")?;
        let since = input.since.as_deref().map(handed_in).transpose()?;
        let made = self.clock.now();
        let (reader, entropy) = self.reader_and_entropy()?;
        let ask = CheckpointAsk {
            made,
            since: since.as_deref(),
            pinned: input.key.as_deref(),
        };
        let signed = reader.checkpoint(ask, entropy)?;
        let beside = |ending: &str, path: &PathBuf| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let mut proof = None;
        if let Some((_, text)) = &signed.growth {
            proof = input.proof.clone();
            proof = proof.or_else(|| input.output.as_ref().map(|path| beside(".proof", path)));
            if let Some(path) = &proof {
                leave(path, text)?;
            }
        }
        if let Some(path) = &input.output {
            leave(path, &signed.text)?;
        }
        let fresh = signed.fresh.then(|| beside(".sign", &self.path));
        Ok(CheckpointReport {
            signed,
            proof,
            fresh,
        })
    }
}
