//! Rules about Markdown: links that lead somewhere, decisions with unique numbers, the table of rooms, machine paths,
//! the date of ARCHITECTURE.md. Refuses to judge the prose.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Complaint;
use super::code::names_machine;
use super::rooms::Rooms;
use super::tree::{SourceFile, Tree};

/// Where the table of rooms stands in ARCHITECTURE.md.
const TABLE_OPENS: &str = "<!-- rooms: written by cargo xtask bless -->";
const TABLE_ENDS: &str = "<!-- end of rooms -->";

/// What a decision record must say.
const DECISION_PARTS: [&str; 5] = [
    "Status:",
    "## Context",
    "## Decision",
    "## Consequences",
    "## What would change our mind",
];

/// Complaints about all Markdown files.
pub(crate) fn look(tree: &Tree, rooms: &Rooms, today: i64) -> Vec<Complaint> {
    let mut found = Vec::new();
    // Templates of packs and samples of tests are Markdown of another kind: their links are figures.
    let ours = |file: &&SourceFile| !file.path.starts_with("packs/") && !file.is_test();
    for file in tree.ending(".md").filter(ours) {
        let prose = prose(&file.text);
        found.extend(links(file, &prose, tree));
        found.extend(machine(file, rooms));
        if !file.path.contains("CHANGELOG") && !file.path.starts_with("docs/decisions/") {
            found.extend(named_paths(file, tree));
        }
    }
    found.extend(decisions(tree));
    found.extend(architecture(tree, rooms, today));
    found
}

/// Writes the table of rooms into ARCHITECTURE.md anew.
pub(crate) fn renew_table(root: &Path) -> Result<(), String> {
    let rooms = super::read_rooms(root)?;
    let path = root.join("ARCHITECTURE.md");
    let text = fs::read_to_string(&path)
        .map_err(|cause| format!("cannot read ARCHITECTURE.md: {cause}"))?;
    let Some((before, _, after)) = cut_table(&text) else {
        return Err("ARCHITECTURE.md: the markers of the table of rooms are not there".into());
    };
    let renewed = format!(
        "{before}{TABLE_OPENS}\n{}{TABLE_ENDS}{after}",
        rooms.table()
    );
    fs::write(&path, renewed).map_err(|cause| format!("cannot write ARCHITECTURE.md: {cause}"))
}

fn cut_table(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(TABLE_OPENS)?;
    let (table, after) = rest.split_once(TABLE_ENDS)?;
    Some((before, table.trim_start_matches('\n'), after))
}

/// The lines without fenced blocks and code spans, so that examples are not read as links.
pub(super) fn prose(text: &str) -> Vec<String> {
    let mut fenced = false;
    text.lines()
        .map(|line| {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
                return String::new();
            }
            if fenced {
                return String::new();
            }
            line.split('`')
                .enumerate()
                .filter(|(at, _)| at % 2 == 0)
                .map(|(_, part)| part)
                .collect()
        })
        .collect()
}

fn links(file: &SourceFile, prose: &[String], tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (number, line) in prose.iter().enumerate() {
        for target in line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            let to = resolve(&file.path, path);
            if !tree.has(&to) {
                found.push(Complaint::new(
                    &file.path,
                    number + 1,
                    format!("the link to {path} leads nowhere"),
                ));
            }
        }
    }
    found
}

/// A link seen from the file it stands in.
pub(super) fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Paths of the project in code spans exist, so that a document does not outlive what it describes.
fn named_paths(file: &SourceFile, tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in file.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        for span in line.split('`').skip(1).step_by(2) {
            let path = span.trim_end_matches('/');
            let rooted = ["crates/", "packs/", "docs/", "xtask/", "e2e/", "examples/"];
            let plain = !path.contains(|letter: char| " <>*…{}:,".contains(letter));
            // A page of the book that has its reader make a file says so above the file's text.
            let made = || file.text.contains(&format!("<!-- file: {path} -->"));
            if rooted.iter().any(|root| path.starts_with(root))
                && plain
                && !tree.has(path)
                && !made()
            {
                found.push(Complaint::new(
                    &file.path,
                    number + 1,
                    format!("{path} is not there"),
                ));
            }
        }
    }
    found
}

fn machine(file: &SourceFile, rooms: &Rooms) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (number, line) in file.text.lines().enumerate() {
        for path in rooms
            .house
            .machine_paths
            .iter()
            .filter(|path| names_machine(line, path))
        {
            let said = format!("`{path}` is a path of somebody's machine");
            found.push(Complaint::new(&file.path, number + 1, said));
        }
    }
    found
}

fn decisions(tree: &Tree) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut numbers: BTreeMap<&str, &str> = BTreeMap::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with("docs/decisions/"))
    {
        if file.name() == "README.md" {
            continue;
        }
        let number = file.name().split('-').next().unwrap_or_default();
        if number.len() != 4 || !number.chars().all(|digit| digit.is_ascii_digit()) {
            found.push(Complaint::new(
                &file.path,
                1,
                "a decision is named NNNN-title.md",
            ));
        } else if let Some(first) = numbers.insert(number, &file.path) {
            let said = format!("the number {number} is taken by {first}");
            found.push(Complaint::new(&file.path, 1, said));
        }
        for part in DECISION_PARTS
            .iter()
            .filter(|part| !file.text.lines().any(|l| l.starts_with(**part)))
        {
            found.push(Complaint::new(
                &file.path,
                1,
                format!("a decision says `{part}`"),
            ));
        }
    }
    found
}

fn architecture(tree: &Tree, rooms: &Rooms, today: i64) -> Vec<Complaint> {
    let Some(file) = tree.file("ARCHITECTURE.md") else {
        return vec![Complaint::new(
            "ARCHITECTURE.md",
            1,
            "there is no map of the house",
        )];
    };
    let mut found = Vec::new();
    let lines = file.text.lines().count();
    if lines >= 300 {
        found.push(Complaint::new(
            &file.path,
            lines,
            format!("{lines} lines: a map stays under 300"),
        ));
    }
    if cut_table(&file.text).is_none_or(|(_, table, _)| table != rooms.table()) {
        let said = "the table of rooms is not that of rooms.toml: run `cargo xtask bless`";
        found.push(Complaint::new(&file.path, 1, said));
    }
    let reviewed = file
        .text
        .lines()
        .find_map(|line| line.split("reviewed: ").nth(1))
        .and_then(|rest| crate::house::day_number(rest.get(..10)?));
    match reviewed {
        None => found.push(Complaint::new(
            &file.path,
            1,
            "say `written: DATE` and `reviewed: DATE`",
        )),
        Some(day) if today - day > rooms.house.review_days => {
            let said = format!("last reviewed {} days ago: read it again", today - day);
            found.push(Complaint::ask(&file.path, 1, said));
        }
        Some(_) => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_seen_from_its_file() {
        assert_eq!(
            resolve("docs/specs/pack.md", "../decisions/"),
            "docs/decisions"
        );
        assert_eq!(resolve("README.md", "docs/README.md"), "docs/README.md");
    }

    #[test]
    fn examples_are_no_links() {
        let lines = prose("see [a](b.md) and `[c](d.md)`\n```\n[e](f.md)\n```\n");
        assert_eq!(lines[0], "see [a](b.md) and ");
        assert!(lines[2].is_empty());
    }
}
