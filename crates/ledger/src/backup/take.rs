//! A book into a backup folder: one new segment with what came since the last one, all keys of now, and a manifest
//! that binds them. Reads beside whoever writes, in short looks, so that the writer's log never waits for it.
//! Checks every link on its way in, reads back what it wrote, and proves the folder by restoring it.

use super::erased::{is_known, journal_mac, master_bytes, remember, taken_up};
use super::folder::{Folder, Half, MANIFEST, fault, keys_name, segment_name};
use super::key::BackupKey;
use super::load::{Passed, Source, erased_since};
use super::manifest::{KeyFile, Manifest, Mark, Segment};
use super::record::{Chain, Link, Scribe, Tx, bytes, number};
use super::restore::{RestoreInput, build};
use super::scratch::{Scratch, beside};
use super::sealed::{Head, Kind, Sealing};
use super::{Stage, Step};
use crate::entropy::Entropy;
use crate::error::{Flaw, LedgerError};
use crate::hash::{hex, thirty_two};
use crate::ledger::{Ledger, PackReader, head_of};
use crate::schema;
use crate::seal::key_path;
use crate::store::{Datum, Store};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use vocabulary::Moment;

/// Facts looked at in one look, unless one transaction holds more.
const FACTS_AT_ONCE: u64 = 20_000;

/// Transactions looked at in one look.
const TX_AT_ONCE: i64 = 4096;

/// Where a book is backed up to.
pub struct BackupInput<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// Its key.
    pub key: &'a BackupKey,
    /// Now.
    pub at: Moment,
    /// Only read the new segment back, without restoring the whole folder for trial.
    pub quick: bool,
    /// Reads the pack that lies in the book, for the trial.
    pub pack: &'a PackReader,
}

/// How a backup was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The new segment was read back from the disk and checked.
    ReadBack,
    /// The whole folder was restored beside the ledger, and came to the same hash.
    Restored {
        /// Transactions that were restored.
        transactions: u64,
        /// Facts that were restored.
        facts: u64,
        /// Rows that were worked out.
        rows: u64,
    },
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The folder.
    pub folder: PathBuf,
    /// Transactions in the new segment; 0 when there was nothing new.
    pub transactions: u64,
    /// Facts in the new segment.
    pub facts: u64,
    /// Bytes that were written.
    pub bytes: u64,
    /// Segments in the folder.
    pub segments: u64,
    /// Facts in the folder.
    pub facts_in_all: u64,
    /// Bytes of the folder's segments and keys.
    pub bytes_in_all: u64,
    /// The last transaction in the folder.
    pub seq: i64,
    /// Its hash.
    pub hash: [u8; 32],
    /// How it was proved.
    pub proof: Proof,
}

/// Whether a folder holds backups, or what is left of some.
pub fn holds_backup(folder: &Path) -> bool {
    folder.join(MANIFEST).exists()
        || super::folder::names(folder)
            .is_ok_and(|names| names.iter().any(|name| name.ends_with(".seg")))
}

impl Ledger {
    /// Backs the book up into a folder. Others may write to the book meanwhile: the backup is of the transaction
    /// that was the last when it began.
    pub fn backup(
        &self,
        input: &BackupInput<'_>,
        entropy: &mut dyn Entropy,
        step: Step<'_>,
    ) -> Result<BackedUp, LedgerError> {
        let folder = Folder::open(input.folder)?;
        let before = self.before(&folder, input.key)?;
        let store = self.reader.store.another()?;
        let head = head_of(&*store, self.book().id)?;
        let mut taking = Taking {
            ledger: self,
            store: &*store,
            folder: &folder,
            input,
            entropy,
            written: 0,
        };
        let last = before.as_ref().and_then(|manifest| manifest.head.link());
        let manifest = match before {
            Some(before) if before.head.seq == head.seq => before,
            before => taking.take(before, last.unwrap_or(Link::NONE), head.seq, step)?,
        };
        let written = taking.written;
        self.settle_folder(&folder, &manifest, input.at)?;
        let new = if written > 0 {
            manifest.segments.last()
        } else {
            None
        };
        let proof = self.prove(&folder, input, &manifest, step)?;
        let link = manifest.head.link().unwrap_or(Link::NONE);
        let sum = |of: fn(&Segment) -> u64| manifest.segments.iter().map(of).sum::<u64>();
        Ok(BackedUp {
            folder: folder.path.clone(),
            transactions: new.map_or(0, |new| (new.end.seq - new.from + 1).unsigned_abs()),
            facts: new.map_or(0, |new| new.facts),
            bytes: written,
            segments: u64::try_from(manifest.segments.len()).unwrap_or(0),
            facts_in_all: sum(|segment| segment.facts),
            bytes_in_all: sum(|segment| segment.bytes) + manifest.keys.bytes,
            seq: link.seq,
            hash: link.hash,
            proof,
        })
    }

