//! A book that is open: create it, open it, write to it. One transaction is one deed, closed by a hash over
//! everything before it. Asks neither for the time nor for randomness.

use crate::book::{Book, NewBook};
use crate::door::Door;
use crate::draft::Draft;
use crate::entropy::Entropy;
use crate::erasure::UNWIPED;
use crate::error::LedgerError;
use crate::fact::{By, Deed, Mode, NewFact, Receipt};
use crate::hash::{HashAlg, thirty_two};
use crate::layout;
use crate::reader::{Reader, State};
use crate::register::Registers;
use crate::schema;
use crate::seal::{Master, decimal, key_path, quote};
use crate::source;
use crate::store::sqlite::{Sqlite, WriteLock};
use crate::store::{Datum, Dialect, Store};
use crate::tree;
use crate::withdrawal::Withdrawals;
use pack::CheckedPack;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use vocabulary::{BookId, Diagnostics, Moment, RecordId, Value};
use zeroize::Zeroizing;

/// Reads the files of a pack that lie in the book.
pub type PackReader = dyn Fn(BTreeMap<String, String>) -> Result<CheckedPack, Diagnostics>;

/// The last transaction of a chain.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    pub(crate) seq: i64,
    pub(crate) hash: [u8; 32],
    pub(crate) at: Moment,
}

/// A book, open to be written or only to be read.
pub struct Ledger {
    pub(crate) reader: Reader,
    pub(crate) entropy: Box<dyn Entropy>,
    pub(crate) head: Head,
    pub(crate) next_record: RecordId,
    /// The number as it is written down: once a group, not once a deed.
    counted: RecordId,
    /// Every withdrawal of the book, those of this group too.
    pub(crate) withdrawals: Arc<Withdrawals>,
    /// The store's log may hold what was erased: it is wiped after the commit.
    pub(crate) scrub: bool,
    lock: Option<WriteLock>,
    poisoned: Option<String>,
    /// Where the book stood when the group at hand began.
    group: Option<Mark>,
    /// The group at hand is lost, and known to be: the store took it back, and so did memory.
    void: Option<LedgerError>,
    /// Where readers come in while somebody writes.
    pub(crate) door: Option<Door>,
}

/// Everything in memory that a deed may change.
#[derive(Clone)]
struct Mark {
    head: Head,
    next_record: RecordId,
    state: Arc<State>,
    withdrawals: Arc<Withdrawals>,
    scrub: bool,
}

impl Ledger {
    /// A new book at `path`, with its key beside it. The first transaction, `init`, holds the pack and the
    /// book's own division.
    pub fn create(
        path: &Path,
        new: NewBook,
        mut entropy: Box<dyn Entropy>,
    ) -> Result<Ledger, LedgerError> {
        if path.exists() {
            return Err(LedgerError::Exists(path.to_owned()));
        }
        // A pack that cannot be taken must not leave a file behind.
        Registers::new(&new.pack, Dialect::Sqlite)?;
        let lock = WriteLock::take(path)?;
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(&mut *key);
        Master::write(&key_path(path), &key)?;
        let master = Master::new(&key);
        let store: Box<dyn Store> = Box::new(Sqlite::create(path)?);
        let book = Book {
            id: new.book,
            name: new.name.clone(),
            alg: new.alg,
        };
        // Until the pack is written, the book has no registers but those of this handle.
        let state = Arc::new(State {
            book,
            pack: Arc::new(CheckedPack {
                registers: Vec::new(),
                ..new.pack.clone()
            }),
            registers: Arc::new(Registers::none(store.dialect())),
            master: Arc::new(master),
            path: path.to_owned(),
        });
        let mut ledger = Ledger {
            reader: Reader::new(store, state),
            entropy,
            head: Head {
                seq: 0,
                hash: [0; 32],
                at: Moment(i64::MIN),
            },
            next_record: 1,
            counted: 1,
            withdrawals: Arc::default(),
            scrub: false,
            lock: Some(lock),
            poisoned: None,
            group: None,
            void: None,
            door: None,
        };
        ledger.lay(&new)?;
        Ok(ledger)
    }

