//! Units of money and of areas, and words of magnitude before a plain unit. Knows no measure and no figure, only how
//! many of one unit another is.

use std::sync::LazyLock;
use vocabulary::{Exact, Words};

static WORDS: LazyLock<Words> = LazyLock::new(|| Words::read(include_str!("../words/units.toml")));

/// Units with what one of each is in the unit that the ledger shows.
static UNITS: LazyLock<[Vec<(String, Exact)>; 2]> =
    LazyLock::new(|| ["money.units", "area.units"].map(listed));

/// Words before a unit with how many they mean, the longest first.
static MAGNITUDES: LazyLock<Vec<(String, Exact)>> = LazyLock::new(|| {
    let mut words = listed("magnitude.words");
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    words
});

fn listed(key: &str) -> Vec<(String, Exact)> {
    let number = |text: &str| text.parse::<i128>().expect("the list of units is ours");
    WORDS
        .say(key, &[])
        .split(',')
        .filter_map(|entry| entry.trim().split_once(' '))
        .map(|(unit, worth)| {
            let (over, under) = worth.split_once('/').unwrap_or((worth, "1"));
            (unit.to_owned(), Exact::new(number(over), number(under)))
        })
        .collect()
}

/// The units of money, with what one is in 元.
pub(crate) fn money() -> &'static [(String, Exact)] {
    &UNITS[0]
}

/// The units of areas, with what one is in 亩.
pub(crate) fn area() -> &'static [(String, Exact)] {
    &UNITS[1]
}

/// How many of the unit `to` one of the unit `from` is: 1/10000 from 元 to 万元, 1/10000 from 人 to 万人. None when
/// they do not measure the same.
pub fn ratio(from: &str, to: &str) -> Option<Exact> {
    if from == to {
        return Some(Exact::from_integer(1));
    }
    let worth = |list: &[(String, Exact)], unit: &str| {
        let found = list.iter().find(|(known, _)| known == unit);
        found.map(|(_, worth)| *worth)
    };
    for list in UNITS.iter() {
        match (worth(list, from), worth(list, to)) {
            (Some(from), Some(to)) => return Some(from / to),
            (None, None) => {}
            _ => return None,
        }
    }
    let (word, base) = magnitude(to);
    let many = worth(&MAGNITUDES, word)?;
    (base == from).then(|| Exact::from_integer(1) / many)
}

/// The units that a number in the unit `from` may be given in.
pub fn kin(from: &str) -> Vec<String> {
    for list in UNITS.iter() {
        if list.iter().any(|(known, _)| known == from) {
            return list.iter().map(|(unit, _)| unit.clone()).collect();
        }
    }
    let words = MAGNITUDES.iter().map(|(word, _)| format!("{word}{from}"));
    std::iter::once(from.to_owned()).chain(words).collect()
}

/// A unit as its word of magnitude and what is left: 万元 is 万 and 元, 亩 is nothing and 亩.
pub fn magnitude(unit: &str) -> (&str, &str) {
    let word = MAGNITUDES
        .iter()
        .find(|(word, _)| unit.len() > word.len() && unit.starts_with(word.as_str()));
    unit.split_at(word.map_or(0, |(word, _)| word.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_kind_are_turned_into_each_other() {
        let exact = |over, under| Some(Exact::new(over, under));
        for (from, to, wanted) in [
            ("元", "万元", exact(1, 10_000)),
            ("万元", "亿元", exact(1, 10_000)),
            ("万亩", "亩", exact(10_000, 1)),
            ("亩", "公顷", exact(1, 15)),
            ("人", "万人", exact(1, 10_000)),
            ("户", "户", exact(1, 1)),
            ("亩", "万元", None),
            ("人", "万元", None),
            ("人", "万户", None),
            ("％", "亩", None),
        ] {
            assert_eq!(ratio(from, to), wanted, "{from} to {to}");
        }
    }

    #[test]
    fn the_longest_word_of_magnitude_counts() {
        assert_eq!(magnitude("百万元"), ("百万", "元"));
        assert_eq!(magnitude("万亩"), ("万", "亩"));
        assert_eq!(magnitude("亩"), ("", "亩"));
        assert_eq!(magnitude("万"), ("", "万"));
    }
}