    /// What the folder holds, if it is this book's and its history is ours.
    fn before(&self, folder: &Folder, key: &BackupKey) -> Result<Option<Manifest>, LedgerError> {
        let Some(manifest) = Manifest::read(&folder.path, key)? else {
            if folder.has_segments()? {
                return Err(LedgerError::BrokenBackup {
                    file: folder.path.join(MANIFEST),
                    flaw: Flaw::Missing,
                    from: 0,
                    to: 0,
                });
            }
            // A disk that is not mounted leaves an empty folder of its name.
            if is_known(&self.reader.state.path, &folder.path)? {
                return Err(LedgerError::NotABackup(folder.path.clone()));
            }
            return Ok(None);
        };
        if manifest.book != self.book().id || manifest.key_check != self.reader.state.master.check()
        {
            return Err(LedgerError::OtherBackup {
                folder: folder.path.clone(),
                book: manifest.book,
                name: manifest.name,
            });
        }
        let reader = &self.reader;
        let sql = format!(
            "SELECT hash FROM tx WHERE book = {} AND seq = {}",
            reader.placeholder(1),
            reader.placeholder(2)
        );
        let mut ours = None;
        let place = [Datum::Int(manifest.book), Datum::Int(manifest.head.seq)];
        reader.store.query(&sql, &place, &mut |row| {
            ours = thirty_two(row[0].bytes());
            Ok(())
        })?;
        if ours != manifest.head.link().map(|link| link.hash) {
            return Err(LedgerError::Forked {
                folder: folder.path.clone(),
                seq: manifest.head.seq,
            });
        }
        Ok(Some(manifest))
    }

    /// What follows a durable manifest: old files go, the list beside the ledger learns of it.
    fn settle_folder(
        &self,
        folder: &Folder,
        manifest: &Manifest,
        at: Moment,
    ) -> Result<(), LedgerError> {
        let mut named: Vec<&str> = manifest
            .segments
            .iter()
            .map(|one| one.file.as_str())
            .collect();
        named.push(&manifest.keys.file);
        folder.sweep(&named)?;
        let path = &self.reader.state.path;
        let mac = journal_mac(&*master_bytes(&key_path(path))?);
        taken_up(&folder.path, manifest.book, &mac, manifest.keys_seq)?;
        remember(path, &folder.path, manifest.keys_seq, at)
    }

    /// Proves a folder.
    fn prove(
        &self,
        folder: &Folder,
        input: &BackupInput<'_>,
        manifest: &Manifest,
        step: Step<'_>,
    ) -> Result<Proof, LedgerError> {
        let source = Source {
            folder: &folder.path,
            key: input.key,
            manifest,
        };
        if input.quick {
            read_back(&source, manifest.segments.len() - 1, step)?;
            return Ok(Proof::ReadBack);
        }
        let path = &self.reader.state.path;
        let scratch = Scratch::make(beside(path, ".trial"))?;
        let trial = RestoreInput {
            folder: &folder.path,
            key: input.key,
            ledger: path,
            until: None,
            at: input.at,
            actor: "backup",
            why: None,
            pack: input.pack,
        };
        // A trial draws nothing that is kept.
        let (restored, _) = build(&source, &scratch, &trial, Box::new(|_: &mut [u8]| {}), step)?;
        let same = manifest.head.link().map(|link| (link.seq, link.hash));
        if same != Some((restored.seq, restored.hash)) {
            return Err(LedgerError::BrokenBackup {
                file: folder.path.join(MANIFEST),
                flaw: Flaw::Changed,
                from: 0,
                to: 0,
            });
        }
        Ok(Proof::Restored {
            transactions: restored.transactions,
            facts: restored.facts,
            rows: restored.rows,
        })
    }
}

/// Reads a segment back and follows its chain.
fn read_back(source: &Source<'_>, position: usize, step: Step<'_>) -> Result<(), LedgerError> {
    let before = position.checked_sub(1);
    let before = before.and_then(|before| source.manifest.segments[before].end.link());
    let mut chain = Chain::after(source.manifest.book, before.unwrap_or(Link::NONE));
    let all = source.manifest.head.seq.unsigned_abs();
    source.segment(position, &mut chain, &mut |passed| {
        if let Passed::Fact(tx, 0, _) = passed {
            step(Stage::Checking, tx.unsigned_abs(), all);
        }
        Ok(true)
    })?;
    Ok(())
}

