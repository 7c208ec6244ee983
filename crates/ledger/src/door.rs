//! Where readers of a book that is being written come in: the state that new connections open on, changed in the
//! same moment as the book. Knows nothing of deeds.

use crate::error::LedgerError;
use crate::ledger::reader_of;
use crate::reader::{Reader, State};
use crate::store::Store;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The way in. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Door(Arc<Mutex<Inside>>);

/// What readers are opened from.
pub(crate) struct Inside {
    pub(crate) store: Box<dyn Store>,
    pub(crate) state: Arc<State>,
}

impl Door {
    pub(crate) fn new(store: Box<dyn Store>, state: Arc<State>) -> Door {
        Door(Arc::new(Mutex::new(Inside { store, state })))
    }

    /// Nobody comes in while it is held.
    pub(crate) fn hold(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A reader on the present state.
    pub(crate) fn reader(&self) -> Result<Reader, LedgerError> {
        let inside = self.hold();
        reader_of(&*inside.store, &inside.state)
    }

    /// A connection that keeps few pages in memory, with no state read yet.
    pub(crate) fn connection(&self) -> Result<Reader, LedgerError> {
        let inside = self.hold();
        let store = inside.store.scanner()?;
        Ok(Reader::new(store, inside.state.clone()))
    }

    /// Whether a reader's pack is the one in force.
    pub(crate) fn is_present(&self, reader: &Reader) -> bool {
        Arc::ptr_eq(&self.hold().state, &reader.state)
    }
}
