//! What a deed writes before it is sealed.

use crate::error::LedgerError;
use crate::fact::*;
use crate::reader::Reader;
use pack::CheckedPack;
use vocabulary::{Date, DivisionId, RecordId};

/// The facts of one deed, while it runs.
pub struct Draft<'a> {
    reader: &'a Reader,
}

#[allow(missing_docs, unused_variables)]
impl Draft<'_> {
    pub fn reader(&self) -> &Reader { self.reader }
    pub fn seq(&self) -> i64 { 0 }
    pub fn new_record(&mut self) -> RecordId { 0 }
    pub fn add_source(&mut self, source: Source) -> u16 { 0 }
    pub fn assert(&mut self, fact: NewFact) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    pub fn decide(&mut self, fact: NewFact) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    /// The fact's `from` is the first day on which it is no longer true; values are not looked at.
    pub fn end(&mut self, fact: NewFact) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    pub fn roster(&mut self, register: usize, scope: &[DivisionId], as_of: Date) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    pub fn coverage(&mut self, register: usize, division: DivisionId, as_of: Date) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    /// `ord` None: the whole transaction.
    pub fn withdraw(&mut self, tx: i64, ord: Option<u32>) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    pub fn pack(&mut self, pack: CheckedPack) -> Result<(), LedgerError> { Err(LedgerError::Stopped) }
    pub fn audit(&mut self, line: &str) -> Result<u32, LedgerError> { Err(LedgerError::Stopped) }
    pub fn flush(&mut self) -> Result<(), LedgerError> { Err(LedgerError::Stopped) }
    pub fn len(&self) -> usize { 0 }
}
