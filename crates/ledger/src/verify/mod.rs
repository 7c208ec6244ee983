//! Verification: the chain is hashed again from headers, bodies and salts; every commitment is opened where its
//! key still exists; every derived row is worked out again from the bodies and compared with what stands in
//! the tables. Compares rows; of pages only whether the store itself finds them in order. Works when keys were
//! lawfully destroyed.

mod chain; // every hash again
mod grams; // by what records are found
mod kept; // rows as they stand
mod meta; // what the book keeps of itself
mod opened; // what does not open, and why
mod rows; // rows as they must be
mod work; // shared by threads

pub use work::Progress;

use crate::audit;
use crate::body;
use crate::divisions::{self, Named};
use crate::error::LedgerError;
use crate::reader::Reader;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use kept::Found;
use std::collections::{BTreeMap, BTreeSet};

/// Differences named before only counting.
const NAMED_MAX: usize = 20;

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

    /// Takes in what another part of the work found.
    fn join(&mut self, other: Verified) {
        self.transactions += other.transactions;
        self.facts += other.facts;
        self.commitments += other.commitments;
        self.erased += other.erased;
        self.differences += other.differences;
        for (table, rows) in other.rows {
            *self.rows.entry(table).or_default() += rows;
        }
        let room = NAMED_MAX - self.named.len();
        self.named.extend(other.named.into_iter().take(room));
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

    /// Rosters, coverage, withdrawals and the audit, from their bodies.
    fn verify_lists(&self, out: &mut Verified) -> Result<(), LedgerError> {
        let withdrawn = Withdrawals::load(&*self.store, self.book().id)?.at(i64::MAX);
        let book = [Datum::Int(self.book().id)];
        let at = self.placeholder(1);
        let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut lines = 0;
        let sql = format!(
            "SELECT tx, ord, body, register FROM fact WHERE book = {at} AND record IS NULL"
        );
        self.store.query(&sql, &book, &mut |row| {
            let (tx, ord) = (row[0].int(), u32::try_from(row[1].int()).unwrap_or(0));
            // A pack is large and has no list: told by its first bytes.
            let text = row[2].text();
            if text.starts_with("{\"op\":\"pack\"") {
                return Ok(());
            }
            if text.starts_with(audit::OP) {
                lines += 1;
                if let Some((found, wanted)) = self.audit_row_differs(tx, ord, text)? {
                    out.differ("audit", format!("{tx}:{ord}"), found, wanted);
                }
                return Ok(());
            }
            let json = body::parse(text)?;
            let register = json["register"].as_str().unwrap_or_default();
            if row[3].text() != register || body::read(text)?.is_some() {
                let (place, found) = (format!("{tx}:{ord}"), row[3].text().to_owned());
                let wanted = format!("{register} {}", json["record"]);
                out.differ("fact", place, found, wanted);
            }
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
        let rows = self.audit_rows()?;
        out.rows.insert("audit".to_owned(), lines);
        if rows != lines {
            let (found, wanted) = (format!("{rows} rows"), format!("{lines} rows"));
            out.differ("audit", String::new(), found, wanted);
        }
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

/// A row for a person to read.
fn show(row: Option<&Found>) -> String {
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
