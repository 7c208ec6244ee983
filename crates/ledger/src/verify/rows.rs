//! The rows of every record, worked out again from its facts and compared with what stands in the tables. Goes by
//! ranges of records, so that memory is bounded and several threads can share the work: a range is a few thousand
//! facts with their boxes, the keys of its subjects, and its rows in every register.

use super::kept::{Found, Kept};
use super::opened::erased;
use super::{Verified, show};
use crate::body::{self, Body, Held, Lean};
use crate::derive::replay;
use crate::error::LedgerError;
use crate::fact::{Assertion, Said};
use crate::hash::{Keyed, hex};
use crate::reader::Reader;
use crate::register::{Plan, Registers};
use crate::seal::{Place, SubjectKey, canonical, commitment};
use crate::search::table::Sum;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use foldhash::HashMap;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use vocabulary::{RecordId, Value};

/// Facts of a range. Fewer cost more statements (about ninety a range), more cost memory in every thread.
const FACTS_AT_ONCE: i64 = 16_384;

/// Hands out ranges of records until all are taken. They lie side by side from the least number to the greatest, so
/// that a row of a record that nobody ever spoke of is met too.
pub(super) struct Ranges {
    next: Mutex<Option<RecordId>>,
}

impl Ranges {
    pub(super) fn new() -> Ranges {
        Ranges {
            next: Mutex::new(Some(RecordId::MIN)),
        }
    }

    /// The next range, first and last record. `None`: all are taken.
    pub(super) fn claim(
        &self,
        reader: &Reader,
    ) -> Result<Option<(RecordId, RecordId)>, LedgerError> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(first) = *next else { return Ok(None) };
        let p = |n| reader.placeholder(n);
        let asked = |sql: &str| {
            let mut found = None;
            let params = [Datum::Int(reader.book().id), Datum::Int(first)];
            reader.store.query(sql, &params, &mut |row| {
                if let Datum::Int(record) = row[0] {
                    found = Some(record);
                }
                Ok(())
            })?;
            Ok::<_, LedgerError>(found)
        };
        let mut bound = asked(&format!(
            "SELECT record FROM fact WHERE book = {} AND record >= {} ORDER BY record LIMIT 1 OFFSET {FACTS_AT_ONCE}",
            p(1),
            p(2)
        ))?;
        if bound == Some(first) {
            // One record of more facts than a range holds: it is a range of its own.
            bound = asked(&format!(
                "SELECT MIN(record) FROM fact WHERE book = {} AND record > {}",
                p(1),
                p(2)
            ))?;
        }
        *next = bound;
        let last = bound.map_or(RecordId::MAX, |bound| bound - 1);
        Ok(Some((first, last)))
    }
}

/// What every range needs to know of the book.
pub(super) struct Known {
    pub(super) withdrawals: Withdrawals,
    /// Subjects that were lawfully erased.
    pub(super) erasures: BTreeSet<RecordId>,
}

/// A range at work.
struct Range<'r> {
    reader: &'r Reader,
    known: &'r Known,
    registers: &'r Registers,
    out: &'r mut Verified,
    /// Keys of the subjects whose records lie in the range.
    keys: HashMap<RecordId, Arc<SubjectKey>>,
    kept: Vec<Kept>,
    rows: Vec<u64>,
    /// What the records of the range are found by.
    grams: Sum,
    /// The record at hand, and what was said of it in each register.
    record: RecordId,
    facts: Vec<(usize, Vec<Assertion>)>,
    /// The source named last, by transaction and position: facts of one sheet follow one another.
    source: Option<(i64, u16, FileAndSheet)>,
    /// The register named last.
    register: Option<(String, Option<usize>)>,
}

/// What a source is called.
type FileAndSheet = Arc<(String, String)>;

/// A fact's row.
struct Row<'d> {
    tx: i64,
    ord: u32,
    text: &'d str,
    subject: Option<RecordId>,
    sealed: Option<&'d [u8]>,
}

/// What became of a fact's box.
enum Box {
    /// It has none, or the key of its subject is gone.
    Closed,
    /// It does not open; this was told.
    Broken,
    /// Salt and values.
    Open(Vec<u8>),
}

