//! A ledger lent out by its writing hand: long deeds run on it as if nobody else were there, and nobody else writes
//! meanwhile. It goes back by itself, even when the borrower panics.

use crate::ledger::Ledger;
use std::ops::{Deref, DerefMut};
use std::sync::mpsc::{Receiver, Sender, channel};

/// The ledger, until this is dropped. Whoever holds it must not wait for a deed in the queue: that one waits for it.
pub struct Lent {
    ledger: Option<Ledger>,
    back: Sender<Ledger>,
}

impl Lent {
    /// The ledger to be handed over, and where it comes back.
    pub(crate) fn new(ledger: Ledger) -> (Lent, Receiver<Ledger>) {
        let (back, returned) = channel();
        let lent = Lent {
            ledger: Some(ledger),
            back,
        };
        (lent, returned)
    }
}

impl Deref for Lent {
    type Target = Ledger;

    fn deref(&self) -> &Ledger {
        self.ledger.as_ref().expect("it goes back on drop alone")
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut Ledger {
        self.ledger.as_mut().expect("it goes back on drop alone")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(mut ledger) = self.ledger.take() {
            ledger.take_back_unfinished();
            // The hand may be gone with the process; then the book closes here.
            let _ = self.back.send(ledger);
        }
    }
}
