//! What stands between the records of a table and around them: sections, the title of the next table, the
//! foot, and what the workbook hides. Reads no value of a record.

use super::{Body, Frame, Reader};
use crate::sheet::finding::WORDS;
use crate::sheet::fold::fold;
use crate::sheet::form::FormColumn;
use crate::sheet::line::Line;
use crate::sheet::section::{Miscount, SectionLine, Sections, is_followed, line_text, take_apart};
use crate::sheet::under::{numbers_columns, units};
use crate::sheet::{Cell, CellAt};
use vocabulary::{FieldType, FindingClass};

/// How many runs of hidden rows a sentence lists.
const RUNS_SHOWN: usize = 12;
/// How many rows a title may stand above its header.
const TITLE_ROWS: usize = 6;

/// How many rows under a header only number its columns or name their units.
pub(super) fn skip_under(frame: &Frame<'_>, from: usize) -> usize {
    let is_skipped = |row: &usize| {
        numbers_columns(frame.sheet, *row) && frame.texts_numbered(*row)
            || units(frame.sheet, *row).is_some()
    };
    (from..frame.sheet.rows()).take_while(is_skipped).count()
}

impl Frame<'_> {
    /// Whether a column that holds no numbers has one in this row: its running number, then.
    fn texts_numbered(&self, row: usize) -> bool {
        let columns = self.form.columns.iter().zip(&self.mapping.columns);
        columns
            .filter_map(|(column, mapped)| Some((column, mapped.as_ref()?.0)))
            .any(|(column, at)| {
                use FieldType::{Date, Division, IdNumber, Phone, Text};
                matches!(column.kind, Text | Division | Date | IdNumber | Phone)
                    && !self.sheet.cell(row, self.header[at].column).is_empty()
            })
    }
}

/// The section lines that fill the form's first column for a place, or required one that is written once,
/// where the sheet lacks it.
pub(super) fn sections(frame: &Frame<'_>) -> Option<Sections> {
    let lacking = |(at, column): &(usize, &FormColumn)| {
        let once = column.fill_down || (column.required && column.kind == FieldType::Division);
        frame.mapping.columns[*at].is_none() && once
    };
    let mut columns = frame.form.columns.iter().enumerate().filter(lacking);
    let first = columns.next()?;
    let (at, column) = if first.1.required {
        first
    } else {
        columns.find(|c| c.1.required).unwrap_or(first)
    };
    Some(Sections::new(
        frame.sheet,
        frame.first + frame.height,
        at,
        column,
    ))
}

