//! What a header says, as a set of words of `words/headers.toml`: numbering, marks and words that say nothing
//! fall away, words of one meaning become one. Knows words; not forms, and not what stands under a header.

use crate::sheet::fold::{fold, is_hanzi};
use crate::sheet::value::named_unit;
use crate::sheet::wordset::{Word, WordSet};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use vocabulary::FieldType;

/// The words of headers, read once.
pub(crate) static HEADERS: LazyLock<Headers> = LazyLock::new(|| {
    let source: Source = toml::from_str(include_str!("../../words/headers.toml"))
        .expect("the words are ours and read by every test");
    Headers::new(source)
});

/// A header longer than this is a sentence, and no guess is made at it.
const BYTES_MAX: usize = 120;

/// What an unknown letter costs beside a known word.
const UNKNOWN: usize = 100;

#[derive(Debug, Deserialize)]
struct Source {
    fillers: Vec<String>,
    subjects: Vec<String>,
    others: Vec<String>,
    generic: Vec<String>,
    concept: Vec<Group>,
    weak: HashMap<String, Vec<String>>,
    numbering: Numbering,
    between: Between,
    values: ValueWords,
}

#[derive(Debug, Deserialize)]
struct Group {
    is: Option<String>,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Numbering {
    digits: String,
    marks: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Between {
    either: Vec<String>,
}

/// Words by which values are told.
#[derive(Debug, Deserialize)]
pub(crate) struct ValueWords {
    pub(crate) places: Vec<String>,
    pub(crate) male: HashSet<String>,
    pub(crate) female: HashSet<String>,
    pub(crate) surnames: String,
}

/// What a word does in a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Filler,
    Subject,
    Other,
    Concept,
    /// A meaning that many columns have.
    Generic,
}

/// Kinds of columns, by the words that say nothing in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Text,
    Date,
    Number,
    Digits,
    Bool,
}

impl Manner {
    pub(crate) fn of(kind: &FieldType) -> Manner {
        use FieldType::{Area, Bool, Date, Decimal, IdNumber, Int, Money, Phone};
        match kind {
            Date => Manner::Date,
            IdNumber | Phone => Manner::Digits,
            Bool => Manner::Bool,
            Int | Decimal(_) | Money | Area => Manner::Number,
            _ => Manner::Text,
        }
    }
}

/// Of the words that begin with a letter: each word's letters and what stands for it.
type Entry = (Vec<char>, Word);

/// The words of headers, made ready.
pub(crate) struct Headers {
    words: HashMap<char, Vec<Entry>>,
    roles: Vec<Role>,
    special: HashMap<String, Word>,
    /// By manner.
    weak: [WordSet; 5],
    numbering: Numbering,
    either: HashSet<char>,
    pub(crate) values: ValueWords,
    pub(crate) surnames: HashSet<char>,
}

/// What a header or a form's word says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Meaning {
    /// All words of all levels, those in brackets too.
    pub(crate) full: WordSet,
    /// Without what stands in brackets.
    pub(crate) bare: WordSet,
    /// The last level, without what stands in brackets.
    pub(crate) last: WordSet,
    /// The words over the last level.
    pub(crate) above: WordSet,
    /// The last level, where it offers one word or another.
    pub(crate) either: Vec<WordSet>,
}

impl Headers {
    fn new(source: Source) -> Headers {
        let mut headers = Headers {
            words: HashMap::new(),
            roles: Vec::new(),
            special: HashMap::new(),
            weak: Default::default(),
            either: HashSet::new(),
            surnames: HashSet::new(),
            numbering: source.numbering,
            values: source.values,
        };
        let either = source.between.either.iter();
        headers.either = either.filter_map(|word| word.chars().next()).collect();
        let surnames = headers.values.surnames.chars();
        headers.surnames = surnames.filter(|c| is_hanzi(*c)).collect();
        for group in &source.concept {
            let generic = source.generic.contains(&group.words[0]);
            let role = if generic {
                Role::Generic
            } else {
                Role::Concept
            };
            let stands = headers.add(&group.words, role);
            headers
                .special
                .extend(group.is.clone().map(|is| (is, stands)));
        }
        let lists = [
            (&source.others, Role::Other),
            (&source.subjects, Role::Subject),
            (&source.fillers, Role::Filler),
        ];
        for (list, role) in lists {
            for word in list {
                headers.add(std::slice::from_ref(word), role);
            }
        }
        for list in headers.words.values_mut() {
            list.sort_by_key(|(letters, _)| std::cmp::Reverse(letters.len()));
        }
        let manners = [
            (Manner::Text, "text"),
            (Manner::Date, "date"),
            (Manner::Number, "number"),
            (Manner::Digits, "digits"),
            (Manner::Bool, "bool"),
        ];
        for (manner, name) in manners {
            let words = source.weak.get(name).into_iter().flatten();
            let sets: Vec<WordSet> = words.map(|word| headers.words_in(word).0).collect();
            let set = sets.iter().flat_map(WordSet::iter).collect();
            headers.weak[manner as usize] = set;
        }
        headers
    }

