//! Sentences and colours. A class has one colour everywhere: in the cells and in the list.

use std::sync::LazyLock;
use vocabulary::{FindingClass, Words};

/// `words/mark.toml`, read once.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::read(include_str!("../../words/mark.toml")));

pub(super) fn say(key: &str, params: &[(&str, &str)]) -> String {
    WORDS.say(key, params)
}

pub(super) fn class_word(class: FindingClass) -> String {
    say(&format!("class.{}", class.word()), &[])
}

/// The fill of a class. Pale: the clerk's own text stays readable on it, printed in grey too.
pub(super) const fn colour(class: FindingClass) -> &'static str {
    match class {
        FindingClass::Rejected => "FFFFB3B3",
        FindingClass::Contradictory => "FFFFC9E3",
        FindingClass::Duplicate => "FFFFD08A",
        FindingClass::Total => "FFFFF09A",
        FindingClass::Check => "FFDCD0F5",
        FindingClass::Notice => "FFD6E9F8",
    }
}

/// In the order of their weight: a cell of several findings takes the colour of the first.
pub(super) const CLASSES: [FindingClass; 6] = [
    FindingClass::Rejected,
    FindingClass::Contradictory,
    FindingClass::Duplicate,
    FindingClass::Total,
    FindingClass::Check,
    FindingClass::Notice,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_word_and_its_own_colour() {
        let mut colours = Vec::new();
        for class in CLASSES {
            assert!(WORDS.get(&format!("class.{}", class.word())).is_some());
            colours.push(colour(class));
        }
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), CLASSES.len());
        assert!(
            CLASSES.is_sorted(),
            "the weight is the order of the classes"
        );
    }
}
