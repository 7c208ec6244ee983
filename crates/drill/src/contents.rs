//! What the n-th deed of a seed says. Pure: a client that tries again after a crash says the same, and a judge
//! can know it beforehand. Records are named by what they hold, so that no deed rests on another's number.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use vocabulary::Value;

/// Rows of a wide deed: several flushes, several chunks to seal.
pub const WIDE_ROWS: u64 = 300;

/// What one step of a deed does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Says these values of a record, which is looked up and begun when nobody knows it.
    Say {
        /// Which record.
        who: Who,
        /// True from, `yyyymmdd`.
        from: i32,
        /// Fields and values.
        set: Vec<(&'static str, Value)>,
    },
    /// The record is no longer true from a day on.
    End {
        /// Which record.
        who: Who,
        /// From when, `yyyymmdd`.
        from: i32,
    },
    /// What was read so far is written, so that the rest of the deed sees it.
    Flush,
    /// Takes the last fact of a household back; refused when there is none.
    Withdraw(String),
    /// Erases the person of this number; refused when there is none.
    Erase(String),
    /// Puts the pack's second version in force.
    Pack,
    /// Fails on purpose, after all before it was carried out.
    Fail,
}

/// Which record a step is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The household of this number.
    Household(String),
    /// The person of this ID number.
    Person(String),
    /// A seat that the person of this ID number holds: always a new one.
    Seat(String),
}

impl Who {
    /// The register it belongs to.
    pub fn register(&self) -> &'static str {
        match self {
            Who::Household(_) => "household",
            Who::Person(_) => "person",
            Who::Seat(_) => "seat",
        }
    }
}

/// One deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Its client id.
    pub id: String,
    /// What kind of deed it is.
    pub kind: &'static str,
    /// What it does.
    pub steps: Vec<Step>,
    /// Only looked at: nothing of it stays.
    pub look: bool,
}

/// Fields that stand in a body as a commitment: a judge without the key sees that they are there, no more.
const SEALED: [&str; 7] = [
    "name",
    "id_number",
    "birth",
    "sex",
    "phone",
    "address",
    "remark",
];

impl Contents {
    /// How many facts it says, and the hash of all that can be read of them without a key.
    pub fn payload(&self) -> (usize, String) {
        let lines: Vec<String> = self.steps.iter().filter_map(line).collect();
        let mut hash = Sha256::new();
        for line in &lines {
            hash.update(line.as_bytes());
            hash.update(b"\n");
        }
        (lines.len(), hex(&hash.finalize()))
    }
}

/// Hex, lower case.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn line(step: &Step) -> Option<String> {
    match step {
        Step::Say { who, from, set } => {
            let mut fields: Vec<String> = set
                .iter()
                .map(|(name, value)| match value {
                    _ if SEALED.contains(name) => format!("{name}#"),
                    Value::Int(int) => format!("{name}={int}"),
                    Value::Text(text) => format!("{name}={text}"),
                    Value::Null => format!("{name}="),
                })
                .collect();
            fields.sort();
            Some(format!(
                "assert {} {from} {}",
                who.register(),
                fields.join(",")
            ))
        }
        Step::End { who, from } => Some(format!("end {} {from} ", who.register())),
        Step::Withdraw(_) => Some("withdraw".to_owned()),
        Step::Erase(_) => Some("erase".to_owned()),
        Step::Pack => Some("pack".to_owned()),
        Step::Flush | Step::Fail => None,
    }
}

