//! The rows under a header: records, and what stands between them. Page breaks, repeated headers, totals
//! and notes are no records; merged and left-out cells take the value above.

use crate::sheet::dated::{Heading, header_unit};
use crate::sheet::finding::{Origin, WORDS};
use crate::sheet::fold::{fold, fold_plain};
use crate::sheet::form::Form;
use crate::sheet::header::{HeaderCell, Merges};
use crate::sheet::line::{Line, Lines, counted};
use crate::sheet::mapping::Mapping;
use crate::sheet::matching::Search;
use crate::sheet::reading::{Mapped, ReadValue, Row, Table, Total, Unmapped};
use crate::sheet::totals::Sums;
use crate::sheet::value::{ColumnReader, DateContext, Note, Reject};
use crate::sheet::view::View;
use crate::sheet::{Cell, CellAt, Merge, Rows};
use std::borrow::Cow;
use std::collections::HashSet;
use vocabulary::{FieldType, FindingClass, Value};

/// A table whose form and header are known.
pub(crate) struct Frame<'a> {
    pub(crate) sheet: View<'a>,
    pub(crate) form: &'a Form,
    pub(crate) header: &'a [HeaderCell],
    pub(crate) mapping: &'a Mapping,
    pub(crate) first: usize,
    pub(crate) height: usize,
    pub(crate) heading: Heading<'a>,
    pub(crate) origin: Origin<'a>,
    pub(crate) merges: &'a Merges,
    pub(crate) search: &'a Search<'a>,
}

/// A value is shown up to this many characters in a sentence.
const SHOWN_MAX: usize = 40;

/// How many rows a title may stand above its header.
const TITLE_ROWS: usize = 6;

/// A column being read.
struct Reader<'a> {
    column: usize,
    sheet_column: usize,
    header: &'a str,
    fill_down: bool,
    down: Vec<Merge>,
    cells: ColumnReader,
    /// The last written value: what a blank cell below takes.
    last: Option<Taken<'a>>,
}

/// A value and the text that its cell shows; empty when blank.
#[derive(Debug, Clone, Default)]
struct Taken<'a> {
    read: ReadValue,
    raw: Cow<'a, str>,
}

/// Reads a table; also the row after it.
pub(crate) fn read(frame: &Frame<'_>) -> (Table, usize) {
    let mut body = Body::new(frame);
    let start = frame.first + frame.height;
    let (mut row, mut soft, mut last) = (start, false, start);
    while row < frame.sheet.rows() {
        let kind = body.lines.kind(row);
        let alone = frame.sheet.filled(row).nth(1).is_none();
        if soft && matches!(kind, Line::Record) && frame.search.begins_table(row) {
            row = body.title_above(row, last);
            break;
        }
        if alone && matches!(kind, Line::Record | Line::Remark(..)) && body.is_title(row) {
            break;
        }
        soft = alone || !matches!(kind, Line::Record);
        match kind {
            Line::Record => {
                body.record(row);
                last = row + 1;
            }
            Line::Total { word, part, at } => {
                body.total(row, word, part, at);
                last = row + 1;
            }
            Line::Note(at, text) | Line::Remark(at, text) => body.table.notes.push((at, text)),
            Line::Blank | Line::Header => {}
        }
        row += 1;
    }
    body.table.body_last = CellAt::of(last.max(start), 0).row - 1;
    (body.table, row)
}

struct Body<'a> {
    frame: &'a Frame<'a>,
    readers: Vec<Reader<'a>>,
    sums: Sums,
    people: bool,
    vacant: Option<(usize, HashSet<String>)>,
    table: Table,
    lines: Lines<'a>,
}

