//! Every word that the reader knows, from `words/lexicon.toml`. The code around it holds no word of any
//! language; a list here is compared after [`fold`].

use crate::sheet::fold::fold_plain;
use foldhash::HashSet;
use serde::Deserialize;
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
    pub(crate) versions: Versions,
    pub(crate) blank: Blank,
    pub(crate) bool: YesNo,
    pub(crate) date: Dates,
    pub(crate) number: Numbers,
    /// Units of a kind, with factors to the least of them.
    pub(crate) scales: Vec<Vec<Unit>>,
    pub(crate) money: Money,
    pub(crate) area: Area,
    pub(crate) name: Names,
    pub(crate) id_number: IdNumbers,
    pub(crate) degree: Degrees,
    pub(crate) choice: Choices,
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
pub(crate) struct Versions {
    pub(crate) anywhere: Vec<String>,
    pub(crate) apart: Vec<String>,
    pub(crate) endings: Vec<String>,
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
    /// What may follow a year in a header of a wide table.
    pub(crate) year_headers: Vec<String>,
    /// Figures from 0 to 9; from the eleventh on, other signs of 0.
    pub(crate) numerals: String,
    pub(crate) ten: char,
    pub(crate) month: Vec<String>,
    pub(crate) day: Vec<String>,
    pub(crate) separators: Vec<String>,
    pub(crate) ranges: Vec<String>,
    pub(crate) open: Vec<String>,
    pub(crate) since: Vec<String>,
    pub(crate) endings: Vec<String>,
    pub(crate) first_month: Vec<String>,
    pub(crate) relative: Vec<(String, i32)>,
    pub(crate) coarse: Vec<String>,
    pub(crate) lunar: Vec<String>,
    pub(crate) times: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Numbers {
    pub(crate) about: Vec<String>,
    pub(crate) about_after: Vec<String>,
    pub(crate) leads: Vec<String>,
    pub(crate) bounds_before: Vec<String>,
    pub(crate) bounds_after: Vec<String>,
    pub(crate) ranges: Vec<String>,
    pub(crate) sums: Vec<String>,
    pub(crate) products: Vec<String>,
    pub(crate) rates: Vec<String>,
    pub(crate) percent_before: Vec<Unit>,
    pub(crate) percent_after: Vec<Unit>,
    pub(crate) half: Vec<String>,
    pub(crate) multipliers: Vec<Unit>,
    pub(crate) digits: Vec<(char, i64)>,
    pub(crate) tens: Vec<(char, i64)>,
    pub(crate) sections: Vec<(char, i64)>,
    pub(crate) endings: Vec<String>,
    pub(crate) units: Vec<Unit>,
    /// These and the words of all scales, the longest first.
    #[serde(skip)]
    pub(crate) all_units: Vec<Unit>,
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

/// What stands about a person's name.
#[derive(Debug, Deserialize)]
pub(crate) struct Names {
    pub(crate) remarks: HashSet<String>,
    pub(crate) between: Vec<String>,
    pub(crate) surnames: Vec<String>,
    pub(crate) dots: Vec<char>,
    pub(crate) dot: char,
}

#[derive(Debug, Deserialize)]
pub(crate) struct IdNumbers {
    pub(crate) masks: Vec<char>,
}

/// How a place's degrees are written.
#[derive(Debug, Deserialize)]
pub(crate) struct Degrees {
    pub(crate) degrees: Vec<String>,
    pub(crate) minutes: Vec<String>,
    pub(crate) seconds: Vec<String>,
    pub(crate) east: Vec<String>,
    pub(crate) north: Vec<String>,
    pub(crate) between: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Choices {
    pub(crate) between: Vec<String>,
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
        ] {
            for word in list.iter_mut() {
                *word = fold_plain(word);
            }
        }
        // Longest first, so that a word is taken whole.
        for list in [
            &mut self.number.about,
            &mut self.number.about_after,
            &mut self.number.leads,
            &mut self.number.bounds_before,
            &mut self.number.bounds_after,
            &mut self.number.ranges,
            &mut self.number.endings,
            &mut self.money.signs,
            &mut self.date.coarse,
            &mut self.degree.seconds,
            &mut self.degree.east,
            &mut self.degree.north,
        ] {
            for word in list.iter_mut() {
                *word = fold_plain(word);
            }
            list.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        }
        for set in [
            &mut self.blank.zero,
            &mut self.blank.null,
            &mut self.bool.yes,
            &mut self.bool.no,
        ] {
            *set = set.iter().map(|word| fold_plain(word)).collect();
        }
        self.number.all_units = self.number.units.clone();
        for (word, _) in self.scales.iter().flatten() {
            if !self.number.units.iter().any(|(unit, _)| unit == word) {
                self.number.all_units.push((word.clone(), 1));
            }
        }
        for units in [
            &mut self.number.units,
            &mut self.number.all_units,
            &mut self.money.units,
            &mut self.area.units,
        ] {
            units.sort_by_key(|(word, _)| std::cmp::Reverse(word.chars().count()));
        }
        self.date
            .relative
            .sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        self.date
            .month
            .sort_by_key(|word| std::cmp::Reverse(word.len()));
        self.rows
            .notes
            .sort_by_key(|word| std::cmp::Reverse(word.len()));
    }
}