    /// Adds words of one meaning; a word that is known keeps the meaning that it has.
    fn add(&mut self, words: &[String], role: Role) -> Word {
        let stands = Word::known(self.roles.len());
        self.roles.push(role);
        for word in words {
            let letters: Vec<char> = fold(word).chars().collect();
            let Some(first) = letters.first() else {
                continue;
            };
            let list = self.words.entry(*first).or_default();
            if list.iter().all(|(known, _)| *known != letters) {
                list.push((letters, stands));
            }
        }
        stands
    }

    fn role(&self, word: Word) -> Option<Role> {
        word.index()
            .and_then(|index| self.roles.get(index).copied())
    }

    /// What stands for the meaning that `is` names.
    pub(crate) fn special(&self, is: &str) -> Option<Word> {
        self.special.get(is).copied()
    }

    pub(crate) fn is_subject(&self, word: Word) -> bool {
        self.role(word) == Some(Role::Subject)
    }

    /// Someone else than the row is about, or another time.
    pub(crate) fn is_other(&self, word: Word) -> bool {
        self.role(word) == Some(Role::Other)
    }

    /// Whether the word has a meaning of its own, not only letters.
    pub(crate) fn is_concept(&self, word: Word) -> bool {
        self.role(word) == Some(Role::Concept)
    }

    /// Whether the word says nothing beside others in such a column.
    pub(crate) fn is_weak(&self, word: Word, manner: Manner) -> bool {
        self.weak[manner as usize].contains(word)
            || (manner != Manner::Number && self.is_subject(word))
    }

    /// Without words that say nothing in such a column; all of them when nothing else is there.
    pub(crate) fn strong(&self, words: &WordSet, manner: Manner) -> WordSet {
        words.kept(|word| !self.is_weak(word, manner))
    }

    /// Every word of a text of any length: those outside brackets, and all.
    pub(crate) fn words_in(&self, text: &str) -> (WordSet, WordSet) {
        let level = self.level(text);
        let bare: WordSet = level.either.iter().flat_map(WordSet::iter).collect();
        let mut full = bare.clone();
        full.extend(level.aside.iter());
        (bare, full)
    }

