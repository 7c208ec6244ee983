//! Every word that the reader knows, from `words/lexicon.toml`. The code around it holds no word of any
//! language; a list here is compared after [`fold`].

use crate::sheet::fold::fold_plain;
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

/// The lexicon, read once.
pub(crate) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon: Lexicon = toml::from_str(include_str!("../../words/lexicon.toml"))
        .expect("the lexicon is ours and read by every test");
    lexicon.fold_all();
    lexicon
});

/// A unit and the factor to the stored unit.
pub(crate) type Unit = (String, i64);

#[derive(Debug, Deserialize)]
pub(crate) struct Lexicon {
    pub(crate) rows: Rows,
    pub(crate) section: Section,
    pub(crate) blank: Blank,
    pub(crate) bool: YesNo,
    pub(crate) date: Dates,
    pub(crate) number: Numbers,
    pub(crate) money: Money,
    pub(crate) area: Area,
    pub(crate) punctuation: Punctuation,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Rows {
    pub(crate) whole_totals: Vec<String>,
    pub(crate) part_totals: Vec<String>,
    pub(crate) breakdowns: Vec<String>,
    pub(crate) examples: Vec<String>,
    pub(crate) blanks: Vec<String>,
    pub(crate) dittos: Vec<String>,
    pub(crate) column_letters: String,
    pub(crate) column_numbers: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) numbered_notes: Vec<String>,
    pub(crate) pivots: Vec<String>,
    pub(crate) counted_people: Vec<String>,
    pub(crate) counted_rows: Vec<String>,
    pub(crate) unit_labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Section {
    pub(crate) numerals: String,
    pub(crate) marks: Vec<String>,
    pub(crate) stops: String,
    pub(crate) count_units: Vec<String>,
    pub(crate) count_words: Vec<String>,
    pub(crate) whole_words: Vec<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) sentence_marks: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Blank {
    pub(crate) zero: HashSet<String>,
    pub(crate) null: HashSet<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct YesNo {
    pub(crate) yes: HashSet<String>,
    pub(crate) no: HashSet<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dates {
    pub(crate) labels: Vec<String>,
    pub(crate) year: Vec<String>,
    pub(crate) month: Vec<String>,
    pub(crate) day: Vec<String>,
    pub(crate) separators: Vec<String>,
    pub(crate) ranges: Vec<String>,
    pub(crate) open: Vec<String>,
    pub(crate) since: Vec<String>,
    pub(crate) endings: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Numbers {
    pub(crate) about: Vec<String>,
    pub(crate) endings: Vec<String>,
    pub(crate) units: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Money {
    pub(crate) signs: Vec<String>,
    pub(crate) units: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Area {
    pub(crate) units: Vec<Unit>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Punctuation {
    pub(crate) quotes: Vec<String>,
    pub(crate) brackets: Vec<(String, String)>,
    pub(crate) colons: Vec<String>,
    pub(crate) stops: Vec<String>,
}

impl Lexicon {
    /// Words are compared folded, so they are folded once here; units are tried longest first.
    fn fold_all(&mut self) {
        for list in [
            &mut self.rows.whole_totals,
            &mut self.rows.part_totals,
            &mut self.rows.breakdowns,
            &mut self.rows.examples,
            &mut self.rows.blanks,
            &mut self.rows.column_numbers,
            &mut self.rows.notes,
            &mut self.rows.numbered_notes,
            &mut self.rows.pivots,
            &mut self.rows.unit_labels,
            &mut self.date.labels,
            &mut self.number.about,
            &mut self.number.endings,
            &mut self.money.signs,
        ] {
            for word in list.iter_mut() {
                *word = fold_plain(word);
            }
        }
        for set in [
            &mut self.blank.zero,
            &mut self.blank.null,
            &mut self.bool.yes,
            &mut self.bool.no,
        ] {
            *set = set.iter().map(|word| fold_plain(word)).collect();
        }
        for units in [
            &mut self.number.units,
            &mut self.money.units,
            &mut self.area.units,
        ] {
            units.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
        }
        // Longest first, so that an ending is taken whole.
        self.date
            .month
            .sort_by_key(|word| std::cmp::Reverse(word.len()));
        self.rows
            .notes
            .sort_by_key(|word| std::cmp::Reverse(word.len()));
    }
}
