//! Wide tables: places down; years, crops or seasons across. Which columns of a header form the block, what
//! the levels over each one say, and which columns only add others up. Knows words and levels; reads no body.

use crate::sheet::Cell;
use crate::sheet::fold::{fold, without_brackets};
use crate::sheet::form::{Across, FormColumn};
use crate::sheet::header::HeaderCell;
use crate::sheet::lexicon::LEXICON;
use crate::sheet::line::total_word;
use crate::sheet::value::CodeWords;
use vocabulary::{FieldType, PartialDate, Value};

/// Fewer columns are no block.
const COLUMNS_MIN: usize = 2;
/// Years that a header may mean.
const YEARS: std::ops::RangeInclusive<i32> = 1949..=2150;

/// What a form says of its columns across, made ready.
#[derive(Debug, Default)]
pub(crate) struct AcrossWords {
    /// Form column and how its words are read, in the form's order.
    keys: Vec<(usize, KeyWords)>,
    /// Form column and its words, folded.
    values: Vec<(usize, Vec<String>)>,
}

/// How the words of a key are read.
#[derive(Debug)]
enum KeyWords {
    Codes(CodeWords),
    /// A year, as a number or as a date.
    Year {
        as_date: bool,
    },
    /// Only these words, each as it is written.
    Words(Vec<String>),
}

/// The block of a wide table. Header cells are named by their position.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Block {
    /// Form columns of the keys that the headers give.
    pub(crate) keys: Vec<usize>,
    /// Each distinct combination of keys, the leftmost first.
    pub(crate) groups: Vec<Group>,
    /// Columns that add up others.
    pub(crate) sums: Vec<Sum>,
    /// Columns that look like the block's but say a word that nobody knows.
    pub(crate) unknown: Vec<Unknown>,
    /// A column that says what another says already: itself and the other, which is taken.
    pub(crate) twice: Vec<(usize, usize)>,
}

/// One combination of keys: each physical row becomes one record for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// Its keys' values, aligned to [`Block::keys`].
    pub(crate) values: Vec<Value>,
    /// Form column and header cell.
    pub(crate) parts: Vec<(usize, usize)>,
}

/// A column of sums.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sum {
    pub(crate) at: usize,
    /// The form column that it adds up.
    pub(crate) column: usize,
    /// The groups that it adds up.
    pub(crate) groups: Vec<usize>,
}

/// A column whose word is not known.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unknown {
    pub(crate) at: usize,
    /// The form column whose word it should be.
    pub(crate) column: usize,
    /// Folded.
    pub(crate) word: String,
    /// The word that is most like it.
    pub(crate) near: Option<String>,
}

/// What the levels over one column say.
struct Levels {
    at: usize,
    /// Aligned to the keys; with the level that says it.
    keys: Vec<Option<(usize, Value)>>,
    value: Option<usize>,
    /// Levels that are neither.
    rest: Vec<usize>,
}

impl Levels {
    /// Which keys it gives, a bit each.
    fn mask(&self) -> u32 {
        let given = self.keys.iter().enumerate().filter(|(_, k)| k.is_some());
        given.map(|(at, _)| 1 << at).sum()
    }

    /// The highest level that gives a key.
    fn top(&self) -> usize {
        let levels = self.keys.iter().flatten().map(|(level, _)| *level);
        levels.min().unwrap_or(usize::MAX)
    }
}

impl AcrossWords {
    pub(crate) fn new(columns: &[FormColumn]) -> AcrossWords {
        let of = |across: Across| {
            let declared = columns.iter().enumerate();
            declared.filter(move |(_, column)| column.across == Some(across))
        };
        let folded = |words: &[String]| words.iter().map(|w| fold(w).into_owned()).collect();
        AcrossWords {
            keys: of(Across::Key)
                .map(|(at, column)| (at, KeyWords::new(column)))
                .collect(),
            values: of(Across::Value)
                .map(|(at, column)| (at, folded(&column.headers)))
                .collect(),
        }
    }

