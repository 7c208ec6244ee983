//! Which form a table is: every header row of the sheet is held against every form; the clear best is
//! read, two that are about equal are a question, none is a sentence.

use crate::sheet::body::{self, Frame};
use crate::sheet::dated::{Heading, is_dated_line};
use crate::sheet::effort::Effort;
use crate::sheet::finding::{Origin, WORDS};
use crate::sheet::fold::fold;
use crate::sheet::form::{ColumnChoices, Form};
use crate::sheet::guess::Under;
use crate::sheet::header::{HEIGHT_MAX, HeaderCell, Merges, least_height, paths};
use crate::sheet::headwords::HeadWords;
use crate::sheet::lexicon::LEXICON;
use crate::sheet::limits::EFFORT_MAX;
use crate::sheet::line::is_note;
use crate::sheet::mapping::{Compiled, Mapping, is_header};
use crate::sheet::meaning::HEADERS;
use crate::sheet::profile::Profiles;
use crate::sheet::reading::SheetReading;
use crate::sheet::section;
use crate::sheet::stray;
use crate::sheet::strips::Split;
use crate::sheet::unsure;
use crate::sheet::versions::{self, Why};
use crate::sheet::view::View;
use crate::sheet::{Cell, CellAt, Sheet};
use vocabulary::{FieldType, Finding, FindingClass};

/// How far down a header is looked for; below it lies no table, or not one for this ledger.
const SEARCH_ROWS: usize = 2_000;
/// How far over a header its title may stand; what is further up is another table's or nobody's.
const HEADING_ROWS: usize = 60;
/// So many digits in a row are a number of a person, a telephone or a document.
const DIGITS_MIN: usize = 9;
/// Two scores closer than this (of 1000) are about equal.
const MARGIN: u32 = 40;
/// Of the text over a header this much is looked at for words that the header lacks.
const TITLE_BYTES_MAX: usize = 600;
/// Share of the form's columns found, of 1000.
const FOUND_WEIGHT: u32 = 400;
/// Share of the sheet's columns that serve the form.
const USED_WEIGHT: u32 = 300;
/// Each of the form's names in the sheet's name or title, up to two.
const NAME_WEIGHT: u32 = 100;
/// Each of the form's names in the file's name, up to two.
const FILE_WEIGHT: u32 = 50;
/// A column that a clerk has chosen weighs more than any likeness.
const CHOSEN_WEIGHT: u32 = 200;

/// Forms made ready to be held against many sheets: their words are folded once, not for each sheet.
pub struct Forms<'f>(Vec<Compiled<'f>>);

