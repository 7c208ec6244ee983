//! A package taken apart: its entries as they lie, its parts as text, and the rules that Excel holds it to.

use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use zip::ZipArchive;

/// Entries by name: compressed bytes.
pub(super) fn raw(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    entries(bytes, true)
}

/// Entries by name: their text.
pub(super) fn parts(bytes: &[u8]) -> BTreeMap<String, String> {
    entries(bytes, false)
        .into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap_or_default()))
        .collect()
}

fn entries(bytes: &[u8], raw: bool) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let read = |index| {
        let mut entry = if raw {
            archive.by_index_raw(index).expect("an entry")
        } else {
            archive.by_index(index).expect("an entry")
        };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        (entry.name().expect("a name").into_owned(), bytes)
    };
    (0..ZipArchive::new(Cursor::new(bytes)).expect("a zip").len())
        .map(read)
        .collect()
}

/// A zip of these parts.
pub(super) fn zipped<'a>(parts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).expect("a part");
        writer.write_all(text.as_bytes()).expect("its bytes");
    }
    writer.finish().expect("a zip").into_inner()
}

/// Elements of a part: local name, attributes by name as written.
pub(super) fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut reader = Reader::from_str(xml);
    let mut all = Vec::new();
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(element) | Event::Empty(element) => {
                let attributes = element.attributes().map(|attribute| {
                    let attribute = attribute.expect("an attribute, once");
                    let value = quick_xml::escape::unescape(&attribute.value).expect("escaped");
                    (attribute.key.into_inner().to_owned(), value.into_owned())
                });
                let name = element.local_name().into_inner().to_owned();
                all.push((name, attributes.collect()));
            }
            Event::Eof => return all,
            _ => {}
        }
    }
}

fn all_of<'a>(
    elements: &'a [(String, BTreeMap<String, String>)],
    name: &'a str,
    attribute: &'a str,
) -> impl Iterator<Item = &'a str> + 'a {
    elements
        .iter()
        .filter(move |(local, _)| local == name)
        .filter_map(move |(_, attributes)| attributes.get(attribute).map(String::as_str))
}

fn distinct<'a>(what: &str, values: impl Iterator<Item = &'a str>) {
    let values: Vec<&str> = values.collect();
    let once: BTreeSet<&str> = values.iter().copied().collect();
    assert_eq!(values.len(), once.len(), "{what} taken twice: {values:?}");
}

/// The order of a worksheet's children, as far as files of tests have them.
const CHILDREN: [&str; 22] = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetProtection",
    "autoFilter",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "tableParts",
    "extLst",
];

/// What Excel checks before it offers to repair a file.
pub(super) fn obeys_excel(bytes: &[u8]) {
    let parts = parts(bytes);
    let types = elements(&parts["[Content_Types].xml"]);
    let overrides: Vec<&str> = all_of(&types, "Override", "PartName").collect();
    distinct("a part's type", overrides.iter().copied());
    let endings: Vec<&str> = all_of(&types, "Default", "Extension").collect();
    for name in parts.keys().filter(|name| *name != "[Content_Types].xml") {
        let named = overrides.contains(&format!("/{name}").as_str());
        let ending = name.rsplit('.').next().unwrap_or_default();
        assert!(named || endings.contains(&ending), "{name} has no type");
    }
    for name in &overrides {
        assert!(parts.contains_key(&name[1..]), "{name} is not there");
    }
    for (name, xml) in &parts {
        if name.ends_with(".rels") {
            let relations = elements(xml);
            distinct(name, all_of(&relations, "Relationship", "Id"));
        }
    }
    let workbook = elements(&parts["xl/workbook.xml"]);
    for attribute in ["name", "sheetId", "r:id"] {
        distinct(attribute, all_of(&workbook, "sheet", attribute));
    }
    let styles = parts.get("xl/styles.xml").expect("looks");
    let looks = sections_count(styles);
    let mut shapes: Vec<String> = Vec::new();
    for (name, xml) in &parts {
        if name.starts_with("xl/worksheets/sheet") {
            sheet_obeys(name, xml, looks);
        }
        if name.ends_with(".vml") {
            let boxes = elements(xml);
            shapes.extend(all_of(&boxes, "shape", "id").map(str::to_owned));
        }
        if name.starts_with("xl/comments") {
            let notes = elements(xml);
            distinct("a note's cell", all_of(&notes, "comment", "ref"));
            let authors = notes.iter().filter(|(local, _)| local == "author").count();
            for author in all_of(&notes, "comment", "authorId") {
                assert!(author.parse::<usize>().expect("a number") < authors);
            }
        }
    }
    distinct("a shape's id", shapes.iter().map(String::as_str));
}

/// The number of looks; counts of all sections hold.
fn sections_count(styles: &str) -> usize {
    let mut reader = Reader::from_str(styles);
    let (mut depth, mut section, mut count, mut looks) = (0, None, 0, 0);
    loop {
        let event = reader.read_event().expect("well-formed");
        let empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(element) | Event::Empty(element) => {
                if depth == 1 {
                    let stated = element.attributes().flatten().find_map(|a| {
                        (a.key.into_inner() == "count").then(|| a.value.into_owned())
                    });
                    section = Some((element.local_name().into_inner().to_owned(), stated));
                    count = 0;
                } else if depth == 2 {
                    count += 1;
                }
                depth += usize::from(!empty);
            }
            Event::End(_) => {
                depth -= 1;
                if depth == 1
                    && let Some((name, stated)) = section.take()
                {
                    if let Some(stated) = stated {
                        assert_eq!(stated, count.to_string(), "{name}");
                    }
                    if name == "cellXfs" {
                        looks = count;
                    }
                }
            }
            Event::Eof => return looks,
            _ => {}
        }
    }
}

fn sheet_obeys(name: &str, xml: &str, looks: usize) {
    let all = elements(xml);
    for look in all_of(&all, "c", "s") {
        assert!(
            look.parse::<usize>().expect("a number") < looks,
            "{name}: {look}"
        );
    }
    distinct(name, all_of(&all, "c", "r"));
    let order: Vec<usize> = all
        .iter()
        .filter_map(|(local, _)| CHILDREN.iter().position(|child| child == local))
        .collect();
    assert!(
        order.is_sorted(),
        "{name}: children out of order: {order:?}"
    );
    let rows: Vec<u32> = all_of(&all, "row", "r")
        .map(|row| row.parse().expect("a number"))
        .collect();
    assert!(rows.is_sorted_by(|a, b| a < b), "{name}: {rows:?}");
}
