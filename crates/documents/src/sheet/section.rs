//! Lines between records that say what the rows below them belong to, where a sheet has no column for it:
//! numbered, marked or merged across, with a count in brackets. Decided by structure and by the words of the
//! lexicon; knows no name of any place or office.

use crate::sheet::fold::{fold, half_width, is_space};
use crate::sheet::lexicon::LEXICON;
use crate::sheet::line::{counted, is_note, total_word};
use crate::sheet::reading::ReadValue;
use crate::sheet::value::{ColumnReader, DateContext, Reject};
use crate::sheet::view::View;
use crate::sheet::{Cell, CellAt, FormColumn};
use std::collections::HashSet;

/// Longer lines are sentences.
const TEXT_MAX: usize = 40;
/// How far below a section line its first row may stand.
const ROWS_BETWEEN: usize = 12;

/// A section line, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SectionLine {
    /// 0 without a number or mark; else the deeper, the higher.
    pub(crate) level: u8,
    /// What the rows below belong to.
    pub(crate) name: String,
    /// How many people or rows it says there are.
    pub(crate) count: Option<i64>,
}

/// Takes a line apart; `None` when it names nothing that rows could belong to. `labels` are the folded
/// headers of the column that it would fill.
pub(crate) fn take_apart(text: &str, labels: &[String]) -> Option<SectionLine> {
    let words = &LEXICON.section;
    let text = text.trim_matches(is_space);
    let circled = text.starts_with(|c| ('\u{2460}'..='\u{2473}').contains(&c));
    let wide = half_width(text);
    let (level, rest) = if circled {
        (5, wide.trim_start_matches(|c: char| c.is_ascii_digit()))
    } else {
        without_number(&wide).unwrap_or((0, &wide))
    };
    let mut rest = rest.trim_matches(is_space);
    if let Some((label, after)) = rest.split_once(':')
        && !after.trim_matches(is_space).is_empty()
        && count_at_end(after).is_none_or(|(before, _)| !before.is_empty())
    {
        if !labels.iter().any(|known| *known == fold(label)) {
            return None;
        }
        rest = after.trim_matches(is_space);
    }
    let mut count = None;
    loop {
        rest = rest.trim_end_matches(|c: char| is_space(c) || words.stops.contains(c));
        let before = match rest
            .strip_suffix(')')
            .and_then(|inside| inside.rsplit_once('('))
        {
            Some((before, inner)) if !before.trim_matches(is_space).is_empty() => {
                let inner = inner.trim_matches(is_space);
                count = count_at_end(inner)
                    .filter(|(before, _)| before.is_empty())
                    .and_then(|c| c.1)
                    .or(count);
                before
            }
            _ => match count_at_end(rest) {
                Some((before, given)) if !before.trim_matches(is_space).is_empty() => {
                    count = given.or(count);
                    before
                }
                _ => break,
            },
        };
        rest = before;
    }
    let folded = fold(rest);
    let is_sentence = rest.chars().count() > TEXT_MAX
        || words
            .sentence_marks
            .iter()
            .any(|mark| rest.contains(mark.as_str()));
    let is_title = words
        .titles
        .iter()
        .any(|title| folded.ends_with(title.as_str()));
    let is_word = rest.chars().any(char::is_alphabetic);
    if is_sentence
        || is_title
        || !is_word
        || total_word(&folded).is_some()
        || is_note(&fold(text), 1)
    {
        return None;
    }
    let name = rest.to_owned();
    Some(SectionLine { level, name, count })
}

/// The level of a number or mark at the beginning, and what follows it.
fn without_number(text: &str) -> Option<(u8, &str)> {
    let words = &LEXICON.section;
    if let Some(rest) = words
        .marks
        .iter()
        .find_map(|mark| text.strip_prefix(mark.as_str()))
    {
        return Some((1, rest));
    }
    let is_numeral = |c: char| words.numerals.contains(c);
    if let Some((number, rest)) = text
        .strip_prefix('(')
        .and_then(|inside| inside.split_once(')'))
    {
        let filled = !number.is_empty();
        if filled && number.chars().all(is_numeral) {
            return Some((3, rest));
        }
        return (filled && number.chars().all(|c| c.is_ascii_digit())).then_some((5, rest));
    }
    let first = text.chars().next()?;
    let (level, end) = if is_numeral(first) {
        (2, text.find(|c: char| !is_numeral(c))?)
    } else if first.is_ascii_digit() {
        (4, text.find(|c: char| !c.is_ascii_digit())?)
    } else {
        return None;
    };
    let mut rest = text[end..].chars();
    let stop = rest.next()?;
    let rest = rest.as_str();
    // A point inside a number ends none.
    let is_point = stop != words.stops.chars().next().unwrap_or(stop)
        && rest.starts_with(|c: char| c.is_ascii_digit());
    let stops = (words.stops.contains(stop) && !is_point) || stop == ')' || is_space(stop);
    stops.then_some((level, rest))
}

