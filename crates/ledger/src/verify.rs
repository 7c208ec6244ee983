//! Verification: the chain is hashed again from headers, bodies and salts; every commitment is opened where its
//! key still exists; every derived row is worked out again from the bodies and compared with what stands in
//! the tables. Compares rows, never database pages. Works when keys were lawfully destroyed.

use crate::body::{self, Body};
use crate::derive::replay;
use crate::divisions::{self, Named};
use crate::error::LedgerError;
use crate::fact::{Assertion, Slice};
use crate::forge::salt_of;
use crate::hash::{HashAlg, Keyed, hex, thirty_two};
use crate::ledger::chain;
use crate::reader::{Reader, slice_of};
use crate::register::{Plan, Subject};
use crate::seal::{canonical, commitment};
use crate::store::Datum;
use crate::tree;
use crate::withdrawal::Withdrawals;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::RecordId;

/// Differences named before only counting.
const NAMED_MAX: usize = 20;

/// Facts hashed at once.
const FACTS_AT_ONCE: usize = 8192;

/// What a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Transactions whose hash was computed again.
    pub transactions: u64,
    /// Facts whose leaf was computed again.
    pub facts: u64,
    /// Commitments opened and computed again.
    pub commitments: u64,
    /// Facts whose personal values were lawfully destroyed.
    pub erased: u64,
    /// Derived rows compared, by table.
    pub rows: BTreeMap<String, u64>,
    /// How many differences there are.
    pub differences: u64,
    /// The first of them, plainly.
    pub named: Vec<Difference>,
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `chain`, `sealed`, or the table.
    pub part: String,
    /// The transaction, the fact (`tx:ord`) or the record.
    pub place: String,
    /// What is there.
    pub found: String,
    /// What must be there.
    pub wanted: String,
}

impl Verified {
    /// Whether everything is as it must be.
    pub fn is_sound(&self) -> bool {
        self.differences == 0
    }

    fn differ(&mut self, part: &str, place: String, found: String, wanted: String) {
        self.differences += 1;
        if self.named.len() < NAMED_MAX {
            self.named.push(Difference {
                part: part.to_owned(),
                place,
                found,
                wanted,
            });
        }
    }
}

impl Reader {
    /// Verifies the whole book.
    pub fn verify(&self) -> Result<Verified, LedgerError> {
        let mut out = Verified::default();
        self.verify_chain(&mut out)?;
        self.verify_rows(&mut out)?;
        self.verify_places(&mut out)?;
        self.verify_lists(&mut out)?;
        Ok(out)
    }

    fn verify_chain(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let sql = format!(
            "SELECT seq, at, actor, deed, client_id, pack, alg, salt, header, root, prev, hash FROM tx \
             WHERE book = {} ORDER BY seq",
            self.placeholder(1)
        );
        let book = Datum::Int(self.book().id);
        let mut prev = [0; 32];
        let mut last = (0, i64::MIN);
        let mut problem: Option<LedgerError> = None;
        self.store.query(&sql, &[book], &mut |row| {
            let (seq, at) = (row[0].int(), row[1].int());
            out.transactions += 1;
            let place = || seq.to_string();
            if seq != last.0 + 1 {
                out.differ("chain", place(), seq.to_string(), (last.0 + 1).to_string());
            }
            if at <= last.1 {
                out.differ(
                    "chain",
                    place(),
                    format!("at {at}"),
                    format!("later than {}", last.1),
                );
            }
            last = (seq, at);
            let header = body::parse(row[8].text())?;
            for (column, name) in [
                (2, "actor"),
                (3, "deed"),
                (4, "client_id"),
                (5, "pack"),
                (6, "alg"),
            ] {
                let wanted = header[name].as_str().unwrap_or_default();
                if row[column].text() != wanted {
                    out.differ(
                        "chain",
                        place(),
                        row[column].text().to_owned(),
                        wanted.to_owned(),
                    );
                }
            }
            if header["seq"].as_i64() != Some(seq)
                || header["at"].as_i64() != Some(at)
                || header["book"].as_i64() != Some(self.book().id)
            {
                out.differ(
                    "chain",
                    place(),
                    "the row".to_owned(),
                    "as its header says".to_owned(),
                );
            }
            let Some(alg) = HashAlg::from_word(row[6].text()) else {
                out.differ(
                    "chain",
                    place(),
                    row[6].text().to_owned(),
                    "sha256 or sm3".to_owned(),
                );
                return Ok(());
            };
            let leaves = match self.leaves(alg, seq, row[7].bytes()) {
                Ok(leaves) => leaves,
                Err(error) => {
                    problem = Some(error);
                    return Ok(());
                }
            };
            out.facts += u64::try_from(leaves.len()).unwrap_or(0);
            if header["facts"].as_u64() != u64::try_from(leaves.len()).ok() {
                out.differ(
                    "chain",
                    place(),
                    leaves.len().to_string(),
                    header["facts"].to_string(),
                );
            }
            let root = tree::root(alg, &leaves);
            let (kept, before) = (row[9].bytes(), row[10].bytes());
            if kept != root {
                out.differ("chain", place(), hex(kept), hex(&root));
            }
            if before != prev {
                out.differ("chain", place(), hex(before), hex(&prev));
            }
            let hash = chain(alg, &prev, &root, row[8].text());
            if row[11].bytes() != hash {
                out.differ("chain", place(), hex(row[11].bytes()), hex(&hash));
            }
            // From here on the kept hash is followed, so that one change is not reported for every later one.
            prev = thirty_two(row[11].bytes()).unwrap_or(hash);
            Ok(())
        })?;
        problem.map_or(Ok(()), Err)
    }

