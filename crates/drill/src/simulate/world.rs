//! The machine under the simulation: a book in a folder in memory, the hand that writes it, and death without
//! warning. Knows nothing of what is written.

use super::dice::Dice;
use super::model::said;
use crate::book::{ACTOR, BOOK};
use ledger::backup::{BackupInput, BackupKey, RestoreInput, restore};
use ledger::{Hand, HashAlg, Ledger, LedgerError, NewBook, Reader, Writer};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use testkit::{hamlet, hamlet_reader};
use vocabulary::Moment;

/// The files of a book that outlive its process. The others are made anew by whoever opens it.
const FILES: [&str; 3] = ["book.db", "book.db-wal", "book.db.key"];

/// The disk as it is at some step of a deed, for the crash that comes there.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) step: usize,
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

impl Cut {
    /// Takes the disk as it is.
    pub(super) fn take(&self) {
        // An earlier attempt of the same deed in this group was cut there already.
        if !self.to.exists() {
            copy(&self.from, &self.to).expect("memory holds another copy of a small book");
        }
    }
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for name in FILES {
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name))?;
        }
    }
    Ok(())
}

/// Copies the files of a book as they are.
pub(super) fn copy_book(from: &Path, to: &Path) -> Result<(), String> {
    copy(from, to).map_err(|cause| format!("{}: {cause}", to.display()))
}

/// The book's file and its log.
pub(super) struct Disk {
    file: Vec<u8>,
    log: Vec<u8>,
}

/// A machine with one book.
pub(super) struct World {
    root: TempDir,
    folders: usize,
    folder: PathBuf,
    open: Option<(Writer, Hand)>,
}

impl World {
    /// A new book.
    pub(super) fn new(place: &Path, dice: &mut Dice, at: Moment) -> Result<World, String> {
        let root = tempfile::Builder::new()
            .prefix("yiben-simulate-")
            .tempdir_in(place);
        let root = root.map_err(|cause| cause.to_string())?;
        let folder = root.path().join("0");
        std::fs::create_dir(&folder).map_err(|cause| cause.to_string())?;
        let new = NewBook {
            book: BOOK,
            name: "hamlet".to_owned(),
            level: "town".to_owned(),
            pack: hamlet(1),
            alg: if dice.chance(20) {
                HashAlg::Sm3
            } else {
                HashAlg::Sha256
            },
            at,
            actor: ACTOR.to_owned(),
        };
        let ledger = Ledger::create(&folder.join("book.db"), new, Box::new(dice.entropy()));
        let mut world = World {
            root,
            folders: 1,
            folder,
            open: None,
        };
        world.open = Some(Writer::by_hand(ledger.map_err(said)?).map_err(said)?);
        Ok(world)
    }

    /// The door and the hand.
    pub(super) fn desk(&mut self) -> (&Writer, &mut Hand) {
        let (writer, hand) = self
            .open
            .as_mut()
            .expect("the book is open between crashes");
        (writer, hand)
    }

    /// A reader on the present state.
    pub(super) fn reader(&self) -> Result<Reader, String> {
        let (writer, _) = self
            .open
            .as_ref()
            .expect("the book is open between crashes");
        writer.reader().map_err(said)
    }

    /// Where the book lies.
    pub(super) fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    /// A folder that is not there yet.
    pub(super) fn another(&mut self) -> PathBuf {
        self.folders += 1;
        self.root.path().join(self.folders.to_string())
    }

    /// The disk as it is.
    pub(super) fn disk(folder: &Path) -> Result<Disk, String> {
        let read = |name: &str| std::fs::read(folder.join(name)).map_err(|cause| cause.to_string());
        Ok(Disk {
            file: read("book.db")?,
            log: read("book.db-wal")?,
        })
    }

    /// The disk of a process that died while a commit wrote its log: the first part is written, the rest is as it
    /// was. Answers whether the commit was whole; `None` when it wrote more than its log.
    pub(super) fn torn(
        dice: &mut Dice,
        before: &Disk,
        folder: &Path,
        to: &Path,
    ) -> Result<Option<bool>, String> {
        let after = World::disk(folder)?;
        copy_book(folder, to)?;
        if before.file != after.file {
            return Ok(None);
        }
        let differs = |n: &usize| before.log.get(*n) != after.log.get(*n);
        let longest = before.log.len().max(after.log.len());
        let (Some(first), Some(last)) =
            ((0..longest).find(differs), (0..longest).rev().find(differs))
        else {
            return Ok(Some(true));
        };
        let written = first + dice.below(last + 2 - first);
        let mut log = after.log[..written.min(after.log.len())].to_vec();
        log.extend(before.log.iter().skip(log.len()));
        std::fs::write(to.join("book.db-wal"), log).map_err(|cause| cause.to_string())?;
        Ok(Some(written > last))
    }

    /// The process is gone; another opens what lies in the folder.
    pub(super) fn reopen(&mut self, folder: PathBuf, dice: &mut Dice) -> Result<(), String> {
        self.open = None;
        let path = folder.join("book.db");
        let ledger = Ledger::open_with(&path, Box::new(dice.entropy()), &*hamlet_reader());
        self.open = Some(Writer::by_hand(ledger.map_err(said)?).map_err(said)?);
        let old = std::mem::replace(&mut self.folder, folder);
        if old != self.folder {
            // What lies there no longer matters; a folder that stays is a nuisance and no failure.
            let _ = std::fs::remove_dir_all(old);
        }
        Ok(())
    }

    /// The book backed up and restored, into a folder of its own.
    pub(super) fn carried(&mut self, dice: &mut Dice, at: Moment) -> Result<PathBuf, String> {
        let (to, kept) = (self.another(), self.another());
        std::fs::create_dir_all(&to).map_err(|cause| cause.to_string())?;
        let key = BackupKey::draw(&mut dice.entropy());
        let read = hamlet_reader();
        let taken = BackupInput {
            folder: &kept,
            key: &key,
            at,
            quick: true,
            pack: &*read,
        };
        let mut entropy = dice.entropy();
        let (_, hand) = self.desk();
        let taken = hand
            .ledger()
            .backup(&taken, &mut entropy, &mut |_, _, _| {});
        let taken = taken.map_err(said)?;
        let path = to.join("book.db");
        let input = RestoreInput {
            folder: &kept,
            key: &key,
            ledger: &path,
            until: None,
            at,
            actor: ACTOR,
            why: None,
            pack: &*read,
        };
        let entropy = Box::new(dice.entropy());
        let restored = restore(&input, entropy, &mut |_, _, _| {}).and_then(|done| done.keep());
        let restored = restored.map_err(said)?;
        if (restored.seq, restored.hash) != (taken.seq, taken.hash) {
            return Err("a restored book has another head than its backup".to_owned());
        }
        Ok(to)
    }

    /// A reader on a book in another folder.
    pub(super) fn look_into(folder: &Path) -> Result<Reader, String> {
        let opened = Ledger::open_read_with(&folder.join("book.db"), &*hamlet_reader());
        opened
            .and_then(|ledger: Ledger| ledger.reader())
            .map_err(|error: LedgerError| said(error))
    }
}
