//! Group commit: one thread writes, many wait, and one sync serves them all. Each deed stands in its own
//! savepoint, so that one that fails takes nothing from its neighbours. Long deeds borrow the ledger instead.

use crate::door::Door;
use crate::draft::Draft;
use crate::error::LedgerError;
use crate::fact::{Deed, Mode, Receipt};
use crate::ledger::Ledger;
use crate::lent::Lent;
use crate::reader::Reader;
use crate::readers::Readers;
use pack::CheckedPack;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

/// Deeds that may wait; more callers than that wait to be let in.
pub const WAITING_MAX: usize = 4096;

/// Deeds that one sync makes durable.
pub const GROUP_MAX: usize = 1024;

/// Groups up to this size are answered by the writing thread itself. To wake a caller takes it some microseconds, a
/// tenth of a deed; of more callers another thread takes care, while the next group is written.
const ANSWERED_HERE: usize = 4;

/// What a submitted deed answers. The value is `None` when its client id was known.
pub type Answer<T, E> = Result<(Option<T>, Receipt), E>;

/// A deed in the queue.
trait Job: Send {
    /// Carries it out and keeps what it came to.
    fn run(&mut self, ledger: &mut Ledger);
    /// Answers, once it is known what became of the group; `before` was the last transaction when it began.
    fn answer(self: Box<Self>, fate: &Fate, before: i64);
    /// Answers that it was not even begun.
    fn refuse(self: Box<Self>, error: LedgerError);
    /// Where the whole ledger is to go, if it is asked for; such a job stands in no group.
    fn borrower(&self) -> Option<&Sender<Result<Lent, LedgerError>>> {
        None
    }
}

/// What became of a group.
#[derive(Clone)]
enum Fate {
    /// It is on the disk.
    Kept,
    /// The disk is full; nothing of it is kept.
    Full(PathBuf),
    /// Nobody knows.
    Unknown(String),
    /// Nobody serves the queue any more.
    Stopped,
}

impl Fate {
    fn of(committed: Result<(), LedgerError>) -> Fate {
        match committed {
            Ok(()) => Fate::Kept,
            Err(LedgerError::Full(path)) => Fate::Full(path),
            Err(LedgerError::Unknown(why)) => Fate::Unknown(why),
            Err(other) => Fate::Unknown(other.to_string()),
        }
    }
}

/// The door to the one writing thread of a book. Cheap to clone; the thread ends with the last of them.
#[derive(Clone)]
pub struct Writer {
    queue: SyncSender<Box<dyn Job>>,
    door: Door,
}

/// Where the writing hand stands in a turn: whoever drives it by hand may look at the disk there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// So many deeds of the group were carried out, each in its savepoint; none is durable.
    CarriedOut(usize),
    /// The group is full: its commit comes next.
    Closing,
    /// What became of the group is known to the hand alone: the answers come next.
    Closed,
}

/// The writing hand of a book: it takes deeds out of the queue and serves them in groups. In service a thread moves
/// it; a simulation moves it itself, turn by turn, so that the same code runs in an order that can be repeated.
pub struct Hand {
    /// None once it was lent and lost.
    ledger: Option<Ledger>,
    jobs: Receiver<Box<dyn Job>>,
    /// Came after a group and belongs in none.
    next: Option<Box<dyn Job>>,
}

impl Hand {
    /// Serves those who wait as one group and answers them; false when nobody waits.
    pub fn turn(&mut self, look: &mut dyn FnMut(Point)) -> bool {
        let Some(first) = self.next.take().or_else(|| self.jobs.try_recv().ok()) else {
            return false;
        };
        answer(self.serve(first, look));
        true
    }

    /// The book in its hand.
    pub fn ledger(&self) -> &Ledger {
        let ledger = self.ledger.as_ref();
        ledger.expect("lent within a turn alone, and given back by drop")
    }

    fn serve(&mut self, first: Box<dyn Job>, look: &mut dyn FnMut(Point)) -> Vec<Done> {
        if first.borrower().is_some() {
            self.lend(first);
            return Vec::new();
        }
        let Some(ledger) = &mut self.ledger else {
            return vec![(first, Fate::Stopped, 0)];
        };
        let (group, next) = serve(ledger, first, &self.jobs, look);
        self.next = next;
        group
    }

    /// Hands the ledger over and waits for it.
    fn lend(&mut self, job: Box<dyn Job>) {
        let Some(to) = job.borrower() else { return };
        match self.ledger.take() {
            None => job.refuse(LedgerError::Stopped),
            Some(ledger) => {
                if let Err(error) = ledger.stands() {
                    self.ledger = Some(ledger);
                    job.refuse(error);
                    return;
                }
                let (lent, returned) = Lent::new(ledger);
                // Nobody there to take it: it comes back at once.
                let _ = to.send(Ok(lent));
                self.ledger = returned.recv().ok();
            }
        }
    }
}

impl Writer {
    /// The door, and the hand behind it, which somebody has to move.
    pub fn by_hand(ledger: Ledger) -> Result<(Writer, Hand), LedgerError> {
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(WAITING_MAX);
        let store = ledger.reader.store.another()?;
        let door = Door::new(store, ledger.reader.state.clone());
        let mut ledger = ledger;
        ledger.door = Some(door.clone());
        let hand = Hand {
            ledger: Some(ledger),
            jobs,
            next: None,
        };
        Ok((Writer { queue, door }, hand))
    }

