//! Title, blocks and signature.

use super::{escape, href};
use crate::report::{Align, Block, Document, Indent, Run, Table, number_headings, wording};

pub(super) fn write(out: &mut String, document: &Document) {
    out.push_str("<main class=\"sheet\">\n<header>\n");
    let title: Vec<String> = document.title.lines().map(escape).collect();
    out.push_str(&format!("<h1>{}</h1>\n", title.join("<br>")));
    for line in &document.subtitle {
        out.push_str(&format!("<p class=\"subtitle\">{}</p>\n", escape(line)));
    }
    out.push_str("</header>\n");
    let numbers = number_headings(&document.blocks);
    for (block, number) in document.blocks.iter().zip(numbers) {
        self::block(out, document, block, number.as_deref().unwrap_or_default());
    }
    tail(out, document);
    out.push_str("</main>\n");
}

fn block(out: &mut String, document: &Document, block: &Block, number: &str) {
    match block {
        Block::Heading { level, runs } => {
            let tag = format!("h{}", (*level).clamp(1, 4) + 1);
            let number = escape(number);
            out.push_str(&format!(
                "<{tag}>{number}{}</{tag}>\n",
                inline(document, runs)
            ));
        }
        Block::Paragraph { runs, indent } => {
            let class = if *indent == Indent::None {
                " class=\"addressee\""
            } else {
                ""
            };
            out.push_str(&format!("<p{class}>{}</p>\n", inline(document, runs)));
        }
        Block::List { start, items } => list(out, document, *start, items),
        Block::Table(table) => self::table(out, document, table),
        Block::Note { runs } => {
            out.push_str(&format!(
                "<p class=\"note\">{}</p>\n",
                inline(document, runs)
            ));
        }
        Block::PageBreak => out.push_str("<hr class=\"page\">\n"),
    }
}

fn list(out: &mut String, document: &Document, start: Option<u64>, items: &[Vec<Run>]) {
    let (open, close) = match start {
        Some(start) => (format!("<ol start=\"{start}\">\n"), "</ol>\n"),
        None => ("<ul>\n".to_owned(), "</ul>\n"),
    };
    out.push_str(&open);
    for item in items {
        out.push_str(&format!("<li>{}</li>\n", inline(document, item)));
    }
    out.push_str(close);
}

fn table(out: &mut String, document: &Document, table: &Table) {
    out.push_str("<div class=\"wide\"><table>\n");
    if !table.caption.is_empty() {
        out.push_str(&format!("<caption>{}</caption>\n", escape(&table.caption)));
    }
    out.push_str("<thead><tr>");
    for cell in &table.header {
        out.push_str(&format!(
            "<th scope=\"col\">{}</th>",
            inline(document, cell)
        ));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for column in 0..table.header.len().max(row.len()) {
            let class = match table.alignments.get(column).copied().unwrap_or_default() {
                Align::Left => " class=\"left\"",
                Align::Centre => "",
                Align::Right => " class=\"right\"",
            };
            let cell = row.get(column).map_or(&[][..], Vec::as_slice);
            out.push_str(&format!("<td{class}>{}</td>", inline(document, cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

/// Runs as HTML; a number without a trace stays plain, for a dead link explains nothing.
fn inline(document: &Document, runs: &[Run]) -> String {
    let mut out = String::new();
    for run in runs {
        match run {
            Run::Text(text) => out.push_str(&escape(text)),
            Run::Strong(text) => out.push_str(&format!("<strong>{}</strong>", escape(text))),
            Run::Break => out.push_str("<br>"),
            Run::Number {
                text,
                figure,
                missing,
            } => {
                let class = if *missing { "num missing" } else { "num" };
                let text = escape(text);
                match document
                    .trace_position(figure)
                    .map(|at| &document.traces[at])
                {
                    Some(trace) => out.push_str(&format!(
                        "<a class=\"{class}\" href=\"{}\" title=\"{}\">{text}</a>",
                        href(figure),
                        escape(&trace.title),
                    )),
                    None => out.push_str(&format!("<span class=\"{class}\">{text}</span>")),
                }
            }
        }
    }
    out
}

fn tail(out: &mut String, document: &Document) {
    if let Some(signature) = &document.signature {
        out.push_str(&format!(
            "<footer class=\"signature\"><div><p>{}</p><p class=\"date\">{}</p></div></footer>\n",
            escape(&signature.unit),
            escape(&signature.date)
        ));
    }
    for note in &document.notes {
        let text = wording().say("note.bracketed", &[("text", note)]);
        out.push_str(&format!("<p>{}</p>\n", escape(&text)));
    }
}
