//! Codes: a word of a list, its title or an alias, compared folded. No nearest word is ever taken; it is
//! only offered.

use super::{Reading, Reject, is_null_word};
use crate::sheet::Cell;
use crate::sheet::fold::fold;
use std::collections::HashMap;
use vocabulary::Value;

/// The words of one code list.
#[derive(Debug, Clone, Default)]
pub struct CodeWords {
    by_word: HashMap<String, String>,
    words: Vec<String>,
}

/// How alike a word must be to be offered (1 is equal).
const NEAR: f64 = 0.4;

impl CodeWords {
    /// From words and their codes; the first of equal words counts.
    pub fn new(codes: &[(String, String)]) -> CodeWords {
        let mut by_word = HashMap::with_capacity(codes.len());
        for (word, code) in codes {
            by_word
                .entry(fold(word).into_owned())
                .or_insert_with(|| code.clone());
        }
        CodeWords {
            by_word,
            words: codes.iter().map(|(word, _)| word.clone()).collect(),
        }
    }

    pub(super) fn read(&self, cell: Cell<'_>) -> Result<Reading, Reject> {
        let shown = cell.shown();
        let word = fold(&shown);
        if let Some(code) = self.by_word.get(word.as_ref()) {
            return Ok(Reading::of(Value::text(code.as_str())));
        }
        if is_null_word(&word) {
            return Ok(Reading::NULL);
        }
        Err(Reject {
            code: "D115",
            near: self.near(&word),
        })
    }

    fn near(&self, word: &str) -> Option<String> {
        let likeness = |known: &String| strsim::normalized_damerau_levenshtein(word, &fold(known));
        let nearest = self.words.iter().map(|known| (likeness(known), known));
        let best = nearest.fold((NEAR, None), |best, (likeness, known)| {
            if likeness > best.0 {
                (likeness, Some(known))
            } else {
                best
            }
        });
        best.1.cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_or_offered_never_taken() {
        let words: Vec<(String, String)> = [
            ("行政编制", "admin"),
            ("公务员编制", "admin"),
            ("机关工勤", "support"),
        ]
        .map(|(word, code)| (word.to_owned(), code.to_owned()))
        .to_vec();
        let words = CodeWords::new(&words);
        let read = |text: &str| words.read(Cell::Text(text));
        assert_eq!(
            read("行政 编制").expect("found").value,
            Value::from("admin")
        );
        assert_eq!(read("无").expect("none").value, Value::Null);
        let reject = read("行政编").expect_err("no such word");
        assert_eq!(
            (reject.code, reject.near.as_deref()),
            ("D115", Some("行政编制"))
        );
        assert_eq!(read("完全不同的词语").expect_err("no such word").near, None);
    }
}
