//! Everything derived, made again from bodies: the rows of every register with their history, places, rosters,
//! coverage, withdrawals. Facts pass in order of record, so that a book of any size needs little memory; they are
//! opened and folded on all cores while the next are read. Writes no fact.

use crate::audit;
use crate::body;
use crate::derive::{Rows, insert, insert_current, replay};
use crate::divisions;
use crate::draft::{Draft, cover};
use crate::error::LedgerError;
use crate::fact::{Assertion, Slice};
use crate::layout;
use crate::reader::{Reader, State, assertion, day};
use crate::seal::{Place, SubjectKey};
use crate::search::table::{self, Batch};
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use vocabulary::RecordId;

/// Facts that one thread opens and folds at a time; a record's are never parted.
const FACTS_AT_ONCE: usize = 2048;

/// A fact as it lies in the tables, with what is needed to open it.
struct Raw {
    tx: i64,
    ord: u32,
    register: usize,
    body: String,
    sealed: Option<(Vec<u8>, Arc<SubjectKey>)>,
    source: Arc<(String, String)>,
}

/// A record's facts.
type Group = (RecordId, Vec<Raw>);

/// A record's rows in one register.
type Made = (usize, RecordId, Rows);

/// Fills the derived tables of a book in which none of them holds anything: the tables of registers are made here,
/// the others are there and empty. Answers how many rows of registers there are.
pub(crate) fn fill(reader: &Reader, step: &mut dyn FnMut(u64, u64)) -> Result<u64, LedgerError> {
    let registers = reader.state.registers.clone();
    for plan in &registers.plans {
        reader.store.batch(&plan.tables(reader.dialect()))?;
    }
    lists(reader)?;
    let withdrawals = Withdrawals::load(&*reader.store, reader.book().id)?;
    let rows = registers_of(reader, &Arc::new(withdrawals), step)?;
    for plan in &registers.plans {
        let indexes = plan.indexes();
        if !indexes.is_empty() {
            reader.store.batch(&indexes)?;
        }
    }
    divisions::derive(reader)?;
    Ok(rows)
}

/// Empties every derived table of a book, so that [`fill`] may make them again.
pub(crate) fn clear(reader: &Reader) -> Result<(), LedgerError> {
    for plan in &reader.state.registers.plans {
        for table in [&plan.current, &plan.history] {
            if reader.store.has_table(table)? {
                reader.store.batch(&format!("DROP TABLE {table}"))?;
            }
        }
    }
    // Far more rows than the other lists: faster made anew than emptied.
    let grams = layout::GRAMS;
    reader.store.batch(&format!("DROP TABLE {grams}"))?;
    reader.store.batch(&table::create(reader.dialect()))?;
    for table in [
        "division",
        "division_alias",
        layout::TREE,
        "roster",
        layout::COVERAGE,
        "withdrawal",
        "audit",
    ] {
        let sql = format!("DELETE FROM {table} WHERE book = {}", reader.placeholder(1));
        reader
            .store
            .execute(&sql, &[Datum::Int(reader.book().id)])?;
    }
    Ok(())
}

impl Draft<'_> {
    /// Makes everything derived again from bodies; answers how many rows of registers there are. What was asserted
    /// is not touched, nor looked at: whether bodies are as they were written is for [`Reader::verify`] to say.
    pub fn rebuild(&mut self) -> Result<u64, LedgerError> {
        self.flush_whole()?;
        let reader = &self.ledger.reader;
        clear(reader)?;
        let rows = fill(reader, &mut |_, _| {})?;
        reader.store.settle()?;
        Ok(rows)
    }
}

