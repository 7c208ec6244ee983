//! The zip around an `.xlsx`: whether it is one, whether it would fill the machine, and what the
//! workbook library does not tell: which columns are hidden.

use crate::sheet::Limits;
use crate::sheet::error::ReadErrorKind;
use quick_xml::events::{BytesStart, Event};
use std::collections::HashMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Hidden columns by the sheet's name, after the package has been weighed.
pub(crate) fn inspect(
    bytes: &[u8],
    limits: &Limits,
) -> Result<HashMap<String, Vec<usize>>, ReadErrorKind> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| ReadErrorKind::Damaged(error.to_string()))?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(ReadErrorKind::NotAWorkbook);
    }
    weigh(&mut archive, bytes.len() as u64, limits)?;
    Ok(hidden_columns(&mut archive).unwrap_or_default())
}

/// Inflates every part into nothing and counts: what a zip says of its own size may be a lie.
fn weigh(archive: &mut Archive<'_>, zipped: u64, limits: &Limits) -> Result<(), ReadErrorKind> {
    let mut unzipped = 0_u64;
    for index in 0..archive.len() {
        let part = archive
            .by_index(index)
            .map_err(|error| ReadErrorKind::Damaged(error.to_string()))?;
        let room = limits.unzipped_bytes.saturating_sub(unzipped) + 1;
        let mut counted = part.take(room);
        unzipped += std::io::copy(&mut counted, &mut std::io::sink())
            .map_err(|error| ReadErrorKind::Damaged(error.to_string()))?;
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
    }
    Ok(())
}

/// Reads `<cols>` of every sheet. A package in which this cannot be found is read without it.
fn hidden_columns(archive: &mut Archive<'_>) -> Option<HashMap<String, Vec<usize>>> {
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
    let mut hidden = HashMap::new();
    for (name, id) in sheets {
        let Some(target) = targets.get(&id) else {
            continue;
        };
        let path = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        };
        let Some(xml) = head(archive, &path) else {
            continue;
        };
        let mut columns = Vec::new();
        each_element(&xml, "col", |element| {
            let number = |key| attribute(element, key).and_then(|text| text.parse::<usize>().ok());
            let shown = attribute(element, "hidden").is_none_or(|h| h == "0" || h == "false");
            if let (false, Some(min), Some(max)) = (shown, number("min"), number("max")) {
                // Hidden to the end of the sheet says nothing of a column that anyone fills.
                columns.extend((min.max(1)..=max.min(1_000)).map(|column| column - 1));
            }
        });
        columns.sort_unstable();
        columns.dedup();
        hidden.insert(name, columns);
    }
    Some(hidden)
}

fn part(archive: &mut Archive<'_>, path: &str) -> Option<String> {
    let mut text = String::new();
    archive.by_name(path).ok()?.read_to_string(&mut text).ok()?;
    Some(text)
}

/// The part up to its rows: `<cols>` stands before them.
fn head(archive: &mut Archive<'_>, path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    archive
        .by_name(path)
        .ok()?
        .take(256 * 1024)
        .read_to_end(&mut bytes)
        .ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Some(
        text.split("<sheetData")
            .next()
            .unwrap_or_default()
            .to_owned(),
    )
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
