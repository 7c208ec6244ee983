//! Yes and no: ticks, words, 1 and 0; what stands in brackets after them is a remark.

use super::{Note, Reading, Reject, folded_value, is_null_word};
use crate::sheet::Cell;
use crate::sheet::fold::without_brackets;
use crate::sheet::lexicon::LEXICON;

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    if let Cell::Bool(yes) = cell {
        return Ok(Reading::of(yes));
    }
    let word = folded_value(cell);
    if let Some(yes) = find(&word) {
        return Ok(Reading::of(yes));
    }
    if is_null_word(&word) {
        return Ok(Reading::NULL);
    }
    match without_brackets(&word).and_then(find) {
        Some(yes) => Ok(Reading::noted(yes, Some(Note::Remark))),
        None => Err(Reject::new("D112")),
    }
}

fn find(word: &str) -> Option<bool> {
    if LEXICON.bool.yes.contains(word) {
        Some(true)
    } else if LEXICON.bool.no.contains(word) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Value;

    #[test]
    fn ticks_and_words() {
        for yes in [
            "√",
            " 是",
            "有",
            "1",
            "Ｙ",
            "✓",
            "✔\u{fe0f}",
            "☑",
            "■",
            "●",
            "对",
            "已",
        ] {
            assert_eq!(read(Cell::Text(yes)), Ok(Reading::of(1)), "{yes}");
        }
        for no in ["否", "无", "×", "0", "—", "□", "✕"] {
            assert_eq!(read(Cell::Text(no)), Ok(Reading::of(0)), "{no}");
        }
        assert_eq!(read(Cell::Number(1.0)), Ok(Reading::of(1)));
        assert_eq!(read(Cell::Bool(false)), Ok(Reading::of(0)));
        let remark = read(Cell::Text("是（2021年）")).expect("yes");
        assert_eq!(remark, Reading::noted(true, Some(Note::Remark)));
        assert_eq!(
            read(Cell::Text("不详")).expect("unknown").value,
            Value::Null
        );
        for typed in ["也许", "2", "是否", "√×", "（是）"] {
            let error = read(Cell::Text(typed)).expect_err("no word");
            assert_eq!(error.code, "D112", "{typed}");
        }
    }
}
