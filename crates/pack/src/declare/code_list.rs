//! Code lists with scheme and version, aliases, and crosswalks to other lists.

use std::collections::BTreeMap;

/// A list of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    /// Stable name, as `education`.
    pub name: String,
    /// Chinese title.
    pub title: String,
    /// The standard it is taken from, as `GB/T 4658`, or the pack's own name.
    pub scheme: String,
    /// The scheme's version, as `2006`.
    pub version: String,
    /// The codes in the list's order.
    pub codes: Vec<Code>,
}

/// One code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The stored code.
    pub code: String,
    /// Chinese title.
    pub title: String,
    /// Other words that workbooks use for it; the title and the code itself count too.
    pub aliases: Vec<String>,
}

/// A many-to-one mapping from one list to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosswalk {
    /// Its name, callable in expressions.
    pub name: String,
    /// The list it maps from.
    pub from: String,
    /// The list it maps to.
    pub to: String,
    /// From code to code; a code that is missing maps to unknown.
    pub map: BTreeMap<String, String>,
}

impl CodeList {
    /// The code of a word after the caller's normalising: code, title or alias, compared exactly.
    pub fn find(&self, word: &str) -> Option<&Code> {
        self.codes.iter().find(|code| {
            code.code == word || code.title == word || code.aliases.iter().any(|a| a == word)
        })
    }

    /// The code entry of a stored code.
    pub fn code(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|entry| entry.code == code)
    }
}
