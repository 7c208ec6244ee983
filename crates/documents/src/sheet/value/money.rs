//! Money, in 分: plain numbers in the header's unit, or with a unit of their own.

use super::number::{read_measured, unit_and_base};
use super::{Reading, Reject};
use crate::sheet::Cell;
use crate::sheet::lexicon::LEXICON;

/// 分 in the unit of a number that names none.
const BARE: i64 = 100;

/// The amount, and whether it has no unit of its own.
pub(super) fn read(
    cell: Cell<'_>,
    unit: Option<(i64, i64)>,
    header: &str,
) -> Result<(Reading, bool), Reject> {
    read_measured(cell, &LEXICON.money.units, unit, BARE, header, "D113")
}

/// The factor of a unit word, and that of the unit within it: 元 in 万元.
pub(super) fn unit(word: &str) -> Option<(i64, i64)> {
    unit_and_base(&LEXICON.money.units, word, BARE)
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
            ("3200元整", None, 320_000),
            ("人民币叁仟贰佰元整", None, 320_000),
            ("人民币叁仟贰佰圆伍角整", None, 320_050),
            ("一千二百元", None, 120_000),
            ("三百", Some("万元"), 300_000_000),
            ("五百万", Some("万元"), 500_000_000),
            ("1万2千元", None, 1_200_000),
            ("1亿2000万元", None, 12_000_000_000),
            ("-1.5万元", None, -1_500_000),
            ("(3,200)", None, -320_000),
            ("10多万元", None, 10_000_000),
        ] {
            let cell = Cell::Text(typed);
            let reading = read(cell, header.and_then(unit), "").expect(typed).0;
            assert_eq!(reading.value, Value::Int(fen), "{typed}");
        }
        assert!(read(Cell::Text("待定"), None, "").is_err());
        assert!(read(Cell::Text("3角5元"), None, "").is_err());
        for (typed, code) in [
            ("200元/人", "D146"),
            ("12%", "D154"),
            ("1.200,50", "D113"),
            ("3.2亩", "D113"),
            ("5万-8万", "D143"),
            ("1.2E+05", "D147"),
        ] {
            let refused = read(Cell::Text(typed), None, "").map_err(|r| r.code);
            assert_eq!(refused, Err(code), "{typed}");
        }
        let bare = |typed| read(Cell::Text(typed), None, "").map(|(_, bare)| bare);
        assert_eq!(
            (bare("3200"), bare("3200元"), bare("3万")),
            (Ok(true), Ok(false), Ok(false))
        );
    }
}
