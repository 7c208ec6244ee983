//! Columns that no word of the form names: each header left is held against each column left, by its words,
//! the values under it and the columns beside it. A pair is taken only where it is the clear best for both;
//! ties are left to a person. Independent of the order of columns.

use crate::sheet::header::HeaderCell;
use crate::sheet::likeness::{self, ENOUGH, Heard, Known, Verdict};
use crate::sheet::mapping::Mapping;
use crate::sheet::meaning::HEADERS;
use crate::sheet::profile::{Profile, Profiles};
use crate::sheet::reading::MapReason;
use crate::sheet::view::View;
use crate::sheet::wordset::WordSet;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use vocabulary::FieldType;

/// A pair must be surer than any other of its header or its column by so much.
const MARGIN: u8 = 4;
/// A pair less alike than this is not even offered.
const OFFER: u8 = 30;
/// Rows that must agree before agreement proves anything, and of how many of a hundred.
const PROOF_ROWS: usize = 3;
const PROOF_SHARE: usize = 90;
/// A name stands at most so many columns from sex, birth or ID number.
const NEAR: usize = 2;
/// A column of names beside those of a person.
const NEIGHBOUR: u8 = 62;
/// Headers looked at; a table of more columns is no roster, and its words decide alone.
const HEADERS_MAX: usize = 200;

/// A form's columns, their words understood.
pub(crate) struct Wanted {
    pub(crate) kind: FieldType,
    pub(crate) words: Vec<Known>,
    pub(crate) codes: HashSet<String>,
    /// A column of a wide table, or one that the heading or a shape says: no guess finds it.
    pub(crate) across: bool,
}

/// Where a header lies.
pub(crate) struct Under<'a> {
    pub(crate) view: View<'a>,
    /// The first row of the body.
    pub(crate) body: usize,
    /// What the title, the sheet's name and the file's name say.
    pub(crate) title: &'a WordSet,
    pub(crate) profiles: &'a Profiles,
    /// Whether they name a year.
    pub(crate) year: bool,
}

/// A header and a column that may be each other's.
#[derive(Debug, Clone, Copy)]
struct Pair {
    at: usize,
    column: usize,
    sure: u8,
    reason: MapReason,
}

struct Guess<'a> {
    under: &'a Under<'a>,
    wanted: &'a [Wanted],
    header: &'a [HeaderCell],
    /// What each header that is left says.
    left: Vec<(usize, Heard)>,
}

/// Maps what is left, and offers what is not sure.
pub(crate) fn fill(
    mapping: &mut Mapping,
    taken: &HashSet<usize>,
    header: &[HeaderCell],
    wanted: &[Wanted],
    under: &Under<'_>,
) {
    let left = header
        .iter()
        .enumerate()
        .filter(|(at, _)| !taken.contains(at));
    let left = left.filter_map(|(at, cell)| {
        let meaning = HEADERS.meaning(cell.path.iter().map(String::as_str))?;
        Some((at, Heard::new(meaning)))
    });
    let guess = Guess {
        under,
        wanted,
        header,
        left: left.take(HEADERS_MAX).collect(),
    };
    // An ID number found in the first round proves birth and sex in the second.
    for _ in 0..2 {
        if !guess.round(mapping) {
            break;
        }
    }
    guess.name_beside(mapping);
    guess.offer(mapping);
}

