//! From a draft's facts to rows: commitments, sealing and hashing on all cores, then the inserts in order, then
//! the slices of every touched record. The one place where an import's speed is decided.

use crate::body;
use crate::derive;
use crate::divisions;
use crate::draft::{Draft, cover};
use crate::error::LedgerError;
use crate::fact::{NewFact, Op};
use crate::hash::{HashAlg, Keyed, half};
use crate::reader::{Reader, day};
use crate::register::{FIXED, Plan, Registers, Subject};
use crate::seal::{Master, Place, SubjectKey};
use crate::store::{Datum, Store};
use crate::tree;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use vocabulary::{BookId, Date, RecordId};

/// Below this many facts a second thread costs more than it helps.
const PARALLEL_MIN: usize = 64;

/// Facts sealed and hashed ahead of the inserts.
const CHUNK: usize = 8192;

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

/// A fact made ready for its row.
struct Made {
    body: String,
    leaf: [u8; 32],
    sealed: Option<Vec<u8>>,
    keyed: Hashes,
}

/// Keyed hashes of a fact's secret values, by field.
type Hashes = Vec<(usize, String)>;

/// The subject of each fact that has something to seal, by position.
type Subjects = Vec<Option<RecordId>>;

impl Draft<'_> {
    /// Writes what was added so far, so that reading sees it.
    pub fn flush(&mut self) -> Result<(), LedgerError> {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let base = self.leaves.len();
        let state = self.ledger.reader.state.clone();
        let registers = &*state.registers;
        self.ledger
            .reader
            .remember_sources(self.seq, &self.deed.sources);
        let subjects = self.subjects(&pending, registers)?;
        let keys = self.keys(&subjects)?;
        let forge = Forge {
            registers,
            master: &state.master,
            alg: state.book.alg,
            book: state.book.id,
            tx: self.seq,
            salts: &self.salts,
            seed: &self.seed,
        };
        let make = |(n, one): (usize, &Pending)| {
            let key = subjects[n].map(|subject| &*keys[&subject]);
            forge.make(base + n, one, key)
        };
        let (reader, leaves, seq) = (&self.ledger.reader, &mut self.leaves, self.seq);
        let mut keyed: Vec<Hashes> = Vec::with_capacity(pending.len());
        let mut write = |made: Vec<Made>| {
            let done = keyed.len();
            let now = done..done + made.len();
            insert_facts(
                reader,
                registers,
                seq,
                base + done,
                &pending[now.clone()],
                &made,
            )?;
            insert_sealed(reader, seq, base + done, &made, &subjects[now])?;
            for one in made {
                leaves.push(one.leaf);
                keyed.push(one.keyed);
            }
            Ok::<(), LedgerError>(())
        };
        if pending.len() < PARALLEL_MIN {
            write(pending.iter().enumerate().map(make).collect())?;
        } else {
            // While one chunk is inserted, the next is sealed and hashed.
            let (to_writer, chunks) = sync_channel(2);
            let (pending, make) = (&pending, &make);
            std::thread::scope(|scope| {
                scope.spawn(move || {
                    for (n, chunk) in pending.chunks(CHUNK).enumerate() {
                        let numbered = chunk.par_iter().enumerate();
                        let made: Vec<Made> = numbered
                            .map(|(i, one)| make((n * CHUNK + i, one)))
                            .collect();
                        // The writer has met an error: nobody wants the rest.
                        if to_writer.send(made).is_err() {
                            break;
                        }
                    }
                });
                // Moved in, so that an error closes the channel before the scope waits.
                let chunks = chunks;
                chunks.iter().try_for_each(&mut write)
            })?;
        }
        self.fold(&pending, &keyed, base, registers)
    }

    /// Whose key seals each fact; `None` where nothing personal is said.
    fn subjects(
        &self,
        pending: &[Pending],
        registers: &Registers,
    ) -> Result<Subjects, LedgerError> {
        let mut subjects: Subjects = vec![None; pending.len()];
        let mut of_record: HashMap<RecordId, RecordId> = HashMap::new();
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
        if fact.record >= self.first_record && fact.record < FIRST_DIVISION {
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

    /// The keys of all subjects: known ones are opened, new ones drawn and written.
    fn keys(&self, subjects: &Subjects) -> Result<HashMap<RecordId, Arc<SubjectKey>>, LedgerError> {
        let reader = &self.ledger.reader;
        let mut wanted: Vec<RecordId> = subjects.iter().flatten().copied().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut keys = HashMap::with_capacity(wanted.len());
        let mut new = Vec::new();
        for record in wanted {
            // A record that began in this transaction has no key yet; a place may be a finding's subject.
            let begun = record >= self.first_record && record < FIRST_DIVISION;
            let key = if begun && self.leaves.is_empty() {
                None
            } else {
                reader.subject_key(record)?
            };
            match key {
                Some(key) => {
                    keys.insert(record, key);
                }
                None => new.push(record),
            }
        }
        // Named one by one: the connection beside them may not go to other threads.
        let (book, master, seed) = (reader.book().id, &*reader.state.master, &self.seed);
        let draw = |record: &RecordId| {
            let bytes = zeroize::Zeroizing::new(seed.code(&[b"key", &record.to_be_bytes()]));
            let nonce = seed.code(&[b"wrap", &record.to_be_bytes()]);
            let nonce: [u8; 12] = nonce[..12].try_into().expect("12 of 32 bytes");
            (
                *record,
                master.wrap(book, *record, &bytes, nonce),
                Arc::new(SubjectKey::new(&bytes)),
            )
        };
        let drawn: Vec<(RecordId, Vec<u8>, Arc<SubjectKey>)> = if new.len() < PARALLEL_MIN {
            new.iter().map(draw).collect()
        } else {
            new.par_iter().map(draw).collect()
        };
        let sql = format!(
            "INSERT INTO subject_key (book, record, wrapped) VALUES ({})",
            reader.dialect().placeholders(3)
        );
        for chunk in drawn.chunks(ROWS_AT_ONCE) {
            let rows: Vec<Datum<'_>> = chunk
                .iter()
                .flat_map(|(record, wrapped, _)| {
                    [Datum::Int(book), Datum::Int(*record), Datum::Bytes(wrapped)]
                })
                .collect();
            reader.store.insert(&sql, 3, &rows)?;
        }
        for (record, _, key) in drawn {
            reader.remember_subject(record, Some(key.clone()));
            keys.insert(record, key);
        }
        Ok(keys)
    }

    /// Brings the tables up to date for every touched record.
    fn fold(
        &mut self,
        pending: &[Pending],
        keyed: &[Hashes],
        base: usize,
        registers: &Registers,
    ) -> Result<(), LedgerError> {
        let mut count: HashMap<(usize, RecordId), u32> = HashMap::with_capacity(pending.len());
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
                    for (index, hash) in &keyed[n] {
                        rows[start + FIXED + index] = Datum::Text(hash);
                    }
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
const FIRST_DIVISION: RecordId = 10_000_000_000;

/// What making a fact ready takes; shared by all threads.
struct Forge<'a> {
    registers: &'a Registers,
    master: &'a Master,
    alg: HashAlg,
    book: BookId,
    tx: i64,
    salts: &'a Keyed,
    seed: &'a Keyed,
}

impl Forge<'_> {
    fn make(&self, position: usize, one: &Pending, key: Option<&SubjectKey>) -> Made {
        let ord = u32::try_from(position).expect("positions fit");
        let mut keyed = Vec::new();
        let mut sealed = None;
        let body = match one {
            Pending::Speak(op, fact) => {
                let plan = &self.registers.plans[fact.register];
                let mut personal = String::new();
                let body = match key {
                    None => body::write(*op, fact, plan, self.alg, None, &mut personal),
                    Some(key) => {
                        let drawn = self.seed.code(&[b"seal", &ord.to_be_bytes()]);
                        let (salt, nonce) = drawn.split_at(16);
                        let nonce: [u8; 12] = nonce[..12].try_into().expect("12 of 16 bytes");
                        let salts = Keyed::new(self.alg, salt);
                        let body =
                            body::write(*op, fact, plan, self.alg, Some(&salts), &mut personal);
                        let mut plain = Vec::with_capacity(16 + personal.len());
                        plain.extend_from_slice(salt);
                        plain.extend_from_slice(personal.as_bytes());
                        let place = Place {
                            book: self.book,
                            tx: self.tx,
                            ord,
                        };
                        sealed = Some(key.seal(place, nonce, &plain));
                        body
                    }
                };
                for (index, value) in &fact.values {
                    if plan.rules[*index].secret {
                        keyed.extend(self.master.keyed(value).map(|hash| (*index, hash)));
                    }
                }
                body
            }
            Pending::Withdraw { body, .. } | Pending::Other { body, .. } => body.clone(),
        };
        let leaf = tree::leaf(self.alg, &salt_of(self.salts, position), body.as_bytes());
        Made {
            body,
            leaf,
            sealed,
            keyed,
        }
    }
}

/// The salt of the fact at a position.
pub(crate) fn salt_of(salts: &Keyed, position: usize) -> [u8; 16] {
    let position = u64::try_from(position).expect("positions fit");
    half(salts.code(&[b"fact", &position.to_be_bytes()]))
}

fn insert_facts(
    reader: &Reader,
    registers: &Registers,
    tx: i64,
    base: usize,
    pending: &[Pending],
    made: &[Made],
) -> Result<(), LedgerError> {
    let sql = format!(
        "INSERT INTO fact (book, tx, ord, register, record, body) VALUES ({})",
        reader.dialect().placeholders(6)
    );
    let store: &dyn Store = &*reader.store;
    let mut rows = Vec::with_capacity(ROWS_AT_ONCE * 6);
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
            store.insert(&sql, 6, &rows)?;
            rows.clear();
        }
    }
    store.insert(&sql, 6, &rows)
}

fn insert_sealed(
    reader: &Reader,
    tx: i64,
    base: usize,
    made: &[Made],
    subjects: &[Option<RecordId>],
) -> Result<(), LedgerError> {
    let sql = format!(
        "INSERT INTO sealed (book, tx, ord, record, box) VALUES ({})",
        reader.dialect().placeholders(5)
    );
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
                reader.store.insert(&sql, 5, &rows)?;
                rows.clear();
            }
        }
    }
    reader.store.insert(&sql, 5, &rows)
}
