//! How fast a residents' list is taken in: 48,000 people with six sealed fields, 48,000 memberships and 15,000
//! households in one transaction, then verified. Prints the best of three runs, and what sealing, indexes and
//! hashing take of it, as microseconds a fact: the same list is taken in under packs that lack them.
//! `cargo bench -p ledger`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use ledger::{HashAlg, Ledger, LedgerError, Mode, NewBook, NewFact, Source, tree};
use pack::CheckedPack;
use std::time::Instant;
use testkit::{CountingEntropy, FakeClock, both_stores, hamlet, register_of};
use vocabulary::{Date, FieldType, Value};

const PEOPLE: i64 = 48_000;
const HOUSEHOLDS: i64 = 15_000;
const RUNS: usize = 3;

/// What one run took, in seconds.
#[derive(Clone, Copy)]
struct Run {
    facts: f64,
    flush: f64,
    close: f64,
    verify: f64,
}

fn main() {
    for alg in [HashAlg::Sha256, HashAlg::Sm3] {
        let full = best(alg, &hamlet(1));
        let open = best(alg, &without_sealing(hamlet(1)));
        let bare = best(alg, &without_indexes(without_sealing(hamlet(1))));
        let each = |seconds: f64| seconds * 1e6 / full.facts;
        println!(
            "{}: {:.0} facts in {:.3} s, {:.2} µs a fact; verified at {:.0} facts/s",
            alg.word(),
            full.facts,
            full.flush + full.close,
            each(full.flush + full.close),
            full.facts / full.verify
        );
        println!(
            "  seal {:.2}, indexes {:.2}, hash {:.2}, body, hash and insert {:.2}, close and sync {:.2} µs a fact",
            each(full.flush - open.flush),
            each(open.flush - bare.flush),
            hash(alg),
            each(bare.flush),
            each(full.close)
        );
    }
}

/// Hashing alone, on one core: salted leaves of 300 bytes.
fn hash(alg: HashAlg) -> f64 {
    let body = [b'x'; 300];
    let start = Instant::now();
    let leaves: Vec<[u8; 32]> = (0..50_000_u32)
        .map(|n| {
            let mut salt = [0; 16];
            salt[..4].copy_from_slice(&n.to_be_bytes());
            tree::leaf(alg, &salt, &body)
        })
        .collect();
    let root = tree::root(alg, &leaves);
    let taken = start.elapsed().as_secs_f64() * 1e6 / 50_000.0;
    assert_ne!(root, [0; 32]);
    taken
}

fn without_sealing(mut pack: CheckedPack) -> CheckedPack {
    for field in pack
        .registers
        .iter_mut()
        .flat_map(|register| &mut register.fields)
    {
        (field.personal, field.secret) = (false, false);
    }
    pack
}

fn without_indexes(mut pack: CheckedPack) -> CheckedPack {
    for register in &mut pack.registers {
        register.identity = None;
        register.keys.clear();
        register.subject = None;
        for field in &mut register.fields {
            if let FieldType::Reference(_) = field.kind {
                field.kind = FieldType::Int;
            }
        }
    }
    pack
}

fn best(alg: HashAlg, pack: &CheckedPack) -> Run {
    let runs = (0..RUNS).map(|_| run(alg, pack));
    runs.min_by(|a, b| (a.flush + a.close).total_cmp(&(b.flush + b.close)))
        .expect("several runs")
}

fn run(alg: HashAlg, pack: &CheckedPack) -> Run {
    let mut out = None;
    both_stores(|mut stand| {
        let new = NewBook {
            book: 511_000_000_000,
            name: "hamlet".to_owned(),
            level: "town".to_owned(),
            pack: pack.clone(),
            alg,
            at: FakeClock::default().now(),
            actor: "bench".to_owned(),
        };
        let entropy = Box::new(CountingEntropy::new(1));
        let mut ledger = Ledger::create(&stand.path(), new, entropy).expect("a book");
        let mut deed = stand.deed("import");
        deed.sources.push(source());
        let mut flush = 0.0;
        let mut start = Instant::now();
        let (_, receipt) = ledger
            .write(deed, Mode::Commit, |draft| {
                say(draft, pack)?;
                start = Instant::now();
                draft.flush()?;
                flush = start.elapsed().as_secs_f64();
                Ok::<(), LedgerError>(())
            })
            .expect("written");
        let close = start.elapsed().as_secs_f64() - flush;
        let verify = Instant::now();
        let verified = ledger
            .reader()
            .expect("a reader")
            .verify()
            .expect("verified");
        assert!(verified.is_sound(), "{verified:?}");
        let verify = verify.elapsed().as_secs_f64();
        out = Some(Run {
            facts: f64::from(receipt.facts),
            flush,
            close,
            verify,
        });
    });
    out.expect("ran")
}

fn source() -> Source {
    Source {
        file: "residents.csv".to_owned(),
        sha256: "00".repeat(32),
        sheet: String::new(),
        form: String::new(),
        as_of: Date::from_int(20_221_231),
        columns: (0..8)
            .map(|n| (format!("person.{n}"), format!("{n}")))
            .collect(),
    }
}

fn say(draft: &mut ledger::Draft<'_>, pack: &CheckedPack) -> Result<(), LedgerError> {
    let [person, seat, household] =
        ["person", "seat", "household"].map(|name| register_of(pack, name));
    for n in 0..PEOPLE {
        let row = u32::try_from(n).ok().map(|row| (0, row + 2));
        let record = draft.new_record();
        let mut fact = NewFact::new(person, record, 511_000_000_000);
        fact.as_of = Date::from_int(20_221_231);
        fact.from = fact.as_of;
        fact.values = values(n);
        fact.source = row;
        draft.assert(fact)?;
        let member = draft.new_record();
        let mut fact = NewFact::new(seat, member, 511_000_000_000);
        fact.values = vec![(0, Value::Int(record)), (1, Value::from("member"))];
        fact.source = row;
        draft.assert(fact)?;
    }
    for n in 0..HOUSEHOLDS {
        let record = draft.new_record();
        let mut fact = NewFact::new(household, record, 511_000_000_000);
        fact.values = vec![(0, Value::Text(format!("H{n:05}"))), (1, Value::Int(3))];
        draft.assert(fact)?;
    }
    Ok(())
}

fn values(n: i64) -> Vec<(usize, Value)> {
    let birth = 19_400_101 + (n % 70) * 10_000 + (n % 12) * 100 + n % 28;
    vec![
        // Spread as names are, not in order.
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
