//! Codes: a word of a list, its title or an alias, compared folded. No nearest word is ever taken; it is
//! only offered.
//!
//! What counts as the word itself: the code, with or without its leading noughts; the word without the ending
//! that most words of the list share, when it was left off; the word before a remark in brackets.

use super::{Note, Reading, Reject, is_null_word};
use crate::sheet::Cell;
use crate::sheet::fold::{fold, without_brackets};
use crate::sheet::lexicon::LEXICON;
use foldhash::{HashMap, HashMapExt};
use vocabulary::Value;

/// The words of one code list.
#[derive(Debug, Clone, Default)]
pub struct CodeWords {
    by_word: HashMap<String, String>,
    words: Vec<String>,
    /// What most words end with, folded; empty when they share nothing.
    ending: String,
}

/// How alike a word must be to be offered (1 is equal).
const NEAR: f64 = 0.4;
/// Fewer words than these share an ending by chance.
const ENDING_MIN: usize = 4;
/// More words than these in one cell are no choice but a sentence.
const SEVERAL_MAX: usize = 6;

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
            ending: common_ending(codes),
            by_word,
            words: codes.iter().map(|(word, _)| word.clone()).collect(),
        }
    }

    pub(crate) fn read(&self, cell: Cell<'_>) -> Result<Reading, Reject> {
        let shown = cell.shown();
        let word = fold(&shown);
        let word = word.trim_end_matches(['.', ',', ';', '\u{3002}', '\u{3001}']);
        if let Some(code) = self.find(word) {
            return Ok(Reading::of(Value::text(code)));
        }
        if is_null_word(word) {
            return Ok(Reading::NULL);
        }
        if let Some(reading) = without_brackets(word).and_then(|bare| self.find(bare)) {
            return Ok(Reading::noted(Value::text(reading), Some(Note::Remark)));
        }
        if let Some(parts) = self.several(word) {
            return parts;
        }
        Err(Reject {
            code: "D115",
            near: self.near(word),
        })
    }

    /// The code of a folded word: by the word, by the code's number, by the word with the list's ending.
    fn find(&self, word: &str) -> Option<&str> {
        if let Some(code) = self.by_word.get(word) {
            return Some(code);
        }
        if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = word.trim_start_matches('0');
            let same = |code: &&String| {
                code.bytes().all(|b| b.is_ascii_digit()) && code.trim_start_matches('0') == number
            };
            return one(self.by_word.values().filter(same).map(String::as_str));
        }
        if self.ending.is_empty() || word.is_empty() {
            return None;
        }
        self.by_word
            .get(&format!("{word}{}", self.ending))
            .map(String::as_str)
    }

    /// Several words in one cell: one code when they all mean it, else refused with the parts offered.
    fn several(&self, word: &str) -> Option<Result<Reading, Reject>> {
        let mark = LEXICON.choice.between.iter().find(|mark| {
            let mut parts = word.split(mark.as_str());
            parts.clone().nth(1).is_some() && parts.all(|part| !part.is_empty())
        })?;
        let parts: Vec<&str> = word.split(mark.as_str()).take(SEVERAL_MAX).collect();
        let codes: Vec<Option<&str>> = parts.iter().map(|part| self.find(part)).collect();
        let known: Vec<&str> = codes.iter().flatten().copied().collect();
        match known.first() {
            None => None,
            Some(code) if known.len() == parts.len() && one(known.iter().copied()).is_some() => {
                Some(Ok(Reading::of(Value::text(*code))))
            }
            Some(_) => {
                let named = parts.iter().zip(&codes).filter(|(_, code)| code.is_some());
                let named: Vec<&str> = named.map(|(part, _)| *part).collect();
                Some(Err(Reject::offering("D153", named.join(&super::or()))))
            }
        }
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

/// The only one of equal items, if all are equal.
fn one<'t>(mut items: impl Iterator<Item = &'t str>) -> Option<&'t str> {
    let first = items.next()?;
    items.all(|item| item == first).then_some(first)
}

/// What more than half of the words end with, the longest such; the codes themselves are no words.
fn common_ending(codes: &[(String, String)]) -> String {
    let words: Vec<String> = codes
        .iter()
        .map(|(word, _)| fold(word).into_owned())
        .filter(|word| !word.is_ascii())
        .collect();
    if words.len() < ENDING_MIN {
        return String::new();
    }
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in &words {
        let ends = word.char_indices().skip(1).map(|(at, _)| &word[at..]);
        for ending in ends {
            *counts.entry(ending).or_default() += 1;
        }
    }
    let shared = counts
        .into_iter()
        .filter(|(_, count)| count * 2 > words.len())
        .map(|(ending, _)| ending);
    shared
        .max_by_key(|ending| ending.len())
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[(&str, &str)]) -> CodeWords {
        let words: Vec<(String, String)> = words
            .iter()
            .map(|(word, code)| ((*word).to_owned(), (*code).to_owned()))
            .collect();
        CodeWords::new(&words)
    }

    #[test]
    fn a_word_is_found_or_offered_never_taken() {
        let words = list(&[
            ("行政编制", "admin"),
            ("公务员编制", "admin"),
            ("机关工勤", "support"),
        ]);
        let read = |text| words.read(Cell::Text(text));
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

    #[test]
    fn the_code_the_shared_ending_and_brackets() {
        let nations = list(&[
            ("汉族", "01"),
            ("01", "01"),
            ("蒙古族", "02"),
            ("02", "02"),
            ("回族", "03"),
            ("藏族", "04"),
            ("其他", "97"),
        ]);
        let read = |text| nations.read(Cell::Text(text)).map(|r| (r.value, r.note));
        let han = || Value::from("01");
        for typed in ["汉族", "汉", "01", "1", "０１", " 汉 族 ", "汉族。"] {
            assert_eq!(read(typed), Ok((han(), None)), "{typed}");
        }
        let number = nations.read(Cell::Number(1.0)).expect("a code");
        assert_eq!(number.value, han());
        let remark = Some(Note::Remark);
        assert_eq!(read("汉族（户主）"), Ok((han(), remark)));
        assert_eq!(read("汉/汉族"), Ok((han(), None)));
        let several = read("汉族、回族").expect_err("two");
        assert_eq!(several.code, "D153");
        assert_eq!(several.near.as_deref(), Some("汉族 还是 回族"));
        assert_eq!(
            read("汉族/学士").expect_err("one").near.as_deref(),
            Some("汉族")
        );
        assert_eq!(read("族").map_err(|r| r.code), Err("D115"));
        assert_eq!(read("5").map_err(|r| r.code), Err("D115"));
    }

    #[test]
    fn few_words_share_nothing() {
        let words = list(&[("中共党员", "1"), ("共青团员", "3")]);
        assert_eq!(
            words.read(Cell::Text("共青团")).map_err(|r| r.code),
            Err("D115")
        );
    }
}