    /// Whether the form has no columns across.
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() || self.values.is_empty()
    }

    /// Form columns of the keys, each with whether the title may say it: a year.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (usize, bool)> {
        self.keys
            .iter()
            .map(|(column, words)| (*column, matches!(words, KeyWords::Year { .. })))
    }

    /// Form columns of the values.
    pub(crate) fn values(&self) -> impl Iterator<Item = usize> {
        self.values.iter().map(|(column, _)| *column)
    }

    /// Whether a folded text is one of the words, for telling a header row from others.
    pub(crate) fn knows(&self, word: &str) -> bool {
        !self.is_empty()
            && (self
                .keys
                .iter()
                .any(|(_, words)| words.read(word).is_some())
                || self.value_of(word).is_some())
    }

    /// The year that a key says when only the title names it.
    pub(crate) fn year(&self, column: usize, year: i32) -> Value {
        let as_date = self
            .keys
            .iter()
            .any(|(at, words)| *at == column && matches!(words, KeyWords::Year { as_date: true }));
        year_value(year, as_date)
    }

    pub(crate) fn value_of(&self, word: &str) -> Option<usize> {
        let says = |own: &String| own == word || without_brackets(word) == Some(own);
        let found = self.values.iter().find(|(_, words)| words.iter().any(says));
        found.map(|(column, _)| *column)
    }

    /// Finds the block among the header's cells that are free.
    pub(crate) fn block(
        &self,
        header: &[HeaderCell],
        is_free: impl Fn(usize) -> bool,
    ) -> Option<Block> {
        if self.is_empty() {
            return None;
        }
        let cells = header.iter().enumerate().filter(|(at, _)| is_free(*at));
        let cells: Vec<Levels> = cells.map(|(at, cell)| self.levels(at, cell)).collect();
        let mut masks: Vec<(u32, usize)> = Vec::new();
        for cell in &cells {
            let mask = cell.mask();
            match masks.iter_mut().find(|(known, _)| *known == mask) {
                Some((_, count)) => *count += 1,
                None => masks.push((mask, 1)),
            }
        }
        masks.retain(|(mask, count)| *mask != 0 && *count >= COLUMNS_MIN);
        masks.sort_by_key(|(mask, count)| std::cmp::Reverse((mask.count_ones(), *count)));
        masks
            .iter()
            .find_map(|(mask, _)| self.block_of(*mask, header, &cells))
    }

    fn levels(&self, at: usize, cell: &HeaderCell) -> Levels {
        let read: Vec<Vec<(usize, Value)>> = self
            .keys
            .iter()
            .map(|(_, words)| {
                let levels = cell.path.iter().enumerate();
                levels
                    .filter_map(|(level, word)| Some((level, words.read(word)?)))
                    .collect()
            })
            .collect();
        let mut keys: Vec<Option<(usize, Value)>> = vec![None; read.len()];
        let mut best = keys.clone();
        assign(&read, 0, &mut keys, &mut best);
        let used = |level: &usize| best.iter().flatten().any(|(own, _)| own == level);
        let mut rest: Vec<usize> = (0..cell.path.len()).filter(|level| !used(level)).collect();
        let mut named = rest.iter().enumerate().rev();
        let value = named.find_map(|(at, level)| Some((at, self.value_of(&cell.path[*level])?)));
        if let Some((at, _)) = value {
            rest.remove(at);
        }
        Levels {
            at,
            keys: best,
            value: value.map(|(_, column)| column),
            rest,
        }
    }

    fn block_of(&self, mask: u32, header: &[HeaderCell], cells: &[Levels]) -> Option<Block> {
        let words = |cell: &Levels| -> Vec<&str> {
            let path = &header[cell.at].path;
            cell.rest
                .iter()
                .map(|level| path[*level].as_str())
                .collect()
        };
        // What stands over the keys and names none is the block's own heading: one, or it is no heading.
        let whole = |cell: &&Levels| {
            cell.mask() == mask && cell.rest.iter().all(|level| *level < cell.top())
        };
        let mut over: Vec<(Vec<&str>, usize)> = Vec::new();
        for cell in cells.iter().filter(whole) {
            let own = words(cell);
            match over.iter_mut().find(|(known, _)| *known == own) {
                Some((_, count)) => *count += 1,
                None => over.push((own, 1)),
            }
        }
        over.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let (common, count) = over.first()?.clone();
        if count < COLUMNS_MIN || over.get(1).is_some_and(|(_, second)| *second == count) {
            return None;
        }
        let first_value = self.values.first().map(|(column, _)| *column)?;
        let mut block = Block::default();
        let given = self.keys.iter().enumerate();
        let given = given.filter(|(at, _)| mask & (1 << at) != 0);
        block.keys = given.map(|(_, (column, _))| *column).collect();
        let is_member = |cell: &&Levels| whole(cell) && words(cell) == common;
        for cell in cells.iter().filter(is_member) {
            let values: Vec<Value> = cell.keys.iter().flatten().map(|(_, v)| v.clone()).collect();
            let column = cell.value.unwrap_or(first_value);
            let known = block.groups.iter().position(|group| group.values == values);
            let index = known.unwrap_or_else(|| {
                block.groups.push(Group {
                    values,
                    parts: Vec::new(),
                });
                block.groups.len() - 1
            });
            let parts = &mut block.groups[index].parts;
            match parts.iter().find(|(known, _)| *known == column) {
                Some((_, first)) => block.twice.push((cell.at, *first)),
                None => parts.push((column, cell.at)),
            }
        }
        let members = || {
            cells
                .iter()
                .filter(is_member)
                .map(|cell| header[cell.at].column)
        };
        let (left, right) = (members().min()?, members().max()?);
        for cell in cells.iter().filter(|cell| !is_member(cell)) {
            let own: Vec<&str> = words(cell)
                .into_iter()
                .filter(|word| !common.contains(word))
                .collect();
            if let Some(sum) = self.sum(cell, mask, &own, &block, first_value) {
                block.sums.push(sum);
                continue;
            }
            let column = header[cell.at].column;
            let inside = (left..=right).contains(&column);
            block.unknown.extend(self.unknown(cell, mask, &own, inside));
        }
        Some(block)
    }

    /// The column as one that adds up others: `小计` under what it adds up, `粮食合计` beside the block.
    fn sum(
        &self,
        cell: &Levels,
        mask: u32,
        rest: &[&str],
        block: &Block,
        first_value: usize,
    ) -> Option<Sum> {
        let [word] = rest else { return None };
        total_word(word)?;
        let of = what_is_summed(word);
        let mut wanted: Vec<Option<&Value>> =
            cell.keys.iter().map(|k| k.as_ref().map(|k| &k.1)).collect();
        let said = self.keys.iter().enumerate().find_map(|(at, (_, words))| {
            let open = mask & (1 << at) != 0 && cell.keys[at].is_none();
            Some((at, words.read(of).filter(|_| open)?))
        });
        if !of.is_empty() {
            let (at, value) = said.as_ref()?;
            wanted[*at] = Some(value);
        }
        let given = wanted.iter().enumerate();
        let given: Vec<&Option<&Value>> = given
            .filter(|(at, _)| mask & (1 << at) != 0)
            .map(|(_, value)| value)
            .collect();
        if given.iter().all(|value| value.is_some()) {
            return None;
        }
        let column = cell.value.unwrap_or(first_value);
        let groups = block.groups.iter().enumerate().filter(|(_, group)| {
            let fits = |(own, wanted): (&Value, &&Option<&Value>)| wanted.is_none_or(|w| w == own);
            group.parts.iter().any(|(known, _)| *known == column)
                && group.values.iter().zip(&given).all(fits)
        });
        let groups: Vec<usize> = groups.map(|(index, _)| index).collect();
        (!groups.is_empty()).then_some(Sum {
            at: cell.at,
            column,
            groups,
        })
    }

    /// A column that lacks exactly the keys that its levels left over could say.
    fn unknown(&self, cell: &Levels, mask: u32, rest: &[&str], inside: bool) -> Option<Unknown> {
        let lacking = self
            .keys
            .iter()
            .enumerate()
            .filter(|(at, _)| mask & (1 << at) != 0 && cell.keys[*at].is_none());
        let lacking: Vec<&(usize, KeyWords)> = lacking.map(|(_, key)| key).collect();
        let (column, words) = lacking.first()?;
        if lacking.len() != rest.len() || rest.iter().any(|word| total_word(word).is_some()) {
            return None;
        }
        let near = words.near(rest[0]);
        (cell.mask() & mask != 0 || inside || near.is_some()).then(|| Unknown {
            at: cell.at,
            column: *column,
            word: rest[0].to_owned(),
            near,
        })
    }
}

