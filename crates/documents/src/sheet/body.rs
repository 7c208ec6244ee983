//! The rows under a header: records, and what stands between them. Page breaks, repeated headers, totals
//! and notes are no records; merged and left-out cells take the value above.

mod between; // sections, titles, the foot
mod wide; // the records of a wide table

use self::between::{sections, skip_under};
use crate::sheet::dated::{Heading, header_unit};
use crate::sheet::finding::{Origin, WORDS};
use crate::sheet::fold::{fold, fold_plain};
use crate::sheet::form::Form;
use crate::sheet::header::{HeaderCell, Merges};
use crate::sheet::lexicon::LEXICON;
use crate::sheet::limits::FINDINGS_MAX;
use crate::sheet::line::{Line, Lines, counted};
use crate::sheet::mapping::Mapping;
use crate::sheet::matching::Search;
use crate::sheet::noted::{Noted, NotedCell, assumed_unit};
use crate::sheet::reading::{DateSource, Mapped, ReadValue, Row, Table, Total, Unmapped};
use crate::sheet::section::{Sections, line_above, line_text};
use crate::sheet::stated::stated;
use crate::sheet::totals::{Claim, Of, Sums};
use crate::sheet::under::{is_example, units};
use crate::sheet::unsure;
use crate::sheet::value::{ColumnReader, DateContext, NOT_ELEVEN, Reject};
use crate::sheet::view::View;
use crate::sheet::wide::AcrossWords;
use crate::sheet::{Cell, CellAt, Merge, Rows};
use std::collections::{HashMap, HashSet};
use vocabulary::{FieldType, FindingClass, Value, masked, starred};

/// A table whose form and header are known.
pub(crate) struct Frame<'a> {
    pub(crate) sheet: View<'a>,
    pub(crate) form: &'a Form,
    pub(crate) header: &'a [HeaderCell],
    pub(crate) mapping: &'a Mapping,
    /// The form's columns of a wide table.
    pub(crate) across: &'a AcrossWords,
    pub(crate) first: usize,
    pub(crate) height: usize,
    pub(crate) heading: Heading<'a>,
    pub(crate) origin: Origin<'a>,
    pub(crate) merges: &'a Merges,
    pub(crate) search: &'a Search<'a>,
}

/// A value is shown up to this many characters in a sentence.
pub(crate) const SHOWN_MAX: usize = 40;

/// What a sentence shows of a cell: numbers of persons starred before anything is cut off, since half a number is
/// still most of it.
pub(crate) fn in_sight(raw: &str) -> String {
    masked(raw).chars().take(SHOWN_MAX).collect()
}

/// The longest mark that repeats the cell above, in bytes.
const DITTO_BYTES: usize = 6;

/// A column being read.
struct Reader<'a> {
    column: usize,
    /// Where its values stand among those of a row: the form's columns first, then the block of a wide table.
    slot: usize,
    sheet_column: usize,
    header: &'a str,
    fill_down: bool,
    down: Vec<Merge>,
    cells: ColumnReader,
    noted: Noted,
    /// The row, from 0, of the last written cell: what a blank cell below takes.
    last: Option<usize>,
}

/// A value and the cell it was read from.
#[derive(Debug, Clone, Default)]
struct Taken<'a> {
    read: ReadValue,
    cell: Cell<'a>,
}

/// Reads a table; also the row after it.
pub(crate) fn read(frame: &Frame<'_>) -> (Table, usize) {
    let mut body = Body::new(frame);
    let start = frame.first + frame.height;
    let (mut row, mut soft, mut last) = (body.begin, false, start);
    while row < frame.sheet.rows() {
        let kind = body.lines.kind(row);
        let alone = frame.sheet.filled(row).nth(1).is_none();
        let may_begin = soft || frame.search.begins_like_header(row);
        if may_begin && matches!(kind, Line::Record) && frame.search.begins_table(row) {
            row = body.title_above(row, last);
            break;
        }
        if alone
            && matches!(kind, Line::Record | Line::Remark(..) | Line::Blank)
            && body.is_title(row)
        {
            break;
        }
        soft = alone || !matches!(kind, Line::Record);
        if matches!(kind, Line::Record | Line::Remark(..) | Line::Blank) && body.section(row) {
            row += 1;
            continue;
        }
        if alone && matches!(kind, Line::Record) && body.is_numbered_line(row) {
            let (at, text) = line_text(frame.sheet, row).expect("a line alone is a text");
            body.table.notes.push((at, text));
            row += 1;
            continue;
        }
        match kind {
            Line::Record if body.table.rows.is_empty() && is_example(frame.sheet, row) => {
                let text = frame
                    .sheet
                    .filled(row)
                    .map(|(_, cell)| cell.shown().into_owned());
                let text: Vec<String> = text.collect();
                body.table.notes.push((CellAt::of(row, 0), text.join(" ")));
            }
            Line::Record => {
                body.record(row);
                last = row + 1;
            }
            Line::Total { word, part, at } => {
                body.total(row, word, part, at);
                last = row + 1;
            }
            Line::Note(at, text) | Line::Remark(at, text) => body.table.notes.push((at, text)),
            Line::Header => row += skip_under(frame, row + 1),
            Line::Blank => {}
        }
        row += 1;
    }
    body.end_section();
    body.judge_totals();
    body.name_section();
    body.tell_untold();
    body.name_hidden();
    let in_names = |source| matches!(source, DateSource::SheetName | DateSource::FileName);
    if body.table.date.is_none_or(|date| in_names(date.source)) {
        body.table.date = frame.heading.date(&body.foot(last));
    }
    body.table.body_last = CellAt::of(last.max(start), 0).row - 1;
    body.say_of_columns();
    (body.table, row)
}