/// A count at the end of a text: what stands before it, and the count when it is of people or rows.
fn count_at_end(text: &str) -> Option<(&str, Option<i64>)> {
    let words = &LEXICON.section;
    let unit = words
        .count_units
        .iter()
        .find(|unit| text.ends_with(unit.as_str()))?;
    let number = text[..text.len() - unit.len()].trim_end_matches(is_space);
    let before = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &number[before.len()..];
    if digits.is_empty() {
        return None;
    }
    let before = before.trim_end_matches(is_space);
    let word = words
        .count_words
        .iter()
        .find(|word| before.ends_with(word.as_str()));
    let given = word.is_none_or(|word| words.whole_words.contains(word));
    let count = counted(&format!("{digits}{unit}"), true).filter(|_| given);
    let before = word.map_or(before, |word| &before[..before.len() - word.len()]);
    let before =
        before.trim_end_matches(|c: char| is_space(c) || c == '(' || words.stops.contains(c));
    Some((before, count.map(|count| count.number)))
}

/// The text of a line that may be a section's: alone in its row, or with a count beside it.
pub(crate) fn line_text(view: View<'_>, row: usize) -> Option<(CellAt, String)> {
    let mut filled = view.filled(row);
    let (column, Cell::Text(text)) = filled.next()? else {
        return None;
    };
    let at = CellAt::of(row, column);
    let Some((_, second)) = filled.next() else {
        return Some((at, text.to_owned()));
    };
    let Cell::Text(beside) = second else {
        return None;
    };
    let beside = half_width(beside.trim_matches(is_space));
    let inner = beside.trim_start_matches('(').trim_end_matches(')');
    let is_count = count_at_end(inner).is_some_and(|(before, _)| before.is_empty());
    (is_count && filled.next().is_none()).then(|| (at, format!("{text}({inner})")))
}

/// Whether rows follow a line, with nothing but lines between.
pub(crate) fn is_followed(view: View<'_>, row: usize) -> bool {
    for below in (row + 1..view.rows()).take(ROWS_BETWEEN) {
        let mut filled = view.filled(below);
        let Some((_, first)) = filled.next() else {
            continue;
        };
        let shown = first.shown();
        let word = fold(&shown);
        if total_word(&word).is_some() || is_note(&word, 1) {
            return false;
        }
        if filled.next().is_some() && line_text(view, below).is_none() {
            return true;
        }
    }
    false
}

/// The section line directly over a header that stands again under each of them.
pub(crate) fn line_above(view: View<'_>, header: usize) -> Option<(CellAt, String, SectionLine)> {
    let (at, text) = line_text(view, header.checked_sub(1)?)?;
    let line = take_apart(&text, &[]).filter(|line| line.level > 0)?;
    Some((at, text, line))
}

/// Whether the first thing from a row on is a section line.
pub(crate) fn begins_with_section(view: View<'_>, from: usize) -> bool {
    let first = (from..view.rows())
        .take(ROWS_BETWEEN)
        .find(|row| view.filled(*row).next().is_some());
    first.is_some_and(|row| {
        let line = line_text(view, row).and_then(|(_, text)| take_apart(&text, &[]));
        line.is_some() && is_followed(view, row)
    })
}

/// The level whose lines say what rows belong to: the deepest, unless its names come back under other
/// lines (the same two offices in each village), then one further out.
pub(crate) fn filling_level(view: View<'_>, from: usize, labels: &[String]) -> u8 {
    let mut lines: Vec<SectionLine> = Vec::new();
    for row in from..view.rows() {
        if let Some((_, text)) = line_text(view, row)
            && let Some(line) = take_apart(&text, labels)
            && line.level > 0
            && is_followed(view, row)
        {
            lines.push(line);
        }
    }
    let mut levels: Vec<u8> = lines.iter().map(|line| line.level).collect();
    levels.sort_unstable();
    levels.dedup();
    let comes_back = |level: u8| {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut of_level = lines.iter().filter(|line| line.level == level);
        of_level.any(|line| !seen.insert(&line.name))
    };
    let outermost = levels.first().copied().unwrap_or(0);
    levels
        .into_iter()
        .rev()
        .find(|level| *level == outermost || !comes_back(*level))
        .unwrap_or(0)
}