    /// Makes the tables and writes the first transaction.
    fn lay(&mut self, new: &NewBook) -> Result<(), LedgerError> {
        let store = &self.reader.store;
        let dialect = store.dialect();
        store.begin()?;
        store.batch(&schema::create(dialect))?;
        let sql = format!(
            "INSERT INTO meta (book, key, value) VALUES ({})",
            dialect.placeholders(3)
        );
        let schema = schema::SCHEMA.to_string();
        for (key, value) in [
            ("schema", schema.as_str()),
            ("name", &new.name),
            ("alg", new.alg.word()),
            ("key_check", self.reader.state.master.check()),
            ("next_record", "1"),
            ("pack", "1:0"),
        ] {
            store.execute(
                &sql,
                &[Datum::Int(new.book), Datum::Text(key), Datum::Text(value)],
            )?;
        }
        let deed = Deed {
            name: "init".to_owned(),
            actor: new.actor.clone(),
            by: By::default(),
            at: new.at,
            client_id: "init".to_owned(),
            asked: None,
            why: None,
            sources: Vec::new(),
        };
        let made: Result<_, LedgerError> = self.run(deed, Mode::Commit, |draft| {
            draft.pack(new.pack.clone())?;
            let register = draft.reader().register_index(layout::DIVISIONS)?;
            let mut fact = NewFact::new(register, new.book, new.book);
            let plan = &draft.reader().state.registers.plans[register];
            fact.values = vec![
                (plan.need("name")?, Value::text(new.name.clone())),
                (plan.need("level")?, Value::text(new.level.clone())),
            ];
            draft.assert(fact)?;
            Ok(())
        });
        made?;
        self.commit()
    }

    /// Opens a book to write. One process at a time.
    pub fn open(path: &Path, entropy: Box<dyn Entropy>) -> Result<Ledger, LedgerError> {
        Ledger::open_with(path, entropy, &pack::read_files)
    }

    /// As [`Ledger::open`], with another reader for the pack that lies in the book.
    pub fn open_with(
        path: &Path,
        entropy: Box<dyn Entropy>,
        pack: &PackReader,
    ) -> Result<Ledger, LedgerError> {
        if !path.exists() {
            return Err(LedgerError::NoFile(path.to_owned()));
        }
        let lock = WriteLock::take(path)?;
        let store = Box::new(Sqlite::open(path)?);
        Ledger::assemble(path, store, entropy, Some(lock), pack)
    }

    /// Opens a book to read, beside whoever writes it. Writing answers [`LedgerError::ReadOnly`].
    pub fn open_read(path: &Path) -> Result<Ledger, LedgerError> {
        Ledger::open_read_with(path, &pack::read_files)
    }

    /// As [`Ledger::open_read`], with another reader for the pack that lies in the book.
    pub fn open_read_with(path: &Path, pack: &PackReader) -> Result<Ledger, LedgerError> {
        if !path.exists() {
            return Err(LedgerError::NoFile(path.to_owned()));
        }
        let store = Box::new(Sqlite::open_read(path)?);
        Ledger::assemble(path, store, Box::new(|_: &mut [u8]| {}), None, pack)
    }

    /// A book that is being built: its facts and its key are there, its rows are not.
    pub(crate) fn building(
        path: &Path,
        store: Box<dyn Store>,
        pack: &PackReader,
    ) -> Result<Ledger, LedgerError> {
        Ledger::assemble(path, store, Box::new(|_: &mut [u8]| {}), None, pack)
    }

    fn assemble(
        path: &Path,
        store: Box<dyn Store>,
        entropy: Box<dyn Entropy>,
        lock: Option<WriteLock>,
        pack: &PackReader,
    ) -> Result<Ledger, LedgerError> {
        if !store.has_table("meta")? || !store.has_table("tx")? {
            return Err(LedgerError::NotALedger(path.to_owned()));
        }
        let (id, meta) = meta_of(&*store)?;
        let get = |key: &str| meta.get(key).cloned().unwrap_or_default();
        let not = || LedgerError::NotALedger(path.to_owned());
        let found: i64 = get("schema").parse().map_err(|_| not())?;
        if found > schema::SCHEMA {
            return Err(LedgerError::LaterVersion {
                found,
                known: schema::SCHEMA,
            });
        }
        if found < schema::SCHEMA {
            return Err(LedgerError::EarlierVersion {
                found,
                known: schema::SCHEMA,
            });
        }
        let alg = HashAlg::from_word(&get("alg")).ok_or_else(not)?;
        let master = Master::read(&key_path(path))?;
        if master.check() != get("key_check") {
            return Err(LedgerError::WrongKey(key_path(path)));
        }
        let at = get("pack");
        let pack = stored_pack(&*store, id, &at, pack)?;
        let registers = Registers::new(&pack, store.dialect())?;
        let head = head_of(&*store, id)?;
        let withdrawals = Withdrawals::load(&*store, id)?;
        let next_record = get("next_record").parse().map_err(|_| not())?;
        let state = Arc::new(State {
            book: Book {
                id,
                name: get("name"),
                alg,
            },
            pack: Arc::new(pack),
            registers: Arc::new(registers),
            master: Arc::new(master),
            path: path.to_owned(),
        });
        let mut ledger = Ledger {
            reader: Reader::new(store, state),
            entropy,
            head,
            next_record,
            counted: next_record,
            withdrawals: Arc::new(withdrawals),
            scrub: lock.is_some() && !get(UNWIPED).is_empty(),
            lock,
            poisoned: None,
            group: None,
            void: None,
            door: None,
        };
        ledger.wipe();
        Ok(ledger)
    }

