//! Passwords that everybody guesses. Lists of the commonest hold hardly any of twelve characters that is not a known word
//! or a walk over the keyboard, lengthened by digits, signs or itself: such are told by their make. Refuses to know policies.

use std::sync::LazyLock;

/// What commonest passwords are made of, in small letters, a line each.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../words/guessed.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// Rows and columns of the keyboard, and the alphabet; both ways.
const WALKS: &[&str] = &[
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "abcdefghijklmnopqrstuvwxyz",
    "a1b2c3d4e5f6g7h8i9",
    "147258369",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1a2b3c4d5e6f7g8h9i",
];

/// A walk of at least so many keys counts as one guess.
const WALK_MIN: usize = 3;

/// Characters that are no guess, which a password must have to be more than words and walks.
const OWN_MIN: usize = 6;

/// Whether a password is one of those. `own`: what an attacker tries first for this account.
pub(super) fn is_common(password: &str, own: &[&str]) -> bool {
    let small = password.to_lowercase();
    let own: Vec<String> = own
        .iter()
        .map(|word| word.to_lowercase())
        .filter(|word| word.chars().count() >= 2)
        .collect();
    let read = small.replace('@', "a").replace('$', "s").replace('!', "i");
    let leet = read.replace('0', "o").replace('3', "e").replace('1', "l");
    [small, read, leet]
        .iter()
        .any(|text| unguessed(text, &own) < OWN_MIN)
}

/// Characters left when words, walks, digits, signs and repetitions are taken away.
fn unguessed(text: &str, own: &[String]) -> usize {
    let mut rest: Vec<char> = text.chars().collect();
    let mut left: Vec<char> = Vec::new();
    while !rest.is_empty() {
        let taken = word(&rest, own)
            .max(walk(&rest))
            .max(repeated(&rest, &left));
        if taken > 0 {
            rest.drain(..taken);
        } else {
            left.push(rest.remove(0));
        }
    }
    // Digits and signs between guesses are guessed too: years, counts, a mark at the end.
    left.iter().filter(|c| c.is_alphabetic()).count()
}

fn word(rest: &[char], own: &[String]) -> usize {
    let words = WORDS.iter().copied().chain(own.iter().map(String::as_str));
    let long = words.filter(|word| {
        let mut rest = rest.iter();
        word.chars().all(|c| rest.next() == Some(&c))
    });
    // A word of one or two letters is found in anything: it counts only when it stands alone.
    let counts = |len: usize| (len > 2 || len == rest.len() || !rest[0].is_ascii()).then_some(len);
    long.filter_map(|word| counts(word.chars().count()))
        .max()
        .unwrap_or(0)
}

fn walk(rest: &[char]) -> usize {
    let mut longest = 0;
    for walk in WALKS {
        let there: Vec<char> = walk.chars().collect();
        let back: Vec<char> = walk.chars().rev().collect();
        for keys in [there, back] {
            for start in 0..keys.len() {
                let same = keys[start..]
                    .iter()
                    .zip(rest)
                    .take_while(|(key, c)| key == c)
                    .count();
                longest = longest.max(same);
            }
        }
    }
    if longest >= WALK_MIN { longest } else { 0 }
}

/// The same character again and again, or the beginning once more.
fn repeated(rest: &[char], left: &[char]) -> usize {
    let same = rest.iter().take_while(|c| **c == rest[0]).count();
    let again = (2..=left.len().min(rest.len()))
        .rev()
        .find(|len| left[..*len] == rest[..*len])
        .unwrap_or(0);
    let same = if same >= WALK_MIN { same } else { 0 };
    same.max(again)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_guesses_is_told_by_its_make() {
        for common in [
            "123456789012",
            "aaaaaaaaaaaa",
            "password1234",
            "P@ssw0rd2024!",
            "qwertyuiop[]",
            "1qaz2wsx3edc",
            "woaini5201314",
            "abcabcabcabc",
            "admin@123456",
            "zhangsan1985",
            "qwer1234asdf",
            "asdfghjkl;'\\",
            "iloveyou2023",
            "chen.jing2024",
            "一本账一本账一本账一本账",
            "xyxyxyxyxyxy",
            "000000000000",
        ] {
            assert!(is_common(common, &["chen.jing"]), "{common}");
        }
        for fine in [
            "kmzw pqtr lvbn",
            "correct horse battery staple",
            "春风又绿江南岸明月何时照",
            "Tq8#vLm2xRz!Kd",
            "sommerregenwald",
        ] {
            assert!(!is_common(fine, &["chen.jing"]), "{fine}");
        }
    }
}
