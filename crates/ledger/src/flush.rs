//! From a draft's facts to rows: handed out to be sealed and hashed on all cores, then the inserts in order, then
//! the slices of every touched record.

use crate::body;
use crate::derive;
use crate::divisions;
use crate::draft::{Draft, cover};
use crate::error::LedgerError;
use crate::fact::{NewFact, Op};
use crate::forge::{Forge, Made, Ready, Work};
use crate::reader::{Reader, day};
use crate::register::{FIXED, Plan, Registers, Subject};
use crate::seal::SubjectKey;
use crate::search::table::Sought;
use crate::store::{Datum, Store};
use foldhash::HashMap;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use vocabulary::{Date, RecordId};

/// Below this many facts a second thread costs more than it helps.
const PARALLEL_MIN: usize = 64;

/// Facts that one thread seals and hashes at a time.
const CHUNK: usize = 2048;

/// Rows handed to the store at once.
const ROWS_AT_ONCE: usize = 2048;

/// A fact on its way.
pub(crate) enum Pending {
    /// It speaks of a record.
    Speak(Op, NewFact),
    /// It takes something back.
    Withdraw {
        tx: i64,
        ord: Option<u32>,
        body: String,
    },
    /// It is only kept: its effect is already in the tables.
    Other {
        register: Option<String>,
        record: Option<RecordId>,
        body: String,
    },
}

/// The subject of each fact that has something to seal, by position.
pub(crate) type Subjects = Vec<Option<RecordId>>;

/// The keys of subjects.
pub(crate) type Keys = HashMap<RecordId, Arc<SubjectKey>>;