impl Reader {
    /// Verifies the records from `first` to `last`; answers how many boxes their facts have,
    /// and by what the records are found.
    pub(super) fn verify_range(
        &self,
        known: &Known,
        (first, last): (RecordId, RecordId),
        out: &mut Verified,
    ) -> Result<(u64, Sum), LedgerError> {
        let registers = self.state.registers.clone();
        let mut range = Range {
            reader: self,
            known,
            registers: &registers,
            out,
            keys: HashMap::default(),
            kept: Vec::with_capacity(registers.plans.len()),
            rows: vec![0; registers.plans.len()],
            grams: Sum::default(),
            record: first,
            facts: Vec::new(),
            source: None,
            register: None,
        };
        range.load_keys(first, last)?;
        for plan in &registers.plans {
            let kept = Kept::read(self, plan, first, last)?;
            range.kept.push(kept);
        }
        let sql = format!(
            "SELECT f.record, f.tx, f.ord, f.register, f.body, s.record, s.box FROM fact f LEFT JOIN sealed s \
             ON s.book = f.book AND s.tx = f.tx AND s.ord = f.ord \
             WHERE f.book = {} AND f.record BETWEEN {} AND {} ORDER BY f.record, f.tx, f.ord",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3)
        );
        let book = Datum::Int(self.book().id);
        let params = [book, Datum::Int(first), Datum::Int(last)];
        let mut boxes = 0;
        self.store.query(&sql, &params, &mut |row| {
            let record = row[0].int();
            boxes += u64::from(row[6] != Datum::Null);
            if record != range.record {
                range.finish();
                range.record = record;
            }
            let (mut subject, mut sealed) = (None, None);
            if let (Datum::Int(whose), Datum::Bytes(bytes)) = (row[5], row[6]) {
                (subject, sealed) = (Some(whose), Some(bytes));
            }
            let fact = Row {
                tx: row[1].int(),
                ord: u32::try_from(row[2].int()).unwrap_or(u32::MAX),
                text: row[4].text(),
                subject,
                sealed,
            };
            range.take(row[3].text(), &fact)
        })?;
        range.finish();
        let grams = range.grams;
        range.rest();
        Ok((boxes, grams))
    }
}