/// Withdrawals first, because what they took back is not listed again; then rosters and coverage. The audit is never
/// taken back.
fn lists(reader: &Reader) -> Result<(), LedgerError> {
    let book = Datum::Int(reader.book().id);
    let mut listed: Vec<(i64, u32, serde_json::Value)> = Vec::new();
    let sql = format!(
        "SELECT tx, ord, body FROM fact WHERE book = {} AND record IS NULL ORDER BY tx, ord",
        reader.placeholder(1)
    );
    let withdraw = format!(
        "INSERT INTO withdrawal (book, tx, ord, by_tx, by_ord) VALUES ({})",
        reader.dialect().placeholders(5)
    );
    reader.store.query(&sql, &[book], &mut |row| {
        let (tx, ord, text) = (row[0].int(), row[1].int(), row[2].text());
        let op = text.strip_prefix("{\"op\":\"").unwrap_or_default();
        if op.starts_with("withdraw\"") {
            let json = body::parse(text)?;
            let target = Datum::Int(json["tx"].as_i64().unwrap_or(0));
            let part = Datum::Int(json["ord"].as_i64().unwrap_or(-1));
            let row = [book, target, part, Datum::Int(tx), Datum::Int(ord)];
            reader.store.execute(&withdraw, &row)?;
        } else if op.starts_with("roster\"") || op.starts_with("coverage\"") {
            listed.push((tx, u32::try_from(ord).unwrap_or(0), body::parse(text)?));
        } else if text.starts_with(audit::OP) {
            audit::derive(reader, tx, u32::try_from(ord).unwrap_or(0), text)?;
        }
        Ok(())
    })?;
    let withdrawn = Withdrawals::load(&*reader.store, reader.book().id)?.at(i64::MAX);
    let roster = format!(
        "INSERT INTO roster (book, register, scope, as_of, tx) VALUES ({})",
        reader.dialect().placeholders(5)
    );
    for (tx, ord, json) in listed {
        if withdrawn.has(tx, ord) {
            continue;
        }
        let register = json["register"].as_str().unwrap_or_default();
        let as_of = day(Datum::Int(json["as_of"].as_i64().unwrap_or(0)));
        if json["op"] == "coverage" {
            let division = json["division"].as_i64().unwrap_or(0);
            cover(reader, register, division, as_of, tx)?;
        } else {
            let scope = json["scope"].to_string();
            let as_of = Datum::Int(as_of.int().into());
            let row = [
                book,
                Datum::Text(register),
                Datum::Text(&scope),
                as_of,
                Datum::Int(tx),
            ];
            reader.store.execute(&roster, &row)?;
        }
    }
    Ok(())
}

/// The rows of every register, in one pass over all facts in order of record.
fn registers_of(
    reader: &Reader,
    withdrawals: &Arc<Withdrawals>,
    step: &mut dyn FnMut(u64, u64),
) -> Result<u64, LedgerError> {
    let sql = format!(
        "SELECT f.record, f.tx, f.ord, f.register, f.body, s.record, s.box FROM fact f LEFT JOIN sealed s \
         ON s.book = f.book AND s.tx = f.tx AND s.ord = f.ord \
         WHERE f.book = {} AND f.record IS NOT NULL ORDER BY f.record, f.tx, f.ord",
        reader.placeholder(1)
    );
    let mut line = Line {
        reader,
        withdrawals,
        ahead: VecDeque::new(),
        rows: 0,
        grams: Batch::default(),
    };
    let by_hand: Arc<(String, String)> = Arc::default();
    let (mut groups, mut waiting, mut done): (Vec<Group>, usize, u64) = (Vec::new(), 0, 0);
    reader
        .store
        .query(&sql, &[Datum::Int(reader.book().id)], &mut |row| {
            let record = row[0].int();
            let same = groups.last().is_some_and(|group| group.0 == record);
            if !same && waiting >= FACTS_AT_ONCE {
                line.hand(std::mem::take(&mut groups))?;
                waiting = 0;
            }
            done += 1;
            if done % 65_536 == 0 {
                step(done, 0);
            }
            // A register that the pack no longer has is history that no table shows.
            let Some(register) = reader.state.registers.index(row[3].text()) else {
                return Ok(());
            };
            let (tx, text) = (row[1].int(), row[4].text());
            let sealed = match row[6] {
                Datum::Bytes(sealed) => reader
                    .subject_key(row[5].int())?
                    .map(|key| (sealed.to_vec(), key)),
                _ => None,
            };
            let source = match source_in(text) {
                Some(position) => {
                    let sources = reader.sources(tx)?;
                    let source = sources.get(position);
                    source.map_or_else(|| by_hand.clone(), |(_, name)| name.clone())
                }
                None => by_hand.clone(),
            };
            let raw = Raw {
                tx,
                ord: u32::try_from(row[2].int()).unwrap_or(0),
                register,
                body: text.to_owned(),
                sealed,
                source,
            };
            waiting += 1;
            match groups.last_mut() {
                Some(group) if group.0 == record => group.1.push(raw),
                _ => groups.push((record, vec![raw])),
            }
            Ok(())
        })?;
    line.hand(groups)?;
    line.finish()
}

