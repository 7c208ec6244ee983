//! A folder to build a book in. It is its owner's alone, nothing in it looks like somebody's ledger, it goes with
//! its holder, and what a killed process left is removed by the next.

use super::folder::fault;
use crate::error::LedgerError;
use crate::store::sqlite::WriteLock;
use std::path::{Path, PathBuf};

/// The book's name inside.
const BOOK: &str = "book.db";

/// A place to build in.
pub(super) struct Scratch {
    folder: PathBuf,
    /// Held so that a living builder is told from a dead one's leavings.
    lock: Option<WriteLock>,
}

impl Scratch {
    /// Makes the folder. Leavings of a dead process are removed; a living one is named.
    pub(super) fn make(folder: PathBuf) -> Result<Scratch, LedgerError> {
        if folder.exists() {
            // A lock that can be taken is nobody's.
            drop(WriteLock::take(&folder.join("builder"))?);
            std::fs::remove_dir_all(&folder).map_err(|error| fault(&folder, &error))?;
        }
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder
            .create(&folder)
            .map_err(|error| fault(&folder, &error))?;
        let mut scratch = Scratch { folder, lock: None };
        scratch.lock = Some(WriteLock::take(&scratch.folder.join("builder"))?);
        Ok(scratch)
    }

    /// Where the book is built.
    pub(super) fn book(&self) -> PathBuf {
        self.folder.join(BOOK)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.lock = None;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A path with something after its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
