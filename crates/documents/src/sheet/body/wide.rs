//! The records of a wide table: one for each row and each combination of keys with a filled cell; and columns
//! of sums against what they add up.

use super::{Body, Frame, Taken, in_unit};
use crate::sheet::finding::WORDS;
use crate::sheet::form::Form;
use crate::sheet::reading::{MapReason, ReadValue};
use crate::sheet::wide::{Block, Unknown};
use crate::sheet::{Cell, CellAt, column_letters};
use vocabulary::{FieldType, Finding, FindingClass, Value};

/// A column across that is found is found by all its levels.
const SURE: u8 = 100;
/// In so many rows under a header of an unknown word a number is looked for.
const LOOK_ROWS: usize = 50;

/// Which columns of a block make which records. Without a block a row is its own one record.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// How many columns the form has.
    plain: usize,
    /// Slot after the plain ones: form column and header cell.
    columns: Vec<(usize, usize)>,
    groups: Vec<Group>,
    /// Form columns that the title says for every record.
    by_title: Vec<(usize, ReadValue)>,
    /// The slot of a sum, its form column, and the slots that it adds up.
    sums: Vec<(usize, usize, Vec<usize>)>,
}

#[derive(Debug)]
struct Group {
    /// Form columns and what the headers say of them.
    keys: Vec<(usize, ReadValue)>,
    /// Form column and slot.
    parts: Vec<(usize, usize)>,
}

impl Plan {
    pub(super) fn new(frame: &Frame<'_>) -> Plan {
        let plain = frame.form.columns.len();
        let mut plan = Plan {
            plain,
            by_title: year_of_title(frame),
            ..Plan::default()
        };
        let Some(block) = &frame.mapping.block else {
            return plan;
        };
        for group in &block.groups {
            let mut parts = Vec::new();
            for (column, at) in &group.parts {
                parts.push((*column, plain + plan.columns.len()));
                plan.columns.push((*column, *at));
            }
            let (_, first) = group.parts[0];
            let read = |value: &Value| ReadValue {
                value: value.clone(),
                cell: header_cell(frame, first),
                ..ReadValue::default()
            };
            let own = block.keys.iter().zip(&group.values);
            let own = own.map(|(column, value)| (*column, read(value)));
            plan.groups.push(Group {
                keys: own.collect(),
                parts,
            });
        }
        for sum in &block.sums {
            let slots = sum
                .groups
                .iter()
                .flat_map(|group| &plan.groups[*group].parts);
            let slots = slots.filter(|(column, _)| *column == sum.column);
            let slots: Vec<usize> = slots.map(|(_, slot)| *slot).collect();
            let slot = plain + plan.columns.len();
            plan.columns.push((sum.column, sum.at));
            plan.sums.push((slot, sum.column, slots));
        }
        plan
    }

    pub(super) fn is_some(&self) -> bool {
        !self.groups.is_empty()
    }

    /// Slot, form column and how it is mapped, for each column of the block.
    pub(super) fn columns(&self) -> impl Iterator<Item = (usize, usize, (usize, MapReason, u8))> {
        let columns = (self.plain..).zip(&self.columns);
        columns.map(|(slot, (column, at))| (slot, *column, (*at, MapReason::Path, SURE)))
    }

    /// What the values of each slot are.
    pub(super) fn kinds(&self, form: &Form) -> impl Iterator<Item = FieldType> {
        let own = form.columns.iter();
        let across = self
            .columns
            .iter()
            .map(|(column, _)| &form.columns[*column]);
        own.chain(across).map(|column| column.kind.clone())
    }

    /// How many values a row has.
    pub(super) fn slots(&self) -> usize {
        self.plain + self.columns.len()
    }