    /// The leaves of a transaction, from bodies and the transaction's salt.
    fn leaves(&self, alg: HashAlg, tx: i64, salt: &[u8]) -> Result<Vec<[u8; 32]>, LedgerError> {
        let salts = Keyed::new(alg, salt);
        let sql = format!(
            "SELECT ord, body FROM fact WHERE book = {} AND tx = {} ORDER BY ord",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut leaves = Vec::new();
        let mut waiting: Vec<(usize, String)> = Vec::with_capacity(FACTS_AT_ONCE);
        let work = |waiting: &mut Vec<(usize, String)>, leaves: &mut Vec<[u8; 32]>| {
            let leaf = |(n, body): &(usize, String)| {
                tree::leaf(alg, &salt_of(&salts, *n), body.as_bytes())
            };
            leaves.extend(waiting.par_iter().map(leaf).collect::<Vec<_>>());
            waiting.clear();
        };
        self.store.query(
            &sql,
            &[Datum::Int(self.book().id), Datum::Int(tx)],
            &mut |row| {
                waiting.push((
                    usize::try_from(row[0].int()).unwrap_or(usize::MAX),
                    row[1].text().to_owned(),
                ));
                if waiting.len() == FACTS_AT_ONCE {
                    work(&mut waiting, &mut leaves);
                }
                Ok(())
            },
        )?;
        work(&mut waiting, &mut leaves);
        Ok(leaves)
    }

    /// Works out the rows of every record from its facts, in one pass over facts in order of record, and
    /// compares them with the tables, which are read in the same order.
    fn verify_rows(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let withdrawals = Withdrawals::load(&*self.store, self.book().id)?;
        let erasures = self.erasures()?;
        let ranges = self.record_ranges()?;
        for plan in &self.state.registers.plans {
            let mut kept = self.kept(plan)?;
            let name = plan.decl.name.clone();
            let mut rows = 0;
            let mut problem: Option<LedgerError> = None;
            let mut finish = |record: RecordId, facts: Vec<Assertion>, out: &mut Verified| {
                let wanted = replay(&facts, &withdrawals, plan, &self.state.master, i64::MAX);
                let mut wanted: Vec<(Slice, i64)> = wanted
                    .current
                    .into_iter()
                    .map(|slice| (slice, 0))
                    .chain(wanted.history)
                    .collect();
                wanted.sort_by_key(|(slice, tx_to)| (slice.from, slice.tx, *tx_to));
                rows += u64::try_from(wanted.len()).unwrap_or(0);
                let mut found = kept.remove(&record).unwrap_or_default();
                found.sort_by_key(|(slice, tx_to)| (slice.from, slice.tx, *tx_to));
                if found != wanted {
                    let first = found.iter().find(|row| !wanted.contains(row));
                    let other = wanted.iter().find(|row| !found.contains(row));
                    out.differ(&name, record.to_string(), show(first), show(other));
                }
            };
            let mut open: Option<(RecordId, Vec<Assertion>)> = None;
            self.facts_in_order(
                plan,
                &ranges,
                &mut |record, tx, ord, text, subject, sealed| {
                    if problem.is_some() {
                        return;
                    }
                    let fact = match self.checked(
                        plan,
                        (tx, ord),
                        text,
                        subject,
                        sealed,
                        &erasures,
                        out,
                    ) {
                        Ok(Some(fact)) => fact,
                        Ok(None) => return,
                        Err(error) => {
                            problem = Some(error);
                            return;
                        }
                    };
                    match &mut open {
                        Some((same, facts)) if *same == record => facts.push(fact),
                        _ => {
                            if let Some((record, facts)) = open.replace((record, vec![fact])) {
                                finish(record, facts, out);
                            }
                        }
                    }
                },
            )?;
            if let Some((record, facts)) = open {
                finish(record, facts, out);
            }
            if let Some(error) = problem {
                return Err(error);
            }
            out.rows.insert(name.clone(), rows);
            for (record, rows) in kept {
                out.differ(&name, record.to_string(), show(rows.first()), show(None));
            }
        }
        Ok(())
    }

    /// Subjects that were lawfully erased.
    fn erasures(&self) -> Result<BTreeSet<RecordId>, LedgerError> {
        let mut found = BTreeSet::new();
        let sql = format!(
            "SELECT body FROM fact WHERE book = {} AND register IS NULL",
            self.placeholder(1)
        );
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                if row[0].text().starts_with("{\"op\":\"erase\"") {
                    found.extend(body::parse(row[0].text())?["record"].as_i64());
                }
                Ok(())
            })?;
        Ok(found)
    }

    /// The register's rows as they stand: current ones with 0, history with what followed them.
    fn kept(&self, plan: &Plan) -> Result<BTreeMap<RecordId, Vec<(Slice, i64)>>, LedgerError> {
        let mut kept: BTreeMap<RecordId, Vec<(Slice, i64)>> = BTreeMap::new();
        for (table, columns) in [
            (&plan.current, plan.selected.clone()),
            (&plan.history, format!("{}, tx_to", plan.selected)),
        ] {
            let sql = format!(
                "SELECT {columns} FROM {table} WHERE book = {}",
                self.placeholder(1)
            );
            let width = 6 + plan.rules.len();
            self.store
                .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                    let (record, slice) = slice_of(&row[..width]);
                    kept.entry(record)
                        .or_default()
                        .push((slice, row.get(width).map_or(0, |datum| datum.int())));
                    Ok(())
                })?;
        }
        Ok(kept)
    }

    /// The least and the greatest record of each register. Facts are in order of record, so a small register is
    /// read where its records lie and not by going through the whole book.
    fn record_ranges(&self) -> Result<BTreeMap<String, (RecordId, RecordId)>, LedgerError> {
        let sql = format!(
            "SELECT register, MIN(record), MAX(record) FROM fact \
             WHERE book = {} AND register IS NOT NULL AND record IS NOT NULL GROUP BY register",
            self.placeholder(1)
        );
        let mut ranges = BTreeMap::new();
        self.store
            .query(&sql, &[Datum::Int(self.book().id)], &mut |row| {
                ranges.insert(row[0].text().to_owned(), (row[1].int(), row[2].int()));
                Ok(())
            })?;
        Ok(ranges)
    }

    /// Hands every fact of a register to `each`, in order of record, transaction and position.
    #[expect(
        clippy::type_complexity,
        reason = "one caller, and a struct would only repeat the columns"
    )]
    fn facts_in_order(
        &self,
        plan: &Plan,
        ranges: &BTreeMap<String, (RecordId, RecordId)>,
        each: &mut dyn FnMut(RecordId, i64, u32, &str, RecordId, Option<&[u8]>),
    ) -> Result<(), LedgerError> {
        let names: Vec<&String> = std::iter::once(&plan.decl.name)
            .chain(&plan.decl.was)
            .collect();
        let known = || names.iter().filter_map(|name| ranges.get(name.as_str()));
        let (Some(least), Some(greatest)) = (
            known().map(|range| range.0).min(),
            known().map(|range| range.1).max(),
        ) else {
            return Ok(());
        };
        let list: Vec<String> = (0..names.len()).map(|n| self.placeholder(n + 4)).collect();
        let sql = format!(
            "SELECT f.record, f.tx, f.ord, f.body, s.record, s.box FROM fact f LEFT JOIN sealed s \
             ON s.book = f.book AND s.tx = f.tx AND s.ord = f.ord \
             WHERE f.book = {} AND f.record BETWEEN {} AND {} AND f.register IN ({}) \
             ORDER BY f.record, f.tx, f.ord",
            self.placeholder(1),
            self.placeholder(2),
            self.placeholder(3),
            list.join(", ")
        );
        let mut params = vec![
            Datum::Int(self.book().id),
            Datum::Int(least),
            Datum::Int(greatest),
        ];
        params.extend(names.iter().map(|name| Datum::Text(name)));
        self.store.query(&sql, &params, &mut |row| {
            let sealed = if let Datum::Bytes(sealed) = row[5] {
                Some(sealed)
            } else {
                None
            };
            let ord = u32::try_from(row[2].int()).unwrap_or(0);
            each(
                row[0].int(),
                row[1].int(),
                ord,
                row[3].text(),
                row[4].int(),
                sealed,
            );
            Ok(())
        })
    }

    /// A fact opened, its commitments computed again.
    #[expect(clippy::too_many_arguments, reason = "the columns of one row")]
    fn checked(
        &self,
        plan: &Plan,
        (tx, ord): (i64, u32),
        text: &str,
        subject: RecordId,
        sealed: Option<&[u8]>,
        erasures: &BTreeSet<RecordId>,
        out: &mut Verified,
    ) -> Result<Option<Assertion>, LedgerError> {
        let Some(body) = body::read(text)? else {
            return Ok(None);
        };
        let place = || format!("{tx}:{ord}");
        let opened = match sealed {
            Some(sealed) => match self.open(tx, ord, subject, sealed) {
                Ok(opened) => opened,
                Err(LedgerError::Damaged(why)) => {
                    out.differ("sealed", place(), why, "a box that opens".to_owned());
                    None
                }
                Err(error) => return Err(error),
            },
            None => None,
        };
        if body.commitments.is_empty() {
            return self.assertion(plan, tx, ord, body, None).map(Some);
        }
        match &opened {
            Some((salt, json)) => {
                let salts = Keyed::new(self.book().alg, salt);
                for (name, kept) in &body.commitments {
                    let mut text = String::new();
                    canonical(&body::plain(&json[name.as_str()]), &mut text);
                    let made = hex(&commitment(self.book().alg, &salts, name, &text));
                    out.commitments += 1;
                    if made != *kept {
                        out.differ("sealed", format!("{} {name}", place()), made, kept.clone());
                    }
                }
            }
            None if !erased(plan, &body, sealed.is_some().then_some(subject), erasures) => {
                let wanted = "the sealed values, or an erasure".to_owned();
                out.differ("sealed", place(), "nothing".to_owned(), wanted);
            }
            None => out.erased += 1,
        }
        self.assertion(plan, tx, ord, body, opened.as_ref().map(|(_, json)| json))
            .map(Some)
    }

    fn verify_places(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let wanted = divisions::places(self)?;
        let book = [Datum::Int(self.book().id)];
        let mut named: Vec<Named> = Vec::new();
        let at = self.placeholder(1);
        let sql = format!(
            "SELECT division, name, level, parent, vfrom, vto, tx FROM division WHERE book = {at} \
             ORDER BY division, vfrom"
        );
        self.store.query(&sql, &book, &mut |r| {
            let (name, level, parent) = (r[1].value(), r[2].value(), r[3].value());
            named.push((
                r[0].int(),
                name,
                level,
                parent,
                r[4].int(),
                r[5].int(),
                r[6].int(),
            ));
            Ok(())
        })?;
        let mut tree = BTreeSet::new();
        let sql = format!("SELECT ancestor, division FROM division_tree WHERE book = {at}");
        self.store.query(&sql, &book, &mut |row| {
            tree.insert((row[0].int(), row[1].int()));
            Ok(())
        })?;
        let aliases: BTreeSet<_> = self.division_aliases()?.into_iter().collect();
        for (part, same, found, must) in [
            (
                "division",
                named == wanted.named,
                named.len(),
                wanted.named.len(),
            ),
            (
                "division_tree",
                tree == wanted.tree,
                tree.len(),
                wanted.tree.len(),
            ),
            (
                "division_alias",
                aliases == wanted.aliases,
                aliases.len(),
                wanted.aliases.len(),
            ),
        ] {
            out.rows
                .insert(format!("{part} (tree)"), u64::try_from(must).unwrap_or(0));
            if !same {
                out.differ(
                    part,
                    String::new(),
                    format!("{found} rows"),
                    format!("{must} other rows"),
                );
            }
        }
        Ok(())
    }

    /// Rosters, coverage and withdrawals, from their bodies.
    fn verify_lists(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let withdrawn = Withdrawals::load(&*self.store, self.book().id)?.at(i64::MAX);
        let book = [Datum::Int(self.book().id)];
        let at = self.placeholder(1);
        let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let sql = format!("SELECT tx, ord, body FROM fact WHERE book = {at} AND record IS NULL");
        self.store.query(&sql, &book, &mut |row| {
            let (tx, ord) = (row[0].int(), u32::try_from(row[1].int()).unwrap_or(0));
            // A pack is large and has no list: told by its first bytes.
            let text = row[2].text();
            if text.starts_with("{\"op\":\"pack\"") || text.starts_with("{\"op\":\"audit\"") {
                return Ok(());
            }
            let json = body::parse(text)?;
            let register = json["register"].as_str().unwrap_or_default();
            match json["op"].as_str() {
                Some("withdraw") => {
                    let ord_of = json["ord"].as_i64().unwrap_or(-1);
                    let line = format!("{} {ord_of} {tx} {ord}", json["tx"]);
                    wanted.entry("withdrawal").or_default().push(line);
                }
                Some("roster") if !withdrawn.has(tx, ord) => {
                    let line = format!("{register} {} {} {tx}", json["scope"], json["as_of"]);
                    wanted.entry("roster").or_default().push(line);
                }
                Some("coverage") if !withdrawn.has(tx, ord) => {
                    let line = format!("{register} {} {} {tx}", json["division"], json["as_of"]);
                    wanted.entry("coverage").or_default().push(line);
                }
                _ => {}
            }
            Ok(())
        })?;
        for (table, columns) in [
            ("withdrawal", "tx, ord, by_tx, by_ord"),
            ("roster", "register, scope, as_of, tx"),
            ("coverage", "register, division, as_of, tx"),
        ] {
            let mut found = Vec::new();
            let sql = format!("SELECT {columns} FROM {table} WHERE book = {at}");
            self.store.query(&sql, &book, &mut |row| {
                let parts: Vec<String> =
                    row.iter().map(|datum| datum.value().to_string()).collect();
                found.push(parts.join(" "));
                Ok(())
            })?;
            let mut wanted = wanted.remove(table).unwrap_or_default();
            found.sort();
            wanted.sort();
            // One sheet may name a division twice; coverage holds it once.
            wanted.dedup();
            found.dedup();
            out.rows
                .insert(table.to_owned(), u64::try_from(wanted.len()).unwrap_or(0));
            if found != wanted {
                let first = found
                    .iter()
                    .find(|line| !wanted.contains(line))
                    .cloned()
                    .unwrap_or_default();
                let other = wanted
                    .iter()
                    .find(|line| !found.contains(line))
                    .cloned()
                    .unwrap_or_default();
                out.differ(table, String::new(), first, other);
            }
        }
        Ok(())
    }
}