/// What a word for a sum says it adds up: nothing for the bare word.
fn what_is_summed(word: &str) -> &str {
    let word = without_brackets(word).unwrap_or(word).trim_end_matches(':');
    let rows = &LEXICON.rows;
    let totals = rows.whole_totals.iter().chain(&rows.part_totals);
    let rest = totals.filter_map(|total| word.strip_suffix(total.as_str()));
    rest.min_by_key(|rest| rest.len()).unwrap_or(word)
}

/// Gives each key a level of its own, as many keys as can be.
fn assign(
    read: &[Vec<(usize, Value)>],
    key: usize,
    now: &mut Vec<Option<(usize, Value)>>,
    best: &mut Vec<Option<(usize, Value)>>,
) {
    if key == read.len() {
        if now.iter().flatten().count() > best.iter().flatten().count() {
            best.clone_from(now);
        }
        return;
    }
    for (level, value) in &read[key] {
        if !now.iter().flatten().any(|(used, _)| used == level) {
            now[key] = Some((*level, value.clone()));
            assign(read, key + 1, now, best);
            now[key] = None;
        }
    }
    assign(read, key + 1, now, best);
}

impl KeyWords {
    fn new(column: &FormColumn) -> KeyWords {
        match column.kind {
            FieldType::Code(_) => KeyWords::Codes(CodeWords::new(&column.codes)),
            FieldType::Int => KeyWords::Year { as_date: false },
            FieldType::Date => KeyWords::Year { as_date: true },
            _ => KeyWords::Words(column.headers.clone()),
        }
    }

