//! From a folder into the empty tables of a new book: transactions with their facts and boxes as far as asked,
//! then the keys of the subjects that are left. Erasures come before anything is derived. Derives nothing.

use super::erased::{journal_mac, told};
use super::key::BackupKey;
use super::manifest::{Gone, Manifest, open, torn};
use super::record::{Chain, Fact, Item, Lector, Link, Tx, byte, read_bytes, read_number};
use super::restore::Until;
use super::sealed::{Kind, broken};
use super::{Stage, Step};
use crate::body;
use crate::error::LedgerError;
use crate::hash::thirty_two;
use crate::layout;
use crate::schema;
use crate::seal::Master;
use crate::store::{Datum, Store};
use foldhash::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use vocabulary::{BookId, RecordId};
use zeroize::Zeroizing;

/// Places are numbered by their codes, far above every counted record.
const FIRST_DIVISION: RecordId = 10_000_000_000;

/// The ground of an erasure of which only the missing key is left.
const UNTOLD: &str = "no key in the backup";

/// A folder with its key, found to be a backup.
pub(super) struct Source<'a> {
    pub(super) folder: &'a Path,
    pub(super) key: &'a BackupKey,
    pub(super) manifest: &'a Manifest,
}

/// What was loaded.
pub(super) struct Loaded {
    /// Where the chain stands.
    pub(super) last: Link,
    pub(super) facts: u64,
    /// Subjects that were erased after this point, and have left the tables; in order.
    pub(super) later: Vec<Gone>,
    /// Subjects that were erased, before or after.
    pub(super) erased: u64,
}

/// Who was erased, with the last erasure of each.
type Erasures = HashMap<RecordId, Gone>;

