//! The zip around an `.xlsx`: whether it is one, whether it would fill the machine, and what the
//! workbook library tells slowly or not at all: what is merged, which columns and rows are hidden.

use crate::sheet::error::ReadErrorKind;
use crate::sheet::packed::too_large;
use crate::sheet::{Limits, Merge};
use memchr::memmem;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// What a sheet's part says beside its cells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dress {
    /// Hidden columns, from 0, ascending.
    pub(crate) columns: Vec<usize>,
    /// Hidden rows, from 0, ascending.
    pub(crate) rows: Vec<usize>,
    pub(crate) merges: Vec<Merge>,
}

/// What stands around the cells, by the sheet's name, after the package has been weighed.
pub(crate) fn inspect(
    bytes: &[u8],
    limits: &Limits,
) -> Result<HashMap<String, Dress>, ReadErrorKind> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| ReadErrorKind::Damaged(error.to_string()))?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(ReadErrorKind::Other(kind_of(&mut archive)));
    }
    let parts = sheet_parts(&mut archive).unwrap_or_default();
    if parts.len() > limits.sheets {
        return Err(too_large("sheets", parts.len(), limits.sheets));
    }
    let mut by_part = weigh(&mut archive, bytes.len() as u64, limits, &parts)?;
    let dress = |(name, part): (String, String)| Some((name, by_part.remove(&part)?));
    Ok(parts.into_iter().filter_map(dress).collect())
}

/// What a zip is that is no workbook.
fn kind_of(archive: &mut Archive<'_>) -> &'static str {
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("word/document.xml") {
        return "word";
    }
    if has("ppt/presentation.xml") {
        return "slides";
    }
    if has("xl/workbook.bin") {
        return "xlsb";
    }
    match part(archive, "mimetype") {
        Some(kind) if kind.contains("opendocument.spreadsheet") => "ods",
        Some(kind) if kind.contains("opendocument.text") => "word",
        Some(kind) if kind.contains("opendocument.presentation") => "slides",
        _ => "archive",
    }
}

/// Inflates every part and counts: what a zip says of its own size may be a lie. The parts of sheets are
/// looked through as they pass, so that they need not be inflated once more.
fn weigh(
    archive: &mut Archive<'_>,
    zipped: u64,
    limits: &Limits,
    parts: &[(String, String)],
) -> Result<HashMap<String, Dress>, ReadErrorKind> {
    let damaged = |error: &dyn std::fmt::Display| ReadErrorKind::Damaged(error.to_string());
    let mut unzipped = 0_u64;
    let mut sheets = HashMap::new();
    let mut chunk = vec![0_u8; 256 * 1024];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.into_owned();
        let is_sheet = parts.iter().any(|(_, part)| *part == name);
        let mut watch = is_sheet.then(Watch::default);
        loop {
            let read = part.read(&mut chunk).map_err(|error| damaged(&error))?;
            if read == 0 {
                break;
            }
            unzipped += read as u64;
            if unzipped > limits.unzipped_bytes {
                let limit = limits.unzipped_bytes;
                return Err(ReadErrorKind::TooLarge {
                    what: "unzipped",
                    value: unzipped,
                    limit,
                });
            }
            let ratio = unzipped / zipped.max(1);
            if unzipped > crate::sheet::limits::RATIO_FREE_BYTES && ratio > limits.ratio {
                let limit = limits.ratio;
                return Err(ReadErrorKind::TooLarge {
                    what: "ratio",
                    value: ratio,
                    limit,
                });
            }
            if let Some(watch) = &mut watch {
                watch.take(&chunk[..read]);
            }
        }
        if let Some(watch) = watch {
            sheets.insert(name, watch.finish(limits.merges));
        }
    }
    Ok(sheets)
}

/// Looks through a sheet's part as it is inflated: keeps what stands before and after its rows, and the rows
/// that say that they are hidden.
#[derive(Default)]
struct Watch {
    head: Vec<u8>,
    tail: Vec<u8>,
    /// The end of what was seen, in case a word begins there.
    carry: Vec<u8>,
    place: Place,
    hidden: Vec<usize>,
}

#[derive(Default, PartialEq)]
enum Place {
    #[default]
    Before,
    Rows,
    After,
}

