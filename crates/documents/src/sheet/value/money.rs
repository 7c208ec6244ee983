//! Money, in 分: plain numbers in the header's unit, or with a unit of their own.

use super::number::{amount, factor, whole};
use super::{Reading, Reject};
use crate::sheet::Cell;
use crate::sheet::lexicon::LEXICON;

/// 分 in the unit of a number that names none.
const BARE: i64 = 100;

pub(super) fn read(cell: Cell<'_>, unit: Option<i64>) -> Result<Reading, Reject> {
    let amount = amount(cell, &LEXICON.money.units, unit.unwrap_or(BARE));
    whole(amount.ok_or(Reject::new("D113"))?)
}

pub(super) fn unit(word: &str) -> Option<i64> {
    factor(&LEXICON.money.units, word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Value;

    #[test]
    fn units_in_the_cell_outrank_the_header() {
        for (typed, header, fen) in [
            ("3200", None, 320_000),
            ("￥3,200.00", None, 320_000),
            ("1.5万元", None, 1_500_000),
            ("0.12亿元", Some("万元"), 1_200_000_000),
            ("50万", Some("万元"), 50_000_000),
            ("100000元", Some("万元"), 10_000_000),
            ("０．２", Some("万元"), 200_000),
            ("96.6", Some("万元"), 96_600_000),
            ("3元5角", None, 350),
            ("1200元整", None, 120_000),
            ("无", None, 0),
        ] {
            let cell = Cell::Text(typed);
            let reading = read(cell, header.and_then(unit)).expect(typed);
            assert_eq!(reading.value, Value::Int(fen), "{typed}");
        }
        assert!(read(Cell::Text("待定"), None).is_err());
        assert!(read(Cell::Text("3角5元"), None).is_err());
    }
}
