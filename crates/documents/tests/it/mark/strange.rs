//! Forms of the format that few writers use, and files that are left alone.

use super::on;
use super::package::{obeys_excel, parts, zipped};
use documents::mark::{MarkError, Marked, mark};
use documents::sheet::{Limits, open};
use std::path::Path;
use vocabulary::FindingClass::{Rejected, Total};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const STRICT: &str = "http://purl.oclc.org/ooxml/spreadsheetml/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const STRICT_RELATIONS: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// A package of one sheet; `more` are further parts or others of these names.
fn package(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"bin\" ContentType=\"application/octet-stream\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"表\" sheetId=\"5\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let (root, book) = (
        relation("officeDocument", "xl/workbook.xml"),
        relation("worksheet", "/xl/worksheets/sheet1.xml"),
    );
    let mut parts = vec![
        ("[Content_Types].xml", types),
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", workbook.as_str()),
        ("xl/_rels/workbook.xml.rels", book.as_str()),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, text) in more {
        match parts.iter_mut().find(|(there, _)| there == name) {
            Some(part) => part.1 = text,
            None => parts.push((name, text)),
        }
    }
    zipped(parts)
}

fn plain(rows: &str) -> String {
    format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")
}

fn marked(bytes: &[u8]) -> Result<Marked, MarkError> {
    let marks = [
        on("表", &["B2"], Rejected, "值"),
        on("表", &["A9"], Total, "和"),
    ];
    mark(Path::new("a.xlsx"), bytes, &marks)
}

#[test]
fn a_workbook_without_looks_or_relations() {
    let bytes = package(&plain("<row r=\"2\"><c r=\"B2\"><v>1</v></c></row>"), &[]);
    let marked = marked(&bytes).expect("marked");
    obeys_excel(&marked.bytes);
    let parts = parts(&marked.bytes);
    assert!(parts.contains_key("xl/styles.xml"));
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert!(
        sheet.contains(&format!(
            "<legacyDrawing xmlns:r=\"{RELATIONS}\" r:id=\"rId2\"/></worksheet>"
        )),
        "{sheet}"
    );
    assert!(parts["xl/workbook.xml"].contains("sheetId=\"6\" r:id=\"rId2\"/></sheets>"));
}

#[test]
fn every_element_has_a_prefix() {
    let sheet = format!(
        "<x:worksheet xmlns:x=\"{MAIN}\" xmlns:q=\"{RELATIONS}\"><x:sheetData><x:row r=\"2\"><x:c r=\"B2\" t=\"inlineStr\"><x:is><x:t>值</x:t></x:is></x:c></x:row></x:sheetData><x:extLst/></x:worksheet>"
    );
    let workbook = format!(
        "<x:workbook xmlns:x=\"{MAIN}\"><x:sheets><x:sheet xmlns:q=\"{RELATIONS}\" name=\"表\" sheetId=\"1\" q:id=\"rId1\"/></x:sheets></x:workbook>"
    );
    let bytes = package(&sheet, &[("xl/workbook.xml", &workbook)]);
    let marked = marked(&bytes).expect("marked");
    let parts = parts(&marked.bytes);
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert!(sheet.contains("<x:row r=\"9\"><x:c s=\""), "{sheet}");
    assert!(
        sheet.contains("<x:legacyDrawing q:id=\"rId2\"/><x:extLst/>"),
        "{sheet}"
    );
    let workbook = &parts["xl/workbook.xml"];
    assert!(
        workbook.contains("<x:sheet name=\"问题清单\" sheetId=\"2\" xmlns:r="),
        "{workbook}"
    );
    let book = open(Path::new("a.xlsx"), &marked.bytes, &Limits::default()).expect("a workbook");
    assert_eq!(book.sheets[0].cell(1, 1).shown(), "值");
    assert_eq!(book.sheets.len(), 2);
}

