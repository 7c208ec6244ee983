//! From a text to the short pieces by which it is found: windows of two characters, the last with an end mark, so
//! that one character is a range and two are an equality; the same of first letters. Knows no tables.

use pinyin::ToPinyinMulti;

/// Characters of a text that are looked at: a label is shorter, and a longer text is no name.
const CHARS_MAX: usize = 120;

/// Longest text that has first letters: nobody looks a sentence up by them.
const LETTERED_MAX: usize = 24;

/// First letters of one character: a few surnames are read with three.
const READINGS_MAX: usize = 3;

/// First letters of one text that are kept: nobody types more.
pub(super) const LETTERS_MAX: usize = 8;

/// Ways to read one text: more come of rare words alone.
const WAYS_MAX: usize = 4;

/// Stands after the last character; sorts before every other, so that a whole text comes before longer ones.
const END: char = '\u{1}';

/// Sorts after every other.
pub(super) const LAST: char = '\u{10ffff}';

/// The mark of a text's first window.
pub(super) const HEAD: char = 'a';

/// The mark of every other window.
pub(super) const REST: char = 'b';

/// The mark of first letters.
pub(super) const LETTERS: char = 'c';

/// The beginning of a number's keyed hash.
const NUMBER: char = 'k';

/// Digits of a keyed hash that are kept: 48 bits tell a million numbers apart, what is left is compared.
const NUMBER_DIGITS: usize = 12;

/// One piece: its kind and two characters, or the beginning of a keyed hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Gram {
    bytes: [u8; 13],
    len: u8,
}

impl Gram {
    fn new(kind: char, parts: &[char]) -> Gram {
        let mut bytes = [0; 13];
        let mut len = kind.encode_utf8(&mut bytes).len();
        for part in parts {
            len += part.encode_utf8(&mut bytes[len..]).len();
        }
        Gram {
            bytes,
            len: u8::try_from(len).expect("three characters have at most nine bytes"),
        }
    }

    /// Of first letters.
    fn spelled(letters: &str) -> Gram {
        let mut bytes = [0; 13];
        bytes[0] = LETTERS as u8;
        let kept = letters.len().min(LETTERS_MAX);
        bytes[1..=kept].copy_from_slice(&letters.as_bytes()[..kept]);
        Gram {
            bytes,
            len: u8::try_from(kept + 1).expect("at most nine"),
        }
    }

    /// As it stands in the table.
    pub(crate) fn text(&self) -> &str {
        let bytes = &self.bytes[..usize::from(self.len)];
        std::str::from_utf8(bytes).expect("made of characters")
    }
}

/// The gram of a number's keyed hash.
pub(crate) fn number(hash: &str) -> Gram {
    let mut bytes = [0; 13];
    bytes[0] = NUMBER as u8;
    let kept = hash.len().min(NUMBER_DIGITS);
    bytes[1..=kept].copy_from_slice(&hash.as_bytes()[..kept]);
    Gram {
        bytes,
        len: u8::try_from(kept + 1).expect("at most thirteen"),
    }
}

/// What is compared: wide letters and digits as narrow ones, capitals as small ones, without spaces and the dots
/// within names.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    let kept = text.chars().filter(|c| {
        !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{b7}' | '\u{2022}' | '\u{30fb}')
    });
    kept.map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    })
    .map(|c| c.to_lowercase().next().unwrap_or(c))
}

/// The first letters with which a character may be read: those of a Chinese one by its readings, a Latin letter or
/// digit its own; of others none.
#[derive(Debug, Clone, Copy)]
struct Letters {
    these: [u8; READINGS_MAX],
    len: usize,
}

impl Letters {
    fn of(c: char) -> Letters {
        let mut letters = Letters {
            these: [0; READINGS_MAX],
            len: 0,
        };
        if c.is_ascii_alphanumeric() {
            letters.add(c as u8);
        } else if let Some(readings) = c.to_pinyin_multi() {
            for reading in readings.into_iter() {
                // ê and its kin begin with no Latin letter.
                if let Some(first @ b'a'..=b'z') = reading.plain().bytes().next() {
                    letters.add(first);
                }
            }
        }
        letters
    }

    fn add(&mut self, letter: u8) {
        if self.len < READINGS_MAX && !self.all().contains(&letter) {
            self.these[self.len] = letter;
            self.len += 1;
        }
    }

    fn all(&self) -> &[u8] {
        &self.these[..self.len]
    }
}

