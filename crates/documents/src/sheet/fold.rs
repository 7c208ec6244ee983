//! Text in one form for comparing: full-width to half-width (NFKC), no white space, brackets unified,
//! quotation marks dropped, ASCII in lower case. Never stored; what is stored is what was typed.

use crate::sheet::lexicon::LEXICON;
use foldhash::HashMap;
use std::borrow::Cow;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What becomes of a character after NFKC: another one, or nothing.
static SWAPS: LazyLock<HashMap<char, Option<char>>> = LazyLock::new(|| {
    let mut swaps = HashMap::default();
    let first = |text: &str| text.chars().next();
    for quote in &LEXICON.punctuation.quotes {
        swaps.extend(first(quote).map(|c| (c, None)));
    }
    for (from, to) in &LEXICON.punctuation.brackets {
        swaps.extend(first(from).map(|c| (c, first(to))));
    }
    swaps
});

/// Folds for comparing headers and words.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_folded) {
        return Cow::Borrowed(text);
    }
    let swapped = |c: char| match SWAPS.get(&c) {
        Some(swap) => *swap,
        None => Some(c.to_ascii_lowercase()),
    };
    // Composing is slow, and these characters are composed already.
    if text.chars().all(|c| c.is_ascii() || is_hanzi(c)) {
        let plain = text.chars().filter(|c| !is_space(*c));
        return Cow::Owned(plain.filter_map(swapped).collect());
    }
    let folded = text.nfkc().filter(|c| !is_space(*c)).filter_map(swapped);
    Cow::Owned(folded.collect())
}

/// NFKC, no white space, lower case: for words and values, where marks matter. Uses no lexicon.
pub(crate) fn fold_plain(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|c| !is_space(*c))
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// NFKC; borrows when there is nothing to do, which is nearly always.
pub(crate) fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| c.is_ascii() || is_hanzi(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfkc().collect())
}

/// A character that folding leaves as it is, decided without a table.
fn is_folded(c: char) -> bool {
    is_hanzi(c)
        || c.is_ascii_digit()
        || c.is_ascii_lowercase()
        || matches!(
            c,
            '(' | ')' | '.' | '>' | '-' | '/' | ':' | '#' | '%' | '+' | '=' | '_'
        )
}

/// The common block of Chinese characters.
pub(crate) fn is_hanzi(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// White space, and the marks that have no width and that copied cells carry.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            // Also the marks of direction, and those that choose how a tick looks.
            '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ad}'
        )
}

/// Without the group in brackets at its end: a unit or a remark. `None` when there is no such group or
/// nothing before it. Expects folded text.
pub(crate) fn without_brackets(folded: &str) -> Option<&str> {
    let open = folded.strip_suffix(')')?.rfind('(')?;
    if open == 0 {
        None
    } else {
        Some(&folded[..open])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_comparing() {
        assert_eq!(fold("序\u{3000}号"), "序号");
        assert_eq!(fold("村（社区）“两委”\n干部"), "村(社区)两委干部");
        assert_eq!(fold("面积【亩】"), "面积(亩)");
        assert_eq!(fold("１９８５．０４ X"), "1985.04x");
        assert_eq!(without_brackets("面积(亩)"), Some("面积"));
        assert_eq!(without_brackets("(亩)"), None);
    }
}