impl<'f> Forms<'f> {
    /// Makes them ready.
    pub fn new(forms: &'f [Form]) -> Forms<'f> {
        Forms(forms.iter().map(Compiled::new).collect())
    }

    /// As [`match_tables`].
    pub fn match_tables(
        &self,
        sheet: &Sheet,
        file_name: &str,
        choices: &ColumnChoices,
    ) -> SheetReading {
        match_within(sheet, self, file_name, choices, &Effort::new(EFFORT_MAX))
    }
}

/// Reads a sheet: finds its tables, maps their columns and reads their rows.
pub fn match_tables(
    sheet: &Sheet,
    forms: &[Form],
    file_name: &str,
    choices: &ColumnChoices,
) -> SheetReading {
    Forms::new(forms).match_tables(sheet, file_name, choices)
}

/// As [`match_tables`], with no more effort than is handed in.
pub(crate) fn match_within(
    sheet: &Sheet,
    forms: &Forms<'_>,
    file_name: &str,
    choices: &ColumnChoices,
    effort: &Effort,
) -> SheetReading {
    let mut reading = match_sheet(sheet, forms, file_name, choices, effort);
    let beside = stray::findings(sheet, file_name, &reading.tables);
    match reading.tables.last_mut() {
        Some(table) => table.findings.extend(beside),
        None => reading.beside = beside,
    }
    reading
}

fn match_sheet(
    sheet: &Sheet,
    forms: &Forms<'_>,
    file_name: &str,
    choices: &ColumnChoices,
    effort: &Effort,
) -> SheetReading {
    let origin = Origin {
        file: file_name,
        sheet: &sheet.name,
    };
    if sheet.is_empty() {
        let empty = origin.finding("D122", FindingClass::Notice, None, &[]);
        return SheetReading {
            tables: Vec::new(),
            set_aside: Some(empty),
            ..SheetReading::default()
        };
    }
    let forms = forms.0.as_slice();
    let words = HeadWords::new(forms, choices);
    let search = Search::new(
        View::whole(sheet),
        forms,
        &words,
        file_name,
        choices,
        effort,
    );
    let mut reading = SheetReading::default();
    let mut near = None;
    search.read(0, &mut reading, &mut near);
    if let Some(table) = reading.tables.first() {
        let fitting = reading.tables.iter().map(|table| forms[table.form].form);
        let title = forms[table.form].form.title.as_str();
        let finding = |code, word: &str| {
            let params = [("form", title), ("word", word)];
            origin.finding(code, FindingClass::Notice, None, &params)
        };
        let why = versions::why(sheet, file_name, fitting, choices).map(|why| match why {
            Why::Hidden => finding("D180", ""),
            Why::Named(word) => finding("D181", &word),
        });
        if why.is_some() {
            return SheetReading {
                tables: Vec::new(),
                set_aside: why,
                ..SheetReading::default()
            };
        }
    }
    if reading.tables.is_empty() && reading.set_aside.is_none() {
        reading.set_aside = Some(search.set_aside(near));
    } else if let Some(table) = reading.tables.first_mut() {
        table.findings.extend(search.idle_choices());
    }
    if let Some(row) = effort.stopped() {
        let at = Some(CellAt::of(row, 0));
        let tired = origin.finding("D128", FindingClass::Rejected, at, &[]);
        match reading.tables.last_mut() {
            Some(table) => table.findings.push(tired),
            None => reading.set_aside = Some(tired),
        }
    }
    reading
}

/// Reads a sheet of which the first row is the header and so many others are records, as a layer's features are.
pub(crate) fn match_flat(
    sheet: &Sheet,
    forms: &Forms<'_>,
    (file_name, records): (&str, usize),
    choices: &ColumnChoices,
) -> SheetReading {
    let forms = forms.0.as_slice();
    let words = HeadWords::new(forms, choices);
    let effort = Effort::new(EFFORT_MAX);
    let view = View::whole(sheet);
    let mut search = Search::new(view, forms, &words, file_name, choices, &effort);
    search.flat = true;
    let mut reading = SheetReading::default();
    let mut near = None;
    let mut candidates = search.candidates(0, 0, &mut near);
    candidates.sort_by_key(|c| (std::cmp::Reverse(c.score), c.form));
    match &candidates[..] {
        [best, second, ..] if best.score - second.score < MARGIN => {
            let finding = search.ambiguous(best.form, second.form);
            reading.set_aside = Some(finding);
        }
        [best, ..] => {
            let mut table = body::read_flat(&search.frame(best), records);
            (table.form, table.score) = (best.form, best.score);
            table.findings.extend(search.idle_choices());
            reading.tables.push(table);
        }
        [] => reading.set_aside = Some(search.set_aside(near)),
    }
    reading
}

/// A form found at a header.
pub(crate) struct Candidate {
    form: usize,
    score: u32,
    first: usize,
    height: usize,
    /// The first row that may be this table's title.
    from: usize,
    header: Vec<HeaderCell>,
    mapping: Mapping,
    /// What stands for the one column that is missing.
    section: Option<Evidence>,
}

/// What says what rows belong to when no column does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// Lines between the rows.
    Lines,
    /// The title, the sheet's name or the file's.
    Title,
}

impl Candidate {
    /// How many of the form's columns it serves.
    pub(crate) fn found(&self) -> usize {
        self.mapping.found()
    }
}

enum Found<'a> {
    Table(Candidate),
    /// Tables beside each other, the row of the first header among them.
    Split(Split<'a>, usize),
    Ambiguous {
        form: usize,
        other: usize,
        after: usize,
    },
    Nothing,
}

/// The form that came nearest to a match, for the sentence.
pub(crate) struct Near {
    form: usize,
    /// One of the form's names stands over the table, or in the sheet's or file's name.
    named: bool,
    found: usize,
    missing: Vec<String>,
    /// What the header most like a missing column may be.
    offer: Option<String>,
}

