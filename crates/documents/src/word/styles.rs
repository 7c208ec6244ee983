//! Every look, by name: a clerk changes a style once, not each paragraph.

use super::xml::Xml;
use super::{Face, LINE, Settings, W, half_points};
use crate::report::{page, wording};

/// One paragraph style.
struct Style<'a> {
    id: &'static str,
    /// As shown; built-in styles keep their English names, which Word translates.
    name: String,
    face: Option<&'a Face>,
    size: Option<f64>,
    /// Left, right, centre, both.
    align: &'static str,
    /// Indent of the first line in hundredths of a character.
    first: u32,
    /// Level in the navigation pane, from 0.
    outline: Option<u8>,
    /// Stays with what follows.
    keep: bool,
    /// Lines as high as their text and characters at their own width: tables.
    free: bool,
}

impl Style<'_> {
    fn new(id: &'static str, name: impl Into<String>) -> Style<'static> {
        Style {
            id,
            name: name.into(),
            face: None,
            size: None,
            align: "both",
            first: 0,
            outline: None,
            keep: false,
            free: false,
        }
    }
}

pub(super) fn styles(settings: &Settings) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("w:styles", &[W]);
    defaults(&mut xml, settings);
    normal(&mut xml);
    for style in list(settings) {
        paragraph_style(&mut xml, settings, &style);
    }
    table_style(&mut xml);
    xml.close();
    xml.finish()
}

fn list(settings: &Settings) -> Vec<Style<'_>> {
    let own = |key: &str| wording().say(&format!("style.{key}"), &[]);
    let heading = |id, name: &str, face, outline| Style {
        face: Some(face),
        first: 200,
        outline: Some(outline),
        keep: true,
        ..Style::new(id, name)
    };
    let table = |id, name| Style {
        size: Some(page::TABLE_PT),
        align: "center",
        free: true,
        ..Style::new(id, name)
    };
    vec![
        Style {
            face: Some(&settings.title),
            size: Some(page::TITLE_PT),
            align: "center",
            keep: true,
            ..Style::new("Title", "Title")
        },
        Style {
            face: Some(&settings.second),
            align: "center",
            keep: true,
            ..Style::new("Subtitle", "Subtitle")
        },
        Style {
            first: 200,
            ..Style::new("BodyText", "Body Text")
        },
        Style::new("Addressee", own("addressee")),
        heading("Heading1", "heading 1", &settings.first, 0),
        heading("Heading2", "heading 2", &settings.second, 1),
        heading("Heading3", "heading 3", &settings.body, 2),
        heading("Heading4", "heading 4", &settings.body, 3),
        Style {
            first: 200,
            ..Style::new("ListParagraph", "List Paragraph")
        },
        Style {
            face: Some(&settings.second),
            size: Some(page::SMALL_PT),
            first: 200,
            ..Style::new("BodyNote", own("note"))
        },
        Style {
            face: Some(&settings.first),
            size: Some(page::SMALL_PT),
            align: "center",
            keep: true,
            ..Style::new("Caption", "caption")
        },
        table("TableText", own("table")),
        Style {
            face: Some(&settings.first),
            ..table("TableHead", own("table") + "+")
        },
        Style {
            size: Some(page::FINE_PT),
            ..table("TraceText", own("trace"))
        },
        Style {
            first: 200,
            ..Style::new("Mention", own("mention"))
        },
        Style {
            align: "right",
            keep: true,
            ..Style::new("Signature", "Signature")
        },
        Style {
            align: "right",
            ..Style::new("Date", "Date")
        },
        Style {
            first: 200,
            ..Style::new("Remark", own("remark"))
        },
        Style {
            face: Some(&settings.first),
            outline: Some(0),
            ..Style::new("Annex", own("annex"))
        },
        Style {
            face: Some(&settings.title),
            size: Some(page::TITLE_PT),
            align: "center",
            keep: true,
            ..Style::new("AnnexTitle", own("annex_title"))
        },
        Style {
            face: Some(&settings.page),
            size: Some(page::SMALL_PT),
            free: true,
            ..Style::new("Footer", "footer")
        },
    ]
}

fn defaults(xml: &mut Xml, settings: &Settings) {
    xml.within("w:docDefaults", &[], |xml| {
        xml.within("w:rPrDefault", &[], |xml| {
            xml.within("w:rPr", &[], |xml| {
                faces(xml, settings, &settings.body);
                let size = half_points(page::BODY_PT);
                xml.val("w:sz", &size);
                xml.val("w:szCs", &size);
                // Digits are not Chinese words: a line never ends inside a number.
                let lang = [
                    ("w:val", "en-US"),
                    ("w:eastAsia", "zh-CN"),
                    ("w:bidi", "ar-SA"),
                ];
                xml.empty("w:lang", &lang);
            });
        });
        xml.within("w:pPrDefault", &[], |_| {});
    });
}

