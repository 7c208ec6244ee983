//! Whole files: what is refused, and with which words.

use documents::sheet::{Limits, ReadErrorKind, open};
use std::io::{Cursor, Write};
use std::path::Path;
use vocabulary::FindingClass;

pub(super) fn refuse(name: &str, bytes: &[u8], limits: &Limits) -> (String, String) {
    let error = open(Path::new(name), bytes, limits).expect_err("refused");
    let finding = error.finding();
    assert_eq!(finding.class, FindingClass::Rejected);
    assert_eq!(finding.file.as_deref(), Some(name));
    assert!(
        !finding.next.is_empty() && !finding.said.contains('{'),
        "{}",
        finding.said
    );
    (finding.code, finding.said)
}

pub(super) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).expect("a part");
        writer.write_all(bytes).expect("its bytes");
    }
    writer.finish().expect("a zip").into_inner()
}

/// The smallest workbook that Excel opens.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    let types = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let book = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="表" sheetId="1" state="hidden" r:id="rId1"/></sheets></workbook>"#;
    let rels = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let root = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="2" max="3" width="9" hidden="1"/></cols><sheetData>{rows}</sheetData><mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells></worksheet>"#
    );
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_workbook_is_read_with_what_it_hides() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="D1"><f>1+1</f></c></row><row r="3"><c r="B3"><v>3.1000000000000001</v></c><c r="C3" t="e"><v>#REF!</v></c></row>"#;
    let book = open(Path::new("a/b.xlsx"), &workbook(rows), &Limits::default()).expect("a book");
    let sheet = &book.sheets[0];
    assert_eq!(
        (book.file.as_str(), sheet.name.as_str(), sheet.hidden),
        ("b.xlsx", "表", true)
    );
    assert_eq!(sheet.hidden_columns, [1, 2]);
    assert_eq!(sheet.merges.len(), 1);
    assert_eq!(sheet.cell(2, 1).shown(), "3.1");
    assert_eq!(sheet.cell(2, 2).shown(), "#REF!");
    assert_eq!(sheet.cell(0, 3).shown(), documents::sheet::Cell::UNCOMPUTED);
}

#[test]
fn a_stray_cell_at_the_end_of_the_world_costs_nothing() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let book = open(Path::new("b.xlsx"), &workbook(rows), &Limits::default()).expect("a book");
    assert_eq!(book.sheets[0].rows(), 1_048_576);
    let few = Limits {
        cells: 1_000,
        ..Limits::default()
    };
    assert_eq!(refuse("b.xlsx", &workbook(rows), &few).0, "D132");
}

#[test]
fn what_is_no_workbook() {
    let limits = Limits::default();
    assert_eq!(refuse("a.xlsx", b"hello", &limits).0, "D130");
    assert_eq!(refuse("a.xls", b"<html><table/></html>", &limits).0, "D130");
    assert_eq!(
        refuse(
            "a.docx",
            &zipped(&[("word/document.xml", b"<x/>")]),
            &limits
        )
        .0,
        "D130"
    );
    assert_eq!(refuse("a.xlsx", b"", &limits).0, "D135");
    assert_eq!(refuse("a.csv", b",,\n ,\n", &limits).0, "D135");
    assert_eq!(
        refuse("a.xlsx", b"PK\x03\x04 and then nothing", &limits).0,
        "D133"
    );
    assert_eq!(refuse("a.xlsx", &workbook("<row><c"), &limits).0, "D133");
}

#[test]
fn an_encrypted_container_says_so() {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(1_024, 0);
    assert_eq!(refuse("a.xlsx", &bytes, &Limits::default()).0, "D130");
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refuse("a.xlsx", &bytes, &Limits::default()).0, "D131");
}

#[test]
fn bombs_and_limits() {
    let limits = Limits {
        unzipped_bytes: 1_000_000,
        ..Limits::default()
    };
    let zeros = vec![b' '; 4_000_000];
    let bomb = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/a.xml", &zeros)]);
    assert_eq!(refuse("a.xlsx", &bomb, &limits).0, "D132");
    let wide = vec![b' '; 40_000_000];
    let bomb = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/a.xml", &wide)]);
    let (code, said) = refuse("a.xlsx", &bomb, &Limits::default());
    assert!(code == "D132" && said.contains("压缩比"), "{said}");
    let small = Limits {
        file_bytes: 3,
        ..Limits::default()
    };
    assert_eq!(refuse("a.csv", b"a,b\n", &small).0, "D132");
}

#[test]
fn a_csv_of_no_encoding_names_line_and_byte() {
    let error = open(Path::new("a.csv"), b"a\nb,\xff\xff\n", &Limits::default());
    let error = error.expect_err("no encoding");
    assert_eq!(error.kind, ReadErrorKind::Encoding { byte: 4, line: 2 });
    let (code, said) = refuse("a.csv", b"a\nb,\xff\xff\n", &Limits::default());
    assert!(code == "D134" && said.contains("第 2 行"), "{said}");
}
