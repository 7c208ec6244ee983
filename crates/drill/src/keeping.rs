//! The book into a backup folder and back, timed. Measures; judges nothing.

use crate::book::{ACTOR, open_read};
use ledger::LedgerError;
use ledger::backup::{BackupInput, BackupKey, RestoreInput, restore};
use office::Pace;
use office::clock::{Clock, SystemClock, SystemEntropy};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use testkit::hamlet_reader;

/// Where the key of a folder lies: beside it.
fn key_of(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// Backs the book up; proved by reading back, or whole. Says how many facts, and how long it took in microseconds.
pub fn back_up(ledger: &Path, folder: &Path, quick: bool) -> Result<(u64, i64), LedgerError> {
    let path = key_of(folder);
    let key = if path.exists() {
        BackupKey::read(&path)?
    } else {
        let key = BackupKey::draw(&mut SystemEntropy);
        key.write(&path)?;
        key
    };
    // As `yiben backup` does: the least claim on the processor that the system knows.
    #[cfg(unix)]
    let _ = rustix::process::nice(19);
    let begun = SystemClock.now();
    let input = BackupInput {
        folder,
        key: &key,
        at: begun,
        quick,
        pack: &*hamlet_reader(),
    };
    let mut pace = Pace::new(ledger, Arc::new(SystemClock));
    let mut step = |_, _, _| pace.rest();
    let done = open_read(ledger)?.backup(&input, &mut SystemEntropy, &mut step)?;
    Ok((done.facts_in_all, SystemClock.now().0 - begun.0))
}

/// Restores a folder to where no ledger lies. Says how many facts, and how long it took in microseconds.
pub fn bring_back(folder: &Path, ledger: &Path) -> Result<(u64, i64), LedgerError> {
    let key = BackupKey::read(&key_of(folder))?;
    let begun = SystemClock.now();
    let input = RestoreInput {
        folder,
        key: &key,
        ledger,
        until: None,
        at: begun,
        actor: ACTOR,
        why: None,
        pack: &*hamlet_reader(),
    };
    let restored = restore(&input, Box::new(SystemEntropy), &mut |_, _, _| {})?.keep()?;
    Ok((restored.facts, SystemClock.now().0 - begun.0))
}
