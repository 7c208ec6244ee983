//! Many writers on one book, each waiting for its answer before it says it. Running the same seed again is what a
//! client does after a crash: every id once more, and what was stored is answered as known.

use crate::book::{ACTOR, create, open};
use crate::contents::{Contents, Step, Who, deed, hex};
use crate::log::Log;
use ledger::{Deed, Draft, Ground, LedgerError, Mode, NewFact, Source, Writer};
use office::clock::{Clock, SystemClock};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use vocabulary::{Date, Moment, RecordId, Value};

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// What the contents follow from.
    pub seed: u64,
    /// The first deed.
    pub from: u64,
    /// How many deeds.
    pub count: u64,
    /// How many clients write at once.
    pub writers: usize,
    /// How many readers look on.
    pub readers: usize,
    /// How the clock goes.
    pub clock: Hands,
}

/// How the clock goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// As the computer's.
    System,
    /// A year forwards, a day back, and on again, deed by deed.
    Leaping,
}

impl Hands {
    fn at(self, n: u64) -> Moment {
        const DAY: i64 = 86_400_000_000;
        let now = SystemClock.now();
        match self {
            Hands::System => now,
            Hands::Leaping => Moment(
                now.0
                    + match n % 20 {
                        5..=9 => 365 * DAY,
                        10..=14 => -DAY,
                        _ => 0,
                    },
            ),
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every deed was answered.
    Done,
    /// An outcome was unknown: whoever runs it begins again.
    Unknown,
}

/// Why a deed was not carried out.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It failed on purpose, or what it needs is not there.
    Ours(&'static str),
    /// The ledger's word.
    Ledger(LedgerError),
}

impl From<LedgerError> for Refused {
    fn from(error: LedgerError) -> Refused {
        Refused::Ledger(error)
    }
}

/// Opens the book, or makes it when there is none, and has every deed answered.
pub fn run(path: &Path, run: &Run, log: &Log) -> Result<Ended, LedgerError> {
    let (word, ledger) = if path.exists() {
        ("open", open(path)?)
    } else {
        ("made", create(path, run.clock.at(0))?)
    };
    let (seq, hash) = ledger.reader()?.head()?;
    log.line(&format!("{word} {seq} {}", hex(&hash)));
    let writer = Writer::spawn(ledger)?;
    let next = AtomicU64::new(run.from);
    let stop = AtomicBool::new(false);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..run.readers {
            scope.spawn(|| look_on(&writer, log, &done));
        }
        let clients: Vec<_> = (0..run.writers.max(1))
            .map(|_| {
                let writer = writer.clone();
                let (next, stop) = (&next, &stop);
                scope.spawn(move || {
                    while !stop.load(Ordering::SeqCst) {
                        let n = next.fetch_add(1, Ordering::SeqCst);
                        if n >= run.from + run.count {
                            break;
                        }
                        let contents = deed(run.seed, n);
                        let at = run.clock.at(n);
                        let mut known = answer(&writer, &contents, at, log);
                        // Some clients ask twice, as after a reply that did not arrive.
                        if known && n.is_multiple_of(9) {
                            known = answer(&writer, &contents, at, log);
                        }
                        if !known {
                            stop.store(true, Ordering::SeqCst);
                        }
                    }
                })
            })
            .collect();
        for client in clients {
            let _ = client.join();
        }
        done.store(true, Ordering::SeqCst);
    });
    if stop.load(Ordering::SeqCst) {
        return Ok(Ended::Unknown);
    }
    log.line("done");
    Ok(Ended::Done)
}

/// Opens readers again and again while others write.
fn look_on(writer: &Writer, log: &Log, done: &AtomicBool) {
    let mut looks = 0_u64;
    while !done.load(Ordering::SeqCst) {
        let seen = writer.reader().and_then(|reader| reader.head());
        match seen {
            Ok((seq, _)) if looks.is_multiple_of(50) => log.line(&format!("read {seq}")),
            Ok(_) => {}
            Err(error) => log.line(&format!("unread {}", error.code())),
        }
        looks += 1;
    }
}

