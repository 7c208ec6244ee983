//! A book out of a backup folder: built beside where it shall lie, checked link by link, and only then given its
//! name. Never over anything that lies there. Erasures that came after the point asked for are followed and
//! recorded in the new book.

use super::folder::{above, fault, sync_folder};
use super::key::BackupKey;
use super::load::{Loaded, Source};
use super::manifest::Manifest;
use super::scratch::{Scratch, beside};
use super::{Stage, Step};
use crate::entropy::Entropy;
use crate::erasure::Ground;
use crate::error::LedgerError;
use crate::fact::{Deed, Mode};
use crate::hash::hex;
use crate::ledger::{Ledger, PackReader};
use crate::rebuild;
use crate::seal::{Master, key_path};
use crate::store::sqlite::Sqlite;
use pack::CheckedPack;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::{BookId, Moment};

/// A point in the life of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// After this transaction.
    Tx(i64),
    /// After the last transaction at or before this moment.
    At(Moment),
}

/// What is restored.
pub struct RestoreInput<'a> {
    /// The backup folder.
    pub folder: &'a Path,
    /// Its key.
    pub key: &'a BackupKey,
    /// Where the ledger shall lie.
    pub ledger: &'a Path,
    /// As it stood when; `None`: at the last backup.
    pub until: Option<Until>,
    /// Now, for the transaction that records later erasures.
    pub at: Moment,
    /// By whom.
    pub actor: &'a str,
    /// Why, in the actor's words.
    pub why: Option<&'a str>,
    /// Reads the pack that lies in the book.
    pub pack: &'a PackReader,
}

/// A book that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The book.
    pub book: BookId,
    /// Its name.
    pub name: String,
    /// Transactions that were loaded.
    pub transactions: u64,
    /// Facts that were loaded.
    pub facts: u64,
    /// Rows that were worked out from them.
    pub rows: u64,
    /// The last transaction that was loaded.
    pub seq: i64,
    /// When it was written.
    pub at: Moment,
    /// Its hash.
    pub hash: [u8; 32],
    /// The last transaction of the backup.
    pub backup_seq: i64,
    /// When the backup was made.
    pub backup_at: Moment,
    /// Subjects whose erasure was followed.
    pub erased: u64,
    /// Subjects that were erased after the point restored to, and the transaction that records them.
    pub recorded: Option<(u64, i64)>,
}

/// A restored book that has no name yet. Dropped, it is gone.
pub struct Restoring {
    scratch: Scratch,
    ledger: PathBuf,
    report: Restored,
    pack: Arc<CheckedPack>,
}

impl Restoring {
    /// The pack in force in it.
    pub fn pack(&self) -> &CheckedPack {
        &self.pack
    }

    /// What it is.
    pub fn report(&self) -> &Restored {
        &self.report
    }

    /// Gives the book its name; the key first, so that a ledger is never there without it.
    pub fn keep(self) -> Result<Restored, LedgerError> {
        free(&self.ledger)?;
        let (built, target) = (self.scratch.book(), &self.ledger);
        let folder = above(target);
        let log = beside(&built, "-wal");
        if log.exists() {
            return Err(LedgerError::Exists(log));
        }
        File::open(&built)
            .and_then(|file| file.sync_all())
            .map_err(|error| fault(&built, &error))?;
        let (key, there) = (key_path(&built), key_path(target));
        if !there.exists() {
            std::fs::rename(&key, &there).map_err(|error| fault(&there, &error))?;
            sync_folder(folder)?;
        }
        std::fs::rename(&built, target).map_err(|error| fault(target, &error))?;
        sync_folder(folder)?;
        Ok(self.report)
    }
}

/// Builds a book out of a folder. It has its name after [`Restoring::keep`].
pub fn restore(
    input: &RestoreInput<'_>,
    entropy: Box<dyn Entropy>,
    step: Step<'_>,
) -> Result<Restoring, LedgerError> {
    free(input.ledger)?;
    let manifest = Manifest::read(input.folder, input.key)?
        .ok_or_else(|| LedgerError::NotABackup(input.folder.to_owned()))?;
    let source = Source {
        folder: input.folder,
        key: input.key,
        manifest: &manifest,
    };
    within(&source, input.until)?;
    let scratch = Scratch::make(beside(input.ledger, ".restoring"))?;
    let built = build(&source, &scratch, input, entropy, step)?;
    // A key that lies there already may stay when it is this book's: what an earlier restore left when it was
    // stopped between the two names.
    let there = key_path(input.ledger);
    if there.exists() && Master::read(&there)?.check() != manifest.key_check {
        return Err(LedgerError::Exists(there));
    }
    let (report, pack) = built;
    Ok(Restoring {
        scratch,
        ledger: input.ledger.to_owned(),
        report,
        pack,
    })
}

