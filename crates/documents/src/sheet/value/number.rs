//! Numbers, exactly: digits or characters with a unit become a fraction of integers; no float decides.
//! A bound, a range, a sum or a rate is no number, and each is refused by its own code.

mod digits;
mod quantity;
mod scale;

pub(super) use scale::Scale;
pub(crate) use scale::is_scaled;

use super::{Note, Reading, Reject, folded_value};
use crate::sheet::Cell;
use crate::sheet::grid::EXACT_MAX;
use crate::sheet::lexicon::{LEXICON, Unit};
use quantity::{Fault, Quantity};
use std::borrow::Cow;
use vocabulary::{Exact, Value, round_half_up};

/// A number read from a cell, in stored units, not yet rounded.
pub(super) struct Amount {
    pub(super) exact: Exact,
    pub(super) note: Option<Note>,
    /// No unit stood in the cell.
    pub(super) bare: bool,
    /// The unit's word that stood in the cell; empty when there was none, or several.
    pub(super) unit: String,
}

/// How a column's numbers are measured.
pub(super) struct Measure<'a> {
    /// Units that may stand in the cell.
    pub(super) units: &'a [Unit],
    /// The factor of a number without a unit.
    pub(super) bare: i64,
    /// The factor of a number that has only a multiplier, as `50万` in a column of `万元`.
    pub(super) base: i64,
    /// What a hundredth means here.
    pub(super) percent: Percent,
    /// Words that say which of several numbers the column asks for: its header.
    pub(super) header: &'a str,
    /// The code of what is no number at all.
    pub(super) fault: &'static str,
}

/// What percent text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Percent {
    /// No number of this column.
    Refused,
    /// A fraction of one: `12.5%` is 0.125.
    Fraction,
    /// The unit of the column: `12.5%` is 12.5.
    Points,
}

/// So many digits fit every number that is kept.
const DIGITS_MAX: usize = 15;

pub(super) fn read_int(cell: Cell<'_>, header: &str, scale: &Scale) -> Result<Reading, Reject> {
    // Nearly every cell: a whole number as it is, or nothing but a few digits.
    match cell {
        Cell::Number(number)
            if scale.is_plain() && number.fract() == 0.0 && number.abs() < EXACT_MAX =>
        {
            return Ok(Reading::of(number as i64));
        }
        Cell::Text(text)
            if scale.is_plain()
                && text.len() <= DIGITS_MAX
                && text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            if let Ok(number) = text.parse::<i64>() {
                return Ok(Reading::of(number));
            }
        }
        _ => {}
    }
    let measure = Measure {
        units: &LEXICON.number.all_units,
        bare: 1,
        base: 1,
        percent: Percent::Refused,
        header,
        fault: "D103",
    };
    let amount = scale.scaled(amount(cell, &measure)?)?;
    if !amount.exact.is_integer() {
        return Err(Reject::new("D103"));
    }
    whole(amount)
}

pub(super) fn read_decimal(
    cell: Cell<'_>,
    decimals: u32,
    percent: Percent,
    header: &str,
    scale: &Scale,
) -> Result<Reading, Reject> {
    let measure = Measure {
        units: &LEXICON.number.all_units,
        bare: 1,
        base: 1,
        percent,
        header,
        fault: "D116",
    };
    let mut amount = scale.scaled(amount(cell, &measure)?)?;
    // A cell shown as percent holds the fraction, and its look is not known here.
    let small = amount.exact.numer().unsigned_abs() < amount.exact.denom().unsigned_abs();
    if percent == Percent::Points
        && matches!(cell, Cell::Number(_))
        && small
        && *amount.exact.numer() != 0
    {
        amount.note = Some(Note::PerhapsShare);
    }
    let scale = Exact::from_integer(10_i128.pow(decimals.min(12)));
    amount.exact *= scale;
    whole(amount)
}

