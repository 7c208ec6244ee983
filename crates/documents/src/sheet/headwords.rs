//! Every word that a header of any form may end with, for telling a header row from others: as written, and
//! by what it means.

use crate::sheet::Cell;
use crate::sheet::fold::{fold, without_brackets};
use crate::sheet::form::ColumnChoices;
use crate::sheet::mapping::Compiled;
use crate::sheet::meaning::HEADERS;
use crate::sheet::view::View;
use crate::sheet::wide::AcrossWords;
use crate::sheet::wordset::WordSet;
use foldhash::HashSet;
use std::cell::OnceCell;

/// A longer text is no header's.
const BYTES_MAX: usize = 90;

/// The words of all forms, and those that a clerk has chosen.
pub(crate) struct HeadWords<'a> {
    forms: &'a [Compiled<'a>],
    words: HashSet<String>,
    /// Those of wide tables.
    across: Vec<&'a AcrossWords>,
    /// What they mean; made when a row needs it.
    meanings: OnceCell<HashSet<WordSet>>,
}

impl<'a> HeadWords<'a> {
    pub(crate) fn new(forms: &'a [Compiled<'a>], choices: &ColumnChoices) -> HeadWords<'a> {
        let mut words: HashSet<String> = HashSet::default();
        for word in forms.iter().flat_map(Compiled::last_levels) {
            words.insert(word.clone());
            words.extend(without_brackets(word).map(str::to_owned));
        }
        for choice in &choices.0 {
            let last = choice.header.split('>').next_back();
            words.extend(last.map(|word| fold(word).into_owned()));
        }
        let across = forms.iter().map(|form| &form.across);
        let across = across.filter(|across| !across.is_empty());
        HeadWords {
            forms,
            words,
            across: across.collect(),
            meanings: OnceCell::new(),
        }
    }

    /// Whether a folded text is one of the words.
    pub(crate) fn contains(&self, folded: &str) -> bool {
        self.words.contains(folded)
            || without_brackets(folded).is_some_and(|bare| self.words.contains(bare))
            || self.across.iter().any(|across| across.knows(folded))
    }

    /// How many cells of a row, two at most, say one of the words in other words. Rows that begin with a
    /// number are not looked at: nearly every record does.
    pub(crate) fn meant(&self, view: &View<'_>, row: usize) -> usize {
        let first = view.filled(row).next();
        let number = |text: &str| text.trim_start().starts_with(char::is_numeric);
        if !matches!(first, Some((_, Cell::Text(first))) if !number(first)) {
            return 0;
        }
        let meanings = self.meanings.get_or_init(|| {
            let sets = self.forms.iter().flat_map(Compiled::meanings);
            sets.filter(|words| !words.is_empty()).cloned().collect()
        });
        let texts = view.filled(row).filter_map(|(_, cell)| match cell {
            Cell::Text(text) if text.len() <= BYTES_MAX => Some(fold(text).into_owned()),
            _ => None,
        });
        let other = texts.filter(|word| !self.contains(word));
        let meant = other.filter(|word| {
            let said = HEADERS.meaning(std::iter::once(word.as_str()));
            said.is_some_and(|said| meanings.contains(&said.full) || meanings.contains(&said.bare))
        });
        meant.take(2).count()
    }
}
