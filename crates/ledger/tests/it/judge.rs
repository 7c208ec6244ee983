//! Random writes and as-of reads: the real ledger and the naive one must agree on every record, field, day and
//! transaction. proptest prints the failing input, and its seed is kept beside this file.

use ledger::{HashAlg, LedgerError, Mode, NewFact, Source};
use proptest::prelude::*;
use testkit::judge::{Judge, Kind, Statement};
use testkit::{both_stores, register_of};
use vocabulary::{Date, Moment, Value};

const BIRTH: usize = 2;
const ADDRESS: usize = 5;
const INCOME: usize = 7;
const RECORDS: i64 = 2;

#[derive(Debug, Clone)]
enum Said {
    Fact {
        kind: u8,
        record: i64,
        division: i64,
        from: usize,
        to: Option<usize>,
        as_of: usize,
        rank: u8,
        birth: Option<i64>,
        address: Option<u8>,
        income: Option<Option<i64>>,
    },
    Flush,
}

#[derive(Debug, Clone)]
enum Step {
    Write { source: Option<u8>, said: Vec<Said> },
    Withdraw { tx: usize, ord: Option<u32> },
}

const DAYS: [i32; 6] = [
    0, 20_200_101, 20_200_601, 20_210_101, 20_220_101, 20_221_226,
];
const BIRTHS: [i64; 5] = [19_850_700, 19_850_703, 19_850_800, 19_850_000, 19_850_720];

fn said() -> impl Strategy<Value = Said> {
    let fact = (
        (0..8_u8, 0..RECORDS, 0..3_i64, 0..DAYS.len()),
        (
            prop::option::weighted(0.3, 1..DAYS.len()),
            0..DAYS.len(),
            4..7_u8,
        ),
        (
            prop::option::of(prop::sample::select(&BIRTHS[..])),
            prop::option::of(0..3_u8),
            prop::option::of(prop::option::weighted(0.9, 0..3_i64)),
        ),
    );
    let fact = fact.prop_map(
        |((kind, record, division, from), (to, as_of, rank), (birth, address, income))| {
            Said::Fact {
                kind,
                record,
                division,
                from,
                to,
                as_of,
                rank,
                birth,
                address,
                income,
            }
        },
    );
    prop_oneof![9 => fact, 1 => Just(Said::Flush)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (prop::option::weighted(0.8, 0..3_u8), prop::collection::vec(said(), 1..5))
            .prop_map(|(source, said)| Step::Write { source, said }),
        1 => (2..10_usize, prop::option::of(0..3_u32)).prop_map(|(tx, ord)| Step::Withdraw { tx, ord }),
    ]
}

proptest! {
    // Each case writes several durable transactions; a night's run sets PROPTEST_CASES.
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(64),
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_ledger_and_the_judge_agree(steps in prop::collection::vec(step(), 1..9)) {
        both_stores(|stand| agree(stand, &steps));
    }
}