/// In whole stored units, rounded half up where the cell says more than is kept.
pub(super) fn whole(amount: Amount) -> Result<Reading, Reject> {
    let rounded = round_half_up(amount.exact, 0).scaled;
    let int = i64::try_from(rounded).map_err(|_| Reject::new("D118"))?;
    let note = if amount.exact.is_integer() {
        amount.note
    } else {
        amount.note.or(Some(Note::Rounded))
    };
    Ok(Reading::noted(Value::Int(int), note))
}

/// The cell as an amount.
fn amount(cell: Cell<'_>, measure: &Measure<'_>) -> Result<Amount, Reject> {
    match cell {
        Cell::Bool(_) | Cell::Date(_) => return Err(Reject::new(measure.fault)),
        Cell::Number(number) if number.abs() >= EXACT_MAX => return Err(Reject::new("D118")),
        Cell::Text(text) if digits::has_gap(text) => {
            return Err(Reject::offering(
                "D145",
                digits::between_gaps(text).join(&super::or()),
            ));
        }
        _ => {}
    }
    let folded = folded_value(cell);
    if LEXICON.blank.zero.contains(folded.as_ref()) {
        return Ok(Amount {
            exact: Exact::from_integer(0),
            note: None,
            bare: false,
            unit: String::new(),
        });
    }
    let folded: Cow<'_, str> = if folded.contains('\u{2212}') {
        Cow::Owned(folded.replace('\u{2212}', "-"))
    } else {
        folded
    };
    plain(&folded, measure).or_else(|fault| {
        dressed(&folded, measure).map_err(|dressed| match dressed {
            Some(reject) => reject,
            None => match fault {
                Fault::TooLarge => Reject::new("D118"),
                Fault::NoNumber | Fault::Several(_) => Reject::new(measure.fault),
            },
        })
    })
}

/// A number with nothing but its unit: nearly every cell.
fn plain(text: &str, measure: &Measure<'_>) -> Result<Amount, Fault> {
    let Quantity {
        exact,
        bare,
        about,
        unit,
    } = quantity::read(text, measure)?;
    Ok(Amount {
        exact,
        note: about.then_some(Note::About),
        bare,
        unit,
    })
}

/// A number among words. `Err(None)`: nothing better can be said than that it is no number.
fn dressed(text: &str, measure: &Measure<'_>) -> Result<Amount, Option<Reject>> {
    if digits::is_scientific(text) {
        return Err(Some(Reject::new("D147")));
    }
    // What is added up within a remark is no part of the number.
    let head = text.split('(').next().unwrap_or_default();
    let whole_text = head.is_empty() || text.starts_with('=');
    if let Some(reject) = calculation(if whole_text { text } else { head }) {
        return Err(Some(reject));
    }
    let words = &LEXICON.number;
    let bounded = words
        .bounds_before
        .iter()
        .any(|w| text.starts_with(w.as_str()))
        || words
            .bounds_after
            .iter()
            .any(|w| text.ends_with(w.as_str()));
    if bounded
        && text
            .chars()
            .any(|c| c.is_ascii_digit() || super::numeral::is_part(c))
    {
        return Err(Some(Reject::new("D143")));
    }
    let mut note = None;
    let mut rest = text;
    // Accountants write what is owed in brackets.
    let negative = rest
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let owed = negative
        .filter(|inner| inner.starts_with(|c: char| c.is_ascii_digit()) && !inner.contains('('));
    if let Some(inner) = owed {
        let mut amount = undressed(inner, measure)?;
        amount.exact = -amount.exact;
        return Ok(amount);
    }
    let unit_in_brackets;
    if let Some((before, inside)) = rest.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        if before.is_empty() {
            return Err(None);
        }
        if factor(measure.units, inside).is_some() {
            unit_in_brackets = format!("{before}{inside}");
            rest = &unit_in_brackets;
        } else {
            (rest, note) = (before, Some(Note::Remark));
        }
    }
    let mut amount = undressed(rest, measure)?;
    amount.note = note.or(amount.note);
    Ok(amount)
}

