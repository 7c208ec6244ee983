//! pulldown-cmark's events into blocks.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::write::decode;
use super::{MISSING, SCHEME};
use crate::report::{Align, Block, Document, Indent, Run, Table, plain, wording};

/// What a report cannot hold, and where it stands in the Markdown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct Refused {
    /// The line, from 1.
    pub line: usize,
    /// What it is, in English: the writer of a template reads it.
    pub what: String,
}

/// Reads a filled template: blocks only; title, signature and traces are the caller's to set.
///
/// `#` to `####` are the four heading levels. A paragraph `: text` before a table is its caption.
/// A quotation is a smaller remark, a rule begins a new page, a paragraph that ends in a
/// full-width colon as the first block stands at the margin (whom the document addresses).
pub fn parse(text: &str) -> Result<Document, Vec<Refused>> {
    let mut reader = Reader {
        text,
        ..Reader::default()
    };
    let options = Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.take(event, range.start);
    }
    if !reader.refused.is_empty() {
        return Err(reader.refused);
    }
    Ok(Document {
        blocks: captioned(reader.blocks),
        ..Document::default()
    })
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    blocks: Vec<Block>,
    refused: Vec<Refused>,
    runs: Vec<Run>,
    strong: usize,
    number: Option<Link>,
    quoted: usize,
    lists: Vec<List>,
    table: Option<Table>,
    row: Vec<Vec<Run>>,
    /// The line before ended in a Latin word or a digit.
    joint: bool,
    /// Inside something refused: its text is not printed anywhere.
    skipping: usize,
}

struct Link {
    figure: String,
    missing: bool,
    text: String,
}

struct List {
    start: Option<u64>,
    items: Vec<Vec<Run>>,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.push(&text),
            Event::SoftBreak => self.soft_break(),
            Event::HardBreak => self.runs.push(Run::Break),
            Event::Rule => self.blocks.push(Block::PageBreak),
            Event::Code(_) => self.refuse(at, "code cannot be printed in a report"),
            Event::Html(html) | Event::InlineHtml(html) => {
                // A comment is the template writer's note to themselves.
                if !html.trim_start().starts_with("<!--") {
                    self.refuse(
                        at,
                        "HTML cannot be printed in a report; write `\\<` for the sign",
                    );
                }
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.refuse(at, "formulas cannot be printed in a report");
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {
                self.refuse(at, "footnotes and boxes cannot be printed in a report");
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::TableHead | Tag::TableRow => {}
            Tag::Heading { level, .. } => {
                if level > HeadingLevel::H4 {
                    self.refuse(at, "a report has four levels of headings");
                }
            }
            Tag::BlockQuote(_) => self.quoted += 1,
            Tag::List(start) => {
                if !self.lists.is_empty() {
                    self.refuse(at, "a list within a list cannot be printed; use headings");
                }
                self.lists.push(List {
                    start,
                    items: Vec::new(),
                });
            }
            Tag::Item | Tag::TableCell => self.runs.clear(),
            Tag::Table(alignments) => {
                let alignments = alignments.iter().map(align).collect();
                self.table = Some(Table {
                    alignments,
                    ..Table::default()
                });
            }
            Tag::Strong | Tag::Emphasis => self.strong += 1,
            Tag::Link {
                dest_url, title, ..
            } => self.open_link(&dest_url, &title, at),
            Tag::CodeBlock(kind) => {
                self.skipping += 1;
                self.refuse(
                    at,
                    match kind {
                        CodeBlockKind::Indented => "four spaces before a line make it code",
                        CodeBlockKind::Fenced(_) => "code cannot be printed in a report",
                    },
                );
            }
            Tag::Image { .. } => {
                self.skipping += 1;
                self.refuse(at, "pictures cannot be printed in a report");
            }
            _ => self.refuse(at, "this Markdown cannot be printed in a report"),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => {
                let runs = std::mem::take(&mut self.runs);
                self.blocks.push(Block::Heading {
                    level: (level as u8).min(4),
                    runs,
                });
            }
            TagEnd::BlockQuote(_) => self.quoted -= 1,
            TagEnd::Item => {
                let runs = std::mem::take(&mut self.runs);
                if let Some(list) = self.lists.last_mut() {
                    list.items.push(runs);
                }
            }
            TagEnd::List(_) => {
                if let Some(List { start, items }) = self.lists.pop() {
                    self.blocks.push(Block::List { start, items });
                }
            }
            TagEnd::TableCell => self.row.push(std::mem::take(&mut self.runs)),
            TagEnd::TableHead => {
                let header = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.header = header;
                }
            }
            TagEnd::TableRow => {
                let row = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.rows.push(row);
                }
            }
            TagEnd::Table => self.blocks.extend(self.table.take().map(Block::Table)),
            TagEnd::Strong | TagEnd::Emphasis => self.strong -= 1,
            TagEnd::Link => self.close_link(),
            TagEnd::CodeBlock | TagEnd::Image => self.skipping -= 1,
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        if !self.lists.is_empty() {
            // A loose list has paragraphs in its items; they are joined.
            return;
        }
        let runs = std::mem::take(&mut self.runs);
        if runs.is_empty() {
            return;
        }
        self.blocks.push(if self.quoted > 0 {
            Block::Note { runs }
        } else if self.blocks.is_empty() && plain(&runs).ends_with('\u{ff1a}') {
            Block::Paragraph {
                runs,
                indent: Indent::None,
            }
        } else {
            Block::Paragraph {
                runs,
                indent: Indent::First,
            }
        });
    }

    fn open_link(&mut self, dest: &str, title: &str, at: usize) {
        let figure = dest.strip_prefix(SCHEME).and_then(decode);
        if let Some(figure) = figure.filter(|id| !id.is_empty()) {
            self.number = Some(Link {
                figure,
                missing: title == MISSING,
                text: String::new(),
            });
        } else {
            self.refuse(
                at,
                "only a link to `figure:<id>` can be printed in a report",
            );
        }
    }

    fn close_link(&mut self) {
        if let Some(Link {
            figure,
            mut missing,
            text,
        }) = self.number.take()
        {
            missing |= text == wording().say("missing.text", &[]);
            self.runs.push(Run::Number {
                text,
                figure,
                missing,
            });
        }
    }

    fn soft_break(&mut self) {
        // Chinese lines join without a space; two Latin words keep one.
        let before = self.runs.last().and_then(|run| run.text().chars().last());
        self.joint = before.is_some_and(|c| c.is_ascii_alphanumeric());
    }

    fn push(&mut self, text: &str) {
        if self.skipping > 0 {
            return;
        }
        if let Some(link) = &mut self.number {
            link.text.push_str(text);
            return;
        }
        if std::mem::take(&mut self.joint) && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        {
            self.push(" ");
        }
        match self.runs.last_mut() {
            Some(Run::Text(last)) if self.strong == 0 => last.push_str(text),
            Some(Run::Strong(last)) if self.strong > 0 => last.push_str(text),
            _ if self.strong > 0 => self.runs.push(Run::Strong(text.to_owned())),
            _ => self.runs.push(Run::Text(text.to_owned())),
        }
    }

    fn refuse(&mut self, at: usize, what: &str) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        self.refused.push(Refused {
            line,
            what: what.to_owned(),
        });
    }
}

