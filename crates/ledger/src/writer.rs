//! Group commit: one thread writes, many wait, and one sync serves them all. Each deed stands in its own
//! savepoint, so that one that fails takes nothing from its neighbours.

use crate::draft::Draft;
use crate::error::LedgerError;
use crate::fact::{Deed, Mode, Receipt};
use crate::ledger::{Ledger, reader_of};
use crate::reader::{Reader, State};
use crate::store::Store;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

/// Deeds that may wait; more callers than that wait to be let in.
pub const WAITING_MAX: usize = 4096;

/// Deeds that one sync makes durable.
pub const GROUP_MAX: usize = 1024;

/// What a submitted deed answers. The value is `None` when its client id was known.
pub type Answer<T, E> = Result<(Option<T>, Receipt), E>;

/// A deed in the queue.
trait Job: Send {
    /// Carries it out and keeps what it came to.
    fn run(&mut self, ledger: &mut Ledger);
    /// Answers, once it is known whether the group is on the disk.
    fn answer(self: Box<Self>, committed: Result<(), String>);
}

/// The door to the one writing thread of a book. Cheap to clone; the thread ends with the last of them.
#[derive(Clone)]
pub struct Writer {
    queue: SyncSender<Box<dyn Job>>,
    door: Arc<Mutex<Door>>,
}

/// What readers are opened from.
struct Door {
    store: Box<dyn Store>,
    state: Arc<State>,
}

impl Writer {
    /// Gives a ledger to a thread of its own.
    pub fn spawn(mut ledger: Ledger) -> Result<Writer, LedgerError> {
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(WAITING_MAX);
        let store = ledger.reader.store.another()?;
        let door = Arc::new(Mutex::new(Door {
            store,
            state: ledger.reader.state.clone(),
        }));
        let shared = door.clone();
        std::thread::Builder::new()
            .name("yiben-writer".to_owned())
            .spawn(move || {
                while let Ok(first) = jobs.recv() {
                    let group = serve(&mut ledger, first, &jobs, &shared);
                    for (job, committed) in group {
                        job.answer(committed);
                    }
                }
            })
            .map_err(|error| LedgerError::Store(error.to_string()))?;
        Ok(Writer { queue, door })
    }

    /// A reader on the present state, without asking the writing thread.
    pub fn reader(&self) -> Result<Reader, LedgerError> {
        let door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        reader_of(&*door.store, &door.state)
    }

    /// Puts a deed in the queue; waits only when the queue is full. The answer comes when the deed is durable.
    pub fn submit<T, E>(
        &self,
        deed: Deed,
        mode: Mode,
        run: impl FnOnce(&mut Draft<'_>) -> Result<T, E> + Send + 'static,
    ) -> Receiver<Answer<T, E>>
    where
        T: Send + 'static,
        E: From<LedgerError> + Send + 'static,
    {
        let (reply, answer) = channel();
        let job = Waiting {
            deed: Some(deed),
            mode,
            run: Some(run),
            done: None,
            reply,
        };
        if let Err(refused) = self.queue.send(Box::new(job)) {
            refused.0.answer(Err(String::new()));
        }
        answer
    }
}

/// A job and whether its group is on the disk.
type Done = (Box<dyn Job>, Result<(), String>);

/// Carries out a group: the first job and whatever waits behind it, up to a limit.
fn serve(
    ledger: &mut Ledger,
    first: Box<dyn Job>,
    jobs: &Receiver<Box<dyn Job>>,
    door: &Mutex<Door>,
) -> Vec<Done> {
    let mut group = vec![first];
    if let Err(error) = ledger.begin() {
        return vec![(group.remove(0), Err(error.to_string()))];
    }
    group[0].run(ledger);
    while group.len() < GROUP_MAX {
        let Ok(mut job) = jobs.try_recv() else { break };
        job.run(ledger);
        group.push(job);
    }
    // A new pack: the door is held over the commit, so that no reader opens on its tables with the old pack.
    let door = door.lock().unwrap_or_else(PoisonError::into_inner);
    let held = (!Arc::ptr_eq(&door.state, &ledger.reader.state)).then_some(door);
    let committed = ledger.commit().map_err(|error| match error {
        LedgerError::Unknown(why) => why,
        other => other.to_string(),
    });
    if let Some(mut door) = held {
        door.state = ledger.reader.state.clone();
    }
    group
        .into_iter()
        .map(|job| (job, committed.clone()))
        .collect()
}

struct Waiting<T, E, F> {
    deed: Option<Deed>,
    mode: Mode,
    run: Option<F>,
    done: Option<Answer<T, E>>,
    reply: Sender<Answer<T, E>>,
}

impl<T, E, F> Job for Waiting<T, E, F>
where
    T: Send,
    E: From<LedgerError> + Send,
    F: FnOnce(&mut Draft<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, ledger: &mut Ledger) {
        if let (Some(deed), Some(run)) = (self.deed.take(), self.run.take()) {
            self.done = Some(ledger.run(deed, self.mode, run));
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), String>) {
        let answer = match (committed, self.done) {
            // A deed that failed by itself has its own answer: nothing of it was to be kept.
            (_, Some(Err(error))) => Err(error),
            (Ok(()), Some(done)) => done,
            (Ok(()), None) => Err(LedgerError::Stopped.into()),
            (Err(why), _) if why.is_empty() => Err(LedgerError::Stopped.into()),
            (Err(why), _) => Err(LedgerError::Unknown(why).into()),
        };
        // The caller may have gone away; the deed stands all the same.
        let _ = self.reply.send(answer);
    }
}
