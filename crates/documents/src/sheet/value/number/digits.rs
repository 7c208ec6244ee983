//! Digits: a sign, thousands separators, one point; and the shapes that look like digits and are not.

use super::quantity::Fault;
use crate::sheet::fold::is_space;
use vocabulary::{Exact, round_half_up};

/// More digits than any amount of a town, and few enough that no product of an amount overflows.
const DIGITS_MAX: usize = 18;
/// Decimals beyond these are the noise of a division; no unit is as small.
const FRACTION_MAX: usize = 15;

/// Digits with a sign, thousands separators and one point.
pub(super) fn number(text: &str) -> Result<Exact, Fault> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !is_digits(fraction) {
        return Err(Fault::NoNumber);
    }
    let grouped;
    let whole = if whole.contains(',') {
        grouped = ungrouped(whole).ok_or(Fault::NoNumber)?;
        &grouped
    } else {
        whole
    };
    if !is_digits(whole) {
        return Err(Fault::NoNumber);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > DIGITS_MAX {
        return Err(Fault::TooLarge);
    }
    let kept = fraction
        .len()
        .min(FRACTION_MAX)
        .min(DIGITS_MAX - whole.len());
    let scaled = whole
        .bytes()
        .chain(fraction[..kept].bytes())
        .fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
    let places = u32::try_from(kept).map_err(|_| Fault::TooLarge)?;
    let exact = if kept == 0 {
        Exact::from_integer(scaled)
    } else {
        Exact::new(scaled, 10_i128.pow(places))
    };
    Ok(if negative { -exact } else { exact })
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

/// Whether a space stands between two digits where no thousands end: `12 38` are two numbers.
pub(super) fn has_gap(text: &str) -> bool {
    let is_digit = |c: &char| c.is_ascii_digit() || matches!(c, '\u{ff10}'..='\u{ff19}');
    if !text.chars().any(is_space) {
        return false;
    }
    let mut words = text.split(is_space).filter(|word| !word.is_empty());
    let Some(mut before) = words.next() else {
        return false;
    };
    for word in words {
        let left = before.chars().rev().take_while(is_digit).count();
        let right = word.chars().take_while(is_digit).count();
        if left > 0 && right > 0 && !(left <= 3 && right == 3) {
            return true;
        }
        before = word;
    }
    false
}

/// The words between gaps.
pub(super) fn between_gaps(text: &str) -> Vec<&str> {
    let words = text.split(is_space).filter(|word| !word.is_empty());
    words.take(4).collect()
}

/// `1.2E+05`: shown short and kept as text.
pub(super) fn is_scientific(text: &str) -> bool {
    let Some((digits, power)) = text.split_once('e') else {
        return false;
    };
    let power = power.trim_start_matches(['+', '-']);
    let is_digit = |byte: u8| byte.is_ascii_digit();
    !power.is_empty() && power.bytes().all(is_digit) && number(digits).is_ok()
}

/// A number for a person: without trailing noughts.
pub(super) fn shown(number: Exact) -> String {
    round_half_up(number, 6).trimmed().to_string()
}