/// Without words that say nothing or only “about”.
fn undressed(text: &str, measure: &Measure<'_>) -> Result<Amount, Option<Reject>> {
    let words = &LEXICON.number;
    let (mut rest, mut about) = (text, false);
    loop {
        let before = rest.len();
        for word in &words.about {
            if let Some(tail) = rest.strip_prefix(word.as_str()) {
                (rest, about) = (tail, true);
            }
        }
        for word in words.leads.iter().chain(&LEXICON.money.signs) {
            rest = rest.strip_prefix(word.as_str()).unwrap_or(rest);
        }
        for word in &words.endings {
            rest = rest.strip_suffix(word.as_str()).unwrap_or(rest);
        }
        for word in &words.about_after {
            if let Some(head) = rest.strip_suffix(word.as_str()) {
                (rest, about) = (head, true);
            }
        }
        if rest.len() == before {
            break;
        }
    }
    if let Some(share) = share(rest) {
        let share = share.ok_or(None)?;
        let exact = match measure.percent {
            Percent::Refused => return Err(Some(Reject::new("D154"))),
            Percent::Fraction => share,
            Percent::Points => share * Exact::from_integer(100),
        };
        return Ok(Amount {
            exact,
            note: about.then_some(Note::About),
            bare: false,
            unit: String::new(),
        });
    }
    match plain(rest, measure) {
        Ok(mut amount) => {
            amount.note = amount.note.or(about.then_some(Note::About));
            Ok(amount)
        }
        Err(Fault::TooLarge) => Err(Some(Reject::new("D118"))),
        Err(Fault::Several(parts)) => one_of(&parts, measure).map_err(Some),
        Err(Fault::NoNumber) => Err(no_number(rest)),
    }
}

/// Percent and its kin as a fraction; the inner `None` when no number stands with it.
fn share(text: &str) -> Option<Option<Exact>> {
    let words = &LEXICON.number;
    let before = words.percent_before.iter();
    let after = words.percent_after.iter();
    let found = before
        .filter_map(|(word, whole)| Some((text.strip_prefix(word.as_str())?, whole)))
        .chain(after.filter_map(|(word, whole)| Some((text.strip_suffix(word.as_str())?, whole))))
        .next()?;
    let (digits, whole) = found;
    let number = digits::number(digits)
        .ok()
        .or_else(|| super::numeral::read(digits).map(|n| Exact::from_integer(n.into())));
    Some(number.map(|number| number / Exact::from_integer((*whole).into())))
}

/// Which of several numbers the column asks for, if its header names the unit of one alone.
fn one_of(parts: &[(Exact, String, String)], measure: &Measure<'_>) -> Result<Amount, Reject> {
    let last = measure.header.rsplit('>').next().unwrap_or_default();
    for header in [last, measure.header] {
        let mut named = parts
            .iter()
            .filter(|(_, unit, _)| header.contains(unit.as_str()));
        if let (Some((exact, unit, _)), None) = (named.next(), named.next()) {
            return Ok(Amount {
                exact: *exact,
                note: Some(Note::Part),
                bare: false,
                unit: unit.clone(),
            });
        }
    }
    let shown: Vec<&str> = parts.iter().map(|(_, _, shown)| shown.as_str()).collect();
    Err(Reject::offering("D145", shown.join(&super::or())))
}

