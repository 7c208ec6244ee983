//! Where each declaration stands and what is written in it, for people who look a pack up. Read from the texts that the
//! pack carries. Refuses to know what a declaration means.

use crate::CheckedPack;
use crate::check::Sink;
use crate::form::{DECLARATIONS, Stands};
use crate::read::{Key, Node, Shape, Source, Span, parse};

/// A declaration as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// What it is: the key at the top of its file, as `register`.
    pub kind: &'static str,
    /// Its name; of one that stands in a list, its id (a level's name).
    pub name: String,
    /// The file, from the pack's folder.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its keys in order, each with its value: a text without its quotes, everything else on one line as TOML.
    pub keys: Vec<(String, String)>,
}

impl Declared {
    /// The value under a key.
    pub fn key(&self, name: &str) -> Option<&str> {
        let (_, value) = self.keys.iter().find(|(key, _)| key == name)?;
        Some(value)
    }
}

impl CheckedPack {
    /// Every declaration, in the order of file and line.
    pub fn declared(&self) -> Vec<Declared> {
        let sources: Vec<Source> = self
            .files
            .iter()
            .map(|(path, text)| Source {
                path: path.clone(),
                text: text.clone(),
            })
            .collect();
        // The pack is checked: nothing is reported here.
        let sink = Sink::new(&sources);
        let mut found = Vec::new();
        for (file, source) in sources.iter().enumerate() {
            if !source.path.ends_with(".toml") {
                continue;
            }
            for (key, node) in parse(file, source, &sink) {
                take(source, &key, &node, &mut found);
            }
        }
        found
    }
}

fn take(source: &Source, key: &Key, node: &Node, found: &mut Vec<Declared>) {
    let Some(kind) = DECLARATIONS.iter().find(|kind| kind.key == key.name) else {
        return;
    };
    let mut add = |name: Option<&str>, at: Span, node: &Node| {
        let Shape::Table(entries) = &node.shape else {
            return;
        };
        let keys: Vec<(String, String)> = entries
            .iter()
            .map(|(key, node)| (key.name.clone(), bare(node)))
            .collect();
        let own = |name: &str| keys.iter().find(|(key, _)| key == name);
        let name = name
            .map(str::to_owned)
            .or_else(|| own("id").or_else(|| own("name")).map(|(_, id)| id.clone()));
        found.push(Declared {
            kind: kind.key,
            name: name.unwrap_or_default(),
            file: source.path.clone(),
            line: source.place(at).line,
            keys,
        });
    };
    match (kind.stands, &node.shape) {
        (Stands::Once, _) => add(None, key.at, node),
        (Stands::Named, Shape::Table(entries)) => {
            for (key, node) in entries {
                add(Some(&key.name), key.at, node);
            }
        }
        (Stands::Listed, Shape::List(items)) => {
            for node in items {
                add(None, node.at, node);
            }
        }
        _ => {}
    }
}

/// A value; a text without its quotes.
fn bare(node: &Node) -> String {
    match &node.shape {
        Shape::Text(text) => text.clone(),
        _ => written(node),
    }
}

/// A value as TOML on one line.
fn written(node: &Node) -> String {
    match &node.shape {
        Shape::Text(text) => format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
        Shape::Int(int) => int.to_string(),
        Shape::Bool(yes) => yes.to_string(),
        Shape::Decimal(text) | Shape::Moment(text) => text.clone(),
        Shape::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Shape::Table(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(key, node)| format!("{} = {}", key.name, written(node)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
    }
}