/// A row's opening tag is shorter than this.
const CARRY: usize = 512;
/// What is kept before and after the rows: column widths, two hundred thousand merges.
const AROUND_MAX: usize = 16 * 1024 * 1024;

impl Watch {
    fn take(&mut self, chunk: &[u8]) {
        let mut bytes = std::mem::take(&mut self.carry);
        let mut from = bytes.len();
        bytes.extend_from_slice(chunk);
        let mut rest = 0;
        if self.place == Place::Before {
            match memmem::find(&bytes, b"sheetData") {
                Some(at) => {
                    self.keep_head(&bytes[..at]);
                    // The element itself may be empty: then what follows is no row either.
                    rest = at + b"sheetData".len();
                    from = rest;
                    self.place = Place::Rows;
                }
                None => {
                    let keep = bytes.len().saturating_sub(CARRY);
                    self.keep_head(&bytes[..keep]);
                    self.carry = bytes.split_off(keep);
                    return;
                }
            }
        }
        if self.place == Place::Rows {
            let body = &bytes[rest..];
            let end = memmem::find(body, b"sheetData>");
            let body = &body[..end.unwrap_or(body.len())];
            // A mark whose value was cut off is looked at again; one seen twice counts once.
            let seen = from.saturating_sub(rest + HIDDEN.len() + "'false'".len());
            for at in memmem::find_iter(&body[seen.min(body.len())..], HIDDEN) {
                self.hidden.extend(hidden_row(body, seen + at));
            }
            match end {
                Some(end) => {
                    rest += end + b"sheetData>".len();
                    self.place = Place::After;
                }
                None => {
                    let keep = bytes.len().saturating_sub(CARRY).max(rest);
                    self.carry = bytes.split_off(keep);
                    return;
                }
            }
        }
        let room = AROUND_MAX.saturating_sub(self.tail.len());
        let after = &bytes[rest..];
        self.tail.extend_from_slice(&after[..after.len().min(room)]);
    }

    fn keep_head(&mut self, bytes: &[u8]) {
        let room = AROUND_MAX.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn finish(mut self, merges_max: usize) -> Dress {
        if self.place == Place::Before {
            let carry = std::mem::take(&mut self.carry);
            self.keep_head(&carry);
        }
        let mut dress = Dress {
            rows: self.hidden,
            ..Dress::default()
        };
        each_element(&String::from_utf8_lossy(&self.head), "col", |element| {
            let number = |key| attribute(element, key).and_then(|text| text.parse::<usize>().ok());
            let shown = attribute(element, "hidden").is_none_or(|h| h == "0" || h == "false");
            if let (false, Some(min), Some(max)) = (shown, number("min"), number("max")) {
                // Hidden to the end of the sheet says nothing of a column that anyone fills.
                let columns = min.max(1)..=max.min(1_000);
                dress.columns.extend(columns.map(|column| column - 1));
            }
        });
        each_element(
            &String::from_utf8_lossy(&self.tail),
            "mergeCell",
            |element| {
                // One more than the limit: the reader of the sheet, which knows its name, refuses it.
                if dress.merges.len() <= merges_max {
                    let range = attribute(element, "ref");
                    dress.merges.extend(range.as_deref().and_then(merge_of));
                }
            },
        );
        dress.columns.sort_unstable();
        dress.columns.dedup();
        dress.rows.sort_unstable();
        dress.rows.dedup();
        dress
    }
}

const HIDDEN: &[u8] = b"hidden=";

/// The row, from 0, in whose opening tag the mark at `at` stands and says yes.
fn hidden_row(body: &[u8], at: usize) -> Option<usize> {
    let value = body.get(at + HIDDEN.len() + 1..)?;
    if !value.starts_with(b"1") && !value.starts_with(b"true") {
        return None;
    }
    let start = memchr::memrchr(b'<', &body[..at])?;
    let tag = std::str::from_utf8(&body[start..at]).ok()?;
    let (name, attributes) = tag[1..].split_once(char::is_whitespace)?;
    if name.rsplit(':').next() != Some("row") {
        return None;
    }
    let number = attributes.split_once("r=")?.1.get(1..)?;
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
    number[..digits].parse::<usize>().ok()?.checked_sub(1)
}

/// A range as `A1:C3`; a single cell is no merge.
fn merge_of(range: &str) -> Option<Merge> {
    let (from, to) = range.split_once(':')?;
    let ((top, left), (bottom, right)) = (cell_of(from)?, cell_of(to)?);
    (top <= bottom && left <= right).then_some(Merge {
        top,
        left,
        bottom,
        right,
    })
}

/// Row and column, both from 0, of a name as `D41`.
fn cell_of(name: &str) -> Option<(usize, usize)> {
    let name = name.trim_start_matches('$');
    let split = name.find(|c: char| !c.is_ascii_alphabetic())?;
    let (letters, row) = name.split_at(split);
    let row: usize = row.trim_start_matches('$').parse().ok()?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let digit = |c: u8| usize::from(c.to_ascii_uppercase() - b'A') + 1;
    let column = letters.bytes().fold(0, |sum, c| sum * 26 + digit(c));
    Some((row.checked_sub(1)?, column - 1))
}

/// Each sheet's name and the part that holds it. A package in which this cannot be found is read without.
fn sheet_parts(archive: &mut Archive<'_>) -> Option<Vec<(String, String)>> {
    let mut targets = HashMap::new();
    each_element(
        &part(archive, "xl/_rels/workbook.xml.rels")?,
        "Relationship",
        |element| {
            if let (Some(id), Some(target)) =
                (attribute(element, "Id"), attribute(element, "Target"))
            {
                targets.insert(id, target);
            }
        },
    );
    let mut sheets = Vec::new();
    each_element(&part(archive, "xl/workbook.xml")?, "sheet", |element| {
        if let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id")) {
            sheets.push((name, id));
        }
    });
    let part_of = |target: &String| match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("xl/{target}"),
    };
    let parts = sheets.into_iter();
    Some(
        parts
            .filter_map(|(name, id)| Some((name, part_of(targets.get(&id)?))))
            .collect(),
    )
}