/// A formula that was typed as text, a sum, a product.
fn calculation(text: &str) -> Option<Reject> {
    let words = &LEXICON.number;
    let (formula, inner) = match text.strip_prefix('=') {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let has_digit = |text: &str| text.contains(|c: char| c.is_ascii_digit());
    let within = |word: &String| {
        inner
            .find(word.as_str())
            .is_some_and(|at| has_digit(&inner[..at]) && has_digit(&inner[at + word.len()..]))
    };
    if let Some(plus) = words.sums.iter().find(|word| within(word)) {
        let parts = inner.split(plus.as_str()).map(digits::number);
        let sum: Option<Vec<Exact>> = parts.map(Result::ok).collect();
        let sum = sum.filter(|parts| parts.len() <= 20);
        return Some(match sum {
            Some(parts) => Reject::offering("D144", digits::shown(parts.into_iter().sum())),
            None => Reject::new("D144"),
        });
    }
    (formula || words.products.iter().any(within)).then(|| Reject::new("D144"))
}

/// What else a text without a number may be.
fn no_number(text: &str) -> Option<Reject> {
    let words = &LEXICON.number;
    let digit = |c: char| c.is_ascii_digit() || super::numeral::is_part(c);
    let starts = |text: &str| text.starts_with(digit);
    let range = |mark: &String| {
        text.match_indices(mark.as_str())
            .any(|(at, _)| starts(text) && starts(&text[at + mark.len()..]))
    };
    let rate = |mark: &String| {
        text.match_indices(mark.as_str()).any(|(at, _)| {
            (starts(text) || at == 0)
                && text[at + mark.len()..].starts_with(|c: char| !c.is_ascii_digit())
        })
    };
    if text.contains(digit) && words.rates.iter().any(rate) {
        Some(Reject::new("D146"))
    } else if words.ranges.iter().any(range) {
        Some(Reject::new("D143"))
    } else {
        None
    }
}

/// Digits with one point and nothing else.
pub(super) fn digits(text: &str) -> Option<Exact> {
    digits::number(text).ok()
}

/// The factor of a unit word, if it is one of these units.
pub(super) fn factor(units: &[Unit], word: &str) -> Option<i64> {
    units
        .iter()
        .find(|(unit, _)| unit == word)
        .map(|(_, factor)| *factor)
}

/// The factor of a unit word, and that of the unit within it when it begins with a multiplier: 元 in 万元.
pub(super) fn unit_and_base(units: &[Unit], word: &str, bare: i64) -> Option<(i64, i64)> {
    let whole = factor(units, word)?;
    let multipliers = &LEXICON.number.multipliers;
    let within = multipliers
        .iter()
        .find_map(|(m, _)| word.strip_prefix(m.as_str()));
    let base = match within {
        Some(inner) => factor(units, inner).unwrap_or(bare),
        None => whole,
    };
    Some((whole, base))
}

/// The unit at the end of a folded header: after a stroke or a colon, or a word of several characters.
pub(super) fn unit_at_end(
    header: &str,
    unit: impl Fn(&str) -> Option<(i64, i64)>,
) -> Option<(i64, i64)> {
    let last = header.rsplit('>').next()?;
    let after_mark = last
        .rsplit_once(['/', ':', ','])
        .and_then(|(_, tail)| unit(tail));
    after_mark.or_else(|| {
        let ends = last.char_indices().map(|(at, _)| &last[at..]);
        ends.filter(|tail| tail.chars().count() > 1 && tail.len() < last.len())
            .find_map(unit)
    })
}

/// A number of money or area: `unit` is what a number without one has, `bare` where nobody named it. The
/// flag says that the cell had none.
pub(super) fn read_measured(
    cell: Cell<'_>,
    units: &[Unit],
    unit: Option<(i64, i64)>,
    bare: i64,
    header: &str,
    fault: &'static str,
) -> Result<(Reading, bool), Reject> {
    let (bare, base) = unit.unwrap_or((bare, bare));
    let measure = Measure {
        units,
        bare,
        base,
        percent: Percent::Refused,
        header,
        fault,
    };
    let amount = amount(cell, &measure)?;
    let is_bare = amount.bare;
    Ok((whole(amount)?, is_bare))
}

/// Whether the word is a unit of money or area.
pub(crate) fn named_unit(word: &str) -> bool {
    factor(&LEXICON.money.units, word).is_some() || factor(&LEXICON.area.units, word).is_some()
}

#[cfg(test)]
mod tests;