    /// Which groups a row fills: with a value, or with something that could not be read. A mark for nothing
    /// is none.
    pub(super) fn filled(&self, values: &[Taken<'_>]) -> Vec<bool> {
        let fills = |slot: usize| {
            let read = &values[slot].read;
            read.rejected || !read.value.is_null()
        };
        let groups = self.groups.iter();
        groups
            .map(|group| group.parts.iter().any(|(_, slot)| fills(*slot)))
            .collect()
    }

    /// The records that a row makes.
    pub(super) fn records(
        &self,
        mut values: Vec<ReadValue>,
        filled: &[bool],
    ) -> Vec<Vec<ReadValue>> {
        for (column, value) in &self.by_title {
            values[*column] = value.clone();
        }
        if !self.is_some() {
            return vec![values];
        }
        let across = values.split_off(self.plain);
        let groups = self
            .groups
            .iter()
            .zip(filled)
            .filter(|(_, filled)| **filled);
        let records = groups.map(|(group, _)| {
            let mut record = values.clone();
            for (column, value) in &group.keys {
                record[*column] = value.clone();
            }
            for (column, slot) in &group.parts {
                record[*column] = across[slot - self.plain].clone();
            }
            record
        });
        records.collect()
    }
}

/// The year that the title, the sheet's name or the file's name is about, for keys that no header gives.
fn year_of_title(frame: &Frame<'_>) -> Vec<(usize, ReadValue)> {
    let across = frame.across;
    let lacking = across.keys().filter(|(column, is_year)| {
        let in_block = |block: &Block| block.keys.contains(column);
        let in_block = frame.mapping.block.as_ref().is_some_and(in_block);
        *is_year && !in_block && frame.mapping.columns[*column].is_none()
    });
    let Some(year) = frame.heading.year() else {
        return Vec::new();
    };
    let title = frame.heading.cells.first().map(|(at, _)| *at);
    let said = lacking.map(|(column, _)| {
        let read = ReadValue {
            value: across.year(column, year),
            cell: title.unwrap_or_default(),
            ..ReadValue::default()
        };
        (column, read)
    });
    said.collect()
}

fn header_cell(frame: &Frame<'_>, at: usize) -> CellAt {
    CellAt::of(frame.first + frame.height - 1, frame.header[at].column)
}

impl Body<'_> {
    /// Says of each column of sums in a row what its parts give, where they disagree.
    pub(super) fn judge_across(&mut self, row: usize, values: &[ReadValue]) {
        for index in 0..self.wide.sums.len() {
            let (slot, column, parts) = &self.wide.sums[index];
            let own = &values[*slot];
            let Some(total) = own.value.as_int() else {
                continue;
            };
            if parts.iter().any(|part| values[*part].rejected) {
                continue;
            }
            let amounts = parts.iter().filter_map(|part| values[*part].value.as_int());
            let sum: i128 = amounts.map(i128::from).sum();
            if sum == i128::from(total) {
                continue;
            }
            let scale = self.frame.form.columns[*column].kind.scale();
            let slot = *slot;
            let reader = self.readers.iter().find(|reader| reader.slot == slot);
            let header = reader.map_or("", |reader| reader.header);
            let params = [
                ("column", header),
                ("value", &*in_unit(total.into(), scale)),
                ("sum", &*in_unit(sum, scale)),
            ];
            let cell = Some(CellAt::of(row, usize::from(own.cell.column)));
            let class = FindingClass::Total;
            let finding = self.frame.origin.finding("D158", class, cell, &params);
            if self.has_room() {
                self.table.findings.push(finding);
            }
        }
    }
}

/// What is to be said of a block's columns: words that nobody knows, and what is said twice.
pub(in crate::sheet) fn findings(frame: &Frame<'_>) -> Vec<Finding> {
    let Some(block) = &frame.mapping.block else {
        return Vec::new();
    };
    let used: Vec<usize> = frame
        .mapping
        .columns
        .iter()
        .flatten()
        .map(|m| m.0)
        .collect();
    let unknown = block.unknown.iter();
    let unknown = unknown
        .filter(|unknown| !used.contains(&unknown.at) && holds_numbers(frame, unknown.at))
        .map(|unknown| of_unknown(frame, unknown));
    let twice = block.twice.iter().map(|(at, first)| {
        let letters = column_letters(frame.header[*first].column);
        let params = [
            ("header", frame.header[*at].shown.as_str()),
            ("other", letters.as_str()),
        ];
        let class = FindingClass::Rejected;
        let cell = Some(header_cell(frame, *at));
        frame.origin.finding("D159", class, cell, &params)
    });
    unknown.chain(twice).collect()
}

fn of_unknown(frame: &Frame<'_>, unknown: &Unknown) -> Finding {
    let column = &frame.form.columns[unknown.column];
    let header = &frame.header[unknown.at];
    let params = [
        ("header", header.shown.as_str()),
        ("value", unknown.word.as_str()),
        ("column", column.headers.first().unwrap_or(&column.name)),
        ("near", unknown.near.as_deref().unwrap_or_default()),
    ];
    let next = match &unknown.near {
        Some(_) if WORDS.get("D157.next_near").is_some() => "next_near",
        _ => "next",
    };
    let cell = Some(header_cell(frame, unknown.at));
    let class = FindingClass::Rejected;
    frame
        .origin
        .variant("D157", class, cell, &params, "said", next)
}

/// Whether there is a number under a header: a column of remarks is no part of a block.
fn holds_numbers(frame: &Frame<'_>, at: usize) -> bool {
    let body = frame.first + frame.height;
    let rows = (body..frame.sheet.rows()).take(LOOK_ROWS);
    rows.map(|row| frame.sheet.cell(row, frame.header[at].column))
        .any(|cell| match cell {
            Cell::Number(_) => true,
            Cell::Text(text) => text.trim_start().starts_with(|c: char| c.is_numeric()),
            _ => false,
        })
}
