//! An open book, who asks, and the clock.

use crate::actor::{Actor, may};
use crate::clock::Clock;
use crate::error::OfficeError;
use crate::places::{Place, Places};
use ::pack::CheckedPack;
use ledger::{Deed, Entropy, Ledger, LedgerError, Reader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::Date;

/// An office with a book open in it.
pub struct Office {
    ledger: Ledger,
    writes: bool,
    pub(crate) path: PathBuf,
    pub(crate) actor: Actor,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Box<dyn Entropy>,
}

impl Office {
    /// Opens a book to read and write. Another writer at work is an error.
    pub fn open(
        path: &Path,
        actor: Actor,
        clock: Box<dyn Clock>,
        entropy: impl Entropy + Clone + 'static,
    ) -> Result<Office, OfficeError> {
        let ledger = Ledger::open(path, Box::new(entropy.clone()))?;
        Ok(Office {
            ledger,
            writes: true,
            path: path.to_owned(),
            actor,
            clock: clock.into(),
            entropy: Box::new(entropy),
        })
    }

    /// Opens a book to read; others may write meanwhile.
    pub fn open_read(
        path: &Path,
        actor: Actor,
        clock: Box<dyn Clock>,
        entropy: impl Entropy + 'static,
    ) -> Result<Office, OfficeError> {
        let ledger = Ledger::open_read(path)?;
        Ok(Office {
            ledger,
            writes: false,
            path: path.to_owned(),
            actor,
            clock: clock.into(),
            entropy: Box::new(entropy),
        })
    }

    pub(crate) fn from_parts(
        ledger: Ledger,
        path: &Path,
        actor: Actor,
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Office {
        Office {
            ledger,
            writes: true,
            path: path.to_owned(),
            actor,
            clock: clock.into(),
            entropy,
        }
    }

    /// The pack in force.
    pub fn pack(&self) -> Arc<CheckedPack> {
        self.ledger.pack()
    }

    /// The book's name, as people write it.
    pub fn book_name(&self) -> &str {
        &self.ledger.book().name
    }

    /// The book's number.
    pub fn book_id(&self) -> vocabulary::BookId {
        self.ledger.book().id
    }

    /// A value as people write it.
    pub fn shown(&self, kind: &vocabulary::FieldType, value: &vocabulary::Value) -> String {
        crate::words::shown(&self.pack(), kind, value)
    }

    /// Today in China.
    pub fn today(&self) -> Date {
        self.clock.now().day_in_china()
    }

    pub(crate) fn may(&self, deed: &'static str) -> Result<(), OfficeError> {
        may(&self.pack(), &self.actor, deed).map_err(OfficeError::NotAllowed)
    }

    pub(crate) fn reader(&self) -> Result<Reader, LedgerError> {
        self.ledger.reader()
    }

    pub(crate) fn ledger_mut(&mut self) -> Result<&mut Ledger, LedgerError> {
        if self.writes {
            Ok(&mut self.ledger)
        } else {
            Err(LedgerError::ReadOnly(self.path.clone()))
        }
    }

    /// A deed by the actor, now, under a fresh client id.
    pub(crate) fn deed(&mut self, name: &str, why: Option<String>) -> Deed {
        let mut id = [0_u8; 16];
        self.entropy.fill(&mut id);
        Deed {
            name: name.to_owned(),
            actor: self.actor.name.clone(),
            at: self.clock.now(),
            client_id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
            why,
            sources: Vec::new(),
        }
    }

    pub(crate) fn places(&self, reader: &Reader) -> Result<Places, LedgerError> {
        let places: Vec<Place> = reader
            .divisions()?
            .into_iter()
            .map(|d| Place {
                id: d.id,
                name: d.name,
                level: d.level,
            })
            .collect();
        let endings: Vec<String> = self
            .pack()
            .levels
            .iter()
            .flat_map(|level| level.endings.clone())
            .collect();
        let mut places = Places::new(&places, self.book_name(), &endings);
        for (also, id) in reader.division_aliases()? {
            places.also(&also, id);
        }
        Ok(places)
    }
}
