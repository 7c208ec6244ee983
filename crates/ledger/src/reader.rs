//! Reading: one connection on one state of the book.

use crate::book::Book;
use crate::error::LedgerError;
use crate::fact::*;
use crate::store::Dialect;
use pack::CheckedPack;
use pack::declare::RegisterDecl;
use std::sync::Arc;
use vocabulary::{Date, DivisionId, Moment, RecordId, Value};

/// A consistent view of one book.
pub struct Reader {
    pub(crate) book: Book,
    pub(crate) pack: Arc<CheckedPack>,
}

#[allow(missing_docs, unused_variables)]
impl Reader {
    pub fn book(&self) -> &Book { &self.book }
    pub fn pack(&self) -> Arc<CheckedPack> { self.pack.clone() }
    pub fn registers(&self) -> &[RegisterDecl] { &[] }
    pub fn register_index(&self, name: &str) -> Result<usize, LedgerError> { Err(LedgerError::Stopped) }
    pub fn dialect(&self) -> Dialect { Dialect::Sqlite }
    pub fn query(&self, sql: &str, params: &[Value], row: &mut dyn FnMut(&[Value])) -> Result<(), LedgerError> { Err(LedgerError::Stopped) }
    pub fn slices(&self, register: &str, record: RecordId, known: Option<Moment>) -> Result<Vec<Slice>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn slice_at(&self, register: &str, record: RecordId, at: Date, known: Option<Moment>) -> Result<Option<Slice>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn assertions(&self, register: &str, record: RecordId) -> Result<Vec<Assertion>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn find(&self, register: &str, field: &str, value: &Value) -> Result<Vec<RecordId>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn all(&self, register: &str) -> Result<std::vec::IntoIter<(RecordId, Slice)>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn keyed(&self, value: &Value) -> Value { Value::Null }
    pub fn field_cell(&self, register: &str, record: RecordId, field: &str, at: Date, known: Option<Moment>) -> Result<Option<Cell>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn first_cell(&self, register: &str, record: RecordId, at: Date, known: Option<Moment>) -> Result<Option<Cell>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn tx_at(&self, known: Moment) -> Result<i64, LedgerError> { Err(LedgerError::Stopped) }
    pub fn head(&self) -> Result<(i64, [u8; 32]), LedgerError> { Err(LedgerError::Stopped) }
    pub fn transactions(&self, range: std::ops::RangeInclusive<i64>) -> Result<Vec<Transaction>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn divisions(&self) -> Result<Vec<Division>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn division_aliases(&self) -> Result<Vec<(String, DivisionId)>, LedgerError> { Err(LedgerError::Stopped) }
    pub fn history(&self, register: &str, record: RecordId) -> Result<Vec<Event>, LedgerError> { Err(LedgerError::Stopped) }
}
