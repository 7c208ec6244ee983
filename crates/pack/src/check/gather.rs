//! Declarations of all files, by kind. Any file may hold any of them; the folders are habit.

use super::name::unique;
use super::{Sink, rule};
use crate::form::{DECLARATIONS, Stands};
use crate::read::{Key, Node, Shape, Source, Table, parse, wrong};
use std::collections::BTreeMap;

/// What all files declare, in the order of path and line.
#[derive(Default)]
pub(super) struct Gathered {
    named: BTreeMap<&'static str, Vec<(Key, Node)>>,
    listed: BTreeMap<&'static str, Vec<Node>>,
}

impl Gathered {
    /// Every declaration `[kind.name]`, each name once.
    pub(super) fn named<'g>(
        &'g self,
        kind: &str,
        sink: &'g Sink<'g>,
    ) -> impl Iterator<Item = (&'g Key, Table<'g>)> {
        let entries = self.named.get(kind).map_or(&[][..], Vec::as_slice);
        entries.iter().filter_map(move |(key, node)| {
            let Shape::Table(entries) = &node.shape else {
                return None;
            };
            Some((
                key,
                Table {
                    entries,
                    at: key.at,
                    sink,
                },
            ))
        })
    }

    /// Every declaration `[[kind]]`.
    pub(super) fn listed<'g>(
        &'g self,
        kind: &str,
        sink: &'g Sink<'g>,
    ) -> impl Iterator<Item = Table<'g>> {
        let nodes = self.listed.get(kind).map_or(&[][..], Vec::as_slice);
        nodes.iter().filter_map(move |node| {
            let Shape::Table(entries) = &node.shape else {
                return None;
            };
            Some(Table {
                entries,
                at: node.at,
                sink,
            })
        })
    }

    /// The tables `[pack]` of all files.
    pub(super) fn pack<'g>(&'g self, sink: &'g Sink<'g>) -> Option<Table<'g>> {
        self.named("pack", sink).next().map(|(_, table)| table)
    }
}

/// Reads every TOML file.
pub(super) fn gather(sources: &[Source], sink: &Sink) -> Gathered {
    let mut gathered = Gathered::default();
    for (file, source) in sources.iter().enumerate() {
        if !source.path.ends_with(".toml") {
            continue;
        }
        for (key, node) in parse(file, source, sink) {
            sort(&mut gathered, key, node, sink);
        }
    }
    for (kind, entries) in &mut gathered.named {
        let mut seen = BTreeMap::new();
        entries.retain(|(key, _)| unique(kind, &key.name, key.at, &mut seen, sink));
    }
    gathered
}

fn sort(gathered: &mut Gathered, key: Key, node: Node, sink: &Sink) {
    let Some(kind) = DECLARATIONS.iter().find(|kind| kind.key == key.name) else {
        let said = format!("a pack does not declare `{}`", key.name);
        let kinds = DECLARATIONS.iter().map(|kind| kind.key);
        sink.unknown(rule::UNKNOWN_KEY, key.at, said, &key.name, kinds);
        return;
    };
    let (kind, stands) = (kind.key, kind.stands);
    let misplaced = |node: &Node, wanted: &str| wrong(sink, node, &format!("`{kind}`"), wanted);
    match (stands, node) {
        (
            Stands::Once,
            node @ Node {
                shape: Shape::Table(_),
                ..
            },
        ) => gathered.named.entry(kind).or_default().push((key, node)),
        (
            Stands::Named,
            Node {
                shape: Shape::Table(entries),
                ..
            },
        ) => {
            for (key, node) in entries {
                match node.shape {
                    Shape::Table(_) => gathered.named.entry(kind).or_default().push((key, node)),
                    _ => wrong(sink, &node, &format!("`{kind}.{}`", key.name), "a table"),
                }
            }
        }
        (
            Stands::Listed,
            Node {
                shape: Shape::List(items),
                ..
            },
        ) => {
            for node in items {
                match node.shape {
                    Shape::Table(_) => gathered.listed.entry(kind).or_default().push(node),
                    _ => misplaced(&node, "a table"),
                }
            }
        }
        (Stands::Once, node) => misplaced(&node, &format!("a table `[{kind}]`")),
        (Stands::Named, node) => misplaced(&node, &format!("tables `[{kind}.NAME]`")),
        (Stands::Listed, node) => misplaced(&node, &format!("tables `[[{kind}]]`")),
    }
}
