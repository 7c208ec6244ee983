//! Small sets of the words of headers, as numbers: a header is held against every word of every form, so
//! comparing must cost next to nothing.

/// A word: its place in the list of known words, else what tells it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(u64);

/// Above these numbers lie single letters and runs of Latin letters and digits.
const LETTER: u64 = 1 << 32;
const RUN: u64 = 1 << 63;

impl Word {
    /// A word of the lists.
    pub(crate) fn known(index: usize) -> Word {
        Word(index as u64)
    }

    /// Its place in the lists.
    pub(crate) fn index(self) -> Option<usize> {
        usize::try_from(self.0).ok().filter(|_| self.0 < LETTER)
    }

    /// A word that is in no list: one letter, or a run (FNV-1a of its letters).
    pub(crate) fn unknown(letters: &[char]) -> Word {
        if let [letter] = letters {
            return Word(LETTER | u64::from(u32::from(*letter)));
        }
        let hash = letters
            .iter()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, letter| {
                (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0100_0000_01b3)
            });
        Word(RUN | hash)
    }

    /// Whether it is a single letter of no list.
    pub(crate) fn is_letter(self) -> bool {
        self.0 & LETTER != 0 && self.0 & RUN == 0
    }
}

/// Words in order, each once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct WordSet(Vec<Word>);

impl WordSet {
    pub(crate) fn insert(&mut self, word: Word) {
        if let Err(at) = self.0.binary_search(&word) {
            self.0.insert(at, word);
        }
    }

    pub(crate) fn extend(&mut self, words: impl IntoIterator<Item = Word>) {
        for word in words {
            self.insert(word);
        }
    }

    pub(crate) fn contains(&self, word: Word) -> bool {
        self.0.binary_search(&word).is_ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Word> {
        self.0.iter().copied()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_subset(&self, of: &WordSet) -> bool {
        self.iter().all(|word| of.contains(word))
    }

    /// The words that the other set lacks.
    pub(crate) fn without<'s>(&'s self, other: &'s WordSet) -> impl Iterator<Item = Word> + 's {
        self.iter().filter(|word| !other.contains(*word))
    }

    /// How many words both have.
    pub(crate) fn common(&self, other: &WordSet) -> usize {
        self.iter().filter(|word| other.contains(*word)).count()
    }

    /// The words for which something holds; all when it holds for none.
    pub(crate) fn kept(&self, keep: impl Fn(Word) -> bool) -> WordSet {
        let kept: Vec<Word> = self.iter().filter(|word| keep(*word)).collect();
        if kept.is_empty() {
            self.clone()
        } else {
            WordSet(kept)
        }
    }
}

impl FromIterator<Word> for WordSet {
    fn from_iter<I: IntoIterator<Item = Word>>(words: I) -> WordSet {
        let mut set = WordSet::default();
        set.extend(words);
        set
    }
}
