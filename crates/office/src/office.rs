//! An open book, who asks, and the clock.

use crate::actor::{Actor, may};
use crate::clock::Clock;
use crate::error::OfficeError;
use crate::house::House;
use crate::places::{Place, Places};
use crate::policy::Sight;
use ::pack::CheckedPack;
use ledger::{Book, Deed, Draft, Entropy, Ledger, LedgerError, Lent, Mode, Reader, Receipt, Taken};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vocabulary::{Date, DivisionId, Value};

/// An office with a book open in it: its own, or a share of a house.
pub struct Office {
    hold: Hold,
    pub(crate) path: PathBuf,
    pub(crate) actor: Actor,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Box<dyn Entropy>,
    client_id: Option<String>,
    /// Deeds that went under it: one request may be several transactions, as an import of two files.
    deeds: u32,
}

/// How the book is held.
enum Hold {
    /// It is ours.
    Own { ledger: Box<Ledger>, writes: bool },
    /// It is open for many. The reader is taken at the first question and kept until something is written, so that
    /// one request reads one state, and takes one reader of those there are.
    Shared {
        house: House,
        reader: OnceCell<Taken>,
    },
}

impl Hold {
    fn reader(&self) -> Result<Reading<'_>, LedgerError> {
        match self {
            Hold::Own { ledger, .. } => Ok(Reading::Own(Box::new(ledger.reader()?))),
            Hold::Shared { house, reader } => {
                if reader.get().is_none() {
                    // Nobody else can have filled it: an office is used by one thread at a time.
                    let _ = reader.set(house.reader()?);
                }
                reader
                    .get()
                    .map(|reader| Reading::Shared(reader))
                    .ok_or(LedgerError::Stopped)
            }
        }
    }
}

/// A reader of this office; as good as a `&Reader`.
pub(crate) enum Reading<'a> {
    Own(Box<Reader>),
    Shared(&'a Reader),
}

impl Deref for Reading<'_> {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        match self {
            Reading::Own(reader) => reader,
            Reading::Shared(reader) => reader,
        }
    }
}

/// The ledger to write in; as good as a `&mut Ledger`. In a house nobody else writes while it is held.
pub(crate) enum Writing<'a> {
    Own(&'a mut Ledger),
    Lent(Box<Lent>),
}

