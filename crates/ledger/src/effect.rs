//! What one transaction did to the rows of a register, and what was built on it: asked by whoever wants to show an
//! undo before it is written.

use crate::error::LedgerError;
use crate::fact::Slice;
use crate::reader::Reader;
use crate::store::Datum;
use crate::withdrawal::Withdrawals;
use std::collections::{BTreeSet, HashSet};
use vocabulary::RecordId;

/// What a transaction did to one record: its slices before and after. Empty before: it was not there; empty
/// after: it is there no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The record.
    pub record: RecordId,
    /// The slices believed before the transaction.
    pub before: Vec<Slice>,
    /// The slices believed after it.
    pub after: Vec<Slice>,
}

impl Reader {
    /// The records of a register whose rows the last transaction (or the draft at hand) changed, in order.
    pub fn touched(&self, register: &str, tx: i64) -> Result<Vec<RecordId>, LedgerError> {
        let plan = self.state.registers.need(register)?;
        let mut found: BTreeSet<RecordId> = BTreeSet::new();
        for (table, column) in [(&plan.current, "tx"), (&plan.history, "tx_to")] {
            let sql = format!(
                "SELECT DISTINCT record FROM {table} WHERE book = {} AND {column} = {}",
                self.placeholder(1),
                self.placeholder(2)
            );
            let params = [Datum::Int(self.book().id), Datum::Int(tx)];
            self.store.query(&sql, &params, &mut |row| {
                found.insert(row[0].int());
                Ok(())
            })?;
        }
        Ok(found.into_iter().collect())
    }

    /// What the last transaction (or the draft at hand) did to a record.
    pub fn effect(&self, register: &str, record: RecordId, tx: i64) -> Result<Effect, LedgerError> {
        let plan = self.state.registers.need(register)?;
        Ok(Effect {
            record,
            before: self.believed(plan, record, tx - 1)?,
            after: self.believed(plan, record, tx)?,
        })
    }

    /// The registers and records of which a transaction speaks, in the order of its facts.
    pub fn spoken_of(&self, tx: i64) -> Result<Vec<(String, RecordId)>, LedgerError> {
        let sql = format!(
            "SELECT register, record FROM fact WHERE book = {} AND tx = {} AND record IS NOT NULL ORDER BY ord",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = Vec::new();
        let params = [Datum::Int(self.book().id), Datum::Int(tx)];
        self.store.query(&sql, &params, &mut |row| {
            found.push((row[0].text().to_owned(), row[1].int()));
            Ok(())
        })?;
        Ok(found)
    }

    /// Transactions that were taken back as a whole.
    pub fn taken_back(&self) -> Result<HashSet<i64>, LedgerError> {
        let withdrawals = Withdrawals::load(&*self.store, self.book().id)?;
        Ok(withdrawals.at(i64::MAX).wholly())
    }

    /// Later transactions that say something of a record of which this one speaks, in order.
    pub fn built_on(&self, tx: i64) -> Result<Vec<i64>, LedgerError> {
        let sql = format!(
            "SELECT DISTINCT later.tx FROM fact earlier JOIN fact later \
             ON later.book = earlier.book AND later.record = earlier.record \
             WHERE earlier.book = {} AND earlier.tx = {} AND earlier.record IS NOT NULL AND later.tx > earlier.tx",
            self.placeholder(1),
            self.placeholder(2)
        );
        let mut found = BTreeSet::new();
        let params = [Datum::Int(self.book().id), Datum::Int(tx)];
        self.store.query(&sql, &params, &mut |row| {
            found.insert(row[0].int());
            Ok(())
        })?;
        Ok(found.into_iter().collect())
    }
}