    /// Gives a ledger to a thread of its own.
    pub fn spawn(ledger: Ledger) -> Result<Writer, LedgerError> {
        let (writer, mut hand) = Writer::by_hand(ledger)?;
        let fault = |error: std::io::Error| LedgerError::Store(error.to_string());
        let (answers, answered) = channel::<Vec<Done>>();
        std::thread::Builder::new()
            .name("yiben-answers".to_owned())
            .spawn(move || answered.into_iter().for_each(answer))
            .map_err(fault)?;
        std::thread::Builder::new()
            .name("yiben-writer".to_owned())
            .spawn(move || {
                while let Some(first) = hand.next.take().or_else(|| hand.jobs.recv().ok()) {
                    let group = hand.serve(first, &mut |_| {});
                    if group.len() <= ANSWERED_HERE {
                        answer(group);
                    } else if let Err(back) = answers.send(group) {
                        answer(back.0);
                    }
                }
            })
            .map_err(fault)?;
        Ok(writer)
    }

    /// A reader on the present state, without asking the writing thread.
    pub fn reader(&self) -> Result<Reader, LedgerError> {
        self.door.reader()
    }

    /// The pack in force.
    pub fn pack(&self) -> Arc<CheckedPack> {
        self.door.hold().state.pack.clone()
    }

    /// A pool of at most so many readers.
    pub fn readers(&self, most: usize) -> Readers {
        Readers::new(self.door.clone(), most)
    }

    /// Borrows the whole ledger, in turn with the deeds in the queue. Nobody else writes until it is dropped.
    pub fn lend(&self) -> Result<Lent, LedgerError> {
        let (reply, answer) = channel();
        let job = Box::new(Borrowing(reply));
        self.queue.send(job).map_err(|_| LedgerError::Stopped)?;
        answer.recv().unwrap_or(Err(LedgerError::Stopped))
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
            refused.0.answer(&Fate::Stopped, 0);
        }
        answer
    }
}

/// A job, what became of its group, and the last transaction when that began.
type Done = (Box<dyn Job>, Fate, i64);

fn answer(group: Vec<Done>) {
    for (job, fate, before) in group {
        job.answer(&fate, before);
    }
}

/// Carries out a group: the first job and whatever waits behind it, up to a limit. A job that belongs in none comes
/// back for later.
fn serve(
    ledger: &mut Ledger,
    first: Box<dyn Job>,
    jobs: &Receiver<Box<dyn Job>>,
    look: &mut dyn FnMut(Point),
) -> (Vec<Done>, Option<Box<dyn Job>>) {
    if let Err(error) = ledger.begin() {
        first.refuse(error);
        return (Vec::new(), None);
    }
    let mut next = None;
    let before = ledger.head.seq;
    let mut group = vec![first];
    group[0].run(ledger);
    look(Point::CarriedOut(1));
    while group.len() < GROUP_MAX && !ledger.is_void() {
        let Ok(mut job) = jobs.try_recv() else { break };
        if job.borrower().is_some() {
            next = Some(job);
            break;
        }
        job.run(ledger);
        group.push(job);
        look(Point::CarriedOut(group.len()));
    }
    look(Point::Closing);
    let fate = Fate::of(ledger.commit());
    look(Point::Closed);
    let group = group.into_iter().map(|job| (job, fate.clone(), before));
    (group.collect(), next)
}

/// Somebody who waits for the whole ledger.
struct Borrowing(Sender<Result<Lent, LedgerError>>);

impl Job for Borrowing {
    fn run(&mut self, _: &mut Ledger) {}

    fn answer(self: Box<Self>, _: &Fate, _: i64) {
        self.refuse(LedgerError::Stopped);
    }

    fn refuse(self: Box<Self>, error: LedgerError) {
        let _ = self.0.send(Err(error));
    }

    fn borrower(&self) -> Option<&Sender<Result<Lent, LedgerError>>> {
        Some(&self.0)
    }
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
            // A deed that panics was taken back as one that failed; it must not take the writer with it.
            let done = catch_unwind(AssertUnwindSafe(|| ledger.run(deed, self.mode, run)));
            self.done = done.ok();
        }
    }

    fn answer(self: Box<Self>, fate: &Fate, before: i64) {
        let answer = match (fate, self.done) {
            // A deed that failed by itself has its own answer: nothing of it was to be kept.
            (_, Some(Err(error))) => Err(error),
            // A deed that was durable before the group stays so, whatever became of the group.
            (_, Some(Ok((None, receipt)))) if receipt.repeated && receipt.seq <= before => {
                Ok((None, receipt))
            }
            (Fate::Kept, Some(done)) => done,
            (Fate::Full(path), _) => Err(LedgerError::Full(path.clone()).into()),
            (Fate::Unknown(why), _) => Err(LedgerError::Unknown(why.clone()).into()),
            (Fate::Kept | Fate::Stopped, _) => Err(LedgerError::Stopped.into()),
        };
        // The caller may have gone away; the deed stands all the same.
        let _ = self.reply.send(answer);
    }

    fn refuse(self: Box<Self>, error: LedgerError) {
        let _ = self.reply.send(Err(error.into()));
    }
}
