//! What a deed writes, while it runs: facts are taken in, checked and kept until a flush seals them. Knows
//! nothing of why a deed writes what it writes.

use crate::audit::{AuditLine, Told};
use crate::derive;
use crate::error::LedgerError;
use crate::fact::{Deed, NewFact, Op, Source};
use crate::flush::{Ahead, Pending};
use crate::hash::{HashAlg, Keyed};
use crate::ledger::Ledger;
use crate::reader::{Reader, State};
use crate::register::{Plan, Registers};
use crate::seal::{decimal, quote};
use crate::search::table;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use foldhash::HashSet;
use pack::CheckedPack;
use std::collections::VecDeque;
use std::sync::Arc;
use vocabulary::{Date, DivisionId, Moment, RecordId, Value};
use zeroize::Zeroizing;

/// The facts of one deed, while it runs.
pub struct Draft<'a> {
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) deed: Deed,
    pub(crate) seq: i64,
    pub(crate) at: Moment,
    /// The transaction's salt, stored, from which the salts of facts are drawn.
    pub(crate) salt: [u8; 32],
    pub(crate) salts: Keyed,
    /// Never stored: keys, sealed salts and nonces are drawn from it, and it dies with the draft.
    pub(crate) seed: Keyed,
    pub(crate) pending: Vec<Pending>,
    /// Facts handed out to be sealed, oldest first.
    pub(crate) ahead: VecDeque<Ahead>,
    /// Subjects whose key this transaction drew.
    pub(crate) drawn: HashSet<RecordId>,
    /// Hashes of the facts already flushed.
    pub(crate) leaves: Vec<[u8; 32]>,
    /// Records from here on began in this transaction.
    pub(crate) first_record: RecordId,
    /// Touched by an earlier flush.
    pub(crate) touched: HashSet<(usize, RecordId)>,
    /// By what new records are found, until they are many or somebody needs the table.
    pub(crate) grams: table::Batch,
    pub(crate) withdrawals: Arc<Withdrawals>,
    pub(crate) divisions_changed: bool,
    pub(crate) pack_at: Option<u32>,
    /// What its facts speak of, for its line of the audit.
    pub(crate) told: Told,
    /// What it says of itself there.
    pub(crate) own: AuditLine,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(ledger: &'a mut Ledger, deed: Deed) -> Result<Draft<'a>, LedgerError> {
        let alg = ledger.reader.book().alg;
        let mut salt = [0; 32];
        ledger.entropy.fill(&mut salt);
        let mut seed = Zeroizing::new([0; 32]);
        ledger.entropy.fill(&mut *seed);
        let withdrawals = ledger.withdrawals.clone();
        let head = &ledger.head;
        Ok(Draft {
            seq: head.seq + 1,
            // Record time never runs backwards, whatever the clock does.
            at: Moment(deed.at.0.max(head.at.0 + 1)),
            salts: Keyed::new(alg, &salt),
            seed: Keyed::new(HashAlg::Sha256, &*seed),
            salt,
            deed,
            pending: Vec::new(),
            ahead: VecDeque::new(),
            drawn: HashSet::default(),
            leaves: Vec::new(),
            first_record: ledger.next_record,
            touched: HashSet::default(),
            grams: table::Batch::default(),
            withdrawals,
            divisions_changed: false,
            pack_at: None,
            told: Told::Nothing,
            own: AuditLine::default(),
            ledger,
        })
    }

    /// Reads what is in the book and what this deed has flushed.
    pub fn reader(&self) -> &Reader {
        &self.ledger.reader
    }

    /// The number this transaction will have.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// The record time this transaction will have.
    pub fn at(&self) -> Moment {
        self.at
    }

    /// How many facts there are so far.
    pub fn len(&self) -> usize {
        let ahead: usize = self.ahead.iter().map(|work| work.facts).sum();
        self.leaves.len() + ahead + self.pending.len()
    }

    /// Whether nothing was said yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A number for a new record.
    pub fn new_record(&mut self) -> RecordId {
        let record = self.ledger.next_record;
        self.ledger.next_record += 1;
        record
    }

    /// Adds a source; facts name it by the number answered.
    pub fn add_source(&mut self, source: Source) -> u16 {
        self.deed.sources.push(source);
        u16::try_from(self.deed.sources.len() - 1).expect("a deed reads fewer than 65,536 sheets")
    }

    /// A source says so. Answers the fact's position in the transaction.
    pub fn assert(&mut self, fact: NewFact) -> Result<u32, LedgerError> {
        self.speak(Op::Assert, fact)
    }

    /// A person decided: outranks every source for the fields it sets; says nothing about existence, and about
    /// the place only when its division is not 0.
    pub fn decide(&mut self, fact: NewFact) -> Result<u32, LedgerError> {
        self.speak(Op::Decide, fact)
    }

    /// Not true from the fact's `from` on; its values are not looked at.
    pub fn end(&mut self, fact: NewFact) -> Result<u32, LedgerError> {
        self.speak(Op::End, fact)
    }

    fn speak(&mut self, op: Op, fact: NewFact) -> Result<u32, LedgerError> {
        let registers = &self.ledger.reader.state.registers;
        let Some(plan) = registers.plans.get(fact.register) else {
            return Err(LedgerError::NoRegister(fact.register.to_string()));
        };
        let mut reason = fault(plan, &fact, self.deed.sources.len());
        // Places are numbered by their codes, everything else by the counter.
        if fact.register != registers.division && fact.record >= self.ledger.next_record {
            reason = Some("its record was not drawn from the counter");
        }
        if let Some(reason) = reason {
            return Err(LedgerError::BadFact {
                register: plan.decl.name.clone(),
                reason,
            });
        }
        if fact.register != registers.finding {
            self.told = self.told.of(fact.register, fact.record, fact.division);
        }
        Ok(self.push(Pending::Speak(op, fact)))
    }

    /// A complete list of a register in these divisions, at a date, was seen.
    pub fn roster(
        &mut self,
        register: usize,
        scope: &[DivisionId],
        as_of: Date,
    ) -> Result<u32, LedgerError> {
        let name = self.register_name(register)?;
        let mut list = String::from("[");
        for (n, division) in scope.iter().enumerate() {
            if n > 0 {
                list.push(',');
            }
            decimal(*division, &mut list);
        }
        list.push(']');
        let reader = &self.ledger.reader;
        let sql = format!(
            "INSERT INTO roster (book, register, scope, as_of, tx) VALUES ({})",
            reader.dialect().placeholders(5)
        );
        reader.store.execute(
            &sql,
            &[
                Datum::Int(reader.book().id),
                Datum::Text(&name),
                Datum::Text(&list),
                Datum::Int(as_of.int().into()),
                Datum::Int(self.seq),
            ],
        )?;
        let body = format!(
            "{{\"op\":\"roster\",\"register\":\"{name}\",\"scope\":{list},\"as_of\":{}}}",
            as_of.int()
        );
        Ok(self.push(Pending::Other {
            register: Some(name),
            record: None,
            body,
        }))
    }

    /// A source has covered a register for a division.
    pub fn coverage(
        &mut self,
        register: usize,
        division: DivisionId,
        as_of: Date,
    ) -> Result<u32, LedgerError> {
        let name = self.register_name(register)?;
        cover(&self.ledger.reader, &name, division, as_of, self.seq)?;
        let body = format!(
            "{{\"op\":\"coverage\",\"register\":\"{name}\",\"division\":{division},\"as_of\":{}}}",
            as_of.int()
        );
        Ok(self.push(Pending::Other {
            register: Some(name),
            record: None,
            body,
        }))
    }

    /// Takes back a fact, or with `ord` `None` everything that a transaction said, as if never asserted.
    /// An undo is itself a transaction and can be taken back. A version of the pack is not taken back this way.
    pub fn withdraw(&mut self, tx: i64, ord: Option<u32>) -> Result<u32, LedgerError> {
        if tx < 1 || tx >= self.seq {
            return Err(LedgerError::BadFact {
                register: String::new(),
                reason: "no such transaction",
            });
        }
        let by = (self.seq, self.next_ord());
        let reader = &self.ledger.reader;
        let sql = format!(
            "INSERT INTO withdrawal (book, tx, ord, by_tx, by_ord) VALUES ({})",
            reader.dialect().placeholders(5)
        );
        let params = [
            Datum::Int(reader.book().id),
            Datum::Int(tx),
            Datum::Int(ord.map_or(-1, i64::from)),
            Datum::Int(by.0),
            Datum::Int(by.1.into()),
        ];
        reader.store.execute(&sql, &params)?;
        Arc::make_mut(&mut self.withdrawals).add(tx, ord, by);
        let part = ord.map_or_else(String::new, |ord| format!(",\"ord\":{ord}"));
        let body = format!("{{\"op\":\"withdraw\",\"tx\":{tx}{part}}}");
        Ok(self.push(Pending::Withdraw { tx, ord, body }))
    }

    /// Puts a version of the pack in force: stored as a fact; registers whose rows would look different are
    /// rebuilt from their facts. Positions of registers and fields are those of the new version from here on.
    pub fn pack(&mut self, pack: CheckedPack) -> Result<(), LedgerError> {
        self.flush_whole()?;
        let mut body = String::from("{\"op\":\"pack\",\"hash\":");
        quote(&pack.hash, &mut body);
        body.push_str(",\"files\":{");
        for (n, (path, text)) in pack.files.iter().enumerate() {
            if n > 0 {
                body.push(',');
            }
            quote(path, &mut body);
            body.push(':');
            quote(text, &mut body);
        }
        body.push_str("}}");
        let ord = self.push(Pending::Other {
            register: None,
            record: None,
            body,
        });
        self.pack_at = Some(ord);
        let old = self.ledger.reader.state.clone();
        let registers = Registers::new(&pack, self.ledger.reader.dialect())?;
        self.ledger.reader.state = Arc::new(State {
            book: old.book.clone(),
            pack: Arc::new(pack),
            registers: Arc::new(registers),
            master: old.master.clone(),
            path: old.path.clone(),
        });
        self.touched.clear();
        self.reshape(&old.registers)
    }

    /// Makes the tables of new registers, and anew those whose shape changed.
    fn reshape(&mut self, old: &Registers) -> Result<(), LedgerError> {
        let reader = &self.ledger.reader;
        let dialect = reader.dialect();
        let registers = reader.state.registers.clone();
        let mut rebuilt: Vec<&Plan> = Vec::new();
        for plan in &registers.plans {
            let names = std::iter::once(&plan.decl.name).chain(&plan.decl.was);
            let before = names
                .filter_map(|name| old.plans.get(old.index(name)?))
                .next();
            if before.is_some_and(|before| before.shape() == plan.shape()) {
                continue;
            }
            if let Some(before) = before {
                reader.store.batch(&before.drop())?;
                table::forget(reader, &before.decl.name)?;
            }
            // A register that a former version dropped and this one declares again may still have its table.
            if reader.store.has_table(&plan.current)? {
                reader.store.batch(&plan.drop())?;
                table::forget(reader, &plan.decl.name)?;
            }
            reader.store.batch(&plan.create(dialect))?;
            rebuilt.push(plan);
        }
        for gone in &old.plans {
            // Its rows stay, as history that no table shows; nobody finds anything by them.
            if gone.is_sought() && registers.index(&gone.decl.name).is_none() {
                table::forget(reader, &gone.decl.name)?;
            }
        }
        if !rebuilt.is_empty() {
            reader.store.settle()?;
        }
        if self.seq > 1 {
            for plan in rebuilt {
                let records = records_of(reader, plan)?;
                for record in records {
                    derive::rewrite(reader, plan, record, &self.withdrawals, self.seq)?;
                }
            }
        }
        Ok(())
    }

    fn register_name(&self, register: usize) -> Result<String, LedgerError> {
        let decl = self.ledger.reader.registers().get(register);
        decl.map(|decl| decl.name.clone())
            .ok_or_else(|| LedgerError::NoRegister(register.to_string()))
    }

    fn next_ord(&self) -> u32 {
        u32::try_from(self.len())
            .expect("a transaction holds fewer than four thousand million facts")
    }

    pub(crate) fn push(&mut self, pending: Pending) -> u32 {
        let ord = self.next_ord();
        self.pending.push(pending);
        ord
    }
}