impl Draft<'_> {
    /// Writes what was added so far, so that reading sees it.
    pub fn flush(&mut self) -> Result<(), LedgerError> {
        while let Some(work) = self.ahead.pop_front() {
            self.settle(work)?;
        }
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let work = self.work(pending)?;
        let forge = self.forge();
        if work.len() < PARALLEL_MIN {
            return self.write(forge.ready(work));
        }
        let base = work.base;
        let (mut pending, mut made) = (
            Vec::with_capacity(work.len()),
            Vec::with_capacity(work.len()),
        );
        // While one chunk is inserted, the next is sealed and hashed.
        let (to_writer, chunks) = sync_channel(2);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut parts = work.split(CHUNK).into_iter().peekable();
                while parts.peek().is_some() {
                    let some: Vec<Work> =
                        parts.by_ref().take(rayon::current_num_threads()).collect();
                    let made: Vec<Ready> =
                        some.into_par_iter().map(|part| forge.ready(part)).collect();
                    for ready in made {
                        // The writer has met an error: nobody wants the rest.
                        if to_writer.send(ready).is_err() {
                            return;
                        }
                    }
                }
            });
            // Moved in, so that an error closes the channel before the scope waits.
            let chunks = chunks;
            for mut ready in chunks {
                self.insert(&mut ready)?;
                pending.extend(ready.work.pending);
                made.extend(ready.made);
            }
            Ok::<(), LedgerError>(())
        })?;
        self.fold(&pending, &made, base)
    }

    /// As [`Draft::flush`], with the table by which records are found.
    pub(crate) fn flush_whole(&mut self) -> Result<(), LedgerError> {
        self.flush()?;
        self.grams.write(&self.ledger.reader)
    }

    /// As [`Draft::flush`], but reading sees it only after the next flush: what is told of new records alone is
    /// sealed and hashed beside the caller, who goes on meanwhile.
    pub(crate) fn advance(&mut self) -> Result<(), LedgerError> {
        let state = &self.ledger.reader.state;
        // What is told of known records may have to be read for what comes after it; and who is himself one of
        // the pool's threads may not wait for the pool.
        let alone = |one: &Pending| match one {
            Pending::Speak(Op::Assert, fact) => {
                let about = matches!(
                    state.registers.plans[fact.register].subject,
                    Subject::About(_)
                );
                self.begun(fact.record) && !about
            }
            _ => false,
        };
        if rayon::current_thread_index().is_some() || !self.pending.iter().all(alone) {
            return self.flush();
        }
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let work = self.work(pending)?;
        let forge = self.forge();
        let (done, ready) = sync_channel(1);
        self.ahead.push_back(Ahead {
            facts: work.len(),
            ready,
        });
        // An error has ended the draft when nobody takes the answer.
        rayon::spawn_fifo(move || drop(done.send(forge.ready(work))));
        while self.ahead.len() > rayon::current_num_threads() {
            let first = self.ahead.pop_front().expect("more than none");
            self.settle(first)?;
        }
        Ok(())
    }

    /// Whether the record's number was drawn in this transaction; a place's number is its code.
    fn begun(&self, record: RecordId) -> bool {
        record >= self.first_record && record < FIRST_DIVISION
    }

    /// Waits for what is made ready elsewhere, and writes it.
    fn settle(&mut self, ahead: Ahead) -> Result<(), LedgerError> {
        let ready = ahead
            .ready
            .recv()
            .expect("a panic in the pool ends the process");
        self.write(ready)
    }

    fn forge(&self) -> Forge {
        Forge {
            state: self.ledger.reader.state.clone(),
            tx: self.seq,
            salts: self.salts.clone(),
            seed: self.seed.clone(),
        }
    }

    /// What sealing needs to know of the facts.
    fn work(&mut self, pending: Vec<Pending>) -> Result<Work, LedgerError> {
        let base = self.leaves.len() + self.ahead.iter().map(|work| work.facts).sum::<usize>();
        let reader = &self.ledger.reader;
        if !self.deed.sources.is_empty() {
            reader.remember_sources(self.seq, &self.deed.sources);
        }
        let registers = reader.state.registers.clone();
        let subjects = self.subjects(&pending, &registers)?;
        let (keys, fresh) = self.keys(&subjects)?;
        Ok(Work {
            base,
            pending,
            subjects,
            keys,
            fresh,
        })
    }

    fn write(&mut self, mut ready: Ready) -> Result<(), LedgerError> {
        self.insert(&mut ready)?;
        self.fold(&ready.work.pending, &ready.made, ready.work.base)
    }

    /// Inserts facts with their keys and boxes; bodies and boxes are done with then.
    fn insert(&mut self, ready: &mut Ready) -> Result<(), LedgerError> {
        let (reader, seq) = (&self.ledger.reader, self.seq);
        let Ready {
            work,
            made,
            wrapped,
        } = ready;
        insert_keys(reader, wrapped)?;
        insert_facts(reader, seq, work.base, &work.pending, made)?;
        insert_sealed(reader, seq, work.base, made, &work.subjects)?;
        for one in made {
            self.leaves.push(one.leaf);
            one.body = String::new();
            one.sealed = None;
        }
        Ok(())
    }

    /// Whose key seals each fact; `None` where nothing personal is said.
    fn subjects(
        &self,
        pending: &[Pending],
        registers: &Registers,
    ) -> Result<Subjects, LedgerError> {
        let mut subjects: Subjects = vec![None; pending.len()];
        let mut of_record: HashMap<RecordId, RecordId> = HashMap::default();
        // Findings come second: they are sealed as the record they are about, which may be in the same deed.
        for findings in [false, true] {
            for (n, one) in pending.iter().enumerate() {
                let Pending::Speak(op, fact) = one else {
                    continue;
                };
                let plan = &registers.plans[fact.register];
                let about = matches!(plan.subject, Subject::About(_));
                let personal =
                    *op != Op::End && fact.values.iter().any(|(i, _)| plan.rules[*i].sealed);
                if about != findings || !personal {
                    continue;
                }
                let subject = match plan.subject {
                    Subject::Own => fact.record,
                    Subject::Field(field) => {
                        let subject = self.referred(fact, field, plan)?.unwrap_or(fact.record);
                        of_record.insert(fact.record, subject);
                        subject
                    }
                    Subject::About(field) => match self.referred(fact, field, plan)? {
                        None => fact.record,
                        Some(record) => match of_record.get(&record) {
                            Some(subject) => *subject,
                            None => self.subject_of(fact, record, plan, registers)?,
                        },
                    },
                };
                subjects[n] = Some(subject);
            }
        }
        Ok(subjects)
    }

    /// What a reference field of the fact's record names, said now or before.
    fn referred(
        &self,
        fact: &NewFact,
        field: usize,
        plan: &Plan,
    ) -> Result<Option<RecordId>, LedgerError> {
        if let Some((_, value)) = fact.values.iter().find(|(index, _)| *index == field) {
            return Ok(value.as_int());
        }
        if self.begun(fact.record) {
            return Ok(None);
        }
        let slices = self.ledger.reader.current(plan, fact.record)?;
        Ok(slices
            .iter()
            .rev()
            .find_map(|slice| slice.values[field].as_int()))
    }

    /// The subject of a record that a finding is about.
    fn subject_of(
        &self,
        finding: &NewFact,
        record: RecordId,
        plan: &Plan,
        registers: &Registers,
    ) -> Result<RecordId, LedgerError> {
        let named = plan.field("about_register").and_then(|field| {
            let (_, value) = finding.values.iter().find(|(index, _)| *index == field)?;
            registers.index(value.as_text()?)
        });
        let Some(about) = named.map(|index| &registers.plans[index]) else {
            return Ok(record);
        };
        let Subject::Field(field) = about.subject else {
            return Ok(record);
        };
        let slices = self.ledger.reader.current(about, record)?;
        Ok(slices
            .iter()
            .rev()
            .find_map(|slice| slice.values[field].as_int())
            .unwrap_or(record))
    }

    /// The keys that lie in the book, opened, and the subjects for which one must be drawn. A key drawn by this
    /// transaction is neither: it is drawn again from the same seed.
    fn keys(&mut self, subjects: &Subjects) -> Result<(Keys, Vec<RecordId>), LedgerError> {
        let reader = &self.ledger.reader;
        let mut wanted: Vec<RecordId> = subjects.iter().flatten().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut keys = Keys::default();
        let mut fresh = Vec::new();
        for record in wanted {
            if self.drawn.contains(&record) {
                continue;
            }
            // A record that began in this transaction has no key yet; a place may be a finding's subject.
            let key = if self.begun(record) {
                None
            } else {
                reader.subject_key(record)?
            };
            match key {
                Some(key) => {
                    keys.insert(record, key);
                }
                None => fresh.push(record),
            }
        }
        for record in &fresh {
            reader.forget_subject(*record);
        }
        self.drawn.extend(&fresh);
        Ok((keys, fresh))
    }

    /// Brings the tables up to date for every touched record.
    fn fold(&mut self, pending: &[Pending], made: &[Made], base: usize) -> Result<(), LedgerError> {
        let registers = &*self.ledger.reader.state.registers.clone();
        let mut count: HashMap<(usize, RecordId), u32> = HashMap::default();
        count.reserve(pending.len());
        for one in pending {
            if let Pending::Speak(_, fact) = one {
                *count.entry((fact.register, fact.record)).or_insert(0) += 1;
            }
        }
        let first = self.first_record;
        // A place's number is its code, not one of the counter's: it may have been here before.
        let fast = |fact: &NewFact, count: &HashMap<(usize, RecordId), u32>| {
            fact.record >= first
                && fact.register != registers.division
                && count.get(&(fact.register, fact.record)) == Some(&1)
        };
        let mut slow: BTreeSet<(usize, RecordId)> = BTreeSet::new();
        let mut rows: Vec<Vec<Datum<'_>>> = vec![Vec::new(); registers.plans.len()];
        let reader = &self.ledger.reader;
        let book = Datum::Int(reader.book().id);
        for (n, one) in pending.iter().enumerate() {
            match one {
                Pending::Speak(op, fact)
                    if fast(fact, &count)
                        && !self.touched.contains(&(fact.register, fact.record)) =>
                {
                    if *op != Op::Assert {
                        continue;
                    }
                    let plan = &registers.plans[fact.register];
                    let ord = i64::try_from(base + n).expect("positions fit");
                    let rows = &mut rows[fact.register];
                    let start = rows.len();
                    let to = fact.to.unwrap_or(Date::FOREVER);
                    rows.extend([
                        book,
                        Datum::Int(fact.record),
                        Datum::Int(fact.division),
                        Datum::Int(fact.from.int().into()),
                        Datum::Int(to.int().into()),
                        Datum::Int(self.seq),
                        Datum::Int(ord),
                    ]);
                    rows.resize(start + FIXED + plan.rules.len(), Datum::Null);
                    for (index, value) in &fact.values {
                        rows[start + FIXED + index] = Datum::of(value);
                    }
                    for (index, hash) in &made[n].keyed {
                        rows[start + FIXED + index] = Datum::Text(hash);
                    }
                    for (sought, datum) in plan.sought.iter().zip(&rows[start + FIXED..]) {
                        if let (true, Datum::Text(text)) = (*sought != Sought::Not, datum) {
                            let at = (fact.register, fact.record);
                            self.grams.say(*sought, text, at, fact.division);
                        }
                    }
                    self.grams.write_some(reader)?;
                    let width = FIXED + plan.rules.len();
                    if rows.len() >= ROWS_AT_ONCE * width {
                        reader.store.insert(&plan.insert_current, width, rows)?;
                        rows.clear();
                    }
                }
                Pending::Speak(_, fact) => {
                    slow.insert((fact.register, fact.record));
                }
                Pending::Withdraw { tx, ord, .. } => {
                    self.reached(*tx, *ord, registers, &mut slow)?
                }
                Pending::Other { .. } => {}
            }
        }
        for (plan, rows) in registers.plans.iter().zip(&rows) {
            if !rows.is_empty() {
                reader
                    .store
                    .insert(&plan.insert_current, FIXED + plan.rules.len(), rows)?;
            }
        }
        if !slow.is_empty() {
            self.grams.write(reader)?;
        }
        for (register, record) in &slow {
            let again = self.touched.contains(&(*register, *record));
            derive::apply(
                reader,
                &registers.plans[*register],
                *record,
                self.seq,
                &self.withdrawals,
                again,
            )?;
        }
        let changed = slow
            .iter()
            .any(|(register, _)| *register == registers.division);
        self.touched.extend(count.into_keys());
        self.touched.extend(slow);
        if changed {
            divisions::derive(&self.ledger.reader)?;
            self.divisions_changed = true;
        }
        Ok(())
    }

    /// The records whose facts a withdrawal reaches; rosters and coverage follow at once.
    fn reached(
        &self,
        tx: i64,
        ord: Option<u32>,
        registers: &Registers,
        slow: &mut BTreeSet<(usize, RecordId)>,
    ) -> Result<(), LedgerError> {
        let reader = &self.ledger.reader;
        let withdrawn = self.withdrawals.at(self.seq);
        for (tx, ord) in self.withdrawals.reached(tx, ord) {
            let clause = ord.map_or_else(String::new, |ord| format!(" AND ord = {ord}"));
            let sql = format!(
                "SELECT ord, register, record, body FROM fact WHERE book = {} AND tx = {}{clause}",
                reader.placeholder(1),
                reader.placeholder(2)
            );
            let mut lists = Vec::new();
            reader.store.query(
                &sql,
                &[Datum::Int(reader.book().id), Datum::Int(tx)],
                &mut |row| {
                    let Datum::Text(name) = row[1] else {
                        return Ok(());
                    };
                    let Some(register) = registers.index(name) else {
                        return Ok(());
                    };
                    if let Datum::Int(record) = row[2] {
                        slow.insert((register, record));
                    } else {
                        let ord = u32::try_from(row[0].int()).unwrap_or(0);
                        lists.push((withdrawn.has(tx, ord), row[3].text().to_owned()));
                    }
                    Ok(())
                },
            )?;
            for (gone, body) in lists {
                relist(reader, tx, gone, &body)?;
            }
        }
        Ok(())
    }
}