/// The first letters of a text, in every way to read it; none when it has no Chinese character, or is too long.
fn letters(chars: &[char]) -> Vec<String> {
    if chars.len() > LETTERED_MAX || chars.iter().all(char::is_ascii) {
        return Vec::new();
    }
    let mut ways = vec![String::new()];
    let each = chars.iter().map(|c| Letters::of(*c));
    for letters in each.filter(|letters| letters.len > 0).take(LETTERS_MAX) {
        let (first, others) = (letters.these[0], &letters.all()[1..]);
        for way in 0..ways.len() {
            for other in others {
                if ways.len() < WAYS_MAX {
                    let mut another = ways[way].clone();
                    another.push(char::from(*other));
                    ways.push(another);
                }
            }
            ways[way].push(char::from(first));
        }
    }
    ways
}

/// Every gram of a text, some of them twice.
pub(crate) fn grams(text: &str, out: &mut dyn FnMut(Gram)) {
    let chars: Vec<char> = folded(text).take(CHARS_MAX).collect();
    for at in 0..chars.len() {
        let mark = if at == 0 { HEAD } else { REST };
        let next = chars.get(at + 1).copied().unwrap_or(END);
        out(Gram::new(mark, &[chars[at], next]));
    }
    for way in letters(&chars) {
        out(Gram::spelled(&way));
    }
}

/// How well a text answers to what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is that.
    Whole,
    /// It begins with it.
    Begins,
    /// It holds it.
    Holds,
}

/// How well the text answers to these folded characters.
pub(super) fn fit(words: &[char], text: &str) -> Option<Fit> {
    let chars: Vec<char> = folded(text).take(CHARS_MAX).collect();
    place(chars.len(), words.len(), &|at, n| chars[at + n] == words[n])
}

/// How well the first letters of the text answer to these: from its beginning, as people type them.
pub(super) fn fit_letters(words: &[char], text: &str) -> Option<Fit> {
    let chars: Vec<char> = folded(text).take(CHARS_MAX).collect();
    let words: String = words.iter().collect();
    let ways = letters(&chars).into_iter();
    let fits = ways.filter_map(|way| {
        way.starts_with(&words).then_some(if way == words {
            Fit::Whole
        } else {
            Fit::Begins
        })
    });
    fits.min()
}

fn place(len: usize, wanted: usize, same: &dyn Fn(usize, usize) -> bool) -> Option<Fit> {
    let last = len.checked_sub(wanted)?;
    let at = (0..=last).find(|at| (0..wanted).all(|n| same(*at, n)))?;
    Some(match at {
        0 if wanted == len => Fit::Whole,
        0 => Fit::Begins,
        _ => Fit::Holds,
    })
}

/// The windows of what is looked for, where it begins a text or stands within one; with `whole`, where it ends
/// there too. One character alone has none but its end.
pub(super) fn windows(words: &[char], begins: bool, whole: bool) -> Vec<Gram> {
    let mark = |at: usize| if at == 0 && begins { HEAD } else { REST };
    let pairs = words.windows(2).enumerate();
    let mut found: Vec<Gram> = pairs.map(|(at, pair)| Gram::new(mark(at), pair)).collect();
    if whole && let Some(last) = words.last() {
        found.push(Gram::new(mark(words.len() - 1), &[*last, END]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        grams(text, &mut |gram| found.push(gram.text().to_owned()));
        found
    }

    #[test]
    fn a_name_of_three_has_three_windows_and_its_letters() {
        let found = all("孙 小明");
        assert_eq!(found[..3], ["a孙小", "b小明", "b明\u{1}"]);
        assert!(found[3..].contains(&"csxm".to_owned()), "{found:?}");
    }

    #[test]
    fn every_common_reading_counts() {
        let found = all("单强");
        for gram in ["cdq", "csq"] {
            assert!(found.contains(&gram.to_owned()), "{gram} in {found:?}");
        }
        assert_eq!(fit_letters(&['s', 'q'], "单强"), Some(Fit::Whole));
        assert_eq!(fit_letters(&['x'], "单强"), None);
    }

    #[test]
    fn latin_text_has_no_letters_of_its_own() {
        assert_eq!(all("Ab1"), ["aab", "bb1", "b1\u{1}"]);
        assert_eq!(fit(&['b', '1'], "Ａb１"), Some(Fit::Holds));
    }

    #[test]
    fn the_place_within_a_text_is_told() {
        let words: Vec<char> = "明强".chars().collect();
        for (text, wanted) in [
            ("明强", Some(Fit::Whole)),
            ("明强村", Some(Fit::Begins)),
            ("李明强", Some(Fit::Holds)),
            ("明月强", None),
            ("明", None),
        ] {
            assert_eq!(fit(&words, text), wanted, "{text}");
        }
    }
}
