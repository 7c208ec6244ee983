//! Lawful erasure: a subject's key and boxes destroyed, every row about it written anew without them, and what there
//! is to know before and after. The one way in which something leaves the book; it leaves its own record. Knows
//! neither the law nor who may.

use crate::body;
use crate::derive;
use crate::draft::Draft;
use crate::error::LedgerError;
use crate::fact::Source;
use crate::flush::Pending;
use crate::layout;
use crate::ledger::put_meta;
use crate::reader::Reader;
use crate::register::{Plan, Subject};
use crate::seal::{decimal, quote};
use crate::store::Datum;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{FieldType, Moment, RecordId};

/// The row of `meta` that names an erasure whose traces the store's log may still hold; empty when it holds none.
pub(crate) const UNWIPED: &str = "unwiped";

/// On what ground somebody is erased, and who agreed. Both stay in the chain for ever: neither may name the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The law, the request, the file number.
    pub basis: String,
    /// Who agreed; somebody else than the actor.
    pub approver: String,
}

/// An erasure that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The record whose key was destroyed.
    pub subject: RecordId,
    /// The transaction.
    pub tx: i64,
    /// When.
    pub at: Moment,
    /// Who did it.
    pub actor: String,
    /// On what ground and who agreed.
    pub ground: Ground,
}

/// A fact that has a box under a subject's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The register, as it was called then.
    pub register: String,
    /// The record it speaks of.
    pub record: RecordId,
    /// The transaction.
    pub tx: i64,
    /// The fields whose values lie in the box, as they were called then.
    pub fields: Vec<String>,
    /// The source's position in its transaction, and the row.
    pub row: Option<(u16, u32)>,
}

/// A text that stands in a row of a register, now or formerly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// The register's position.
    pub register: usize,
    /// The record.
    pub record: RecordId,
    /// The field's position.
    pub field: usize,
}

impl Draft<'_> {
    /// Destroys the key and the sealed values of a subject, and writes every row about it anew without them.
    pub fn erase(&mut self, subject: RecordId, ground: &Ground) -> Result<u32, LedgerError> {
        self.flush_whole()?;
        let reader = &self.ledger.reader;
        let about: BTreeSet<(String, RecordId)> = reader
            .sealed_under(subject)?
            .into_iter()
            .map(|sealed| (sealed.register, sealed.record))
            .collect();
        let p = |n| reader.placeholder(n);
        let place = [Datum::Int(reader.book().id), Datum::Int(subject)];
        for table in ["sealed", "subject_key"] {
            let sql = format!(
                "DELETE FROM {table} WHERE book = {} AND record = {}",
                p(1),
                p(2)
            );
            reader.store.execute(&sql, &place)?;
        }
        reader.remember_subject(subject, None);
        self.drawn.remove(&subject);
        let registers = reader.state.registers.clone();
        for (register, record) in &about {
            if let Some(index) = registers.index(register) {
                let plan = &registers.plans[index];
                derive::rewrite(reader, plan, *record, &self.withdrawals, self.seq)?;
            }
        }
        put_meta(reader, UNWIPED, &self.seq.to_string())?;
        self.ledger.scrub = true;
        self.own.record.get_or_insert(subject);
        let mut body = String::from("{\"op\":\"erase\",\"record\":");
        decimal(subject, &mut body);
        body.push_str(",\"basis\":");
        quote(&ground.basis, &mut body);
        body.push_str(",\"approver\":");
        quote(&ground.approver, &mut body);
        body.push('}');
        Ok(self.push(Pending::Other {
            register: None,
            record: None,
            body,
        }))
    }
}

impl Reader {
    /// Every erasure of the book, in order.
    pub fn lawful_erasures(&self) -> Result<Vec<Erasure>, LedgerError> {
        let sql = format!(
            "SELECT f.tx, f.body, t.at, t.actor FROM fact f JOIN tx t ON t.book = f.book AND t.seq = f.tx \
             WHERE f.book = {} AND f.record IS NULL AND f.body LIKE '{{\"op\":\"erase\"%' ORDER BY f.tx, f.ord",
            self.placeholder(1)
        );
        let mut found = Vec::new();
        let book = [Datum::Int(self.book().id)];
        self.store.query(&sql, &book, &mut |row| {
            let json = body::parse(row[1].text())?;
            let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
            found.push(Erasure {
                subject: json["record"].as_i64().unwrap_or(0),
                tx: row[0].int(),
                at: Moment(row[2].int()),
                actor: row[3].text().to_owned(),
                ground: Ground {
                    basis: text("basis"),
                    approver: text("approver"),
                },
            });
            Ok(())
        })?;
        Ok(found)
    }

