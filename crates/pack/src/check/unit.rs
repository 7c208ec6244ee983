//! The unit that a figure over money or an area is given in. Knows no measure, only what a number measures.

use super::{Sink, rule};
use crate::expr::Unit;
use crate::read::Text;
use crate::unit;
use vocabulary::Exact;

/// What one shown unit of a figure is in the unit that the ledger shows, 元 or 亩; 1 for what has no unit of its own.
/// `万元/户` is so much money a household.
pub(super) fn per(shown: Option<Text<'_>>, of: Unit, sink: &Sink) -> Exact {
    let one = Exact::from_integer(1);
    let (units, what) = match of {
        Unit::Plain => return one,
        Unit::Money => (unit::money(), "money"),
        Unit::Area => (unit::area(), "an area"),
    };
    let Some(text) = shown.filter(|text| !text.text.is_empty()) else {
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