impl Source<'_> {
    /// Reads one segment: every transaction and fact is checked against the chain and then handed over. Answers
    /// whether `take` wants more.
    pub(super) fn segment(
        &self,
        position: usize,
        chain: &mut Chain,
        take: Take<'_>,
    ) -> Result<bool, LedgerError> {
        let segment = &self.manifest.segments[position];
        let spoken = (segment.from, segment.end.seq);
        let path = self.folder.join(&segment.file);
        let opened = open(
            self.folder,
            self.key,
            (&segment.file, &segment.id, Kind::Segment),
            spoken,
        )?;
        let mut lector = Lector::new(BufReader::with_capacity(1 << 16, opened));
        let cut = |error| torn(&path, spoken, &error);
        // What does not hang together was written so or changed under our own key: the file is not to be used.
        let loose = |_| torn(&path, spoken, &broken("its transactions are not a chain"));
        loop {
            match lector.next().map_err(cut)? {
                Item::Tx(tx) => {
                    let header = chain.tx(tx.clone()).map_err(loose)?;
                    if !take(Passed::Tx(&tx, &header))? {
                        return Ok(false);
                    }
                }
                Item::Fact(fact) => {
                    let place = chain.place();
                    let (register, record) = (fact.register.as_deref(), fact.record);
                    chain.fact(register, record, &fact.body).map_err(loose)?;
                    take(Passed::Fact(place.0, place.1, &fact))?;
                }
                Item::End(transactions, facts) => {
                    let end = segment.end.link();
                    let count = (segment.end.seq - segment.from + 1).unsigned_abs();
                    let same = (transactions, facts) == (count, segment.facts);
                    if !same || chain.waits() || Some(chain.last()) != end {
                        return Err(torn(&path, spoken, &broken("it ends elsewhere")));
                    }
                    return Ok(true);
                }
            }
        }
    }

    /// Reads the keys: the book's own first, then each subject's as it is wrapped.
    pub(super) fn keys(&self, each: Each<'_>) -> Result<Zeroizing<[u8; 32]>, LedgerError> {
        let named = &self.manifest.keys;
        let path = self.folder.join(&named.file);
        let opened = open(
            self.folder,
            self.key,
            (&named.file, &named.id, Kind::Keys),
            (0, 0),
        )?;
        let mut from = BufReader::with_capacity(1 << 16, opened);
        let cut = |error| torn(&path, (0, 0), &error);
        let mut master = Zeroizing::new([0; 32]);
        from.read_exact(&mut *master).map_err(cut)?;
        if Master::new(&master).check() != self.manifest.key_check {
            return Err(cut(broken("the book's key is another's")));
        }
        let mut count = 0;
        loop {
            if byte(&mut from).map_err(cut)? == 0 {
                let same = read_number(&mut from).map_err(cut)? == count && count == named.count;
                if !same || !from.fill_buf().map_err(cut)?.is_empty() {
                    return Err(cut(broken("keys are missing")));
                }
                return Ok(master);
            }
            count += 1;
            let record = read_number(&mut from).map_err(cut)?.cast_signed();
            let wrapped = read_bytes(&mut from).map_err(cut)?;
            each(record, &wrapped)?;
        }
    }

    /// Loads the folder into the tables of an empty store, as far as `until`.
    pub(super) fn load(
        &self,
        store: &dyn Store,
        until: Option<Until>,
        step: Step<'_>,
    ) -> Result<Loaded, LedgerError> {
        store.batch(&schema::create(store.dialect()))?;
        // Made at the end, in one go.
        store.batch(&format!("DROP INDEX {}", schema::BY_RECORD.0))?;
        let mut rows = Rows::new(store, self.manifest.book);
        let mut chain = Chain::after(self.manifest.book, Link::NONE);
        let all = self.manifest.head.seq;
        let mut begun = 0;
        for position in 0..self.manifest.segments.len() {
            let more = self.segment(position, &mut chain, &mut |passed| match passed {
                Passed::Tx(tx, header) => {
                    let (seq, at) = (header["seq"].as_i64(), header["at"].as_i64());
                    let beyond = match until {
                        None => false,
                        Some(Until::Tx(last)) => seq > Some(last),
                        Some(Until::At(moment)) => at > Some(moment.0),
                    };
                    if beyond {
                        return Ok(false);
                    }
                    begun = seq.unwrap_or(0);
                    step(Stage::Loading, begun.unsigned_abs(), all.unsigned_abs());
                    rows.tx(tx, header).map(|()| true)
                }
                Passed::Fact(tx, ord, fact) => rows.fact(tx, ord, fact).map(|()| true),
            })?;
            if !more {
                break;
            }
        }
        // A transaction without facts closes by its header alone; one that was not begun is not the last.
        let last = rows.last(&chain, begun)?;
        store.batch(schema::BY_RECORD.1)?;
        let erasures = self.erasures()?;
        let kept = rows.wipe(&erasures)?;
        let missing = self.fill_keys(store, &kept)?;
        let there = |subject: RecordId| subject < rows.next_record || subject >= FIRST_DIVISION;
        let mut later: Vec<Gone> = erasures
            .values()
            .filter(|gone| gone.tx > last.seq && there(gone.subject))
            .cloned()
            .collect();
        // A box without a key is an erasure that nobody told: the book must say so.
        let untold: Erasures = missing
            .into_iter()
            .map(|subject| {
                let gone = Gone {
                    subject,
                    tx: i64::MAX,
                    basis: UNTOLD.to_owned(),
                    approver: String::new(),
                };
                (subject, gone)
            })
            .collect();
        if !untold.is_empty() {
            rows.wipe(&untold)?;
            later.retain(|gone| !untold.contains_key(&gone.subject));
            later.extend(untold.into_values());
        }
        later.sort_by_key(|gone| gone.subject);
        self.fill_meta(store, &rows, last)?;
        Ok(Loaded {
            last,
            facts: rows.facts,
            later,
            erased: u64::try_from(erasures.len()).unwrap_or(0),
        })
    }

    /// Every erasure that the folder knows of.
    fn erasures(&self) -> Result<Erasures, LedgerError> {
        let master = self.keys(&mut |_, _| Ok(()))?;
        let mac = journal_mac(&master);
        let told = told(self.folder, self.manifest.book, &mac)?;
        let mut found = Erasures::default();
        for gone in self.manifest.erased.iter().cloned().chain(told) {
            let later = found
                .get(&gone.subject)
                .is_none_or(|last| last.tx < gone.tx);
            if later {
                found.insert(gone.subject, gone);
            }
        }
        Ok(found)
    }

    /// Writes the keys of subjects that still have boxes; answers those that have none.
    fn fill_keys(
        &self,
        store: &dyn Store,
        kept: &HashSet<RecordId>,
    ) -> Result<HashSet<RecordId>, LedgerError> {
        let sql = format!(
            "INSERT INTO subject_key (book, record, wrapped) VALUES ({})",
            store.dialect().placeholders(3)
        );
        let book = Datum::Int(self.manifest.book);
        let mut missing = kept.clone();
        self.keys(&mut |record, wrapped| {
            if missing.remove(&record) {
                store.execute(&sql, &[book, Datum::Int(record), Datum::Bytes(wrapped)])?;
            }
            Ok(())
        })?;
        Ok(missing)
    }

    fn fill_meta(&self, store: &dyn Store, rows: &Rows<'_>, last: Link) -> Result<(), LedgerError> {
        let manifest = self.manifest;
        let sql = format!(
            "INSERT INTO meta (book, key, value) VALUES ({})",
            store.dialect().placeholders(3)
        );
        let next = if last.seq == manifest.head.seq {
            manifest.next_record.max(rows.next_record)
        } else {
            rows.next_record
        };
        for (key, value) in [
            ("schema", schema::SCHEMA.to_string()),
            ("name", manifest.name.clone()),
            ("alg", manifest.alg.clone()),
            ("key_check", manifest.key_check.clone()),
            ("next_record", next.to_string()),
            ("pack", format!("{}:{}", rows.pack.0, rows.pack.1)),
        ] {
            let row = [
                Datum::Int(manifest.book),
                Datum::Text(key),
                Datum::Text(&value),
            ];
            store.execute(&sql, &row)?;
        }
        Ok(())
    }
}

