//! Where a page ended, as text that is handed back for the next one.

use figures::Listed;
use std::fmt::Write as _;
use vocabulary::{RecordId, Value};

/// A place in the order, as text that nobody needs to read.
pub(super) fn cursor_text(last: &Listed) -> String {
    let mut text = last.record.to_string();
    match &last.sorted {
        Value::Null => {}
        Value::Int(int) => {
            let _ = write!(text, ".i{int}");
        }
        Value::Text(value) => {
            text.push_str(".t");
            for byte in value.bytes() {
                let _ = write!(text, "{byte:02x}");
            }
        }
    }
    text
}

/// A place in the order, read back.
pub(super) fn cursor(text: &str) -> Option<(Value, RecordId)> {
    let (record, value) = match text.split_once('.') {
        Some((record, value)) => (record, Some(value)),
        None => (text, None),
    };
    let value = match value.map(|value| value.split_at_checked(1)) {
        None => Value::Null,
        Some(Some(("i", int))) => Value::Int(int.parse().ok()?),
        Some(Some(("t", hex))) => {
            let digits: Option<Vec<u8>> = hex
                .bytes()
                .map(|digit| {
                    let digit = char::from(digit).to_digit(16)?;
                    u8::try_from(digit).ok()
                })
                .collect();
            let bytes = digits?;
            let bytes: Vec<u8> = bytes
                .chunks_exact(2)
                .map(|two| two[0] << 4 | two[1])
                .collect();
            Value::Text(String::from_utf8(bytes).ok()?)
        }
        Some(_) => return None,
    };
    Some((value, record.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Date;

    #[test]
    fn a_place_in_the_order_is_read_as_it_was_written() {
        let check = |sorted: Value| {
            let last = Listed {
                record: 42,
                division: 0,
                from: Date::BEGINNING,
                to: Date::FOREVER,
                tx: 1,
                label: Value::Null,
                sorted: sorted.clone(),
                values: Vec::new(),
            };
            assert_eq!(cursor(&cursor_text(&last)), Some((sorted, 42)));
        };
        check(Value::Null);
        check(Value::Int(-7));
        check(Value::from("张三.i5"));
        for text in ["", "x", "1.", "1.z9", "1.tffff"] {
            assert_eq!(cursor(text), None, "{text}");
        }
    }
}
