//! How fast a person is found among many, and what the table of grams costs: a list of residents taken in with names
//! that are looked for and with the same names as codes, which nobody looks for; then two hundred questions of every
//! kind, in the whole book and in one village. `cargo bench -p ledger --bench search_rate`; `PEOPLE=1000000` for a
//! county.

#![expect(clippy::print_stdout, reason = "a benchmark prints its numbers")]

use ledger::search::Ask;
use ledger::{HashAlg, Ledger, LedgerError, Mode, NewBook, NewFact, Reader};
use pack::CheckedPack;
use std::time::Instant;
use testkit::{CountingEntropy, FakeClock, Stand, both_stores, hamlet, register_of};
use vocabulary::{Date, DivisionId, FieldType, Value};

const TOWN: DivisionId = 511_000_000_000;
const VILLAGES: i64 = 500;
/// People of one transaction, about a large town's list.
const PEOPLE_AT_ONCE: i64 = 50_000;
/// Names by their characters: surnames, the commonest first; then those of given names.
const NAMES: &str = include_str!("names.txt");

/// Draws from a seed.
struct Dice(u64);

impl Dice {
    fn draw(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    /// One of the characters, the first far more often, as surnames are.
    fn common(&mut self, of: &[char]) -> char {
        let most = self.draw(of.len()) + 1;
        of[self.draw(most)]
    }

    fn name(&mut self, surnames: &[char], given: &[char]) -> String {
        let mut name = String::from(self.common(surnames));
        for _ in 0..1 + usize::from(self.draw(5) > 0) {
            name.push(given[self.draw(given.len())]);
        }
        name
    }
}

/// Seconds that this thread has worked, whoever else the machine works for; 0 where nobody tells.
fn worked() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = told
        .split(' ')
        .next()
        .and_then(|text| text.parse::<f64>().ok());
    nanos.unwrap_or(0.0) / 1e9
}

fn main() {
    let people: i64 =
        std::env::var("PEOPLE").map_or(100_000, |text| text.parse().expect("a number"));
    let (with, without) = (hamlet(1), unsought());
    let plain = fill(&without, people, None);
    let sought = fill(&with, people, Some(&ask_all));
    for (what, run) in [
        ("names that nobody looks for", &plain),
        ("names that are looked for", &sought),
    ] {
        println!(
            "{what}: {people} people in {:.1} s, of which the writing thread worked {:.2} s, {:.0} facts/s, {} MB",
            run.seconds,
            run.worked,
            run.facts / run.seconds,
            run.bytes >> 20
        );
    }
    println!(
        "grams: {:.2} rows and {} bytes a person, {:.1} % of the writing thread's work",
        run_rows(&sought, people),
        (sought.bytes - plain.bytes.min(sought.bytes)) / u64::try_from(people).expect("positive"),
        (sought.worked / plain.worked - 1.0) * 100.0
    );
}

fn run_rows(run: &Run, people: i64) -> f64 {
    run.rows / f64::from(i32::try_from(people).expect("fewer than two thousand million"))
}

struct Run {
    seconds: f64,
    worked: f64,
    facts: f64,
    bytes: u64,
    rows: f64,
}

/// The hamlet with names as codes: stored and indexed alike, and looked for by nobody.
fn unsought() -> CheckedPack {
    let mut pack = hamlet(1);
    for register in &mut pack.registers {
        for field in &mut register.fields {
            if field.kind == FieldType::Text {
                field.kind = FieldType::Code("names".to_owned());
            }
            if field.kind == FieldType::IdNumber {
                field.kind = FieldType::Code("numbers".to_owned());
            }
        }
    }
    pack
}

fn fill(pack: &CheckedPack, people: i64, then: Option<&dyn Fn(&Reader)>) -> Run {
    let mut out = None;
    both_stores(|mut stand| {
        let mut ledger = book(&stand, pack);
        let names: Vec<Vec<char>> = NAMES.lines().map(|line| line.chars().collect()).collect();
        let mut dice = Dice(1);
        let (start, began) = (Instant::now(), worked());
        let mut facts = 0.0;
        for from in (0..people).step_by(usize::try_from(PEOPLE_AT_ONCE).expect("positive")) {
            let deed = stand.deed("import");
            let write = ledger.write(deed, Mode::Commit, |draft| {
                for n in from..people.min(from + PEOPLE_AT_ONCE) {
                    one(draft, pack, n, dice.name(&names[0], &names[1]))?;
                    if n % 16_000 == 15_999 {
                        draft.flush()?;
                    }
                }
                Ok::<(), LedgerError>(())
            });
            facts += f64::from(write.expect("written").1.facts);
        }
        let seconds = start.elapsed().as_secs_f64();
        let worked = worked() - began;
        let reader = ledger.reader().expect("a reader");
        let mut rows = 0.0;
        let count = "SELECT COUNT(*) FROM gram WHERE record >= 1 AND record < 10000000000";
        let counted = reader.query(count, &[], &mut |row| {
            rows = row[0]
                .as_int()
                .map_or(0.0, |n| f64::from(i32::try_from(n).unwrap_or(0)));
        });
        counted.expect("counted");
        if let Some(then) = then {
            then(&reader);
        }
        drop((reader, ledger));
        // Whoever closes copies the log back into the file.
        let bytes = std::fs::metadata(stand.path()).expect("a file").len();
        out = Some(Run {
            seconds,
            worked,
            facts,
            bytes,
            rows,
        });
    });
    out.expect("ran")
}