/// A number that follows from two others.
pub fn mixed(seed: u64, n: u64) -> u64 {
    let mut z = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(n.wrapping_mul(0xd1b5_4a32_d192_ed03))
        .wrapping_add(0x632b_e59b_d9b4_e019);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The number of a household.
fn household(seed: u64, n: u64) -> String {
    format!("h-{seed}-{n}")
}

/// The ID number of a person: 18 signs, other for every (seed, n).
pub fn id_number(seed: u64, n: u64) -> String {
    format!("5110{:04}{:010}", seed % 10_000, n % 10_000_000_000)
}

fn small(value: u64) -> i64 {
    i64::try_from(value % 1_000_000).expect("below a million")
}

/// A day of 2001 to 2024, never after the 28th.
fn day(value: u64) -> i32 {
    let (year, month, day) = (2001 + value % 24, 1 + value % 12, 1 + (value >> 8) % 28);
    i32::try_from(year * 10_000 + month * 100 + day).expect("a day fits")
}

fn say_household(seed: u64, n: u64, of: u64) -> Step {
    let drawn = mixed(seed ^ 0x55, n);
    Step::Say {
        who: Who::Household(household(seed, of)),
        from: day(drawn),
        set: vec![
            ("number", Value::text(household(seed, of))),
            ("members", Value::Int(small(drawn >> 3))),
        ],
    }
}

/// A person with everything that a person has.
pub fn say_person(seed: u64, n: u64) -> Step {
    let drawn = mixed(seed ^ 0xaa, n);
    Step::Say {
        who: Who::Person(id_number(seed, n)),
        from: 0,
        set: vec![
            ("name", Value::text(format!("Zhang {n}"))),
            ("id_number", Value::text(id_number(seed, n))),
            ("birth", Value::Int(i64::from(day(drawn)))),
            ("sex", Value::text((1 + drawn % 2).to_string())),
            (
                "phone",
                Value::text(format!("13{:09}", drawn % 1_000_000_000)),
            ),
            (
                "address",
                Value::text(format!("{} Long Street", drawn % 997)),
            ),
            ("income", Value::Int(small(drawn >> 5))),
        ],
    }
}

/// A seat of the person of deed `n`.
pub fn say_seat(seed: u64, n: u64) -> Step {
    let drawn = mixed(seed ^ 0xcc, n);
    Step::Say {
        who: Who::Seat(id_number(seed, n)),
        from: day(drawn),
        set: vec![
            ("post", Value::text(format!("post {}", drawn % 31))),
            ("remark", Value::text(format!("remark {n}"))),
        ],
    }
}

/// The n-th deed of a seed.
pub fn deed(seed: u64, n: u64) -> Contents {
    let drawn = mixed(seed, n);
    // An earlier deed, not far back, so that it is likely to be there.
    let earlier = n.saturating_sub(1 + (drawn >> 16) % 12);
    let mut look = false;
    let (kind, steps) = match drawn % 100 {
        0..=33 => ("single", vec![say_household(seed, n, n)]),
        34..=47 => ("correct", vec![say_household(seed, n, earlier)]),
        48..=53 => {
            let who = Who::Household(household(seed, earlier));
            (
                "end",
                vec![Step::End {
                    who,
                    from: day(drawn),
                }],
            )
        }
        54..=68 => {
            let steps = vec![
                say_person(seed, n),
                Step::Flush,
                say_seat(seed, n),
                say_household(seed, n, n),
            ];
            ("several", steps)
        }
        69..=76 => ("withdraw", vec![Step::Withdraw(household(seed, earlier))]),
        77..=81 => {
            look = true;
            ("look", vec![say_person(seed, n), say_household(seed, n, n)])
        }
        82..=87 => (
            "fail",
            vec![
                say_person(seed, n),
                say_household(seed, n, n),
                Step::Flush,
                Step::Fail,
            ],
        ),
        88..=91 => ("import", wide(seed, n)),
        92..=97 => ("erase", vec![Step::Erase(id_number(seed, earlier))]),
        _ => ("pack", vec![Step::Pack]),
    };
    Contents {
        id: format!("drill-{seed}-{n}"),
        kind,
        steps,
        look,
    }
}

/// A deed of many rows, some of them personal.
fn wide(seed: u64, n: u64) -> Vec<Step> {
    let mut steps = Vec::new();
    for row in 0..WIDE_ROWS {
        // Far beyond every deed's own number.
        let of = (n + 1) * 1_000_000 + row;
        steps.push(if row % 5 == 0 {
            say_person(seed, of)
        } else {
            say_household(seed, of, of)
        });
        if row % 100 == 99 {
            steps.push(Step::Flush);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deed_follows_from_seed_and_number() {
        for n in 0..500 {
            assert_eq!(deed(7, n), deed(7, n));
            assert_ne!(deed(7, n).id, deed(8, n).id);
        }
    }

    #[test]
    fn every_kind_comes_within_two_hundred_deeds() {
        let kinds: std::collections::BTreeSet<_> = (0..200).map(|n| deed(1, n).kind).collect();
        assert_eq!(kinds.len(), 10, "{kinds:?}");
    }

    #[test]
    fn what_is_sealed_is_in_no_payload() {
        let (facts, payload) = deed_of("several").payload();
        assert_eq!((facts, payload.len()), (3, 64));
        let said = line(&say_person(1, 2)).expect("a line");
        assert!(said.contains("name#") && !said.contains("Zhang"), "{said}");
    }

    fn deed_of(kind: &str) -> Contents {
        (0..1000)
            .map(|n| deed(1, n))
            .find(|deed| deed.kind == kind)
            .expect("there is one")
    }
}