/// Loads, derives, and records what was erased later.
pub(super) fn build(
    source: &Source<'_>,
    scratch: &Scratch,
    input: &RestoreInput<'_>,
    entropy: Box<dyn Entropy>,
    step: Step<'_>,
) -> Result<(Restored, Arc<CheckedPack>), LedgerError> {
    let manifest = source.manifest;
    let path = scratch.book();
    let master = source.keys(&mut |_, _| Ok(()))?;
    Master::write(&key_path(&path), &master)?;
    let store = Box::new(Sqlite::scratch(&path)?);
    let (loaded, rows, pack) = {
        use crate::store::Store;
        store.begin()?;
        let loaded = source.load(&*store, input.until, step)?;
        let ledger = Ledger::building(&path, store, input.pack)?;
        let rows = rebuild::fill(&ledger.reader, &mut |done, of| {
            step(Stage::Deriving, done, of)
        })?;
        ledger.reader.store.commit()?;
        ledger.reader.store.settle()?;
        (loaded, rows, ledger.pack())
    };
    let recorded = record(&loaded, &path, input, entropy)?;
    let report = Restored {
        book: manifest.book,
        name: manifest.name.clone(),
        transactions: loaded.last.seq.unsigned_abs(),
        facts: loaded.facts,
        rows,
        seq: loaded.last.seq,
        at: Moment(loaded.last.at),
        hash: loaded.last.hash,
        backup_seq: manifest.head.seq,
        backup_at: Moment(manifest.written),
        erased: loaded.erased,
        recorded,
    };
    Ok((report, pack))
}

/// Records erasures that the loaded transactions do not know of, in one transaction of the new book.
fn record(
    loaded: &Loaded,
    path: &Path,
    input: &RestoreInput<'_>,
    mut entropy: Box<dyn Entropy>,
) -> Result<Option<(u64, i64)>, LedgerError> {
    if loaded.later.is_empty() {
        return Ok(None);
    }
    let mut id = [0; 16];
    entropy.fill(&mut id);
    let mut ledger = Ledger::open_with(path, entropy, input.pack)?;
    let deed = Deed {
        name: "restore".to_owned(),
        actor: input.actor.to_owned(),
        at: input.at,
        client_id: hex(&id),
        by: crate::fact::By::default(),
        why: input.why.map(str::to_owned),
        asked: None,
        sources: Vec::new(),
    };
    let (_, receipt) = ledger.write(deed, Mode::Commit, |draft| {
        for gone in &loaded.later {
            let ground = Ground {
                basis: gone.basis.clone(),
                approver: gone.approver.clone(),
            };
            draft.erase(gone.subject, &ground)?;
        }
        Ok::<_, LedgerError>(())
    })?;
    let count = u64::try_from(loaded.later.len()).unwrap_or(0);
    Ok(Some((count, receipt.seq)))
}

/// Whether a point lies within a backup.
fn within(source: &Source<'_>, until: Option<Until>) -> Result<(), LedgerError> {
    let head = &source.manifest.head;
    let outside = |asked: String| LedgerError::Until {
        asked,
        last: head.seq,
        at: Moment(head.at),
    };
    match until {
        Some(Until::Tx(tx)) if tx < 1 || tx > head.seq => Err(outside(tx.to_string())),
        Some(Until::At(moment)) => {
            // The first transaction is the first thing in the first segment.
            let mut first = i64::MAX;
            let mut chain =
                super::record::Chain::after(source.manifest.book, super::record::Link::NONE);
            source.segment(0, &mut chain, &mut |passed| {
                if let super::load::Passed::Tx(_, header) = passed {
                    first = header["at"].as_i64().unwrap_or(i64::MAX);
                }
                Ok(false)
            })?;
            if moment.0 < first {
                return Err(outside(moment.in_china()));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Whether nothing lies where a ledger shall lie, nor what a store would take for its log.
fn free(ledger: &Path) -> Result<(), LedgerError> {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let path = beside(ledger, ending);
        // A link that leads nowhere is something too.
        if path.symlink_metadata().is_ok() {
            return Err(LedgerError::Exists(path));
        }
    }
    Ok(())
}
