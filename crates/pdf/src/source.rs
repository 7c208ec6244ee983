//! The report as typst source.
//!
//! Text reaches typst only as string literals made by [`literal`], so that no name or value is
//! ever read as code. What is written here by hand is code and contains no text of the report.

mod appendix; // 附件：数字来源
mod preamble; // page, pitches, fonts

use std::collections::{BTreeMap, BTreeSet};

use documents::report::{
    Align, Block, Document, Indent, Run, Signature, Table, column_shares, number_headings, page,
    signature_indents, wording,
};

use crate::fonts::Role;

pub(crate) use preamble::finish;

/// The report's body, and which characters stand in which font.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) body: String,
    pub(crate) characters: BTreeMap<Role, BTreeSet<char>>,
}

/// Writes the body. Functions that it calls are defined by [`finish`].
pub(crate) fn write(document: &Document) -> Written {
    let mut writer = Writer {
        document,
        out: Written::default(),
    };
    writer.note(Role::Page, "\u{2014} 0123456789");
    writer.head();
    let numbers = number_headings(&document.blocks);
    for (block, number) in document.blocks.iter().zip(numbers) {
        writer.block(block, number.as_deref().unwrap_or_default());
    }
    writer.tail();
    writer.out
}

/// Text as a typst string literal: the one door through which text becomes source.
pub(crate) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' | '\t' => out.push(' '),
            // Control characters have no look; typst would warn of them.
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A report being written.
struct Writer<'a> {
    document: &'a Document,
    out: Written,
}

impl Writer<'_> {
    fn head(&mut self) {
        let document = self.document;
        for line in document.title.lines() {
            let line = self.text(Role::Title, line);
            self.line(&format!("#title-line({line})"));
        }
        for line in &document.subtitle {
            let line = self.text(Role::Second, line);
            self.line(&format!("#subtitle-line({line})"));
        }
        if !document.title.is_empty() {
            self.line("#blank");
        }
    }

    fn block(&mut self, block: &Block, number: &str) {
        match block {
            Block::Heading { level, runs } => {
                let role = match level {
                    1 => Role::First,
                    2 => Role::Second,
                    _ => Role::Body,
                };
                let content = self.runs(role, number, runs);
                self.line(&format!(
                    "#heading(level: {})[{content}]",
                    (*level).clamp(1, 4)
                ));
            }
            Block::Paragraph { runs, indent } => {
                let content = self.runs(Role::Body, "", runs);
                match indent {
                    Indent::First => self.line(&content),
                    Indent::None => {
                        self.line(&format!("#par(first-line-indent: 0pt)[{content}]"));
                    }
                }
            }
            Block::List { start, items } => self.list(*start, items),
            Block::Table(table) => self.table(table),
            Block::Note { runs } => {
                let content = self.runs(Role::Second, "", runs);
                self.line(&format!("#remark[{content}]"));
            }
            Block::PageBreak => self.line("#pagebreak(weak: true)"),
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
            let content = self.runs(Role::Body, &mark, item);
            self.line(&content);
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.caption.is_empty() {
            let caption = self.text(Role::First, &table.caption);
            self.line(&format!("#caption-line({caption})"));
        }
        let shares = column_shares(table);
        let count = shares.len();
        let columns: String = shares.iter().map(|share| format!("{share}fr,")).collect();
        let aligns: String = (0..count)
            .map(
                |column| match table.alignments.get(column).copied().unwrap_or_default() {
                    Align::Left => "left + horizon,",
                    Align::Centre => "center + horizon,",
                    Align::Right => "right + horizon,",
                },
            )
            .collect();
        let size = page::TABLE_PT;
        let mut source = format!("#grid-table({size}pt, ({columns}), ({aligns}), (");
        for column in 0..count {
            let head = table.header.get(column).map_or(&[][..], Vec::as_slice);
            let cell = self.runs(Role::First, "", head);
            source.push_str(&format!("head-cell[{cell}],"));
        }
        source.push_str("), (");
        for row in &table.rows {
            for column in 0..count {
                let cell = row.get(column).map_or(&[][..], Vec::as_slice);
                let cell = self.runs(Role::Body, "", cell);
                source.push_str(&format!("[{cell}],"));
            }
        }
        source.push_str("))");
        self.line(&source);
    }

    fn tail(&mut self) {
        let document = self.document;
        let has_appendix = !document.traces.is_empty();
        if has_appendix {
            let title = wording().say("appendix.title", &[]);
            let mention = wording().say("appendix.mention", &[("title", &title)]);
            let mention = self.inline(Role::Body, &mention);
            self.line("#blank");
            self.line(&mention);
        }
        if let Some(signature) = &document.signature {
            self.signature(signature);
        }
        for note in &document.notes {
            let note = wording().say("note.bracketed", &[("text", note)]);
            let note = self.inline(Role::Body, &note);
            self.line(&note);
        }
        if has_appendix {
            self.appendix();
        }
    }

    fn signature(&mut self, signature: &Signature) {
        let (unit, date) = signature_indents(&signature.unit, &signature.date);
        self.line("#blank");
        for (text, halves) in [(&signature.unit, unit), (&signature.date, date)] {
            let text = self.text(Role::Body, text);
            let indent = halves as f64 / 2.0 * page::CHAR_PT;
            self.line(&format!("#signed({indent:.2}pt, {text})"));
        }
    }

    /// Runs as markup, a heading's or an item's number before them.
    fn runs(&mut self, role: Role, number: &str, runs: &[Run]) -> String {
        let mut out = self.inline(role, number);
        for run in runs {
            match run {
                Run::Text(text) => out.push_str(&self.inline(role, text)),
                Run::Strong(text) => {
                    out.push_str(&format!("#strong-text({});", self.text(role, text)));
                }
                Run::Break => out.push_str("#linebreak();"),
                Run::Number { text, figure, .. } => {
                    out.push_str(&self.link(role, figure, text));
                }
            }
        }
        out
    }

    /// A number that leads to its row of the appendix and looks like the text around it.
    fn link(&mut self, role: Role, figure: &str, text: &str) -> String {
        let text = self.text(role, text);
        match self.document.trace_position(figure) {
            Some(position) => format!("#link(label(\"t{position}\"), {text});"),
            None => format!("#{text};"),
        }
    }

    /// Text as markup.
    fn inline(&mut self, role: Role, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        format!("#{};", self.text(role, text))
    }

    /// Text as a literal, its characters noted under its font.
    fn text(&mut self, role: Role, text: &str) -> String {
        self.note(role, text);
        literal(text)
    }

    fn note(&mut self, role: Role, text: &str) {
        self.out
            .characters
            .entry(role)
            .or_default()
            .extend(text.chars());
    }

    /// A paragraph of source.
    fn line(&mut self, source: &str) {
        self.out.body.push_str(source);
        self.out.body.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_code() {
        assert_eq!(
            literal(r##"#x $y$ @z *b* _i_ "q" \ </a"##),
            r##""#x $y$ @z *b* _i_ \"q\" \\ </a""##
        );
        assert_eq!(literal("甲\n乙\u{0}"), "\"甲 乙\"");
    }
}
