//! Places in a part's text, and edits of it. A part is never parsed and written again: tags are found, and only
//! what must change is replaced, so that everything else keeps its very bytes.

use crate::mark::MarkError;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::ops::Range;

/// What kind of tag it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Empty,
    Close,
}

/// A tag in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// From `<` to `>`.
    pub(super) text: &'a str,
    /// Where it begins.
    pub(super) at: usize,
    pub(super) kind: Kind,
    /// Its name without a prefix.
    pub(super) local: &'a str,
    /// Its prefix with the colon, or nothing.
    pub(super) prefix: &'a str,
    /// How many elements are around it.
    pub(super) depth: usize,
}

impl<'a> Tag<'a> {
    /// The text behind it.
    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }

    /// An attribute's value, unescaped; `name` with its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let range = value_range(self.text, |key| key == name)?;
        unescaped(&self.text[range])
    }

    /// An attribute's value by its name without prefix.
    pub(super) fn local_attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let range = value_range(self.text, |key| {
            key.rsplit_once(':')
                .is_some_and(|(prefix, local)| prefix != "xmlns" && local == name)
        })?;
        unescaped(&self.text[range])
    }

    /// The prefix, with its colon, that is bound to one of these namespaces here.
    pub(super) fn prefix_of(&self, namespaces: &[&str]) -> Option<&'a str> {
        let mut found = None;
        value_ranges(self.text, |key, value| {
            if let Some(prefix) = key.strip_prefix("xmlns:")
                && namespaces.contains(&&self.text[value])
            {
                found = Some(prefix);
            }
        });
        found
    }
}

fn unescaped(value: &str) -> Option<Cow<'_, str>> {
    quick_xml::escape::unescape(value).ok()
}

/// Calls `with` for every tag, in order. What is not well-formed is damaged.
pub(super) fn each_tag<'a>(
    xml: &'a str,
    mut with: impl FnMut(&Tag<'a>) -> Result<(), MarkError>,
) -> Result<(), MarkError> {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0_usize;
    loop {
        let from = position(&reader);
        let event = reader
            .read_event()
            .map_err(|error| MarkError::Damaged(error.to_string()))?;
        let kind = match event {
            Event::Start(_) => Kind::Open,
            Event::Empty(_) => Kind::Empty,
            Event::End(_) => Kind::Close,
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(MarkError::Damaged("cut off".to_owned())),
            _ => continue,
        };
        drop(event);
        if kind == Kind::Close {
            depth -= 1;
        }
        let text = &xml[from..position(&reader)];
        let (prefix, local) = names(text);
        with(&Tag {
            text,
            at: from,
            kind,
            local,
            prefix,
            depth,
        })?;
        if kind == Kind::Open {
            depth += 1;
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// A tag's prefix with its colon, and its name.
fn names(tag: &str) -> (&str, &str) {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name
        .find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>')
        .unwrap_or(name.len());
    let name = &name[..end];
    match name.find(':') {
        Some(colon) => name.split_at(colon + 1),
        None => ("", name),
    }
}

/// Where the value of the first attribute stands whose name is wanted, within the tag's text.
pub(super) fn value_range(tag: &str, wanted: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let mut found = None;
    value_ranges(tag, |key, value| {
        if found.is_none() && wanted(key) {
            found = Some(value);
        }
    });
    found
}

fn value_ranges<'a>(tag: &'a str, mut with: impl FnMut(&'a str, Range<usize>)) {
    let bytes = tag.as_bytes();
    let (prefix, local) = names(tag);
    let mut at = 1 + prefix.len() + local.len();
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let Some(equals) = tag[at..].find('=').map(|offset| at + offset) else {
            return;
        };
        let key = tag[at..equals].trim();
        let Some(open) = tag[equals..].find(['"', '\'']).map(|o| equals + o) else {
            return;
        };
        let quote = char::from(bytes[open]);
        let Some(close) = tag[open + 1..].find(quote).map(|o| open + 1 + o) else {
            return;
        };
        with(key, open + 1..close);
        at = close + 1;
    }
}

/// The tag with an attribute set: replaced where it stands, else as the first one.
pub(super) fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    let value = escape(value);
    match value_range(tag, |key| key == name) {
        Some(range) => format!("{}{value}{}", &tag[..range.start], &tag[range.end..]),
        None => {
            let (prefix, local) = names(tag);
            let at = 1 + prefix.len() + local.len();
            format!("{} {name}=\"{value}\"{}", &tag[..at], &tag[at..])
        }
    }
}

/// The tag without an attribute.
pub(super) fn without_attribute(tag: &str, name: &str) -> String {
    let Some(range) = value_range(tag, |key| key == name) else {
        return tag.to_owned();
    };
    let before = &tag[..range.start];
    let from = before
        .rfind(name)
        .map_or(range.start, |at| before[..at].trim_end().len());
    format!("{}{}", &tag[..from], &tag[range.end + 1..])
}

/// Text as it may stand in XML: escaped, and without the characters that XML 1.0 cannot hold.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => {}
        }
    }
    out
}