impl Deref for Writing<'_> {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        match self {
            Writing::Own(ledger) => ledger,
            Writing::Lent(ledger) => ledger,
        }
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Ledger {
        match self {
            Writing::Own(ledger) => ledger,
            Writing::Lent(ledger) => ledger,
        }
    }
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
        let hold = Hold::Own {
            ledger: Box::new(ledger),
            writes: true,
        };
        Ok(Office {
            hold,
            path: path.to_owned(),
            actor,
            clock: clock.into(),
            entropy: Box::new(entropy),
            client_id: None,
            deeds: 0,
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
        let hold = Hold::Own {
            ledger: Box::new(ledger),
            writes: false,
        };
        Ok(Office {
            hold,
            path: path.to_owned(),
            actor,
            clock: clock.into(),
            entropy: Box::new(entropy),
            client_id: None,
            deeds: 0,
        })
    }

    pub(crate) fn from_parts(
        ledger: Ledger,
        path: &Path,
        actor: Actor,
        clock: Box<dyn Clock>,
        entropy: Box<dyn Entropy>,
    ) -> Office {
        let hold = Hold::Own {
            ledger: Box::new(ledger),
            writes: true,
        };
        Office {
            hold,
            path: path.to_owned(),
            actor,
            clock: clock.into(),
            entropy,
            client_id: None,
            deeds: 0,
        }
    }

    pub(crate) fn shared(house: House, actor: Actor, entropy: Box<dyn Entropy>) -> Office {
        Office {
            path: house.path().to_owned(),
            clock: house.clock(),
            hold: Hold::Shared {
                house,
                reader: OnceCell::new(),
            },
            actor,
            entropy,
            client_id: None,
            deeds: 0,
        }
    }

    /// Opens the book of this office for many. One that only reads opens none.
    pub fn into_house(self) -> Result<House, OfficeError> {
        match self.hold {
            Hold::Own {
                ledger,
                writes: true,
            } => House::around(*ledger, &self.path, self.clock, self.entropy),
            Hold::Own { .. } => Err(LedgerError::ReadOnly(self.path).into()),
            Hold::Shared { house, .. } => Ok(house),
        }
    }

    /// What is done here goes under this id of the client: asked again, it is answered and not repeated.
    #[must_use]
    pub fn with_client_id(mut self, id: String) -> Office {
        self.client_id = Some(id);
        self
    }

    /// The pack in force.
    pub fn pack(&self) -> Arc<CheckedPack> {
        match &self.hold {
            Hold::Own { ledger, .. } => ledger.pack(),
            // What is read goes by the pack of the state that is read.
            Hold::Shared { house, reader } => reader
                .get()
                .map_or_else(|| house.pack(), |reader| reader.pack()),
        }
    }

    fn book(&self) -> &Book {
        match &self.hold {
            Hold::Own { ledger, .. } => ledger.book(),
            Hold::Shared { house, .. } => house.book(),
        }
    }

    /// The book's name, as people write it.
    pub fn book_name(&self) -> &str {
        &self.book().name
    }

    /// The book's number.
    pub fn book_id(&self) -> vocabulary::BookId {
        self.book().id
    }

    /// A value as people write it.
    pub fn shown(&self, kind: &vocabulary::FieldType, value: &vocabulary::Value) -> String {
        crate::words::shown(&self.pack(), kind, value)
    }

    /// Today in China.
    pub fn today(&self) -> Date {
        self.clock.now().day_in_china()
    }

    /// Whether the actor's role may do this deed at all; the deed itself asks again.
    pub fn allowed(&self, deed: &'static str) -> Result<(), OfficeError> {
        self.may(deed)
    }

    /// From here on for somebody else.
    pub fn acts(&mut self, actor: Actor) {
        self.actor = actor;
    }

    pub(crate) fn may(&self, deed: &'static str) -> Result<(), OfficeError> {
        may(&self.pack(), &self.actor, deed).map_err(OfficeError::NotAllowed)
    }

    pub(crate) fn reader(&self) -> Result<Reading<'_>, LedgerError> {
        self.hold.reader()
    }

    /// A reader beside what draws for it.
    pub(crate) fn reader_and_entropy(
        &mut self,
    ) -> Result<(Reading<'_>, &mut dyn Entropy), LedgerError> {
        Ok((self.hold.reader()?, &mut *self.entropy))
    }

    /// The ledger to write in. What was read before is read anew afterwards.
    pub(crate) fn ledger_mut(&mut self) -> Result<Writing<'_>, LedgerError> {
        match &mut self.hold {
            Hold::Own {
                ledger,
                writes: true,
            } => Ok(Writing::Own(ledger)),
            Hold::Own { .. } => Err(LedgerError::ReadOnly(self.path.clone())),
            Hold::Shared { house, reader } => {
                reader.take();
                Ok(Writing::Lent(Box::new(house.lend()?)))
            }
        }
    }

    /// One deed in one transaction: in a house together with those of others, under one sync.
    pub(crate) fn submit<T: Send + 'static>(
        &mut self,
        deed: Deed,
        mode: Mode,
        run: impl FnOnce(&mut Draft<'_>) -> Result<T, OfficeError> + Send + 'static,
    ) -> Result<(Option<T>, Receipt), OfficeError> {
        if let Hold::Shared { house, reader } = &mut self.hold {
            reader.take();
            let answer = house.writer().submit(deed, mode, run);
            return answer.recv().map_err(|_| LedgerError::Stopped)?;
        }
        self.ledger_mut()?.write(deed, mode, run)
    }

    /// The book beside what draws for it; for deeds that write elsewhere than into the book.
    pub(crate) fn book_and_entropy(
        &mut self,
    ) -> Result<(Writing<'_>, &mut dyn Entropy), LedgerError> {
        let ledger = match &mut self.hold {
            Hold::Own { ledger, .. } => Writing::Own(ledger),
            Hold::Shared { house, .. } => Writing::Lent(Box::new(house.lend()?)),
        };
        Ok((ledger, &mut *self.entropy))
    }

    /// What the actor may see, by the pack in force.
    pub(crate) fn sight(&self) -> Sight {
        Sight::of(&self.pack(), &self.actor)
    }

    /// A deed by the actor, now, under the client's id or a fresh one.
    pub(crate) fn deed(&mut self, name: &str, why: Option<String>) -> Deed {
        let mut deed = self.own_deed(name, why);
        self.deeds += 1;
        if let Some(id) = &self.client_id {
            deed.client_id = match self.deeds {
                1 => id.clone(),
                n => format!("{id}/{n}"),
            };
        }
        deed
    }

    /// A deed that nobody asked for, as what the audit writes beside a question: never under the client's id.
    pub(crate) fn own_deed(&mut self, name: &str, why: Option<String>) -> Deed {
        let mut drawn = [0_u8; 16];
        self.entropy.fill(&mut drawn);
        Deed {
            name: name.to_owned(),
            actor: self.actor.name.clone(),
            by: self.actor.by(),
            at: self.clock.now(),
            client_id: drawn.iter().map(|byte| format!("{byte:02x}")).collect(),
            asked: None,
            why,
            sources: Vec::new(),
        }
    }

    /// As [`Office::deed`]; the client's id stands for this content and for no other. What is kept of it is a hash
    /// under the book's key, since it may tell of people.
    pub(crate) fn deed_asked(
        &mut self,
        name: &str,
        why: Option<String>,
        content: &str,
    ) -> Result<Deed, LedgerError> {
        let mut deed = self.deed(name, why);
        if self.client_id.is_some() {
            let text = format!("{name}\n{}\n{content}", deed.client_id);
            let keyed = self.reader()?.keyed(&Value::Text(text));
            deed.asked = keyed.as_text().map(str::to_owned);
        }
        Ok(deed)
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
