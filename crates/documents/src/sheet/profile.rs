//! What stands under a header: of its first cells, how many are ID numbers, telephone numbers, dates, names,
//! places, numbers, ticks, and which words they hold. Says nothing about what a header means.

use crate::sheet::Cell;
use crate::sheet::fold::{fold, half_width, is_hanzi, is_space};
use crate::sheet::form::FormColumn;
use crate::sheet::meaning::HEADERS;
use crate::sheet::value::{ColumnReader, DateContext};
use crate::sheet::view::View;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use vocabulary::{FieldType, PartialDate, Precision, Value};

/// Cells looked at under one header.
const CELLS_MAX: usize = 120;
/// Rows looked at for them.
const ROWS_MAX: usize = 400;
/// Different words kept; a column of more is no list of codes.
const WORDS_MAX: usize = 64;

/// The cells under one header.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    pub(crate) filled: usize,
    ids: usize,
    phones: usize,
    dates: usize,
    people: usize,
    places: usize,
    numbers: usize,
    ticks: usize,
    /// Each folded word and how often it stands there.
    words: BTreeMap<String, usize>,
    /// By row: the ID number, the date, the sex that the cell says.
    id_at: BTreeMap<usize, String>,
    date_at: BTreeMap<usize, PartialDate>,
    sex_at: BTreeMap<usize, bool>,
}

/// Profiles of one sheet, each made once.
#[derive(Default)]
pub(crate) struct Profiles {
    made: RefCell<HashMap<(usize, usize), Rc<Profile>>>,
}

/// A share of the filled cells, in percent.
fn share(count: usize, of: usize) -> usize {
    (100 * count).checked_div(of).unwrap_or(0)
}

impl Profiles {
    /// What stands in a column from a row on.
    pub(crate) fn under(&self, sheet: View<'_>, from: usize, column: usize) -> Rc<Profile> {
        let mut made = self.made.borrow_mut();
        let profile = made
            .entry((from, column))
            .or_insert_with(|| Rc::new(Profile::of(sheet, from, column)));
        Rc::clone(profile)
    }
}

impl Profile {
    fn of(sheet: View<'_>, from: usize, column: usize) -> Profile {
        let mut profile = Profile::default();
        let mut readers = Readers::new();
        for row in from..sheet.rows().min(from + ROWS_MAX) {
            let cell = sheet.cell(row, column);
            // A line of one cell is a title, a note or the name of a section.
            if cell.is_empty() || sheet.filled(row).nth(1).is_none() {
                continue;
            }
            profile.add(row, cell, &mut readers);
            if profile.filled == CELLS_MAX {
                break;
            }
        }
        profile
    }

    fn add(&mut self, row: usize, cell: Cell<'_>, readers: &mut Readers) {
        let shown = cell.shown();
        let word = fold(&shown).into_owned();
        self.filled += 1;
        if let Some(id) = readers.id(cell) {
            self.ids += 1;
            self.id_at.insert(row, id);
        }
        self.phones += usize::from(is_phone(&shown));
        if let Some(date) = readers.date(cell) {
            self.dates += 1;
            self.date_at.insert(row, date);
        }
        self.numbers += usize::from(readers.is_number(cell));
        self.ticks += usize::from(readers.is_tick(cell));
        self.people += usize::from(is_person(&shown));
        self.places += usize::from(is_place(&word));
        let values = &HEADERS.values;
        if values.male.contains(&word) || values.female.contains(&word) {
            self.sex_at.insert(row, values.male.contains(&word));
        }
        if self.words.len() < WORDS_MAX || self.words.contains_key(&word) {
            *self.words.entry(word).or_default() += 1;
        }
    }

    /// How many of a hundred cells read as the kind; `None` when the kind takes anything.
    pub(crate) fn share(&self, kind: &FieldType, codes: &HashSet<String>) -> Option<usize> {
        let count = match kind {
            FieldType::IdNumber => self.ids,
            FieldType::Phone => self.phones,
            FieldType::Date => self.dates,
            FieldType::Division => self.places,
            FieldType::Bool => self.ticks,
            FieldType::Int | FieldType::Decimal(_) | FieldType::Money | FieldType::Area => {
                self.numbers
            }
            // No cell is told to be a shape by its looks.
            FieldType::Shape(_) => return None,
            FieldType::Code(_) => {
                let known = self.words.iter().filter(|(word, _)| codes.contains(*word));
                known.map(|(_, count)| count).sum()
            }
            FieldType::Text | FieldType::Reference(_) => return None,
        };
        Some(share(count, self.filled))
    }

    /// Of a hundred cells, those that are two to four characters beginning with a surname.
    pub(crate) fn people(&self) -> usize {
        share(self.people, self.filled)
    }

    /// Of a hundred cells, ID and telephone numbers.
    pub(crate) fn personal_numbers(&self) -> usize {
        share(self.ids + self.phones, self.filled)
    }

    /// How many different words stand there.
    pub(crate) fn distinct(&self) -> usize {
        self.words.len()
    }