impl Range<'_> {
    /// Opens the keys that lie in the range; each key of the book lies in one.
    fn load_keys(&mut self, first: RecordId, last: RecordId) -> Result<(), LedgerError> {
        let reader = self.reader;
        let sql = format!(
            "SELECT record, wrapped FROM subject_key WHERE book = {} AND record BETWEEN {} AND {}",
            reader.placeholder(1),
            reader.placeholder(2),
            reader.placeholder(3)
        );
        let book = reader.book().id;
        let params = [Datum::Int(book), Datum::Int(first), Datum::Int(last)];
        reader.store.query(&sql, &params, &mut |row| {
            let record = row[0].int();
            match reader.state.master.unwrap(book, record, row[1].bytes()) {
                Some(key) => {
                    self.keys.insert(record, Arc::new(key));
                }
                None => self.out.differ(
                    "subject_key",
                    record.to_string(),
                    format!("the key of record {record} does not open"),
                    "a key that opens".to_owned(),
                ),
            }
            Ok(())
        })
    }

    /// The register of this name, present or former.
    fn index(&mut self, name: &str) -> Option<usize> {
        match &self.register {
            Some((last, index)) if last == name => *index,
            _ => {
                let index = self.registers.index(name);
                self.register = Some((name.to_owned(), index));
                index
            }
        }
    }

    /// Takes a fact: its columns against its body, its box, its commitments; and keeps it for its record's rows.
    fn take(&mut self, column: &str, row: &Row<'_>) -> Result<(), LedgerError> {
        let index = self.index(column);
        let opened = self.open(row)?;
        if let Some(lean) = body::lean(row.text)
            && lean.register == column
            && lean.record == self.record
            && let Some(fact) = self.quick(index, &lean, row, &opened)?
        {
            self.keep(index, fact);
            return Ok(());
        }
        let Some(body) = body::read(row.text)? else {
            self.misplaced(column, row, "no record");
            return Ok(());
        };
        if body.register != column || body.record != self.record {
            self.misplaced(column, row, &format!("{} {}", body.register, body.record));
        }
        if let Some(fact) = self.slow(index, body, row, &opened)? {
            self.keep(index, fact);
        }
        Ok(())
    }

    fn misplaced(&mut self, column: &str, row: &Row<'_>, wanted: &str) {
        let (place, found) = (
            format!("{}:{}", row.tx, row.ord),
            format!("{column} {}", self.record),
        );
        self.out.differ("fact", place, found, wanted.to_owned());
    }

    fn keep(&mut self, index: Option<usize>, fact: Assertion) {
        let Some(index) = index else { return };
        match self.facts.iter_mut().find(|(same, _)| *same == index) {
            Some((_, facts)) => facts.push(fact),
            None => self.facts.push((index, vec![fact])),
        }
    }

    fn open(&mut self, row: &Row<'_>) -> Result<Box, LedgerError> {
        let (Some(subject), Some(sealed)) = (row.subject, row.sealed) else {
            return Ok(Box::Closed);
        };
        let key = match self.keys.get(&subject) {
            Some(key) => Some(key.clone()),
            None => match self.reader.subject_key(subject) {
                Ok(key) => key,
                // Told with the range in which the key lies.
                Err(LedgerError::Damaged(_)) => return Ok(Box::Broken),
                Err(error) => return Err(error),
            },
        };
        let Some(key) = key else {
            return Ok(Box::Closed);
        };
        let place = Place {
            book: self.reader.book().id,
            tx: row.tx,
            ord: row.ord,
        };
        match key.open(place, sealed) {
            Some(plain) if plain.len() >= 16 => Ok(Box::Open(plain)),
            _ => {
                let place = format!("{}:{}", row.tx, row.ord);
                let found = format!("the sealed values of fact {place} do not open");
                let wanted = "a box that opens".to_owned();
                self.out.differ("sealed", place, found, wanted);
                Ok(Box::Broken)
            }
        }
    }

    /// A fact read quickly. `None`: something about it is out of the ordinary, read it the slow way.
    fn quick(
        &mut self,
        index: Option<usize>,
        lean: &Lean<'_>,
        row: &Row<'_>,
        opened: &Box,
    ) -> Result<Option<Assertion>, LedgerError> {
        let Some(plan) = index.map(|index| &self.registers.plans[index]) else {
            return Ok(None);
        };
        let mut members = Vec::new();
        let sealed = lean.set.iter().filter_map(|(name, held)| match held {
            Held::Sealed(hex) => Some((*name, *hex)),
            _ => None,
        });
        let commitments = sealed.clone().count();
        match opened {
            Box::Closed if commitments == 0 && row.sealed.is_none() => {}
            Box::Open(plain) if commitments > 0 => {
                let (salt, json) = plain.split_at(16);
                let Ok(json) = std::str::from_utf8(json) else {
                    return Ok(None);
                };
                members.reserve(commitments);
                if body::members(json, &mut members).is_none() || members.len() != commitments {
                    return Ok(None);
                }
                let alg = self.reader.book().alg;
                let salts = Keyed::new(alg, salt);
                // In the order of the body: so the writer puts them. A difference is named the slow way.
                let fits = sealed
                    .zip(&members)
                    .all(|((name, kept), (other, text, _))| {
                        name == *other && is_hex(kept, &commitment(alg, &salts, name, text))
                    });
                if !fits {
                    return Ok(None);
                }
            }
            _ => return Ok(None),
        }
        let mut said = members.iter();
        let mut set = Vec::with_capacity(lean.set.len());
        let mut seen: u128 = 0;
        let mut guess = 0;
        for (name, held) in &lean.set {
            let value = match held {
                Held::Sealed(_) => said.next().and_then(|(_, _, held)| held.value()),
                held => held.value(),
            };
            // A field that the pack no longer has is history that today's columns cannot show.
            let Some(field) = field_near(plan, name, guess) else {
                continue;
            };
            guess = field + 1;
            let bit = u32::try_from(field).ok();
            let bit = bit.and_then(|field| 1_u128.checked_shl(field));
            // A field told twice, or more fields than bits.
            let Some(bit) = bit.filter(|bit| seen & bit == 0) else {
                return Ok(None);
            };
            seen |= bit;
            set.push((field, Said::Value(value.unwrap_or(Value::Null))));
        }
        self.out.commitments += u64::try_from(commitments).unwrap_or(0);
        let ranks = lean.ranks.iter();
        let ranks = ranks.filter_map(|(name, rank)| Some((plan.field(name)?, *rank)));
        Ok(Some(Assertion {
            tx: row.tx,
            ord: row.ord,
            op: lean.op,
            division: lean.division,
            from: lean.from,
            to: lean.to,
            as_of: lean.as_of,
            set,
            rank: lean.rank,
            ranks: ranks.collect(),
            source: self.source(row.tx, lean.src)?,
            row: lean.src,
            cells: Vec::new(),
            withdrawn: false,
        }))
    }

    fn source(&mut self, tx: i64, src: Option<(u16, u32)>) -> Result<FileAndSheet, LedgerError> {
        let Some((source, _)) = src else {
            return Ok(self.reader.by_hand());
        };
        if let Some((last, position, name)) = &self.source
            && (*last, *position) == (tx, source)
        {
            return Ok(name.clone());
        }
        let name = self.reader.source_name(tx, source)?;
        self.source = Some((tx, source, name.clone()));
        Ok(name)
    }

    /// A fact read as JSON, its commitments computed again one by one.
    fn slow(
        &mut self,
        index: Option<usize>,
        body: Body,
        row: &Row<'_>,
        opened: &Box,
    ) -> Result<Option<Assertion>, LedgerError> {
        let place = || format!("{}:{}", row.tx, row.ord);
        let plan = index.map(|index| &self.registers.plans[index]);
        let mut json: Option<serde_json::Value> = None;
        if let Box::Open(plain) = opened {
            let (salt, text) = plain.split_at(16);
            let alg = self.reader.book().alg;
            let salts = Keyed::new(alg, salt);
            let read: serde_json::Value =
                serde_json::from_slice(text).unwrap_or(serde_json::Value::Null);
            for (name, kept) in &body.commitments {
                let mut text = String::new();
                canonical(&body::plain(&read[name.as_str()]), &mut text);
                let made = hex(&commitment(alg, &salts, name, &text));
                self.out.commitments += 1;
                if made != *kept {
                    let place = format!("{} {name}", place());
                    self.out.differ("sealed", place, made, kept.clone());
                }
            }
            json = Some(read);
        } else if !body.commitments.is_empty() && matches!(opened, Box::Closed) {
            if erased(plan, &body, row.subject, &self.known.erasures) {
                self.out.erased += 1;
            } else {
                let wanted = "the sealed values, or an erasure".to_owned();
                let found = "nothing".to_owned();
                self.out.differ("sealed", place(), found, wanted);
            }
        }
        if body.commitments.is_empty() && row.sealed.is_some() {
            let wanted = "no box: the fact seals nothing".to_owned();
            let found = "a box".to_owned();
            self.out.differ("sealed", place(), found, wanted);
        }
        let Some(plan) = plan else { return Ok(None) };
        let fact = self
            .reader
            .assertion(plan, row.tx, row.ord, body, json.as_ref())?;
        Ok(Some(fact))
    }

    /// The record is complete: its rows are worked out and compared.
    fn finish(&mut self) {
        let record = self.record;
        for (index, facts) in std::mem::take(&mut self.facts) {
            let plan = &self.registers.plans[index];
            let master = &self.reader.state.master;
            let rows = replay(&facts, &self.known.withdrawals, plan, master, i64::MAX);
            self.grams.record(plan, record, &rows.current);
            let current = rows.current.into_iter().map(|slice| (slice, 0));
            let mut wanted: Vec<Found> = current.chain(rows.history).collect();
            if wanted.len() > 1 {
                wanted.sort_by_key(|(slice, tx_to)| (slice.from, slice.tx, *tx_to));
            }
            self.rows[index] += u64::try_from(wanted.len()).unwrap_or(0);
            self.unasked(index, Some(record));
            if let Some((found, wanted)) = self.kept[index].compare(record, &wanted) {
                let (name, record) = (&plan.decl.name, record.to_string());
                self.out
                    .differ(name, record, show(found.as_ref()), show(wanted));
            }
        }
    }

    /// Records come in order: rows passed over belong to a record without facts in this register.
    fn unasked(&mut self, index: usize, before: Option<RecordId>) {
        let name = &self.registers.plans[index].decl.name;
        while let Some((record, row)) = self.kept[index].unasked(before) {
            let (found, wanted) = (show(Some(&row)), show(None));
            self.out.differ(name, record.to_string(), found, wanted);
        }
    }

    /// The range is complete: rows that nobody asked for should not be there.
    fn rest(mut self) {
        for index in 0..self.kept.len() {
            self.unasked(index, None);
            let name = self.registers.plans[index].decl.name.clone();
            *self.out.rows.entry(name).or_default() += self.rows[index];
        }
    }
}

/// The field of this name; those of a body mostly come in the register's order.
fn field_near(plan: &Plan, name: &str, guess: usize) -> Option<usize> {
    let near = plan.decl.fields.iter().enumerate().skip(guess).take(4);
    let mut near = near.filter(|(_, field)| field.name == name);
    near.next()
        .map(|(index, _)| index)
        .or_else(|| plan.field(name))
}

/// Whether `text` is `bytes` in lower-case hex.
fn is_hex(text: &str, bytes: &[u8; 16]) -> bool {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pairs = text.as_bytes().chunks_exact(2).zip(bytes);
    text.len() == 32
        && pairs.into_iter().all(|(pair, byte)| {
            pair[0] == DIGITS[usize::from(byte >> 4)] && pair[1] == DIGITS[usize::from(byte & 15)]
        })
}
