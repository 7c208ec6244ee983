//! XML written element by element into memory.
//!
//! A thin layer over quick-xml: it keeps the open elements, so that they close in order, and drops
//! the characters that XML 1.0 cannot hold, which would make Word refuse the whole file.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A part of the package being written.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
    open: Vec<&'static str>,
}

impl Xml {
    pub(super) fn new() -> Xml {
        let mut xml = Xml {
            writer: Writer::new(Vec::new()),
            open: Vec::new(),
        };
        xml.event(Event::Decl(BytesDecl::new(
            "1.0",
            Some("UTF-8"),
            Some("yes"),
        )));
        xml
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(start(name, attributes)));
        self.open.push(name);
    }

    /// Closes the element opened last.
    pub(super) fn close(&mut self) {
        let name = self
            .open
            .pop()
            .expect("every close has its open: the calls stand in pairs");
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(start(name, attributes)));
    }

    /// An element without content whose only attribute is `w:val`.
    pub(super) fn val(&mut self, name: &'static str, value: &str) {
        self.empty(name, &[("w:val", value)]);
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) {
        self.event(Event::Text(BytesText::new(&sound(text))));
    }

    /// An element that holds only text.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// An element with what `inside` writes.
    pub(super) fn within(
        &mut self,
        name: &'static str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Xml),
    ) {
        self.open(name, attributes);
        inside(self);
        self.close();
    }

    /// The finished part.
    pub(super) fn finish(self) -> Vec<u8> {
        assert!(self.open.is_empty(), "still open: {:?}", self.open);
        self.writer.into_inner()
    }

    fn event(&mut self, event: Event<'_>) {
        self.writer
            .write_event(event)
            .expect("writing into memory does not fail");
    }
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        element.push_attribute((*key, sound(value).as_str()));
    }
    element
}

fn sound(text: &str) -> String {
    let allowed = |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_left_out_and_the_rest_escaped() {
        let mut xml = Xml::new();
        xml.leaf("a", &[("b", "\"<\u{0}>&")], "<甲>&\u{8}\u{ffff}乙");
        let text = String::from_utf8(xml.finish()).expect("UTF-8");
        let body = text.split_once("?>").expect("a declaration").1;
        assert_eq!(body, "<a b=\"&quot;&lt;&gt;&amp;\">&lt;甲&gt;&amp;乙</a>");
    }
}
