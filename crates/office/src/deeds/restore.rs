//! Restore: a book out of a backup folder, as it was at the last backup or at a point before. Never over a ledger
//! that lies there.

use crate::actor::{Actor, may};
use crate::clock::Clock;
use crate::error::OfficeError;
use crate::why;
use crate::words::say;
use ledger::Entropy;
use ledger::backup::{BackupKey, RestoreInput as Bring, Restored, Step, Until, restore};
use std::path::PathBuf;
use vocabulary::{FindingClass, Moment};

/// What is restored.
#[derive(Debug, Clone, Default)]
pub struct RestoreInput {
    /// The backup folder.
    pub from: PathBuf,
    /// The file of its key.
    pub key: PathBuf,
    /// Where the ledger shall lie.
    pub ledger: PathBuf,
    /// As it stood when, as typed: a transaction's number, or a moment.
    pub until: Option<String>,
    /// Why, in the actor's words.
    pub why: Option<String>,
}

/// What was restored.
#[derive(Debug, Clone)]
pub struct RestoreReport {
    /// The book.
    pub restored: Restored,
    /// How long it took, in microseconds.
    pub took: i64,
}

impl crate::Office {
    /// Restores a book. Needs the deed `restore`, by the roles of the pack in the book that is restored.
    pub fn restore(
        input: &RestoreInput,
        actor: &Actor,
        clock: &dyn Clock,
        entropy: impl Entropy + 'static,
        step: Step<'_>,
    ) -> Result<RestoreReport, OfficeError> {
        let begun = clock.now();
        let until = input.until.as_deref().map(until).transpose()?;
        let key = BackupKey::read(&input.key)?;
        let why = why::kept(input.why.as_deref())?;
        let bring = Bring {
            folder: &input.from,
            key: &key,
            ledger: &input.ledger,
            until,
            at: begun,
            actor: &actor.name,
            why: why.as_deref(),
            pack: &::pack::read_files,
        };
        let built = restore(&bring, Box::new(entropy), step)?;
        // Until it has its name, it is nobody's: refused, it is gone.
        may(built.pack(), actor, "restore").map_err(OfficeError::NotAllowed)?;
        let restored = built.keep()?;
        Ok(RestoreReport {
            restored,
            took: clock.now().0 - begun.0,
        })
    }
}

fn until(text: &str) -> Result<Until, OfficeError> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Until::Tx(text.parse().unwrap_or(i64::MAX)));
    }
    let moment = Moment::parse_last(text).map(Until::At);
    moment.ok_or_else(|| {
        let finding = say("O194", FindingClass::Rejected, &[("text", text)]);
        OfficeError::Asked(Box::new(finding))
    })
}