/// The section lines of a table that lacks the column they fill.
pub(crate) struct Sections {
    /// The form's column.
    pub(crate) column: usize,
    cells: ColumnReader,
    labels: Vec<String>,
    level: u8,
    open: Option<Open>,
    /// Whether any line was found.
    pub(crate) any: bool,
}

/// The section whose rows are being read.
struct Open {
    value: ReadValue,
    text: String,
    count: Option<i64>,
    rows: i64,
    people: i64,
}

/// A section that says another number than it has rows.
pub(crate) struct Miscount {
    pub(crate) at: CellAt,
    pub(crate) text: String,
    pub(crate) said: i64,
    pub(crate) rows: i64,
}

impl Sections {
    /// For the rows from `body` on.
    pub(crate) fn new(view: View<'_>, body: usize, column: usize, form: &FormColumn) -> Sections {
        let labels: Vec<String> = form
            .headers
            .iter()
            .map(|word| fold(word).into_owned())
            .collect();
        Sections {
            column,
            cells: ColumnReader::new(form, None, DateContext::default()),
            level: filling_level(view, body, &labels),
            labels,
            open: None,
            any: false,
        }
    }

    /// The section line in a row. A line without a number counts where no line has one, or where it lies
    /// across or in a column that holds no field: elsewhere it may be a record of one cell.
    pub(crate) fn line(
        &self,
        view: View<'_>,
        row: usize,
        is_apart: impl Fn(CellAt) -> bool,
    ) -> Option<(CellAt, String, SectionLine)> {
        let (at, text) = line_text(view, row)?;
        let line = take_apart(&text, &self.labels)?;
        let counts =
            line.level > 0 || ((self.level == 0 || is_apart(at)) && is_followed(view, row));
        counts.then_some((at, text, line))
    }

    /// Begins a section; what the line could not be read as, and what was wrong with the section before.
    pub(crate) fn begin(
        &mut self,
        at: CellAt,
        text: String,
        line: &SectionLine,
    ) -> (Option<Reject>, Option<Miscount>) {
        if line.level > self.level {
            return (None, None);
        }
        let before = self.end();
        let reading = self.cells.read(Cell::text(&line.name));
        let mut value = ReadValue {
            cell: at,
            ..ReadValue::default()
        };
        let mut refused = None;
        match reading {
            Ok(reading) => (value.value, value.note) = (reading.value, reading.note),
            Err(reject) => {
                value.rejected = true;
                refused = Some(reject);
            }
        }
        self.any = true;
        self.open = Some(Open {
            value,
            text,
            count: line.count,
            rows: 0,
            people: 0,
        });
        (refused, before)
    }

    /// What a row of the open section has in the column.
    pub(crate) fn value(&self) -> Option<&ReadValue> {
        self.open.as_ref().map(|open| &open.value)
    }

    /// A record of the open section was read.
    pub(crate) fn count(&mut self, vacant: bool) {
        if let Some(open) = &mut self.open {
            open.rows += 1;
            open.people += i64::from(!vacant);
        }
    }

    /// Ends the open section. One without rows only stands over others.
    pub(crate) fn end(&mut self) -> Option<Miscount> {
        let open = self.open.take()?;
        let said = open.count?;
        let agrees = open.rows == 0 || said == open.rows || said == open.people;
        (!agrees).then_some(Miscount {
            at: open.value.cell,
            text: open.text,
            said,
            rows: open.rows,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_apart() {
        for (text, level, name, count) in [
            ("一、上坪村（核定5职）", 2, "上坪村", None),
            ("（二）石梁社区", 3, "石梁社区", None),
            ("党政办公室（5人）", 0, "党政办公室", Some(5)),
            ("党政领导（共11人）", 0, "党政领导", Some(11)),
            ("◆ 农业服务中心", 1, "农业服务中心", None),
            ("十二、 三岔村：", 2, "三岔村", None),
            ("三岔村 合计8人", 0, "三岔村", Some(8)),
            ("3.大石村：共 12 人", 4, "大石村", Some(12)),
            ("①大石村", 5, "大石村", None),
            ("村名：大石村", 0, "大石村", None),
            ("二岔村（行政村）（实有3人）", 0, "二岔村", Some(3)),
            ("石桥村3组", 0, "石桥村3组", None),
        ] {
            let expected = SectionLine {
                level,
                name: name.to_owned(),
                count,
            };
            assert_eq!(
                take_apart(text, &["村名".to_owned()]),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "一、干部花名册",
            "驻村领导：张三",
            "以上人员均已核实。",
            "12",
            "小计",
            "注：空缺不计",
            "大石村小计",
            "1.5",
        ] {
            assert_eq!(take_apart(text, &[]), None, "{text}");
        }
    }
}