impl Guess<'_> {
    fn round(&self, mapping: &mut Mapping) -> bool {
        let mut pairs = self.pairs(mapping);
        let mut any = false;
        loop {
            let clear = clear(&pairs);
            if clear.is_empty() {
                return any;
            }
            for pair in &clear {
                mapping.columns[pair.column] = Some((pair.at, pair.reason, pair.sure));
                pairs.retain(|other| other.at != pair.at && other.column != pair.column);
            }
            any = true;
        }
    }

    fn pairs(&self, mapping: &Mapping) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (at, meaning) in self.free(mapping) {
            let kin: Vec<_> = self
                .wanted
                .iter()
                .map(|wanted| {
                    let kind = &wanted.kind;
                    likeness::kinship(meaning, &wanted.words, kind, self.under.title)
                })
                .collect();
            // A second column of what is found already is that, and nothing less like it.
            let found =
                |column: &usize| mapping.columns[*column].is_some() || self.wanted[*column].across;
            let own = (0..kin.len()).filter(found).map(|column| kin[column].grade);
            let own = own.max().unwrap_or(0);
            for (column, wanted) in self.wanted.iter().enumerate() {
                let grade = kin[column].grade;
                if found(&column) || (own >= ENOUGH && grade <= own) {
                    continue;
                }
                let kind = &wanted.kind;
                let open = likeness::is_open(meaning, &wanted.words);
                if grade < OFFER && !(open && is_telling(kind)) {
                    continue;
                }
                let verdict = self.verdict(mapping, at, column);
                let reason = match grade {
                    _ if verdict == Verdict::Proof && grade < ENOUGH => MapReason::Values,
                    ENOUGH.. => MapReason::Alike,
                    _ if kin[column].by_title => MapReason::Title,
                    50.. => MapReason::Alike,
                    _ => MapReason::Values,
                };
                let sure = likeness::sureness(grade, verdict, kind, open);
                pairs.extend(sure.map(|sure| Pair {
                    at,
                    column,
                    sure,
                    reason,
                }));
            }
        }
        pairs
    }

    /// Headers that serve no column yet.
    fn free<'s>(&'s self, mapping: &'s Mapping) -> impl Iterator<Item = (usize, &'s Heard)> {
        let used: HashSet<usize> = mapping.columns.iter().flatten().map(|m| m.0).collect();
        let free = self.left.iter().filter(move |(at, _)| !used.contains(at));
        free.map(|(at, meaning)| (*at, meaning))
    }

    fn profile(&self, at: usize) -> Rc<Profile> {
        let column = self.header[at].column;
        self.under
            .profiles
            .under(self.under.view, self.under.body, column)
    }

    fn verdict(&self, mapping: &Mapping, at: usize, column: usize) -> Verdict {
        let wanted = &self.wanted[column];
        let profile = self.profile(at);
        if let Some((agree, rows)) = self.agreement(mapping, &profile, column)
            && rows >= PROOF_ROWS
            && agree * 100 >= rows * PROOF_SHARE
        {
            return Verdict::Proof;
        }
        let is_name = likeness::means(&wanted.words, "name");
        likeness::verdict(&profile, &wanted.kind, &wanted.codes, is_name)
    }

    /// How many rows of a column agree with those of another that is found: ID numbers with births and sexes.
    fn agreement(
        &self,
        mapping: &Mapping,
        profile: &Profile,
        column: usize,
    ) -> Option<(usize, usize)> {
        let found = |is: fn(&Wanted) -> bool| {
            let mut columns = self.wanted.iter().zip(&mapping.columns);
            let (_, mapped) = columns.find(|(wanted, mapped)| is(wanted) && mapped.is_some())?;
            mapped.map(|(at, ..)| self.profile(at))
        };
        let wanted = &self.wanted[column];
        if is_id(wanted) {
            let birth = found(is_birth).map(|dates| profile.birth_agrees(&dates));
            return birth.or_else(|| found(is_sex).map(|sexes| enough(profile.sex_agrees(&sexes))));
        }
        let ids = found(is_id)?;
        if is_birth(wanted) {
            Some(ids.birth_agrees(profile))
        } else if is_sex(wanted) {
            Some(enough(ids.sex_agrees(profile)))
        } else {
            None
        }
    }

    /// A column of people's names is their name when its header says only that these are people, or nothing
    /// beside their sex, birth or ID number; and when there is only one.
    fn name_beside(&self, mapping: &mut Mapping) {
        let is_name = |wanted: &Wanted| likeness::means(&wanted.words, "name");
        let Some(column) = self.wanted.iter().position(is_name) else {
            return;
        };
        if mapping.columns[column].is_some() {
            return;
        }
        let personal = self.wanted.iter().zip(&mapping.columns);
        let personal =
            personal.filter(|(wanted, _)| is_id(wanted) || is_birth(wanted) || is_sex(wanted));
        let beside: Vec<usize> = personal
            .filter_map(|(_, mapped)| mapped.map(|(at, ..)| self.header[at].column))
            .collect();
        let words = &self.wanted[column].words;
        let fits = |(at, meaning): &(usize, &Heard)| {
            let profile = self.profile(*at);
            let own = meaning
                .said
                .full
                .iter()
                .all(|word| HEADERS.is_subject(word));
            own && likeness::is_open(meaning, words)
                && profile.filled >= 3
                && profile.people() >= 80
                && profile.distinct() * 2 > profile.filled
                && (!meaning.said.full.is_empty()
                    || beside
                        .iter()
                        .any(|other| other.abs_diff(self.header[*at].column) <= NEAR))
        };
        let fitting: Vec<usize> = self.free(mapping).filter(fits).map(|(at, _)| at).collect();
        if let [at] = fitting[..] {
            mapping.columns[column] = Some((at, MapReason::Neighbour, NEIGHBOUR));
        }
    }

    /// What each header left might be, for a person to say.
    fn offer(&self, mapping: &mut Mapping) {
        let mut offers = Vec::new();
        for (at, meaning) in self.free(mapping) {
            let open = self.wanted.iter().zip(&mapping.columns).enumerate();
            let open = open.filter(|(_, (own, mapped))| mapped.is_none() && !own.across);
            let graded = open.map(|(column, (wanted, _))| {
                let kind = &wanted.kind;
                let kin = likeness::kinship(meaning, &wanted.words, kind, self.under.title);
                (kin.grade, std::cmp::Reverse(column))
            });
            if let Some((grade, std::cmp::Reverse(column))) = graded.max()
                && grade >= OFFER
            {
                offers.push((at, column, grade));
            }
        }
        mapping.offers = offers;
    }
}

