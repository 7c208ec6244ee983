//! The example's workbooks re-written by rule: no figure moves, the headers are understood, and the same folder
//! twice changes nothing. YIBEN_VARIANTS=40 tries forty mixtures instead of eight.

use std::sync::OnceLock;

use crate::shared::town;
use crate::variant::{Outcome, RULES, Rule, Variant, folder, try_all};

/// Mixtures of three rules that are tried.
const MIXTURES: u64 = 8;

/// Of the headers that the pack wants, so many of a hundred must be understood.
const UNDERSTOOD_MIN: usize = 98;

/// Says something beside the results.
#[expect(clippy::print_stderr, reason = "what was skipped is said aloud")]
pub(crate) fn say(words: &str) {
    eprintln!("{words}");
}

fn tried() -> &'static Vec<Outcome> {
    static TRIED: OnceLock<Vec<Outcome>> = OnceLock::new();
    TRIED.get_or_init(|| {
        let only = std::env::var("YIBEN_VARIANT").ok();
        let mut variants: Vec<Variant> = RULES.iter().map(|rule| one(*rule)).collect();
        // Where chance chooses words or an order, more than one choice is tried.
        let by_chance = RULES
            .iter()
            .filter(|rule| rule.name.contains("headers-unlisted"));
        variants.extend(by_chance.flat_map(|rule| {
            [2, 3].map(|seed| Variant {
                rules: vec![*rule],
                seed,
            })
        }));
        let mixtures = std::env::var("YIBEN_VARIANTS").ok();
        let mixtures = mixtures.and_then(|number| number.parse().ok());
        variants.extend((1..=mixtures.unwrap_or(MIXTURES)).map(mixture));
        if let Some(only) = only {
            variants.retain(|variant| variant.name().contains(&only));
        }
        let outcomes = try_all(&folder(&town().folder()), &variants);
        for outcome in &outcomes {
            let Outcome {
                name,
                moved,
                wanted,
                missed,
                seconds,
                ..
            } = outcome;
            say(&format!(
                "{name}: {} figures moved, {} of {wanted} headers missed, {seconds:.1} s",
                moved.len(),
                missed.len()
            ));
        }
        outcomes
    })
}

fn one(rule: Rule) -> Variant {
    Variant {
        rules: vec![rule],
        seed: 1,
    }
}

/// Three rules that mix, chosen by the seed, in the order of the list.
fn mixture(seed: u64) -> Variant {
    let mixing: Vec<&Rule> = RULES.iter().filter(|rule| rule.mixes).collect();
    let count = u64::try_from(mixing.len()).expect("few rules");
    let mut at: Vec<u64> = vec![
        (seed * 7) % count,
        (seed * 13 + 5) % count,
        (seed * 29 + 11) % count,
    ];
    at.sort_unstable();
    at.dedup();
    let rules = at
        .iter()
        .map(|index| *mixing[usize::try_from(*index).expect("small")]);
    Variant {
        rules: rules.collect(),
        seed,
    }
}

#[test]
fn no_variant_moves_a_figure() {
    let wrong: Vec<String> = tried()
        .iter()
        .filter(|outcome| !outcome.moved.is_empty())
        .map(|outcome| format!("{}\n    {}", outcome.name, outcome.moved.join("\n    ")))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} variants:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_headers_of_every_variant_are_understood() {
    let wanted: usize = tried().iter().map(|outcome| outcome.wanted).sum();
    let missed: Vec<String> = tried()
        .iter()
        .flat_map(|outcome| {
            outcome
                .missed
                .iter()
                .map(|missed| format!("{}: {missed}", outcome.name))
        })
        .collect();
    let right = wanted.saturating_sub(missed.len());
    say(&format!("{right} of {wanted} headers understood"));
    for line in &missed {
        say(line);
    }
    assert!(wanted > 0);
    assert!(
        right * 100 >= wanted * UNDERSTOOD_MIN,
        "{right} of {wanted}:\n{}",
        missed.join("\n")
    );
}

#[test]
fn the_same_folder_again_changes_nothing_under_any_variant() {
    let wrong: Vec<String> = tried()
        .iter()
        .filter(|outcome| outcome.again != 0)
        .map(|outcome| format!("{}: {} rows", outcome.name, outcome.again))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_is_said_of_every_variant() {
    let says_the_same = |name: &str| {
        let rules = RULES.iter().filter(|rule| !rule.says_the_same);
        rules.into_iter().all(|rule| !name.contains(rule.name))
    };
    let plain = tried()
        .iter()
        .find(|outcome| outcome.name.starts_with(RULES[0].name));
    let plain = plain.expect("the first rule changes nothing");
    let wrong: Vec<String> = tried()
        .iter()
        .filter(|outcome| says_the_same(&outcome.name) && outcome.said != plain.said)
        .map(|outcome| format!("{}: {:?}", outcome.name, outcome.said))
        .collect();
    assert!(
        wrong.is_empty(),
        "not as of the example, {:?}:\n{}",
        plain.said,
        wrong.join("\n")
    );
}
