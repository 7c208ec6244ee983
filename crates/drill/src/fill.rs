//! A big book, quickly: people with everything that is personal, seats that refer to them, and their households,
//! in transactions as large as an import's.

use crate::book::{ACTOR, create, open};
use crate::contents::{Step, Who, say_person, say_seat};
use ledger::{Deed, Draft, LedgerError, Mode, NewFact};
use office::clock::{Clock, SystemClock};
use std::path::Path;
use vocabulary::{Date, Value};

/// Facts of one transaction: about as many as a large town's list of residents has.
pub const FACTS_AT_ONCE: u64 = 48_000;

/// Facts between two flushes, so that a transaction needs no more memory than that.
const FACTS_A_FLUSH: u64 = 16_000;

/// Writes so many facts; `told` hears how many there are after each transaction.
pub fn fill(
    path: &Path,
    seed: u64,
    facts: u64,
    told: &mut dyn FnMut(u64),
) -> Result<(), LedgerError> {
    let clock = SystemClock;
    let mut ledger = if path.exists() {
        open(path)?
    } else {
        create(path, clock.now())?
    };
    let mut done = 0;
    while done < facts {
        let some = (facts - done).min(FACTS_AT_ONCE);
        let deed = Deed {
            name: "fill".to_owned(),
            actor: ACTOR.to_owned(),
            at: clock.now(),
            client_id: format!("fill-{seed}-{done}"),
            asked: None,
            by: ledger::By::default(),
            why: None,
            sources: Vec::new(),
        };
        ledger.write(deed, Mode::Commit, |draft| {
            for n in done..done + some {
                one(draft, seed, n)?;
                if n % FACTS_A_FLUSH == FACTS_A_FLUSH - 1 {
                    draft.flush()?;
                }
            }
            Ok::<_, LedgerError>(())
        })?;
        done += some;
        told(done);
    }
    Ok(())
}

/// Three facts a person: the person, a seat, the household.
pub(crate) fn one(draft: &mut Draft<'_>, seed: u64, n: u64) -> Result<(), LedgerError> {
    let person = n - n % 3;
    let record = draft.new_record();
    let (step, refers) = match n % 3 {
        0 => (say_person(seed, person), None),
        1 => (say_seat(seed, person), Some(record - 1)),
        _ => (
            Step::Say {
                who: Who::Household(String::new()),
                from: 20_200_101,
                set: vec![
                    ("number", Value::text(format!("f-{seed}-{n}"))),
                    (
                        "members",
                        Value::Int(1 + i64::try_from(n % 7).expect("below seven")),
                    ),
                ],
            },
            None,
        ),
    };
    let Step::Say { who, from, set } = step else {
        return Ok(());
    };
    let reader = draft.reader();
    let register = reader.register_index(who.register())?;
    let mut fact = NewFact::new(register, record, reader.book().id);
    fact.from = Date::from_int(from);
    fact.as_of = Date::from_int(from.max(20_200_101));
    let decl = &reader.registers()[register];
    for (name, value) in set {
        let index = decl.fields.iter().position(|field| field.name == name);
        let index = index.expect("the hamlet has this field");
        fact.values.push((index, value));
    }
    if let Some(person) = refers {
        fact.values.push((0, Value::Int(person)));
    }
    draft.assert(fact).map(|_| ())
}
