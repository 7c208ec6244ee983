//! Rebuild: tables that are derived from facts, made again from them, when something has damaged them. Facts are
//! looked at first: what is wrong with them is mended by a restore and nothing else.

use crate::error::OfficeError;
use crate::office::Office;
use crate::why;
use crate::words::say;
use ledger::{Difference, LedgerError, Mode, Verified};
use vocabulary::FindingClass;

/// How a rebuild is done.
#[derive(Debug, Clone, Default)]
pub struct RebuildInput {
    /// Write; otherwise only look.
    pub commit: bool,
    /// Why, in the actor's words.
    pub why: Option<String>,
}

/// What a rebuild found and did.
#[derive(Debug, Clone)]
pub struct RebuildReport {
    /// Differences between the tables and what the facts say.
    pub differences: u64,
    /// The first of them.
    pub named: Vec<Difference>,
    /// Rows of registers, and the transaction that made them again.
    pub written: Option<(u64, i64)>,
}

/// Parts of a book that no rebuild mends.
const FACTS: [&str; 2] = ["chain", "sealed"];

impl Office {
    /// Makes everything derived again, or looks whether it needs to be. Needs the deed `rebuild`.
    pub fn rebuild(&mut self, input: &RebuildInput) -> Result<RebuildReport, OfficeError> {
        self.may("rebuild")?;
        let before: Verified = self.reader()?.verify()?;
        let facts = before.named.iter();
        let facts = facts.filter(|one| FACTS.contains(&one.part.as_str()));
        if let Some(first) = facts.into_iter().next() {
            let finding = say("O195", FindingClass::Rejected, &[("place", &first.place)]);
            return Err(OfficeError::Asked(Box::new(finding)));
        }
        let mut report = RebuildReport {
            differences: before.differences,
            named: before.named,
            written: None,
        };
        if input.commit {
            let deed = self.deed("rebuild", why::kept(input.why.as_deref())?);
            let done = self
                .ledger_mut()?
                .write(deed, Mode::Commit, |draft| draft.rebuild());
            let (rows, receipt): (Option<u64>, _) =
                done.map_err(|error: LedgerError| OfficeError::from(error))?;
            report.written = Some((rows.unwrap_or(0), receipt.seq));
        }
        Ok(report)
    }
}
