//! What a sheet's part holds, looked at before it is touched: merges, column looks, and where a link to the
//! boxes of its notes has its place.

use crate::mark::MarkError;
use crate::mark::package::RELATIONS;
use crate::mark::xml::{Kind, Tag, each_tag};
use crate::sheet::{CellAt, Merge};

/// The rows and columns that the format has.
const ROWS_END: u32 = 1_048_576;
const COLUMNS_END: u32 = 16_384;

/// The elements of a worksheet that stand behind the link to notes' boxes, in the schema's order.
const BEHIND_BOXES: [&str; 9] = [
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "worksheet",
];

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) merges: Vec<Merge>,
    pub(super) columns: Vec<Column>,
    /// Whether there is a place for cells at all: a sheet of nothing but a chart has none.
    pub(super) has_cells: bool,
    /// The relation of the boxes that are there.
    pub(super) boxes: Option<String>,
    /// Where a link to boxes may be put.
    pub(super) boxes_at: usize,
    /// The link's prefix.
    pub(super) prefix: String,
    /// The prefix of relations' ids, when the part names one.
    pub(super) relation_prefix: Option<String>,
}

/// A run of columns, both ends inside, from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) style: u32,
    /// In screen points at the usual font.
    pub(super) pixels: u32,
}

/// Looks through a sheet's part.
pub(super) fn survey(xml: &str) -> Result<Survey, MarkError> {
    let mut seen = Survey::default();
    let mut place = None;
    // An AlternateContent stands for the element that it holds.
    let mut alternate: Option<usize> = None;
    each_tag(xml, |tag| {
        if tag.depth == 0 && tag.kind == Kind::Open {
            if tag.local != "worksheet" {
                return Ok(());
            }
            seen.prefix = tag.prefix.to_owned();
            seen.relation_prefix = tag.prefix_of(&RELATIONS).map(str::to_owned);
        }
        if tag.kind == Kind::Close {
            if tag.depth == 0 {
                place.get_or_insert(tag.at);
            }
            return Ok(());
        }
        match (tag.depth, tag.local) {
            (1, "sheetData") => seen.has_cells = true,
            (1, "legacyDrawing") => {
                seen.boxes = tag.local_attribute("id").map(std::borrow::Cow::into_owned);
            }
            (1, "AlternateContent") => alternate = Some(tag.at),
            (1, local) if BEHIND_BOXES.contains(&local) => {
                place.get_or_insert(tag.at);
            }
            (3, local) if BEHIND_BOXES.contains(&local) => {
                if let Some(at) = alternate.take() {
                    place.get_or_insert(at);
                }
            }
            (2, "mergeCell") => seen.merges.extend(merge(tag)),
            (2, "col") => seen.columns.extend(column(tag)),
            _ => {}
        }
        if tag.depth == 1 && tag.local != "AlternateContent" {
            alternate = None;
        }
        Ok(())
    })?;
    seen.boxes_at = place.unwrap_or(0);
    seen.has_cells &= seen.boxes_at > 0;
    Ok(seen)
}

fn merge(tag: &Tag<'_>) -> Option<Merge> {
    let reference = tag.attribute("ref")?;
    let (first, last) = reference.split_once(':')?;
    let (first, last) = (parse_cell(first)?, parse_cell(last)?);
    Some(Merge {
        top: first.row as usize - 1,
        left: usize::from(first.column),
        bottom: last.row as usize - 1,
        right: usize::from(last.column),
    })
}

fn column(tag: &Tag<'_>) -> Option<Column> {
    let number = |name| tag.attribute(name).and_then(|v| v.parse::<u32>().ok());
    let place = |number: u32| u16::try_from(number.clamp(1, COLUMNS_END) - 1).ok();
    let hidden = tag
        .attribute("hidden")
        .is_some_and(|h| h == "1" || h == "true");
    // Whole characters are enough to place a box.
    let width = tag
        .attribute("width")
        .and_then(|width| width.split('.').next()?.parse::<u32>().ok())
        .unwrap_or(9)
        .min(255);
    Some(Column {
        first: place(number("min")?)?,
        last: place(number("max")?)?,
        style: number("style").unwrap_or(0),
        pixels: if hidden { 0 } else { width * 7 + 5 },
    })
}

impl Survey {
    /// The look that a column gives to cells that are not there.
    pub(super) fn column_style(&self, column: u16) -> u32 {
        self.column(column).map_or(0, |column| column.style)
    }

    /// How wide a column stands on the screen.
    pub(super) fn pixels(&self, column: u16) -> u32 {
        self.column(column).map_or(64, |column| column.pixels)
    }

    fn column(&self, column: u16) -> Option<&Column> {
        self.columns
            .iter()
            .find(|run| (run.first..=run.last).contains(&column))
    }
}

/// A cell written as `D41` (or `$D$41`) within what the format has.
pub(super) fn parse_cell(text: &str) -> Option<CellAt> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let digits = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, row) = text.split_at(digits);
    let row = row.strip_prefix('$').unwrap_or(row);
    if letters.is_empty() || letters.len() > 3 || !row.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let column = letters.bytes().fold(0_u32, |sum, letter| {
        sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    let row: u32 = row.parse().ok()?;
    if !(1..=ROWS_END).contains(&row) || column > COLUMNS_END {
        return None;
    }
    Some(CellAt {
        row,
        column: u16::try_from(column - 1).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_excel_writes_them() {
        for name in ["A1", "D41", "Z9", "AA10", "XFD1048576"] {
            assert_eq!(parse_cell(name).expect("a cell").to_string(), name);
        }
        assert_eq!(parse_cell("$D$41"), parse_cell("D41"));
        for name in [
            "", "D", "41", "D0", "XFE1", "A1048577", "A1:B2", "hz-3", "甲1",
        ] {
            assert_eq!(parse_cell(name), None, "{name}");
        }
    }

    #[test]
    fn the_boxes_link_has_its_place_in_the_schema() {
        let at = |body: &str| {
            let xml = format!("<worksheet><sheetData/>{body}</worksheet>");
            let seen = survey(&xml).expect("a sheet");
            assert!(seen.has_cells);
            xml[seen.boxes_at..].to_owned()
        };
        assert_eq!(at("<pageMargins/><drawing/>"), "</worksheet>");
        assert_eq!(
            at("<drawing/><tableParts/><extLst/>"),
            "<tableParts/><extLst/></worksheet>"
        );
        let controls = "<mc:AlternateContent><mc:Choice><controls><mc:AlternateContent/></controls></mc:Choice></mc:AlternateContent><extLst/>";
        assert_eq!(at(controls), format!("{controls}</worksheet>"));
        let drawing =
            "<mc:AlternateContent><mc:Choice><drawing/></mc:Choice></mc:AlternateContent>";
        assert_eq!(at(&format!("{drawing}<extLst/>")), "<extLst/></worksheet>");
    }
}
