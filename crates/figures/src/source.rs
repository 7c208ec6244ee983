//! What the figures need of a ledger: rows for a statement, and where a fact stands in its file.
//! Refuses to know how facts are written, and which store answers.

use crate::ask::FiguresError;
use ledger::{Cell, Dialect};
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

    /// The places of the book.
    fn places(&self) -> Result<Vec<Place>, FiguresError>;

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
        let place = |d: ledger::Division| Place {
            division: d.id,
            name: d.name,
            level: d.level,
        };
        Ok(divisions.into_iter().map(place).collect())
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
