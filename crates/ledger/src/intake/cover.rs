//! Which divisions a source has covered already, so that the same file says it once.

use crate::error::LedgerError;
use crate::layout;
use crate::reader::Reader;
use std::collections::HashSet;
use vocabulary::{Date, DivisionId, Value};

impl Reader {
    /// The divisions for which a source of this date has covered the register; with `tx`, one of that transaction.
    pub fn covered(
        &self,
        register: &str,
        as_of: Date,
        tx: Option<i64>,
    ) -> Result<HashSet<DivisionId>, LedgerError> {
        let place = |n| self.dialect().placeholder(n);
        let only = tx.map_or_else(String::new, |tx| format!(" AND tx = {tx}"));
        let sql = format!(
            "SELECT division FROM {} WHERE book = {} AND register = {} AND as_of = {}{only}",
            layout::COVERAGE,
            place(1),
            place(2),
            place(3)
        );
        let params = [
            Value::Int(self.book().id),
            Value::from(register),
            Value::Int(as_of.int().into()),
        ];
        let mut known = HashSet::new();
        self.query(&sql, &params, &mut |row| known.extend(row[0].as_int()))?;
        Ok(known)
    }
}
