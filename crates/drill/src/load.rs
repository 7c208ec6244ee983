//! How many single deeds a second become durable, and how long one waits: writers that each say a household, wait for
//! the answer and say the next. Beside them, when asked, somebody who imports. Measures; judges nothing.

use crate::book::{ACTOR, create, open};
use crate::contents::mixed;
use crate::fill::one;
use ledger::{Answer, Deed, Draft, LedgerError, Mode, NewFact, Writer};
use office::clock::{Clock, SystemClock};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use vocabulary::{Date, Value};

/// Facts of an import: about a large town's list of residents.
pub const IMPORT_FACTS: u64 = 48_000;

/// Facts of an import between two flushes.
const FACTS_A_FLUSH: u64 = 16_000;

/// What is asked of a load.
#[derive(Debug, Clone)]
pub struct Load {
    /// Writers that wait at once.
    pub writers: usize,
    /// How long.
    pub seconds: u64,
    /// Somebody imports all the while.
    pub import: bool,
    /// What the contents follow from; another one for each load on the same book.
    pub seed: u64,
}

/// What a load came to.
#[derive(Debug, Clone)]
pub struct Measured {
    /// Deeds a second.
    pub rate: u64,
    /// How long one waited, in microseconds, shortest first.
    pub waits: Vec<i64>,
    /// Imports that were taken beside them.
    pub imports: u64,
}

impl Measured {
    /// How long all but so many of a thousand waited at most, in microseconds.
    pub fn wait(&self, of_a_thousand: usize) -> i64 {
        let last = self.waits.len().saturating_sub(1);
        let at = (self.waits.len() * of_a_thousand / 1000).min(last);
        self.waits.get(at).copied().unwrap_or_default()
    }
}

/// Opens the book, or makes it when there is none, and loads it.
pub fn load(path: &Path, asked: &Load) -> Result<Measured, LedgerError> {
    let clock = SystemClock;
    let ledger = if path.exists() {
        open(path)?
    } else {
        create(path, clock.now())?
    };
    let writer = Writer::spawn(ledger)?;
    let begun = clock.now().0;
    let until = begun + i64::try_from(asked.seconds).unwrap_or(0) * 1_000_000;
    let (next, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let (waits, imports) = std::thread::scope(|scope| {
        let importer = asked.import.then(|| {
            let (writer, done) = (writer.clone(), &done);
            scope.spawn(move || importing(&writer, asked.seed, done))
        });
        let clients: Vec<_> = (0..asked.writers.max(1))
            .map(|_| {
                let (writer, next) = (writer.clone(), &next);
                scope.spawn(move || client(&writer, asked.seed, next, until))
            })
            .collect();
        let mut waits = Vec::new();
        for client in clients {
            waits.extend(client.join().unwrap_or_else(|_| Ok(Vec::new()))?);
        }
        done.store(true, Ordering::SeqCst);
        let imports = importer.map_or(Ok(0), |one| one.join().unwrap_or(Ok(0)))?;
        Ok::<_, LedgerError>((waits, imports))
    })?;
    let took = (until - begun).max(1);
    let mut waits = waits;
    waits.sort_unstable();
    let rate = waits.len() as u64 * 1_000_000 / u64::try_from(took).unwrap_or(1);
    Ok(Measured {
        rate,
        waits,
        imports,
    })
}

fn deed(name: &str, id: String) -> Deed {
    Deed {
        name: name.to_owned(),
        actor: ACTOR.to_owned(),
        at: SystemClock.now(),
        client_id: id,
        asked: None,
        by: ledger::By::default(),
        why: None,
        sources: Vec::new(),
    }
}

/// One writer's waits, until the time is over.
fn client(
    writer: &Writer,
    seed: u64,
    next: &AtomicU64,
    until: i64,
) -> Result<Vec<i64>, LedgerError> {
    let mut waits = Vec::new();
    loop {
        let begun = SystemClock.now().0;
        if begun >= until {
            return Ok(waits);
        }
        let n = next.fetch_add(1, Ordering::Relaxed);
        let asked = deed("record", format!("load-{seed}-{n}"));
        let waiting = writer.submit(asked, Mode::Commit, move |draft| say(draft, seed, n));
        let answer: Answer<(), LedgerError> = waiting.recv().map_err(|_| LedgerError::Stopped)?;
        answer?;
        waits.push(SystemClock.now().0 - begun);
    }
}

/// A household that nobody has said before.
fn say(draft: &mut Draft<'_>, seed: u64, n: u64) -> Result<(), LedgerError> {
    let record = draft.new_record();
    let reader = draft.reader();
    let register = reader.register_index("household")?;
    let mut fact = NewFact::new(register, record, reader.book().id);
    fact.from = Date::from_int(20_240_101);
    fact.as_of = fact.from;
    let members = i64::try_from(mixed(seed, n) % 9).unwrap_or(0);
    fact.values = vec![
        (0, Value::text(format!("l-{seed}-{n}"))),
        (1, Value::Int(members)),
    ];
    draft.assert(fact).map(|_| ())
}

/// One import after the other; how many there were.
fn importing(writer: &Writer, seed: u64, done: &AtomicBool) -> Result<u64, LedgerError> {
    let mut imports = 0;
    while !done.load(Ordering::SeqCst) {
        let from = imports * IMPORT_FACTS;
        let asked = deed("import", format!("load-import-{seed}-{imports}"));
        // As an office imports: the whole ledger for one turn, in which no single deed waits for the import's sync.
        writer.lend()?.write(asked, Mode::Commit, |draft| {
            for n in from..from + IMPORT_FACTS {
                one(draft, seed, n)?;
                if n % FACTS_A_FLUSH == FACTS_A_FLUSH - 1 {
                    draft.flush()?;
                }
            }
            Ok::<_, LedgerError>(())
        })?;
        imports += 1;
    }
    Ok(imports)
}