/// How many facts a header speaks of: its last key. Only how much is looked at in one look hangs on it.
fn facts_of(header: &str) -> u64 {
    let count = header.rsplit_once("\"facts\":");
    let count = count.and_then(|(_, rest)| rest.trim_end_matches('}').parse().ok());
    count.unwrap_or(0)
}

/// A backup being made.
struct Taking<'a> {
    ledger: &'a Ledger,
    store: &'a dyn Store,
    folder: &'a Folder,
    input: &'a BackupInput<'a>,
    entropy: &'a mut dyn Entropy,
    written: u64,
}

impl Taking<'_> {
    fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        self.entropy.fill(&mut id);
        id
    }

    fn head(&self, kind: Kind, id: [u8; 16], from: i64, to: i64) -> Head {
        Head {
            kind,
            book: self.ledger.book().id,
            key: self.input.key.name(),
            id,
            from,
            to,
        }
    }

    /// Writes segment, keys and manifest; answers the manifest.
    fn take(
        &mut self,
        before: Option<Manifest>,
        last: Link,
        to: i64,
        step: Step<'_>,
    ) -> Result<Manifest, LedgerError> {
        let segment = self.segment(last, to, step)?;
        let (mut segments, mut erased, seen) = before.map_or_else(Default::default, |old| {
            (old.segments, old.erased, old.keys_seq)
        });
        segments.push(segment);
        // Keys, erasures and counters of one moment: no earlier than the last transaction of the segment.
        self.store.begin_read()?;
        let keys = self.keys(to);
        let since = erased_since(self.store, self.ledger.book().id, seen);
        let meta = self.meta();
        let now = head_of(self.store, self.ledger.book().id);
        self.store.rollback()?;
        erased.extend(since?);
        let (meta, state) = (meta?, &self.ledger.reader.state);
        let head = segments.last().expect("just added").end.clone();
        let manifest = Manifest {
            written: self.input.at.0,
            book: state.book.id,
            name: state.book.name.clone(),
            alg: state.book.alg.word().to_owned(),
            schema: schema::SCHEMA,
            key_check: state.master.check().to_owned(),
            next_record: meta,
            pack: state.pack.hash.clone(),
            head,
            segments,
            keys: keys?,
            keys_seq: now?.seq,
            erased,
        };
        // What was written is read back before anything is said to be there.
        let source = Source {
            folder: &self.folder.path,
            key: self.input.key,
            manifest: &manifest,
        };
        read_back(&source, manifest.segments.len() - 1, step)?;
        source.keys(&mut |_, _| Ok(()))?;
        let id = self.id();
        manifest.write(self.folder, self.input.key, id)?;
        Ok(manifest)
    }

    /// Writes the segment of transactions after `last` up to `to`.
    fn segment(&mut self, last: Link, to: i64, step: Step<'_>) -> Result<Segment, LedgerError> {
        let (id, from) = (self.id(), last.seq + 1);
        let file = segment_name(from, to);
        let half = self.folder.begin(&file)?;
        let path = self.folder.path.join(&file);
        let io = |error| fault(&path, &error);
        let head = self.head(Kind::Segment, id, from, to);
        let sealing = Sealing::begin(half.writer()?, self.input.key, &head).map_err(io)?;
        let mut scribe = Scribe::new(sealing);
        let mut chain = Chain::after(self.ledger.book().id, last);
        while chain.last().seq < to {
            let seen = chain.last().seq;
            step(
                Stage::Writing,
                (seen - last.seq).unsigned_abs(),
                (to - last.seq).unsigned_abs(),
            );
            self.store.begin_read()?;
            let looked = self.look(&mut chain, &mut scribe, to, &path);
            self.store.rollback()?;
            looked?;
            if chain.last().seq == seen {
                return Err(LedgerError::Damaged(format!(
                    "tx {}: it is not there",
                    seen + 1
                )));
            }
        }
        let facts = scribe.facts;
        let (written, bytes) = scribe.end().and_then(Sealing::finish).map_err(io)?;
        half.keep(written)?;
        self.written += bytes;
        Ok(Segment {
            file,
            id: hex(&id),
            bytes,
            from,
            end: Mark::of(chain.last()),
            facts,
        })
    }

    /// Takes the next transactions in one look at the book.
    fn look(
        &self,
        chain: &mut Chain,
        scribe: &mut Scribe<Sealing<BufWriter<File>>>,
        to: i64,
        path: &Path,
    ) -> Result<(), LedgerError> {
        let d = self.store.dialect();
        let p = |n| d.placeholder(n);
        let book = Datum::Int(self.ledger.book().id);
        let io = |error| fault(path, &error);
        let mut list: Vec<Tx> = Vec::new();
        let mut facts = 0;
        let sql = format!(
            "SELECT salt, header, root, hash FROM tx \
             WHERE book = {} AND seq > {} AND seq <= {} ORDER BY seq",
            p(1),
            p(2),
            p(3)
        );
        let after = chain.last().seq;
        let most = to.min(after + TX_AT_ONCE);
        self.store.query(
            &sql,
            &[book, Datum::Int(after), Datum::Int(most)],
            &mut |row| {
                if facts >= FACTS_AT_ONCE {
                    return Ok(());
                }
                let tx = Tx {
                    salt: row[0].bytes().to_vec(),
                    header: row[1].text().to_owned(),
                    root: row[2].bytes().to_vec(),
                    hash: row[3].bytes().to_vec(),
                };
                facts += facts_of(&tx.header);
                list.push(tx);
                Ok(())
            },
        )?;
        let until = after + i64::try_from(list.len()).unwrap_or(0);
        let mut waiting = list.into_iter();
        let mut begin = |chain: &mut Chain, scribe: &mut Scribe<_>| -> Result<(), LedgerError> {
            // Transactions without facts are passed at once.
            while !chain.waits() {
                let Some(tx) = waiting.next() else {
                    return Ok(());
                };
                scribe.tx(&tx).map_err(io)?;
                chain.tx(tx)?;
            }
            Ok(())
        };
        begin(chain, scribe)?;
        let sql = format!(
            "SELECT f.register, f.record, f.body, s.record, s.box FROM fact f LEFT JOIN sealed s \
             ON s.book = f.book AND s.tx = f.tx AND s.ord = f.ord \
             WHERE f.book = {} AND f.tx > {} AND f.tx <= {} ORDER BY f.tx, f.ord",
            p(1),
            p(2),
            p(3)
        );
        self.store.query(
            &sql,
            &[book, Datum::Int(after), Datum::Int(until)],
            &mut |row| {
                let register = if let Datum::Text(name) = row[0] {
                    Some(name)
                } else {
                    None
                };
                let record = if let Datum::Int(record) = row[1] {
                    Some(record)
                } else {
                    None
                };
                let sealed = if let Datum::Bytes(sealed) = row[4] {
                    Some((row[3].int(), sealed))
                } else {
                    None
                };
                chain.fact(register, record, row[2].text())?;
                scribe
                    .fact(register, record, row[2].text(), sealed)
                    .map_err(io)?;
                begin(chain, scribe)
            },
        )?;
        if chain.waits() {
            let (seq, _) = chain.place();
            return Err(LedgerError::Damaged(format!("tx {seq}: facts are missing")));
        }
        Ok(())
    }

    /// Writes the file of keys.
    fn keys(&mut self, to: i64) -> Result<KeyFile, LedgerError> {
        let id = self.id();
        let file = keys_name(&id);
        let half: Half = self.folder.begin(&file)?;
        let path = self.folder.path.join(&file);
        let io = |error| fault(&path, &error);
        let head = self.head(Kind::Keys, id, to, to);
        let mut out = Sealing::begin(half.writer()?, self.input.key, &head).map_err(io)?;
        let master = master_bytes(&key_path(&self.ledger.reader.state.path))?;
        out.write_all(&*master).map_err(io)?;
        let d = self.store.dialect();
        let sql = format!(
            "SELECT record, wrapped FROM subject_key WHERE book = {} ORDER BY record",
            d.placeholder(1)
        );
        let mut count = 0;
        self.store
            .query(&sql, &[Datum::Int(self.ledger.book().id)], &mut |row| {
                count += 1;
                let mut write = || {
                    out.write_all(&[1])?;
                    number(&mut out, row[0].int().cast_unsigned())?;
                    bytes(&mut out, row[1].bytes())
                };
                write().map_err(io)
            })?;
        out.write_all(&[0])
            .and_then(|()| number(&mut out, count))
            .map_err(io)?;
        let (written, bytes) = out.finish().map_err(io)?;
        half.keep(written)?;
        self.written += bytes;
        Ok(KeyFile {
            file,
            id: hex(&id),
            bytes,
            count,
        })
    }

    /// The number that the next record will have.
    fn meta(&self) -> Result<i64, LedgerError> {
        let d = self.store.dialect();
        let sql = format!(
            "SELECT value FROM meta WHERE book = {} AND key = {}",
            d.placeholder(1),
            d.placeholder(2)
        );
        let mut next = 1;
        let params = [
            Datum::Int(self.ledger.book().id),
            Datum::Text("next_record"),
        ];
        self.store.query(&sql, &params, &mut |row| {
            next = row[0].text().parse().unwrap_or(1);
            Ok(())
        })?;
        Ok(next)
    }
}