fn book(stand: &Stand, pack: &CheckedPack) -> Ledger {
    let new = NewBook {
        book: TOWN,
        name: "hamlet".to_owned(),
        level: "town".to_owned(),
        pack: pack.clone(),
        alg: HashAlg::Sha256,
        at: FakeClock::default().now(),
        actor: "bench".to_owned(),
    };
    let made = Ledger::create(&stand.path(), new, Box::new(CountingEntropy::new(1)));
    let mut ledger = made.expect("a book");
    let write = ledger.write(places(), Mode::Commit, |draft| {
        let place = draft.reader().register_index("division")?;
        let parent = draft.reader().registers()[place].field_index("parent");
        for n in 1..=VILLAGES {
            let mut fact = NewFact::new(place, TOWN + n, TOWN + n);
            fact.values = vec![(parent.expect("places have a parent"), Value::Int(TOWN))];
            draft.assert(fact)?;
        }
        Ok::<_, LedgerError>(())
    });
    write.expect("written");
    ledger
}

fn places() -> ledger::Deed {
    ledger::Deed {
        name: "places".to_owned(),
        actor: "bench".to_owned(),
        at: FakeClock::default().now(),
        client_id: "places".to_owned(),
        asked: None,
        by: ledger::By::default(),
        why: None,
        sources: Vec::new(),
    }
}

fn one(
    draft: &mut ledger::Draft<'_>,
    pack: &CheckedPack,
    n: i64,
    name: String,
) -> Result<(), LedgerError> {
    let birth = 19_400_101 + (n % 70) * 10_000 + (n % 12) * 100 + n % 28;
    let record = draft.new_record();
    let division = TOWN + 1 + n * VILLAGES / 1_000_000 % VILLAGES;
    let mut fact = NewFact::new(register_of(pack, "person"), record, division);
    fact.as_of = Date::from_int(20_221_231);
    fact.from = fact.as_of;
    fact.values = vec![
        (0, Value::Text(name)),
        (
            1,
            Value::Text(format!(
                "{}{birth}{:04}",
                511_000 + n / 10_000 % 1000,
                n % 10_000
            )),
        ),
        (2, Value::Int(birth)),
        (3, Value::from(if n % 2 == 0 { "1" } else { "2" })),
        (4, Value::Text(format!("138{:08}", n))),
        (5, Value::Text(format!("group {}", n % 9))),
        (6, Value::from("60")),
    ];
    draft.assert(fact)?;
    let member = draft.new_record();
    let mut fact = NewFact::new(register_of(pack, "seat"), member, division);
    fact.values = vec![(0, Value::Int(record))];
    draft.assert(fact)?;
    Ok(())
}

/// Questions of every kind, asked in the whole book and in one village.
fn ask_all(reader: &Reader) {
    let names: Vec<Vec<char>> = NAMES.lines().map(|line| line.chars().collect()).collect();
    let mut dice = Dice(9);
    let letters: Vec<char> = "abcdefghijklmnopqrstuvwxyz".chars().collect();
    let mut questions: Vec<(&str, String)> = Vec::new();
    for n in 0..40 {
        let of = &names[usize::from(n % 4 == 3)];
        // The commonest surnames first.
        questions.push(("one character", of[n % of.len()].to_string()));
    }
    for kind in ["two characters", "three characters"] {
        for _ in 0..45 {
            let length = if kind == "two characters" { 2 } else { 3 };
            let name = dice.name(&names[0], &names[1]);
            let given = names[1][dice.draw(names[1].len())];
            let text: String = name.chars().chain([given]).take(length).collect();
            questions.push((kind, text));
        }
    }
    for (kind, length) in [("one letter", 1), ("two letters", 2), ("three letters", 3)] {
        for _ in 0..17 {
            let text = (0..length).map(|_| letters[dice.draw(26)]).collect();
            questions.push((kind, text));
        }
    }
    for _ in 0..19 {
        let text: String = (0..3)
            .map(|_| names[0][dice.draw(names[0].len())])
            .collect();
        questions.push(("three surnames", text));
    }
    for (where_, within) in [("whole book", vec![]), ("one village", vec![TOWN + 7])] {
        let mut all: Vec<(f64, &str, usize)> = Vec::new();
        for (kind, words) in &questions {
            let registers: Vec<usize> = (0..reader.registers().len()).collect();
            let ask = Ask {
                words,
                registers: &registers,
                within: &within,
                limit: 20,
            };
            let began = worked();
            let found = reader.search(&ask).expect("searched");
            all.push(((worked() - began) * 1e3, kind, found.hits.len()));
        }
        report(where_, "all", all.iter());
        let mut kinds: Vec<&str> = all.iter().map(|one| one.1).collect();
        kinds.dedup();
        for kind in kinds {
            report(where_, kind, all.iter().filter(|one| one.1 == kind));
        }
    }
}

fn report<'o>(place: &str, kind: &str, of: impl Iterator<Item = &'o (f64, &'o str, usize)>) {
    let mut taken: Vec<(f64, usize)> = of.map(|one| (one.0, one.2)).collect();
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: usize| taken[(taken.len() * share / 100).min(taken.len() - 1)].0;
    let hits: usize = taken.iter().map(|one| one.1).sum();
    println!(
        "{place}, {kind}: {} questions, {hits} hits, p50 {:.2} ms, p95 {:.2} ms, most {:.2} ms",
        taken.len(),
        at(50),
        at(95),
        at(100)
    );
}
