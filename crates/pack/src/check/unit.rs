//! The unit that a figure over money or an area is given in. Knows no measure, only what a number measures.

use super::{Sink, rule};
use crate::expr::Unit;
use crate::read::Text;
use std::sync::LazyLock;
use vocabulary::{Exact, Words};

static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../words/units.toml")));

/// Units with what one of each is in the unit that the ledger shows.
static UNITS: LazyLock<[Vec<(String, Exact)>; 2]> =
    LazyLock::new(|| ["money.units", "area.units"].map(listed));

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

/// What one shown unit of a figure is in the unit that the ledger shows, 元 or 亩; 1 for what has no unit of its own.
/// `万元/户` is so much money a household.
pub(super) fn per(unit: Option<Text<'_>>, of: Unit, sink: &Sink) -> Exact {
    let one = Exact::from_integer(1);
    let (units, what) = match of {
        Unit::Plain => return one,
        Unit::Money => (&UNITS[0], "money"),
        Unit::Area => (&UNITS[1], "an area"),
    };
    let Some(text) = unit.filter(|text| !text.text.is_empty()) else {
        return one;
    };
    let word = text
        .text
        .split(['/', '\u{ff0f}'])
        .next()
        .unwrap_or_default();
    if let Some((_, worth)) = units.iter().find(|(known, _)| known == word) {
        return *worth;
    }
    let said = format!("the figure measures {what}, `{word}` is no unit of that");
    let there = units.iter().map(|(known, _)| known.as_str());
    sink.unknown(rule::UNIT, text.at, said, word, there);
    one
}
