//! One person's name. Words in brackets that speak of the person are cut off and said; other brackets stay,
//! because they tell namesakes apart. Two people in one cell are refused.

use super::{Note, Reading, Reject, text};
use crate::sheet::Cell;
use crate::sheet::fold::{fold_plain, is_space};
use crate::sheet::lexicon::LEXICON;
use vocabulary::Value;

/// Names of several words have more characters than these.
const SHORT_NAME_MAX: usize = 4;

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    let Cell::Text(typed) = cell else {
        return text::read(cell);
    };
    let cleaned = text::clean(typed);
    // Nearly every name: two to four characters and nothing else.
    if cleaned.len() == typed.len() && cleaned.chars().all(text::is_han) {
        let note = text::note(&cleaned);
        return Ok(Reading::noted(Value::text(cleaned), note));
    }
    let (name, inside) = bracketed(&cleaned);
    if is_several(typed, name) {
        return Err(Reject::new("D142"));
    }
    let own = text::note(&cleaned);
    let is_remark = |inside: &str| {
        let folded = fold_plain(inside);
        let mut words = folded.split([',', ';', '\u{3001}', ' ']);
        words.all(|word| LEXICON.name.remarks.contains(word))
    };
    Ok(match inside {
        Some(inside) if is_remark(inside) => {
            Reading::noted(Value::text(dotted(name)), Some(Note::Remark))
        }
        Some(_) => Reading::noted(Value::text(dotted(&cleaned)), Some(Note::NameInBrackets)),
        None => Reading::noted(Value::text(dotted(&cleaned)), own),
    })
}

/// The name and what stands in brackets at its end; brackets may be of different widths, and the last one missing.
fn bracketed(cleaned: &str) -> (&str, Option<&str>) {
    let open = |c: char| matches!(c, '(' | '\u{ff08}' | '[' | '\u{3010}' | '\u{3014}');
    let close = |c: char| matches!(c, ')' | '\u{ff09}' | ']' | '\u{3011}' | '\u{3015}');
    let Some((name, inside)) = cleaned.split_once(open) else {
        return (cleaned, None);
    };
    let name = name.trim_end();
    let inside = inside.trim_end_matches(close).trim();
    if name.is_empty() || inside.is_empty() || inside.contains(open) {
        return (cleaned, None);
    }
    (name, Some(inside))
}

/// Whether two people stand in the cell: divided by a mark, or by a space between two names that are whole.
fn is_several(typed: &str, name: &str) -> bool {
    let words = &LEXICON.name;
    let han = |text: &str| text.chars().count() >= 2 && text.chars().all(text::is_han);
    let folded = fold_plain(name);
    let by_mark = words.between.iter().any(|mark| {
        let mut parts = folded.split(mark.as_str());
        let first = parts.next().unwrap_or_default();
        let mut rest = parts.peekable();
        rest.peek().is_some() && han(first) && rest.all(han)
    });
    if by_mark {
        return true;
    }
    let before_bracket = typed.split(['(', '\u{ff08}']).next().unwrap_or_default();
    let parts: Vec<&str> = before_bracket
        .split(is_space)
        .filter(|part| !part.is_empty())
        .collect();
    let whole_names = parts.len() > 1 && parts.iter().all(|part| han(part));
    let one_surname = parts.len() == 2 && words.surnames.iter().any(|surname| surname == parts[0]);
    whole_names && !one_surname
}

/// A name of several words with the one dot that is written between them.
fn dotted(name: &str) -> String {
    let words = &LEXICON.name;
    let chars: Vec<char> = name.chars().collect();
    if chars.len() <= SHORT_NAME_MAX.min(2) || !chars.iter().any(|c| words.dots.contains(c)) {
        return name.to_owned();
    }
    let inside = |at: usize| {
        at > 0 && at + 1 < chars.len() && text::is_han(chars[at - 1]) && text::is_han(chars[at + 1])
    };
    let dotted = chars.iter().enumerate().map(|(at, c)| {
        if words.dots.contains(c) && inside(at) {
            words.dot
        } else {
            *c
        }
    });
    dotted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(typed: &str) -> (String, Option<Note>) {
        let reading = read(Cell::Text(typed)).expect(typed);
        (reading.value.to_string(), reading.note)
    }

    #[test]
    fn a_name_is_the_name_alone() {
        for (typed, stored, note) in [
            ("张三", "张三", None),
            ("张　三", "张三", None),
            ("张 三", "张三", None),
            ("欧阳 修文", "欧阳修文", None),
            ("张三（女）", "张三", Some(Note::Remark)),
            ("张三(兼）", "张三", Some(Note::Remark)),
            ("张 三（已故", "张三", Some(Note::Remark)),
            ("李四（女、党员）", "李四", Some(Note::Remark)),
            ("张三（大）", "张三（大）", Some(Note::NameInBrackets)),
            ("买买提•艾力", "买买提·艾力", None),
            ("买买提．艾力", "买买提·艾力", None),
            ("阿依古丽.吐尔逊", "阿依古丽·吐尔逊", None),
            ("Ｊｏｈｎ Smith", "John Smith", None),
            ("王\u{e123}", "王\u{e123}", Some(Note::OwnCharacters)),
        ] {
            assert_eq!(name(typed), (stored.to_owned(), note), "{typed}");
        }
    }

    #[test]
    fn two_people_are_not_one() {
        for typed in [
            "张三、李四",
            "张三 李四",
            "张三\n李四",
            "张三，李四",
            "张三/李四（女）",
        ] {
            let refused = read(Cell::Text(typed)).map_err(|reject| reject.code);
            assert_eq!(refused, Err("D142"), "{typed}");
        }
    }
}