    /// What some levels say; `None` when one is too long to be a header, or nothing but a number.
    pub(crate) fn meaning<'t>(&self, levels: impl Iterator<Item = &'t str>) -> Option<Meaning> {
        let mut meaning = Meaning::default();
        for text in levels {
            if text.len() > BYTES_MAX || !text.chars().any(char::is_alphabetic) {
                return None;
            }
            let level = self.level(text);
            meaning.above.extend(meaning.last.iter());
            meaning.last = level.either.iter().flat_map(WordSet::iter).collect();
            meaning.bare.extend(meaning.last.iter());
            meaning
                .full
                .extend(meaning.last.iter().chain(level.aside.iter()));
            meaning.either = level.either;
        }
        Some(meaning)
    }

    fn level(&self, text: &str) -> Level {
        let text = self.without_number(text);
        let letters: Vec<char> = text.chars().collect();
        let words = self.cut(&letters);
        let mut level = Level::default();
        let mut open: Option<WordSet> = None;
        let mut inside = String::new();
        let mut at = 0;
        level.either.push(WordSet::default());
        while at < letters.len() {
            let c = letters[at];
            let (length, known) = words[at];
            let said = match known {
                Some(word) if self.role(word) == Some(Role::Filler) => None,
                Some(word) => Some(word),
                None if c == '(' => {
                    open = Some(open.unwrap_or_default());
                    None
                }
                None if c == ')' => {
                    let words = open.take().filter(|_| !named_unit(&inside));
                    level.aside.extend(words.iter().flat_map(WordSet::iter));
                    inside.clear();
                    None
                }
                None if open.is_none() && self.either.contains(&c) => {
                    level.either.push(WordSet::default());
                    None
                }
                None if c.is_alphanumeric() => Some(Word::unknown(&letters[at..at + length])),
                None => None,
            };
            if open.is_some() && c != '(' {
                inside.extend(&letters[at..at + length]);
            }
            let into = open.as_mut().or(level.either.last_mut());
            into.expect("one is always there").extend(said);
            at += length;
        }
        level.aside.extend(open.iter().flat_map(WordSet::iter));
        let filled = level.either.iter().filter(|words| !words.is_empty());
        if filled.count() < 2 {
            level.either.retain(|words| !words.is_empty());
        }
        level
    }

    /// For each place how long the word is that begins there and what stands for it: as few unknown letters as
    /// can be, then as few words. A run of Latin letters and digits is one word.
    fn cut(&self, letters: &[char]) -> Vec<(usize, Option<Word>)> {
        let mut best: Vec<(usize, Option<Word>)> = vec![(1, None); letters.len()];
        let mut cost = vec![0_usize; letters.len() + 1];
        for at in (0..letters.len()).rev() {
            let c = letters[at];
            let latin = |c: &&char| c.is_ascii_alphanumeric();
            let run = letters[at..].iter().take_while(latin).count().max(1);
            best[at] = (run, None);
            cost[at] = cost[at + run] + if c.is_alphanumeric() { UNKNOWN } else { 0 };
            for (word, stands) in self.words.get(&c).into_iter().flatten() {
                if letters[at..].starts_with(word) && cost[at + word.len()] + 1 < cost[at] {
                    best[at] = (word.len(), Some(*stands));
                    cost[at] = cost[at + word.len()] + 1;
                }
            }
        }
        best
    }

    /// Without a number before it, as `1.` or `(一)`.
    fn without_number<'t>(&self, text: &'t str) -> &'t str {
        let is_number = |c: char| c.is_ascii_digit() || self.numbering.digits.contains(c);
        let (open, inner) = match text.strip_prefix('(') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let rest = inner.trim_start_matches(is_number);
        if rest.len() == inner.len() {
            return text;
        }
        let mark = |mark: &&String| !open || mark.as_str() == ")";
        let marks = self.numbering.marks.iter().filter(mark);
        marks
            .filter_map(|mark| rest.strip_prefix(mark.as_str()))
            .find(|rest| !rest.is_empty())
            .unwrap_or(text)
    }
}

#[derive(Debug, Default)]
struct Level {
    either: Vec<WordSet>,
    aside: WordSet,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(path: &str) -> WordSet {
        let folded: Vec<String> = path.split('>').map(|l| fold(l).into_owned()).collect();
        let meaning = HEADERS.meaning(folded.iter().map(String::as_str));
        meaning.expect("short").full
    }

    #[test]
    fn words_of_one_meaning_are_one() {
        for (one, other) in [
            ("证件号码", "身份证号"),
            ("公民身份号码", "身份证"),
            ("2、出生日期（公历）", "出生年月"),
            ("（三）联系方式*", "手机号"),
            ("所在村居名称", "村（社区）"),
            ("核定数（职）", "核定职数"),
            ("编制核定数>行政编制", "核定编制数>行政"),
            ("面积（亩）", "面积"),
            ("姓  名（必填）", "姓名"),
        ] {
            assert_eq!(full(one), full(other), "{one}");
        }
    }

    #[test]
    fn words_of_two_meanings_are_two() {
        for (one, other) in [
            ("年龄", "出生年月"),
            ("出生地", "籍贯"),
            ("配偶姓名", "姓名"),
            ("身份证地址", "身份证号"),
            ("任现职级时间", "任现职时间"),
            ("自然村", "村"),
            ("非常职", "常职"),
            ("2021年", "2022年"),
        ] {
            assert_ne!(full(one), full(other), "{one}");
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let source: Source =
            toml::from_str(include_str!("../../words/headers.toml")).expect("ours");
        let mut seen = HashMap::new();
        for group in &source.concept {
            for word in &group.words {
                let before = seen.insert(fold(word).into_owned(), &group.words[0]);
                let same = before.is_none_or(|before| *before == group.words[0]);
                assert!(same, "{word} stands in two groups");
            }
        }
    }
}