/// Reads a table of which every row under the header is a record, and no row says anything of another.
pub(crate) fn read_flat(frame: &Frame<'_>, records: usize) -> Table {
    let mut body = Body::new(frame);
    body.flat = true;
    body.sections = None;
    let start = frame.first + frame.height;
    // The last of them may have no filled cell.
    for row in start..start + records {
        body.record(row);
    }
    body.tell_untold();
    body.say_of_columns();
    body.table.body_last = CellAt::of(start + records, 0).row - 1;
    body.table
}

struct Body<'a> {
    /// Every row stands for itself.
    flat: bool,
    /// The first row after what stands under the header.
    begin: usize,
    frame: &'a Frame<'a>,
    readers: Vec<Reader<'a>>,
    sums: Sums,
    people: bool,
    vacant: Option<(usize, HashSet<String>)>,
    table: Table,
    lines: Lines<'a>,
    sections: Option<Sections>,
    /// Which columns of a wide table make which records.
    wide: wide::Plan,
    /// What the heading says of every row.
    stated: Vec<(usize, ReadValue)>,
    /// Findings about cells beyond the most that are kept.
    untold: usize,
}

impl<'a> Body<'a> {
    fn new(frame: &'a Frame<'a>) -> Body<'a> {
        let form = frame.form;
        let date = frame.heading.date(&[]);
        let dates = DateContext {
            year: frame.heading.year(),
            as_of: date.map(|date| date.date),
        };
        let table_unit = frame.heading.unit();
        let under = frame.first + frame.height;
        let begin = under + skip_under(frame, under);
        let row_units: HashMap<usize, String> = (under..begin)
            .filter_map(|row| units(frame.sheet, row))
            .flatten()
            .collect();
        let mut readers = Vec::new();
        let mut mapping = Vec::new();
        let wide = wide::Plan::new(frame);
        let plain = frame.mapping.columns.iter().enumerate();
        let plain = plain.filter_map(|(column, mapped)| Some((column, column, (*mapped)?)));
        for (slot, column, (at, reason, confidence)) in plain.chain(wide.columns()) {
            let cell = &frame.header[at];
            let unit = row_units.get(&cell.column).cloned();
            let unit = unit.or_else(|| header_unit(&cell.path));
            let unit = unit.or_else(|| table_unit.clone());
            mapping.push(Mapped {
                column,
                sheet_column: cell.column,
                header: cell.shown.clone(),
                reason,
                confidence,
            });
            readers.push(Reader {
                column,
                slot,
                sheet_column: cell.column,
                header: &cell.shown,
                fill_down: form.columns[column].fill_down,
                down: frame.merges.down(cell.column),
                cells: ColumnReader::new(&form.columns[column], unit.as_deref(), dates)
                    .under(&cell.shown),
                noted: Noted::default(),
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
        for mapped in mapping.iter().rev() {
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
            section: None,
            features: Vec::new(),
            findings: {
                let mut findings = unsure::findings(frame);
                findings.extend(wide::findings(frame));
                findings
            },
        };
        let mut body = Body {
            flat: false,
            begin,
            frame,
            readers,
            sums: Sums::new(wide.kinds(form)),
            people: form
                .columns
                .iter()
                .any(|column| column.kind == FieldType::IdNumber),
            vacant,
            table,
            lines,
            sections: sections(frame),
            wide,
            stated: stated(form, &frame.heading, CellAt::of(frame.first, 0)),
            untold: 0,
        };
        if let (Some(_), Some((at, text, line))) =
            (&body.sections, line_above(frame.sheet, frame.first))
        {
            body.begin_section(at, text, &line);
        }
        body
    }

    fn record(&mut self, row: usize) {
        let mut values = vec![Taken::default(); self.wide.slots()];
        for index in 0..self.readers.len() {
            let slot = self.readers[index].slot;
            values[slot] = self.value(index, row);
        }
        let vacant = self.vacant.as_ref().is_some_and(|(column, words)| {
            values
                .get(*column)
                .is_some_and(|value| words.contains(fold(&value.cell.shown()).as_ref()))
        });
        if let (true, Some((column, _))) = (vacant, &self.vacant) {
            values[*column].read.value = Value::Null;
        }
        let number = CellAt::of(row, 0).row;
        if !self.flat && self.is_group(number, &values) {
            return;
        }
        self.say_if_blank(row, &values);
        let filled = self.wide.filled(&values);
        let mut values: Vec<ReadValue> = values.into_iter().map(|taken| taken.read).collect();
        if let Some(sections) = &mut self.sections {
            if let Some(value) = sections.value() {
                values[sections.column] = value.clone();
            }
            sections.count(vacant);
        }
        self.sums.add(number, &values, vacant);
        if self.wide.is_some() {
            self.judge_across(row, &values);
        }
        for mut values in self.wide.records(values, &filled) {
            for (column, value) in &self.stated {
                values[*column] = value.clone();
            }
            self.table.rows.push(Row {
                number,
                values,
                vacant,
            });
        }
    }

    /// The column that says whether a row is vacant says nothing at all: neither a value nor its word.
    fn say_if_blank(&mut self, row: usize, values: &[Taken<'_>]) {
        let Some((column, _)) = &self.vacant else {
            return;
        };
        let form = &self.frame.form;
        let word = form.vacant.as_ref().and_then(|(_, words)| words.first());
        let reader = self.readers.iter().find(|reader| reader.column == *column);
        let blank = values
            .get(*column)
            .is_some_and(|value| value.cell.is_empty());
        if let (true, true, Some(word), Some(reader)) =
            (blank, form.columns[*column].required, word, reader)
        {
            let at = CellAt::of(row, reader.sheet_column);
            let params = [("column", reader.header), ("word", word.as_str())];
            let class = FindingClass::Notice;
            let finding = self.frame.origin.finding("D185", class, Some(at), &params);
            self.table.findings.push(finding);
        }
    }

    /// A line that only names what the rows below it belong to: their columns fill down from it.
    fn is_group(&self, number: u32, values: &[Taken<'_>]) -> bool {
        let own = |reader: &&Reader<'_>| {
            let value = &values[reader.slot];
            value.read.cell.row == number && !value.cell.is_empty()
        };
        let lacks = |reader: &Reader<'_>| {
            !reader.fill_down
                && self.frame.form.columns[reader.column].required
                && values[reader.slot].cell.is_empty()
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
        if self.flat {
            return self.take(index, row, true);
        }
        if cell.is_empty() {
            let inside = |m: &&Merge| m.top < row && row <= m.bottom;
            let after = reader.down.partition_point(|merge| merge.top <= row);
            let merge = reader.down[..after].last().filter(inside);
            if let Some(last) = reader.last {
                let merged = merge.is_some_and(|merge| merge.top == last);
                if merged || (reader.fill_down && merge.is_none()) {
                    return self.take(index, last, false);
                }
            }
        }
        if let (Cell::Text(text), Some(last)) = (cell, reader.last)
            && is_ditto(text)
        {
            return self.take(index, last, false);
        }
        if !cell.is_empty() {
            reader.last = Some(row);
        }
        self.take(index, row, true)
    }

    /// Reads a cell; says what is to be said of it unless it was said before.
    fn take(&mut self, index: usize, row: usize, say: bool) -> Taken<'a> {
        let reader = &mut self.readers[index];
        let cell = self.frame.sheet.cell(row, reader.sheet_column);
        let at = CellAt::of(row, reader.sheet_column);
        let mut value = ReadValue {
            cell: at,
            ..ReadValue::default()
        };
        match reader.cells.read(cell) {
            Ok(reading) => (value.value, value.note) = (reading.value, reading.note),
            Err(reject) => {
                let raw = cell.shown();
                // A vacant seat's words stand in columns that are no text as well.
                let is_vacant =
                    |(_, words): &(usize, HashSet<String>)| words.contains(fold(&raw).as_ref());
                if !self.vacant.as_ref().is_some_and(is_vacant) {
                    value.rejected = true;
                    if say {
                        let header = reader.header.to_owned();
                        self.reject(&reject, at, &raw, &header);
                    }
                }
            }
        }
        if let (Some(note), true) = (value.note, say) {
            let reader = &mut self.readers[index];
            let noted = NotedCell {
                note,
                at,
                raw: &cell.shown(),
                value: &value.value,
            };
            let column = &self.frame.form.columns[reader.column];
            let finding = reader.noted.take(&noted, column, &self.frame.origin);
            self.table.findings.extend(finding);
        }
        Taken { read: value, cell }
    }

    /// What is said once of a column: a unit that nobody named, and the notes that were held back.
    fn say_of_columns(&mut self) {
        let header_row = self.frame.first + self.frame.height - 1;
        let origin = &self.frame.origin;
        let mut said: HashSet<usize> = HashSet::new();
        for reader in &mut self.readers {
            let unit = reader.cells.assumed_unit();
            if let Some(unit) = unit.filter(|_| said.insert(reader.column)) {
                let at = CellAt::of(header_row, reader.sheet_column);
                let finding = assumed_unit(reader.header, unit, at, origin);
                self.table.findings.push(finding);
            }
            let noted = std::mem::take(&mut reader.noted);
            self.table
                .findings
                .extend(noted.rest(reader.header, origin));
        }
    }

    /// Whether one more finding about a cell is kept; counts it when not.
    fn has_room(&mut self) -> bool {
        let room = self.table.findings.len() < FINDINGS_MAX;
        self.untold += usize::from(!room);
        room
    }

    /// Says how many findings were not kept.
    fn tell_untold(&mut self) {
        if self.untold == 0 {
            return;
        }
        let count = self.untold.to_string();
        let class = FindingClass::Rejected;
        let params = [("count", count.as_str())];
        let finding = self.frame.origin.finding("D119", class, None, &params);
        self.table.findings.push(finding);
    }

    fn reject(&mut self, reject: &Reject, at: CellAt, raw: &str, header: &str) {
        if !self.has_room() {
            return;
        }
        let shown = if reject.code == NOT_ELEVEN {
            starred(raw)
        } else {
            in_sight(raw)
        };
        let near = reject.near.as_deref().unwrap_or_default();
        let params = [
            ("value", shown.as_str()),
            ("column", header),
            ("near", near),
        ];
        let offers = WORDS.get(&format!("{}.next_near", reject.code)).is_some();
        let next = if offers && reject.near.is_some() {
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
            let (column, slot, sheet_column) = (reader.column, reader.slot, reader.sheet_column);
            let cell = self.frame.sheet.cell(row, sheet_column);
            if cell.is_empty() || sheet_column == at || !self.sums.is_numeric(slot) {
                continue;
            }
            let Ok(reading) = reader.cells.read(cell) else {
                continue;
            };
            let Some(total) = reading.value.as_int() else {
                continue;
            };
            values.push((column, total));
            let scale = self.frame.form.columns[column].kind.scale();
            self.sums.claim(Claim {
                of: Of::Column(slot),
                total,
                part,
                cell: CellAt::of(row, sheet_column),
                word: word.clone(),
                shown: in_unit(total.into(), scale),
            });
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
            .filter(|r| self.sums.is_numeric(r.slot))
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
            let of = if count.of_people {
                Of::People
            } else {
                Of::Rows
            };
            self.sums.claim(Claim {
                of,
                total: count.number,
                part,
                cell: CellAt::of(row, column),
                word: word.to_owned(),
                shown: text.trim().to_owned(),
            });
        }
    }

    /// Says of each total that no sum of rows bears out what the rows give.
    fn judge_totals(&mut self) {
        for (claim, sum) in self.sums.disagreements() {
            let (code, column, sum) = match claim.of {
                Of::Column(slot) => {
                    let reader = self.readers.iter().find(|reader| reader.slot == slot);
                    let reader = reader.expect("a claim is read by its column's reader");
                    let scale = self.frame.form.columns[reader.column].kind.scale();
                    ("D125", reader.header, in_unit(sum, scale))
                }
                Of::Rows | Of::People => ("D126", "", sum.to_string()),
            };
            let params = [
                ("word", &*claim.word),
                ("column", column),
                ("value", &*claim.shown),
                ("sum", &*sum),
            ];
            let class = FindingClass::Total;
            let finding = self
                .frame
                .origin
                .finding(code, class, Some(claim.cell), &params);
            self.table.findings.push(finding);
        }
    }
}

/// Whether a cell repeats the one above it.
fn is_ditto(text: &str) -> bool {
    let bare = text.trim();
    bare.len() <= DITTO_BYTES && LEXICON.rows.dittos.iter().any(|mark| mark == bare)
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
