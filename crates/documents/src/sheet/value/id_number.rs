//! Citizens' ID numbers, GB 11643-1999. Read or refused; never repaired: a number whose last digits Excel
//! has thrown away belongs to ten thousand people.

use super::{Note, Reading, Reject, folded_value, is_null_word};
use crate::sheet::Cell;
use crate::sheet::grid::EXACT_MAX;
use crate::sheet::lexicon::LEXICON;
use vocabulary::{Date, Value};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK: &[u8; 11] = b"10X98765432";

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    match cell {
        Cell::Number(number) if number.abs() >= EXACT_MAX => return Err(Reject::new("D108")),
        Cell::Date(_) | Cell::Bool(_) => return Err(Reject::new("D110")),
        _ => {}
    }
    let folded = folded_value(cell);
    if is_null_word(&folded) {
        return Ok(Reading::NULL);
    }
    let digits = folded.to_ascii_uppercase();
    let bytes = digits.as_bytes();
    let is_number = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    match bytes.len() {
        18 if is_number(&bytes[..17]) && (bytes[17].is_ascii_digit() || bytes[17] == b'X') => {
            check_birth(&digits[6..14])?;
            if check_digit(bytes) != bytes[17] {
                // Excel keeps fifteen digits and puts noughts for the rest.
                let lost = digits.ends_with("000");
                return Err(Reject::new(if lost { "D108" } else { "D109" }));
            }
            Ok(Reading::of(digits))
        }
        15 if is_number(bytes) => {
            check_birth(&format!("19{}", &digits[6..12]))?;
            let mut wide = format!("{}19{}", &digits[..6], &digits[6..]);
            wide.push(char::from(check_digit(wide.as_bytes())));
            Ok(Reading::noted(wide, Some(Note::Widened)))
        }
        _ if is_scientific(&digits) => Err(Reject::new("D108")),
        _ if is_masked(&folded) => Ok(Reading::noted(Value::Null, Some(Note::Masked))),
        _ => Err(other(&digits)),
    }
}

/// An ID number some of whose digits are hidden on purpose: it is no error, and it is not known.
fn is_masked(text: &str) -> bool {
    let is_mask = |c: char| LEXICON.id_number.masks.contains(&c);
    let length = text.chars().count();
    let body = text.strip_suffix('x').unwrap_or(text);
    let masks = body.chars().filter(|c| is_mask(*c)).count();
    let digits = body.chars().filter(char::is_ascii_digit).count();
    (10..=20).contains(&length)
        && masks >= 3
        && digits >= 4
        && masks + digits == body.chars().count()
}

/// What a text is that is no ID number: one with too many or too few digits, or another document's.
fn other(text: &str) -> Reject {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let body = text.strip_suffix('X').unwrap_or(text);
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    if is_digits(body) && (11..=24).contains(&text.len()) {
        return Reject::offering("D148", text.len().to_string());
    }
    // Passports and permits: one to three letters with six to twelve digits, or eight digits alone.
    let rest = &text[letters..];
    let passport = (1..=3).contains(&letters) && is_digits(rest) && (6..=12).contains(&rest.len());
    if passport || (is_digits(text) && text.len() == 8) {
        return Reject::new("D149");
    }
    Reject::new("D110")
}

/// The check digit that belongs to the first 17 digits.
fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    CHECK[(sum % 11) as usize]
}

fn check_birth(yyyymmdd: &str) -> Result<(), Reject> {
    let number: i32 = yyyymmdd.parse().map_err(|_| Reject::new("D111"))?;
    let (month, day) = (number / 100 % 100, number % 100);
    let date = Date::new(number / 10_000, month.unsigned_abs(), day.unsigned_abs());
    match date {
        Some(date) if date.year() >= super::date::YEAR_MIN => Ok(()),
        _ => Err(Reject::new("D111")),
    }
}

/// `5.11726198901233E+17`: a number that was shown short and then kept as text.
fn is_scientific(text: &str) -> bool {
    let Some((digits, power)) = text.split_once('E') else {
        return false;
    };
    !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && power
            .trim_start_matches('+')
            .bytes()
            .all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Result<Value, &'static str> {
        read(Cell::Text(text)).map(|r| r.value).map_err(|r| r.code)
    }

    #[test]
    fn valid_numbers_in_every_dress() {
        for typed in [
            "11010519491231002X",
            " 11010519491231002x ",
            "'11010519491231002X",
            "１１０１０５１９４９１２３１００２Ｘ",
        ] {
            assert_eq!(
                code(typed),
                Ok(Value::from("11010519491231002X")),
                "{typed}"
            );
        }
        let old = read(Cell::Text("110105491231002")).expect("15 digits");
        assert_eq!(
            old,
            Reading::noted("11010519491231002X", Some(Note::Widened))
        );
        let number = read(Cell::Number(110_105_491_231_002.0)).expect("15 digits as a number");
        assert_eq!(number.value, Value::from("11010519491231002X"));
        assert_eq!(code("无"), Ok(Value::Null));
    }

    #[test]
    fn wrong_numbers_are_refused_by_their_fault() {
        assert_eq!(code("110105194912310021"), Err("D109"));
        assert_eq!(code("110105194913310020"), Err("D111"));
        assert_eq!(code("110105194902300020"), Err("D111"));
        assert_eq!(code("110105194912310000"), Err("D108"));
        for typed in ["11010519491231", "11010519491231002", "1101051949123100211"] {
            let wrong = read(Cell::Text(typed)).expect_err("too short or too long");
            assert_eq!(wrong.near, Some(typed.len().to_string()), "{typed}");
        }
        for typed in ["H12345678", "E12345678", "08563421", "USA123456789012"] {
            assert_eq!(code(typed), Err("D149"), "{typed}");
        }
        for typed in ["补办中", "12345", "张三"] {
            assert_eq!(code(typed), Err("D110"), "{typed}");
        }
        for typed in [
            "1101051949****002X",
            "510***********1234",
            "1101xxxxxxxx002X",
            "11010519491231＊＊＊＊",
        ] {
            let masked = read(Cell::Text(typed)).expect("hidden digits");
            assert_eq!(
                masked,
                Reading::noted(Value::Null, Some(Note::Masked)),
                "{typed}"
            );
        }
        assert_eq!(code("5.11726198901233E+17"), Err("D108"));
        let lost = Cell::Number(511_726_198_901_233_000.0);
        assert_eq!(read(lost).map_err(|r| r.code), Err("D108"));
    }
}