/// Whether the subject of a fact that does not open was lawfully erased. When its box is gone too, the subject
/// is the one that the fact itself names; a fact that leaves it to an earlier one is given the benefit of any
/// erasure.
fn erased(
    plan: &Plan,
    body: &Body,
    subject: Option<RecordId>,
    erasures: &BTreeSet<RecordId>,
) -> bool {
    let named = subject.or_else(|| match plan.subject {
        Subject::Own => Some(body.record),
        Subject::Field(field) => {
            let name = &plan.decl.fields[field].name;
            let set = body.set.iter().find(|(set, _)| set == name);
            set.and_then(|(_, value)| value.as_ref()?.as_int())
        }
        Subject::About(_) => None,
    });
    named.map_or(!erasures.is_empty(), |subject| erasures.contains(&subject))
}

/// A row for a person to read.
fn show(row: Option<&(Slice, i64)>) -> String {
    row.map_or_else(
        || "no such row".to_owned(),
        |(slice, tx_to)| {
            let values: Vec<String> = slice.values.iter().map(ToString::to_string).collect();
            let (from, to) = (slice.from.int(), slice.to.int());
            let until = if *tx_to == 0 {
                String::new()
            } else {
                format!(" until tx {tx_to}")
            };
            format!(
                "[{from}, {to}) {} tx {}:{}{until} {}",
                slice.division,
                slice.tx,
                slice.ord,
                values.join("|")
            )
        },
    )
}
