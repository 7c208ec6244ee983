//! The chain as a file that an outsider may have: every transaction and fact, nothing personal in clear.

use crate::error::OfficeError;
use crate::leaving::{Leaving, fault};
use crate::office::Office;
use crate::words::say;
use ledger::LedgerError;
use std::path::PathBuf;
use vocabulary::FindingClass;

/// What is written out, and where to.
#[derive(Debug, Clone)]
pub struct ExportInput {
    /// The file; compressed when its name ends in `.gz`.
    pub output: PathBuf,
    /// The last transaction to write, as typed; none for all.
    pub until: Option<String>,
}

/// What was written.
pub type ExportReport = ledger::Exported;

impl Office {
    /// Writes the chain out. `progress` is told the transaction at hand and the last. Needs the deed `export`.
    pub fn export(
        &self,
        input: &ExportInput,
        progress: &mut dyn FnMut(i64, i64),
    ) -> Result<ExportReport, OfficeError> {
        self.may("export")?;
        let until = match &input.until {
            None => None,
            Some(text) => Some(text.parse().ok().filter(|n| *n > 0).ok_or_else(|| {
                OfficeError::Asked(Box::new(say(
                    "O190",
                    FindingClass::Rejected,
                    &[("text", text)],
                )))
            })?),
        };
        let reader = self.reader()?;
        let mut file = Leaving::new(&input.output)?;
        let mut broken = None;
        let done = reader.export(
            until,
            self.clock.now(),
            &mut |line| {
                file.line(line).map_err(|error| {
                    let reason = error.to_string();
                    broken = Some(error);
                    LedgerError::File {
                        path: input.output.clone(),
                        reason,
                    }
                })
            },
            progress,
        );
        match done {
            Ok(done) => {
                file.done()?;
                Ok(done)
            }
            Err(error) => {
                file.give_up();
                Err(match broken {
                    Some(source) => fault(&input.output, source),
                    None => error.into(),
                })
            }
        }
    }
}
