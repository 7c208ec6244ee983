//! The small parts of the package: types, relations, properties, settings, fonts, page numbers.

use super::xml::Xml;
use super::{LINE, R, Settings, W, half_points};
use crate::report::{Document, page};

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

pub(super) fn content_types() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))]);
    let relations = "application/vnd.openxmlformats-package.relationships+xml";
    xml.empty(
        "Default",
        &[("Extension", "rels"), ("ContentType", relations)],
    );
    xml.empty(
        "Default",
        &[("Extension", "xml"), ("ContentType", "application/xml")],
    );
    for (part, kind) in [
        ("/word/document.xml", format!("{WORD}.document.main+xml")),
        ("/word/styles.xml", format!("{WORD}.styles+xml")),
        ("/word/settings.xml", format!("{WORD}.settings+xml")),
        ("/word/fontTable.xml", format!("{WORD}.fontTable+xml")),
        ("/word/footer1.xml", format!("{WORD}.footer+xml")),
        ("/word/footer2.xml", format!("{WORD}.footer+xml")),
        (
            "/docProps/core.xml",
            "application/vnd.openxmlformats-package.core-properties+xml".into(),
        ),
        (
            "/docProps/app.xml",
            "application/vnd.openxmlformats-officedocument.extended-properties+xml".into(),
        ),
    ] {
        xml.empty("Override", &[("PartName", part), ("ContentType", &kind)]);
    }
    xml.close();
    xml.finish()
}

pub(super) fn package_relations() -> Vec<u8> {
    relations(&[
        (
            format!("{OFFICE}/relationships/officeDocument"),
            "word/document.xml",
        ),
        (
            format!("{PACKAGE}/relationships/metadata/core-properties"),
            "docProps/core.xml",
        ),
        (
            format!("{OFFICE}/relationships/extended-properties"),
            "docProps/app.xml",
        ),
    ])
}

/// The relation of the odd pages' footer, as `document_relations` counts it.
pub(super) const ODD: &str = "rId4";
/// The relation of the even pages' footer.
pub(super) const EVEN: &str = "rId5";

pub(super) fn document_relations() -> Vec<u8> {
    relations(&[
        (format!("{OFFICE}/relationships/styles"), "styles.xml"),
        (format!("{OFFICE}/relationships/settings"), "settings.xml"),
        (format!("{OFFICE}/relationships/fontTable"), "fontTable.xml"),
        (format!("{OFFICE}/relationships/footer"), "footer1.xml"),
        (format!("{OFFICE}/relationships/footer"), "footer2.xml"),
    ])
}

fn relations(list: &[(String, &str)]) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open(
        "Relationships",
        &[("xmlns", &format!("{PACKAGE}/relationships"))],
    );
    for (i, (kind, target)) in list.iter().enumerate() {
        let id = format!("rId{}", i + 1);
        xml.empty(
            "Relationship",
            &[("Id", &id), ("Type", kind), ("Target", target)],
        );
    }
    xml.close();
    xml.finish()
}

pub(super) fn core(document: &Document) -> Vec<u8> {
    let properties = &document.properties;
    let mut xml = Xml::new();
    xml.open(
        "cp:coreProperties",
        &[
            ("xmlns:cp", &format!("{PACKAGE}/metadata/core-properties")),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:dcterms", "http://purl.org/dc/terms/"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ],
    );
    xml.leaf("dc:title", &[], &document.title);
    xml.leaf("dc:subject", &[], &properties.subject);
    xml.leaf("dc:creator", &[], &properties.author);
    xml.leaf("dc:language", &[], "zh-CN");
    xml.leaf("cp:lastModifiedBy", &[], &properties.author);
    if let Some(moment) = properties.created {
        // Whole seconds: Word refuses fractions here.
        let stamp = format!("{}Z", moment.to_string().get(..19).unwrap_or_default());
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.leaf(name, &[("xsi:type", "dcterms:W3CDTF")], &stamp);
        }
    }
    xml.close();
    xml.finish()
}

