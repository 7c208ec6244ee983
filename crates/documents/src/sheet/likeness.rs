//! How like a header is to a form's word, and what the values under it say to that. Grades only; who gets
//! which column is decided elsewhere.

use crate::sheet::meaning::{HEADERS, Manner, Meaning};
use crate::sheet::profile::Profile;
use crate::sheet::wordset::{Word, WordSet};
use std::collections::HashSet;
use vocabulary::FieldType;

/// The same words, in any order.
pub(crate) const SAME: u8 = 82;
/// Every word that the header offers (post/office) is one of the column's.
const EITHER: u8 = 80;
/// The same but for words that say nothing in a column of this kind.
const WEAK: u8 = 78;
/// The same but for what stands in brackets.
const ASIDE: u8 = 74;
const ASIDE_WEAK: u8 = 72;
/// The last level is the same, and what stands over it says nothing against it.
const LAST: u8 = 73;
const LAST_WEAK: u8 = 71;
/// From this grade on the words are enough unless the values speak against them.
pub(crate) const ENOUGH: u8 = 70;
/// What the header lacks stands in the table's title.
const TITLE: u8 = 66;
/// One of the words that the header offers is the column's.
const EITHER_PART: u8 = 56;
/// The word with one character that is known nowhere: a slip, or an ending.
const SLIP: u8 = 52;
/// The word with more that is not understood.
const PART: u8 = 50;

/// A form's word: what it says, and what of it counts in its column.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) said: Meaning,
    strong: WordSet,
}

impl Known {
    pub(crate) fn new(said: Meaning, kind: &FieldType) -> Known {
        let strong = HEADERS.strong(&said.full, Manner::of(kind));
        Known { said, strong }
    }
}

/// A header, what of it counts in each manner of column made once.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) said: Meaning,
    /// By manner: what counts of all, of what is outside brackets, of the last level.
    strong: [[WordSet; 3]; 5],
    /// What stands in brackets.
    aside: WordSet,
}

impl Heard {
    pub(crate) fn new(said: Meaning) -> Heard {
        let of = |manner| [&said.full, &said.bare, &said.last].map(|w| HEADERS.strong(w, manner));
        let strong = [
            of(Manner::Text),
            of(Manner::Date),
            of(Manner::Number),
            of(Manner::Digits),
            of(Manner::Bool),
        ];
        let aside = said.full.without(&said.bare).collect();
        Heard {
            said,
            strong,
            aside,
        }
    }
}

/// What the words of a header and a column have to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kinship {
    pub(crate) grade: u8,
    pub(crate) by_title: bool,
}

/// What the values say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    /// They are no values of this column.
    Against,
    /// Nothing.
    Silent,
    /// They may be.
    For,
    /// Nothing else looks like them.
    Decisive,
    /// They agree row by row with another column that is sure.
    Proof,
}

/// The best kinship of a header with any of a column's words.
pub(crate) fn kinship(
    header: &Heard,
    words: &[Known],
    kind: &FieldType,
    title: &WordSet,
) -> Kinship {
    let manner = Manner::of(kind);
    let graded = words.iter().map(|word| {
        let grade = one(header, word, manner);
        if grade < TITLE && completed(header, word, manner, title) {
            return (TITLE, true);
        }
        (grade, false)
    });
    let (mut grade, by_title) = graded.max().unwrap_or_default();
    if grade < EITHER {
        grade = grade.max(either(header, words, manner));
    }
    Kinship {
        grade,
        by_title: by_title && grade == TITLE,
    }
}

/// Whether words have nothing of their own that the wanted lack: nobody else and no other meaning.
fn harmless(mut rest: impl Iterator<Item = Word>) -> bool {
    !rest.any(|word| HEADERS.is_other(word) || HEADERS.is_concept(word))
}

fn one(header: &Heard, word: &Known, manner: Manner) -> u8 {
    let (said, wanted) = (&header.said, &word.strong);
    let common = said.full.common(&word.said.full);
    if common == 0 {
        return 0;
    }
    if said.full == word.said.full {
        return SAME;
    }
    let [full, bare, last] = &header.strong[manner as usize];
    if full == wanted {
        return WEAK;
    }
    let aside_harmless = harmless(header.aside.without(wanted));
    if !header.aside.is_empty() && aside_harmless {
        if said.bare == word.said.full {
            return ASIDE;
        }
        if bare == wanted {
            return ASIDE_WEAK;
        }
    }
    if !said.above.is_empty() && word.said.above.is_empty() && aside_harmless {
        // What stands over it is understood, and names nobody else.
        let understood = |word: Word| {
            let known = HEADERS.is_subject(word) || HEADERS.is_concept(word);
            known && !HEADERS.is_other(word)
        };
        if said.above.iter().all(understood) {
            if said.last == word.said.full {
                return LAST;
            }
            if last == wanted {
                return LAST_WEAK;
            }
        }
    }
    let rest: WordSet = said.full.without(&word.said.full).collect();
    if wanted.is_subset(&said.full) && harmless(rest.iter()) {
        let rest = HEADERS.strong(&rest, manner);
        let slip = rest.len() == 1 && rest.iter().all(Word::is_letter);
        return if slip { SLIP } else { PART };
    }
    // For an offer only.
    let all = said.full.len() + word.said.full.len() - common;
    u8::try_from(45 * common / all).unwrap_or(0)
}

