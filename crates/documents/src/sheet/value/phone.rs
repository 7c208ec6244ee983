//! Telephone numbers: kept as typed, masked ones too; only spaces go. A mobile's number with a digit too many or too few
//! is refused: nobody can be called by it.

use super::{Reading, Reject, is_null_word, without_apostrophe};
use crate::sheet::Cell;
use crate::sheet::fold::{half_width, is_space};
use vocabulary::Value;

/// The digits of a mobile's number, which begins with 1.
const MOBILE: usize = 11;
/// Numbers of fewer digits that begin with 1 are those of services.
const SERVICE_MAX: usize = 6;

/// The code of a mobile's number with a digit too many or too few.
pub(crate) const NOT_ELEVEN: &str = "D184";

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    let Cell::Text(text) = cell else {
        return kept(&cell.shown());
    };
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return kept(without_apostrophe(text));
    }
    let typed: String = half_width(text).chars().filter(|c| !is_space(*c)).collect();
    kept(without_apostrophe(&typed))
}

fn kept(typed: &str) -> Result<Reading, Reject> {
    if is_null_word(typed) {
        return Ok(Reading::NULL);
    }
    let digits = typed.bytes().all(|byte| byte.is_ascii_digit());
    let length = typed.len();
    if digits && typed.starts_with('1') && length > SERVICE_MAX && length != MOBILE {
        return Err(Reject::offering(NOT_ELEVEN, length.to_string()));
    }
    Ok(Reading::of(Value::text(typed)))
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
        for wrong in ["1380000111", "138000011112"] {
            let refused = read(Cell::Text(wrong)).expect_err("a digit too many or too few");
            assert_eq!(refused.code, "D184", "{wrong}");
        }
        for landline in ["0818-5261234", "5261234", "12345"] {
            let kept = read(Cell::Text(landline)).expect(landline).value;
            assert_eq!(kept, Value::from(landline));
        }
        assert_eq!(read(Cell::Text("无")).expect("none").value, Value::Null);
    }
}
