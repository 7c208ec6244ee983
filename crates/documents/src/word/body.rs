//! The body: title, blocks, signature, and the section's page.

use super::xml::Xml;
use super::{R, W, appendix, parts, table, twips};
use crate::report::{
    Block, Document, Indent, Run, Signature, number_headings, page, signature_indents, wording,
};

pub(super) fn document(document: &Document) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.open("w:document", &[W, R]);
    xml.open("w:body", &[]);
    let mut body = Body {
        xml: &mut xml,
        document,
        pending_break: false,
    };
    body.head();
    body.blocks();
    body.tail();
    section(&mut xml);
    xml.close();
    xml.close();
    xml.finish()
}

/// The part being written, and what later parts of it need.
pub(super) struct Body<'a> {
    pub(super) xml: &'a mut Xml,
    pub(super) document: &'a Document,
    pending_break: bool,
}

impl Body<'_> {
    fn head(&mut self) {
        let document = self.document;
        for line in document.title.lines() {
            self.text("Title", line);
        }
        for line in &document.subtitle {
            self.text("Subtitle", line);
        }
        if !document.title.is_empty() {
            self.text("BodyText", "");
        }
    }

    fn blocks(&mut self) {
        let document = self.document;
        let numbers = number_headings(&document.blocks);
        for (block, number) in document.blocks.iter().zip(numbers) {
            match block {
                Block::Heading { level, runs } => {
                    let style = ["Heading1", "Heading2", "Heading3", "Heading4"]
                        [usize::from(*level).clamp(1, 4) - 1];
                    self.numbered(style, number.as_deref(), runs);
                }
                Block::Paragraph {
                    runs,
                    indent: Indent::First,
                } => self.runs("BodyText", runs),
                Block::Paragraph {
                    runs,
                    indent: Indent::None,
                } => self.runs("Addressee", runs),
                Block::List { start, items } => self.list(*start, items),
                Block::Table(table) => table::write(self, table),
                Block::Note { runs } => self.runs("BodyNote", runs),
                Block::PageBreak => self.pending_break = true,
            }
        }
    }

    fn list(&mut self, start: Option<u64>, items: &[Vec<Run>]) {
        for (item, position) in items.iter().zip(0..) {
            let mark = match start {
                Some(start) => {
                    wording().say("list.numbered", &[("n", &(start + position).to_string())])
                }
                None => wording().say("list.bullet", &[]),
            };
            self.numbered("ListParagraph", Some(&mark), item);
        }
    }

    fn tail(&mut self) {
        let document = self.document;
        let has_appendix = !document.traces.is_empty();
        if has_appendix {
            let title = wording().say("appendix.title", &[]);
            self.text("BodyText", "");
            self.text(
                "Mention",
                &wording().say("appendix.mention", &[("title", &title)]),
            );
        }
        if let Some(signature) = &document.signature {
            self.text("BodyText", "");
            self.signature(signature);
        }
        for note in &document.notes {
            self.text(
                "Remark",
                &wording().say("note.bracketed", &[("text", note)]),
            );
        }
        if has_appendix {
            appendix::write(self);
        }
    }

    fn signature(&mut self, signature: &Signature) {
        let (unit, date) = signature_indents(&signature.unit, &signature.date);
        for (style, text, halves) in [
            ("Signature", &signature.unit, unit),
            ("Date", &signature.date, date),
        ] {
            let chars = (halves * 50).to_string();
            let twips = format!("{:.0}", halves as f64 / 2.0 * page::CHAR_PT * 20.0);
            self.paragraph(
                style,
                |xml| xml.empty("w:ind", &[("w:rightChars", &chars), ("w:right", &twips)]),
                |body| body.run(text, false),
            );
        }
    }

    /// A paragraph of one text.
    pub(super) fn text(&mut self, style: &'static str, text: &str) {
        self.paragraph(style, |_| {}, |body| body.run(text, false));
    }

    /// A paragraph of runs.
    pub(super) fn runs(&mut self, style: &'static str, runs: &[Run]) {
        self.numbered(style, None, runs);
    }

    /// A paragraph of runs that stands otherwise than its style.
    pub(super) fn aligned(&mut self, style: &'static str, jc: &'static str, runs: &[Run]) {
        let content = |body: &mut Self| runs.iter().for_each(|run| body.any_run(run));
        self.paragraph(style, |xml| xml.val("w:jc", jc), content);
    }

    fn numbered(&mut self, style: &'static str, number: Option<&str>, runs: &[Run]) {
        self.paragraph(
            style,
            |_| {},
            |body| {
                body.run(number.unwrap_or_default(), false);
                for run in runs {
                    body.any_run(run);
                }
            },
        );
    }

    /// A paragraph: its style, what its properties add, its content.
    pub(super) fn paragraph(
        &mut self,
        style: &'static str,
        properties: impl FnOnce(&mut Xml),
        content: impl FnOnce(&mut Self),
    ) {
        self.xml.open("w:p", &[]);
        let new_page = std::mem::take(&mut self.pending_break);
        self.xml.within("w:pPr", &[], |xml| {
            xml.val("w:pStyle", style);
            if new_page {
                xml.empty("w:pageBreakBefore", &[]);
            }
            properties(xml);
        });
        content(self);
        self.xml.close();
    }

    /// The next paragraph begins a new page.
    pub(super) fn break_page(&mut self) {
        self.pending_break = true;
    }

    fn any_run(&mut self, run: &Run) {
        match run {
            Run::Text(text) => self.run(text, false),
            Run::Strong(text) => self.run(text, true),
            Run::Break => self.xml.within("w:r", &[], |xml| xml.empty("w:br", &[])),
            Run::Number { text, figure, .. } => match self.document.trace_position(figure) {
                Some(position) => self.link(&appendix::bookmark(position), text),
                None => self.run(text, false),
            },
        }
    }

    /// A link within the document that looks like the text around it.
    pub(super) fn link(&mut self, bookmark: &str, text: &str) {
        self.xml
            .open("w:hyperlink", &[("w:anchor", bookmark), ("w:history", "0")]);
        self.run(text, false);
        self.xml.close();
    }

    /// Text; nothing for no text.
    pub(super) fn run(&mut self, text: &str, bold: bool) {
        if text.is_empty() {
            return;
        }
        self.xml.within("w:r", &[], |xml| {
            xml.within("w:rPr", &[], |xml| {
                // Quotation marks and dashes are Chinese ones here.
                xml.empty("w:rFonts", &[("w:hint", "eastAsia")]);
                if bold {
                    xml.empty("w:b", &[]);
                }
            });
            xml.leaf("w:t", &[("xml:space", "preserve")], text);
        });
    }
}

