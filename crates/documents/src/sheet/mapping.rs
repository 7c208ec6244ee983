//! Which sheet column serves which form column: by the form's words, a path before a bare word, what a
//! clerk has said before all.

use crate::sheet::fold::{fold, without_brackets};
use crate::sheet::form::{ColumnChoice, ColumnChoices, Form, Reads};
use crate::sheet::guess::{self, Under, Wanted};
use crate::sheet::header::HeaderCell;
use crate::sheet::likeness::Known;
use crate::sheet::meaning::HEADERS;
use crate::sheet::reading::MapReason;
use crate::sheet::wide::{AcrossWords, Block};
use crate::sheet::wordset::WordSet;
use std::collections::HashSet;
use std::sync::OnceLock;
use vocabulary::FieldType;

/// A form with its words folded, made once for a sheet.
pub(crate) struct Compiled<'f> {
    pub(crate) form: &'f Form,
    /// For each column its words, each as levels.
    words: Vec<Vec<Vec<String>>>,
    /// What its words mean; made when a header needs it.
    wanted: OnceLock<Vec<Wanted>>,
    /// Its columns of a wide table.
    pub(crate) across: AcrossWords,
    pub(crate) names: Vec<String>,
    pub(crate) never: Vec<String>,
    pub(crate) only: Vec<String>,
}

/// A form laid over a header.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapping {
    /// For each form column the position among the header's cells, why, and how sure.
    pub(crate) columns: Vec<Option<(usize, MapReason, u8)>>,
    /// Form column and the header cells that would have served it just as well; the taken one is first.
    pub(crate) rivals: Vec<(usize, Vec<usize>)>,
    /// Header cells that serve no column, each with the column that it may be and how alike they are.
    pub(crate) offers: Vec<(usize, usize, u8)>,
    /// The columns of a wide table.
    pub(crate) block: Option<Block>,
    /// The title names a year, for a wide table whose headers do not.
    pub(crate) year: bool,
}

impl Mapping {
    /// What its columns weigh, of a hundred each: one found by its values counts less than one by its words.
    pub(crate) fn weight(&self) -> u32 {
        let weight = |mapped: &(usize, MapReason, u8)| match mapped.1 {
            MapReason::Alike => 90,
            MapReason::Title | MapReason::Values | MapReason::Neighbour => 60,
            _ => 100,
        };
        let plain: u32 = self.columns.iter().flatten().map(weight).sum();
        plain + 100 * u32::try_from(self.across()).unwrap_or(0)
    }

    /// How many of the form's columns the block of a wide table serves.
    fn across(&self) -> usize {
        self.block.as_ref().map_or(0, |block| {
            let parts = block.groups.iter().flat_map(|group| &group.parts);
            let values: HashSet<usize> = parts.map(|(column, _)| *column).collect();
            block.keys.len() + values.len()
        })
    }

    /// How many of the form's columns are served.
    pub(crate) fn found(&self) -> usize {
        self.columns.iter().flatten().count() + self.across()
    }

    /// How many of the sheet's columns serve beyond one for each of the form's.
    pub(crate) fn beside(&self) -> usize {
        self.block.as_ref().map_or(0, |block| {
            let parts: usize = block.groups.iter().map(|group| group.parts.len()).sum();
            (parts + block.sums.len()).saturating_sub(self.across())
        })
    }
}

/// How sure a match is by its reason; without brackets it is ten less.
const PATH: u8 = 100;
const PATH_END: u8 = 95;
const PATH_GAPS: u8 = 90;
const LAST_LEVEL: u8 = 85;
const BRACKETS_LESS: u8 = 10;
/// Several columns fit equally and the first was taken.
const RIVALS: u8 = 50;

