//! A report as plain text: wrapped at a width in which a Chinese character takes two columns.
//!
//! Keeps what a reader of a terminal or a message needs; refuses to imitate the printed page.

mod table; // columns of equal width
mod wrap; // lines that neither begin with a comma nor split a number

use crate::report::{
    Block, Document, Indent, Run, TraceEntry, columns, number_headings, plain, wording,
};
use wrap::wrap;

/// The width of the official line: 28 characters.
pub const COLUMNS: usize = 56;

/// Writes a report as text of so many half-width columns.
pub fn write(document: &Document, width: usize) -> String {
    let mut page = Page {
        out: String::new(),
        width: width.max(20),
    };
    for line in document
        .title
        .lines()
        .chain(document.subtitle.iter().map(String::as_str))
    {
        page.centred(line);
    }
    page.blank();
    let numbers = number_headings(&document.blocks);
    for (block, number) in document.blocks.iter().zip(numbers) {
        page.block(block, number.as_deref().unwrap_or_default());
    }
    page.tail(document);
    page.out
}

struct Page {
    out: String,
    width: usize,
}

impl Page {
    fn block(&mut self, block: &Block, number: &str) {
        match block {
            Block::Heading { level, runs } => {
                if *level == 1 {
                    self.blank();
                }
                self.paragraph(&format!("{number}{}", plain(runs)), 4);
            }
            Block::Paragraph { runs, indent } => {
                self.paragraph(&plain(runs), if *indent == Indent::First { 4 } else { 0 });
            }
            Block::List { start, items } => self.list(*start, items),
            Block::Table(table) => {
                self.blank();
                if !table.caption.is_empty() {
                    self.centred(&table.caption);
                }
                self.out.push_str(&table::write(table));
                self.blank();
            }
            Block::Note { runs } => self.paragraph(&plain(runs), 4),
            Block::PageBreak => self.blank(),
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
            self.paragraph(&format!("{mark}{}", plain(item)), 4);
        }
    }

    fn tail(&mut self, document: &Document) {
        if let Some(signature) = &document.signature {
            self.blank();
            for line in [&signature.unit, &signature.date] {
                self.moved(self.width.saturating_sub(columns(line) + 4), line);
            }
        }
        if !document.notes.is_empty() {
            self.blank();
        }
        for note in &document.notes {
            self.paragraph(&wording().say("note.bracketed", &[("text", note)]), 4);
        }
        if !document.traces.is_empty() {
            self.blank();
            let title = wording().say("appendix.title", &[]);
            self.line(&wording().say("appendix.mention", &[("title", &title)]));
            self.blank();
            for (position, trace) in document.traces.iter().enumerate() {
                self.trace(position, trace);
            }
        }
    }

    fn trace(&mut self, position: usize, trace: &TraceEntry) {
        let TraceEntry {
            title,
            printed,
            unit,
            definition,
            ..
        } = trace;
        self.paragraph(&format!("{}. {title} {printed}{unit}", position + 1), 0);
        let mut lines = vec![definition.clone()];
        if !trace.operands.is_empty() {
            let operands: Vec<String> = trace
                .operands
                .iter()
                .map(|o| format!("{} {}", o.title, o.printed))
                .collect();
            let lead = wording().say("appendix.operands", &[]);
            lines.push(format!("{lead}{}", operands.join("\u{ff1b}")));
        }
        lines.extend(trace.remarks.iter().cloned());
        if let Some(first) = trace.records.first() {
            let count = trace.total_records.to_string();
            let total = wording().say("trace.total", &[("n", &count)]);
            lines.push(format!("{total}\u{ff1b}{} {}", first.label, first.place));
        }
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let (out, width) = (&mut self.out, self.width - 3);
            for part in wrap(line, width, 0) {
                out.push_str(&format!("   {part}\n"));
            }
        }
    }

    /// A paragraph whose first line is moved in.
    fn paragraph(&mut self, text: &str, indent: usize) {
        for (i, part) in text.split('\n').enumerate() {
            let indent = if i == 0 { indent } else { 0 };
            for (j, line) in wrap(part, self.width, indent).into_iter().enumerate() {
                self.moved(if j == 0 { indent } else { 0 }, &line);
            }
        }
    }

    fn centred(&mut self, text: &str) {
        self.moved(self.width.saturating_sub(columns(text)) / 2, text);
    }

    fn moved(&mut self, by: usize, text: &str) {
        self.line(&format!("{}{text}", " ".repeat(by)));
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// An empty line, never two.
    fn blank(&mut self) {
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}
