//! `cargo xtask drill`: faults, one after the other, each at every point, judged by a program that shares no code.
//! A part is a list of points and a strike at each; a point is a word, so that one command repeats it exactly.
//! Refuses to know what the ledger is made of.

mod flips; // one bit turned over
mod full; // a disk that fills up
mod ground; // the workload, folders, the judge
mod kill; // kill -9 and errors at every call
mod order; // no answer before its sync
mod page; // docs/drill.md
mod plain; // no fault, leaping clocks, two programs, little memory
mod planted; // bugs that must be found
mod power; // power cuts on file systems of their own
mod simulate; // a whole office from one seed

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::needs;
use ground::{Ground, Stand};

/// How much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// A hundred points over all parts.
    Hundred,
    /// Some minutes.
    Quick,
    /// Everything, as the page shows it.
    Full,
}

/// What is asked of a drill.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Parts by name; empty: all.
    pub(crate) parts: Vec<String>,
    /// Points of each part, instead of those of the size.
    pub(crate) points: Option<usize>,
    /// What points follow from.
    pub(crate) seed: u64,
    /// One point of one part.
    pub(crate) point: Option<String>,
    /// How much.
    pub(crate) size: Size,
}

impl Asked {
    /// A hundred points over all parts: what every run of the tests strikes at.
    pub(crate) fn hundred() -> Asked {
        Asked {
            parts: Vec::new(),
            points: None,
            seed: 1,
            point: None,
            size: Size::Hundred,
        }
    }

    /// From the words of the command.
    pub(crate) fn read(words: &[&str]) -> Result<Asked, String> {
        let mut asked = Asked {
            parts: Vec::new(),
            points: None,
            seed: 1,
            point: None,
            size: Size::Full,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = |what: &str| {
                words
                    .next()
                    .map(|word| (*word).to_owned())
                    .ok_or(format!("{what} takes a value"))
            };
            let number = |text: String| {
                text.parse::<u64>()
                    .map_err(|_| format!("{word} takes a number, not {text}"))
            };
            match *word {
                "--points" => {
                    let points = number(value("--points")?)?;
                    asked.points = Some(usize::try_from(points).unwrap_or(usize::MAX));
                }
                "--seed" => asked.seed = number(value("--seed")?)?,
                "--point" => asked.point = Some(value("--point")?),
                "--quick" => asked.size = Size::Quick,
                "--hundred" => asked.size = Size::Hundred,
                part if PARTS.iter().any(|known| known.name == part) => {
                    asked.parts.push(part.to_owned());
                }
                other => {
                    let known: Vec<&str> = PARTS.iter().map(|part| part.name).collect();
                    return Err(format!("{other}: there are the parts {}", known.join(", ")));
                }
            }
        }
        if asked.point.is_some() && asked.parts.len() != 1 {
            return Err("--point belongs to one part".to_owned());
        }
        Ok(asked)
    }
}

