//! What the figures need of a ledger: rows for a statement, and where a fact stands in its file.
//! Refuses to know how facts are written, and which store answers.

use crate::ask::FiguresError;
use ledger::{Cell, Covered, Dialect, Drawn};
use vocabulary::{BookId, Date, DivisionId, Moment, RecordId, Value};

/// A node of the place tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub division: DivisionId,
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: String,
}

impl From<&ledger::Division> for Place {
    fn from(division: &ledger::Division) -> Place {
        Place {
            division: division.id,
            name: division.name.clone(),
            level: division.level.clone(),
        }
    }
}

/// A ledger of one book, read only.
pub trait Source {
    /// The book; every statement names it.
    fn book(&self) -> BookId;

    /// The store's spelling.
    fn dialect(&self) -> Dialect;

    /// Runs a statement with numbered parameters and hands over its rows.
    fn query(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]),
    ) -> Result<(), FiguresError>;

    /// The last transaction at or before a moment; 0 when there is none.
    fn tx_at(&self, known: Moment) -> Result<i64, FiguresError>;

    /// The places of the book, as it knows them now.
    fn places(&self) -> Result<Vec<Place>, FiguresError>;

    /// The place tree as it was believed after a transaction; `None` when it is today's.
    fn drawn(&self, known: i64) -> Result<Option<Drawn>, FiguresError>;

    /// What was covered, by present knowledge or as it was known after a transaction.
    fn covered(&self, known: Option<i64>) -> Result<Vec<Covered>, FiguresError>;

    /// Where a field of a record was read, or the record's first cell for `None`.
    fn cell(
        &self,
        register: &str,
        record: RecordId,
        field: Option<&str>,
        at: Date,
        known: Option<Moment>,
    ) -> Result<Option<Cell>, FiguresError>;

    /// What a secret field's column holds for a value, so that equality can be asked.
    fn keyed(&self, value: &Value) -> Value;
}

impl Source for ledger::Reader {
    fn book(&self) -> BookId {
        ledger::Reader::book(self).id
    }

    fn dialect(&self) -> Dialect {
        ledger::Reader::dialect(self)
    }

    fn query(
        &self,
        sql: &str,
        params: &[Value],
        row: &mut dyn FnMut(&[Value]),
    ) -> Result<(), FiguresError> {
        ledger::Reader::query(self, sql, params, row).map_err(failed)
    }

    fn tx_at(&self, known: Moment) -> Result<i64, FiguresError> {
        ledger::Reader::tx_at(self, known).map_err(failed)
    }

    fn places(&self) -> Result<Vec<Place>, FiguresError> {
        let divisions = self.divisions().map_err(failed)?;
        Ok(divisions.iter().map(Place::from).collect())
    }

    fn drawn(&self, known: i64) -> Result<Option<Drawn>, FiguresError> {
        ledger::Reader::drawn(self, known).map_err(failed)
    }

    fn covered(&self, known: Option<i64>) -> Result<Vec<Covered>, FiguresError> {
        ledger::Reader::coverage(self, known).map_err(failed)
    }

    fn cell(
        &self,
        register: &str,
        record: RecordId,
        field: Option<&str>,
        at: Date,
        known: Option<Moment>,
    ) -> Result<Option<Cell>, FiguresError> {
        let cell = match field {
            Some(field) => self.field_cell(register, record, field, at, known),
            None => self.first_cell(register, record, at, known),
        };
        cell.map_err(failed)
    }

    fn keyed(&self, value: &Value) -> Value {
        ledger::Reader::keyed(self, value)
    }
}

fn failed(error: ledger::LedgerError) -> FiguresError {
    FiguresError::Ledger(error.to_string())
}
