//! Numbers, exactly: digits with a unit become a fraction of integers; no float decides.

use super::{Note, Reading, Reject, folded_value, without_ending};
use crate::sheet::Cell;
use crate::sheet::lexicon::{LEXICON, Unit};
use vocabulary::{Exact, Value, round_half_up};

/// More digits than any amount of a town, and few enough that no product below overflows.
const DIGITS_MAX: usize = 18;

/// A number read from a cell, in stored units, not yet rounded.
pub(super) struct Amount {
    pub(super) exact: Exact,
    pub(super) note: Option<Note>,
}

pub(super) fn read_int(cell: Cell<'_>) -> Result<Reading, Reject> {
    let amount = amount(cell, &LEXICON.number.units, 1).ok_or(Reject::new("D103"))?;
    if !amount.exact.is_integer() {
        return Err(Reject::new("D103"));
    }
    whole(amount)
}

pub(super) fn read_decimal(cell: Cell<'_>, decimals: u32) -> Result<Reading, Reject> {
    let amount = amount(cell, &LEXICON.number.units, 1).ok_or(Reject::new("D116"))?;
    let scale = Exact::from_integer(10_i128.pow(decimals.min(12)));
    whole(Amount {
        exact: amount.exact * scale,
        note: amount.note,
    })
}

/// In whole stored units, rounded half up where the cell says more than is kept.
pub(super) fn whole(amount: Amount) -> Result<Reading, Reject> {
    let rounded = round_half_up(amount.exact, 0).scaled;
    let int = i64::try_from(rounded).map_err(|_| Reject::new("D118"))?;
    let note = if amount.exact.is_integer() {
        amount.note
    } else {
        Some(Note::Rounded)
    };
    Ok(Reading::noted(Value::Int(int), note))
}

/// The cell as an amount; `bare` is the factor of a number without a unit.
pub(super) fn amount(cell: Cell<'_>, units: &[Unit], bare: i64) -> Option<Amount> {
    if matches!(cell, Cell::Bool(_) | Cell::Date(_)) {
        return None;
    }
    let folded = folded_value(cell);
    let mut text = folded.as_str();
    if LEXICON.blank.zero.contains(text) {
        return Some(Amount {
            exact: Exact::from_integer(0),
            note: None,
        });
    }
    let mut note = None;
    if let Some(rest) = LEXICON
        .number
        .about
        .iter()
        .find_map(|w| text.strip_prefix(w.as_str()))
    {
        (text, note) = (rest, Some(Note::About));
    }
    for sign in &LEXICON.money.signs {
        text = text.strip_prefix(sign.as_str()).unwrap_or(text);
    }
    text = without_ending(text, &LEXICON.number.endings);
    if let Some(share) = text.strip_suffix('%') {
        let exact = number(share)? / Exact::from_integer(100) * Exact::from_integer(bare.into());
        return Some(Amount { exact, note });
    }
    quantity(text, units, bare).map(|exact| Amount { exact, note })
}

/// One number with its unit, or several from great to small (`2亩3分`).
fn quantity(text: &str, units: &[Unit], bare: i64) -> Option<Exact> {
    let mut rest = text;
    let mut sum: Option<Exact> = None;
    let mut last = i64::MAX;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '.' | ',' | '+' | '-'));
        let (digits, tail) = rest.split_at(end.unwrap_or(rest.len()));
        let number = number(digits)?;
        let unit = units.iter().find_map(|(word, factor)| {
            tail.strip_prefix(word.as_str()).map(|tail| (*factor, tail))
        });
        let (factor, tail) = match unit {
            Some(found) => found,
            None if tail.is_empty() && sum.is_none() => (bare, tail),
            None => return None,
        };
        if factor >= last {
            return None;
        }
        last = factor;
        let part = number * Exact::from_integer(factor.into());
        sum = Some(sum.map_or(part, |sum| sum + part));
        rest = tail;
    }
    sum
}

/// Digits with a sign, thousands separators and one point.
fn number(text: &str) -> Option<Exact> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let whole = if whole.contains(',') {
        ungrouped(whole)?
    } else {
        whole.to_owned()
    };
    if whole.len() + fraction.len() > DIGITS_MAX {
        return None;
    }
    let all = whole + fraction;
    if !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scaled: i128 = all.parse().ok()?;
    let places = u32::try_from(fraction.len()).ok()?;
    let exact = Exact::new(scaled, 10_i128.pow(places));
    Some(if negative { -exact } else { exact })
}

/// Takes thousands separators out, if they stand every three (or four) digits.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let size = rest.first()?.len();
    let even = matches!(size, 3 | 4) && rest.iter().all(|group| group.len() == size);
    if first.is_empty() || first.len() > size || !even {
        return None;
    }
    Some(first.to_owned() + &rest.concat())
}

/// The factor of a unit word, if it is one of these units.
pub(super) fn factor(units: &[Unit], word: &str) -> Option<i64> {
    units
        .iter()
        .find(|(unit, _)| unit == word)
        .map(|(_, factor)| *factor)
}

/// Whether the word is a unit of money or area.
pub(crate) fn named_unit(word: &str) -> bool {
    factor(&LEXICON.money.units, word).is_some() || factor(&LEXICON.area.units, word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(text)
    }

    #[test]
    fn whole_numbers() {
        for (typed, value) in [
            ("48008人", 48_008),
            ("１２个", 12),
            ("1,234", 1_234),
            ("12.0", 12),
            (" 3 岁", 3),
            ("无", 0),
            ("—", 0),
            ("-5", -5),
            ("约120", 120),
            ("1.2万人", 12_000),
            ("'26", 26),
        ] {
            assert_eq!(
                read_int(text(typed)).expect(typed).value,
                Value::Int(value),
                "{typed}"
            );
        }
        for typed in [
            "12户38人",
            "1.5",
            "1,23",
            "abc",
            "",
            "1..2",
            "--1",
            "12-3",
            "1e5",
        ] {
            assert_eq!(
                read_int(text(typed)).map_err(|r| r.code),
                Err("D103"),
                "{typed}"
            );
        }
        assert_eq!(
            read_int(Cell::Number(38.0)).expect("38").value,
            Value::Int(38)
        );
        assert!(read_int(Cell::Number(1e20)).is_err());
        assert!(read_int(Cell::Bool(true)).is_err());
    }

    #[test]
    fn decimals_round_half_up_and_say_so() {
        let reading = read_decimal(text("12.345"), 2).expect("a number");
        assert_eq!(
            reading,
            Reading::noted(Value::Int(1_235), Some(Note::Rounded))
        );
        assert_eq!(
            read_decimal(text("22.2％"), 3).expect("a share").value,
            Value::Int(222)
        );
        let sum = Cell::Number(0.1 + 0.2);
        assert_eq!(read_decimal(sum, 1), Ok(Reading::of(3)));
    }
}