    /// The facts that have a box under a subject's key, in order of writing.
    pub fn sealed_under(&self, subject: RecordId) -> Result<Vec<Sealed>, LedgerError> {
        let sql = format!(
            "SELECT f.register, f.record, f.tx, f.body FROM sealed s JOIN fact f \
             ON f.book = s.book AND f.tx = s.tx AND f.ord = s.ord \
             WHERE s.book = {} AND s.record = {} ORDER BY s.tx, s.ord",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = Vec::new();
        let place = [Datum::Int(self.book().id), Datum::Int(subject)];
        self.store.query(&sql, &place, &mut |row| {
            let body = body::read(row[3].text())?;
            let (fields, row_of) = body.map_or((Vec::new(), None), |body| {
                let names = body.commitments.into_iter().map(|(name, _)| name);
                (names.collect(), body.src)
            });
            found.push(Sealed {
                register: row[0].text().to_owned(),
                record: row[1].int(),
                tx: row[2].int(),
                fields,
                row: row_of,
            });
            Ok(())
        })?;
        Ok(found)
    }

    /// How many facts speak of a record.
    pub fn facts_about(&self, record: RecordId) -> Result<u64, LedgerError> {
        let sql = format!(
            "SELECT COUNT(*) FROM fact WHERE book = {} AND record = {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut count = 0;
        let place = [Datum::Int(self.book().id), Datum::Int(record)];
        self.store.query(&sql, &place, &mut |row| {
            count = u64::try_from(row[0].int()).unwrap_or(0);
            Ok(())
        })?;
        Ok(count)
    }

    /// The subject that a record of a register belongs to, now or at last: itself, or the record that its
    /// register's subject field names.
    pub fn subject_of(&self, register: &str, record: RecordId) -> Result<RecordId, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let Subject::Field(field) = plan.subject else {
            return Ok(record);
        };
        let mut latest: Option<(i64, RecordId)> = None;
        for table in [&plan.current, &plan.history] {
            let sql = format!(
                "SELECT tx, {} FROM {table} WHERE book = {} AND record = {}",
                plan.columns[field],
                self.placeholder(1),
                self.placeholder(2)
            );
            let place = [Datum::Int(self.book().id), Datum::Int(record)];
            self.store.query(&sql, &place, &mut |row| {
                if let Datum::Int(subject) = row[1]
                    && latest.is_none_or(|(tx, _)| tx <= row[0].int())
                {
                    latest = Some((row[0].int(), subject));
                }
                Ok(())
            })?;
        }
        Ok(latest.map_or(record, |(_, subject)| subject))
    }

    /// Records of other registers that refer to a record, now or formerly: the register's position and the records.
    pub fn referring(
        &self,
        register: &str,
        record: RecordId,
    ) -> Result<BTreeMap<usize, BTreeSet<RecordId>>, LedgerError> {
        let mut found: BTreeMap<usize, BTreeSet<RecordId>> = BTreeMap::new();
        for (at, plan) in self.state.registers.plans.iter().enumerate() {
            let fields = plan.decl.fields.iter().enumerate();
            for (index, _) in fields
                .filter(|(_, f)| matches!(&f.kind, FieldType::Reference(to) if to == register))
            {
                let records = self.records_with(plan, index, Datum::Int(record))?;
                if !records.is_empty() {
                    found.entry(at).or_default().extend(records);
                }
            }
        }
        Ok(found)
    }

    /// Other records of a register that have, now or formerly, a value of this record in one field: the same sure
    /// value means the same person.
    pub fn sharing(
        &self,
        register: &str,
        record: RecordId,
        field: &str,
    ) -> Result<BTreeSet<RecordId>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let index = plan.need(field)?;
        let mut values: BTreeSet<String> = BTreeSet::new();
        for table in [&plan.current, &plan.history] {
            let sql = format!(
                "SELECT DISTINCT {} FROM {table} WHERE book = {} AND record = {}",
                plan.columns[index],
                self.placeholder(1),
                self.placeholder(2)
            );
            let place = [Datum::Int(self.book().id), Datum::Int(record)];
            self.store.query(&sql, &place, &mut |row| {
                if let Datum::Text(text) = row[0] {
                    values.insert(text.to_owned());
                }
                Ok(())
            })?;
        }
        let mut found = BTreeSet::new();
        for value in &values {
            found.extend(self.records_with(plan, index, Datum::Text(value))?);
        }
        found.remove(&record);
        Ok(found)
    }

