//! A number as a sentence wants it: in another unit, rounded, or down to a step with the word for “and more”. Knows no
//! figure; the document keeps the exact number behind what is printed.

use crate::words::word;
use vocabulary::{Decimal, Exact, round_half_up};

/// Decimals that a number in another unit keeps when nothing is said: all that money and areas have.
const KEPT: u32 = 8;

/// How a place wants its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shape {
    /// In this unit, which is printed with it.
    pub(super) unit: Option<String>,
    /// Down to a multiple of this.
    pub(super) step: Option<Decimal>,
    /// Rounded half up to so many decimals.
    pub(super) decimals: Option<u32>,
}

/// The number as wanted; none when the units do not measure the same.
pub(super) fn shown(value: Decimal, unit: &str, shape: &Shape) -> Option<String> {
    if *shape == Shape::default() {
        return Some(value.to_string());
    }
    let wanted = shape.unit.as_deref();
    let ratio = pack::unit::ratio(unit, wanted.unwrap_or(unit))?;
    let exact = value.exact() * ratio;
    let floor = shape.step.map(|step| {
        let step = step.exact();
        ((exact / step).floor() * step, step)
    });
    // Below one step nothing would be left of it: the number is given as it is.
    if let Some((floor, step)) = floor.filter(|(floor, step)| floor >= step) {
        let decimals = decimals_of(step);
        let number = plain(floor, decimals);
        let more = if floor == exact {
            String::new()
        } else {
            word("report.more", &[])
        };
        let unit = wanted.unwrap_or_default();
        // A whole number has the word before its unit; one with decimals, behind the unit's word of magnitude.
        if decimals > 0 && !more.is_empty() {
            let (magnitude, base) = pack::unit::magnitude(unit);
            return Some(format!("{number}{magnitude}{more}{base}"));
        }
        return Some(format!("{number}{more}{unit}"));
    }
    let number = plain(exact, shape.decimals.unwrap_or(KEPT));
    Some(format!("{number}{}", wanted.unwrap_or_default()))
}

fn plain(number: Exact, decimals: u32) -> String {
    round_half_up(number, decimals).trimmed().to_string()
}

/// Decimals that a multiple of a step may have.
fn decimals_of(step: Exact) -> u32 {
    (0..KEPT)
        .find(|decimals| (step * Exact::from_integer(10_i128.pow(*decimals))).is_integer())
        .unwrap_or(KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(value: &str, unit: &str, to: &str, step: &str, decimals: Option<u32>) -> String {
        let shape = Shape {
            unit: (!to.is_empty()).then(|| to.to_owned()),
            step: Decimal::parse(step),
            decimals,
        };
        let value = Decimal::parse(value).expect("a number");
        shown(value, unit, &shape).expect("units of one kind")
    }

    #[test]
    fn a_number_is_floored_to_its_step_and_says_that_there_is_more() {
        assert_eq!(said("297535", "元", "万元", "10", None), "20余万元");
        assert_eq!(said("4656", "万元", "万元", "1000", None), "4000余万元");
        assert_eq!(said("3000", "万元", "万元", "1000", None), "3000万元");
        assert_eq!(said("3000.01", "万元", "万元", "1000", None), "3000余万元");
        assert_eq!(said("15311.5", "亩", "", "1000", None), "15000余");
        assert_eq!(said("15311.5", "亩", "万亩", "0.1", None), "1.5万余亩");
        assert_eq!(said("15000", "亩", "万亩", "0.1", None), "1.5万亩");
        assert_eq!(said("20311.5", "亩", "万亩", "0.1", None), "2万余亩");
    }

    #[test]
    fn below_its_step_a_number_is_not_nought() {
        assert_eq!(said("82345.67", "元", "万元", "10", None), "8.234567万元");
        assert_eq!(said("82345.67", "元", "万元", "10", Some(1)), "8.2万元");
        assert_eq!(said("0", "元", "万元", "10", None), "0万元");
    }

    #[test]
    fn another_unit_is_exact_unless_decimals_are_asked() {
        assert_eq!(said("297535", "元", "万元", "", None), "29.7535万元");
        assert_eq!(said("297535", "元", "万元", "", Some(2)), "29.75万元");
        assert_eq!(said("295000", "元", "万元", "", Some(0)), "30万元");
        assert_eq!(said("6.481", "万亩", "亩", "", None), "64810亩");
        assert_eq!(said("48000", "人", "万人", "", None), "4.8万人");
        assert_eq!(said("38.25", "岁", "", "", Some(1)), "38.3");
    }

    #[test]
    fn other_kinds_of_unit_are_refused() {
        let shape = Shape {
            unit: Some("亩".to_owned()),
            ..Shape::default()
        };
        let value = Decimal::parse("1").expect("a number");
        assert_eq!(shown(value, "元", &shape), None);
    }
}
