//! Backup: the book into one or several folders, each for itself, under a key of its own. Writes nothing to the
//! book and never stands in a writer's way. One folder that fails does not stop the others.

use crate::error::OfficeError;
use crate::office::Office;
use crate::pace::Pace;
use crate::words::say;
use ledger::backup::{BackedUp, BackupInput as Into, BackupKey, Step, holds_backup};
use std::path::{Path, PathBuf};
use vocabulary::FindingClass;

/// Where a book is backed up to.
#[derive(Debug, Clone, Default)]
pub struct BackupInput {
    /// The folders.
    pub to: Vec<PathBuf>,
    /// The file of their key; made when no folder holds a backup yet.
    pub key: PathBuf,
    /// Only read what is new back, without restoring for trial.
    pub quick: bool,
}

/// What became of one folder.
#[derive(Debug)]
pub struct BackupFolder {
    /// The folder.
    pub folder: PathBuf,
    /// The backup, or why there is none.
    pub done: Result<BackedUp, OfficeError>,
    /// How long it took, in microseconds.
    pub took: i64,
}

/// What became of a backup.
#[derive(Debug)]
pub struct BackupReport {
    /// The file of the key.
    pub key: PathBuf,
    /// It was made now.
    pub key_made: bool,
    /// It lies in the folder of the ledger: who takes one takes both.
    pub key_beside: bool,
    /// Each folder, in the order given.
    pub folders: Vec<BackupFolder>,
}

fn asked(code: &str, params: &[(&str, &str)]) -> OfficeError {
    OfficeError::Asked(Box::new(say(code, FindingClass::Rejected, params)))
}

/// A path with all links followed; itself where nothing lies yet.
fn whole(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The folder that a file lies in or shall lie in.
fn around(path: &Path) -> PathBuf {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    whole(above.unwrap_or(Path::new(".")))
}

impl Office {
    /// Backs the book up into every folder. Needs the deed `backup`.
    pub fn backup(
        &mut self,
        input: &BackupInput,
        step: Step<'_>,
    ) -> Result<BackupReport, OfficeError> {
        self.may("backup")?;
        let shown = |path: &Path| path.display().to_string();
        for (n, folder) in input.to.iter().enumerate() {
            if input.to[..n]
                .iter()
                .any(|other| whole(other) == whole(folder))
            {
                return Err(asked("O192", &[("folder", &shown(folder))]));
            }
            // A key that lies in its backup keeps nobody out.
            if around(&input.key) == whole(folder) {
                return Err(asked("O193", &[("key", &shown(&input.key))]));
            }
        }
        let held = input.to.iter().any(|folder| holds_backup(folder));
        let key_made = !held && !input.key.exists();
        let key = if key_made {
            // Durable before anything is sealed with it.
            let key = BackupKey::draw(&mut *self.entropy);
            key.write(&input.key)?;
            key
        } else {
            BackupKey::read(&input.key)?
        };
        let folders = input.to.iter().map(|folder| {
            let begun = self.clock.now();
            let done = self.backup_into(folder, &key, input.quick, step);
            BackupFolder {
                folder: folder.clone(),
                done,
                took: self.clock.now().0 - begun.0,
            }
        });
        let folders: Vec<BackupFolder> = folders.collect();
        let key_made = key_made && {
            // Nothing was sealed with it: it would only be a key to nothing.
            let used = input.to.iter().any(|folder| holds_backup(folder));
            if !used {
                let _ = std::fs::remove_file(&input.key);
            }
            used
        };
        Ok(BackupReport {
            key_beside: around(&input.key) == around(&self.path),
            key: input.key.clone(),
            key_made,
            folders,
        })
    }

    fn backup_into(
        &mut self,
        folder: &Path,
        key: &BackupKey,
        quick: bool,
        step: Step<'_>,
    ) -> Result<BackedUp, OfficeError> {
        let into = Into {
            folder,
            key,
            at: self.clock.now(),
            quick,
            pack: &::pack::read_files,
        };
        let mut pace = Pace::new(&self.path, self.clock.clone());
        let mut step = |stage, done, of| {
            pace.rest();
            step(stage, done, of);
        };
        let (ledger, entropy) = self.book_and_entropy()?;
        Ok(ledger.backup(&into, entropy, &mut step)?)
    }
}