fn faces(xml: &mut Xml, settings: &Settings, face: &Face) {
    let latin = settings.latin_beside(&face.name);
    xml.empty(
        "w:rFonts",
        &[
            ("w:ascii", latin),
            ("w:hAnsi", latin),
            ("w:eastAsia", &face.name),
            ("w:cs", latin),
        ],
    );
}

fn normal(xml: &mut Xml) {
    xml.within(
        "w:style",
        &[
            ("w:type", "paragraph"),
            ("w:default", "1"),
            ("w:styleId", "Normal"),
        ],
        |xml| {
            xml.val("w:name", "Normal");
            xml.empty("w:qFormat", &[]);
            xml.within("w:pPr", &[], |xml| {
                // A page has 22 lines even when that leaves one line of a paragraph alone.
                xml.val("w:widowControl", "0");
                // No room is added between Chinese and digits: it would break the grid.
                xml.val("w:autoSpaceDE", "0");
                xml.val("w:autoSpaceDN", "0");
                // The pitches are stated outright, so that no program rounds them to its grid.
                xml.val("w:snapToGrid", "0");
                xml.empty(
                    "w:spacing",
                    &[
                        ("w:before", "0"),
                        ("w:after", "0"),
                        ("w:line", LINE),
                        ("w:lineRule", "exact"),
                    ],
                );
                xml.val("w:jc", "both");
            });
            xml.within("w:rPr", &[], |xml| xml.val("w:spacing", &condensed()));
        },
    );
}

/// What a character gives up so that 28 stand in a line, in whole twips; justification returns
/// the remainder.
fn condensed() -> String {
    format!("{:.0}", ((page::CHAR_PT - page::BODY_PT) * 20.0).floor())
}

fn paragraph_style(xml: &mut Xml, settings: &Settings, style: &Style<'_>) {
    let mut attributes = vec![("w:type", "paragraph")];
    if !style.name.is_ascii() {
        attributes.push(("w:customStyle", "1"));
    }
    attributes.push(("w:styleId", style.id));
    xml.within("w:style", &attributes, |xml| {
        xml.val("w:name", &style.name);
        xml.val("w:basedOn", "Normal");
        xml.empty("w:qFormat", &[]);
        xml.within("w:pPr", &[], |xml| {
            if style.keep {
                xml.empty("w:keepNext", &[]);
            }
            if style.free {
                xml.empty("w:spacing", &[("w:line", "240"), ("w:lineRule", "auto")]);
            }
            if style.first > 0 {
                indent_first(xml, style.first, style.size.unwrap_or(page::BODY_PT));
            }
            xml.val("w:jc", style.align);
            if let Some(level) = style.outline {
                xml.val("w:outlineLvl", &level.to_string());
            }
        });
        xml.within("w:rPr", &[], |xml| {
            if let Some(face) = style.face {
                faces(xml, settings, face);
            }
            if style.free {
                xml.val("w:spacing", "0");
            }
            if let Some(size) = style.size {
                let size = half_points(size);
                xml.val("w:sz", &size);
                xml.val("w:szCs", &size);
            }
        });
    });
}

/// The indent in characters, and in twips for programs that know only those.
fn indent_first(xml: &mut Xml, hundredths: u32, size: f64) {
    let pitch = size - (page::BODY_PT - page::CHAR_PT);
    let twips = format!("{:.0}", f64::from(hundredths) / 100.0 * pitch * 20.0);
    xml.empty(
        "w:ind",
        &[
            ("w:firstLineChars", &hundredths.to_string()),
            ("w:firstLine", &twips),
        ],
    );
}

fn table_style(xml: &mut Xml) {
    let attributes = [("w:type", "table"), ("w:styleId", "TableGrid")];
    xml.within("w:style", &attributes, |xml| {
        xml.val("w:name", "Table Grid");
        xml.within("w:tblPr", &[], |xml| {
            xml.within("w:tblBorders", &[], |xml| {
                for side in [
                    "w:top",
                    "w:left",
                    "w:bottom",
                    "w:right",
                    "w:insideH",
                    "w:insideV",
                ] {
                    let line = [
                        ("w:val", "single"),
                        ("w:sz", "4"),
                        ("w:space", "0"),
                        ("w:color", "000000"),
                    ];
                    xml.empty(side, &line);
                }
            });
            xml.within("w:tblCellMar", &[], |xml| {
                for (side, width) in [
                    ("w:top", "40"),
                    ("w:left", "57"),
                    ("w:bottom", "40"),
                    ("w:right", "57"),
                ] {
                    xml.empty(side, &[("w:w", width), ("w:type", "dxa")]);
                }
            });
        });
    });
}
