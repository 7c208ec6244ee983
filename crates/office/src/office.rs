//! An open book, who asks, and the clock.

use crate::actor::{Actor, may};
use crate::clock::Clock;
use crate::error::OfficeError;
use crate::places::{Place, Places};
use ::pack::CheckedPack;
use ledger::{Deed, Entropy, Ledger, LedgerError, Reader};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::{Date, DivisionId};

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

    /// The book beside what draws for it; for deeds that write elsewhere than into the book.
    pub(crate) fn ledger_and_entropy(&mut self) -> (&Ledger, &mut dyn Entropy) {
        (&self.ledger, &mut *self.entropy)
    }

    /// A deed by the actor, now, under a fresh client id.
    pub(crate) fn deed(&mut self, name: &str, why: Option<String>) -> Deed {
        let mut id = [0_u8; 16];
        self.entropy.fill(&mut id);
        Deed {
            name: name.to_owned(),
            actor: self.actor.name.clone(),
            by: self.actor.by(),
            at: self.clock.now(),
            client_id: id.iter().map(|byte| format!("{byte:02x}")).collect(),
            why,
            sources: Vec::new(),
        }
    }

    pub(crate) fn places(&self, reader: &Reader) -> Result<Places, LedgerError> {
        known_places(reader, &self.pack())
    }
}

/// The places of a book, found by any of their names.
pub(crate) fn known_places(reader: &Reader, pack: &CheckedPack) -> Result<Places, LedgerError> {
    let divisions = reader.divisions()?;
    let names: HashMap<DivisionId, &str> =
        divisions.iter().map(|d| (d.id, d.name.as_str())).collect();
    let known: Vec<Place> = divisions
        .iter()
        .map(|d| Place {
            id: d.id,
            name: d.name.clone(),
            level: d.level.clone(),
        })
        .collect();
    let endings = pack.levels.iter().flat_map(|level| level.endings.clone());
    let endings: Vec<String> = endings.collect();
    let book = reader.book();
    let mut places = Places::new(&known, &book.name, &endings);
    for division in &divisions {
        let above = division.parent.filter(|parent| *parent != book.id);
        if let Some(above) = above.and_then(|parent| names.get(&parent)) {
            places.under(&division.name, above, division.id);
        }
    }
    for (also, id) in reader.division_aliases()? {
        places.also(&also, id);
    }
    Ok(places)
}