/// Has one deed answered and the answer on record; false when the outcome is unknown.
fn answer(writer: &Writer, contents: &Contents, at: Moment, log: &Log) -> bool {
    let (count, payload) = contents.payload();
    let (id, kind) = (&contents.id, contents.kind);
    log.line(&format!("ask {id} {kind} {count} {payload}"));
    let sources = if kind == "import" {
        vec![source(id)]
    } else {
        Vec::new()
    };
    let asked = Deed {
        name: kind.to_owned(),
        actor: ACTOR.to_owned(),
        at,
        client_id: id.clone(),
        by: ledger::By::default(),
        asked: None,
        why: None,
        sources,
    };
    let mode = if contents.look {
        Mode::Preview
    } else {
        Mode::Commit
    };
    let steps = contents.steps.clone();
    let waiting = writer.submit(asked, mode, move |draft| carry_out(draft, &steps));
    let Ok(answered) = waiting.recv() else {
        log.line(&format!("unknown {id} gone"));
        return false;
    };
    match answered {
        Ok(_) if contents.look => log.line(&format!("look {id}")),
        Ok((_, receipt)) => {
            let known = if receipt.repeated { "again" } else { "new" };
            log.line(&format!(
                "ack {id} {} {} {} {known} {kind} {count} {payload}",
                receipt.seq,
                hex(&receipt.hash),
                receipt.facts
            ));
        }
        Err(Refused::Ours(why)) => log.line(&format!("no {id} {why}")),
        Err(Refused::Ledger(error)) => {
            let code = error.code();
            if matches!(error, LedgerError::Unknown(_) | LedgerError::Stopped) {
                log.line(&format!("unknown {id} {code}"));
                return false;
            }
            log.line(&format!("no {id} {code}"));
        }
    }
    true
}

fn source(id: &str) -> Source {
    Source {
        file: format!("{id}.csv"),
        sha256: "ab".repeat(32),
        sheet: String::new(),
        form: String::new(),
        as_of: Date::from_int(20_240_101),
        columns: vec![("number".to_owned(), "A".to_owned())],
    }
}

fn carry_out(draft: &mut Draft<'_>, steps: &[Step]) -> Result<(), Refused> {
    for step in steps {
        match step {
            Step::Say { who, from, set } => {
                let record = seek_or_begin(draft, who)?;
                let mut fact = fact(draft, who.register(), record, *from)?;
                let decl = &draft.reader().registers()[fact.register];
                for (name, value) in set {
                    let index = decl.fields.iter().position(|field| field.name == *name);
                    let index = index.ok_or(Refused::Ours("no-field"))?;
                    fact.values.push((index, value.clone()));
                }
                if let Who::Seat(id_number) = who
                    && let Some(person) = seek(draft, "person", "id_number", id_number)?
                {
                    fact.values.push((0, Value::Int(person)));
                }
                draft.assert(fact)?;
            }
            Step::End { who, from } => {
                let record = seek_or_begin(draft, who)?;
                let fact = fact(draft, who.register(), record, *from)?;
                draft.end(fact)?;
            }
            Step::Flush => draft.flush()?,
            Step::Withdraw(number) => {
                let found = seek(draft, "household", "number", number)?;
                let record = found.ok_or(Refused::Ours("nothing-to-withdraw"))?;
                let said = draft.reader().assertions("household", record)?;
                let last = said.iter().rev().find(|one| !one.withdrawn);
                let last = last.ok_or(Refused::Ours("nothing-to-withdraw"))?;
                let (tx, ord) = (last.tx, last.ord);
                draft.withdraw(tx, Some(ord))?;
            }
            Step::Erase(id_number) => {
                let found = seek(draft, "person", "id_number", id_number)?;
                let record = found.ok_or(Refused::Ours("nobody-to-erase"))?;
                draft.erase(record, &ground())?;
            }
            Step::Pack => draft.pack(testkit::hamlet(2))?,
            Step::Fail => return Err(Refused::Ours("failed-on-purpose")),
        }
    }
    Ok(())
}

/// Why somebody is erased in a drill.
pub(crate) fn ground() -> Ground {
    Ground {
        basis: "a drill".to_owned(),
        approver: "another".to_owned(),
    }
}

fn fact(
    draft: &Draft<'_>,
    register: &str,
    record: RecordId,
    from: i32,
) -> Result<NewFact, LedgerError> {
    let register = draft.reader().register_index(register)?;
    let mut fact = NewFact::new(register, record, draft.reader().book().id);
    fact.from = Date::from_int(from);
    fact.as_of = Date::from_int(from);
    Ok(fact)
}

fn seek(
    draft: &Draft<'_>,
    register: &str,
    field: &str,
    value: &str,
) -> Result<Option<RecordId>, LedgerError> {
    let found = draft.reader().find(register, field, &Value::text(value))?;
    Ok(found.first().copied())
}

fn seek_or_begin(draft: &mut Draft<'_>, who: &Who) -> Result<RecordId, LedgerError> {
    let found = match who {
        Who::Household(number) => seek(draft, "household", "number", number)?,
        Who::Person(id_number) => seek(draft, "person", "id_number", id_number)?,
        Who::Seat(_) => None,
    };
    Ok(found.unwrap_or_else(|| draft.new_record()))
}
