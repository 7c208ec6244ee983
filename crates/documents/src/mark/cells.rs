//! A sheet's cells take another look: the `s` of those that are there, new cells and rows where there are none.
//! Values, formulas and every other byte of the part stay.

use crate::mark::MarkError;
use crate::mark::plan::Cells;
use crate::mark::styles::Styles;
use crate::mark::survey::{Survey, parse_cell};
use crate::mark::xml::{Edits, Kind, Tag, each_tag, with_attribute, without_attribute};
use crate::sheet::CellAt;
use std::collections::BTreeMap;
use vocabulary::FindingClass;

/// The columns of a row that are still to be coloured.
type Row = BTreeMap<u16, FindingClass>;

/// Colours cells.
pub(super) fn colour(
    xml: &str,
    survey: &Survey,
    cells: &Cells,
    styles: &mut Styles,
) -> Result<String, MarkError> {
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    for (cell, wanted) in cells {
        rows.entry(cell.row)
            .or_default()
            .insert(cell.column, wanted.class);
    }
    let mut painter = Painter {
        survey,
        styles,
        edits: Edits::default(),
        rows,
        row: 0,
        row_style: None,
        here: None,
        column: None,
        inside: false,
    };
    each_tag(xml, |tag| painter.see(tag))?;
    Ok(painter.edits.apply(xml))
}

/// Walks through the rows with what is still to be coloured.
struct Painter<'a> {
    survey: &'a Survey,
    styles: &'a mut Styles,
    edits: Edits,
    rows: BTreeMap<u32, Row>,
    /// The row at hand, from 1; 0 before the first.
    row: u32,
    /// The look of the row's empty cells, when it has one of its own.
    row_style: Option<u32>,
    /// What is to be coloured in the row at hand.
    here: Option<Row>,
    /// The last column seen in the row at hand.
    column: Option<u16>,
    inside: bool,
}

impl Painter<'_> {
    fn see(&mut self, tag: &Tag<'_>) -> Result<(), MarkError> {
        match (tag.depth, tag.local, tag.kind) {
            (1, "sheetData", Kind::Open) => self.inside = true,
            (1, "sheetData", Kind::Close) => {
                self.inside = false;
                let text = self.missing_rows(u32::MAX, tag.prefix)?;
                self.edits.insert(tag.at, text);
            }
            (1, "sheetData", Kind::Empty) => {
                let text = self.missing_rows(u32::MAX, tag.prefix)?;
                if !text.is_empty() {
                    let name = format!("{}sheetData", tag.prefix);
                    let end = tag.end();
                    self.edits
                        .replace(end - 2..end, format!(">{text}</{name}>"));
                }
            }
            (2, "row", Kind::Open | Kind::Empty) if self.inside => self.row_begins(tag)?,
            (2, "row", Kind::Close) if self.inside => {
                if let Some(rest) = self.here.take() {
                    let text = self.missing_cells(&rest, tag.prefix)?;
                    self.edits.insert(tag.at, text);
                }
            }
            (3, "c", Kind::Open | Kind::Empty) if self.inside => self.cell(tag)?,
            _ => {}
        }
        Ok(())
    }

    fn row_begins(&mut self, tag: &Tag<'_>) -> Result<(), MarkError> {
        let row = match tag.attribute("r") {
            Some(number) => number
                .parse()
                .map_err(|_| MarkError::Damaged(tag.text.to_owned()))?,
            None => self.row + 1,
        };
        if row <= self.row {
            return Err(MarkError::Damaged(tag.text.to_owned()));
        }
        let before = self.missing_rows(row, tag.prefix)?;
        self.edits.insert(tag.at, before);
        self.row = row;
        self.column = None;
        let own = tag
            .attribute("customFormat")
            .is_some_and(|yes| yes == "1" || yes == "true");
        self.row_style = tag
            .attribute("s")
            .filter(|_| own)
            .and_then(|style| style.parse().ok());
        self.here = self.rows.remove(&row);
        let Some(here) = &self.here else {
            return Ok(());
        };
        // `spans` is a hint of how far the row reaches; a wrong one is worse than none.
        let tag_text = if spans_hold(tag, here) {
            tag.text.to_owned()
        } else {
            without_attribute(tag.text, "spans")
        };
        if tag.kind == Kind::Empty {
            let here = self.here.take().unwrap_or_default();
            let cells = self.missing_cells(&here, tag.prefix)?;
            let open = tag_text
                .strip_suffix("/>")
                .unwrap_or(&tag_text)
                .trim_end()
                .to_owned();
            let text = format!("{open}>{cells}</{}row>", tag.prefix);
            self.edits.replace(tag.at..tag.end(), text);
        } else if tag_text != tag.text {
            self.edits.replace(tag.at..tag.end(), tag_text);
        }
        Ok(())
    }

    fn cell(&mut self, tag: &Tag<'_>) -> Result<(), MarkError> {
        let broken = || MarkError::Damaged(tag.text.to_owned());
        let column = match tag.attribute("r") {
            Some(name) => {
                let cell = parse_cell(&name).ok_or_else(broken)?;
                if cell.row != self.row {
                    return Err(broken());
                }
                cell.column
            }
            None => self.column.map_or(0, |column| column + 1),
        };
        if self.column.is_some_and(|last| column <= last) {
            return Err(broken());
        }
        self.column = Some(column);
        let Some(here) = &mut self.here else {
            return Ok(());
        };
        let rest = here.split_off(&column);
        let before = std::mem::replace(here, rest);
        let wanted = here.remove(&column);
        let text = self.missing_cells(&before, tag.prefix)?;
        self.edits.insert(tag.at, text);
        if let Some(class) = wanted {
            let style = tag
                .attribute("s")
                .and_then(|style| style.parse().ok())
                .unwrap_or(0);
            let style = self.styles.tinted(style, class)?.to_string();
            self.edits.attribute(tag, "s", &style);
        }
        Ok(())
    }

    /// Rows of coloured cells that the sheet lacks, before a row.
    fn missing_rows(&mut self, before: u32, prefix: &str) -> Result<String, MarkError> {
        let rest = self.rows.split_off(&before);
        let rows = std::mem::replace(&mut self.rows, rest);
        self.row_style = None;
        let mut text = String::new();
        for (row, cells) in rows {
            self.row = row;
            let cells = self.missing_cells(&cells, prefix)?;
            text.push_str(&format!("<{prefix}row r=\"{row}\">{cells}</{prefix}row>"));
        }
        Ok(text)
    }

    /// Coloured cells that the row at hand lacks.
    fn missing_cells(&mut self, cells: &Row, prefix: &str) -> Result<String, MarkError> {
        let mut text = String::new();
        for (&column, &class) in cells {
            let row = self.row;
            let base = self
                .row_style
                .unwrap_or_else(|| self.survey.column_style(column));
            let style = self.styles.tinted(base, class)?.to_string();
            let name = CellAt { row, column }.to_string();
            let cell = with_attribute(&format!("<{prefix}c r=\"{name}\"/>"), "s", &style);
            text.push_str(&cell);
        }
        Ok(text)
    }
}

