//! Packs: check a folder; put a new version into the book.

use crate::error::OfficeError;
use crate::office::Office;
use ledger::{LedgerError, Mode};
use std::path::Path;

/// One difference between two versions of a pack.
pub type PackChange = ::pack::PackChange;

/// What a new version of the pack changes.
#[derive(Debug, Clone, PartialEq)]
pub struct PackReport {
    /// Its name and version.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its hash.
    pub hash: String,
    /// What differs from the version in force.
    pub changes: Vec<PackChange>,
    /// The transaction, when it was applied.
    pub tx: Option<i64>,
}

/// Reads and checks a folder; every error at once.
pub fn check_pack(folder: &Path) -> Result<::pack::CheckedPack, OfficeError> {
    ::pack::read_folder(folder).map_err(OfficeError::Pack)
}

impl Office {
    /// Shows what a pack would change, and with `commit` puts it into the book. Needs the deed `pack`.
    pub fn apply_pack(&mut self, folder: &Path, commit: bool) -> Result<PackReport, OfficeError> {
        self.may("pack")?;
        let new = check_pack(folder)?;
        let old = self.pack();
        let mut report = PackReport {
            name: new.name.clone(),
            version: new.version.clone(),
            hash: new.hash.clone(),
            changes: new.changes_from(&old),
            tx: None,
        };
        if new.hash == old.hash {
            return Ok(report);
        }
        let deed = self.deed("pack", None);
        let mode = if commit { Mode::Commit } else { Mode::Preview };
        let (_, receipt) = self.ledger_mut()?.write(deed, mode, |draft| {
            draft.pack(new)?;
            Ok::<_, LedgerError>(())
        })?;
        report.tx = commit.then_some(receipt.seq);
        Ok(report)
    }
}
