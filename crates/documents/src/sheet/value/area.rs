//! Areas, in 1/10,000 亩.

use super::number::{read_measured, unit_and_base};
use super::{Reading, Reject};
use crate::sheet::Cell;
use crate::sheet::lexicon::LEXICON;

/// 1/10,000 亩 in the unit of a number that names none: 亩.
const BARE: i64 = 10_000;

/// The amount, and whether it has no unit of its own.
pub(super) fn read(
    cell: Cell<'_>,
    unit: Option<(i64, i64)>,
    header: &str,
) -> Result<(Reading, bool), Reject> {
    read_measured(cell, &LEXICON.area.units, unit, BARE, header, "D114")
}

/// The factor of a unit word, and that of the unit within it: 元 in 万元.
pub(super) fn unit(word: &str) -> Option<(i64, i64)> {
    unit_and_base(&LEXICON.area.units, word, BARE)
}

#[cfg(test)]
mod tests {
    use super::super::Note;
    use super::*;
    use vocabulary::Value;

    #[test]
    fn every_unit_of_the_fields() {
        for (typed, header, stored) in [
            ("3.2亩", None, 32_000),
            ("3.2", None, 32_000),
            ("5分", None, 5_000),
            ("0.3公顷", None, 45_000),
            ("2亩3分", None, 23_000),
            ("2 亩 3 分", None, 23_000),
            ("2亩3分5厘", None, 23_500),
            ("1000㎡", None, 15_000),
            ("200平方米", None, 3_000),
            ("80", Some("平方米"), 1_200),
            ("1.5", Some("公顷"), 225_000),
            ("６．５", None, 65_000),
            ("2亩半", None, 25_000),
            ("半亩", None, 5_000),
            ("三亩二分", None, 32_000),
            ("1.2万", Some("平方米"), 180_000),
            ("3.2（亩）", None, 32_000),
            ("0.5平方公里", None, 7_500_000),
        ] {
            let cell = Cell::Text(typed);
            let reading = read(cell, header.and_then(unit), "").expect(typed).0;
            assert_eq!(reading.value, Value::Int(stored), "{typed}");
        }
        let about = read(Cell::Text("约120"), None, "").expect("about").0;
        assert_eq!(
            about,
            Reading::noted(Value::Int(1_200_000), Some(Note::About))
        );
        for typed in ["3分2亩", "若干", "2亩左右3分", "3.2元"] {
            assert!(read(Cell::Text(typed), None, "").is_err(), "{typed}");
        }
    }
}