    /// Of the rows where both stand, how many ID numbers (this column) hold the other column's date; and
    /// the rows.
    pub(crate) fn birth_agrees(&self, dates: &Profile) -> (usize, usize) {
        let (mut agree, mut both) = (0, 0);
        for (row, id) in &self.id_at {
            let Some(date) = dates.date_at.get(row) else {
                continue;
            };
            both += 1;
            // A year alone proves little.
            let month_known = date.precision() != Precision::Year;
            let agrees = born(id).is_some_and(|born| born.agrees(*date));
            agree += usize::from(month_known && agrees);
        }
        (agree, both)
    }

    /// As [`Profile::birth_agrees`] for the sex.
    pub(crate) fn sex_agrees(&self, sexes: &Profile) -> (usize, usize) {
        let (mut agree, mut both) = (0, 0);
        for (row, id) in &self.id_at {
            let (Some(male), Some(digit)) = (sexes.sex_at.get(row), id.as_bytes().get(16)) else {
                continue;
            };
            both += 1;
            agree += usize::from((digit % 2 == 1) == *male);
        }
        (agree, both)
    }
}

/// The date in an ID number.
fn born(id: &str) -> Option<PartialDate> {
    let number = |range: std::ops::Range<usize>| id.get(range)?.parse::<u32>().ok();
    let year = i32::try_from(number(6..10)?).ok()?;
    PartialDate::new(year, number(10..12), number(12..14))
}

/// Readers of the kinds that values prove.
struct Readers {
    id: ColumnReader,
    date: ColumnReader,
    number: ColumnReader,
    money: ColumnReader,
    area: ColumnReader,
    tick: ColumnReader,
}

impl Readers {
    fn new() -> Readers {
        let reader = |kind: FieldType| {
            let column = FormColumn {
                kind,
                ..FormColumn::default()
            };
            ColumnReader::new(&column, None, DateContext::default())
        };
        Readers {
            id: reader(FieldType::IdNumber),
            date: reader(FieldType::Date),
            number: reader(FieldType::Decimal(4)),
            money: reader(FieldType::Money),
            area: reader(FieldType::Area),
            tick: reader(FieldType::Bool),
        }
    }

    fn id(&mut self, cell: Cell<'_>) -> Option<String> {
        match self.id.read(cell).ok()?.value {
            Value::Text(id) => Some(id),
            _ => None,
        }
    }

    fn date(&mut self, cell: Cell<'_>) -> Option<PartialDate> {
        let value = self.date.read(cell).ok()?.value;
        Some(PartialDate::from_int(i32::try_from(value.as_int()?).ok()?))
    }

    fn is_number(&mut self, cell: Cell<'_>) -> bool {
        let filled = |reader: &mut ColumnReader| {
            reader
                .read(cell)
                .is_ok_and(|reading| reading.value.as_int().is_some())
        };
        filled(&mut self.number) || filled(&mut self.money) || filled(&mut self.area)
    }

    fn is_tick(&mut self, cell: Cell<'_>) -> bool {
        self.tick.read(cell).is_ok()
    }
}

/// A mobile number, masked ones too, or one with an area code.
fn is_phone(shown: &str) -> bool {
    let masked = |c: char| c.is_ascii_digit() || matches!(c, '*' | 'x');
    let plain = half_width(shown);
    let plain = plain.chars().filter(|c| *c != '-' && !is_space(*c));
    let plain: String = plain.collect();
    let count = plain.chars().count();
    if !plain.chars().all(masked) {
        return false;
    }
    let mobile = count == 11 && plain.starts_with('1') && !plain[1..].starts_with(['0', '1', '2']);
    mobile || ((10..=12).contains(&count) && plain.starts_with('0'))
}

fn is_person(shown: &str) -> bool {
    let letters: Vec<char> = shown.chars().filter(|c| !c.is_whitespace()).collect();
    (2..=4).contains(&letters.len())
        && letters.iter().all(|c| is_hanzi(*c))
        && HEADERS.surnames.contains(&letters[0])
        && !is_place(shown)
}

fn is_place(folded: &str) -> bool {
    let ends = |ending: &String| folded.len() > ending.len() && folded.ends_with(ending.as_str());
    folded.chars().count() <= 16 && HEADERS.values.places.iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;

    #[test]
    fn cells_are_told_by_their_look() {
        for (text, phone) in [
            ("13800001111", true),
            ("138****2079", true),
            ("0818-5551234", true),
            ("10800001111", false),
            ("20220102", false),
            ("11010519491231002x", false),
        ] {
            assert_eq!(is_phone(text), phone, "{text}");
        }
        for (text, person) in [
            ("张三", true),
            ("张　三", true),
            ("石桥村", false),
            ("主任", false),
            ("A", false),
        ] {
            assert_eq!(is_person(text), person, "{text}");
        }
    }

    #[test]
    fn an_id_number_agrees_with_its_own_dates_only() {
        let sheet = Sheet::from_rows(
            "t",
            &[
                vec!["11010519491231002X", "1949.12", "1970.07", "女"],
                vec!["11010519491231002X", "1949-12-31", "1949.11", "男"],
            ],
        );
        let profiles = Profiles::default();
        let under = |column| profiles.under(View::whole(&sheet), 0, column);
        assert_eq!(under(0).birth_agrees(&under(1)), (2, 2));
        assert_eq!(under(0).birth_agrees(&under(2)), (0, 2));
        assert_eq!(under(0).sex_agrees(&under(3)), (1, 2));
    }
}