/// Takes what a segment hands over; answers whether it wants more.
pub(super) type Take<'f> = &'f mut dyn FnMut(Passed<'_>) -> Result<bool, LedgerError>;

/// Takes a subject's key as it is wrapped.
pub(super) type Each<'f> = &'f mut dyn FnMut(RecordId, &[u8]) -> Result<(), LedgerError>;

/// What a segment hands over, checked.
pub(super) enum Passed<'a> {
    /// A transaction and its header.
    Tx(&'a Tx, &'a serde_json::Value),
    /// A fact with its transaction and position.
    Fact(i64, usize, &'a Fact),
}

/// Writes rows.
struct Rows<'a> {
    store: &'a dyn Store,
    book: BookId,
    tx: String,
    fact: String,
    sealed: String,
    prev: [u8; 32],
    link: Link,
    facts: u64,
    /// One above the greatest record that facts speak of.
    next_record: RecordId,
    /// Where the pack in force lies.
    pack: (i64, usize),
}

impl<'a> Rows<'a> {
    fn new(store: &'a dyn Store, book: BookId) -> Rows<'a> {
        let d = store.dialect();
        let into = |table: &str, width: usize| {
            format!("INSERT INTO {table} VALUES ({})", d.placeholders(width))
        };
        Rows {
            store,
            book,
            tx: into(
                "tx (book, seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash)",
                13,
            ),
            fact: into("fact (book, tx, ord, register, record, body)", 6),
            sealed: into("sealed (book, tx, ord, record, box)", 5),
            prev: [0; 32],
            link: Link::NONE,
            facts: 0,
            next_record: 1,
            pack: (1, 0),
        }
    }

    fn tx(&mut self, tx: &Tx, header: &serde_json::Value) -> Result<(), LedgerError> {
        let word = |key: &str| Datum::Text(header[key].as_str().unwrap_or_default());
        let int = |key: &str| header[key].as_i64().unwrap_or(0);
        let row = [
            Datum::Int(self.book),
            Datum::Int(int("seq")),
            Datum::Int(int("at")),
            word("actor"),
            word("deed"),
            word("client_id"),
            word("pack"),
            word("alg"),
            Datum::Bytes(&tx.salt),
            Datum::Text(&tx.header),
            Datum::Bytes(&tx.root),
            Datum::Bytes(&self.prev),
            Datum::Bytes(&tx.hash),
        ];
        self.store.execute(&self.tx, &row)?;
        // The chain has checked it by the time it counts: an error before that ends the restore.
        self.prev = thirty_two(&tx.hash).unwrap_or_default();
        self.link = Link {
            seq: int("seq"),
            at: int("at"),
            hash: self.prev,
        };
        Ok(())
    }

    fn fact(&mut self, tx: i64, ord: usize, fact: &Fact) -> Result<(), LedgerError> {
        let place = i64::try_from(ord).unwrap_or(i64::MAX);
        let row = [
            Datum::Int(self.book),
            Datum::Int(tx),
            Datum::Int(place),
            fact.register.as_deref().map_or(Datum::Null, Datum::Text),
            fact.record.map_or(Datum::Null, Datum::Int),
            Datum::Text(&fact.body),
        ];
        self.store.execute(&self.fact, &row)?;
        if let Some((subject, sealed)) = &fact.sealed {
            let row = [
                row[0],
                row[1],
                row[2],
                Datum::Int(*subject),
                Datum::Bytes(sealed),
            ];
            self.store.execute(&self.sealed, &row)?;
        }
        self.facts += 1;
        match (fact.register.as_deref(), fact.record) {
            (Some(register), Some(record)) if register != layout::DIVISIONS => {
                self.next_record = self.next_record.max(record + 1);
            }
            (None, None) if fact.body.starts_with("{\"op\":\"pack\"") => self.pack = (tx, ord),
            _ => {}
        }
        Ok(())
    }

    /// Where the rows stand: at the last transaction that was begun, which must be one the chain has closed.
    fn last(&self, chain: &Chain, begun: i64) -> Result<Link, LedgerError> {
        let link = self.link;
        if link.seq != begun || chain.last().seq < begun {
            return Err(LedgerError::Damaged(format!("tx {begun}: it does not end")));
        }
        Ok(link)
    }

    /// Deletes the boxes of erased subjects that were sealed before their erasure; answers whose boxes are left.
    fn wipe(&self, erased: &Erasures) -> Result<HashSet<RecordId>, LedgerError> {
        let d = self.store.dialect();
        let sql = format!(
            "SELECT tx, ord, record FROM sealed WHERE book = {}",
            d.placeholder(1)
        );
        let book = Datum::Int(self.book);
        let mut kept = HashSet::default();
        let mut gone = Vec::new();
        self.store.query(&sql, &[book], &mut |row| {
            let (tx, subject) = (row[0].int(), row[2].int());
            if erased.get(&subject).is_some_and(|by| tx < by.tx) {
                gone.push((tx, row[1].int()));
            } else {
                kept.insert(subject);
            }
            Ok(())
        })?;
        let sql = format!(
            "DELETE FROM sealed WHERE book = {} AND tx = {} AND ord = {}",
            d.placeholder(1),
            d.placeholder(2),
            d.placeholder(3)
        );
        for (tx, ord) in gone {
            self.store
                .execute(&sql, &[book, Datum::Int(tx), Datum::Int(ord)])?;
        }
        Ok(kept)
    }
}

/// Erasures among the facts of a book after a transaction, read from its tables.
pub(super) fn erased_since(
    store: &dyn Store,
    book: BookId,
    after: i64,
) -> Result<Vec<Gone>, LedgerError> {
    let d = store.dialect();
    let sql = format!(
        "SELECT tx, body FROM fact WHERE book = {} AND record IS NULL AND tx > {}",
        d.placeholder(1),
        d.placeholder(2)
    );
    let mut found = Vec::new();
    store.query(&sql, &[Datum::Int(book), Datum::Int(after)], &mut |row| {
        if row[1].text().starts_with("{\"op\":\"erase\"") {
            let json = body::parse(row[1].text())?;
            let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
            found.extend(json["record"].as_i64().map(|subject| Gone {
                subject,
                tx: row[0].int(),
                basis: text("basis"),
                approver: text("approver"),
            }));
        }
        Ok(())
    })?;
    Ok(found)
}
