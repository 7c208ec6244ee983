//! Whole registers, the place tree and what was covered, as they were believed after some transaction. The tables of the present
//! answer for today; what they no longer say is read from superseded rows and from the facts themselves.
//! Knows nothing of what is asked of the tree.

use crate::body;
use crate::divisions::latest;
use crate::error::LedgerError;
use crate::fact::{Division, Slice};
use crate::layout;
use crate::reader::{Reader, day, slice_of};
use crate::register::Plan;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::{Date, DivisionId, Moment, RecordId};

/// The place tree of another time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    places: Vec<Division>,
    below: BTreeMap<DivisionId, BTreeSet<DivisionId>>,
}

impl Drawn {
    /// Every place, as its latest slice named it, in order of code.
    pub fn places(&self) -> &[Division] {
        &self.places
    }

    /// A place with everything below it; nothing for what was no place then.
    pub fn below(&self, place: DivisionId) -> impl Iterator<Item = DivisionId> + '_ {
        self.below.get(&place).into_iter().flatten().copied()
    }

    /// Whether a place lay below another.
    pub fn lies_in(&self, division: DivisionId, above: DivisionId) -> bool {
        self.below
            .get(&above)
            .is_some_and(|below| below.contains(&division))
    }
}

/// That a source has covered a register for a division.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Covered {
    /// The register, by the name it had then.
    pub register: String,
    /// The division.
    pub division: DivisionId,
    /// The earliest date at which such a source spoke.
    pub since: Date,
}

impl Reader {
    /// The place tree as it was believed after a transaction; `None` when it is today's, as it nearly always is.
    pub fn drawn(&self, known: i64) -> Result<Option<Drawn>, LedgerError> {
        let registers = &self.state.registers;
        let plan = &registers.plans[registers.division];
        let book = Datum::Int(self.book().id);
        let mut redrawn = false;
        for (table, column) in [(&plan.current, layout::TX), (&plan.history, layout::TX_TO)] {
            let sql = format!(
                "SELECT 1 FROM {table} WHERE book = {} AND {column} > {} LIMIT 1",
                self.placeholder(1),
                self.placeholder(2)
            );
            let params = [book, Datum::Int(known)];
            self.store.query(&sql, &params, &mut |_| {
                redrawn = true;
                Ok(())
            })?;
        }
        if !redrawn {
            return Ok(None);
        }
        let rows = self.believed_rows(plan, known)?;
        let (places, tree) = latest(plan, rows)?;
        let mut below: BTreeMap<DivisionId, BTreeSet<DivisionId>> = BTreeMap::new();
        for (ancestor, division) in tree {
            below.entry(ancestor).or_default().insert(division);
        }
        Ok(Some(Drawn { places, below }))
    }

    /// Every slice of a register, by present knowledge or as believed at a moment, in order of record and time.
    pub fn all_at(
        &self,
        register: &str,
        known: Option<Moment>,
    ) -> Result<Vec<(RecordId, Slice)>, LedgerError> {
        match known {
            None => Ok(self.all(register)?.collect()),
            Some(known) => {
                let plan = self.state.registers.need(register)?;
                self.believed_rows(plan, self.tx_at(known)?)
            }
        }
    }

    fn believed_rows(&self, plan: &Plan, tx: i64) -> Result<Vec<(RecordId, Slice)>, LedgerError> {
        let mut rows = Vec::new();
        let sql = format!(
            "SELECT {s} FROM {} WHERE book = {b} AND tx <= {k} \
             UNION ALL SELECT {s} FROM {} WHERE book = {b} AND tx <= {k} AND tx_to > {k}",
            plan.current,
            plan.history,
            s = plan.selected,
            b = self.placeholder(1),
            k = self.placeholder(2),
        );
        let params = [Datum::Int(self.book().id), Datum::Int(tx)];
        self.store.query(&sql, &params, &mut |row| {
            rows.push(slice_of(row));
            Ok(())
        })?;
        rows.sort_by_key(|(record, slice)| (*record, slice.from));
        Ok(rows)
    }

    /// What was covered, by present knowledge or as it was known after a transaction; in order.
    pub fn coverage(&self, known: Option<i64>) -> Result<Vec<Covered>, LedgerError> {
        let mut since: BTreeMap<(String, DivisionId), Date> = BTreeMap::new();
        let mut note = |register: &str, division: DivisionId, as_of: Date| {
            let earliest = since
                .entry((register.to_owned(), division))
                .or_insert(as_of);
            *earliest = as_of.min(*earliest);
        };
        // The table holds what is covered now. What an undo has reached is told by the facts.
        let mut reached = BTreeSet::new();
        if let Some(known) = known {
            let withdrawals = Withdrawals::load(&*self.store, self.book().id)?;
            reached.extend(withdrawals.targets().filter(|tx| *tx <= known));
            let withdrawn = withdrawals.at(known);
            for tx in &reached {
                self.covered_by(*tx, &mut |ord, register, division, as_of| {
                    if !withdrawn.has(*tx, ord) {
                        note(register, division, as_of);
                    }
                })?;
            }
        }
        let without: Vec<String> = reached.iter().map(i64::to_string).collect();
        let sql = format!(
            "SELECT register, division, MIN(as_of) FROM {} WHERE book = {} AND tx <= {} AND tx NOT IN ({}) \
             GROUP BY register, division",
            layout::COVERAGE,
            self.placeholder(1),
            self.placeholder(2),
            // No transaction has the number 0.
            if without.is_empty() {
                "0".to_owned()
            } else {
                without.join(", ")
            },
        );
        let params = [
            Datum::Int(self.book().id),
            Datum::Int(known.unwrap_or(i64::MAX)),
        ];
        self.store.query(&sql, &params, &mut |row| {
            note(row[0].text(), row[1].int(), day(row[2]));
            Ok(())
        })?;
        let covered = |((register, division), since)| Covered {
            register,
            division,
            since,
        };
        Ok(since.into_iter().map(covered).collect())
    }

    /// What the facts of one transaction say of coverage: position, register, division and date.
    fn covered_by(
        &self,
        tx: i64,
        each: &mut dyn FnMut(u32, &str, DivisionId, Date),
    ) -> Result<(), LedgerError> {
        let sql = format!(
            "SELECT ord, body FROM fact WHERE book = {} AND tx = {} AND record IS NULL AND register IS NOT NULL",
            self.placeholder(1),
            self.placeholder(2)
        );
        let params = [Datum::Int(self.book().id), Datum::Int(tx)];
        self.store.query(&sql, &params, &mut |row| {
            let json = body::parse(row[1].text())?;
            if json["op"].as_str() == Some("coverage") {
                let int = |key: &str| json[key].as_i64().unwrap_or(0);
                let register = json["register"].as_str().unwrap_or_default();
                let ord = u32::try_from(row[0].int()).unwrap_or(0);
                each(
                    ord,
                    register,
                    int("division"),
                    day(Datum::Int(int("as_of"))),
                );
            }
            Ok(())
        })
    }
}