fn align(alignment: &Alignment) -> Align {
    match alignment {
        Alignment::Left => Align::Left,
        Alignment::Right => Align::Right,
        Alignment::None | Alignment::Center => Align::Centre,
    }
}

/// Moves a paragraph `: text` that stands before a table into the table.
fn captioned(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        if let Block::Table(table) = &mut block
            && let Some(Block::Paragraph { runs, .. }) = out.last()
            && let Some(caption) = plain(runs).strip_prefix(": ")
        {
            caption.trim().clone_into(&mut table.caption);
            out.pop();
        }
        out.push(block);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::{escape, number};

    fn text(text: &str) -> Run {
        Run::Text(text.to_owned())
    }

    #[test]
    fn a_number_keeps_its_identity_and_text() {
        let source = format!(
            "现有{}人，**空缺{}人**。",
            number("1,204", "a[b c]", false),
            "3"
        );
        let document = parse(&source).expect("plain Markdown");
        let runs = vec![
            text("现有"),
            Run::Number {
                text: "1,204".into(),
                figure: "a[b c]".into(),
                missing: false,
            },
            text("人，"),
            Run::Strong("空缺3人".into()),
            text("。"),
        ];
        assert_eq!(
            document.blocks,
            [Block::Paragraph {
                runs,
                indent: Indent::First
            }]
        );
    }

    #[test]
    fn a_number_without_value_is_marked() {
        for source in [number("（无数据）", "x", false), number("?", "x", true)] {
            let document = parse(&source).expect("plain Markdown");
            let Block::Paragraph { runs, .. } = &document.blocks[0] else {
                panic!("a paragraph")
            };
            assert!(matches!(&runs[0], Run::Number { missing: true, .. }));
        }
    }

    #[test]
    fn names_never_become_markup() {
        let name = "*甲*_乙_[丙](丁)<b>`戊`|#&amp;\\";
        let document = parse(&escape(name)).expect("escaped");
        assert_eq!(
            document.blocks,
            [Block::Paragraph {
                runs: vec![text(name)],
                indent: Indent::First
            }]
        );
    }

    #[test]
    fn a_table_takes_the_caption_before_it() {
        let source = ": 表1 人员\n\n| 村 | 人数 |\n|:--|--:|\n| 甲村 | 3 |\n";
        let document = parse(source).expect("a table");
        let [Block::Table(table)] = document.blocks.as_slice() else {
            panic!("one table")
        };
        assert_eq!(table.caption, "表1 人员");
        assert_eq!(table.alignments, [Align::Left, Align::Right]);
        assert_eq!(table.rows, [[vec![text("甲村")], vec![text("3")]]]);
    }

    #[test]
    fn lines_of_one_paragraph_join_without_a_space() {
        let document = parse("各位领导：\n\n甲\n乙 ab\ncd\n").expect("paragraphs");
        assert_eq!(
            document.blocks,
            [
                Block::Paragraph {
                    runs: vec![text("各位领导：")],
                    indent: Indent::None
                },
                Block::Paragraph {
                    runs: vec![text("甲乙 ab cd")],
                    indent: Indent::First
                },
            ]
        );
    }

    #[test]
    fn what_cannot_be_printed_is_refused_with_its_line() {
        let refused = parse("甲\n\n![图](a.png)\n\n<b>乙</b> [x](http://y)\n\n    code\n")
            .expect_err("refused");
        let lines: Vec<usize> = refused.iter().map(|r| r.line).collect();
        assert_eq!(lines, [3, 5, 5, 5, 7]);
    }
}
