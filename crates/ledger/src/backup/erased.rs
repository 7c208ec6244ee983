//! Erasures and the folders that a book is kept in. A folder holds the keys of its last backup until the next one;
//! an erasure is therefore told at once to every folder that can be reached, and a restore from it follows what it
//! was told. Beside the ledger lies a list of its folders. Holds numbers and moments only, nothing personal.

use super::folder::{self, ERASED, fault};
use super::manifest::{Gone, torn, unhex};
use super::scratch::beside;
use super::sealed::{Head, broken};
use crate::erasure::Erasure;
use crate::error::LedgerError;
use crate::hash::{HashAlg, Keyed, hex};
use crate::ledger::Ledger;
use crate::seal::key_path;
use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use vocabulary::{BookId, Moment};
use zeroize::Zeroizing;

/// What became of telling one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The folder.
    pub folder: PathBuf,
    /// The last transaction of its last backup.
    pub seq: i64,
    /// When that was made.
    pub at: Moment,
    /// Its file of keys was written before the erasure: it opens what was erased, for whoever has the backup's key,
    /// until the next backup into it.
    pub holds_keys: bool,
    /// Why it could not be told, in the operating system's words; such a folder restores what was erased
    /// until the next backup into it.
    pub unreached: Option<String>,
}

/// A line of the list beside the ledger.
#[derive(Serialize, Deserialize)]
struct Known {
    folder: PathBuf,
    seq: i64,
    at: i64,
}

/// A line of a folder's list of erasures.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    gone: Gone,
    mac: String,
}

impl Ledger {
    /// Tells every backup folder of this book that subjects were erased: to be called after the transaction is
    /// durable. Answers one line for each folder that backups were ever made into: which were told, which still
    /// hold keys until their next backup, which could not be reached. Telling the same twice does no harm; told of
    /// none, folders are only looked at, and each that holds a backup holds keys.
    pub fn tell_folders(&self, erased: &[Erasure]) -> Result<Vec<Told>, LedgerError> {
        let path = &self.reader.state.path;
        let book = self.book().id;
        let first = erased.iter().map(|one| one.tx).min().unwrap_or(i64::MAX);
        let mac = journal_mac(&*master_bytes(&key_path(path))?);
        let mut told = Vec::new();
        for known in known(path)? {
            let done = tell(&known.folder, book, &mac, erased);
            told.push(Told {
                holds_keys: known.seq < first,
                folder: known.folder,
                seq: known.seq,
                at: Moment(known.at),
                unreached: done.err().map(|error| error.to_string()),
            });
        }
        Ok(told)
    }
}

/// The bytes of a book's master key.
pub(super) fn master_bytes(path: &Path) -> Result<Zeroizing<[u8; 32]>, LedgerError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(LedgerError::NoKey(path.to_owned()));
        }
        Err(error) => return Err(fault(path, &error)),
    };
    let bytes: [u8; 32] = bytes
        .as_slice()
        .try_into()
        .map_err(|_| LedgerError::WrongKey(path.to_owned()))?;
    Ok(Zeroizing::new(bytes))
}

/// What the lines of a book's lists are proved by.
pub(super) fn journal_mac(master: &[u8; 32]) -> Keyed {
    let mac = Keyed::new(HashAlg::Sha256, master);
    Keyed::new(HashAlg::Sha256, &mac.code(&[b"yiben-erasure-journal"]))
}

fn code(mac: &Keyed, book: BookId, gone: &Gone) -> [u8; 32] {
    let length = i64::try_from(gone.basis.len()).unwrap_or(i64::MAX);
    let numbers = [book, gone.subject, gone.tx, length].map(i64::to_be_bytes);
    let (basis, approver) = (gone.basis.as_bytes(), gone.approver.as_bytes());
    mac.code(&[&numbers.concat(), basis, approver])
}

/// Appends erasures to a folder's list.
fn tell(folder: &Path, book: BookId, mac: &Keyed, erased: &[Erasure]) -> Result<(), Error> {
    let mut manifest = File::open(folder.join(folder::MANIFEST))?;
    if Head::read(&mut manifest)?.book != book {
        return Err(broken("the folder holds another book"));
    }
    if erased.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for one in erased {
        let gone = Gone {
            subject: one.subject,
            tx: one.tx,
            basis: one.ground.basis.clone(),
            approver: one.ground.approver.clone(),
        };
        let line = Line {
            mac: hex(&code(mac, book, &gone)),
            gone,
        };
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    append(&folder.join(ERASED), &text)
}

/// Appends whole lines to a file and makes them durable.
fn append(path: &Path, text: &str) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    // Where there are no locks, lines are short enough to be written whole.
    let _ = file.lock();
    let mut before = String::new();
    file.rewind()?;
    file.read_to_string(&mut before)?;
    // Half a line was left by a process that was killed before it answered: it was never there.
    let whole = before.rfind('\n').map_or(0, |end| end + 1);
    if whole < before.len() {
        file.set_len(u64::try_from(whole).expect("a length"))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    File::open(folder::above(path))?.sync_all()
}

/// What a folder was told.
pub(super) fn told(folder: &Path, book: BookId, mac: &Keyed) -> Result<Vec<Gone>, LedgerError> {
    let path = folder.join(ERASED);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(torn(&path, (0, 0), &error)),
    };
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let read: Option<Line> = serde_json::from_str(line).ok();
        match read {
            Some(line)
                if unhex(&line.mac).is_some_and(|kept| kept == code(mac, book, &line.gone)) =>
            {
                found.push(line.gone);
            }
            // Half a line: its erasure was never answered, and is told again.
            None if !line.ends_with('\n') => {}
            _ => return Err(torn(&path, (0, 0), &broken("a line is not this book's"))),
        }
    }
    Ok(found)
}

