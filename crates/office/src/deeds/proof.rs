//! One fact proved: a receipt that a citizen checks without the ledger and without us.

use crate::actor::{Actor, NotAllowed};
use crate::error::OfficeError;
use crate::leaving::{handed_in, leave};
use crate::office::Office;
use crate::words::say;
use ::pack::declare::RoleDecl;
use ledger::ReceiptAsk;
use std::path::{Path, PathBuf};
use vocabulary::FindingClass;

/// Which fact is proved, and how.
#[derive(Debug, Clone)]
pub struct ProofInput {
    /// `transaction:position`, as typed.
    pub fact: String,
    /// Where the receipt goes; none only answers it.
    pub output: Option<PathBuf>,
    /// With personal values in clear.
    pub open: bool,
    /// A checkpoint kept outside, to which it shall lead.
    pub checkpoint: Option<PathBuf>,
}

/// The receipt.
pub type ProofReport = ledger::FactReceipt;

/// What a check of evidence found to hold.
pub type ProofCheck = ledger::Checked;

impl Office {
    /// Makes the receipt of a fact. Needs the deed `proof`, and to open personal values a role that sees them.
    pub fn proof(&mut self, input: &ProofInput) -> Result<ProofReport, OfficeError> {
        self.may("proof")?;
        if input.open {
            self.may_open()?;
        }
        let place = input.fact.split_once(':');
        let place = place.and_then(|(tx, ord)| Some((tx.parse().ok()?, ord.parse().ok()?)));
        let (tx, ord) = place.ok_or_else(|| {
            let params = [("text", input.fact.as_str())];
            OfficeError::Asked(Box::new(say("O191", FindingClass::Rejected, &params)))
        })?;
        let to = input.checkpoint.as_deref().map(handed_in).transpose()?;
        let made = self.clock.now();
        let (reader, entropy) = self.reader_and_entropy()?;
        let ask = ReceiptAsk {
            tx,
            ord,
            open: input.open,
            to: to.as_deref(),
            made,
        };
        let receipt = reader.fact_receipt(ask, entropy)?;
        if let Some(path) = &input.output {
            leave(path, &receipt.text)?;
        }
        Ok(receipt)
    }

    fn may_open(&self) -> Result<(), OfficeError> {
        let Actor {
            role: Some(asked), ..
        } = &self.actor
        else {
            return Ok(());
        };
        let pack = self.pack();
        let sees = |role: &&RoleDecl| {
            role.personal && role.may.iter().any(|deed| deed == "proof" || deed == "*")
        };
        let who: Vec<&RoleDecl> = pack.roles.iter().filter(sees).collect();
        if who.iter().any(|role| role.name == *asked) {
            return Ok(());
        }
        Err(OfficeError::NotAllowed(NotAllowed {
            role: asked.clone(),
            deed: "proof --open",
            who_may: who.iter().map(|role| role.title.clone()).collect(),
        }))
    }
}

/// Checks a receipt, a proof of growth or a checkpoint in a file; with `key` it must be signed by that one. Needs no
/// ledger and no role: whoever holds evidence may check it.
pub fn check_proof(path: &Path, key: Option<&str>) -> Result<ProofCheck, OfficeError> {
    Ok(ledger::check_proof(&handed_in(path)?, key)?)
}