fn section(xml: &mut Xml) {
    let mm = |mm: f64| twips(mm).to_string();
    xml.open("w:sectPr", &[]);
    xml.empty(
        "w:footerReference",
        &[("w:type", "default"), ("r:id", parts::ODD)],
    );
    xml.empty(
        "w:footerReference",
        &[("w:type", "even"), ("r:id", parts::EVEN)],
    );
    xml.empty("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")]);
    // The distance is to the footer's lower edge: one line of page number is in between.
    let footer = twips(page::BOTTOM_MM - page::PAGE_NUMBER_MM) - (page::SMALL_PT * 20.0) as i64;
    xml.empty(
        "w:pgMar",
        &[
            ("w:top", &mm(page::TOP_MM)),
            ("w:right", &mm(page::RIGHT_MM)),
            ("w:bottom", &mm(page::BOTTOM_MM)),
            ("w:left", &mm(page::LEFT_MM)),
            ("w:header", "851"),
            ("w:footer", &footer.to_string()),
            ("w:gutter", "0"),
        ],
    );
    // Lines only: LibreOffice puts 27 characters into a line of a character grid whose pitch is
    // below the font's size, even where text is told to ignore the grid. The styles state the
    // character pitch instead, and every program puts 28.
    xml.empty(
        "w:docGrid",
        &[("w:type", "lines"), ("w:linePitch", super::LINE)],
    );
    xml.close();
}