#[test]
fn the_strict_form_keeps_its_names() {
    let turned = |text: &str| {
        text.replace(MAIN, STRICT)
            .replace(RELATIONS, STRICT_RELATIONS)
    };
    let bytes = package(&plain("<row r=\"2\"><c r=\"B2\"><v>1</v></c></row>"), &[]);
    let strict: Vec<(String, String)> = parts(&bytes)
        .into_iter()
        .map(|(name, text)| (name, turned(&text)))
        .collect();
    let bytes = zipped(strict.iter().map(|(n, t)| (n.as_str(), t.as_str())));
    let marked = marked(&bytes).expect("marked");
    for (name, text) in parts(&marked.bytes) {
        assert!(
            !text.contains(MAIN) && !text.contains(RELATIONS),
            "{name}: {text}"
        );
    }
}

#[test]
fn boxes_that_are_there_are_added_to() {
    let sheet = format!(
        "<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheetData/><legacyDrawing r:id=\"rId3\"/></worksheet>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId3\" Type=\"{RELATIONS}/vmlDrawing\" Target=\"../drawings/vmlDrawing1.vml\"/></Relationships>"
    );
    // A button of a form, written as old programs do: not well-formed.
    let boxes = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"\n xmlns:o=\"urn:schemas-microsoft-com:office:office\"\n xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout><v:shape id=\"_x0000_s1025\"><br></v:shape></xml>";
    let bytes = package(
        &sheet,
        &[
            ("xl/worksheets/_rels/sheet1.xml.rels", &relations),
            ("xl/drawings/vmlDrawing1.vml", boxes),
        ],
    );
    let marked = marked(&bytes).expect("marked");
    let parts = parts(&marked.bytes);
    let boxes = &parts["xl/drawings/vmlDrawing1.vml"];
    assert!(
        boxes.contains("data=\"1,2\"") && boxes.contains("_x0000_s2049"),
        "{boxes}"
    );
    assert!(boxes.contains("<br></v:shape>"));
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert_eq!(sheet.matches("legacyDrawing").count(), 1, "{sheet}");
    assert!(parts["xl/comments1.xml"].contains("ref=\"B2\""));
}

#[test]
fn macros_stay_and_name_the_ending() {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"r\"/><Default Extension=\"xml\" ContentType=\"x\"/><Default Extension=\"bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>";
    let bytes = package(
        &plain(""),
        &[
            ("[Content_Types].xml", types),
            ("xl/vbaProject.bin", "macro"),
        ],
    );
    let marked = marked(&bytes).expect("marked");
    assert_eq!(marked.ending, "xlsm");
    assert_eq!(parts(&marked.bytes)["xl/vbaProject.bin"], "macro");
}

#[test]
fn what_would_be_damaged_is_left_alone() {
    let refused = |more: &[(&str, &str)]| {
        let error = marked(&package(&plain(""), more)).expect_err("refused");
        assert!(
            !error.said().contains('{') && !error.said().contains("refused"),
            "{error}"
        );
        assert!(!error.next().contains('{') && !error.next().contains("refused"));
        error
    };
    let signed = [("_xmlsignatures/origin.sigs", "")];
    assert_eq!(refused(&signed), MarkError::Signed);
    let shared = [("xl/revisions/revisionHeaders.xml", "<headers/>")];
    assert_eq!(refused(&shared), MarkError::Shared);
    let broken = [("xl/worksheets/sheet1.xml", "<worksheet><sheetData>")];
    assert!(matches!(refused(&broken), MarkError::Damaged(_)));
    let no_book = [("xl/workbook.xml", "<presentation/>")];
    assert_eq!(refused(&no_book), MarkError::NotAWorkbook);
    assert!(matches!(
        mark(Path::new("a.xls"), b"no workbook", &[]),
        Err(MarkError::Unreadable(_))
    ));
    assert!(matches!(
        mark(Path::new("a.xlsx"), b"PK\x03\x04 and no more", &[]),
        Err(MarkError::Damaged(_))
    ));
}
