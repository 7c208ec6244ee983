//! Lines of a stated width that neither begin with a closing mark nor split a number.

use crate::report::columns;

/// Marks that may not begin a line; they hang beyond its end instead.
const CLOSING: &str = "\u{3002}\u{ff0c}\u{3001}\u{ff1b}\u{ff1a}\u{ff1f}\u{ff01}\u{ff09}\u{201d}\
                       \u{2019}\u{300b}\u{3011}\u{3015}\u{ff05}%),.;:!?";
/// Marks that may not end a line.
const OPENING: &str = "\u{ff08}\u{201c}\u{2018}\u{300a}\u{3010}\u{3014}(";

/// Breaks a text; the first line is shorter by `indent`.
pub(super) fn wrap(text: &str, width: usize, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut room = width.saturating_sub(indent);
    for piece in pieces(text) {
        let wide = columns(piece);
        if wide > room && !line.is_empty() && !piece.starts_with(|c| CLOSING.contains(c)) {
            let carried = opening_tail(&mut line);
            lines.push(std::mem::replace(&mut line, carried));
            room = width.saturating_sub(columns(&line));
        }
        line.push_str(piece);
        room = room.saturating_sub(wide);
    }
    lines.push(line);
    lines
}

/// Opening marks at a line's end, taken off to begin the next one.
fn opening_tail(line: &mut String) -> String {
    let kept = line.trim_end_matches(|c| OPENING.contains(c)).len();
    if kept == 0 {
        String::new()
    } else {
        line.split_off(kept)
    }
}

/// Latin words and numbers whole, other characters one by one.
fn pieces(text: &str) -> Vec<&str> {
    let joins = |c: char| c.is_ascii_alphanumeric() || "._-,%/@[]".contains(c);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut in_word = false;
    for (at, c) in text.char_indices() {
        if at > start && !(in_word && joins(c)) {
            pieces.push(&text[start..at]);
            start = at;
        }
        in_word = joins(c);
    }
    if start < text.len() {
        pieces.push(&text[start..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_a_comma_or_splits_a_number() {
        let lines = wrap("甲乙丙丁，年末48,213.5人（戊）。", 8, 2);
        assert_eq!(lines, ["甲乙丙", "丁，年末", "48,213.5", "人（戊）。"]);
    }

    #[test]
    fn a_word_longer_than_the_line_stands_alone() {
        assert_eq!(wrap("甲abcdefghij乙", 4, 0), ["甲", "abcdefghij", "乙"]);
    }

    #[test]
    fn an_opening_mark_goes_to_the_next_line() {
        assert_eq!(wrap("甲乙丙“丁戊”", 8, 0), ["甲乙丙", "“丁戊”"]);
    }
}