/// A sheet, or a part of it, under search.
pub(crate) struct Search<'a> {
    pub(crate) view: View<'a>,
    forms: &'a [Compiled<'a>],
    file: &'a str,
    choices: &'a ColumnChoices,
    pub(crate) merges: Merges,
    /// Every word that a header of any form may end with.
    words: &'a HeadWords<'a>,
    profiles: Profiles,
    effort: &'a Effort,
    /// Every row but the first is a record.
    flat: bool,
    /// What stands over this part and beyond it, for the first table from that row on.
    shared: (usize, Vec<(CellAt, String)>),
}

impl<'a> Search<'a> {
    fn new(
        view: View<'a>,
        forms: &'a [Compiled<'a>],
        words: &'a HeadWords<'a>,
        file: &'a str,
        choices: &'a ColumnChoices,
        effort: &'a Effort,
    ) -> Search<'a> {
        Search {
            view,
            forms,
            file,
            choices,
            merges: Merges::of(view),
            words,
            effort,
            profiles: Profiles::default(),
            flat: false,
            shared: (0, Vec::new()),
        }
    }

    /// The same search in a part of the view.
    pub(crate) fn part(&self, view: View<'a>) -> Search<'a> {
        Search::new(
            view,
            self.forms,
            self.words,
            self.file,
            self.choices,
            self.effort,
        )
    }

    /// What stands over this part and beyond it.
    pub(crate) fn share(&mut self, from: usize, shared: Vec<(CellAt, String)>) {
        self.shared = (from, shared);
    }

    /// What is shared by a table whose title may begin at this row.
    pub(crate) fn shared_at(&self, from: usize) -> &[(CellAt, String)] {
        if self.shared.0 == from {
            &self.shared.1
        } else {
            &[]
        }
    }

    fn origin(&self) -> Origin<'a> {
        Origin {
            file: self.file,
            sheet: &self.view.sheet.name,
        }
    }

    /// Reads every table from a row on.
    fn read(&self, mut from: usize, reading: &mut SheetReading, near: &mut Option<Near>) {
        while from < self.view.rows() {
            match self.next(from, near) {
                Found::Table(found) => {
                    let (mut table, next) = body::read(&self.frame(&found));
                    table.form = found.form;
                    table.score = found.score;
                    reading.tables.push(table);
                    from = next.max(found.first + found.height);
                }
                Found::Split(split, row) => {
                    for strip in split.strips {
                        self.within(strip, from, row).read(from, reading, near);
                    }
                    from = split.bottom.max(row + 1);
                }
                Found::Ambiguous { form, other, after } => {
                    let finding = self.ambiguous(form, other);
                    reading.set_aside.get_or_insert(finding);
                    from = after;
                }
                Found::Nothing => break,
            }
        }
    }

    /// Two forms about equal.
    fn ambiguous(&self, form: usize, other: usize) -> Finding {
        let params = [
            ("form", &*self.forms[form].form.title),
            ("other", &*self.forms[other].form.title),
        ];
        let class = FindingClass::Rejected;
        self.origin().finding("D121", class, None, &params)
    }

    /// Whether a row may be a header: it holds words that headers hold.
    pub(crate) fn may_be_header(&self, row: usize) -> bool {
        if self.view.filled(row).any(|(_, cell)| is_datum(cell)) {
            return false;
        }
        let (mut filled, mut known) = (0, 0);
        for (_, cell) in self.view.filled(row) {
            filled += 1;
            let shown = cell.shown();
            let word = fold(&shown);
            known += usize::from(self.words.contains(&word));
            if known >= 2 {
                return true;
            }
        }
        if filled >= 3 && known + self.words.meant(&self.view, row) >= 2 {
            return true;
        }
        // The words of a header of several levels may all stand below.
        filled >= 2 && known >= 1 && least_height(&self.merges, row).is_some_and(|h| h > 1)
            || filled >= 2 && self.merges.within(row, row + 1).len() >= 2 && !self.is_lines(row)
            || filled == 1 && known == 1 && self.forms.iter().any(|f| f.form.columns.len() == 1)
    }

    /// Whether a row holds nothing but lines with dates and units, as stand under a title.
    fn is_lines(&self, row: usize) -> bool {
        let is_line =
            |cell: Cell<'_>| is_dated_line(&cell.shown()) || is_note(&fold(&cell.shown()), 1);
        self.view.filled(row).all(|(_, cell)| is_line(cell))
    }

    /// Whether a row's first text is a header's word; cheap.
    pub(crate) fn begins_like_header(&self, row: usize) -> bool {
        let first = self.view.filled(row).next();
        matches!(first, Some((_, Cell::Text(text))) if self.words.contains(fold(text).as_ref()))
    }

    /// Whether another table begins here: a row of header words that completes some form.
    pub(crate) fn begins_table(&self, row: usize) -> bool {
        self.may_be_header(row) && !self.candidates(row, row, &mut None).is_empty()
    }

    fn next(&self, from: usize, near: &mut Option<Near>) -> Found<'a> {
        for row in from..self.view.rows().min(from + SEARCH_ROWS) {
            if self.effort.stopped().is_some() {
                break;
            }
            if !self.may_be_header(row) {
                continue;
            }
            let mut candidates = self.candidates(row, from, near);
            if let Some(split) = self.split(row, from, &candidates) {
                return Found::Split(split, row);
            }
            candidates.sort_by_key(|c| (std::cmp::Reverse(c.score), c.form));
            let mut candidates = candidates.into_iter();
            let Some(best) = candidates.next() else {
                continue;
            };
            return match candidates.next() {
                Some(second) if best.score - second.score < MARGIN => Found::Ambiguous {
                    form: best.form,
                    other: second.form,
                    after: best.first + best.height,
                },
                _ => Found::Table(best),
            };
        }
        Found::Nothing
    }

    /// Every form that a header beginning at this row completes, each with its best height.
    pub(crate) fn candidates(
        &self,
        row: usize,
        from: usize,
        near: &mut Option<Near>,
    ) -> Vec<Candidate> {
        let Some(least) = least_height(&self.merges, row) else {
            return Vec::new();
        };
        let width = self.view.width(row);
        // What stands over a header is read for each row that may be one.
        if !self.effort.spend(row, width, 4 * (row - from)) {
            return Vec::new();
        }
        let words: usize = self.forms.iter().map(Compiled::weight).sum();
        let heading = self.heading(from, row);
        let (around, file) = heading.folded();
        let (_, title) = HEADERS.words_in(around.get(..TITLE_BYTES_MAX).unwrap_or(&around));
        let mut best: Vec<Option<Candidate>> = Vec::new();
        best.resize_with(self.forms.len(), || None);
        for height in least..=HEIGHT_MAX {
            if row + height > self.view.rows() {
                break;
            }
            // Beside comparing its words a cell costs being read and folded.
            if height > least && (self.flat || self.is_data(row, row + height - 1))
                || !self.effort.spend(row, width, words + 8)
            {
                break;
            }
            let header = paths(self.view, &self.merges, row, height);
            let under = Under {
                view: self.view,
                body: row + height,
                title: &title,
                profiles: &self.profiles,
                year: heading.year().is_some(),
            };
            for (index, form) in self.forms.iter().enumerate() {
                let stands = |word: &String| around.contains(word) || file.contains(word);
                if form.never.iter().any(stands)
                    || !form.only.is_empty() && !form.only.iter().any(stands)
                {
                    continue;
                }
                let mapping = form.map(&header, &under, self.choices);
                let found = mapping.found();
                if found == 0 || self.goes_on(form, &mapping, &header, row + height) {
                    continue;
                }
                // Of a layer the shape speaks as well.
                let lone = found == 1 && form.form.columns.len() > 1 && !self.flat;
                let complete = form.is_complete(&mapping);
                let section = form.lacks_section(&mapping).filter(|_| !complete);
                let evidence = section.and_then(|column| {
                    self.section_evidence(row, row + height, form, column, &around)
                });
                if lone || (!complete && evidence.is_none()) {
                    let offer = || {
                        let origin = self.origin();
                        unsure::nearest(&origin, form.form, &header, &mapping)
                    };
                    let named = form.is_named(&around) || form.is_named(&file);
                    remember_near(near, (index, named), form, &mapping, found, offer);
                    continue;
                }
                let score = score(form, &mapping, &header, &around, &file);
                if best[index].as_ref().is_none_or(|best| best.score < score) {
                    let header = header.clone();
                    let first = row;
                    best[index] = Some(Candidate {
                        form: index,
                        score,
                        first,
                        height,
                        from,
                        header,
                        mapping,
                        section: evidence,
                    });
                }
            }
        }
        // A title that may name the place is a weaker sign than a header that is complete.
        let certain = |found: &Candidate| found.section != Some(Evidence::Title);
        if best.iter().flatten().any(certain) {
            best.retain(|found| found.as_ref().is_some_and(certain));
        }
        best.into_iter().flatten().collect()
    }

    /// Whether a row under a header's first is no further level: no word of any header, and filled as widely.
    fn is_data(&self, first: usize, row: usize) -> bool {
        if !self.merges.within(first, row + 1).is_empty() {
            return false;
        }
        let wide = self.view.filled(first).count();
        let mut filled = 0;
        for (_, cell) in self.view.filled(row) {
            filled += 1;
            let shown = cell.shown();
            let word = fold(&shown);
            if self.words.contains(&word) {
                return false;
            }
        }
        filled * 2 >= wide && self.words.meant(&self.view, row) == 0
    }

    /// Whether the row under a header names the values of a wide table: the header is not whole without it.
    fn goes_on(
        &self,
        form: &Compiled<'_>,
        mapping: &Mapping,
        header: &[HeaderCell],
        row: usize,
    ) -> bool {
        let Some(block) = &mapping.block else {
            return false;
        };
        let parts = block.groups.iter().flat_map(|group| &group.parts);
        let under = parts.map(|(_, at)| self.view.cell(row, header[*at].column));
        let mut texts = under.filter(|cell| matches!(cell, Cell::Text(_)));
        texts.any(|cell| form.across.value_of(&fold(&cell.shown())).is_some())
    }

    /// What says what the rows under a header belong to, where a column for it is missing.
    fn section_evidence(
        &self,
        row: usize,
        body: usize,
        form: &Compiled<'_>,
        column: usize,
        around: &str,
    ) -> Option<Evidence> {
        if self.flat {
            return None;
        }
        if section::begins_with_section(self.view, body)
            || section::line_above(self.view, row).is_some()
        {
            return Some(Evidence::Lines);
        }
        let is_place = form.form.columns[column].kind == FieldType::Division;
        let named = form.names.iter().any(|name| around.contains(name));
        (is_place && named).then_some(Evidence::Title)
    }

    /// What stands over a header.
    fn heading(&self, from: usize, row: usize) -> Heading<'a> {
        let from = from.max(row.saturating_sub(HEADING_ROWS));
        let mut heading = Heading::of(self.view, self.file, from, row);
        heading.add(self.shared_at(from));
        heading
    }

    fn frame<'s>(&'s self, found: &'s Candidate) -> Frame<'s> {
        Frame {
            sheet: self.view,
            form: self.forms[found.form].form,
            header: &found.header,
            mapping: &found.mapping,
            across: &self.forms[found.form].across,
            first: found.first,
            height: found.height,
            heading: self.heading(found.from, found.first),
            origin: self.origin(),
            merges: &self.merges,
            search: self,
        }
    }

    /// Why a sheet without a table is set aside.
    fn set_aside(&self, near: Option<Near>) -> Finding {
        let origin = self.origin();
        if let Some(at) = self.pivot() {
            return origin.finding("D123", FindingClass::Notice, Some(at), &[]);
        }
        let Some(near) = near.filter(|near| near.found >= 2 && !near.missing.is_empty()) else {
            return origin.finding("D120", FindingClass::Notice, None, &[]);
        };
        let form = self.forms[near.form].form;
        let missing: Vec<String> = near
            .missing
            .iter()
            .map(|word| WORDS.say("list.quoted", &[("word", word.as_str())]))
            .collect();
        let params = [
            ("form", form.title.as_str()),
            ("missing", &missing.concat()),
            ("offer", near.offer.as_deref().unwrap_or_default()),
        ];
        // Where the sheet calls itself so and most of what is needed is there, it was meant for us.
        let needed = form.columns.iter().filter(|column| column.required).count();
        let class = if near.named && near.missing.len() * 2 <= needed {
            FindingClass::Rejected
        } else {
            FindingClass::Notice
        };
        let next = if near.offer.is_some() {
            "next_offer"
        } else {
            "next"
        };
        origin.variant("D120", class, None, &params, "said_near", next)
    }

    /// The cell that gives a pivot table away.
    fn pivot(&self) -> Option<CellAt> {
        for row in 0..self.view.rows().min(50) {
            for (column, cell) in self.view.filled(row) {
                let shown = cell.shown();
                let word = fold(&shown);
                if LEXICON
                    .rows
                    .pivots
                    .iter()
                    .any(|mark| word.starts_with(mark.as_str()))
                {
                    return Some(CellAt::of(row, column));
                }
            }
        }
        None
    }

    /// Choices made for this sheet by name whose header stands nowhere in it.
    fn idle_choices(&self) -> Vec<Finding> {
        let origin = self.origin();
        let idle = self.choices.0.iter().filter(|choice| {
            let named =
                !choice.sheet.is_empty() && fold(&choice.sheet) == fold(&self.view.sheet.name);
            named
                && !(0..self.view.rows().min(SEARCH_ROWS))
                    .take(if self.flat { 1 } else { SEARCH_ROWS })
                    .filter(|row| self.flat || self.may_be_header(*row))
                    .any(|row| {
                        (1..=HEIGHT_MAX).any(|height| {
                            let header = paths(self.view, &self.merges, row, height);
                            header.iter().any(|cell| is_header(choice, cell))
                        })
                    })
        });
        idle.map(|choice| {
            let params = [("header", choice.header.as_str())];
            origin.finding("D127", FindingClass::Notice, None, &params)
        })
        .collect()
    }
}