/// The position of a body's source. `src` is one of its last keys and holds two numbers; a text of a value that
/// looks the same stands before it.
fn source_in(text: &str) -> Option<usize> {
    let (_, rest) = text.rsplit_once(",\"src\":[")?;
    rest.split_once(',')?.0.parse().ok()
}

/// Groups on their way through other threads, in order.
struct Line<'a> {
    reader: &'a Reader,
    withdrawals: &'a Arc<Withdrawals>,
    ahead: VecDeque<Receiver<Result<Vec<Made>, LedgerError>>>,
    rows: u64,
    grams: Batch,
}

impl Line<'_> {
    /// Hands groups to a thread; waits for the oldest when enough are on their way.
    fn hand(&mut self, groups: Vec<Group>) -> Result<(), LedgerError> {
        let (state, withdrawals) = (self.reader.state.clone(), self.withdrawals.clone());
        if rayon::current_thread_index().is_some() {
            // Who is himself one of the pool's threads may not wait for the pool.
            let made = make(&state, &withdrawals, groups)?;
            return self.write(made);
        }
        let (done, made) = sync_channel(1);
        self.ahead.push_back(made);
        // An error has ended the work when nobody takes the answer.
        rayon::spawn_fifo(move || drop(done.send(make(&state, &withdrawals, groups))));
        while self.ahead.len() > rayon::current_num_threads() * 2 {
            self.settle()?;
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), LedgerError> {
        let Some(first) = self.ahead.pop_front() else {
            return Ok(());
        };
        let made = first
            .recv()
            .expect("a panic in the pool ends the process")?;
        self.write(made)
    }

    fn write(&mut self, made: Vec<Made>) -> Result<(), LedgerError> {
        for (register, record, rows) in made {
            let plan = &self.reader.state.registers.plans[register];
            self.rows += u64::try_from(rows.history.len() + rows.current.len()).unwrap_or(0);
            insert(self.reader, plan, record, &rows.history)?;
            let current: Vec<&Slice> = rows.current.iter().collect();
            insert_current(self.reader, plan, record, &current)?;
            self.grams.add(plan, (register, record), &rows.current);
            self.grams.write_some(self.reader)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<u64, LedgerError> {
        while !self.ahead.is_empty() {
            self.settle()?;
        }
        self.grams.write(self.reader)?;
        Ok(self.rows)
    }
}

/// Opens and folds the facts of some records. Pure work for any thread.
fn make(
    state: &State,
    withdrawals: &Withdrawals,
    groups: Vec<Group>,
) -> Result<Vec<Made>, LedgerError> {
    let mut made = Vec::with_capacity(groups.len());
    for (record, facts) in groups {
        let mut by_register: BTreeMap<usize, Vec<Assertion>> = BTreeMap::new();
        for raw in facts {
            let register = raw.register;
            if let Some(one) = open(state, raw)? {
                by_register.entry(register).or_default().push(one);
            }
        }
        for (register, facts) in by_register {
            let plan = &state.registers.plans[register];
            let rows = replay(&facts, withdrawals, plan, &state.master, i64::MAX);
            made.push((register, record, rows));
        }
    }
    Ok(made)
}

fn open(state: &State, raw: Raw) -> Result<Option<Assertion>, LedgerError> {
    let Some(body) = body::read(&raw.body)? else {
        return Ok(None);
    };
    let opened = match &raw.sealed {
        None => None,
        Some((sealed, key)) => {
            let place = Place {
                book: state.book.id,
                tx: raw.tx,
                ord: raw.ord,
            };
            let json = key
                .open(place, sealed)
                .and_then(|plain| serde_json::from_slice(plain.get(16..)?).ok());
            let broken = || {
                let (tx, ord) = (raw.tx, raw.ord);
                LedgerError::Damaged(format!("the sealed values of fact {tx}:{ord} do not open"))
            };
            Some(json.ok_or_else(broken)?)
        }
    };
    let plan = &state.registers.plans[raw.register];
    let place = (raw.tx, raw.ord);
    Ok(Some(assertion(
        plan,
        place,
        body,
        opened.as_ref(),
        raw.source,
    )))
}
