//! No crate contains a word of one pack: a name that a pack declares stands in no crate's literals.
//! Refuses to know any pack; it reads their top-level names.

use std::collections::BTreeMap;

use super::Complaint;
use super::rooms::{Rooms, under};
use super::tree::Tree;

/// Complaints about pack names in crates.
pub(crate) fn look(tree: &Tree, rooms: &Rooms) -> Vec<Complaint> {
    let names = names(tree, &rooms.house.built_in);
    let mut found = Vec::new();
    for file in tree.files.iter().filter(|file| under(&file.path, "crates")) {
        // testkit carries the smallest pack, drills write into it, and tests speak of some pack or other.
        if file.is_test()
            || rooms
                .of(&file.path)
                .is_some_and(|(name, _)| ["testkit", "drill"].contains(&name))
        {
            continue;
        }
        let Some(rust) = &file.rust else { continue };
        for (line, literal) in &rust.literals {
            if let Some(pack) = names.get(literal.as_str()) {
                let said =
                    format!("`{literal}` is a name of {pack}: a crate knows no pack's words");
                found.push(Complaint::new(&file.path, *line, said));
            }
        }
    }
    found
}

/// Names of registers, sheets and reports, and ids of figures and checks, each with the pack that declares it.
fn names(tree: &Tree, built_in: &[String]) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for file in tree
        .files
        .iter()
        .filter(|file| under(&file.path, "packs") && file.path.ends_with(".toml"))
    {
        let pack = file.path.split('/').take(2).collect::<Vec<_>>().join("/");
        let mut section = String::new();
        for line in file.text.lines() {
            let line = line.trim();
            if line.starts_with('[') {
                section = line.trim_matches(['[', ']']).to_owned();
                let mut parts = section.split('.');
                if let (Some("register" | "sheet"), Some(name), None) =
                    (parts.next(), parts.next(), parts.next())
                {
                    names.insert(name.to_owned(), pack.clone());
                }
            } else if let Some(id) = line
                .strip_prefix("id = \"")
                .and_then(|rest| rest.split('"').next())
                && ["figure", "check", "report"].contains(&section.as_str())
            {
                names.insert(id.to_owned(), pack.clone());
            }
        }
    }
    names.retain(|name, _| !built_in.contains(name));
    names
}