/// Whether a cell holds what no header does: a day, a part of a number, a number as long as a telephone's.
fn is_datum(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Date(_) | Cell::Bool(_) => true,
        Cell::Number(number) => number.fract() != 0.0 || number.abs() >= 100_000_000.0,
        Cell::Text(text) => {
            let mut run = 0;
            text.len() >= DIGITS_MIN
                && text.bytes().any(|byte| {
                    run = if byte.is_ascii_digit() { run + 1 } else { 0 };
                    run >= DIGITS_MIN
                })
        }
        Cell::Empty | Cell::Error(_) => false,
    }
}

fn remember_near(
    near: &mut Option<Near>,
    (index, named): (usize, bool),
    form: &Compiled<'_>,
    mapping: &Mapping,
    found: usize,
    offer: impl FnOnce() -> Option<String>,
) {
    let columns = form.form.columns.iter().zip(&mapping.columns);
    let missing = columns.filter(|(column, mapped)| column.required && mapped.is_none());
    let missing: Vec<String> = missing
        .map(|(column, _)| {
            column
                .headers
                .first()
                .cloned()
                .unwrap_or_else(|| column.name.clone())
        })
        .collect();
    // A sheet that calls itself so comes nearer than one that shares a name and a birth date.
    let better =
        |near: &Near| (named, found, near.missing.len()) > (near.named, near.found, missing.len());
    if near.as_ref().is_none_or(better) {
        *near = Some(Near {
            form: index,
            named,
            found,
            missing,
            offer: offer(),
        });
    }
}

fn score(
    form: &Compiled<'_>,
    mapping: &Mapping,
    header: &[HeaderCell],
    around: &str,
    file: &str,
) -> u32 {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX / 1_000);
    let found = mapping.weight();
    let serving = found + 100 * count(mapping.beside());
    let total = count(form.form.columns.len()).max(1);
    let used = count(header.len()).max(1);
    let chosen = mapping.columns.iter().flatten();
    let chosen = count(
        chosen
            .filter(|m| m.1 == crate::sheet::MapReason::Chosen)
            .count(),
    );
    let hits = |text: &str| {
        count(
            form.names
                .iter()
                .filter(|name| !name.is_empty() && text.contains(*name))
                .count(),
        )
        .min(2)
    };
    FOUND_WEIGHT * found / (100 * total)
        + USED_WEIGHT * serving.min(100 * used) / (100 * used)
        + NAME_WEIGHT * hits(around)
        + FILE_WEIGHT * hits(file)
        + CHOSEN_WEIGHT * chosen
}
