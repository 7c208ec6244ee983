//! A book that is open: create, open, read, write.

use crate::book::{Book, NewBook};
use crate::draft::Draft;
use crate::entropy::Entropy;
use crate::error::LedgerError;
use crate::fact::*;
use crate::reader::Reader;
use pack::CheckedPack;
use std::path::Path;
use std::sync::Arc;

/// A book, open.
pub struct Ledger {
    reader: Reader,
}

#[allow(missing_docs, unused_variables)]
impl Ledger {
    pub fn create(path: &Path, new: NewBook, entropy: Box<dyn Entropy>) -> Result<Ledger, LedgerError> { Err(LedgerError::Stopped) }
    pub fn open(path: &Path, entropy: Box<dyn Entropy>) -> Result<Ledger, LedgerError> { Err(LedgerError::Stopped) }
    /// Writing answers `ReadOnly`.
    pub fn open_read(path: &Path) -> Result<Ledger, LedgerError> { Err(LedgerError::Stopped) }
    pub fn book(&self) -> &Book { &self.reader.book }
    pub fn pack(&self) -> Arc<CheckedPack> { self.reader.pack.clone() }
    pub fn reader(&self) -> Result<Reader, LedgerError> { Err(LedgerError::Stopped) }
    /// The closure's value is `None` when the client id was known and the closure did not run.
    pub fn write<T, E: From<LedgerError>>(
        &mut self,
        deed: Deed,
        mode: Mode,
        run: impl FnOnce(&mut Draft<'_>) -> Result<T, E>,
    ) -> Result<(Option<T>, Receipt), E> { Err(LedgerError::Stopped.into()) }
}
