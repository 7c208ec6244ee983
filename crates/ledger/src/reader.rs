//! Reading: one connection on one state of the book. Questions about today read current rows only; questions
//! about what was known read history too. Knows nothing of who is asking.

use crate::body::{self, Body};
use crate::book::Book;
use crate::error::LedgerError;
use crate::fact::{Assertion, Said, Slice, Source, WHOLE_ROW};
use crate::layout;
use crate::register::{Plan, Registers};
use crate::seal::{Master, Place, SubjectKey};
use crate::source;
use crate::store::{Datum, Dialect, Store};
use crate::withdrawal::Withdrawals;
use pack::CheckedPack;
use pack::declare::RegisterDecl;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use vocabulary::{Date, Moment, RecordId, Value};

/// Subject keys kept open per connection; a whole town fits.
const SUBJECTS_MAX: usize = 100_000;

/// Transactions whose sources are kept in mind per connection: more than an office imports in a year.
const SOURCES_MAX: usize = 4_096;

/// What every connection to a book shares.
pub(crate) struct State {
    pub(crate) book: Book,
    pub(crate) pack: Arc<CheckedPack>,
    pub(crate) registers: Arc<Registers>,
    pub(crate) master: Arc<Master>,
    pub(crate) path: PathBuf,
}

/// The sources of one transaction, and each one's file and sheet.
pub(crate) type Sources = Vec<(Source, Arc<(String, String)>)>;

/// A consistent view of one book. A writing ledger uses one too, so that a deed reads what it has written.
pub struct Reader {
    pub(crate) store: Box<dyn Store>,
    pub(crate) state: Arc<State>,
    sources: RefCell<HashMap<i64, Arc<Sources>>>,
    subjects: RefCell<HashMap<RecordId, Option<Arc<SubjectKey>>>>,
    by_hand: Arc<(String, String)>,
}

impl Reader {
    pub(crate) fn new(store: Box<dyn Store>, state: Arc<State>) -> Reader {
        Reader {
            store,
            state,
            sources: RefCell::default(),
            subjects: RefCell::default(),
            by_hand: Arc::default(),
        }
    }

    /// The book.
    pub fn book(&self) -> &Book {
        &self.state.book
    }

    /// The pack in force.
    pub fn pack(&self) -> Arc<CheckedPack> {
        self.state.pack.clone()
    }

    /// The pack's registers in order, then the ledger's own: `division`, `finding` and `column_choice`.
    pub fn registers(&self) -> &[RegisterDecl] {
        &self.state.registers.decls
    }

    /// The position of a register, by its present or a former name.
    pub fn register_index(&self, name: &str) -> Result<usize, LedgerError> {
        let found = self.state.registers.index(name);
        found.ok_or_else(|| LedgerError::NoRegister(name.to_owned()))
    }

    /// The store's dialect.
    pub fn dialect(&self) -> Dialect {
        self.store.dialect()
    }

