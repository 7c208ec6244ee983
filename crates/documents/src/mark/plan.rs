//! Which cells are coloured, what their notes say, and what the list says, in the order in which a person reads
//! the file.

use crate::mark::wording::{CLASSES, class_word, say};
use crate::mark::{LISTED_MAX, Mark, NOTE_CHARS_MAX, Place};
use crate::sheet::{CellAt, Merge};
use std::collections::{BTreeMap, HashMap};
use vocabulary::FindingClass;

/// Cells named in one line of the list.
const CELLS_SHOWN_MAX: usize = 8;

/// A file's marks, put in order.
pub(super) struct Plan {
    /// By sheet's name.
    pub(super) sheets: HashMap<String, Cells>,
    /// The list.
    pub(super) rows: Vec<Listed>,
    /// The findings in all, by class.
    pub(super) counts: Vec<(FindingClass, usize)>,
    /// How many the list leaves out.
    pub(super) unlisted: usize,
}

/// A sheet's cells that take a colour.
pub(super) type Cells = BTreeMap<CellAt, Wanted>;

/// What a cell is to show.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub(super) class: FindingClass,
    pub(super) notes: Vec<String>,
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) sheet: String,
    /// The cells as text.
    pub(super) cells: String,
    /// Where the text leads: sheet and cell.
    pub(super) link: Option<(String, CellAt)>,
    pub(super) class: FindingClass,
    pub(super) said: String,
    pub(super) next: String,
}

impl Plan {
    /// `sheets` are the file's sheets in their order; a cell of any other is listed without a link.
    pub(super) fn new(marks: &[Mark], sheets: &[String]) -> Plan {
        let order: HashMap<&str, usize> = sheets
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), at + 1))
            .collect();
        let place = |mark: &&Mark| {
            let first = mark.cells.first();
            let sheet = mark.sheet.as_deref().or(first.map(|p| p.sheet.as_str()));
            let sheet = sheet.map_or(0, |name| order.get(name).copied().unwrap_or(0));
            (sheet, first.map(|place| place.cell), mark.class)
        };
        let mut sorted: Vec<&Mark> = marks.iter().collect();
        sorted.sort_by_key(place);

        let mut plan = Plan {
            sheets: HashMap::new(),
            rows: Vec::new(),
            counts: Vec::new(),
            unlisted: sorted.len().saturating_sub(LISTED_MAX),
        };
        for class in CLASSES {
            let count = marks.iter().filter(|mark| mark.class == class).count();
            if count > 0 {
                plan.counts.push((class, count));
            }
        }
        for mark in &sorted {
            for place in &mark.cells {
                if !order.contains_key(place.sheet.as_str()) {
                    continue;
                }
                let cells = plan.sheets.entry(place.sheet.clone()).or_default();
                let wanted = cells.entry(place.cell).or_insert_with(|| Wanted {
                    class: mark.class,
                    notes: Vec::new(),
                });
                wanted.add(mark.class, [note(mark, place)]);
            }
        }
        let listed = sorted.iter().take(LISTED_MAX);
        plan.rows = listed.map(|mark| line(mark, &order)).collect();
        plan
    }
}

impl Wanted {
    /// More on the same cell: the graver class gives the colour; a sentence is not said twice.
    fn add(&mut self, class: FindingClass, notes: impl IntoIterator<Item = String>) {
        self.class = self.class.min(class);
        for note in notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// The note: its sentences with a blank line between, as many as a box holds.
    pub(super) fn note(&self, list: &str) -> String {
        let mut text = String::new();
        let mut room = NOTE_CHARS_MAX;
        for (at, note) in self.notes.iter().enumerate() {
            let length = note.chars().count();
            if at > 0 && length > room {
                let count = (self.notes.len() - at).to_string();
                text.push_str("\n\n");
                text.push_str(&say("note.more", &[("count", &count), ("list", list)]));
                break;
            }
            if at > 0 {
                text.push_str("\n\n");
            }
            text.extend(note.chars().take(room));
            room = room.saturating_sub(length);
        }
        text
    }
}

/// Moves what lies inside a merged range to the one cell of it that shows: the first.
pub(super) fn anchored(mut cells: Cells, merges: &[Merge]) -> Cells {
    for merge in merges {
        let at = CellAt::of(merge.top, merge.left);
        let rows = CellAt::of(merge.top, 0)..=CellAt::of(merge.bottom, usize::from(u16::MAX));
        let columns = merge.left..=merge.right;
        let inside: Vec<CellAt> = cells
            .range(rows)
            .map(|(cell, _)| *cell)
            .filter(|cell| *cell != at && columns.contains(&usize::from(cell.column)))
            .collect();
        for cell in inside {
            let moved = cells.remove(&cell).expect("it was just found");
            match cells.get_mut(&at) {
                Some(wanted) => wanted.add(moved.class, moved.notes),
                None => {
                    cells.insert(at, moved);
                }
            }
        }
    }
    cells
}

/// What is said on one of the mark's cells: with its sheet when that is another, and with the other cells.
fn note(mark: &Mark, at: &Place) -> String {
    let mut said = mark.said.clone();
    if let Some(sheet) = mark.sheet.as_ref().filter(|sheet| **sheet != at.sheet) {
        said = say("note.of_sheet", &[("sheet", sheet), ("said", &said)]);
    }
    let class = class_word(mark.class);
    let params = [
        ("class", class.as_str()),
        ("said", said.as_str()),
        ("next", mark.next.as_str()),
    ];
    let mut text = say("note.one", &params);
    let others = mark.cells.iter().filter(|place| *place != at);
    let others = names(others, &mark.elsewhere, &at.sheet);
    if !others.is_empty() {
        text.push('\n');
        text.push_str(&say("note.with", &[("cells", &others)]));
    }
    text
}

/// Cells in one line of text: those of a sheet by their bare names.
fn names<'a>(cells: impl Iterator<Item = &'a Place>, elsewhere: &[String], sheet: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    let own = cells.map(|place| {
        let cell = place.cell.to_string();
        if place.sheet == sheet {
            return cell;
        }
        say(
            "cells.of_sheet",
            &[("sheet", &place.sheet), ("cell", &cell)],
        )
    });
    for name in own.chain(elsewhere.iter().cloned()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let count = names.len();
    names.truncate(CELLS_SHOWN_MAX);
    let mut text = names.join(&say("cells.between", &[]));
    if count > CELLS_SHOWN_MAX {
        text.push_str(&say("cells.many", &[("count", &count.to_string())]));
    }
    text
}

fn line(mark: &Mark, order: &HashMap<&str, usize>) -> Listed {
    let first = mark.cells.first();
    let sheet = mark
        .sheet
        .clone()
        .or_else(|| first.map(|place| place.sheet.clone()))
        .unwrap_or_default();
    let text = names(mark.cells.iter(), &mark.elsewhere, &sheet);
    let link = first
        .filter(|place| order.contains_key(place.sheet.as_str()))
        .map(|place| (place.sheet.clone(), place.cell));
    Listed {
        sheet,
        cells: text,
        link,
        class: mark.class,
        said: mark.said.clone(),
        next: mark.next.clone(),
    }
}