fn agree(mut stand: testkit::Stand, steps: &[Step]) {
    let mut ledger = stand.create(HashAlg::Sha256);
    let register = register_of(&ledger.pack(), "person");
    let mut judge = Judge::new(&[0, 1, BIRTH, 3], &[BIRTH]);
    let mut moments: Vec<(i64, Moment)> = Vec::new();
    let base = ledger
        .write(stand.deed("begin"), Mode::Commit, |draft| {
            let first = draft.new_record();
            for _ in 1..RECORDS {
                draft.new_record();
            }
            Ok::<_, LedgerError>(first)
        })
        .expect("numbers drawn")
        .0
        .expect("ran");
    for step in steps {
        let mut deed = stand.deed("write");
        match step {
            Step::Write { source, said } => {
                let file = source.map(|n| format!("{n}.xlsx"));
                deed.sources.extend(file.clone().map(source_of));
                let heard = ledger.write(deed, Mode::Commit, |draft| {
                    let mut heard = Vec::new();
                    for one in said {
                        match statement(one, base, register, file.as_deref()) {
                            None => draft.flush()?,
                            Some((mut heard_one, fact)) => {
                                let ord = match heard_one.kind {
                                    Kind::Assert => draft.assert(fact)?,
                                    Kind::End => draft.end(fact)?,
                                    Kind::Decide => draft.decide(fact)?,
                                };
                                heard_one.at = (draft.seq(), ord);
                                heard.push(heard_one);
                            }
                        }
                    }
                    Ok::<_, LedgerError>(heard)
                });
                let (heard, receipt) = heard.expect("written");
                heard
                    .expect("ran")
                    .into_iter()
                    .for_each(|one| judge.hear(one));
                moments.push((receipt.seq, receipt.at));
            }
            Step::Withdraw { tx, ord } => {
                let tx = i64::try_from(*tx).expect("small");
                // An undo may hit an undo, or the transaction that drew the numbers.
                let done = ledger.write(deed, Mode::Commit, |draft| {
                    if tx >= draft.seq() {
                        return Ok(None);
                    }
                    let ord = draft.withdraw(tx, *ord)?;
                    Ok::<_, LedgerError>(Some((draft.seq(), ord)))
                });
                let (by, receipt) = done.expect("written");
                if let Some(by) = by.flatten() {
                    judge.withdraw(by, tx, *ord);
                }
                moments.push((receipt.seq, receipt.at));
            }
        }
    }
    let reader = ledger.reader().expect("a reader");
    let days = judge.days();
    let last = moments.last().map(|(seq, _)| (*seq, None));
    let asked = moments
        .iter()
        .map(|(seq, at)| (*seq, Some(*at)))
        .chain(last);
    for (seq, known) in asked {
        for record in base..base + RECORDS {
            for day in &days {
                let slice = reader
                    .slice_at("person", record, *day, known)
                    .expect("read");
                let place = format!("record {record}, {day}, known {known:?}");
                assert_eq!(
                    slice.as_ref().map(|s| s.division),
                    judge.division(record, *day, seq),
                    "{place}"
                );
                let Some(slice) = slice else { continue };
                for field in [BIRTH, ADDRESS, INCOME] {
                    assert_eq!(
                        slice.values[field],
                        judge.value(record, field, *day, seq),
                        "field {field}, {place}"
                    );
                }
            }
        }
    }
    let verified = reader.verify().expect("verified");
    assert!(verified.is_sound(), "{verified:#?}");
}

fn source_of(file: String) -> Source {
    Source {
        file,
        sha256: String::new(),
        sheet: "s".to_owned(),
        form: String::new(),
        as_of: Date::BEGINNING,
        columns: vec![("person.birth".to_owned(), "C".to_owned())],
    }
}

/// What the judge hears and what the ledger is given.
fn statement(
    said: &Said,
    base: i64,
    register: usize,
    file: Option<&str>,
) -> Option<(Statement, NewFact)> {
    let Said::Fact {
        kind,
        record,
        division,
        from,
        to,
        as_of,
        rank,
        birth,
        address,
        income,
    } = said
    else {
        return None;
    };
    let kind = match kind {
        0..=4 => Kind::Assert,
        5 | 6 => Kind::End,
        _ => Kind::Decide,
    };
    let from = Date::from_int(DAYS[*from]);
    let to = to
        .map(|day| Date::from_int(DAYS[day]))
        .filter(|to| *to > from && kind != Kind::End);
    let as_of = Date::from_int(DAYS[*as_of]);
    let mut values = Vec::new();
    if kind != Kind::End {
        values.extend(birth.map(|birth| (BIRTH, Value::Int(birth))));
        values.extend(address.map(|n| (ADDRESS, Value::Text(format!("house {n}")))));
        values.extend(income.map(|income| (INCOME, income.map_or(Value::Null, Value::Int))));
    }
    let statement = Statement {
        at: (0, 0),
        kind,
        record: base + record,
        division: *division,
        from,
        to: to.unwrap_or(Date::FOREVER),
        as_of,
        source: file.map_or_else(Default::default, |file| (file.to_owned(), "s".to_owned())),
        rank: *rank,
        set: values.clone(),
    };
    let mut fact = NewFact::new(register, base + record, *division);
    (fact.from, fact.to, fact.as_of, fact.rank, fact.values) = (from, to, as_of, *rank, values);
    fact.source = file.map(|_| (0, 7));
    Some((statement, fact))
}