/// Takes a roster or coverage out of its table, or puts it back.
fn relist(reader: &Reader, tx: i64, gone: bool, body: &str) -> Result<(), LedgerError> {
    let json = body::parse(body)?;
    let register = json["register"].as_str().unwrap_or_default();
    let as_of = day(Datum::Int(json["as_of"].as_i64().unwrap_or(0)));
    let p = |n| reader.placeholder(n);
    let place = [
        Datum::Int(reader.book().id),
        Datum::Int(tx),
        Datum::Text(register),
    ];
    let scope = json["scope"].to_string();
    let division = json["division"].as_i64().unwrap_or(0);
    match json["op"].as_str() {
        Some("roster") => {
            let sql = format!(
                "DELETE FROM roster WHERE book = {} AND tx = {} AND register = {} AND scope = {} AND as_of = {}",
                p(1),
                p(2),
                p(3),
                p(4),
                p(5)
            );
            let as_of = Datum::Int(as_of.int().into());
            let params = [place[0], place[1], place[2], Datum::Text(&scope), as_of];
            reader.store.execute(&sql, &params)?;
            if !gone {
                let sql = format!(
                    "INSERT INTO roster (book, tx, register, scope, as_of) VALUES ({})",
                    reader.dialect().placeholders(5)
                );
                reader.store.execute(&sql, &params)?;
            }
        }
        Some("coverage") if gone => {
            let sql = format!(
                "DELETE FROM coverage WHERE book = {} AND tx = {} AND register = {} AND division = {}",
                p(1),
                p(2),
                p(3),
                p(4)
            );
            reader
                .store
                .execute(&sql, &[place[0], place[1], place[2], Datum::Int(division)])?;
        }
        Some("coverage") => cover(reader, register, division, as_of, tx)?,
        _ => {}
    }
    Ok(())
}

