//! The seeded simulation: three hundred seeds find nothing, a seed is the same run each time, and what may happen
//! does happen.

use drill::simulate::{Failed, Summary, in_memory, run};
use std::ops::Range;

/// Runs seeds; a failing one is named with the command that runs it again.
fn seeds(range: Range<u64>) -> Summary {
    let mut all = Summary::default();
    for seed in range {
        match run(seed, &in_memory(), &mut |_| {}) {
            Ok(summary) => all.add(&summary),
            Err(failed) => panic!("{failed}: workload simulate --seed {seed} --trace"),
        }
    }
    all
}

// Three hundred in four parts, so that they run side by side.

#[test]
fn seeds_from_1_agree_with_the_judge() {
    let all = seeds(1..76);
    // So many deeds that each rule is met many times over.
    assert!(all.kept > 1_000 && all.again > 200, "{all:?}");
    assert!(all.crashes > 100 && all.cut > 100, "{all:?}");
}

#[test]
fn seeds_from_76_agree_with_the_judge() {
    seeds(76..151);
}

#[test]
fn seeds_from_151_agree_with_the_judge() {
    seeds(151..226);
}

#[test]
fn seeds_from_226_agree_with_the_judge() {
    seeds(226..301);
}

fn traced(seed: u64) -> (Vec<String>, Summary) {
    let mut trace = Vec::new();
    let done = run(seed, &in_memory(), &mut |event| {
        trace.push(event.to_owned())
    });
    let summary = done.unwrap_or_else(|failed| panic!("{failed}"));
    (trace, summary)
}

#[test]
fn a_seed_is_the_same_run_to_the_byte() {
    // The last of them has an office too.
    for seed in [3, 4, 5] {
        let (first, again) = (traced(seed), traced(seed));
        assert_eq!(first, again);
        assert!(
            first.0.len() > 40 && first.1.head.len() == 64,
            "{:?}",
            first.1
        );
    }
    assert_ne!(traced(3).1.head, traced(4).1.head);
}

#[test]
fn what_may_happen_happens() {
    let all: Vec<String> = (1..61).flat_map(|seed| traced(seed).0).collect();
    for what in [
        "record",
        "correct",
        "end",
        "decide",
        "withdraw",
        "import",
        "undo",
        "erase",
        "rebuild",
        "pack",
        "several",
        "looked",
        "refused",
        "failed",
        " again ",
        "not answered",
        "moved",
        "restored copy",
        "died Within",
        "died After",
        "died Closing",
        "died Torn, group kept: true",
        "died Torn, group kept: false",
        "died Closed",
        "died while it read",
        "is settled by",
        "is taken back by",
        "says nothing new",
    ] {
        assert!(
            all.iter().any(|event| event.contains(what)),
            "never: {what}"
        );
    }
}

#[test]
fn a_failure_says_where() {
    let failed = Failed {
        seed: 7,
        step: 3,
        what: "the head is 4, not 5".to_owned(),
    };
    assert_eq!(
        failed.to_string(),
        "FAILED seed 7: the head is 4, not 5, at step 3"
    );
}