type Points = fn(&Ground, usize, u64) -> Result<Vec<String>, String>;
type Strike = fn(&mut Stand<'_>, &str) -> Result<String, String>;

/// One kind of fault.
struct Part {
    name: &'static str,
    /// What is done and what must hold, in a sentence.
    what: &'static str,
    /// Points: of a hundred, quick, full.
    counts: [usize; 3],
    /// Why it cannot be done here.
    lacks: fn(&Ground) -> Option<String>,
    points: Points,
    strike: Strike,
}

const PARTS: &[Part] = &[
    Part {
        name: "plain",
        what: "no fault: four clients say everything, everything is said again, judged and verified",
        counts: [2, 20, 100],
        lacks: plain::lacks_nothing,
        points: seeds,
        strike: plain::strike,
    },
    Part {
        name: "order",
        what: "no answer is written before the log that holds its deed is synced",
        counts: [2, 10, 50],
        lacks: Ground::lacks_strace,
        points: seeds,
        strike: order::strike,
    },
    Part {
        name: "kill",
        what: "kill -9 at a write, sync, open, shortening or removal; opened again, every deed said again",
        counts: [24, 400, 2400],
        lacks: Ground::lacks_strace,
        points: kill::kill_points,
        strike: kill::strike,
    },
    Part {
        name: "errors",
        what: "the same calls fail with EIO or ENOSPC, once and for good: refused or unknown, never a lie",
        counts: [20, 400, 2400],
        lacks: Ground::lacks_strace,
        points: kill::error_points,
        strike: kill::strike,
    },
    Part {
        name: "power",
        what: "the file system (ext4) is cut off in mid-flight, mounted again, judged by what was answered before",
        counts: [8, 60, 300],
        lacks: power::lacks_ext4,
        points: |_, wanted, seed| Ok(power::points("ext4", wanted, seed)),
        strike: power::strike,
    },
    Part {
        name: "power-xfs",
        what: "the same on xfs",
        counts: [0, 20, 100],
        lacks: power::lacks_xfs,
        points: |_, wanted, seed| Ok(power::points("xfs", wanted, seed)),
        strike: power::strike,
    },
    Part {
        name: "full",
        what: "the disk fills up and is freed: refused in words, reads go on, written again within ten seconds",
        counts: [1, 6, 40],
        lacks: power::lacks_ext4,
        points: full::points,
        strike: full::strike,
    },
    Part {
        name: "clock",
        what: "the clock a year forwards and a day back: record time rises all the same, nothing is refused for it",
        counts: [3, 30, 150],
        lacks: plain::lacks_nothing,
        points: plain::clock_points,
        strike: plain::leaping,
    },
    Part {
        name: "flips",
        what: "one bit of the file, its log or its key turned over: found, or proved harmless",
        counts: [20, 300, 2000],
        lacks: plain::lacks_nothing,
        points: flips::points,
        strike: flips::strike,
    },
    Part {
        name: "memory",
        what: "an address space from too small to start with upwards: nothing lost, nothing broken",
        counts: [6, 60, 240],
        lacks: plain::lacks_prlimit,
        points: plain::memory_points,
        strike: plain::starve,
    },
    Part {
        name: "door",
        what: "two programs at once, a disk that only reads: refused in words, and read on",
        counts: [2, 10, 40],
        lacks: plain::lacks_nothing,
        points: plain::door_points,
        strike: plain::door,
    },
    Part {
        name: "simulate",
        what: "an office from a seed (50 a point): actors, retries, lost answers, deaths, leaps, beside the naive judge",
        counts: [1, 20, 200],
        lacks: plain::lacks_nothing,
        points: simulate::points,
        strike: simulate::strike,
    },
    Part {
        name: "planted",
        what: "bugs planted in a copy of the crates: each is found by some other part",
        counts: [6, 100, 100],
        lacks: Ground::lacks_strace,
        points: planted::points,
        strike: planted::strike,
    },
];

/// Points that are seeds.
fn seeds(_: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    Ok((seed..).take(wanted).map(|seed| seed.to_string()).collect())
}

/// How a part went.
struct Outcome {
    name: &'static str,
    what: &'static str,
    points: usize,
    failures: Vec<(String, String)>,
    tally: BTreeMap<String, usize>,
    skipped: Option<String>,
    seconds: f32,
}

/// Failures of one part that are shown.
const SHOWN_MAX: usize = 5;

/// Runs what is asked.
pub(crate) fn run(root: &Path, asked: &Asked) -> Result<bool, String> {
    if asked.size == Size::Full {
        needs::see_to(&[needs::STRACE, needs::FAKETIME, needs::XFS, needs::PYTHON])?;
    }
    let ground = Ground::new(root, asked.size == Size::Full)?;
    let mut sound = true;
    for part in PARTS
        .iter()
        .filter(|part| asked.parts.is_empty() || asked.parts.iter().any(|name| name == part.name))
    {
        let outcome = drill(&ground, part, asked)?;
        tell(&outcome);
        // The page shows whole parts only, and each as soon as it is there.
        if asked.size == Size::Full && asked.points.is_none() && asked.point.is_none() {
            page::enter(root, &outcome)?;
        }
        sound &= outcome.failures.is_empty();
    }
    Ok(sound)
}

/// Strikes at every point of a part, on all cores.
fn drill(ground: &Ground, part: &Part, asked: &Asked) -> Result<Outcome, String> {
    let begun = Instant::now();
    let mut outcome = Outcome {
        name: part.name,
        what: part.what,
        points: 0,
        failures: Vec::new(),
        tally: BTreeMap::new(),
        skipped: (part.lacks)(ground),
        seconds: 0.0,
    };
    if outcome.skipped.is_some() {
        return Ok(outcome);
    }
    let wanted = asked.points.unwrap_or(match asked.size {
        Size::Hundred => part.counts[0],
        Size::Quick => part.counts[1],
        Size::Full => part.counts[2],
    });
    let points = match &asked.point {
        Some(point) => vec![point.clone()],
        None => (part.points)(ground, wanted, asked.seed)?,
    };
    let next = AtomicUsize::new(0);
    let found = Mutex::new(&mut outcome);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let stands: Vec<_> = (0..cores.min(points.len()))
            .map(|n| {
                let (next, found, points) = (&next, &found, &points);
                scope.spawn(move || -> Result<(), String> {
                    let mut stand = Stand::new(ground, &format!("{}-{n}", part.name))?;
                    while let Some(point) = points.get(next.fetch_add(1, Ordering::SeqCst)) {
                        stand.clear()?;
                        let struck = (part.strike)(&mut stand, point);
                        let mut outcome = found.lock().expect("no stand panics with it");
                        outcome.points += 1;
                        match struck {
                            Ok(how) => *outcome.tally.entry(how).or_default() += 1,
                            Err(said) => outcome.failures.push((point.clone(), said)),
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        stands
            .into_iter()
            .try_for_each(|stand| stand.join().map_err(|_| "a stand panicked")?)
    })?;
    outcome.seconds = begun.elapsed().as_secs_f32();
    Ok(outcome)
}

/// What a part came to, for the terminal.
fn tell(outcome: &Outcome) {
    if let Some(why) = &outcome.skipped {
        println!("SKIPPED {:<9} {why} ({})", outcome.name, outcome.what);
        return;
    }
    println!(
        "{:<9} {} points, {} failures in {:.0} s: {}",
        outcome.name,
        outcome.points,
        outcome.failures.len(),
        outcome.seconds,
        outcome.what
    );
    for (how, times) in &outcome.tally {
        println!("          {times:>6} {how}");
    }
    for (point, said) in outcome.failures.iter().take(SHOWN_MAX) {
        println!(
            "  FAILED  {said}\n          cargo xtask drill {} --point {point}",
            outcome.name
        );
    }
}