/// Places are numbered by their codes, far above every counted record.
pub(crate) const FIRST_DIVISION: RecordId = 10_000_000_000;

/// Facts that are made ready beside the caller.
pub(crate) struct Ahead {
    pub(crate) facts: usize,
    ready: Receiver<Ready>,
}

fn insert_keys(reader: &Reader, wrapped: &[(RecordId, Vec<u8>)]) -> Result<(), LedgerError> {
    let book = Datum::Int(reader.book().id);
    for chunk in wrapped.chunks(ROWS_AT_ONCE) {
        let rows: Vec<Datum<'_>> = chunk
            .iter()
            .flat_map(|(record, wrapped)| [book, Datum::Int(*record), Datum::Bytes(wrapped)])
            .collect();
        reader
            .store
            .insert(&reader.state.registers.statements.subject_key, 3, &rows)?;
    }
    Ok(())
}

fn insert_facts(
    reader: &Reader,
    tx: i64,
    base: usize,
    pending: &[Pending],
    made: &[Made],
) -> Result<(), LedgerError> {
    let registers = &reader.state.registers;
    let sql = &registers.statements.fact;
    let store: &dyn Store = &*reader.store;
    let mut rows = Vec::with_capacity(ROWS_AT_ONCE.min(pending.len()) * 6);
    for (n, (one, made)) in pending.iter().zip(made).enumerate() {
        let (register, record) = match one {
            Pending::Speak(_, fact) => (
                Datum::Text(&registers.plans[fact.register].decl.name),
                Datum::Int(fact.record),
            ),
            Pending::Withdraw { .. } => (Datum::Null, Datum::Null),
            Pending::Other {
                register, record, ..
            } => (
                register.as_deref().map_or(Datum::Null, Datum::Text),
                record.map_or(Datum::Null, Datum::Int),
            ),
        };
        let ord = i64::try_from(base + n).expect("positions fit");
        let book = Datum::Int(reader.book().id);
        rows.extend([
            book,
            Datum::Int(tx),
            Datum::Int(ord),
            register,
            record,
            Datum::Text(&made.body),
        ]);
        if rows.len() == ROWS_AT_ONCE * 6 {
            store.insert(sql, 6, &rows)?;
            rows.clear();
        }
    }
    store.insert(sql, 6, &rows)
}

fn insert_sealed(
    reader: &Reader,
    tx: i64,
    base: usize,
    made: &[Made],
    subjects: &[Option<RecordId>],
) -> Result<(), LedgerError> {
    let sql = &reader.state.registers.statements.sealed;
    let mut rows = Vec::new();
    for (n, (made, subject)) in made.iter().zip(subjects).enumerate() {
        if let (Some(sealed), Some(subject)) = (&made.sealed, subject) {
            let ord = i64::try_from(base + n).expect("positions fit");
            rows.extend([
                Datum::Int(reader.book().id),
                Datum::Int(tx),
                Datum::Int(ord),
                Datum::Int(*subject),
                Datum::Bytes(sealed),
            ]);
            if rows.len() == ROWS_AT_ONCE * 5 {
                reader.store.insert(sql, 5, &rows)?;
                rows.clear();
            }
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    reader.store.insert(sql, 5, &rows)
}