    fn records_with(
        &self,
        plan: &Plan,
        field: usize,
        value: Datum<'_>,
    ) -> Result<BTreeSet<RecordId>, LedgerError> {
        let mut found = BTreeSet::new();
        for table in [&plan.current, &plan.history] {
            let sql = format!(
                "SELECT DISTINCT record FROM {table} WHERE book = {} AND {} = {}",
                self.placeholder(1),
                plan.columns[field],
                self.placeholder(2)
            );
            let params = [Datum::Int(self.book().id), value];
            self.store.query(&sql, &params, &mut |row| {
                found.insert(row[0].int());
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// Whether a key of this subject lies in the book.
    pub fn has_key(&self, subject: RecordId) -> Result<bool, LedgerError> {
        Ok(self.subject_key(subject)?.is_some())
    }

    /// Rows of any register, now or formerly, in which a text field holds one of these texts.
    pub fn mentions(&self, texts: &[String]) -> Result<BTreeSet<Mention>, LedgerError> {
        let mut found = BTreeSet::new();
        if texts.is_empty() {
            return Ok(found);
        }
        for (register, plan) in self.state.registers.plans.iter().enumerate() {
            let fields: Vec<usize> = plan
                .decl
                .fields
                .iter()
                .enumerate()
                .filter(|(_, field)| field.kind == FieldType::Text && !field.secret)
                .map(|(index, _)| index)
                .collect();
            if fields.is_empty() {
                continue;
            }
            let columns: Vec<&str> = fields.iter().map(|f| plan.columns[*f].as_str()).collect();
            let tests: Vec<String> = columns
                .iter()
                .flat_map(|column| {
                    let one = |n| format!("{column} LIKE {}", self.placeholder(n + 2));
                    (0..texts.len()).map(one).collect::<Vec<_>>()
                })
                .collect();
            let patterns: Vec<String> = texts.iter().map(|text| format!("%{text}%")).collect();
            let mut params = vec![Datum::Int(self.book().id)];
            params.extend(patterns.iter().map(|pattern| Datum::Text(pattern)));
            for table in [&plan.current, &plan.history] {
                let sql = format!(
                    "SELECT record, {} FROM {table} WHERE book = {} AND ({})",
                    columns.join(", "),
                    self.placeholder(1),
                    tests.join(" OR ")
                );
                self.store.query(&sql, &params, &mut |row| {
                    for (field, datum) in fields.iter().zip(&row[1..]) {
                        // A pattern's own signs may have matched more than the text.
                        if texts.iter().any(|text| datum.text().contains(text)) {
                            found.insert(Mention {
                                register,
                                record: row[0].int(),
                                field: *field,
                            });
                        }
                    }
                    Ok(())
                })?;
            }
        }
        Ok(found)
    }

    /// The findings whose sentence lies under their own key, with the place each is about: file, sheet, cells.
    pub fn findings_of_their_own(
        &self,
    ) -> Result<Vec<(RecordId, String, String, String)>, LedgerError> {
        let plan = self.state.registers.need(layout::FINDINGS)?;
        let column = |name: &str| plan.need(name).map(|index| plan.columns[index].clone());
        let (file, sheet, cells) = (column("file")?, column("sheet")?, column("cells")?);
        let mut found = BTreeMap::new();
        for table in [&plan.current, &plan.history] {
            let sql = format!(
                "SELECT r.record, r.{file}, r.{sheet}, r.{cells} FROM {table} r \
                 JOIN subject_key k ON k.book = r.book AND k.record = r.record WHERE r.book = {}",
                self.placeholder(1)
            );
            let book = [Datum::Int(self.book().id)];
            self.store.query(&sql, &book, &mut |row| {
                let text = |n: usize| row[n].text().to_owned();
                found.insert(row[0].int(), (text(1), text(2), text(3)));
                Ok(())
            })?;
        }
        let lines = found.into_iter();
        Ok(lines.map(|(n, (f, s, c))| (n, f, s, c)).collect())
    }

    /// Under whose key the sentence of a finding lies; `None` when no box of it is left.
    pub fn finding_subject(&self, finding: RecordId) -> Result<Option<RecordId>, LedgerError> {
        let sql = format!(
            "SELECT s.record FROM fact f JOIN sealed s ON s.book = f.book AND s.tx = f.tx AND s.ord = f.ord \
             WHERE f.book = {} AND f.record = {}",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = None;
        let place = [Datum::Int(self.book().id), Datum::Int(finding)];
        self.store.query(&sql, &place, &mut |row| {
            found = Some(row[0].int());
            Ok(())
        })?;
        Ok(found)
    }

    /// The source that a fact names by its position.
    pub fn source_at(&self, tx: i64, position: u16) -> Result<Option<Source>, LedgerError> {
        let sources = self.sources(tx)?;
        let found = sources.get(usize::from(position));
        Ok(found.map(|(source, _)| source.clone()))
    }
}
