//! What stands between a header and its first record: a row that numbers the columns, a row of units, an
//! example. Knows words and numbers; no form.

use crate::sheet::fold::fold;
use crate::sheet::lexicon::LEXICON;
use crate::sheet::value::named_unit;
use crate::sheet::view::View;
use std::collections::HashMap;

/// Fewer cells are not taken for numbers of columns.
const NUMBERED_MIN: usize = 3;

/// A step of a row that numbers its columns.
#[derive(PartialEq, Eq)]
enum Step {
    Word,
    Letter(usize),
    Number(u32),
}

/// Whether a row numbers the columns: 1 2 3, or letters and then numbers, or “3=1+2”.
pub(crate) fn numbers_columns(view: View<'_>, row: usize) -> bool {
    let (mut count, mut letters, mut number) = (0, 0, 0);
    for (_, cell) in view.filled(row) {
        let shown = cell.shown();
        match step(&fold(&shown)) {
            Some(Step::Word) if count == 0 => {}
            Some(Step::Letter(letter)) if number == 0 && letter == letters => letters += 1,
            Some(Step::Number(next)) if next == number + 1 => number = next,
            _ => return false,
        }
        count += 1;
    }
    count >= NUMBERED_MIN && letters + number as usize > 1
}

fn step(folded: &str) -> Option<Step> {
    let rows = &LEXICON.rows;
    if rows.column_numbers.iter().any(|word| word == folded) {
        return Some(Step::Word);
    }
    let bare = folded
        .strip_prefix('(')
        .and_then(|inside| inside.strip_suffix(')'));
    let bare = bare.unwrap_or(folded);
    let mut chars = bare.chars();
    if let (Some(letter), None) = (chars.next(), chars.next()) {
        if let Some(at) = rows
            .column_letters
            .chars()
            .position(|known| known == letter)
        {
            return Some(Step::Letter(at));
        }
        if letter.is_ascii_lowercase() {
            return Some(Step::Letter(usize::from(letter as u8 - b'a')));
        }
    }
    // “3=1+2” says what the column adds up.
    let own = bare.split('=').next().unwrap_or_default();
    let formula = bare[own.len()..].chars();
    let mut formula = formula.filter(|c| !c.is_ascii_digit());
    let sound = formula.all(|c| matches!(c, '=' | '+' | '-' | '*' | '/' | '(' | ')' | '.'));
    own.parse().ok().filter(|_| sound).map(Step::Number)
}

/// The unit of each column, when a row says nothing else.
pub(crate) fn units(view: View<'_>, row: usize) -> Option<HashMap<usize, String>> {
    let mut units = HashMap::new();
    for (column, cell) in view.filled(row) {
        let shown = cell.shown();
        let folded = fold(&shown);
        let bare = folded
            .strip_prefix('(')
            .and_then(|inside| inside.strip_suffix(')'));
        let bare = bare.unwrap_or(&folded);
        if bare.starts_with(|c: char| c.is_ascii_digit()) || !named_unit(bare) {
            return None;
        }
        units.insert(column, bare.to_owned());
    }
    (!units.is_empty()).then_some(units)
}

/// Whether a row shows how to fill in the table.
pub(crate) fn is_example(view: View<'_>, row: usize) -> bool {
    let is_word = |text: &str| {
        let folded = fold(text);
        LEXICON.rows.examples.iter().any(|word| {
            let rest = folded.strip_prefix(word.as_str());
            rest.is_some_and(|rest| {
                rest.is_empty() || rest.starts_with([':', '(', ',']) || word.ends_with(')')
            })
        })
    };
    view.filled(row)
        .take(2)
        .any(|(_, cell)| is_word(&cell.shown()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    #[test]
    fn rows_that_number_columns() {
        for (cells, numbers) in [
            (vec!["1", "2", "3"], true),
            (vec!["甲", "乙", "1", "2", "3=1+2"], true),
            (vec!["栏次", "（1）", "（2）"], true),
            (vec!["A", "B", "C"], true),
            (vec!["1", "2"], false),
            (vec!["1", "大石村", "3"], false),
            (vec!["1", "3", "4"], false),
            (vec!["甲", "乙", "甲"], false),
        ] {
            let sheet = Sheet::from_rows("s", std::slice::from_ref(&cells));
            assert_eq!(
                numbers_columns(View::whole(&sheet), 0),
                numbers,
                "{cells:?}"
            );
        }
    }

    #[test]
    fn rows_of_units_and_examples() {
        let sheet = Sheet::from_rows(
            "s",
            &[
                vec!["", "（亩）", "万元"],
                vec!["大石村", "亩"],
                vec!["例：某村", "张三"],
                vec!["示范村", "张三"],
                vec!["1", "示例", "张三"],
            ],
        );
        let view = View::whole(&sheet);
        let found = units(view, 0).expect("units");
        assert_eq!((found[&1].as_str(), found[&2].as_str()), ("亩", "万元"));
        assert_eq!(units(view, 1), None);
        let examples: Vec<bool> = (0..5).map(|row| is_example(view, row)).collect();
        assert_eq!(examples, [false, false, true, false, true]);
    }
}
