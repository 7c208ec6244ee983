//! Numbers by which a person is found (ID, bank card, mobile phone), told by their look alone, so that no sentence,
//! log or free text carries one. Refuses to know whether the number is anybody's.

use std::borrow::Cow;

/// Digits left in sight: enough for a clerk to tell two numbers apart.
const SHOWN: usize = 4;

/// Digits of an ID number (15, 18), of one mistyped by a digit or two, or of a bank card (16 to 19).
const LONG: std::ops::RangeInclusive<usize> = 15..=20;

/// Digits of an old ID number, and of the division code of a village's group.
const OLD: usize = 15;

/// Digits of a mobile phone number.
const MOBILE: usize = 11;

/// The text with all but the last four digits of each such number starred.
pub fn masked(text: &str) -> Cow<'_, str> {
    let found = numbers(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in found {
        out.push_str(&text[from..start]);
        out.push_str(&starred(&text[start..end]));
        from = end;
    }
    out.push_str(&text[from..]);
    Cow::Owned(out)
}

/// Whether the text holds such a number.
pub fn tells_a_person(text: &str) -> bool {
    !numbers(text).is_empty()
}

/// All but the last four characters starred; a short text whole.
pub fn starred(number: &str) -> String {
    let count = number.chars().count();
    let hidden = if count > SHOWN { count - SHOWN } else { count };
    let tail: String = number.chars().skip(hidden).collect();
    format!("{}{tail}", "*".repeat(hidden))
}

fn digit(c: char) -> Option<u32> {
    match c {
        // The wide forms of a Chinese keyboard.
        '\u{ff10}'..='\u{ff19}' => Some(u32::from(c) - 0xff10),
        _ => c.to_digit(10),
    }
}

/// Whether 15 digits carry the day that an ID number of 15 carries; a group's division code has none there.
fn dated(digits: &[u32]) -> bool {
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    (1..=12).contains(&two(8)) && (1..=31).contains(&two(10))
}

/// Where the numbers stand, in bytes.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let end_of = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if digit(chars[at].1).is_none() {
            at += 1;
            continue;
        }
        let start = at;
        let mut digits = Vec::new();
        loop {
            while let Some(value) = chars.get(at).and_then(|(_, c)| digit(*c)) {
                digits.push(value);
                at += 1;
            }
            // One blank between groups, as numbers are read out.
            let blank = matches!(chars.get(at), Some((_, ' ' | '\u{3000}' | '\u{a0}')));
            let goes_on = chars.get(at + 1).is_some_and(|(_, c)| digit(*c).is_some());
            if !(blank && goes_on) {
                break;
            }
            at += 1;
        }
        // The check digit of an ID number may be the Roman ten.
        let ten = matches!(
            chars.get(at),
            Some((_, 'x' | 'X' | '\u{ff38}' | '\u{ff58}'))
        );
        let count = digits.len() + usize::from(ten);
        let mobile = count == MOBILE && digits[0] == 1 && digits[1] >= 3;
        let place = count == OLD && !ten && !dated(&digits);
        if (LONG.contains(&count) && !place) || mobile {
            at += usize::from(ten);
            found.push((end_of(start), end_of(at)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, wanted: &str) {
        assert_eq!(masked(text), wanted);
        assert_eq!(tells_a_person(text), text != wanted, "{text}");
    }

    #[test]
    fn numbers_of_persons_are_starred() {
        check("“511726197704156797”不是", "“**************6797”不是");
        check("51172619770415679X。", "**************679X。");
        check("511726 19770415 6797", "****************6797");
        check("少一位 51172619770415679", "少一位 *************5679");
        check("电话13800138000，", "电话*******8000，");
        check(
            "５１１７２６１９７７０４１５６７９７",
            "**************６７９７",
        );
        check("旧号511726770415679", "旧号***********5679");
        check("卡号6222021234567890123", "卡号***************0123");
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "511729102000 是区划代码，511729102200001 是组",
            "2022-12-31 至 2023-01-01",
            "共 1200000 元，第 41 行",
            "12345678901",
            "花名册20221231.xlsx",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn what_is_starred_is_not_starred_again() {
        let once = masked("身份证511726197704156797").into_owned();
        assert_eq!(masked(&once), once);
        assert_eq!(starred("12"), "**");
    }
}
