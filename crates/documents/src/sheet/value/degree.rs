//! Degrees of a place: decimal, or with minutes and seconds, with the words and letters that stand about them.
//! A value outside the country is refused; one that fits the other axis is said to be swapped.

use super::number::Amount;
use super::{Note, Reading, Reject, folded_value, is_null_word, number};
use crate::sheet::Cell;
use crate::sheet::lexicon::LEXICON;
use vocabulary::Exact;

/// Which of the two a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    East,
    North,
}

impl Axis {
    /// The degrees between which the country lies, both bounds inside.
    fn holds(self, degrees: Exact) -> bool {
        let (from, to) = match self {
            Axis::East => (73, 136),
            Axis::North => (3, 54),
        };
        degrees >= Exact::from_integer(from) && degrees <= Exact::from_integer(to)
    }

    fn other(self) -> Axis {
        match self {
            Axis::East => Axis::North,
            Axis::North => Axis::East,
        }
    }
}

pub(super) fn read(cell: Cell<'_>, axis: Axis, decimals: u32) -> Result<Reading, Reject> {
    if matches!(cell, Cell::Bool(_) | Cell::Date(_)) {
        return Err(Reject::new("D150"));
    }
    let folded = folded_value(cell);
    if is_null_word(&folded) {
        return Ok(Reading::NULL);
    }
    let (degrees, note) = match one(&folded) {
        Some((degrees, named)) => {
            if named.is_some_and(|named| named != axis) {
                return Err(Reject::new("D151"));
            }
            (degrees, None)
        }
        None => (of_pair(&folded, axis)?, Some(Note::Part)),
    };
    if !axis.holds(degrees) {
        let swapped = axis.other().holds(degrees);
        return Err(Reject::new(if swapped { "D151" } else { "D152" }));
    }
    let scale = Exact::from_integer(10_i128.pow(decimals.min(9)));
    let mut reading = number::whole(Amount {
        exact: degrees * scale,
        note,
        bare: false,
        unit: String::new(),
    })?;
    // Seconds seldom end in whole decimals; what is lost is less than a hand's breadth.
    if reading.note == Some(Note::Rounded) {
        reading.note = None;
    }
    Ok(reading)
}

/// The axis's part of two numbers in one cell. They are told apart by their letters or by what each can be.
fn of_pair(text: &str, axis: Axis) -> Result<Exact, Reject> {
    let fault = || Reject::new("D150");
    let marks = &LEXICON.degree.between;
    let pairs = marks
        .iter()
        .filter_map(|mark| text.split_once(mark.as_str()));
    let mut pairs = pairs.filter_map(|(left, right)| Some((one(left)?, one(right)?)));
    let ((left, left_axis), (right, right_axis)) = pairs.next().ok_or_else(fault)?;
    let is = |degrees: Exact, named: Option<Axis>, axis: Axis| {
        axis.holds(degrees) && named.is_none_or(|named| named == axis)
    };
    let in_order = |first: Axis| is(left, left_axis, first) && is(right, right_axis, first.other());
    if in_order(axis) {
        Ok(left)
    } else if in_order(axis.other()) {
        Ok(right)
    } else {
        Err(Reject::new("D152"))
    }
}

/// One number of degrees, and the axis that its words name.
fn one(text: &str) -> Option<(Exact, Option<Axis>)> {
    let words = &LEXICON.degree;
    let mut rest = text;
    let mut axis = None;
    for (list, named) in [(&words.east, Axis::East), (&words.north, Axis::North)] {
        for word in list {
            let cut = rest
                .strip_prefix(word.as_str())
                .or_else(|| rest.strip_suffix(word.as_str()));
            if let Some(cut) = cut {
                rest = cut.trim_start_matches(':');
                axis = axis.or(Some(named));
            }
        }
    }
    degrees(rest).map(|degrees| (degrees, axis))
}

