//! Yes and no: ticks, words, 1 and 0.

use super::{Reading, Reject, folded_value};
use crate::sheet::Cell;
use crate::sheet::lexicon::LEXICON;

pub(super) fn read(cell: Cell<'_>) -> Result<Reading, Reject> {
    if let Cell::Bool(yes) = cell {
        return Ok(Reading::of(yes));
    }
    let word = folded_value(cell);
    if LEXICON.bool.yes.contains(&word) {
        Ok(Reading::of(true))
    } else if LEXICON.bool.no.contains(&word) {
        Ok(Reading::of(false))
    } else {
        Err(Reject::new("D112"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_words() {
        for yes in ["√", " 是", "有", "1", "Ｙ", "✓"] {
            assert_eq!(read(Cell::Text(yes)), Ok(Reading::of(1)), "{yes}");
        }
        for no in ["否", "无", "×", "0", "—"] {
            assert_eq!(read(Cell::Text(no)), Ok(Reading::of(0)), "{no}");
        }
        assert_eq!(read(Cell::Number(1.0)), Ok(Reading::of(1)));
        assert_eq!(read(Cell::Bool(false)), Ok(Reading::of(0)));
        let error = read(Cell::Text("也许")).expect_err("no word");
        assert_eq!(error.code, "D112");
    }
}