    /// What a folded word says.
    fn read(&self, word: &str) -> Option<Value> {
        match self {
            // The number of a column is no code.
            KeyWords::Codes(_) if word.bytes().all(|byte| byte.is_ascii_digit()) => None,
            KeyWords::Codes(codes) => {
                let read = codes.read(Cell::text(word)).ok()?;
                (!read.value.is_null()).then_some(read.value)
            }
            KeyWords::Year { as_date } => Some(year_value(year(word)?, *as_date)),
            KeyWords::Words(words) => {
                let bare = without_brackets(word).unwrap_or(word);
                let own = words.iter().find(|own| {
                    let own = fold(own);
                    own == word || own == bare
                })?;
                Some(Value::text(own))
            }
        }
    }

    /// The word most like one that it does not know.
    fn near(&self, word: &str) -> Option<String> {
        match self {
            KeyWords::Codes(codes) => codes.read(Cell::text(word)).err()?.near,
            KeyWords::Year { .. } | KeyWords::Words(_) => None,
        }
    }
}

/// A header that is a year and nothing else, but for a unit in brackets.
fn year(word: &str) -> Option<i32> {
    let bare = without_brackets(word).unwrap_or(word);
    let (digits, rest) = bare.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let is_year = |year: &String| year == rest;
    let named = rest.is_empty() || LEXICON.date.year_headers.iter().any(is_year);
    let year: i32 = digits.parse().ok()?;
    (named && YEARS.contains(&year)).then_some(year)
}

fn year_value(year: i32, as_date: bool) -> Value {
    if as_date {
        let date = PartialDate::new(year, None, None);
        return date.map_or(Value::Null, |date| Value::Int(date.int().into()));
    }
    Value::Int(year.into())
}