fn degrees(text: &str) -> Option<Exact> {
    let words = &LEXICON.degree;
    let after = |text: &str, list: &[String]| -> Option<(usize, usize)> {
        list.iter()
            .filter_map(|word| Some((text.find(word.as_str())?, word.len())))
            .min_by_key(|(at, length)| (*at, std::cmp::Reverse(*length)))
    };
    if let Some((at, length)) = after(text, &words.degrees) {
        let (whole, rest) = (&text[..at], &text[at + length..]);
        if rest.is_empty() {
            return decimal(whole);
        }
        let (minutes, rest) = match after(rest, &words.minutes) {
            // A second's mark of two strokes begins with a minute's.
            Some((at, length)) => (&rest[..at], &rest[at + length..]),
            None => (rest, ""),
        };
        let seconds = words
            .seconds
            .iter()
            .find_map(|word| rest.strip_suffix(word.as_str()))
            .unwrap_or(rest);
        return sexagesimal(whole, minutes, seconds);
    }
    let parts: Vec<&str> = text.split('.').collect();
    match parts[..] {
        [whole, minutes, seconds] => sexagesimal(whole, minutes, seconds),
        [whole, minutes, seconds, fraction] => {
            sexagesimal(whole, minutes, &format!("{seconds}.{fraction}"))
        }
        _ => decimal(text),
    }
}

fn sexagesimal(degrees: &str, minutes: &str, seconds: &str) -> Option<Exact> {
    let below_sixty = |text: &str| {
        if text.is_empty() {
            return Some(Exact::from_integer(0));
        }
        decimal(text).filter(|number| *number < Exact::from_integer(60))
    };
    let (minutes_read, seconds_read) = (below_sixty(minutes)?, below_sixty(seconds)?);
    // Minutes are whole when seconds follow.
    if !seconds.is_empty() && !minutes_read.is_integer() {
        return None;
    }
    let degrees = decimal(degrees).filter(Exact::is_integer)?;
    Some(
        degrees + minutes_read / Exact::from_integer(60) + seconds_read / Exact::from_integer(3600),
    )
}

/// Plain digits with one point; a sign makes no degree of this country.
fn decimal(text: &str) -> Option<Exact> {
    let plain = text.len() <= 18
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain { number::digits(text) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Value;

    fn east(text: &str) -> Result<Value, &'static str> {
        read(Cell::Text(text), Axis::East, 6)
            .map(|reading| reading.value)
            .map_err(|reject| reject.code)
    }

    #[test]
    fn degrees_in_every_dress() {
        for typed in [
            "104.504167",
            "104°30′15″",
            "104°30'15\"",
            "104° 30’ 15”",
            "104度30分15秒",
            "104.30.15",
            "E104°30′15″",
            "东经104°30′15″",
            "１０４．５０４１６７",
            "104°30.25′",
            "104.504167°",
            "E104.504167",
            "104.504167°E",
            "经度：104.504167",
            "104.504167,31.2",
            "31.2，104.504167",
            "N31.2°、E104°30′15″",
        ] {
            assert_eq!(east(typed), Ok(Value::Int(104_504_167)), "{typed}");
        }
        let north = |text| read(Cell::Text(text), Axis::North, 6).map(|r| (r.value, r.note));
        assert_eq!(north("N31.2°"), Ok((Value::Int(31_200_000), None)));
        let pair = north("104.5,31.2");
        assert_eq!(pair, Ok((Value::Int(31_200_000), Some(Note::Part))));
        assert_eq!(east("无"), Ok(Value::Null));
        let number = read(Cell::Number(104.504_167), Axis::East, 6);
        assert_eq!(number, Ok(Reading::of(104_504_167)));
    }

    #[test]
    fn what_cannot_be_is_said() {
        for (typed, code) in [
            ("31.2", "D151"),
            ("N31.2", "D151"),
            ("北纬104.5", "D151"),
            ("0", "D152"),
            ("200.5", "D152"),
            ("35456789.12", "D152"),
            ("104°75′15″", "D150"),
            ("村委会旁", "D150"),
            ("-104.5", "D150"),
            ("104.5,131.2", "D152"),
            ("1045042", "D152"),
        ] {
            assert_eq!(east(typed), Err(code), "{typed}");
        }
        let north = read(Cell::Text("104.5"), Axis::North, 6);
        assert_eq!(north.map_err(|r| r.code), Err("D151"));
    }
}