    /// The book.
    pub fn book(&self) -> &Book {
        self.reader.book()
    }

    /// The pack in force.
    pub fn pack(&self) -> Arc<CheckedPack> {
        self.reader.pack()
    }

    /// A reader on the present state, with a connection of its own.
    pub fn reader(&self) -> Result<Reader, LedgerError> {
        reader_of(&*self.reader.store, &self.reader.state)
    }

    /// Carries out a deed in one transaction. The closure's value is `None` when the client id was known: then
    /// the closure did not run and the receipt is the first one.
    pub fn write<T, E: From<LedgerError>>(
        &mut self,
        deed: Deed,
        mode: Mode,
        run: impl FnOnce(&mut Draft<'_>) -> Result<T, E>,
    ) -> Result<(Option<T>, Receipt), E> {
        self.begin()?;
        match self.run(deed, mode, run) {
            Ok(done) => {
                self.commit()?;
                Ok(done)
            }
            Err(error) => {
                self.rollback();
                Err(error)
            }
        }
    }

    /// Begins a group of deeds.
    pub(crate) fn begin(&mut self) -> Result<(), LedgerError> {
        self.stands()?;
        if self.lock.is_none() {
            return Err(LedgerError::ReadOnly(self.reader.state.path.clone()));
        }
        self.reader.store.begin()?;
        (self.group, self.void) = (Some(self.mark()), None);
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark {
            head: self.head.clone(),
            next_record: self.next_record,
            state: self.reader.state.clone(),
            withdrawals: self.withdrawals.clone(),
            scrub: self.scrub,
        }
    }

    fn back_to(&mut self, mark: Mark) {
        self.reader.forget(mark.head.seq + 1);
        self.head = mark.head;
        self.next_record = mark.next_record;
        self.reader.state = mark.state;
        self.withdrawals = mark.withdrawals;
        self.scrub = mark.scrub;
    }

    /// Whether the group at hand is lost, so that nothing more belongs in it.
    pub(crate) fn is_void(&self) -> bool {
        self.void.is_some() || self.poisoned.is_some()
    }

    /// Makes a group durable. A full disk refuses the whole group, and that is known; any other failure stops the
    /// writer: what is on the disk is no longer known, and a sync that failed once may not be asked again.
    pub(crate) fn commit(&mut self) -> Result<(), LedgerError> {
        self.stands()?;
        if let Some(error) = self.void.take() {
            return Err(error);
        }
        if self.next_record != self.counted
            && let Err(error) = set_meta(&self.reader, "next_record", &self.next_record.to_string())
        {
            return Err(self.lost(error));
        }
        // A new pack: the door is held over the commit, so that no reader opens on its tables with the old pack.
        let door = self.door.clone();
        let held = door.as_ref().map(Door::hold);
        let mut held = held.filter(|door| !Arc::ptr_eq(&door.state, &self.reader.state));
        if let Err(error) = self.reader.store.commit() {
            drop(held);
            return Err(self.lost(error));
        }
        if let Some(door) = &mut held {
            door.state = self.reader.state.clone();
        }
        drop(held);
        (self.counted, self.group) = (self.next_record, None);
        self.wipe();
        if let Err(error) = self.reader.store.shorten_log() {
            // The group itself is durable; nothing more may be.
            self.poison(&error);
        }
        Ok(())
    }

    /// The group did not get through. Only of a full disk is it known that nothing of the group was kept: its last
    /// record, without which the others count for nothing, was refused before any sync.
    fn lost(&mut self, error: LedgerError) -> LedgerError {
        let store = &self.reader.store;
        let taken_back = matches!(error, LedgerError::Full(_))
            && (!store.in_transaction() || store.rollback().is_ok());
        if taken_back {
            if let Some(mark) = self.group.take() {
                self.back_to(mark);
            }
            return error;
        }
        self.poison(&error);
        LedgerError::Unknown(error.to_string())
    }

    /// Wipes the store's log of what an erasure left in it. A reader in the way leaves that for the next commit, or
    /// for the next opening: the book remembers it.
    fn wipe(&mut self) {
        if !self.scrub {
            return;
        }
        match self.reader.store.scrub() {
            Ok(false) => {}
            Ok(true) => {
                // Were this note lost, the next opening would wipe once more. But it is a commit like any other: when
                // its sync fails, nothing that follows may be called durable.
                match put_meta(&self.reader, UNWIPED, "") {
                    Ok(()) => self.scrub = false,
                    Err(LedgerError::Full(_)) => {}
                    Err(error) => self.poison(&error),
                }
            }
            Err(error) => self.poison(&error),
        }
    }

    /// Whether the store's log may still hold what was erased, because somebody reads an older state of the book.
    pub fn is_unwiped(&self) -> bool {
        self.scrub
    }

    /// Takes a group back of which nothing was kept.
    pub(crate) fn rollback(&mut self) {
        self.group = None;
        if self.void.take().is_none()
            && self.poisoned.is_none()
            && let Err(error) = self.reader.store.rollback()
        {
            self.poison(&error);
        }
    }

    /// An error when nothing more is written.
    pub(crate) fn stands(&self) -> Result<(), LedgerError> {
        match &self.poisoned {
            Some(why) => Err(LedgerError::Unknown(why.clone())),
            None => Ok(()),
        }
    }

    /// Takes a group back that somebody began and left.
    pub(crate) fn take_back_unfinished(&mut self) {
        if let Some(mark) = self.group.take() {
            self.back_to(mark);
            self.rollback();
        }
    }

    fn poison(&mut self, error: &LedgerError) {
        self.poisoned = Some(error.to_string());
        self.reader.store.abandon();
    }

    /// Carries out one deed of a group, within a savepoint.
    pub(crate) fn run<T, E: From<LedgerError>>(
        &mut self,
        deed: Deed,
        mode: Mode,
        run: impl FnOnce(&mut Draft<'_>) -> Result<T, E>,
    ) -> Result<(Option<T>, Receipt), E> {
        self.stands()?;
        if let Some(first) = self.receipt(&deed.client_id, deed.asked.as_deref())? {
            return Ok((None, first));
        }
        let before = self.mark();
        self.reader.store.savepoint()?;
        let done = catch_unwind(AssertUnwindSafe(|| self.draft(deed, run)));
        let done = done.unwrap_or_else(|panic| {
            if self.reader.store.rollback_to().is_ok() {
                self.back_to(before.clone());
            } else {
                self.poison(&LedgerError::Store("a deed panicked".to_owned()));
            }
            resume_unwind(panic)
        });
        if !self.reader.store.in_transaction() {
            return self.given_up(done);
        }
        let keep = done.is_ok() && mode == Mode::Commit;
        let closed = if keep {
            self.reader.store.release()
        } else {
            self.reader.store.rollback_to()
        };
        if !keep {
            self.back_to(before);
        }
        if let Err(error) = closed {
            self.poison(&error);
            done?;
            return Err(LedgerError::Unknown(error.to_string()).into());
        }
        done
    }

    /// The store took the whole transaction back by itself, and with it every deed of the group.
    fn given_up<T, E: From<LedgerError>>(
        &mut self,
        done: Result<(Option<T>, Receipt), E>,
    ) -> Result<(Option<T>, Receipt), E> {
        if let Some(mark) = self.group.take() {
            self.back_to(mark);
        }
        let path = &self.reader.state.path;
        if self.reader.store.was_full() {
            self.void = Some(LedgerError::Full(path.clone()));
            done?;
            return Err(LedgerError::Full(self.reader.state.path.clone()).into());
        }
        let error = LedgerError::Store("the transaction was taken back".to_owned());
        self.poison(&error);
        done?;
        Err(LedgerError::Unknown(error.to_string()).into())
    }

    fn draft<T, E: From<LedgerError>>(
        &mut self,
        deed: Deed,
        run: impl FnOnce(&mut Draft<'_>) -> Result<T, E>,
    ) -> Result<(Option<T>, Receipt), E> {
        let mut draft = Draft::new(self, deed)?;
        let value = run(&mut draft)?;
        let receipt = draft.finish()?;
        Ok((Some(value), receipt))
    }

    /// The receipt of a client id that was answered before; an error when it was asked for something else.
    fn receipt(
        &self,
        client_id: &str,
        asked: Option<&str>,
    ) -> Result<Option<Receipt>, LedgerError> {
        let reader = &self.reader;
        let mut found = None;
        let params = [Datum::Int(reader.book().id), Datum::Text(client_id)];
        let sql = &reader.state.registers.statements.receipt;
        reader.store.query(sql, &params, &mut |row| {
            let header = crate::body::parse(row[3].text())?;
            let other = header["asked"].as_str().zip(asked);
            if other.is_some_and(|(then, now)| then != now) {
                return Err(LedgerError::OtherContent(client_id.to_owned()));
            }
            found = Some(Receipt {
                seq: row[0].int(),
                at: Moment(row[1].int()),
                hash: thirty_two(row[2].bytes()).unwrap_or_default(),
                facts: header["facts"]
                    .as_u64()
                    .and_then(|n| u32::try_from(n).ok())
                    .unwrap_or(0),
                repeated: true,
            });
            Ok(())
        })?;
        Ok(found)
    }
}

impl Draft<'_> {
    /// Closes the transaction: the audit line, the rest of the facts, the header and its hash.
    fn finish(mut self) -> Result<Receipt, LedgerError> {
        self.close_audit()?;
        self.flush_whole()?;
        let root = tree::root(self.ledger.reader.book().alg, &self.leaves);
        let header = self.header();
        let book = self.ledger.reader.book().clone();
        let prev = self.ledger.head.hash;
        let hash = chain(book.alg, &prev, &root, &header);
        let reader = &self.ledger.reader;
        reader.store.execute(
            &reader.state.registers.statements.tx,
            &[
                Datum::Int(book.id),
                Datum::Int(self.seq),
                Datum::Int(self.at.0),
                Datum::Text(&self.deed.actor),
                Datum::Text(&self.deed.name),
                Datum::Text(&self.deed.client_id),
                Datum::Text(&reader.pack().hash),
                Datum::Text(book.alg.word()),
                Datum::Bytes(&self.salt),
                Datum::Text(&header),
                Datum::Bytes(&root),
                Datum::Bytes(&prev),
                Datum::Bytes(&hash),
            ],
        )?;
        if let Some(ord) = self.pack_at {
            set_meta(reader, "pack", &format!("{}:{ord}", self.seq))?;
        }
        self.ledger.withdrawals = self.withdrawals;
        self.ledger.head = Head {
            seq: self.seq,
            hash,
            at: self.at,
        };
        let facts = u32::try_from(self.leaves.len()).expect("fewer facts than positions");
        Ok(Receipt {
            seq: self.seq,
            at: self.at,
            hash,
            facts,
            repeated: false,
        })
    }

    /// The canonical JSON that the hash covers.
    fn header(&self) -> String {
        let reader = &self.ledger.reader;
        let mut header = String::with_capacity(256);
        for (key, value) in [
            ("{\"book\":", reader.book().id),
            (",\"seq\":", self.seq),
            (",\"at\":", self.at.0),
        ] {
            header.push_str(key);
            decimal(value, &mut header);
        }
        let pack = reader.pack();
        for (key, value) in [
            (",\"actor\":", self.deed.actor.as_str()),
            (",\"deed\":", &self.deed.name),
            (",\"client_id\":", &self.deed.client_id),
            (",\"pack\":", &pack.hash),
            (",\"alg\":", reader.book().alg.word()),
        ] {
            header.push_str(key);
            said(value, &mut header);
        }
        for (key, value) in [
            (",\"asked\":", &self.deed.asked),
            (",\"why\":", &self.deed.why),
        ] {
            if let Some(value) = value {
                header.push_str(key);
                said(value, &mut header);
            }
        }
        if !self.deed.sources.is_empty() {
            let sources = self.deed.sources.iter().map(source::to_json).collect();
            header.push_str(",\"sources\":");
            header.push_str(&Json::Array(sources).to_string());
        }
        header.push_str(",\"facts\":");
        let facts = i64::try_from(self.leaves.len()).expect("fewer facts than positions");
        decimal(facts, &mut header);
        header.push('}');
        header
    }
}

/// A string of a header. Control characters are escaped as JSON libraries do, which is not how bodies have them.
fn said(text: &str, out: &mut String) {
    if text.bytes().all(|byte| byte >= 0x20) {
        quote(text, out);
    } else {
        out.push_str(&Json::String(text.to_owned()).to_string());
    }
}

/// The hash that closes a transaction.
pub(crate) fn chain(alg: HashAlg, prev: &[u8; 32], root: &[u8; 32], header: &str) -> [u8; 32] {
    alg.hash(&[b"yiben-tx-1", prev, root, header.as_bytes()])
}

/// Writes a row of `meta` that the book may not have yet.
pub(crate) fn put_meta(reader: &Reader, key: &str, value: &str) -> Result<(), LedgerError> {
    if set_meta(reader, key, value)? > 0 {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO meta (book, key, value) VALUES ({})",
        reader.dialect().placeholders(3)
    );
    let row = [
        Datum::Int(reader.book().id),
        Datum::Text(key),
        Datum::Text(value),
    ];
    reader.store.execute(&sql, &row)?;
    Ok(())
}

fn set_meta(reader: &Reader, key: &str, value: &str) -> Result<usize, LedgerError> {
    let sql = format!(
        "UPDATE meta SET value = {} WHERE book = {} AND key = {}",
        reader.placeholder(1),
        reader.placeholder(2),
        reader.placeholder(3)
    );
    let params = [
        Datum::Text(value),
        Datum::Int(reader.book().id),
        Datum::Text(key),
    ];
    reader.store.execute(&sql, &params)
}

/// Another connection on one state of the book.
pub(crate) fn reader_of(store: &dyn Store, state: &Arc<State>) -> Result<Reader, LedgerError> {
    let store = store.another()?;
    store.begin_read()?;
    Ok(Reader::new(store, state.clone()))
}

/// The book's number, and what it keeps of itself.
pub(crate) fn meta_of(
    store: &dyn Store,
) -> Result<(BookId, BTreeMap<String, String>), LedgerError> {
    let mut meta = BTreeMap::new();
    let mut id: BookId = 0;
    store.query("SELECT book, key, value FROM meta", &[], &mut |row| {
        id = row[0].int();
        meta.insert(row[1].text().to_owned(), row[2].text().to_owned());
        Ok(())
    })?;
    Ok((id, meta))
}

/// The last transaction; before the first, a hash of zeros.
pub(crate) fn head_of(store: &dyn Store, book: BookId) -> Result<Head, LedgerError> {
    let mut head = Head {
        seq: 0,
        hash: [0; 32],
        at: Moment(i64::MIN),
    };
    let sql = format!(
        "SELECT seq, hash, at FROM tx WHERE book = {} ORDER BY seq DESC LIMIT 1",
        store.dialect().placeholder(1)
    );
    store.query(&sql, &[Datum::Int(book)], &mut |row| {
        let hash = thirty_two(row[1].bytes());
        let hash = hash.ok_or_else(|| LedgerError::Damaged("a hash is not 32 bytes".to_owned()))?;
        head = Head {
            seq: row[0].int(),
            hash,
            at: Moment(row[2].int()),
        };
        Ok(())
    })?;
    Ok(head)
}

/// The pack in force, read again from the fact that holds it (`seq:ord`).
fn stored_pack(
    store: &dyn Store,
    book: BookId,
    at: &str,
    read: &PackReader,
) -> Result<CheckedPack, LedgerError> {
    let damaged = || LedgerError::Damaged("the pack's place in the book is not known".to_owned());
    let (tx, ord) = at.split_once(':').ok_or_else(damaged)?;
    let (tx, ord) = (
        tx.parse().map_err(|_| damaged())?,
        ord.parse().map_err(|_| damaged())?,
    );
    let d = store.dialect();
    let sql = format!(
        "SELECT body FROM fact WHERE book = {} AND tx = {} AND ord = {}",
        d.placeholder(1),
        d.placeholder(2),
        d.placeholder(3)
    );
    let mut files = None;
    store.query(
        &sql,
        &[Datum::Int(book), Datum::Int(tx), Datum::Int(ord)],
        &mut |row| {
            let json = crate::body::parse(row[0].text())?;
            let list = json["files"].as_object().into_iter().flatten();
            files = Some(
                list.map(|(k, v)| (k.clone(), v.as_str().unwrap_or_default().to_owned()))
                    .collect(),
            );
            Ok(())
        },
    )?;
    read(files.ok_or_else(damaged)?).map_err(LedgerError::Pack)
}