    /// Runs a statement, kept prepared, and hands each row to `row`. Integers, text and null only.
    pub fn query(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]),
    ) -> Result<(), LedgerError> {
        let params: Vec<Datum<'_>> = params.iter().map(Datum::of).collect();
        let mut values: Vec<Value> = Vec::new();
        self.store.query(sql, &params, &mut |data| {
            values.resize(data.len(), Value::Null);
            for (value, datum) in values.iter_mut().zip(data) {
                match (datum, &mut *value) {
                    // The buffer of the row before is used again.
                    (Datum::Text(text), Value::Text(buffer)) => {
                        buffer.clear();
                        buffer.push_str(text);
                    }
                    (datum, value) => *value = datum.value(),
                }
            }
            row(&values);
            Ok(())
        })
    }

    /// The slices of a record: the current ones, or those believed at `known`. In order of time.
    pub fn slices(
        &self,
        register: &str,
        record: RecordId,
        known: Option<Moment>,
    ) -> Result<Vec<Slice>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let Some(known) = known else {
            return self.current(plan, record);
        };
        let tx = self.tx_at(known)?;
        self.believed(plan, record, tx)
    }

    /// The slices believed after transaction `tx`.
    pub(crate) fn believed(
        &self,
        plan: &Plan,
        record: RecordId,
        tx: i64,
    ) -> Result<Vec<Slice>, LedgerError> {
        let mut slices = self.current(plan, record)?;
        slices.retain(|slice| slice.tx <= tx);
        let sql = format!(
            "SELECT {} FROM {} WHERE book = {} AND record = {} AND tx <= {} AND tx_to > {}",
            plan.selected,
            plan.history,
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3),
            self.placeholder(4),
        );
        let params = [
            Datum::Int(self.book().id),
            Datum::Int(record),
            Datum::Int(tx),
            Datum::Int(tx),
        ];
        self.store.query(&sql, &params, &mut |row| {
            slices.push(slice_of(row).1);
            Ok(())
        })?;
        slices.sort_by_key(|slice| slice.from);
        Ok(slices)
    }

    /// The slice that holds at a day.
    pub fn slice_at(
        &self,
        register: &str,
        record: RecordId,
        at: Date,
        known: Option<Moment>,
    ) -> Result<Option<Slice>, LedgerError> {
        let slices = self.slices(register, record, known)?;
        Ok(slices
            .into_iter()
            .find(|slice| slice.from <= at && at < slice.to))
    }

    pub(crate) fn current(&self, plan: &Plan, record: RecordId) -> Result<Vec<Slice>, LedgerError> {
        let sql = format!(
            "SELECT {} FROM {} WHERE book = {} AND record = {} ORDER BY vfrom",
            plan.selected,
            plan.current,
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut slices = Vec::new();
        self.store.query(
            &sql,
            &[Datum::Int(self.book().id), Datum::Int(record)],
            &mut |row| {
                slices.push(slice_of(row).1);
                Ok(())
            },
        )?;
        Ok(slices)
    }

    /// Hands every current slice of a register to `each`, in order of record and time.
    pub fn each(
        &self,
        register: &str,
        each: &mut dyn FnMut(RecordId, Slice),
    ) -> Result<(), LedgerError> {
        let plan = self.state.registers.need(register)?;
        let sql = format!(
            "SELECT {} FROM {} WHERE book = {} ORDER BY record, vfrom",
            plan.selected,
            plan.current,
            self.placeholder(1)
        );
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                let (record, slice) = slice_of(row);
                each(record, slice);
                Ok(())
            })
    }

    /// Every current slice of a register, in order of record and time.
    pub fn all(
        &self,
        register: &str,
    ) -> Result<std::vec::IntoIter<(RecordId, Slice)>, LedgerError> {
        let mut found = Vec::new();
        self.each(register, &mut |record, slice| found.push((record, slice)))?;
        Ok(found.into_iter())
    }

    /// Records of which some current slice, at any time, has this value; by index for identifying, secret and
    /// reference fields. A secret is given in clear.
    pub fn find(
        &self,
        register: &str,
        field: &str,
        value: &Value,
    ) -> Result<Vec<RecordId>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let index = plan.need(field)?;
        let keyed = if plan.rules[index].secret {
            Some(self.keyed(value))
        } else {
            None
        };
        let value = keyed.as_ref().unwrap_or(value);
        if value.is_null() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT DISTINCT record FROM {} WHERE book = {} AND {} = {}",
            plan.current,
            self.placeholder(1),
            plan.columns[index],
            self.placeholder(2)
        );
        let mut found = Vec::new();
        self.store.query(
            &sql,
            &[Datum::Int(self.book().id), Datum::of(value)],
            &mut |row| {
                found.push(row[0].int());
                Ok(())
            },
        )?;
        found.sort_unstable();
        Ok(found)
    }

    /// The different texts that a field holds now, to find the nearest to one that it does not hold.
    pub fn texts(&self, register: &str, field: &str) -> Result<Vec<String>, LedgerError> {
        let sql = format!(
            "SELECT DISTINCT {} FROM {} WHERE book = {}",
            layout::column(field),
            layout::current(register),
            self.dialect().placeholder(1)
        );
        let mut texts = Vec::new();
        self.query(&sql, &[Value::Int(self.book().id)], &mut |row| {
            texts.extend(row[0].as_text().map(str::to_owned));
        })?;
        Ok(texts)
    }

    /// A secret value as it stands in slices: its keyed hash. Null stays null.
    pub fn keyed(&self, value: &Value) -> Value {
        self.state
            .master
            .keyed(value)
            .map_or(Value::Null, Value::Text)
    }

    /// Everything that was ever said of a record, opened, in order of writing.
    pub fn assertions(
        &self,
        register: &str,
        record: RecordId,
    ) -> Result<Vec<Assertion>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let mut found = self.load(plan, record)?;
        let withdrawals = Withdrawals::load(&*self.store, self.book().id)?;
        if !withdrawals.is_empty() {
            let withdrawn = withdrawals.at(i64::MAX);
            for one in &mut found {
                one.withdrawn = withdrawn.has(one.tx, one.ord);
            }
        }
        Ok(found)
    }

    /// As [`Reader::assertions`], without looking at withdrawals.
    pub(crate) fn load(
        &self,
        plan: &Plan,
        record: RecordId,
    ) -> Result<Vec<Assertion>, LedgerError> {
        let sql = format!(
            "SELECT f.tx, f.ord, f.register, f.body, s.record, s.box FROM fact f LEFT JOIN sealed s \
             ON s.book = f.book AND s.tx = f.tx AND s.ord = f.ord \
             WHERE f.book = {} AND f.record = {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = Vec::new();
        let params = [Datum::Int(self.book().id), Datum::Int(record)];
        self.store.query(&sql, &params, &mut |row| {
            let name = row[2].text();
            let ours = name == plan.decl.name || plan.decl.was.iter().any(|was| was == name);
            if let (true, Some(body)) = (ours, body::read(row[3].text())?) {
                let (tx, ord) = (row[0].int(), u32::try_from(row[1].int()).unwrap_or(0));
                let opened = match row[5] {
                    Datum::Bytes(sealed) => self.open(tx, ord, row[4].int(), sealed)?,
                    _ => None,
                };
                found.push(self.assertion(plan, tx, ord, body, opened.as_ref().map(|o| &o.1))?);
            }
            Ok(())
        })?;
        // Sorted here: asked for in the order of its primary key, the store would walk every fact of the book.
        found.sort_by_key(|one| (one.tx, one.ord));
        Ok(found)
    }

    /// The salt and the personal values of a fact, unless their key is gone.
    pub(crate) fn open(
        &self,
        tx: i64,
        ord: u32,
        subject: RecordId,
        sealed: &[u8],
    ) -> Result<Option<([u8; 16], serde_json::Value)>, LedgerError> {
        let Some(key) = self.subject_key(subject)? else {
            return Ok(None);
        };
        let broken =
            || LedgerError::Damaged(format!("the sealed values of fact {tx}:{ord} do not open"));
        let plain = key
            .open(
                Place {
                    book: self.book().id,
                    tx,
                    ord,
                },
                sealed,
            )
            .ok_or_else(broken)?;
        let (salt, json) = plain.split_at_checked(16).ok_or_else(broken)?;
        let salt: [u8; 16] = salt.try_into().map_err(|_| broken())?;
        Ok(Some((
            salt,
            serde_json::from_slice(json).map_err(|_| broken())?,
        )))
    }

    /// A body with its field names resolved to today's positions.
    pub(crate) fn assertion(
        &self,
        plan: &Plan,
        tx: i64,
        ord: u32,
        body: Body,
        opened: Option<&serde_json::Value>,
    ) -> Result<Assertion, LedgerError> {
        let source = match body.src {
            Some((source, _)) => self.source_name(tx, source)?,
            None => self.by_hand.clone(),
        };
        Ok(assertion(plan, (tx, ord), body, opened, source))
    }

    pub(crate) fn source_name(
        &self,
        tx: i64,
        source: u16,
    ) -> Result<Arc<(String, String)>, LedgerError> {
        let sources = self.sources(tx)?;
        Ok(sources
            .get(usize::from(source))
            .map_or_else(|| self.by_hand.clone(), |(_, name)| name.clone()))
    }

    /// The name of no source: entered by hand.
    pub(crate) fn by_hand(&self) -> Arc<(String, String)> {
        self.by_hand.clone()
    }

    /// The sources of a transaction.
    pub(crate) fn sources(&self, tx: i64) -> Result<Arc<Sources>, LedgerError> {
        if let Some(found) = self.sources.borrow().get(&tx) {
            return Ok(found.clone());
        }
        let mut list = Vec::new();
        let sql = format!(
            "SELECT header FROM tx WHERE book = {} AND seq = {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        self.store.query(
            &sql,
            &[Datum::Int(self.book().id), Datum::Int(tx)],
            &mut |row| {
                let header = body::parse(row[0].text())?;
                list = header["sources"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(source::from_json)
                    .collect();
                Ok(())
            },
        )?;
        Ok(self.remember_sources(tx, &list))
    }

    /// Makes the sources of a transaction known before it is written.
    pub(crate) fn remember_sources(&self, tx: i64, list: &[Source]) -> Arc<Sources> {
        let list: Sources = list
            .iter()
            .map(|source| {
                (
                    source.clone(),
                    Arc::new((source.file.clone(), source.sheet.clone())),
                )
            })
            .collect();
        let list = Arc::new(list);
        let mut sources = self.sources.borrow_mut();
        if sources.len() >= SOURCES_MAX {
            sources.clear();
        }
        sources.insert(tx, list.clone());
        list
    }

    /// The key of a subject; `None` when there is none or it was destroyed.
    pub(crate) fn subject_key(
        &self,
        record: RecordId,
    ) -> Result<Option<Arc<SubjectKey>>, LedgerError> {
        if let Some(found) = self.subjects.borrow().get(&record) {
            return Ok(found.clone());
        }
        let sql = format!(
            "SELECT wrapped FROM subject_key WHERE book = {} AND record = {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let book = self.book().id;
        let mut key = None;
        self.store
            .query(&sql, &[Datum::Int(book), Datum::Int(record)], &mut |row| {
                let opened = self.state.master.unwrap(book, record, row[0].bytes());
                key = Some(Arc::new(opened.ok_or_else(|| {
                    LedgerError::Damaged(format!("the key of record {record} does not open"))
                })?));
                Ok(())
            })?;
        self.remember_subject(record, key.clone());
        Ok(key)
    }

    /// Keeps a subject's key open.
    pub(crate) fn remember_subject(&self, record: RecordId, key: Option<Arc<SubjectKey>>) {
        let mut subjects = self.subjects.borrow_mut();
        if subjects.len() >= SUBJECTS_MAX {
            subjects.clear();
        }
        subjects.insert(record, key);
    }

    /// Forgets what is known of a subject's key.
    pub(crate) fn forget_subject(&self, record: RecordId) {
        self.subjects.borrow_mut().remove(&record);
    }

    /// Forgets what was remembered of transactions from this one on, which were taken back, and every open key.
    pub(crate) fn forget(&self, tx: i64) {
        self.sources.borrow_mut().retain(|seq, _| *seq < tx);
        self.subjects.borrow_mut().clear();
    }

    /// Ends the state that was read. Keys are not kept beyond it: the next state may have destroyed them.
    pub(crate) fn rest(&self) -> Result<(), LedgerError> {
        self.subjects.borrow_mut().clear();
        self.store.rollback()
    }

    pub(crate) fn placeholder(&self, n: usize) -> String {
        self.store.dialect().placeholder(n)
    }
}

/// A body with its field names resolved to a plan's positions; whoever calls knows its source.
pub(crate) fn assertion(
    plan: &Plan,
    (tx, ord): (i64, u32),
    body: Body,
    opened: Option<&serde_json::Value>,
    source: Arc<(String, String)>,
) -> Assertion {
    let mut set = Vec::with_capacity(body.set.len());
    for (name, value) in body.set {
        // A field that the pack no longer has is history that today's columns cannot show.
        let Some(index) = plan.field(&name) else {
            continue;
        };
        let said = match (value, opened) {
            (Some(value), _) => Said::Value(value),
            (None, Some(json)) => Said::Value(body::plain(&json[name.as_str()])),
            (None, None) => Said::Erased,
        };
        set.push((index, said));
    }
    let named = |list: Vec<(String, String)>| {
        list.into_iter()
            .filter_map(|(name, cell)| Some((plan.field(&name)?, cell)))
            .collect::<Vec<_>>()
    };
    let mut cells = named(body.at);
    cells.extend(body.row_cell.map(|cell| (WHOLE_ROW, cell)));
    let ranks = body
        .ranks
        .into_iter()
        .filter_map(|(name, rank)| Some((plan.field(&name)?, rank)))
        .collect();
    Assertion {
        tx,
        ord,
        op: body.op,
        division: body.division,
        from: body.from,
        to: body.to,
        as_of: body.as_of,
        set,
        rank: body.rank,
        ranks,
        source,
        row: body.src,
        cells,
        withdrawn: false,
    }
}

/// A row of a register's table: `record, division, vfrom, vto, tx, ord, f_…`.
pub(crate) fn slice_of(row: &[Datum<'_>]) -> (RecordId, Slice) {
    let slice = Slice {
        division: row[1].int(),
        from: day(row[2]),
        to: day(row[3]),
        tx: row[4].int(),
        ord: u32::try_from(row[5].int()).unwrap_or(0),
        values: row[6..].iter().map(|datum| datum.value()).collect(),
    };
    (row[0].int(), slice)
}

/// A stored day.
pub(crate) fn day(datum: Datum<'_>) -> Date {
    Date::from_int(i32::try_from(datum.int()).unwrap_or(0))
}
