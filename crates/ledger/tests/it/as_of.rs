//! What was answered stays the answer: the place tree and what was covered, asked as of any transaction, are what
//! they were when it was the last one, whatever was drawn, covered, taken back and put back since.

use ledger::{Entropy, HashAlg, Ledger, LedgerError, Mode, NewFact, Reader, layout};
use testkit::{CountingEntropy, Stand, both_stores, register_of};
use vocabulary::{Date, Value};

const TOWN: i64 = 511_000_000_000;

/// Everything the present says of places and coverage.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    places: Vec<String>,
    tree: Vec<(i64, i64)>,
    covered: Vec<String>,
}

fn now(reader: &Reader) -> Seen {
    let mut tree = Vec::new();
    let sql = format!(
        "SELECT ancestor, division FROM {} ORDER BY ancestor, division",
        layout::TREE
    );
    let mut pair = |row: &[Value]| tree.push((row[0].as_int(), row[1].as_int()));
    reader.query(&sql, &[], &mut pair).expect("read");
    let whole = |(a, b): (Option<i64>, Option<i64>)| (a.expect("a place"), b.expect("a place"));
    let covered = reader.coverage(None).expect("read");
    Seen {
        places: lines(&reader.divisions().expect("read")),
        tree: tree.into_iter().map(whole).collect(),
        covered: lines(&covered),
    }
}

fn then(reader: &Reader, known: i64) -> Seen {
    let covered = lines(&reader.coverage(Some(known)).expect("read"));
    let Some(drawn) = reader.drawn(known).expect("read") else {
        let present = now(reader);
        return Seen { covered, ..present };
    };
    // A place may be named as another's parent before it is told of itself.
    let all = (0..7).map(|n| TOWN + 1_000 * n);
    let tree = all.flat_map(|above| drawn.below(above).map(move |below| (above, below)));
    let tree = tree.collect();
    Seen {
        places: lines(drawn.places()),
        tree,
        covered,
    }
}

fn lines<T: std::fmt::Debug>(list: &[T]) -> Vec<String> {
    list.iter().map(|one| format!("{one:?}")).collect()
}

fn drawn(entropy: &mut CountingEntropy, below: u64) -> i64 {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    i64::try_from(u64::from_le_bytes(bytes) % below).expect("small")
}

/// One transaction at random: a place drawn, renamed or put under another, a register covered, something taken back.
fn step(ledger: &mut Ledger, stand: &mut Stand, random: &mut CountingEntropy) {
    let days = [0, 20_200_101, 20_210_101, 20_220_101];
    let deed = stand.deed("step");
    let person = register_of(&ledger.pack(), "person");
    let done = ledger.write(deed, Mode::Commit, |draft| {
        for _ in 0..=drawn(random, 2) {
            let day = Date::from_int(days[usize::try_from(drawn(random, 4)).expect("small")]);
            let place = TOWN + 1_000 * (1 + drawn(random, 6));
            match drawn(random, 8) {
                0..=3 => {
                    let register = draft.reader().register_index(layout::DIVISIONS)?;
                    let decl = draft.reader().registers()[register].clone();
                    let at = |name: &str| decl.field_index(name).expect("the ledger's own");
                    let parent = TOWN + 1_000 * drawn(random, 7);
                    let mut fact = NewFact::new(register, place, place);
                    (fact.from, fact.as_of) = (day, day);
                    fact.values = vec![
                        (at("name"), Value::Text(format!("v{}", drawn(random, 9)))),
                        (at("level"), Value::from("village")),
                        (at("parent"), Value::Int(parent)),
                    ];
                    draft.assert(fact)?;
                }
                4 | 5 => {
                    draft.coverage(person, place, day)?;
                }
                _ if draft.seq() > 3 => {
                    let ord = u32::try_from(drawn(random, 4)).ok().filter(|ord| *ord < 3);
                    let tx = 2 + drawn(random, u64::try_from(draft.seq() - 2).expect("more"));
                    draft.withdraw(tx, ord)?;
                }
                _ => {}
            }
        }
        Ok::<_, LedgerError>(())
    });
    done.expect("written");
}

#[test]
fn places_and_coverage_of_then_are_what_they_were() {
    for seed in 0..12 {
        both_stores(|mut stand| {
            let mut random = CountingEntropy::new(seed);
            let mut ledger = stand.create(HashAlg::Sha256);
            let mut seen = vec![now(&ledger.reader().expect("a reader"))];
            for _ in 0..30 {
                step(&mut ledger, &mut stand, &mut random);
                seen.push(now(&ledger.reader().expect("a reader")));
            }
            let reader = ledger.reader().expect("a reader");
            for (known, seen) in (1..).zip(&seen) {
                assert_eq!(then(&reader, known), *seen, "seed {seed}, as of {known}");
            }
            assert!(reader.verify().expect("verified").is_sound());
        });
    }
}
