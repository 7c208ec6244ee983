//! What a row under a header is: a record, or what offices put between records. Decided by its first filled
//! cells, so that a hundred thousand records cost little.

use crate::sheet::body::Frame;
use crate::sheet::dated::is_dated_line;
use crate::sheet::fold::fold;
use crate::sheet::header::Merges;
use crate::sheet::lexicon::LEXICON;
use crate::sheet::view::View;
use crate::sheet::{Cell, CellAt, Merge};
use foldhash::HashSet;

/// A merged line at least this wide with nothing beside it is a remark.
const WIDE: usize = 3;
/// A line of notes may name several people and their dates beside each other.
const NOTE_CELLS: usize = 6;

/// What a row is.
pub(crate) enum Line {
    /// Nothing, or nothing in a column that is read.
    Blank,
    /// A note, with its cell and text.
    Note(CellAt, String),
    /// A line across several columns, with its cell and text.
    Remark(CellAt, String),
    /// A total: its word, whether it closes a part only, the word's column.
    Total { word: String, part: bool, at: usize },
    /// A row of the header again, or of the title.
    Header,
    /// A record.
    Record,
}

/// What is needed to tell them apart.
pub(crate) struct Lines<'a> {
    sheet: View<'a>,
    merges: &'a Merges,
    /// The sheet's columns that are read.
    read: Vec<usize>,
    /// Column and folded word of each filled cell, one list for each header row.
    header: Vec<Vec<(usize, String)>>,
    /// The folded texts over the header.
    heading: HashSet<String>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(frame: &'a Frame<'a>, read: Vec<usize>) -> Lines<'a> {
        let header = (frame.first..frame.first + frame.height).map(|row| {
            frame
                .sheet
                .filled(row)
                .map(|(column, cell)| (column, fold(&cell.shown()).into_owned()))
                .collect()
        });
        let heading = frame
            .heading
            .cells
            .iter()
            .map(|(_, text)| fold(text).into_owned())
            .collect();
        let (sheet, merges) = (frame.sheet, frame.merges);
        Lines {
            sheet,
            merges,
            read,
            header: header.collect(),
            heading,
        }
    }

    /// What a row is.
    pub(crate) fn kind(&self, row: usize) -> Line {
        let mut filled = self.sheet.filled(row);
        let Some((first, cell)) = filled.next() else {
            return Line::Blank;
        };
        let count = 1 + filled.clone().take(NOTE_CELLS).count();
        if let Cell::Text(text) = cell {
            let word = fold(text);
            if count <= NOTE_CELLS && is_note(&word, count) {
                return Line::Note(CellAt::of(row, first), text.trim().to_owned());
            }
            if is_breakdown(&word) || (count == 1 && is_blank_mark(&word)) {
                return Line::Note(CellAt::of(row, first), text.trim().to_owned());
            }
            if let Some(part) = total_word(&word) {
                return Line::Total {
                    word: text.trim().to_owned(),
                    part,
                    at: first,
                };
            }
            let title_again = count == 1 && self.heading.contains(word.as_ref());
            if title_again || self.is_header(row, first, &word) {
                return Line::Header;
            }
            if count == 1 && self.is_wide(row, first) {
                return Line::Remark(CellAt::of(row, first), text.trim().to_owned());
            }
        }
        // A number before the word: the running number of a table that counts its totals too. Further
        // right, where columns stand in another order, only the bare word counts.
        for (place, (column, cell)) in filled.enumerate() {
            let Cell::Text(text) = cell else { continue };
            if place > 0 && !is_bare_total(text) {
                continue;
            }
            if let Some(part) = total_word(&fold(text)) {
                return Line::Total {
                    word: text.trim().to_owned(),
                    part,
                    at: column,
                };
            }
        }
        let own = |column: &usize| !self.sheet.cell(row, *column).is_empty();
        if self.read.iter().any(own) {
            Line::Record
        } else {
            Line::Blank
        }
    }

    /// Whether the row repeats a row of the header.
    pub(crate) fn is_header(&self, row: usize, first: usize, word: &str) -> bool {
        self.header.iter().any(|header| {
            if !header
                .iter()
                .any(|(column, text)| *column == first && text == word)
            {
                return false;
            }
            let same = |(column, text): &&(usize, String)| {
                fold(&self.sheet.cell(row, *column).shown()) == text.as_str()
            };
            let same = header.iter().filter(same).count();
            same * 2 > header.len() && (same > 1 || header.len() == 1)
        })
    }

    /// Whether a note belongs to what stands over it: a remark, or who wrote the table.
    pub(crate) fn is_foot(&self, row: usize) -> bool {
        let Some((_, cell)) = self.sheet.filled(row).next() else {
            return true;
        };
        let shown = cell.shown();
        let word = fold(&shown);
        let rows = &LEXICON.rows;
        let begins = |list: &[String]| list.iter().any(|label| word.starts_with(label.as_str()));
        begins(&rows.numbered_notes) || !(begins(&rows.unit_labels) || is_dated_line(&shown))
    }

    pub(crate) fn is_wide(&self, row: usize, column: usize) -> bool {
        let wide = |m: &Merge| m.left == column && m.right + 1 - m.left >= WIDE;
        self.merges.within(row, row + 1).iter().any(wide)
    }
}

