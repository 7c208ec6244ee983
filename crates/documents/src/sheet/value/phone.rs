//! Telephone numbers: kept as typed, masked ones too; only spaces go.

use super::{Reading, Reject, is_null_word, without_apostrophe};
use crate::sheet::Cell;
use crate::sheet::fold::{half_width, is_space};
use vocabulary::Value;

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    let Cell::Text(text) = cell else {
        return Ok(Reading::of(Value::text(cell.shown())));
    };
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let text = without_apostrophe(text);
        return Ok(if is_null_word(text) {
            Reading::NULL
        } else {
            Reading::of(Value::text(text))
        });
    }
    let typed: String = half_width(text).chars().filter(|c| !is_space(*c)).collect();
    let typed = without_apostrophe(&typed);
    Ok(if is_null_word(typed) {
        Reading::NULL
    } else {
        Reading::of(Value::text(typed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_typed() {
        for (typed, stored) in [
            ("138****2079", "138****2079"),
            (" 138 0000 1111", "13800001111"),
            ("'13800001111", "13800001111"),
            ("１３８００００１１１１", "13800001111"),
        ] {
            let cell = Cell::Text(typed);
            assert_eq!(read(cell).expect(typed).value, Value::from(stored));
        }
        let number = Cell::Number(13_800_001_111.0);
        assert_eq!(
            read(number).expect("number").value,
            Value::from("13800001111")
        );
        assert_eq!(read(Cell::Text("无")).expect("none").value, Value::Null);
    }
}
