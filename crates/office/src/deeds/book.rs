//! A new book, and the proof that an old one is whole.

use crate::actor::Actor;
use crate::clock::Clock;
use crate::error::OfficeError;
use crate::office::Office;
use crate::words::say;
use ledger::{Entropy, HashAlg, Ledger, NewBook};
use std::path::{Path, PathBuf};
use vocabulary::FindingClass;

/// A new book.
#[derive(Debug, Clone)]
pub struct InitInput {
    /// Where the ledger's file shall lie.
    pub path: PathBuf,
    /// The folder of its first pack.
    pub pack: PathBuf,
    /// The township's 12-digit division code, as typed.
    pub book: String,
    /// The township's name.
    pub name: String,
    /// The hash of the chain: `sha256` or `sm3`.
    pub sm3: bool,
}

/// What `verify` found.
pub type VerifyReport = ledger::Verified;

impl Office {
    /// Makes a new book. A file that lies there already is never written over.
    pub fn init(
        input: &InitInput,
        actor: Actor,
        clock: Box<dyn Clock>,
        entropy: impl Entropy + Clone + 'static,
    ) -> Result<Office, OfficeError> {
        let pack = ::pack::read_folder(&input.pack).map_err(OfficeError::Pack)?;
        let whole = input.book.len() == 12 && input.book.bytes().all(|b| b.is_ascii_digit());
        let book = input.book.parse().ok().filter(|_| whole).ok_or_else(|| {
            OfficeError::Asked(Box::new(say(
                "O114",
                FindingClass::Rejected,
                &[("text", &input.book)],
            )))
        })?;
        let level = pack
            .levels
            .first()
            .map(|level| level.name.clone())
            .unwrap_or_default();
        let new = NewBook {
            book,
            name: input.name.clone(),
            level,
            pack,
            alg: if input.sm3 {
                HashAlg::Sm3
            } else {
                HashAlg::Sha256
            },
            at: clock.now(),
            actor: actor.name.clone(),
        };
        let path: &Path = &input.path;
        let ledger = Ledger::create(path, new, Box::new(entropy.clone()))?;
        Ok(Office::from_parts(
            ledger,
            path,
            actor,
            clock,
            Box::new(entropy),
        ))
    }

    /// Checks the chain, rebuilds everything derived and compares. Needs the deed `verify`.
    pub fn verify(&self) -> Result<VerifyReport, OfficeError> {
        self.verify_telling(&|_, _| {})
    }

    /// As [`Office::verify`], and tells how far it has come, of how much.
    pub fn verify_telling(&self, told: ledger::Progress<'_>) -> Result<VerifyReport, OfficeError> {
        self.may("verify")?;
        Ok(self.reader()?.verify_telling(told)?)
    }
}
