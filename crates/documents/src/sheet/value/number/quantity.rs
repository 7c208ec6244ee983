//! One number with its unit, or several from great to small (`2亩3分`). Several that do not run so are kept
//! apart, so that a header may say which one it asks for.

use super::super::numeral;
use super::{Measure, digits};
use crate::sheet::lexicon::LEXICON;
use vocabulary::Exact;

/// A number in stored units.
#[derive(Debug)]
pub(super) struct Quantity {
    pub(super) exact: Exact,
    /// It has no unit of its own.
    pub(super) bare: bool,
    /// A word says that it is not exact.
    pub(super) about: bool,
    /// Its unit's word; empty when it has none, or several.
    pub(super) unit: String,
}

/// Why a text is no quantity.
#[derive(Debug)]
pub(super) enum Fault {
    NoNumber,
    TooLarge,
    /// Several numbers, each with its unit and as it was typed.
    Several(Vec<(Exact, String, String)>),
}

/// Above this nothing of a town is counted, and below it no product overflows.
const STORED_MAX: i128 = 100_000_000_000_000_000_000;

/// One part read: what it counts, its unit's factor and word, and what is left.
struct Part<'t> {
    exact: Exact,
    factor: i128,
    unit: &'t str,
    bare: bool,
    about: bool,
    rest: &'t str,
}

pub(super) fn read(text: &str, measure: &Measure<'_>) -> Result<Quantity, Fault> {
    let (negative, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let mut parts: Vec<(Exact, String, String)> = Vec::new();
    let (mut sum, mut last) = (Exact::from_integer(0), i128::MAX);
    let (mut bare, mut about, mut several) = (false, false, false);
    let (mut count, mut unit) = (0_usize, "");
    while !rest.is_empty() {
        let part = part(rest, measure)?;
        // A number without a unit stands alone.
        if part.bare && (count > 0 || !part.rest.is_empty()) {
            return Err(Fault::NoNumber);
        }
        several |= part.factor >= last;
        if count > 0 || !part.rest.is_empty() {
            let typed = &rest[..rest.len() - part.rest.len()];
            parts.push((part.exact, part.unit.to_owned(), typed.to_owned()));
        }
        // Many decimals in many parts would outgrow the integers below.
        if count > 0 && *part.exact.denom() > 1_000_000_000 {
            return Err(Fault::NoNumber);
        }
        if part.exact.to_integer().abs() > STORED_MAX {
            return Err(Fault::TooLarge);
        }
        unit = if count == 0 { part.unit } else { "" };
        sum += part.exact;
        (last, bare) = (part.factor, part.bare);
        about |= part.about;
        rest = part.rest;
        count += 1;
        let separated = without_separators(rest);
        if separated.len() < rest.len() {
            (several, rest) = (true, separated);
            if rest.is_empty() {
                return Err(Fault::NoNumber);
            }
        }
        if count > 8 {
            return Err(Fault::NoNumber);
        }
    }
    if count == 0 {
        return Err(Fault::NoNumber);
    }
    if several {
        return Err(Fault::Several(parts));
    }
    Ok(Quantity {
        exact: if negative { -sum } else { sum },
        bare,
        about,
        unit: unit.to_owned(),
    })
}

fn part<'t>(text: &'t str, measure: &Measure<'_>) -> Result<Part<'t>, Fault> {
    let words = &LEXICON.number;
    let half = Exact::new(1, 2);
    let half_of = |text: &'t str| {
        words
            .half
            .iter()
            .find_map(|word| text.strip_prefix(word.as_str()))
    };
    let first = text.chars().next().ok_or(Fault::NoNumber)?;
    let (number, scaled, tail) = if first.is_ascii_digit() || first == '.' {
        let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | ','));
        let digits = text[..end.unwrap_or(text.len())].trim_end_matches(',');
        (digits::number(digits)?, false, &text[digits.len()..])
    } else if let Some(tail) = half_of(text) {
        (half, false, tail)
    } else if numeral::begins(first) {
        let end = text
            .find(|c: char| !numeral::is_part(c))
            .unwrap_or(text.len());
        let number = numeral::read(&text[..end]).ok_or(Fault::NoNumber)?;
        let scaled = number >= 10_000;
        (Exact::from_integer(number.into()), scaled, &text[end..])
    } else {
        return Err(Fault::NoNumber);
    };
    let (tail, about) = without_about(tail);
    let unit_of = |tail: &'t str| {
        let found = measure
            .units
            .iter()
            .find(|(word, _)| tail.starts_with(word.as_str()));
        found.map(|(word, factor)| {
            (
                &tail[..word.len()],
                i128::from(*factor),
                &tail[word.len()..],
            )
        })
    };
    if let Some((unit, factor, rest)) = unit_of(tail) {
        let mut exact = number * Exact::from_integer(factor);
        let mut rest = rest;
        // `2亩半`
        if let Some(after) = half_of(rest).filter(|after| after.is_empty()) {
            exact += half * Exact::from_integer(factor);
            rest = after;
        }
        return Ok(Part {
            exact,
            factor,
            unit,
            bare: false,
            about,
            rest,
        });
    }
    let multiplier = words.multipliers.iter().find_map(|(word, factor)| {
        let rest = tail.strip_prefix(word.as_str())?;
        Some((i128::from(*factor), rest))
    });
    if let Some((multiplier, rest)) = multiplier {
        let (rest, after) = without_about(rest);
        let (unit, factor, rest) = unit_of(rest).unwrap_or(("", measure.base.into(), rest));
        let factor = multiplier.saturating_mul(factor);
        let exact = number * Exact::from_integer(factor);
        return Ok(Part {
            exact,
            factor,
            unit,
            bare: false,
            about: about || after,
            rest,
        });
    }
    if !tail.is_empty() {
        return Err(Fault::NoNumber);
    }
    let factor = i128::from(if scaled { measure.base } else { measure.bare });
    let exact = number * Exact::from_integer(factor);
    Ok(Part {
        exact,
        factor,
        unit: "",
        bare: !scaled,
        about,
        rest: tail,
    })
}

/// Without the marks that list numbers.
fn without_separators(mut rest: &str) -> &str {
    let marks = &LEXICON.choice.between;
    while let Some(after) = marks
        .iter()
        .find_map(|mark| rest.strip_prefix(mark.as_str()))
    {
        rest = after;
    }
    rest
}

/// Without `多` or `余` between a number and its unit.
fn without_about(text: &str) -> (&str, bool) {
    let words = LEXICON.number.about_after.iter();
    let found = words
        .filter_map(|word| text.strip_prefix(word.as_str()))
        .next();
    found.map_or((text, false), |rest| (rest, true))
}