/// The list of a thousand sheets is a hundred kilobytes; it is read before the package is weighed.
const LIST_MAX: u64 = 16 * 1024 * 1024;

fn part(archive: &mut Archive<'_>, path: &str) -> Option<String> {
    let mut text = String::new();
    let part = archive.by_name(path).ok()?;
    part.take(LIST_MAX).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Calls `with` for every element of this local name.
fn each_element(xml: &str, name: &str, mut with: impl FnMut(&BytesStart<'_>)) {
    let mut reader = quick_xml::Reader::from_str(xml);
    // Cut off before the rows, the text is no whole document.
    reader.config_mut().check_end_names = false;
    while let Ok(event) = reader.read_event() {
        let element = match event {
            Event::Start(element) | Event::Empty(element) => element,
            Event::Eof => return,
            _ => continue,
        };
        if element.local_name().as_ref() == name {
            with(&element);
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == name)
        .map(
            |attribute| match quick_xml::escape::unescape(&attribute.value) {
                Ok(text) => text.into_owned(),
                Err(_) => String::new(),
            },
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: &str = r#"<?xml version="1.0"?><worksheet><cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols>
<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>hidden="1" &lt;row r="9"</t></is></c></row>
<row r="3" spans="1:2" hidden="1" ht="0"><c r="A3"/></row><row hidden="0" r="4"/><row r="7" hidden="true"></row></sheetData>
<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="$B$2:AA10"/><mergeCell ref="A5"/></mergeCells></worksheet>"#;

    #[test]
    fn a_part_is_understood_however_it_is_cut() {
        let merge = |top, left, bottom, right| Merge {
            top,
            left,
            bottom,
            right,
        };
        let expected = Dress {
            columns: vec![1, 2],
            rows: vec![2, 6],
            merges: vec![merge(0, 0, 0, 2), merge(1, 1, 9, 26)],
        };
        for size in [PART.len(), 1, 7, 64, 511, 513] {
            let mut watch = Watch::default();
            for chunk in PART.as_bytes().chunks(size) {
                watch.take(chunk);
            }
            assert_eq!(watch.finish(10), expected, "in pieces of {size}");
        }
    }
}