/// Whether a line begins as notes do: its word, then a colon; after the words for a note itself also a
/// number, or nothing with the text beside it.
pub(crate) fn is_note(folded: &str, filled: usize) -> bool {
    let rows = &LEXICON.rows;
    let colons = &LEXICON.punctuation.colons;
    let is_colon = |rest: &str| colons.iter().any(|colon| rest.starts_with(colon.as_str()));
    let labelled = |word: &String| folded.strip_prefix(word.as_str()).is_some_and(is_colon);
    let numbered = |word: &String| {
        folded.strip_prefix(word.as_str()).is_some_and(|rest| {
            is_colon(rest)
                || rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '(' | '.'))
                || (rest.is_empty() && filled <= 2)
        })
    };
    rows.notes.iter().any(labelled) || rows.numbered_notes.iter().any(numbered)
}

/// Whether a cell is the word of a total row, and whether it closes a part only.
pub(crate) fn total_word(folded: &str) -> Option<bool> {
    let rows = &LEXICON.rows;
    let word = folded.trim_end_matches(':');
    let is_whole = |whole: &String| {
        // A unit or remark in brackets may follow.
        word.strip_prefix(whole.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('('))
    };
    if rows.whole_totals.iter().any(is_whole) {
        return Some(false);
    }
    // As an ending either word closes a part: that of a village, of an area.
    let ends = |total: &String| word.ends_with(total.as_str());
    rows.part_totals
        .iter()
        .chain(&rows.whole_totals)
        .any(ends)
        .then_some(true)
}

/// The longest total word, with a space between any two of its characters, in bytes.
const TOTAL_BYTES: usize = 18;

/// Whether a text is a total's word and nothing else. Asked of every text of a sheet, so cheap.
fn is_bare_total(text: &str) -> bool {
    if text.len() > TOTAL_BYTES {
        return false;
    }
    let rows = &LEXICON.rows;
    let folded = fold(text);
    rows.whole_totals
        .iter()
        .chain(&rows.part_totals)
        .any(|word| *word == folded)
}

/// Whether a row breaks down the row above it.
fn is_breakdown(folded: &str) -> bool {
    LEXICON.rows.breakdowns.iter().any(|word| {
        let rest = folded.strip_prefix(word.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

/// Whether a line says that the rest is blank.
fn is_blank_mark(folded: &str) -> bool {
    let bare = folded.trim_matches(|c| matches!(c, '(' | ')' | '-' | '/'));
    LEXICON.rows.blanks.iter().any(|word| word == bare)
}

/// How many a total's text says there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) number: i64,
    /// It counts people, so that empty seats are left out.
    pub(crate) of_people: bool,
}

/// The count that a total's text gives: digits and the word for rows, or for people where rows are people.
pub(crate) fn counted(folded: &str, people: bool) -> Option<Counted> {
    let end = folded.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = folded.split_at(end);
    let is_unit = |words: &[String]| words.iter().any(|word| word == unit);
    let of_people = people && is_unit(&LEXICON.rows.counted_people);
    if !of_people && !is_unit(&LEXICON.rows.counted_rows) {
        return None;
    }
    let number = digits.parse().ok()?;
    Some(Counted { number, of_people })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_and_totals_by_their_words() {
        for (text, filled, note) in [
            ("注:电话已遮蔽", 1, true),
            ("注1.以文件为准", 1, true),
            ("备注", 2, true),
            ("备注", 5, false),
            ("填表人:某某", 3, true),
            ("单位1", 4, false),
            ("注册商标", 4, false),
            ("说明会", 4, false),
        ] {
            assert_eq!(is_note(text, filled), note, "{text}");
        }
        for (text, total) in [
            ("合计", Some(false)),
            ("合计(亩)", Some(false)),
            ("总计:", Some(false)),
            ("小计", Some(true)),
            ("片区小计", Some(true)),
            ("大石村合计", Some(true)),
            ("合计划村", None),
            ("大石村", None),
        ] {
            assert_eq!(total_word(text), total, "{text}");
        }
        let number = |text, people| counted(text, people).map(|c| (c.number, c.of_people));
        assert_eq!(number("48008人", true), Some((48_008, true)));
        assert_eq!(number("48008人", false), None);
        assert_eq!(number("12条", false), Some((12, false)));
        assert_eq!(number("人", true), None);
    }
}