/// Whether all cells lie within the hint of how far a row reaches.
fn spans_hold(tag: &Tag<'_>, cells: &Row) -> bool {
    let Some(spans) = tag.attribute("spans") else {
        return true;
    };
    let inside = |column: u16| {
        spans.split(' ').any(|span| {
            let ends = span.split_once(':').and_then(|(first, last)| {
                Some((first.parse::<u32>().ok()?, last.parse::<u32>().ok()?))
            });
            ends.is_some_and(|(first, last)| (first..=last).contains(&(u32::from(column) + 1)))
        })
    };
    cells.keys().all(|column| inside(*column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::plan::Wanted;
    use crate::mark::survey::survey;

    fn coloured(body: &str, cells: &[&str]) -> Result<String, MarkError> {
        let xml = format!("<worksheet>{body}</worksheet>");
        let wanted = Wanted {
            class: FindingClass::Rejected,
            notes: Vec::new(),
        };
        let cells = cells
            .iter()
            .map(|name| (parse_cell(name).expect("a cell"), wanted.clone()))
            .collect();
        let mut styles = Styles::new(Styles::bare("n"))?;
        let text = colour(&xml, &survey(&xml)?, &cells, &mut styles)?;
        let text = text.strip_prefix("<worksheet>").expect("kept").to_owned();
        Ok(text.strip_suffix("</worksheet>").expect("kept").to_owned())
    }

    #[test]
    fn cells_are_coloured_or_put_in_their_order() {
        let body = "<sheetData><row r=\"2\" spans=\"2:4\"><c r=\"B2\" s=\"0\"><v>1</v></c><c r=\"D2\"/></row><row r=\"5\"/></sheetData>";
        let seen = coloured(body, &["B2", "A1", "C2", "E2", "A5", "B9"]).expect("a sheet");
        assert_eq!(
            seen,
            "<sheetData><row r=\"1\"><c s=\"1\" r=\"A1\"/></row>\
             <row r=\"2\"><c r=\"B2\" s=\"1\"><v>1</v></c><c s=\"1\" r=\"C2\"/><c r=\"D2\"/><c s=\"1\" r=\"E2\"/></row>\
             <row r=\"5\"><c s=\"1\" r=\"A5\"/></row><row r=\"9\"><c s=\"1\" r=\"B9\"/></row></sheetData>"
        );
    }

    #[test]
    fn rows_and_cells_without_numbers_are_counted() {
        let body = "<sheetData><row><c/><c><v>2</v></c></row><row><c/></row></sheetData>";
        let seen = coloured(body, &["B1", "A2"]).expect("a sheet");
        assert_eq!(
            seen,
            "<sheetData><row><c/><c s=\"1\"><v>2</v></c></row><row><c s=\"1\"/></row></sheetData>"
        );
        let bare = coloured("<sheetData/>", &["C3"]).expect("a sheet");
        assert_eq!(
            bare,
            "<sheetData><row r=\"3\"><c s=\"1\" r=\"C3\"/></row></sheetData>"
        );
    }

    #[test]
    fn rows_out_of_order_are_damage_and_nothing_is_written() {
        let body = "<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>";
        assert!(matches!(
            coloured(body, &["A1"]),
            Err(MarkError::Damaged(_))
        ));
        let body = "<sheetData><row r=\"2\"><c r=\"B2\"/><c r=\"A2\"/></row></sheetData>";
        assert!(matches!(
            coloured(body, &["A1"]),
            Err(MarkError::Damaged(_))
        ));
    }
}