/// Whether the title has what the header lacks of a word. Only of numbers and ticks: their columns stand
/// under one title, and nothing but the title may say of what they are.
fn completed(header: &Heard, word: &Known, manner: Manner, title: &WordSet) -> bool {
    if !matches!(manner, Manner::Number | Manner::Bool) {
        return false;
    }
    let says = &header.strong[manner as usize][0];
    let own = |word: Word| !HEADERS.is_weak(word, manner) && !HEADERS.is_subject(word);
    says.iter().any(own)
        && says.is_subset(&word.said.full)
        && word.strong.without(says).all(|word| title.contains(word))
}

/// A header that offers one word or another: `post/office`, `office (department)`.
fn either(header: &Heard, words: &[Known], manner: Manner) -> u8 {
    let mut offered: Vec<&WordSet> = header.said.either.iter().collect();
    if !header.aside.is_empty() {
        offered.push(&header.aside);
    }
    if offered.len() < 2 || !header.said.above.is_empty() {
        return 0;
    }
    let is_word = |said: &WordSet| {
        let said = HEADERS.strong(said, manner);
        let alone = words.iter().filter(|word| word.said.above.is_empty());
        !said.is_empty() && alone.map(|word| &word.strong).any(|strong| *strong == said)
    };
    let (own, rest): (Vec<&WordSet>, Vec<&WordSet>) =
        offered.into_iter().partition(|said| is_word(said));
    if own.is_empty() || !harmless(rest.iter().flat_map(|said| said.iter())) {
        0
    } else if rest.is_empty() {
        EITHER
    } else if header.aside.is_empty() {
        EITHER_PART
    } else {
        0
    }
}

/// Whether a header says what a value of any kind may stand under: it names nobody else and nothing of its
/// own, or the column's own meaning.
pub(crate) fn is_open(header: &Heard, words: &[Known]) -> bool {
    let known = |word: Word| words.iter().any(|known| known.said.full.contains(word));
    let own = |word: Word| HEADERS.is_concept(word) && !known(word);
    !header
        .said
        .full
        .iter()
        .any(|word| HEADERS.is_other(word) || own(word))
}

/// Whether any of a column's words has a meaning that values can prove.
pub(crate) fn means(words: &[Known], is: &str) -> bool {
    let special = HEADERS.special(is);
    let alone = words.iter().filter(|word| word.said.full.len() == 1);
    alone
        .flat_map(|word| word.said.full.iter())
        .any(|word| Some(word) == special)
}

/// What the values say to a column's kind.
pub(crate) fn verdict(
    profile: &Profile,
    kind: &FieldType,
    codes: &HashSet<String>,
    is_name: bool,
) -> Verdict {
    if profile.filled == 0 {
        return Verdict::Silent;
    }
    let Some(share) = profile.share(kind, codes) else {
        return text_verdict(profile, is_name);
    };
    let decisive = match kind {
        FieldType::IdNumber | FieldType::Phone => share >= 80 && profile.filled >= 2,
        FieldType::Code(_) => share >= 90 && profile.filled >= 4,
        FieldType::Division => share >= 90 && profile.filled >= 3,
        _ => false,
    };
    match share {
        _ if decisive => Verdict::Decisive,
        60.. => Verdict::For,
        // Names of places have no one look, a phone may be a short one.
        _ if matches!(kind, FieldType::Division) => Verdict::Silent,
        // Broken ID numbers are what an import has to find.
        0..30 if profile.filled >= 3 => Verdict::Against,
        _ => Verdict::Silent,
    }
}

fn text_verdict(profile: &Profile, is_name: bool) -> Verdict {
    if profile.personal_numbers() >= 60 {
        return Verdict::Against;
    }
    match (is_name, profile.people()) {
        (true, 70..) => Verdict::For,
        (true, 0..20) if profile.filled >= 5 => Verdict::Against,
        _ => Verdict::Silent,
    }
}

/// How sure a header is a column; `None` when it is not sure enough to be read as it.
pub(crate) fn sureness(grade: u8, verdict: Verdict, kind: &FieldType, open: bool) -> Option<u8> {
    use Verdict::{Against, Decisive, For, Proof, Silent};
    let sure = match (grade, verdict) {
        (_, Against) => return None,
        (ENOUGH.., Silent) => grade,
        (ENOUGH.., For) => grade + 4,
        (ENOUGH.., Decisive) => grade + 6,
        (ENOUGH.., Proof) => 90,
        (_, Proof) => 84,
        (TITLE, For | Decisive) => TITLE + 2,
        (EITHER_PART, For) => 64,
        (EITHER_PART | SLIP, Decisive) => 70,
        (SLIP | PART, For | Decisive) if *kind == FieldType::Division => 66,
        (0..SLIP, Decisive) if open && grade != PART => match kind {
            FieldType::IdNumber | FieldType::Phone => 66,
            FieldType::Code(_) => 64,
            _ => 62,
        },
        _ => return None,
    };
    Some(sure)
}