/// Empties a folder's list when its backup has taken up everything in it.
pub(super) fn taken_up(
    folder: &Path,
    book: BookId,
    mac: &Keyed,
    head: i64,
) -> Result<(), LedgerError> {
    let path = folder.join(ERASED);
    if !path.exists() {
        return Ok(());
    }
    let opened = OpenOptions::new().read(true).write(true).open(&path);
    let file = opened.map_err(|error| fault(&path, &error))?;
    let _ = file.lock();
    // A list that does not read is older than this backup or none of ours: the manifest now says it all.
    let waits = told(folder, book, mac).is_ok_and(|list| list.iter().any(|gone| gone.tx > head));
    if !waits {
        file.set_len(0)
            .and_then(|()| file.sync_all())
            .map_err(|error| fault(&path, &error))?;
    }
    Ok(())
}

/// The list of a ledger's backup folders.
fn list_path(ledger: &Path) -> PathBuf {
    beside(ledger, ".backups")
}

/// Adds a backup to the list beside the ledger.
pub(super) fn remember(
    ledger: &Path,
    folder: &Path,
    seq: i64,
    at: Moment,
) -> Result<(), LedgerError> {
    let path = list_path(ledger);
    let whole = std::fs::canonicalize(folder).map_err(|error| fault(folder, &error))?;
    let line = Known {
        folder: whole,
        seq,
        at: at.0,
    };
    let text = serde_json::to_string(&line).map_err(|error| fault(&path, &error.into()))?;
    append(&path, &format!("{text}\n")).map_err(|error| fault(&path, &error))?;
    if std::fs::metadata(&path).is_ok_and(|about| about.len() > LIST_MAX) {
        shorten(ledger).map_err(|error| fault(&path, &error))?;
    }
    Ok(())
}

/// Bytes of the list beside the ledger before only the last line of each folder is kept: some five hundred backups,
/// three weeks of an hourly one.
const LIST_MAX: u64 = 64 << 10;

/// Writes the list anew with one line a folder: whole under another name, then named.
fn shorten(ledger: &Path) -> Result<(), Error> {
    let path = list_path(ledger);
    let mut text = String::new();
    for line in known(ledger).map_err(Error::other)? {
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    let part = beside(&path, ".part");
    let _ = std::fs::remove_file(&part);
    append(&part, &text)?;
    std::fs::rename(&part, &path)?;
    File::open(folder::above(&path))?.sync_all()
}

/// The folders that backups were made into, each with its last backup. A line that does not read is passed over.
fn known(ledger: &Path) -> Result<Vec<Known>, LedgerError> {
    let path = list_path(ledger);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fault(&path, &error)),
    };
    let mut found: Vec<Known> = Vec::new();
    for line in text.lines() {
        let Ok(line) = serde_json::from_str::<Known>(line) else {
            continue;
        };
        found.retain(|known| known.folder != line.folder);
        found.push(line);
    }
    Ok(found)
}

/// Whether backups of a ledger were made into a folder before.
pub(super) fn is_known(ledger: &Path, folder: &Path) -> Result<bool, LedgerError> {
    let Ok(whole) = std::fs::canonicalize(folder) else {
        return Ok(false);
    };
    Ok(known(ledger)?.iter().any(|known| known.folder == whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_folders_does_not_grow_for_ever() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = folder.path().join("a.db");
        let to = ["one", "two"].map(|name| folder.path().join(name));
        for to in &to {
            std::fs::create_dir(to).expect("a folder");
        }
        for seq in 0..1_500 {
            let to = &to[usize::from(seq % 3 == 0)];
            remember(&ledger, to, seq, Moment(seq)).expect("remembered");
        }
        let size = std::fs::metadata(list_path(&ledger)).expect("a list").len();
        assert!(size <= LIST_MAX, "{size}");
        let last: Vec<i64> = known(&ledger)
            .expect("read")
            .iter()
            .map(|one| one.seq)
            .collect();
        // Thirds went into the second folder.
        assert_eq!(last, [1_497, 1_499]);
    }
}
