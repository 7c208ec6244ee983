//! The Word file: sound XML in schema order, and the text a reader sees.

use std::io::{Cursor, Read};

use documents::word;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::sample::sample;

/// The order in which ISO/IEC 29500 wants children to stand, for the elements that have one.
const ORDERS: &[(&str, &str)] = &[
    (
        "w:pPr",
        "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs kinsoku \
         autoSpaceDE autoSpaceDN snapToGrid spacing ind jc outlineLvl rPr sectPr",
    ),
    (
        "w:rPr",
        "rStyle rFonts b bCs i color spacing kern sz szCs u lang",
    ),
    (
        "w:tblPr",
        "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    ),
    ("w:tblBorders", "top left bottom right insideH insideV"),
    ("w:tblCellMar", "top left bottom right"),
    ("w:tbl", "tblPr tblGrid tr"),
    ("w:tr", "trPr tc"),
    ("w:tc", "tcPr p"),
    ("w:tcPr", "tcW gridSpan vMerge tcBorders shd vAlign"),
    ("w:p", "pPr *"),
    (
        "w:style",
        "name basedOn next link uiPriority qFormat pPr rPr tblPr",
    ),
    ("w:styles", "docDefaults latentStyles style"),
    ("w:docDefaults", "rPrDefault pPrDefault"),
    (
        "w:sectPr",
        "footerReference type pgSz pgMar cols titlePg docGrid",
    ),
    (
        "w:settings",
        "zoom defaultTabStop evenAndOddHeaders drawingGridVerticalSpacing \
         characterSpacingControl compat themeFontLang",
    ),
    ("w:font", "altName panose1 charset family pitch sig"),
    ("w:r", "rPr *"),
];

fn parts(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).expect("a part");
            let mut text = String::new();
            part.read_to_string(&mut text).expect("UTF-8");
            (part.name().expect("a name").into_owned(), text)
        })
        .collect()
}

/// Walks a part; every element is given with its parent and its place among the parent's children.
fn check_order(name: &str, xml: &str) {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<(String, usize)> = Vec::new();
    loop {
        let event = reader
            .read_event()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let (tag, empty) = match &event {
            Event::Start(tag) => (tag, false),
            Event::Empty(tag) => (tag, true),
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let child = tag.name().as_ref().to_owned();
        if let Some((parent, last)) = open.last_mut()
            && let Some((_, order)) = ORDERS.iter().find(|(p, _)| p == parent)
        {
            let order: Vec<&str> = order.split_whitespace().collect();
            let bare = child.trim_start_matches("w:");
            let at = order
                .iter()
                .position(|o| *o == bare)
                .or_else(|| order.iter().position(|o| *o == "*"))
                .unwrap_or_else(|| panic!("{name}: {child} is unknown in {parent}"));
            assert!(at >= *last, "{name}: {child} stands too late in {parent}");
            *last = at;
        }
        if !empty {
            open.push((child, 0));
        }
    }
    assert!(open.is_empty(), "{name}: not closed");
}

/// One line a paragraph: its style and its text; a table's cells are paragraphs too.
fn outline(xml: &str) -> String {
    let mut out = String::new();
    for paragraph in xml.split("<w:p>").skip(1) {
        let style = between(paragraph, "<w:pStyle w:val=\"", "\"")
            .next()
            .unwrap_or_default();
        let text: String = between(paragraph, "<w:t xml:space=\"preserve\">", "</w:t>").collect();
        out.push_str(&format!("{style}: {text}\n"));
    }
    out
}

fn between<'a>(text: &'a str, from: &'a str, to: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(from)
        .skip(1)
        .filter_map(move |rest| rest.split(to).next())
}

#[test]
fn every_part_is_sound_and_in_schema_order() {
    let parts = parts(word::write(&sample(), &word::Settings::default()));
    assert_eq!(parts[0].0, "[Content_Types].xml");
    for (name, xml) in &parts {
        check_order(name, xml);
    }
    let types = &parts[0].1;
    for (name, _) in parts
        .iter()
        .skip(1)
        .filter(|(name, _)| !name.ends_with(".rels"))
    {
        assert!(
            types.contains(&format!("\"/{name}\"")),
            "{name} has no type"
        );
    }
}

#[test]
fn every_link_finds_its_row() {
    let parts = parts(word::write(&sample(), &word::Settings::default()));
    let body = &parts
        .iter()
        .find(|(name, _)| name == "word/document.xml")
        .expect("a body")
        .1;
    let rows: Vec<&str> = between(body, "<w:bookmarkStart w:id=\"", "\"/>").collect();
    let mut links = 0;
    for anchor in between(body, "w:anchor=\"", "\"") {
        assert!(
            rows.iter().any(|row| row.ends_with(&format!("\"{anchor}"))),
            "{anchor}"
        );
        links += 1;
    }
    assert!(links > 40, "{links}");
}

#[test]
fn every_style_used_is_declared() {
    let parts = parts(word::write(&sample(), &word::Settings::default()));
    let part = |name: &str| &parts.iter().find(|(n, _)| n == name).expect("a part").1;
    for style in between(part("word/document.xml"), "<w:pStyle w:val=\"", "\"") {
        let declared = format!("w:styleId=\"{style}\"");
        assert!(part("word/styles.xml").contains(&declared), "{style}");
    }
}

#[test]
fn the_reader_sees_the_report() {
    let parts = parts(word::write(&sample(), &word::Settings::default()));
    let body = &parts
        .iter()
        .find(|(name, _)| name == "word/document.xml")
        .expect("a body")
        .1;
    let outline = outline(body);
    let (report, appendix) = outline.split_once("Annex: ").expect("an appendix");
    insta::assert_snapshot!("word_report", report);
    let rows: Vec<&str> = appendix.lines().take(40).collect();
    insta::assert_snapshot!("word_appendix", rows.join("\n"));
}

#[test]
fn a_page_holds_22_lines_of_28_characters() {
    let parts = parts(word::write(&sample(), &word::Settings::default()));
    let part = |name: &str| {
        parts
            .iter()
            .find(|(n, _)| n == name)
            .expect("a part")
            .1
            .as_str()
    };
    let number = |text: &str, before: &str| -> i64 {
        between(text, before, "\"")
            .next()
            .expect(before)
            .parse()
            .expect("a number")
    };
    let (body, styles) = (part("word/document.xml"), part("word/styles.xml"));
    let section = body.split("<w:sectPr>").nth(1).expect("a section");
    let of = |key: &str| number(section, &format!("w:{key}=\""));
    let (width, height) = (
        of("w") - of("left") - of("right"),
        of("h") - of("top") - of("bottom"),
    );
    let line = number(styles, "w:line=\"");
    let character = 320 + number(styles, "<w:rPr><w:spacing w:val=\"");
    assert_eq!((height / line, width / character), (22, 28));
    assert_eq!(line, of("linePitch"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let settings = word::Settings::default();
    assert_eq!(
        word::write(&sample(), &settings),
        word::write(&sample(), &settings)
    );
}

#[test]
fn a_report_of_markup_characters_stays_text() {
    let mut document = sample();
    document.title = "<w:p>&\"']]>\u{0}".into();
    let parts = parts(word::write(&document, &word::Settings::default()));
    for (name, xml) in &parts {
        check_order(name, xml);
    }
}