/// Every record of which some fact speaks in a register, under its present or a former name.
pub(crate) fn records_of(reader: &Reader, plan: &Plan) -> Result<Vec<RecordId>, LedgerError> {
    let mut records = Vec::new();
    for name in std::iter::once(&plan.decl.name).chain(&plan.decl.was) {
        let sql = format!(
            "SELECT DISTINCT record FROM fact WHERE book = {} AND register = {} AND record IS NOT NULL",
            reader.placeholder(1),
            reader.placeholder(2)
        );
        reader.store.query(
            &sql,
            &[Datum::Int(reader.book().id), Datum::Text(name)],
            &mut |row| {
                records.push(row[0].int());
                Ok(())
            },
        )?;
    }
    records.sort_unstable();
    records.dedup();
    Ok(records)
}

/// Writes a row of coverage, once.
pub(crate) fn cover(
    reader: &Reader,
    register: &str,
    division: DivisionId,
    as_of: Date,
    tx: i64,
) -> Result<(), LedgerError> {
    let p = |n| reader.placeholder(n);
    let sql = format!(
        "INSERT INTO coverage (book, register, division, as_of, tx) SELECT {b}, {r}, {d}, {a}, {t} \
         WHERE NOT EXISTS (SELECT 1 FROM coverage WHERE book = {b} AND register = {r} AND division = {d} \
         AND as_of = {a} AND tx = {t})",
        b = p(1),
        r = p(2),
        d = p(3),
        a = p(4),
        t = p(5)
    );
    let params = [
        Datum::Int(reader.book().id),
        Datum::Text(register),
        Datum::Int(division),
        Datum::Int(as_of.int().into()),
        Datum::Int(tx),
    ];
    reader.store.execute(&sql, &params)?;
    Ok(())
}