/// Whether values of this kind look like nothing else.
fn is_telling(kind: &FieldType) -> bool {
    use FieldType::{Code, Date, Division, IdNumber, Phone};
    matches!(kind, Code(_) | Date | Division | IdNumber | Phone)
}

fn is_id(wanted: &Wanted) -> bool {
    wanted.kind == FieldType::IdNumber
}

fn is_birth(wanted: &Wanted) -> bool {
    wanted.kind == FieldType::Date && likeness::means(&wanted.words, "birth")
}

fn is_sex(wanted: &Wanted) -> bool {
    matches!(wanted.kind, FieldType::Code(_)) && likeness::means(&wanted.words, "sex")
}

/// A sex agrees by chance in every second row, so more rows are asked for.
fn enough((agree, rows): (usize, usize)) -> (usize, usize) {
    if rows < 4 * PROOF_ROWS {
        (0, rows)
    } else {
        (agree, rows)
    }
}

/// The pairs that are surer by the margin than every other of their header and of their column.
fn clear(pairs: &[Pair]) -> Vec<Pair> {
    let by_header = best_two(pairs.iter().map(|pair| (pair.at, pair.sure)));
    let by_column = best_two(pairs.iter().map(|pair| (pair.column, pair.sure)));
    let best = |(first, second): (u8, u8), sure: u8| sure == first && second + MARGIN <= sure;
    let clear = |pair: &&Pair| {
        best(by_header[&pair.at], pair.sure) && best(by_column[&pair.column], pair.sure)
    };
    pairs.iter().filter(clear).copied().collect()
}

fn best_two(sure: impl Iterator<Item = (usize, u8)>) -> HashMap<usize, (u8, u8)> {
    let mut best: HashMap<usize, (u8, u8)> = HashMap::new();
    for (of, sure) in sure {
        let (first, second) = best.entry(of).or_default();
        if sure > *first {
            (*first, *second) = (sure, *first);
        } else {
            *second = sure.max(*second);
        }
    }
    best
}
