//! A report as a Word file in the layout of GB/T 9704-2012.
//!
//! Written part by part, in the order that the schema of ISO/IEC 29500 demands: Word and WPS
//! refuse what others forgive. Refuses to know any font's metrics: pitches are stated, so that a
//! page has 22 lines of 28 characters whatever font the reader's machine has.

mod appendix; // 附件：数字来源
mod body; // title, blocks, signature
mod parts; // the small parts of the package
mod styles; // every look, by name
mod table; // column widths, rows, cells
mod xml; // elements into memory

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::report::{Document, wording};

/// Font names and how digits are set. The names are those of the reader's machine; nothing is embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The title (小标宋).
    pub title: Face,
    /// Body text (仿宋).
    pub body: Face,
    /// First-level headings (黑体).
    pub first: Face,
    /// Second-level headings (楷体).
    pub second: Face,
    /// Page numbers (宋体).
    pub page: Face,
    /// The font of digits and Latin letters; none sets them in the Chinese font, as offices do.
    pub latin: Option<String>,
}

/// A font and the name to try when it is not installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The official font.
    pub name: String,
    /// What stands in for it.
    pub other: String,
}

impl Default for Settings {
    fn default() -> Settings {
        let face = |key: &str| Face {
            name: wording().say(&format!("font.{key}"), &[]),
            other: wording().say(&format!("font.{key}_other"), &[]),
        };
        Settings {
            title: face("title"),
            body: face("body"),
            first: face("first"),
            second: face("second"),
            page: face("page"),
            latin: None,
        }
    }
}

impl Settings {
    fn faces(&self) -> [&Face; 5] {
        [
            &self.title,
            &self.body,
            &self.first,
            &self.second,
            &self.page,
        ]
    }

    /// The font of digits beside a Chinese font.
    fn latin_beside<'a>(&'a self, face: &'a str) -> &'a str {
        self.latin.as_deref().unwrap_or(face)
    }
}

/// Writes a report as a `.docx` file. The same report gives the same bytes.
pub fn write(document: &Document, settings: &Settings) -> Vec<u8> {
    let parts = [
        ("[Content_Types].xml", parts::content_types()),
        ("_rels/.rels", parts::package_relations()),
        ("docProps/core.xml", parts::core(document)),
        ("docProps/app.xml", parts::app()),
        ("word/document.xml", body::document(document)),
        ("word/_rels/document.xml.rels", parts::document_relations()),
        ("word/styles.xml", styles::styles(settings)),
        ("word/settings.xml", parts::settings()),
        ("word/fontTable.xml", parts::fonts(settings)),
        ("word/footer1.xml", parts::footer(parts::Side::Odd)),
        ("word/footer2.xml", parts::footer(parts::Side::Even)),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default())
            .and_then(|()| zip.write_all(&bytes).map_err(Into::into))
            .expect("writing into memory does not fail");
    }
    zip.finish()
        .expect("writing into memory does not fail")
        .into_inner()
}

/// Points as half-points, the unit of `w:sz`.
fn half_points(pt: f64) -> String {
    format!("{:.0}", pt * 2.0)
}

/// Millimetres as twips, the unit of Word's measures.
fn twips(mm: f64) -> i64 {
    // Rounded down: a page must not be asked to hold more than its height.
    (mm * 1440.0 / 25.4) as i64
}

/// The line pitch in twips; whole, and 22 of them within the type area.
const LINE: &str = "579";

/// The namespace of the body's elements.
const W: (&str, &str) = (
    "xmlns:w",
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
);
/// The namespace of relations between parts.
const R: (&str, &str) = (
    "xmlns:r",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
);
