//! Numbers by which a person is found (ID, bank card, mobile phone), told by their look alone, so that no sentence,
//! log or free text carries one. Refuses to know whether the number is anybody's.

use std::borrow::Cow;

/// Digits left in sight: enough for a clerk to tell two numbers apart.
const SHOWN: usize = 4;

/// Digits of an ID number (15, 18), of one mistyped by a digit or two, or of a bank card (16 to 19).
const LONG: std::ops::RangeInclusive<usize> = 15..=20;

/// Digits of an ID number, its check digit counted.
const NEW: usize = 18;

/// Digits of a bank card.
const CARD: std::ops::RangeInclusive<usize> = 16..=19;

/// Groups that one number is written in, at most: four digits a time, and some to spare.
const GROUPS_MAX: usize = 8;

/// Digits of an old ID number, and of the division code of a village's group.
const OLD: usize = 15;

/// Digits of a mobile phone number.
const MOBILE: usize = 11;

/// The text with all but the last four digits of each such number starred.
pub fn masked(text: &str) -> Cow<'_, str> {
    star(text, numbers(text))
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

/// The text with such numbers starred that are surely a person's: an ID number and a bank card by their check digits, a
/// mobile phone. For what is kept: a contract's or a field's long number stays as it is.
pub fn without_numbers(text: &str) -> Cow<'_, str> {
    star(text, found(text, |digits, ten, _| sure(digits, ten)))
}

fn star(text: &str, found: Vec<(usize, usize)>) -> Cow<'_, str> {
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

/// Where numbers stand that look like a person's, in bytes.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    found(text, |digits, ten, dashed| {
        if dashed {
            return sure(digits, ten);
        }
        let count = digits.len() + usize::from(ten);
        let place = count == OLD && !ten && !dated(digits);
        (LONG.contains(&count) && !place) || is_mobile(digits, ten)
    })
}

fn is_mobile(digits: &[u32], ten: bool) -> bool {
    digits.len() == MOBILE && !ten && digits[0] == 1 && digits[1] >= 3
}

/// Whether nothing but a number of a person is written so.
fn sure(digits: &[u32], ten: bool) -> bool {
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    let is_id = digits.len() + usize::from(ten) == NEW
        && (18..=20).contains(&two(6))
        && (1..=12).contains(&two(10))
        && (1..=31).contains(&two(12))
        && is_checked(digits, ten);
    is_id || is_mobile(digits, ten) || (!ten && is_card(digits))
}

/// Whether the last digit of an ID number follows from those before (GB 11643).
fn is_checked(digits: &[u32], ten: bool) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const LAST: [u32; 11] = [1, 0, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    let last = if ten { 10 } else { digits[NEW - 1] };
    usize::try_from(sum % 11).is_ok_and(|rest| LAST[rest] == last)
}

/// Whether digits are a bank card's: the beginnings of this country's banks, and Luhn's check digit.
fn is_card(digits: &[u32]) -> bool {
    let begins = matches!(digits, [6, 0 | 2, ..] | [9, 5, 5, 8 | 9, ..] | [4 | 5, ..]);
    let long = CARD.contains(&digits.len()) && (digits[0] > 5 || digits.len() == 16);
    let weighed = digits.iter().rev().enumerate();
    let sum: u32 = weighed
        .map(|(at, digit)| match at % 2 {
            0 => *digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    begins && long && sum.is_multiple_of(10)
}

/// A run of digits, in bytes, with what it is.
struct Group {
    start: usize,
    end: usize,
    digits: Vec<u32>,
    /// The Roman ten of an ID number follows.
    ten: bool,
    /// What joins it to the run before: nothing, a blank, a dash.
    joined: Option<bool>,
}

/// The runs of digits of a text.
fn groups(text: &str) -> Vec<Group> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let end_of = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
    let mut groups: Vec<Group> = Vec::new();
    let mut at = 0;
    // Where the last run ended.
    let mut ended = usize::MAX;
    while at < chars.len() {
        if digit(chars[at].1).is_none() {
            at += 1;
            continue;
        }
        let start = at;
        let mut digits = Vec::new();
        while let Some(value) = chars.get(at).and_then(|(_, c)| digit(*c)) {
            digits.push(value);
            at += 1;
        }
        // One blank or dash between groups, as numbers are read out.
        let joined = (ended != usize::MAX && start == ended + 1)
            .then(|| match chars[ended].1 {
                ' ' | '\u{3000}' | '\u{a0}' => Some(false),
                '-' | '\u{2013}' | '\u{2014}' | '\u{ff0d}' => Some(true),
                _ => None,
            })
            .flatten();
        ended = at;
        // The check digit of an ID number may be the Roman ten.
        let ten = matches!(
            chars.get(at),
            Some((_, 'x' | 'X' | '\u{ff38}' | '\u{ff58}'))
        );
        at += usize::from(ten);
        groups.push(Group {
            start: end_of(start),
            end: end_of(at),
            digits,
            ten,
            joined,
        });
    }
    groups
}

/// Where numbers stand of which `is` holds, in bytes: of groups that are joined, the longest that make one.
fn found(text: &str, is: impl Fn(&[u32], bool, bool) -> bool) -> Vec<(usize, usize)> {
    // Most texts have no number at all.
    if !text.chars().any(|c| digit(c).is_some()) {
        return Vec::new();
    }
    let groups = groups(text);
    let mut found = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        let more = groups[first + 1..].iter();
        let chain = more.take_while(|group| group.joined.is_some()).count();
        let chain = chain.min(GROUPS_MAX);
        let ends = (first..=first + chain).rev();
        let last = ends.into_iter().find(|last| {
            let joined = &groups[first..=*last];
            let digits: Vec<u32> = joined.iter().flat_map(|g| g.digits.clone()).collect();
            let inner_ten = joined[..joined.len() - 1].iter().any(|g| g.ten);
            let dashed = joined[1..].iter().any(|g| g.joined == Some(true));
            !inner_ten && is(&digits, groups[*last].ten, dashed)
        });
        if let Some(last) = last {
            found.push((groups[first].start, groups[last].end));
            first = last;
        }
        first += 1;
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
        check("138-0013-8000", "*********8000");
        check("13800138000 13900139000", "*******8000 *******9000");
        check("511726-19770415-6797", "****************6797");
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "511729102000 是区划代码，511729102200001 是组",
            "2022-12-31 至 2023-01-01",
            "共 1200000 元，第 41 行",
            "12345678901",
            "花名册20221231.xlsx",
            "2022-12-31 2023",
            "0818-8221234",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn what_is_kept_loses_only_what_is_surely_a_persons() {
        let check = |text: &str, wanted: &str| assert_eq!(without_numbers(text), wanted);
        check("另有电话13800138000", "另有电话*******8000");
        check("身份证 511726197704156797", "身份证 **************6797");
        check("卡号6222 0212 3456 7890 128", "卡号******************* 128");
        for text in [
            "承包证 511729200204010001J",
            "户编号 51172910200601001",
            "合同 20220100000000012345",
            "6222021234567890123",
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
