//! The audit of reading: writing says for itself who wrote, in its own transaction; what is only read is told here.
//! Openings of personal fields, exports and refusals are in the book before they are answered. Ordinary reads are gathered
//! and written as one deed, every second at most (whoever serves asks for it) or when 500 wait; a process that dies takes
//! that second with it. What cannot be written down is not answered.

use crate::Office;
use crate::error::OfficeError;
use crate::people::Gate;
use ledger::{AuditLine, Mode, Outcome};
use std::sync::{Mutex, PoisonError};
use vocabulary::{DivisionId, RecordId};

/// Lines that may wait.
pub const GATHERED_MAX: usize = 500;

/// The deed that writes gathered lines, and who does it.
const READS: &str = "reads";
const OURSELVES: &str = "yiben";

/// Something that was read, or refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// What was asked for, as `history`.
    pub deed: String,
    /// The register, when it was one.
    pub register: Option<String>,
    /// The record, when it was one.
    pub record: Option<RecordId>,
    /// Where.
    pub division: Option<DivisionId>,
    /// Personal fields that were opened, with commas.
    pub opened: Option<String>,
    /// Why, in the reader's words.
    pub why: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// It is in the book before it is answered: an export.
    pub at_once: bool,
}

impl Read {
    /// Of a deed, and of nothing more.
    pub fn of(deed: &str) -> Read {
        Read {
            deed: deed.to_owned(),
            ..Read::default()
        }
    }

    /// It was not allowed.
    #[must_use]
    pub fn refused(mut self) -> Read {
        self.outcome = Outcome::Refused;
        self
    }
}

/// Lines that wait.
#[derive(Debug, Default)]
pub(crate) struct Gathered(Mutex<Vec<AuditLine>>);

impl Gathered {
    fn add(&self, line: AuditLine) -> usize {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The same again within the second says nothing new.
        if !lines.contains(&line) {
            lines.push(line);
        }
        lines.len()
    }

    fn take(&self) -> Vec<AuditLine> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn back(&self, mut lines: Vec<AuditLine>) {
        let mut there = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.append(&mut there);
        *there = lines;
    }
}

impl Office {
    /// Tells that the actor has read something. An error means that it must not be answered.
    pub fn audit_read(&mut self, gate: &Gate, read: &Read) -> Result<(), OfficeError> {
        if read.opened.is_none() && read.outcome == Outcome::Done && !read.at_once {
            return self.audit_gather(gate, read);
        }
        let line = self.line_of(read);
        let deed = self.own_deed(&read.deed, read.why.clone());
        self.submit(deed, Mode::Commit, move |draft| {
            *draft.own_line() = line;
            Ok(())
        })?;
        Ok(())
    }

    /// Tells it with others, soon.
    pub(crate) fn audit_gather(&mut self, gate: &Gate, read: &Read) -> Result<(), OfficeError> {
        let waiting = gate.reads().add(self.line_of(read));
        if waiting >= GATHERED_MAX {
            self.audit_flush(gate)?;
        }
        Ok(())
    }

    /// Writes what waits; answers how many lines. Whoever serves asks for it every second, and before he ends.
    pub fn audit_flush(&mut self, gate: &Gate) -> Result<usize, OfficeError> {
        let lines = gate.reads().take();
        if lines.is_empty() {
            return Ok(0);
        }
        let mut deed = self.own_deed(READS, None);
        deed.actor = OURSELVES.to_owned();
        deed.by = ledger::By::default();
        let (count, kept) = (lines.len(), lines.clone());
        let written = self.submit(deed, Mode::Commit, move |draft| {
            for line in &lines {
                draft.audit(line)?;
            }
            Ok(())
        });
        if let Err(error) = written {
            gate.reads().back(kept);
            return Err(error);
        }
        Ok(count)
    }

    fn line_of(&self, read: &Read) -> AuditLine {
        AuditLine {
            deed: read.deed.clone(),
            actor: self.actor.name.clone(),
            why: read.why.clone(),
            account: self.actor.account,
            role: self.actor.by().role,
            register: read.register.clone(),
            record: read.record,
            division: read.division,
            field: read.opened.clone(),
            outcome: read.outcome,
            address: self.actor.address.clone(),
        }
    }
}
