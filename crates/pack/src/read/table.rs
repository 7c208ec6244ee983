//! A table in the reader's hand: takes the keys it knows, reports those it does not, and never stops at one
//! error. Knows nothing of what the keys mean.

use super::node::{Key, Node, Shape};
use super::source::Span;
use crate::check::{Sink, nearest, quoted_list, rule};
use crate::form::Form;

/// A table that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    /// Its entries.
    pub(crate) entries: &'a [(Key, Node)],
    /// Where it is named, for what is missing in it.
    pub(crate) at: Span,
    /// Where errors go.
    pub(crate) sink: &'a Sink<'a>,
}

/// A text and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Text<'a> {
    /// The text.
    pub(crate) text: &'a str,
    /// Where, with its quotes.
    pub(crate) at: Span,
}

impl<'a> Table<'a> {
    /// The node's table, or a report that it is none.
    pub(crate) fn of(
        node: &'a Node,
        at: Span,
        what: &str,
        sink: &'a Sink<'a>,
    ) -> Option<Table<'a>> {
        if let Shape::Table(entries) = &node.shape {
            return Some(Table { entries, at, sink });
        }
        wrong(sink, node, what, "a table");
        None
    }

    /// Reports every key that the form of the table does not have.
    pub(crate) fn known(&self, form: &Form) {
        let known = form.names();
        for (key, _) in self.entries {
            if known.clone().any(|name| name == key.name) {
                continue;
            }
            let next = match nearest(&key.name, known.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("keys here are {}", quoted_list(known.clone())),
            };
            self.sink.report(
                rule::UNKNOWN_KEY,
                key.at,
                format!("`{}` is not a key here", key.name),
                next,
            );
        }
    }

    /// The node under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&'a Node> {
        self.entries
            .iter()
            .find(|(k, _)| k.name == key)
            .map(|(_, node)| node)
    }

    /// The key itself, for errors about it.
    pub(crate) fn key(&self, key: &str) -> Option<&'a Key> {
        self.entries
            .iter()
            .find(|(k, _)| k.name == key)
            .map(|(key, _)| key)
    }

    /// The node under a key that must be there.
    pub(crate) fn need(&self, key: &str) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let next = format!("add `{key} = …`");
            self.sink.report(
                rule::MISSING_KEY,
                self.at,
                format!("`{key}` is missing"),
                next,
            );
        }
        found
    }

    /// An optional text.
    pub(crate) fn text(&self, key: &str) -> Option<Text<'a>> {
        self.get(key).and_then(|node| text_of(self.sink, node, key))
    }

    /// A text that must be there.
    pub(crate) fn need_text(&self, key: &str) -> Option<Text<'a>> {
        self.need(key)
            .and_then(|node| text_of(self.sink, node, key))
    }

    /// A text that must be there, owned; empty after a report.
    pub(crate) fn need_string(&self, key: &str) -> String {
        self.need_text(key)
            .map_or_else(String::new, |text| text.text.to_owned())
    }

    /// An optional text, owned.
    pub(crate) fn string(&self, key: &str) -> Option<String> {
        self.text(key).map(|text| text.text.to_owned())
    }

    /// Yes or no, with its default.
    pub(crate) fn flag(&self, key: &str, default: bool) -> bool {
        match self.get(key) {
            None => default,
            Some(Node {
                shape: Shape::Bool(yes),
                ..
            }) => *yes,
            Some(node) => {
                wrong(self.sink, node, &format!("`{key}`"), "true or false");
                default
            }
        }
    }

    /// A small whole number.
    pub(crate) fn small(&self, key: &str, most: i64) -> Option<u32> {
        let node = self.get(key)?;
        match node.shape {
            Shape::Int(int) if (0..=most).contains(&int) => u32::try_from(int).ok(),
            _ => {
                wrong(
                    self.sink,
                    node,
                    &format!("`{key}`"),
                    &format!("a whole number from 0 to {most}"),
                );
                None
            }
        }
    }

    /// A list of texts; none when the key is not there.
    pub(crate) fn texts(&self, key: &str) -> Vec<Text<'a>> {
        self.items(key)
            .iter()
            .filter_map(|node| text_of(self.sink, node, key))
            .collect()
    }

    /// A list of texts, owned.
    pub(crate) fn strings(&self, key: &str) -> Vec<String> {
        self.texts(key)
            .into_iter()
            .map(|text| text.text.to_owned())
            .collect()
    }

    /// A list's nodes; none when the key is not there.
    pub(crate) fn items(&self, key: &str) -> &'a [Node] {
        match self.get(key) {
            None => &[],
            Some(Node {
                shape: Shape::List(items),
                ..
            }) => items,
            Some(node) => {
                wrong(self.sink, node, &format!("`{key}`"), "a list");
                &[]
            }
        }
    }

    /// A table under a key, if it is there.
    pub(crate) fn table(&self, key: &str) -> Option<Table<'a>> {
        let at = self.key(key)?.at;
        Table::of(self.get(key)?, at, &format!("`{key}`"), self.sink)
    }

    /// The entries of a table under a key; none when it is not there.
    pub(crate) fn entries(&self, key: &str) -> &'a [(Key, Node)] {
        self.table(key).map_or(&[], |table| table.entries)
    }
}

/// The node's text, or a report that it is none.
pub(crate) fn text_of<'a>(sink: &Sink, node: &'a Node, what: &str) -> Option<Text<'a>> {
    if let Shape::Text(text) = &node.shape {
        return Some(Text { text, at: node.at });
    }
    wrong(sink, node, &format!("`{what}`"), "a text in quotes");
    None
}

/// Reports a value of the wrong type.
pub(crate) fn wrong(sink: &Sink, node: &Node, what: &str, wanted: &str) {
    let said = format!("{what} is {}, it should be {wanted}", node.shape.noun());
    sink.report(rule::WRONG_TYPE, node.at, said, format!("write {wanted}"));
}