/// Ascending numbers as runs, each with its first and last; a number that comes twice counts once.
pub(super) fn runs(numbers: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if number <= *last + 1 => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

impl Body<'_> {
    /// Whether the one cell of a row is a numbered line between records: in a column that is not filled
    /// down, while a required one is blank.
    pub(super) fn is_numbered_line(&self, row: usize) -> bool {
        let Some((at, text)) = line_text(self.frame.sheet, row) else {
            return false;
        };
        let column = usize::from(at.column);
        let form = &self.frame.form.columns;
        let own = self
            .readers
            .iter()
            .find(|reader| reader.sheet_column == column);
        let lacks = |reader: &Reader<'_>| {
            let own = &form[reader.column];
            let plain = own.across.is_none();
            own.required && plain && !reader.fill_down && reader.sheet_column != column
        };
        let is_numbered = |line: SectionLine| (1..=3).contains(&line.level);
        own.is_some_and(|reader| !reader.fill_down)
            && (self.readers.iter().any(lacks) || self.readers.iter().any(|r| r.fill_down))
            && take_apart(&text, &[]).is_some_and(is_numbered)
            && is_followed(self.frame.sheet, row)
    }

    /// Takes a row as a section line, when it is one.
    pub(super) fn section(&mut self, row: usize) -> bool {
        let Some(sections) = &self.sections else {
            return false;
        };
        let is_apart = |at: CellAt| {
            let column = usize::from(at.column);
            self.lines.is_wide(row, column)
                || !self.readers.iter().any(|r| r.sheet_column == column)
        };
        let Some((at, text, line)) = sections.line(self.frame.sheet, row, is_apart) else {
            return false;
        };
        self.begin_section(at, text, &line);
        true
    }

    pub(super) fn begin_section(&mut self, at: CellAt, text: String, line: &SectionLine) {
        let Some(sections) = &mut self.sections else {
            return;
        };
        let column = sections.column;
        let (refused, before) = sections.begin(at, text, line);
        if let Some(reject) = refused {
            let header = self.frame.form.columns[column].headers.first();
            let header = header.cloned().unwrap_or_default();
            self.reject(&reject, at, &line.name, &header);
        }
        self.miscounted(before);
    }

    pub(super) fn end_section(&mut self) {
        let before = self.sections.as_mut().and_then(Sections::end);
        self.miscounted(before);
    }

    /// A section line that says another number than there are rows.
    pub(super) fn miscounted(&mut self, section: Option<Miscount>) {
        let Some(section) = section else { return };
        let (said, rows) = (section.said.to_string(), section.rows.to_string());
        let params = [
            ("text", section.text.trim()),
            ("value", &said),
            ("sum", &rows),
        ];
        let class = FindingClass::Total;
        let finding = self
            .frame
            .origin
            .finding("D129", class, Some(section.at), &params);
        self.table.findings.push(finding);
    }

    /// Keeps the texts around the table where neither a column nor a line named the place.
    pub(super) fn name_section(&mut self) {
        let columns = self
            .frame
            .form
            .columns
            .iter()
            .zip(&self.frame.mapping.columns);
        let is_lacking = |(column, mapped): (&FormColumn, &Option<_>)| {
            column.kind == FieldType::Division && mapped.is_none()
        };
        let lines = self.sections.as_ref().filter(|sections| sections.any);
        let Some(column) = columns.map(is_lacking).position(|lacking| lacking) else {
            return;
        };
        if lines.is_none_or(|sections| sections.column != column) {
            let texts = self.frame.heading.texts();
            self.table.section = Some(crate::sheet::Section { column, texts });
        }
    }

    /// The cells of the lines below a row (from 0).
    pub(super) fn foot(&self, last: usize) -> Vec<(CellAt, String)> {
        let mut cells = Vec::new();
        for (at, _) in self
            .table
            .notes
            .iter()
            .filter(|(at, _)| at.row as usize > last)
        {
            let row = at.row as usize - 1;
            let filled = self.frame.sheet.filled(row);
            cells.extend(
                filled.map(|(column, cell)| (CellAt::of(row, column), cell.shown().into_owned())),
            );
        }
        cells
    }

    /// Says which rows and columns count although the workbook hides them.
    pub(super) fn name_hidden(&mut self) {
        let sheet = self.frame.sheet.sheet;
        let hidden = &sheet.hidden_rows;
        let read = self
            .table
            .rows
            .iter_numbers()
            .filter(|number| hidden.binary_search(&(*number as usize - 1)).is_ok());
        let mut findings = Vec::new();
        let rows = if hidden.is_empty() {
            Vec::new()
        } else {
            runs(read)
        };
        let class = FindingClass::Notice;
        if let Some((first, _)) = rows.first() {
            let shown = |(from, to): &(u32, u32)| {
                if from == to {
                    from.to_string()
                } else {
                    format!("{from}–{to}")
                }
            };
            let between = WORDS.say("list.between", &[]);
            let mut said: Vec<String> = rows.iter().take(RUNS_SHOWN).map(shown).collect();
            if rows.len() > RUNS_SHOWN {
                said.push("…".to_owned());
            }
            let own = self
                .readers
                .iter()
                .map(|reader| reader.sheet_column)
                .min()
                .unwrap_or(0);
            let cell = Some(CellAt::of(*first as usize - 1, own));
            let said = said.join(&between);
            let params = [("rows", said.as_str())];
            findings.push(self.frame.origin.finding("D182", class, cell, &params));
        }
        for reader in self
            .readers
            .iter()
            .filter(|r| sheet.hidden_columns.binary_search(&r.sheet_column).is_ok())
        {
            let letter = crate::sheet::column_letters(reader.sheet_column);
            let cell = CellAt::of(
                self.frame.first + self.frame.height - 1,
                reader.sheet_column,
            );
            let params = [("column", reader.header), ("letter", letter.as_str())];
            findings.push(
                self.frame
                    .origin
                    .finding("D183", class, Some(cell), &params),
            );
        }
        self.table.findings.extend(findings);
    }

    /// Whether a line that is alone in its row is the title of another table: a header follows, with nothing
    /// but lines between.
    pub(super) fn is_title(&self, row: usize) -> bool {
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
    pub(super) fn is_titular(&self, row: usize) -> bool {
        let Some((column, cell)) = self.frame.sheet.filled(row).next() else {
            return false;
        };
        let shown = cell.shown();
        let text = fold(&shown);
        let named = |name: &String| text.contains(fold(name).as_ref());
        let apart = self.lines.is_wide(row, column)
            || !self
                .readers
                .iter()
                .any(|reader| reader.sheet_column == column);
        // Where lines name what rows belong to, a line is one of them unless it speaks as titles do.
        (apart && self.sections.is_none()) || self.frame.form.names.iter().any(named)
    }

    /// The first of the lines directly over another table's header that say its unit and date.
    pub(super) fn title_above(&mut self, header: usize, last: usize) -> usize {
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