pub(super) fn app() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open(
        "Properties",
        &[("xmlns", &format!("{OFFICE}/extended-properties"))],
    );
    xml.leaf("Application", &[], "Yiben");
    xml.close();
    xml.finish()
}

pub(super) fn settings() -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("w:settings", &[W]);
    xml.empty("w:zoom", &[("w:percent", "100")]);
    xml.val("w:defaultTabStop", "632");
    xml.empty("w:evenAndOddHeaders", &[]);
    xml.val("w:drawingGridVerticalSpacing", LINE);
    // Each character keeps its pitch, punctuation too: 28 in a line.
    xml.val("w:characterSpacingControl", "doNotCompress");
    xml.within("w:compat", &[], |xml| {
        xml.empty("w:spaceForUL", &[]);
        xml.empty("w:balanceSingleByteDoubleByteWidth", &[]);
        xml.empty("w:doNotLeaveBackslashAlone", &[]);
        xml.empty("w:ulTrailSpace", &[]);
        xml.empty("w:doNotExpandShiftReturn", &[]);
        xml.empty("w:adjustLineHeightInTable", &[]);
        xml.empty("w:useFELayout", &[]);
        let uri = "http://schemas.microsoft.com/office/word";
        let name = "compatibilityMode";
        xml.empty(
            "w:compatSetting",
            &[("w:name", name), ("w:uri", uri), ("w:val", "15")],
        );
    });
    xml.empty(
        "w:themeFontLang",
        &[("w:val", "en-US"), ("w:eastAsia", "zh-CN")],
    );
    xml.close();
    xml.finish()
}

pub(super) fn fonts(settings: &Settings) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("w:fonts", &[W]);
    for face in settings.faces() {
        xml.within("w:font", &[("w:name", &face.name)], |xml| {
            xml.val("w:altName", &face.other);
            xml.val("w:charset", "86");
            xml.val("w:pitch", "variable");
        });
    }
    xml.close();
    xml.finish()
}

/// The side of the sheet on which a page number stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Odd,
    Even,
}

/// `— 1 —`: one character in from the outer edge.
pub(super) fn footer(side: Side) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("w:ftr", &[W, R]);
    xml.open("w:p", &[]);
    xml.within("w:pPr", &[], |xml| {
        xml.val("w:pStyle", "Footer");
        let (key, chars, jc) = match side {
            Side::Odd => ("w:right", "w:rightChars", "right"),
            Side::Even => ("w:left", "w:leftChars", "left"),
        };
        xml.empty("w:ind", &[(chars, "100"), (key, "280")]);
        xml.val("w:jc", jc);
    });
    let dash = "\u{2014}";
    footer_run(&mut xml, |xml| {
        xml.leaf("w:t", &[("xml:space", "preserve")], &format!("{dash} "));
    });
    for kind in ["begin", "separate"] {
        footer_run(&mut xml, |xml| {
            xml.empty("w:fldChar", &[("w:fldCharType", kind)])
        });
        footer_run(&mut xml, |xml| match kind {
            "begin" => xml.leaf("w:instrText", &[("xml:space", "preserve")], " PAGE "),
            _ => xml.leaf("w:t", &[], "1"),
        });
    }
    footer_run(&mut xml, |xml| {
        xml.empty("w:fldChar", &[("w:fldCharType", "end")])
    });
    footer_run(&mut xml, |xml| {
        xml.leaf("w:t", &[("xml:space", "preserve")], &format!(" {dash}"));
    });
    xml.close();
    xml.close();
    xml.finish()
}

fn footer_run(xml: &mut Xml, inside: impl FnOnce(&mut Xml)) {
    xml.within("w:r", &[], |xml| {
        xml.within("w:rPr", &[], |xml| {
            xml.empty("w:rFonts", &[("w:hint", "eastAsia")]);
            xml.val("w:sz", &half_points(page::SMALL_PT));
        });
        inside(xml);
    });
}
