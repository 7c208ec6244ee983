//! How fast a residents' list is taken in: 48,000 people with six sealed fields, 48,000 memberships and 15,000
//! households in one transaction, then verified. Prints microseconds a row. `cargo bench -p ledger`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use ledger::{HashAlg, LedgerError, Mode, NewFact, Source};
use std::time::Instant;
use testkit::{both_stores, register_of};
use vocabulary::{Date, Value};

const PEOPLE: i64 = 48_000;
const HOUSEHOLDS: i64 = 15_000;

fn main() {
    for alg in [HashAlg::Sha256, HashAlg::Sm3] {
        for _ in 0..3 {
            both_stores(|mut stand| {
                let mut ledger = stand.create(alg);
                let pack = ledger.pack();
                let registers =
                    ["person", "seat", "household"].map(|name| register_of(&pack, name));
                let people: Vec<Vec<(usize, Value)>> = (0..PEOPLE).map(person).collect();
                let mut deed = stand.deed("import");
                deed.sources.push(Source {
                    file: "residents.csv".to_owned(),
                    sha256: "00".repeat(32),
                    sheet: String::new(),
                    form: String::new(),
                    as_of: Date::from_int(20_221_231),
                    columns: (0..8)
                        .map(|n| (format!("person.{n}"), format!("{n}")))
                        .collect(),
                });
                let start = Instant::now();
                let mut drafted = 0.0;
                let mut flushed = 0.0;
                let (_, receipt) = ledger
                    .write(deed, Mode::Commit, |draft| {
                        for (n, values) in people.into_iter().enumerate() {
                            let row = u32::try_from(n).ok();
                            let record = draft.new_record();
                            let mut fact = NewFact::new(registers[0], record, 511_000_000_000);
                            fact.as_of = Date::from_int(20_221_231);
                            fact.from = fact.as_of;
                            fact.values = values;
                            fact.source = row.map(|row| (0, row + 2));
                            draft.assert(fact)?;
                            let member = draft.new_record();
                            let mut fact = NewFact::new(registers[1], member, 511_000_000_000);
                            fact.values = vec![(0, Value::Int(record)), (1, Value::from("member"))];
                            fact.source = row.map(|row| (0, row + 2));
                            draft.assert(fact)?;
                        }
                        for n in 0..HOUSEHOLDS {
                            let record = draft.new_record();
                            let mut fact = NewFact::new(registers[2], record, 511_000_000_000);
                            fact.values =
                                vec![(0, Value::Text(format!("H{n:05}"))), (1, Value::Int(3))];
                            draft.assert(fact)?;
                        }
                        drafted = start.elapsed().as_secs_f64();
                        draft.flush()?;
                        flushed = start.elapsed().as_secs_f64();
                        Ok::<(), LedgerError>(())
                    })
                    .expect("written");
                let written = start.elapsed().as_secs_f64();
                let verify = Instant::now();
                let verified = ledger
                    .reader()
                    .expect("a reader")
                    .verify()
                    .expect("verified");
                let verify = verify.elapsed().as_secs_f64();
                assert!(verified.is_sound(), "{verified:?}");
                let rows = f64::from(receipt.facts);
                println!(
                    "{}: {:.0} facts in {written:.3} s = {:.2} µs a fact (draft {:.3} s, flush {:.3} s, close and \
                     sync {:.3} s); verify {verify:.3} s = {:.0} facts/s",
                    alg.word(),
                    rows,
                    written * 1e6 / rows,
                    drafted,
                    flushed - drafted,
                    written - flushed,
                    rows / verify
                );
            });
        }
    }
}

fn person(n: i64) -> Vec<(usize, Value)> {
    let birth = 19_400_101 + (n % 70) * 10_000 + (n % 12) * 100 + n % 28;
    vec![
        // Spread like names are, not in order.
        (0, Value::Text(format!("P{:05}", n * 7919 % 48_000))),
        (1, Value::Text(format!("511729{birth}{:04}", n % 10_000))),
        (2, Value::Int(birth)),
        (3, Value::from(if n % 2 == 0 { "1" } else { "2" })),
        (4, Value::Text(format!("1380000{:04}", n % 10_000))),
        (
            5,
            Value::Text(format!("village {} group {}", n % 23, n % 9)),
        ),
        (6, Value::from("60")),
        (7, Value::Int(n * 100)),
    ]
}