impl<'a> Body<'a> {
    fn new(frame: &'a Frame<'a>) -> Body<'a> {
        let form = frame.form;
        let date = frame.heading.date();
        let dates = DateContext {
            year: frame.heading.year(),
            as_of: date.map(|date| date.date),
        };
        let table_unit = frame.heading.unit();
        let mut readers = Vec::new();
        let mut mapping = Vec::new();
        for (column, mapped) in frame.mapping.columns.iter().enumerate() {
            let Some((at, reason, confidence)) = *mapped else {
                continue;
            };
            let cell = &frame.header[at];
            let unit = header_unit(&cell.path).or_else(|| table_unit.clone());
            mapping.push(Mapped {
                column,
                sheet_column: cell.column,
                header: cell.shown.clone(),
                reason,
                confidence,
            });
            readers.push(Reader {
                column,
                sheet_column: cell.column,
                header: &cell.shown,
                fill_down: form.columns[column].fill_down,
                down: frame.merges.down(cell.column),
                cells: ColumnReader::new(&form.columns[column], unit.as_deref(), dates),
                last: None,
            });
        }
        let used: HashSet<usize> = mapping.iter().map(|mapped| mapped.sheet_column).collect();
        let unmapped = frame
            .header
            .iter()
            .filter(|cell| !used.contains(&cell.column));
        let unmapped = unmapped
            .map(|c| Unmapped {
                sheet_column: c.column,
                header: c.shown.clone(),
            })
            .collect();
        let lines = Lines::new(frame, used.into_iter().collect());
        let vacant = form.vacant.as_ref().map(|(column, words)| {
            (
                *column,
                words.iter().map(|word| fold(word).into_owned()).collect(),
            )
        });
        let mut usual = vec![None; form.columns.len()];
        for mapped in &mapping {
            usual[mapped.column] = Some(CellAt::of(0, mapped.sheet_column).column);
        }
        let row_of = |row: usize| CellAt::of(row, 0).row;
        let table = Table {
            form: 0,
            score: 0,
            header_first: row_of(frame.first),
            header_last: row_of(frame.first + frame.height) - 1,
            body_first: row_of(frame.first + frame.height),
            body_last: row_of(frame.first + frame.height) - 1,
            title: frame.heading.title(),
            date,
            mapping,
            unmapped,
            rows: Rows::new(usual),
            totals: Vec::new(),
            notes: Vec::new(),
            findings: Vec::new(),
        };
        let mut body = Body {
            frame,
            readers,
            sums: Sums::new(form.columns.iter().map(|column| column.kind.clone())),
            people: form
                .columns
                .iter()
                .any(|column| column.kind == FieldType::IdNumber),
            vacant,
            table,
            lines,
        };
        body.name_rivals();
        body
    }

    /// Columns that fit as well as the taken one are named.
    fn name_rivals(&mut self) {
        for (column, cells) in &self.frame.mapping.rivals {
            let at = |cell: &usize| {
                CellAt::of(
                    self.frame.first + self.frame.height - 1,
                    self.frame.header[*cell].column,
                )
            };
            let letters =
                |cell: &usize| crate::sheet::column_letters(self.frame.header[*cell].column);
            let all: Vec<String> = cells.iter().map(letters).collect();
            let header = self.frame.form.columns[*column].headers.first();
            let params = [
                ("header", header.map_or("", String::as_str)),
                ("cells", &all.join(&WORDS.say("list.between", &[]))),
                ("taken", all[0].as_str()),
            ];
            let class = FindingClass::Notice;
            let mut finding =
                self.frame
                    .origin
                    .finding("D124", class, Some(at(&cells[0])), &params);
            finding.cells = cells.iter().map(|cell| at(cell).to_string()).collect();
            self.table.findings.push(finding);
        }
    }

    fn record(&mut self, row: usize) {
        let mut values = vec![Taken::default(); self.frame.form.columns.len()];
        for index in 0..self.readers.len() {
            let column = self.readers[index].column;
            values[column] = self.value(index, row);
        }
        let vacant = self.vacant.as_ref().is_some_and(|(column, words)| {
            values
                .get(*column)
                .is_some_and(|value| words.contains(fold(&value.raw).as_ref()))
        });
        if let (true, Some((column, _))) = (vacant, &self.vacant) {
            values[*column].read.value = Value::Null;
        }
        let number = CellAt::of(row, 0).row;
        if self.is_group(number, &values) {
            return;
        }
        let values: Vec<ReadValue> = values.into_iter().map(|taken| taken.read).collect();
        self.sums.add(number, &values, !vacant);
        self.table.rows.push(Row {
            number,
            values,
            vacant,
        });
    }

    /// A line that only names what the rows below it belong to: their columns fill down from it.
    fn is_group(&self, number: u32, values: &[Taken<'_>]) -> bool {
        let own = |reader: &&Reader<'_>| {
            let value = &values[reader.column];
            value.read.cell.row == number && !value.raw.is_empty()
        };
        let lacks = |reader: &Reader<'_>| {
            !reader.fill_down
                && self.frame.form.columns[reader.column].required
                && values[reader.column].raw.is_empty()
        };
        self.readers
            .iter()
            .filter(own)
            .all(|reader| reader.fill_down)
            && self.readers.iter().any(lacks)
    }

    fn value(&mut self, index: usize, row: usize) -> Taken<'a> {
        let reader = &mut self.readers[index];
        let cell = self.frame.sheet.cell(row, reader.sheet_column);
        let at = CellAt::of(row, reader.sheet_column);
        if cell.is_empty() {
            let inside = |m: &&Merge| m.top < row && row <= m.bottom;
            let after = reader.down.partition_point(|merge| merge.top <= row);
            let merge = reader.down[..after].last().filter(inside);
            if let Some(last) = &reader.last {
                let merged =
                    merge.is_some_and(|merge| CellAt::of(merge.top, 0).row == last.read.cell.row);
                if merged || (reader.fill_down && merge.is_none()) {
                    return last.clone();
                }
            }
        }
        let reading = reader.cells.read(cell);
        let raw = cell.shown();
        let mut value = ReadValue {
            cell: at,
            ..ReadValue::default()
        };
        match reading {
            Ok(reading) => (value.value, value.note) = (reading.value, reading.note),
            Err(reject) => {
                // A vacant seat's words stand in columns that are no text as well.
                let is_vacant =
                    |(_, words): &(usize, HashSet<String>)| words.contains(fold(&raw).as_ref());
                if !self.vacant.as_ref().is_some_and(is_vacant) {
                    value.rejected = true;
                    let header = reader.header.to_owned();
                    self.reject(&reject, at, &raw, &header);
                }
            }
        }
        if value.note == Some(Note::LostZero) {
            let year: String = raw.chars().take(4).collect();
            let params = [("value", raw.as_ref()), ("year", year.as_str())];
            let class = FindingClass::Notice;
            let finding = self.frame.origin.finding("D107", class, Some(at), &params);
            self.table.findings.push(finding);
        }
        let taken = Taken { read: value, raw };
        if !cell.is_empty() {
            self.readers[index].last = Some(taken.clone());
        }
        taken
    }

    fn reject(&mut self, reject: &Reject, at: CellAt, raw: &str, header: &str) {
        let shown: String = raw.chars().take(SHOWN_MAX).collect();
        let near = reject.near.as_deref().unwrap_or_default();
        let params = [
            ("value", shown.as_str()),
            ("column", header),
            ("near", near),
        ];
        let next = if reject.near.is_some() {
            "next_near"
        } else {
            "next"
        };
        let class = FindingClass::Rejected;
        let finding =
            self.frame
                .origin
                .variant(reject.code, class, Some(at), &params, "said", next);
        self.table.findings.push(finding);
    }

    /// Keeps a total row and compares what it says with the rows.
    fn total(&mut self, row: usize, word: String, part: bool, at: usize) {
        let mut values = Vec::new();
        for index in 0..self.readers.len() {
            let reader = &mut self.readers[index];
            let (column, sheet_column) = (reader.column, reader.sheet_column);
            let cell = self.frame.sheet.cell(row, sheet_column);
            if cell.is_empty() || sheet_column == at || !self.sums.is_numeric(column) {
                continue;
            }
            let Ok(reading) = reader.cells.read(cell) else {
                continue;
            };
            let Some(total) = reading.value.as_int() else {
                continue;
            };
            values.push((column, total));
            if let Some(sum) = self.sums.disagreement(column, total, part) {
                let scale = self.frame.form.columns[column].kind.scale();
                let (shown, sum) = (in_unit(total.into(), scale), in_unit(sum, scale));
                let header = self.readers[index].header;
                let params = [
                    ("word", &*word),
                    ("column", header),
                    ("value", &*shown),
                    ("sum", &*sum),
                ];
                let cell = Some(CellAt::of(row, sheet_column));
                let finding = self
                    .frame
                    .origin
                    .finding("D125", FindingClass::Total, cell, &params);
                self.table.findings.push(finding);
            }
        }
        self.count_total(row, &word, part, at);
        self.sums.mark();
        self.table.totals.push(Total {
            number: CellAt::of(row, 0).row,
            word,
            part,
            values,
        });
    }

    /// A total such as `48008人` in a column that is no number counts the rows.
    fn count_total(&mut self, row: usize, word: &str, part: bool, at: usize) {
        let numeric: Vec<usize> = self
            .readers
            .iter()
            .filter(|r| self.sums.is_numeric(r.column))
            .map(|r| r.sheet_column)
            .collect();
        for (column, cell) in self.frame.sheet.filled(row) {
            let Cell::Text(text) = cell else { continue };
            if column == at || numeric.contains(&column) {
                continue;
            }
            let Some(count) = counted(&fold_plain(text), self.people) else {
                continue;
            };
            if let Some(sum) = self.sums.miscount(count, part) {
                let sum = sum.to_string();
                let params = [
                    ("word", word),
                    ("value", text.trim()),
                    ("sum", sum.as_str()),
                ];
                let cell = Some(CellAt::of(row, column));
                let finding = self
                    .frame
                    .origin
                    .finding("D126", FindingClass::Total, cell, &params);
                self.table.findings.push(finding);
            }
        }
    }

    /// Whether a line that is alone in its row is the title of another table: a header follows, with nothing
    /// but lines between.
    fn is_title(&self, row: usize) -> bool {
        let sheet = self.frame.sheet;
        for below in (row + 1..sheet.rows()).take(TITLE_ROWS) {
            let mut filled = sheet.filled(below);
            let Some((first, cell)) = filled.next() else {
                continue;
            };
            let again = matches!(cell, Cell::Text(_))
                && self.lines.is_header(below, first, &fold(&cell.shown()));
            if again {
                return self.is_titular(row);
            }
            if self.frame.search.begins_table(below) {
                return true;
            }
            if filled.next().is_some() && !matches!(self.lines.kind(below), Line::Note(..)) {
                return false;
            }
        }
        false
    }

    /// Whether a line before the same header again is a title and not the last thing of a page: it lies
    /// across, or in a column that is not read, or speaks as the form's titles do.
    fn is_titular(&self, row: usize) -> bool {
        let Some((column, cell)) = self.frame.sheet.filled(row).next() else {
            return false;
        };
        let shown = cell.shown();
        let text = fold(&shown);
        let named = |name: &String| text.contains(fold(name).as_ref());
        self.lines.is_wide(row, column)
            || !self
                .readers
                .iter()
                .any(|reader| reader.sheet_column == column)
            || self.frame.form.names.iter().any(named)
    }

    /// The first of the lines directly over another table's header that say its unit and date.
    fn title_above(&mut self, header: usize, last: usize) -> usize {
        let mut first = header;
        while first > last
            && matches!(self.lines.kind(first - 1), Line::Note(..))
            && !self.lines.is_foot(first - 1)
        {
            first -= 1;
        }
        let above = CellAt::of(first, 0).row;
        self.table.notes.retain(|(at, _)| at.row < above);
        first
    }
}

/// A stored amount in the unit that people read.
fn in_unit(stored: i128, scale: i64) -> String {
    let decimals = scale.ilog10();
    vocabulary::Decimal {
        scaled: stored,
        decimals,
    }
    .trimmed()
    .to_string()
}
