//! Sentences by code, so that no room carries Chinese in its code.
//!
//! A room embeds its own `words/zh.toml` of the form below and asks by code. Parameters stand in braces.
//!
//! ```toml
//! [D104]
//! said = "“{value}”不是日期"
//! next = "改成 1985-07 这样的写法"
//! ```

use crate::FindingClass;
use std::collections::HashMap;

/// A room's sentences in one language.
#[derive(Debug, Clone, Default)]
pub struct Words {
    entries: HashMap<String, String>,
}

impl Words {
    /// Reads the small subset of TOML that translation files use: `[section]` lines, `key = "text"` lines and
    /// comments. Panics on anything else: the files are ours and are read by every test.
    pub fn read(text: &str) -> Words {
        let mut entries = HashMap::new();
        let mut section = String::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                name.clone_into(&mut section);
                continue;
            }
            let (key, value) = line
                .split_once('=')
                .unwrap_or_else(|| panic!("words line {}: no `=`: {line}", number + 1));
            let value = value
                .trim()
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .unwrap_or_else(|| panic!("words line {}: not in quotes: {line}", number + 1));
            let key = key.trim();
            let key = if section.is_empty() {
                key.to_owned()
            } else {
                format!("{section}.{key}")
            };
            // Two sentences of one name: one of them would be said in the other's place.
            let text = value.replace("\\n", "\n").replace("\\\"", "\"");
            assert!(
                entries.insert(key.clone(), text).is_none(),
                "words line {}: {key} stands twice",
                number + 1
            );
        }
        Words { entries }
    }

    /// The sentence under `key` with its parameters filled; the key itself when the file lacks it.
    pub fn say(&self, key: &str, params: &[(&str, &str)]) -> String {
        let Some(text) = self.entries.get(key) else {
            return key.to_owned();
        };
        let mut out = text.clone();
        for (name, value) in params {
            out = out.replace(&format!("{{{name}}}"), value);
        }
        out
    }

    /// The sentence under `key`, if there is one.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.get(key).map(String::as_str)
    }

    /// Whether the words of a code agree with this class: `class = "rejected"`, or several with commas. The book lists
    /// findings by these words, so a room that raises a finding asks here. That no code lacks a class is held elsewhere.
    pub fn agree(&self, code: &str, class: FindingClass) -> bool {
        self.get(&format!("{code}.class"))
            .is_none_or(|classes| classes.split(", ").any(|word| word == class.word()))
    }

    /// Every key, for the test that no code lacks its sentence.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_filled() {
        let words = Words::read("# c\n[D104]\nsaid = \"“{value}”不是日期\"\n");
        assert_eq!(
            words.say("D104.said", &[("value", "1985.13")]),
            "“1985.13”不是日期"
        );
        assert_eq!(words.say("D105.said", &[]), "D105.said");
    }

    #[test]
    #[should_panic(expected = "O150.said stands twice")]
    fn a_code_given_twice_is_seen_at_once() {
        Words::read("[O150]\nsaid = \"a\"\n[O151]\nsaid = \"b\"\n[O150]\nsaid = \"c\"\n");
    }

    #[test]
    fn a_class_agrees_with_the_words_of_its_code() {
        let words = Words::read("[D120]\nclass = \"rejected, notice\"\n[D104]\nsaid = \"a\"\n");
        assert!(words.agree("D120", FindingClass::Notice));
        assert!(!words.agree("D120", FindingClass::Total));
        assert!(
            words.agree("D104", FindingClass::Total),
            "nothing is said of it"
        );
    }
}
