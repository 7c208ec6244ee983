//! Text: trimmed, with the spaces that align Chinese names taken out. Punctuation stays as typed.

use super::{Note, Reading, Reject, trimmed};
use crate::sheet::Cell;
use crate::sheet::fold::{is_hanzi, is_space};
use crate::sheet::lexicon::LEXICON;
use foldhash::HashSet;
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use vocabulary::{Value, without_numbers};

static STOPS: LazyLock<HashSet<char>> = LazyLock::new(|| {
    LEXICON
        .punctuation
        .stops
        .iter()
        .filter_map(|s| s.chars().next())
        .collect()
});

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    Ok(match cell {
        Cell::Text(text) => {
            let text = clean(without_mark(text));
            let note = note(&text);
            Reading::noted(Value::text(text), note)
        }
        other => Reading::of(Value::text(other.shown())),
    })
}

/// Text in which numbers of persons have no place: they have columns of their own, and are kept sealed there.
pub(super) fn read_prose(cell: Cell<'_>) -> Result<Reading, Reject> {
    let mut reading = read(cell)?;
    let text = match &reading.value {
        Value::Text(text) => text,
        _ => return Ok(reading),
    };
    if let Cow::Owned(starred) = without_numbers(text) {
        reading = Reading::noted(Value::text(starred), Some(Note::NumberInText));
    }
    Ok(reading)
}

/// Without the apostrophe that keeps Excel from reading a number, which copies and exports show.
fn without_mark(text: &str) -> &str {
    let rest = text.strip_prefix('\'').unwrap_or(text);
    if rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.ends_with('\'') {
        rest
    } else {
        text
    }
}

/// What to know of a text: characters that no standard has mean something on one computer only.
pub(super) fn note(text: &str) -> Option<Note> {
    if text.is_ascii() {
        return None;
    }
    text.chars().any(is_private).then_some(Note::OwnCharacters)
}

/// Private-use characters, and the mark of a character that was lost.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fffd}') || c >= '\u{f0000}'
}

/// Text as it is stored: spaces at the ends and between Chinese characters dropped, other runs of spaces
/// one space (a line break, where lines are kept apart), full-width digits and letters half-width, the
/// doubles of characters that copies from PDF carry (radicals, compatibility forms) as the character itself.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    if !text
        .chars()
        .any(|c| is_space(c) || is_wide(c) || is_double(c))
    {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut gap: Option<char> = None;
    for c in text.chars() {
        if is_space(c) {
            let line = matches!(c, '\n' | '\r');
            gap = Some(if line || gap == Some('\n') { '\n' } else { ' ' });
            continue;
        }
        if let Some(space) = gap.take() {
            let before = out.chars().next_back().unwrap_or(' ');
            if !(is_chinese(before) && is_chinese(c)) {
                out.push(space);
            }
        }
        if is_double(c) {
            out.extend(c.nfkc());
        } else {
            out.push(half(c));
        }
    }
    Cow::Owned(out)
}

/// A character of Chinese text.
pub(super) fn is_chinese(c: char) -> bool {
    is_han(c) || STOPS.contains(&c)
}

/// A Chinese character, the rare ones and those of one computer included.
pub(super) fn is_han(c: char) -> bool {
    is_hanzi(c)
        || c == '\u{3007}'
        || ('\u{3400}'..='\u{4dbf}').contains(&c)
        || c > '\u{1ffff}'
        || is_private(c)
        || is_double(c)
}

/// Full-width digits and letters, which are the ASCII ones shifted; punctuation is left alone.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Radicals and compatibility forms, which look like a character and are another.
fn is_double(c: char) -> bool {
    matches!(c, '\u{2f00}'..='\u{2fd5}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1d}')
}

fn half(c: char) -> char {
    if is_wide(c) {
        char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_padding_and_nothing_else() {
        for (typed, stored) in [
            ("张　三", "张三"),
            (" 金  睿 ", "金睿"),
            ("张\u{a0}三", "张三"),
            ("张\u{200b}三\u{feff}", "张三"),
            ("张\t三", "张三"),
            ("张\n三", "张三"),
            ("⼤⽯村", "大石村"),
            ("𬭎", "𬭎"),
            ("党支部书记、\n村委会主任", "党支部书记、村委会主任"),
            ("1.救助（2020.07）\r\n2.走访", "1.救助（2020.07）\n2.走访"),
            ("６组", "6组"),
            ("Ａ栋", "A栋"),
            ("New  York", "New York"),
            ("无", "无"),
            ("—", "—"),
            ("买买提·艾力", "买买提·艾力"),
        ] {
            assert_eq!(clean(typed), stored);
        }
        assert_eq!(
            read(Cell::Number(2022.0)).expect("text").value,
            Value::from("2022")
        );
    }

    #[test]
    fn an_apostrophe_before_digits_is_no_text() {
        for (typed, stored) in [
            ("'01", "01"),
            ("'甲'", "'甲'"),
            ("'01'", "'01'"),
            ("'甲", "'甲"),
        ] {
            let value = read(Cell::Text(typed)).expect(typed).value;
            assert_eq!(value, Value::from(stored), "{typed}");
        }
    }

    #[test]
    fn a_character_of_ones_own_is_kept_and_named() {
        let own = read(Cell::Text("王\u{e123}")).expect("text");
        assert_eq!(own.note, Some(Note::OwnCharacters));
        assert_eq!(own.value, Value::from("王\u{e123}"));
        assert_eq!(read(Cell::Text("李𬭎")).expect("text").note, None);
    }
}
