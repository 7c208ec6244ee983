//! `cargo xtask tidy`: the rules of the house, held by a program. Each rule is a function of the tree that returns
//! complaints; this file lists them. Refuses to know the crates: it reads files, so that it runs when they are broken.

mod book; // the pages of the book and the links between them
mod code; // rules about Rust files: words, languages, sizes, headers
mod docs; // rules about Markdown: links, decisions, the table of rooms
mod findings; // the book's page of findings, made of the rooms' words
mod limits; // the book's page of limits and the numbers in the code
mod manifests; // rules about Cargo.toml: edges between rooms, inherited keys
mod packs; // no crate contains a word of one pack
mod rooms; // rooms.toml
mod rust; // tells code from comments, texts and tests
mod tree; // the files, read once

use std::fmt;
use std::path::Path;

pub(crate) use docs::renew_table;
use rooms::Rooms;
use tree::Tree;

/// Something that breaks a rule, with its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Complaint {
    /// Path from the root.
    pub(crate) file: String,
    /// Line, counted from 1.
    pub(crate) line: usize,
    /// What is wrong and what to do.
    pub(crate) said: String,
    /// Worth a look, but no reason to fail.
    pub(crate) question: bool,
}

impl Complaint {
    fn new(file: &str, line: usize, said: impl Into<String>) -> Complaint {
        Complaint {
            file: file.to_owned(),
            line,
            said: said.into(),
            question: false,
        }
    }

    fn ask(file: &str, line: usize, said: impl Into<String>) -> Complaint {
        Complaint {
            question: true,
            ..Complaint::new(file, line, said)
        }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.question { "question: " } else { "" };
        write!(f, "{}:{}: {kind}{}", self.file, self.line, self.said)
    }
}

/// Everything that breaks a rule in the project at `root`, in order of place. `today` is a day number.
pub(crate) fn look(root: &Path, today: i64) -> Result<Vec<Complaint>, String> {
    let rooms = read_rooms(root)?;
    let tree = Tree::read(root).map_err(|cause| format!("cannot read the project: {cause}"))?;
    let mut found = Vec::new();
    if let Some(name) = rooms.circle() {
        found.push(Complaint::new(
            "rooms.toml",
            1,
            format!("`{name}` reaches itself through may_use"),
        ));
    }
    found.extend(manifests::look(&tree, &rooms));
    found.extend(code::look(&tree, &rooms));
    found.extend(packs::look(&tree, &rooms));
    found.extend(docs::look(&tree, &rooms, today));
    found.extend(findings::look(&tree));
    found.extend(book::look(&tree));
    found.extend(limits::look(&tree));
    found.extend(manifests::lock(root, &tree));
    found.sort();
    found.dedup();
    Ok(found)
}

/// Prints the complaints and a closing line; true when nothing is broken.
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    let found = look(root, crate::house::today())?;
    for complaint in &found {
        println!("{complaint}");
    }
    let questions = found.iter().filter(|complaint| complaint.question).count();
    let broken = found.len() - questions;
    println!("tidy: {broken} broken, {questions} questions");
    Ok(broken == 0)
}

/// Writes the page of findings anew.
pub(crate) fn renew_findings(root: &Path) -> Result<(), String> {
    let tree = Tree::read(root).map_err(|cause| format!("cannot read the project: {cause}"))?;
    std::fs::write(root.join(findings::PAGE), findings::page(&tree))
        .map_err(|cause| format!("cannot write {}: {cause}", findings::PAGE))
}

fn read_rooms(root: &Path) -> Result<Rooms, String> {
    let text = std::fs::read_to_string(root.join("rooms.toml"))
        .map_err(|cause| format!("cannot read rooms.toml: {cause}"))?;
    toml::from_str(&text).map_err(|cause| format!("rooms.toml: {cause}"))
}
