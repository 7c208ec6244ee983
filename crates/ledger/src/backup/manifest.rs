//! The manifest of a backup folder: which segments and which keys belong together, and where the chain stands at
//! the end of them. It is replaced whole, so that a folder is always at one backup or at the next.

use super::folder::{Folder, MANIFEST, fault};
use super::key::BackupKey;
use super::record::Link;
use super::sealed::{Head, Kind, Opening, Sealing, broken};
use crate::error::{Flaw, LedgerError};
use crate::hash::{hex, thirty_two};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{BufReader, Error, ErrorKind, Read, Write};
use std::path::Path;
use vocabulary::{BookId, RecordId};

/// Hex of bytes in the manifest.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(pair).collect()
}

/// A place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) seq: i64,
    pub(super) at: i64,
    pub(super) hash: String,
}

impl Mark {
    pub(super) fn of(link: Link) -> Mark {
        Mark {
            seq: link.seq,
            at: link.at,
            hash: hex(&link.hash),
        }
    }

    pub(super) fn link(&self) -> Option<Link> {
        Some(Link {
            seq: self.seq,
            at: self.at,
            hash: thirty_two(&unhex(&self.hash)?)?,
        })
    }
}

/// A file with transactions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Segment {
    pub(super) file: String,
    pub(super) id: String,
    pub(super) bytes: u64,
    pub(super) from: i64,
    /// The chain at its end.
    pub(super) end: Mark,
    pub(super) facts: u64,
}

/// The file with the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyFile {
    pub(super) file: String,
    pub(super) id: String,
    pub(super) bytes: u64,
    pub(super) count: u64,
}

/// A subject that was erased: by which transaction, on what ground, and who agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gone {
    pub(super) subject: RecordId,
    pub(super) tx: i64,
    pub(super) basis: String,
    pub(super) approver: String,
}

/// What belongs together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// When the backup was made.
    pub(super) written: i64,
    pub(super) book: BookId,
    pub(super) name: String,
    pub(super) alg: String,
    /// The schema of the ledger it was made from.
    pub(super) schema: i64,
    pub(super) key_check: String,
    pub(super) next_record: RecordId,
    /// The pack in force at the end.
    pub(super) pack: String,
    pub(super) head: Mark,
    pub(super) segments: Vec<Segment>,
    pub(super) keys: KeyFile,
    /// The last transaction when the keys were written: no earlier than the head.
    pub(super) keys_seq: i64,
    /// Every lawful erasure that was known when the keys were written, so that a restore to an earlier point
    /// need not read what came later.
    pub(super) erased: Vec<Gone>,
}

impl Manifest {
    /// Reads a folder's manifest; `None` when there is none.
    pub(super) fn read(folder: &Path, key: &BackupKey) -> Result<Option<Manifest>, LedgerError> {
        let path = folder.join(MANIFEST);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(fault(&path, &error)),
        };
        let mut from = BufReader::new(file);
        let torn = |error: Error| torn(&path, (0, 0), &error);
        let head = Head::read(&mut from).map_err(torn)?;
        if head.key != key.name() {
            return Err(LedgerError::WrongBackupKey(folder.to_owned()));
        }
        let mut text = Vec::new();
        Opening::begin(from, key, &head)
            .read_to_end(&mut text)
            .map_err(torn)?;
        let read: Option<Manifest> = serde_json::from_slice(&text).ok();
        let read = read.filter(|read| head.kind == Kind::Manifest && read.is_whole());
        read.map(Some)
            .ok_or_else(|| torn(broken("it names no whole backup")))
    }

    /// Whether the segments follow one another to the head.
    fn is_whole(&self) -> bool {
        let mut next = 1;
        for segment in &self.segments {
            if segment.from != next || segment.end.seq < segment.from {
                return false;
            }
            next = segment.end.seq + 1;
        }
        self.segments
            .last()
            .is_some_and(|last| last.end == self.head)
            && self.head.link().is_some()
    }

    /// Writes it in place of the one before.
    pub(super) fn write(
        &self,
        folder: &Folder,
        key: &BackupKey,
        id: [u8; 16],
    ) -> Result<(), LedgerError> {
        let head = Head {
            kind: Kind::Manifest,
            book: self.book,
            key: key.name(),
            id,
            from: self.head.seq,
            to: self.head.seq,
        };
        let path = folder.path.join(MANIFEST);
        let fault = |error: Error| fault(&path, &error);
        let half = folder.begin(MANIFEST)?;
        let mut out = Sealing::begin(half.writer()?, key, &head).map_err(fault)?;
        let text = serde_json::to_vec(self).map_err(|error| fault(error.into()))?;
        out.write_all(&text).map_err(fault)?;
        let (written, _) = out.finish().map_err(fault)?;
        half.keep(written)
    }
}

/// Opens a file that a manifest names: it must be that very file.
pub(super) fn open(
    folder: &Path,
    key: &BackupKey,
    (file, id, kind): (&str, &str, Kind),
    spoken: (i64, i64),
) -> Result<Opening<BufReader<File>>, LedgerError> {
    let path = folder.join(file);
    let opened = File::open(&path).map_err(|error| torn(&path, spoken, &error))?;
    let mut from = BufReader::with_capacity(1 << 18, opened);
    let head = Head::read(&mut from).map_err(|error| torn(&path, spoken, &error))?;
    if head.kind != kind || hex(&head.id) != id || head.key != key.name() {
        return Err(LedgerError::BrokenBackup {
            file: path,
            flaw: Flaw::Foreign,
            from: spoken.0,
            to: spoken.1,
        });
    }
    Ok(Opening::begin(from, key, &head))
}

/// A file that does not read: broken, or kept from us by the computer.
pub(super) fn torn(path: &Path, (from, to): (i64, i64), error: &Error) -> LedgerError {
    let flaw = match error.kind() {
        ErrorKind::NotFound => Flaw::Missing,
        ErrorKind::UnexpectedEof => Flaw::Cut,
        ErrorKind::InvalidData | ErrorKind::InvalidInput => Flaw::Changed,
        _ => return fault(path, error),
    };
    LedgerError::BrokenBackup {
        file: path.to_owned(),
        flaw,
        from,
        to,
    }
}