/// Why a fact cannot be written.
fn fault(plan: &Plan, fact: &NewFact, sources: usize) -> Option<&'static str> {
    let fields = plan.rules.len();
    if fact.to.is_some_and(|to| to <= fact.from) {
        return Some("it ends before it begins");
    }
    if fact.record <= 0 {
        return Some("it names no record");
    }
    if fact
        .source
        .is_some_and(|(source, _)| usize::from(source) >= sources)
    {
        return Some("its source is not one of the deed's");
    }
    for (n, (index, value)) in fact.values.iter().enumerate() {
        let Some(rule) = plan.rules.get(*index) else {
            return Some("it sets a field that is not there");
        };
        let fits = match value {
            Value::Null => true,
            Value::Int(_) => rule.integer,
            Value::Text(_) => !rule.integer,
        };
        if !fits {
            return Some("a value is of another type than its field");
        }
        if fact.values[..n].iter().any(|(other, _)| other == index) {
            return Some("it sets a field twice");
        }
    }
    if fact.ranks.iter().any(|(index, _)| *index >= fields) {
        return Some("it ranks a field that is not there");
    }
    let cells = &fact.cells;
    if cells
        .iter()
        .any(|(index, _)| *index >= fields && *index != crate::fact::WHOLE_ROW)
    {
        return Some("it names the cell of a field that is not there");
    }
    None
}
