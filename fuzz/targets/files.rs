//! Bytes as a workbook: as they are, and as the one sheet inside a package that is whole.
#![no_main]

use documents::sheet::{Limits, open};
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::Once;

/// The reader catches the workbook library's panics and refuses the file; the fuzzer's own hook would end at the first.
/// Any other panic still reaches the fuzzer, which ends there.
fn let_the_library_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let at = panic.location().map_or("", |at| at.file());
            if !at.contains("calamine") {
                eprintln!("{panic}");
            }
        }));
    });
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fuzz_target!(|bytes: &[u8]| {
    let_the_library_panic();
    // Small, so that what costs memory is found by the limit and not by the machine.
    let limits = Limits {
        cells: 200_000,
        ..Limits::default()
    };
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let made;
    let bytes = match first % 4 {
        0 => rest,
        1 => {
            made = package(&[("xl/worksheets/sheet1.xml", rest)]);
            &made
        }
        2 => {
            made = package(&[
                ("xl/workbook.xml", rest),
                ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
            ]);
            &made
        }
        _ => {
            let (strings, sheet) = rest.split_at(rest.len() / 2);
            made = package(&[
                ("xl/sharedStrings.xml", strings),
                ("xl/worksheets/sheet1.xml", sheet),
            ]);
            &made
        }
    };
    if let Ok(book) = open(Path::new("a.xlsx"), bytes, &limits) {
        for sheet in &book.sheets {
            fuzz::read(sheet);
        }
    }
});

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let own = [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELS),
    ];
    let own = own.iter().map(|(name, text)| (*name, text.as_bytes()));
    let own = own.filter(|(name, _)| parts.iter().all(|(given, _)| given != name));
    for (name, bytes) in own.chain(parts.iter().copied()) {
        writer.start_file(name, options).expect("a part begins");
        writer.write_all(bytes).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}