impl<'f> Compiled<'f> {
    pub(crate) fn new(form: &'f Form) -> Compiled<'f> {
        let levels = |word: &String| -> Vec<String> {
            word.split('>')
                .map(|level| fold(level).into_owned())
                .collect()
        };
        // What a shape says has no header in a sheet.
        let words = form.columns.iter().map(|column| {
            let of_shape = column.is_of_shape(None);
            let headers = column.headers.iter().filter(|_| !of_shape);
            headers.map(levels).collect()
        });
        let folded = |words: &[String]| words.iter().map(|w| fold(w).into_owned()).collect();
        Compiled {
            form,
            words: words.collect(),
            wanted: OnceLock::new(),
            across: AcrossWords::new(&form.columns),
            names: folded(&form.names),
            never: folded(&form.never),
            only: folded(&form.only),
        }
    }

    /// The last levels of all its words, for telling a header row from others quickly.
    pub(crate) fn last_levels(&self) -> impl Iterator<Item = &String> {
        self.words.iter().flatten().filter_map(|word| word.last())
    }

    /// How many words a header cell is compared with.
    pub(crate) fn weight(&self) -> usize {
        self.words.iter().map(Vec::len).sum()
    }

    /// Whether one of the form's names stands in a folded text.
    pub(crate) fn is_named(&self, text: &str) -> bool {
        let stands = |name: &String| !name.is_empty() && text.contains(name.as_str());
        self.names.iter().any(stands)
    }

    /// Whether every required column is served.
    pub(crate) fn is_complete(&self, mapping: &Mapping) -> bool {
        self.form
            .columns
            .iter()
            .zip(&mapping.columns)
            .all(|(column, mapped)| !column.required || mapped.is_some() || column.across.is_some())
            && self.has_across(mapping)
    }

    /// Whether the columns of a wide table are there: as a block, or each as a column of its own.
    fn has_across(&self, mapping: &Mapping) -> bool {
        if self.across.is_empty() {
            return true;
        }
        let given = |column: usize| {
            let in_block = |block: &Block| block.keys.contains(&column);
            mapping.columns[column].is_some() || mapping.block.as_ref().is_some_and(in_block)
        };
        let keys = self.across.keys();
        let keys: Vec<bool> = keys
            .map(|(column, is_year)| given(column) || (is_year && mapping.year))
            .collect();
        let values = mapping.block.is_some() || self.across.values().any(given);
        keys.iter().all(|given| *given) && values
    }

    /// The one required column that is not served, when lines between the rows, or the title, may say what
    /// it holds: a place, or what is written once for several rows.
    pub(crate) fn lacks_section(&self, mapping: &Mapping) -> Option<usize> {
        let columns = self.form.columns.iter().zip(&mapping.columns).enumerate();
        let mut lacking = columns.filter(|(_, (column, mapped))| {
            column.required && mapped.is_none() && column.across.is_none()
        });
        let (at, (column, _)) = lacking.next().filter(|_| self.has_across(mapping))?;
        let may = column.fill_down || column.kind == FieldType::Division;
        (may && lacking.next().is_none()).then_some(at)
    }

    /// Lays the form over a header.
    pub(crate) fn map(
        &self,
        header: &[HeaderCell],
        under: &Under<'_>,
        choices: &ColumnChoices,
    ) -> Mapping {
        let sheet = under.view.sheet;
        let (sheet, hidden) = (&sheet.name, &sheet.hidden_columns);
        let mut columns: Vec<Option<(usize, MapReason, u8)>> = vec![None; self.words.len()];
        let mut taken: HashSet<usize> = HashSet::new();
        for choice in choices
            .0
            .iter()
            .rev()
            .filter(|choice| concerns(choice, sheet))
            .filter(|choice| {
                choice
                    .form
                    .as_ref()
                    .is_none_or(|form| *form == self.form.id)
            })
        {
            let Some(at) = header.iter().position(|cell| is_header(choice, cell)) else {
                continue;
            };
            match choice.column.as_deref().map(|name| self.column(name)) {
                None => {
                    taken.insert(at);
                }
                Some(Some(column)) if columns[column].is_none() && taken.insert(at) => {
                    columns[column] = Some((at, MapReason::Chosen, 100));
                }
                Some(_) => {}
            }
        }
        let mut candidates = self.candidates(header, hidden);
        let block = self.block(header, &candidates, &taken);
        if let Some(block) = &block {
            let parts = block.groups.iter().flat_map(|group| &group.parts);
            taken.extend(parts.map(|(_, at)| *at));
            taken.extend(block.sums.iter().map(|sum| sum.at));
            taken.extend(block.twice.iter().map(|(at, _)| *at));
            let is_across = |column: usize| {
                block.keys.contains(&column) || self.across.values().any(|own| own == column)
            };
            candidates.retain(|fit| !taken.contains(&fit.3) && !is_across(fit.4));
            for column in (0..columns.len()).filter(|column| is_across(*column)) {
                columns[column] = None;
            }
        }
        let mut rivals: Vec<(usize, Vec<usize>)> = Vec::new();
        for (grade, word, _, at, column, reason) in &candidates {
            if columns[*column].is_some() || !taken.insert(*at) {
                continue;
            }
            columns[*column] = Some((*at, *reason, *grade));
            let equal = candidates
                .iter()
                .filter(|c| c.4 == *column && (c.0, c.1) == (*grade, *word) && c.3 != *at && !c.2);
            let equal: Vec<usize> = equal.map(|c| c.3).collect();
            if !equal.is_empty() {
                rivals.push((*column, std::iter::once(*at).chain(equal).collect()));
            }
        }
        // A column that another form column has taken is no rival.
        let rivals: Vec<(usize, Vec<usize>)> = rivals
            .into_iter()
            .map(|(column, at)| {
                let others = at[1..].iter().filter(|at| !taken.contains(at)).copied();
                (
                    column,
                    std::iter::once(at[0]).chain(others).collect::<Vec<_>>(),
                )
            })
            .filter(|(_, at)| at.len() > 1)
            .collect();
        for (column, _) in &rivals {
            if let Some(mapped) = &mut columns[*column] {
                mapped.2 = RIVALS;
            }
        }
        let mut mapping = Mapping {
            columns,
            rivals,
            offers: Vec::new(),
            block,
            year: under.year,
        };
        if taken.len() < header.len() {
            guess::fill(&mut mapping, &taken, header, self.wanted(), under);
        }
        mapping
    }

    /// The columns with what their words mean.
    fn wanted(&self) -> &[Wanted] {
        self.wanted.get_or_init(|| {
            let columns = self.form.columns.iter().zip(&self.words);
            let wanted = columns.map(|(column, words)| Wanted {
                kind: column.kind.clone(),
                across: column.across.is_some()
                    || column.reads == Some(Reads::Heading)
                    || words.is_empty(),
                words: words
                    .iter()
                    .filter_map(|word| HEADERS.meaning(word.iter().map(String::as_str)))
                    .map(|said| Known::new(said, &column.kind))
                    .collect(),
                codes: column
                    .codes
                    .iter()
                    .map(|(word, _)| fold(word).into_owned())
                    .collect(),
            });
            wanted.collect()
        })
    }

    /// What each of its words means, for telling a header row from others.
    pub(crate) fn meanings(&self) -> impl Iterator<Item = &WordSet> {
        let words = self.wanted().iter().flat_map(|wanted| &wanted.words);
        words.flat_map(|word| [&word.said.full, &word.said.last])
    }

    /// The block of a wide table; what a word of a column of its own claims is none of it.
    fn block(
        &self,
        header: &[HeaderCell],
        candidates: &[(u8, usize, bool, usize, usize, MapReason)],
        taken: &HashSet<usize>,
    ) -> Option<Block> {
        if self.across.is_empty() {
            return None;
        }
        let plain = candidates.iter().filter(|fit| {
            self.form.columns[fit.4].across.is_none()
                && matches!(fit.5, MapReason::Path | MapReason::PathEnd)
        });
        let claimed: HashSet<usize> = plain.map(|fit| fit.3).collect();
        let is_free = |at: usize| !claimed.contains(&at) && !taken.contains(&at);
        self.across.block(header, is_free)
    }

    /// The column a choice names: `column` or `form.column`.
    fn column(&self, name: &str) -> Option<usize> {
        let own = name
            .strip_prefix(&self.form.id)
            .and_then(|rest| rest.strip_prefix('.'));
        self.form
            .columns
            .iter()
            .position(|column| column.name == name || Some(&*column.name) == own)
    }

    /// Every fit of a header cell and a form column, best first: grade, order of the word, hidden, header
    /// cell, form column, reason.
    fn candidates(
        &self,
        header: &[HeaderCell],
        hidden: &[usize],
    ) -> Vec<(u8, usize, bool, usize, usize, MapReason)> {
        let mut found = Vec::new();
        for (at, cell) in header.iter().enumerate() {
            let start = found.len();
            for (column, words) in self.words.iter().enumerate() {
                let fit = |(order, word): (usize, &Vec<String>)| {
                    let (grade, reason) = fit(&cell.path, word)?;
                    let part = matches!(reason, MapReason::LastLevel | MapReason::WithoutBrackets);
                    (!part || is_about_the_row(&cell.path, word)).then_some((grade, order, reason))
                };
                let best = words
                    .iter()
                    .enumerate()
                    .filter_map(fit)
                    .max_by_key(|fit| (fit.0, usize::MAX - fit.1));
                if let Some((grade, order, reason)) = best {
                    let hidden = hidden.contains(&cell.column);
                    found.push((grade, order, hidden, at, column, reason));
                }
            }
            // A bare word does not compete where the path of another column claims the cell.
            let claimed = |fit: &(u8, usize, bool, usize, usize, MapReason)| {
                matches!(fit.5, MapReason::Path | MapReason::PathEnd) && cell.path.len() > 1
            };
            if found[start..].iter().any(claimed) {
                let mut kept: Vec<_> = found.drain(start..).filter(claimed).collect();
                found.append(&mut kept);
            }
        }
        found.sort_by_key(|(grade, order, hidden, at, column, _)| {
            (u8::MAX - grade, *order, *hidden, *at, *column)
        });
        found
    }
}

impl ColumnChoice {
    /// Whether it speaks of this header (its levels joined by `>`) of a sheet of this name.
    pub fn speaks_of(&self, sheet: &str, header: &str) -> bool {
        let levels = |text: &str| -> Vec<String> {
            let levels = text.split('>').map(|level| fold(level).into_owned());
            levels.collect()
        };
        let (own, path) = (levels(&self.header), levels(header));
        concerns(self, sheet) && (own == path || (own.len() == 1 && path.last() == own.first()))
    }
}

fn concerns(choice: &ColumnChoice, sheet: &str) -> bool {
    choice.sheet.is_empty() || fold(&choice.sheet) == fold(sheet)
}

/// Whether a choice's header is this cell: its whole path or its last level.
pub(crate) fn is_header(choice: &ColumnChoice, cell: &HeaderCell) -> bool {
    let wanted: Vec<String> = choice
        .header
        .split('>')
        .map(|l| fold(l).into_owned())
        .collect();
    cell.path == wanted || (wanted.len() == 1 && cell.path.last() == wanted.first())
}

/// Whether what a word leaves out of a path names nobody else and no other time: a spouse's name is no name.
fn is_about_the_row(path: &[String], word: &[String]) -> bool {
    if path.len() == word.len() && path.iter().zip(word).all(|(a, b)| a == b) {
        return true;
    }
    let meaning = |levels: &[String]| HEADERS.meaning(levels.iter().map(String::as_str));
    match (meaning(path), meaning(word)) {
        (Some(path), Some(word)) => !path
            .full
            .without(&word.full)
            .any(|word| HEADERS.is_other(word)),
        _ => true,
    }
}

/// How well a word fits a path.
fn fit(path: &[String], word: &[String]) -> Option<(u8, MapReason)> {
    if let Some(exact) = fit_levels(path, word, |a, b| a == b) {
        return Some(exact);
    }
    let bare = |text: &str| without_brackets(text).unwrap_or(text).to_owned();
    let last = (path.last()?, word.last()?);
    // Cheap refusal first: most words fit nothing.
    if !last.0.starts_with(bare(last.1).as_str()) {
        return None;
    }
    let (grade, _) = fit_levels(path, word, |a, b| bare(a) == bare(b))?;
    Some((grade - BRACKETS_LESS, MapReason::WithoutBrackets))
}

fn fit_levels(
    path: &[String],
    word: &[String],
    same: impl Fn(&str, &str) -> bool,
) -> Option<(u8, MapReason)> {
    if !same(path.last()?, word.last()?) {
        return None;
    }
    let equal = |tail: &[String]| tail.iter().zip(word).all(|(a, b)| same(a, b));
    if word.len() == path.len() && equal(path) {
        return Some((PATH, MapReason::Path));
    }
    if word.len() == 1 {
        return Some((LAST_LEVEL, MapReason::LastLevel));
    }
    if word.len() < path.len() {
        if equal(&path[path.len() - word.len()..]) {
            return Some((PATH_END, MapReason::PathEnd));
        }
        let mut levels = path.iter();
        if word
            .iter()
            .all(|wanted| levels.any(|level| same(level, wanted)))
        {
            return Some((PATH_GAPS, MapReason::PathEnd));
        }
    }
    None
}
