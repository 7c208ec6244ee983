//! Text: trimmed, with the spaces that align Chinese names taken out. Punctuation stays as typed.

use super::{Reading, Reject, trimmed};
use crate::sheet::Cell;
use crate::sheet::fold::{is_hanzi, is_space};
use crate::sheet::lexicon::LEXICON;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;
use vocabulary::Value;

static STOPS: LazyLock<HashSet<char>> = LazyLock::new(|| {
    LEXICON
        .punctuation
        .stops
        .iter()
        .filter_map(|s| s.chars().next())
        .collect()
});

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    Ok(Reading::of(match cell {
        Cell::Text(text) => Value::text(clean(text)),
        other => Value::text(other.shown()),
    }))
}

/// Text as it is stored: spaces at the ends and between Chinese characters dropped, other runs of spaces
/// one space (a line break, where lines are kept apart), full-width digits and letters half-width.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = trimmed(text);
    if !text.chars().any(|c| is_space(c) || is_wide(c)) {
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
        out.push(half(c));
    }
    Cow::Owned(out)
}

fn is_chinese(c: char) -> bool {
    is_hanzi(c) || ('\u{3400}'..='\u{4dbf}').contains(&c) || c > '\u{1ffff}' || STOPS.contains(&c)
}

/// Full-width digits and letters, which are the ASCII ones shifted; punctuation is left alone.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
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
            ("党支部书记、\n村委会主任", "党支部书记、村委会主任"),
            ("1.救助（2020.07）\r\n2.走访", "1.救助（2020.07）\n2.走访"),
            ("６组", "6组"),
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
}