/// An element of a small part.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) tag: Tag<'a>,
    /// Where its end tag begins; where the tag ends for one without content.
    pub(super) inner_end: usize,
    /// Behind its end tag.
    pub(super) end: usize,
}

/// The elements of a part down to a depth, in order.
pub(super) fn outline(xml: &str, depth: usize) -> Result<Vec<Node<'_>>, MarkError> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    each_tag(xml, |tag| {
        if tag.depth > depth {
            return Ok(());
        }
        if tag.kind == Kind::Close {
            let node = &mut nodes[open.pop().expect("the reader checks that tags pair")];
            node.inner_end = tag.at;
            node.end = tag.end();
            return Ok(());
        }
        if tag.kind == Kind::Open {
            open.push(nodes.len());
        }
        nodes.push(Node {
            tag: *tag,
            inner_end: tag.end(),
            end: tag.end(),
        });
        Ok(())
    })?;
    Ok(nodes)
}

/// Replacements in a text, none over another.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.0.push((at..at, text.into()));
    }

    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.0.push((range, text.into()));
    }

    /// Adds children behind those that an element has.
    pub(super) fn append(&mut self, node: &Node<'_>, children: &str) {
        if node.tag.kind == Kind::Empty {
            let end = node.tag.end();
            let name = format!("{}{}", node.tag.prefix, node.tag.local);
            self.replace(end - 2..end, format!(">{children}</{name}>"));
        } else {
            self.insert(node.inner_end, children);
        }
    }

    /// Sets an attribute of an element.
    pub(super) fn attribute(&mut self, tag: &Tag<'_>, name: &str, value: &str) {
        match value_range(tag.text, |key| key == name) {
            Some(range) => {
                self.replace(tag.at + range.start..tag.at + range.end, escape(value));
            }
            None => {
                let at = tag.at + 1 + tag.prefix.len() + tag.local.len();
                self.insert(at, format!(" {name}=\"{}\"", escape(value)));
            }
        }
    }

    /// The text with its edits; those of one place in the order in which they were made.
    pub(super) fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| range.start);
        let more: usize = self.0.iter().map(|(_, new)| new.len()).sum();
        let mut out = String::with_capacity(text.len() + more);
        let mut at = 0;
        for (range, new) in &self.0 {
            out.push_str(&text[at..range.start]);
            out.push_str(new);
            at = range.end;
        }
        out.push_str(&text[at..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_where_they_stand() {
        let xml = "<?xml version=\"1.0\"?>\n<x:a b = '1'>t &amp; <c/><!-- <d> --></x:a>";
        let mut seen = Vec::new();
        each_tag(xml, |tag| {
            assert_eq!(&xml[tag.at..tag.end()], tag.text);
            seen.push((tag.prefix, tag.local, tag.kind, tag.depth));
            Ok(())
        })
        .expect("well-formed");
        assert_eq!(
            seen,
            [
                ("x:", "a", Kind::Open, 0),
                ("", "c", Kind::Empty, 1),
                ("x:", "a", Kind::Close, 0)
            ]
        );
        assert!(each_tag("<a><b></a>", |_| Ok(())).is_err());
        assert!(each_tag("<a><b/>", |_| Ok(())).is_err());
    }

    #[test]
    fn attributes_are_set_and_taken_without_touching_others() {
        let tag = "<c r=\"A1\" s='3' t=\"s\"/>";
        assert_eq!(with_attribute(tag, "s", "9"), "<c r=\"A1\" s='9' t=\"s\"/>");
        assert_eq!(
            with_attribute("<c/>", "s", "9"),
            "<c s=\"9\"/>",
            "a bare tag"
        );
        assert_eq!(without_attribute(tag, "s"), "<c r=\"A1\" t=\"s\"/>");
        assert_eq!(without_attribute(tag, "q"), tag);
    }

    #[test]
    fn children_are_appended_to_full_and_empty_elements() {
        let xml = "<a><b/><c x='1'><d/></c></a>";
        let nodes = outline(xml, 1).expect("well-formed");
        let mut edits = Edits::default();
        edits.append(&nodes[1], "<n/>");
        edits.append(&nodes[2], "<m/>");
        edits.attribute(&nodes[2].tag, "x", "2");
        assert_eq!(edits.apply(xml), "<a><b><n/></b><c x='2'><d/><m/></c></a>");
    }
}
