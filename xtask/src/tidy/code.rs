//! Rules about Rust files: words that have their place, one language in code, sizes, headers, names.
//! Refuses to know what the code does.

use super::Complaint;
use super::rooms::{Rooms, WordRule, under};
use super::rust::{Line, Rust, holds};
use super::tree::{SourceFile, Tree};

/// Complaints about all Rust files, and about names of any file.
pub(crate) fn look(tree: &Tree, rooms: &Rooms) -> Vec<Complaint> {
    let mut found = names(tree, rooms);
    for file in &tree.files {
        let Some(rust) = &file.rust else { continue };
        found.extend(words(file, rust, rooms));
        found.extend(language(file, rust));
        found.extend(unfinished(file, rust));
        found.extend(size(file, rooms));
        found.extend(header(file));
        found.extend(edges(file, rust, tree, rooms));
    }
    for file in tree
        .ending(".rs")
        .filter(|file| is_second_test_binary(&file.path))
    {
        let said = "a crate has one test binary: make this a module of tests/it/main.rs";
        found.push(Complaint::new(&file.path, 1, said));
    }
    for file in tree
        .files
        .iter()
        .filter(|file| file.path != "rooms.toml" && !file.path.ends_with(".md"))
    {
        found.extend(machine(file, rooms));
    }
    found
}

fn words(file: &SourceFile, rust: &Rust, rooms: &Rooms) -> Vec<Complaint> {
    let room = rooms.of(&file.path).map(|(name, _)| name);
    let mut found = Vec::new();
    for rule in rooms
        .word
        .iter()
        .filter(|rule| applies(rule, &file.path, room))
    {
        for (number, line) in rust.lines.iter().enumerate() {
            if !rule.tests && (line.test || file.is_test()) {
                continue;
            }
            let place = if rule.strings {
                &line.texts
            } else {
                &line.code
            };
            for word in rule.words.iter().filter(|word| holds(place, word)) {
                let said = format!("`{}`: {}", word.trim(), rule.said);
                found.push(Complaint::new(&file.path, number + 1, said));
            }
        }
    }
    found
}

fn applies(rule: &WordRule, path: &str, room: Option<&str>) -> bool {
    let inside = |places: &[String]| {
        places
            .iter()
            .any(|place| room == Some(place.as_str()) || under(path, place))
    };
    if rule.not_in.is_empty() {
        !inside(&rule.only_in)
    } else {
        inside(&rule.not_in) && !inside(&rule.except)
    }
}

/// Chinese belongs to words files, packs and tests; a comment may name a thing by the reader's own word.
fn language(file: &SourceFile, rust: &Rust) -> Vec<Complaint> {
    if file.is_test() {
        return Vec::new();
    }
    let chinese = |line: &Line| line.code.chars().chain(line.texts.chars()).any(is_chinese);
    rust.lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.test && chinese(line))
        .map(|(number, _)| {
            let said = "Chinese in code: put the words into the crate's words/zh.toml or a lexicon";
            Complaint::new(&file.path, number + 1, said)
        })
        .collect()
}

/// Chinese letters and their full-width company.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

fn unfinished(file: &SourceFile, rust: &Rust) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (number, line) in rust.lines.iter().enumerate() {
        for word in ["TODO", "FIXME", "XXX"]
            .into_iter()
            .filter(|word| holds(&line.comment, word))
        {
            let said = format!("`{word}`: finish it, or write down what is missing in the docs");
            found.push(Complaint::new(&file.path, number + 1, said));
        }
        if line.code.contains("#[ignore") {
            let said = "a test that does not run: assert what happens today and say why";
            found.push(Complaint::new(&file.path, number + 1, said));
        }
    }
    found
}

fn size(file: &SourceFile, rooms: &Rooms) -> Option<Complaint> {
    let lines = file.text.lines().count();
    let house = &rooms.house;
    if lines > house.lines_max {
        let said = format!(
            "{lines} lines, at most {}: split it by what a reader looks for",
            house.lines_max
        );
        return Some(Complaint::new(&file.path, lines, said));
    }
    (lines > house.lines_question).then(|| {
        Complaint::ask(
            &file.path,
            lines,
            format!("{lines} lines: is this one thing?"),
        )
    })
}

fn header(file: &SourceFile) -> Option<Complaint> {
    let first = file
        .text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("#!"))?;
    if first.starts_with("//!") {
        return None;
    }
    let said = "open the file with `//!`: what it is for and what it refuses to know";
    Some(if file.is_test() {
        Complaint::ask(&file.path, 1, said)
    } else {
        Complaint::new(&file.path, 1, said)
    })
}

/// Paths such as `ledger::…` in a room that may not use the ledger. Cargo refuses what is not declared, so this
/// names the rule before somebody declares it.
fn edges(file: &SourceFile, rust: &Rust, tree: &Tree, rooms: &Rooms) -> Vec<Complaint> {
    let Some((name, room)) = rooms.of(&file.path) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for other in rooms
        .room
        .keys()
        .filter(|other| *other != name && !room.may_use.contains(other))
    {
        let own = format!("mod {other};");
        let has_own = tree
            .files
            .iter()
            .any(|file| under(&file.path, &room.path) && file.text.contains(&own));
        if has_own || (other == "testkit" && file.is_test()) {
            continue;
        }
        let used = [format!("use {other}::"), format!("pub use {other}::")];
        for (number, line) in rust.lines.iter().enumerate() {
            let code = line.code.trim_start();
            let tests = other == "testkit" && line.test;
            if !tests && used.iter().any(|start| code.starts_with(start)) {
                let said = format!(
                    "`{name}` may not use `{other}`: it must never know {}",
                    room.never
                );
                found.push(Complaint::new(&file.path, number + 1, said));
            }
        }
    }
    found
}

fn names(tree: &Tree, rooms: &Rooms) -> Vec<Complaint> {
    let mut found = Vec::new();
    for path in tree.paths.iter().filter(|path| rooms.of(path).is_some()) {
        let last = path.rsplit('/').next().unwrap_or(path);
        let stem = last.split('.').next().unwrap_or(last);
        let part = stem
            .split(['_', '-'])
            .find(|part| rooms.house.names_never.iter().any(|n| n == part));
        if let Some(part) = part {
            let said = format!("`{part}` says nothing: name it by what a reader looks for");
            found.push(Complaint::new(path, 1, said));
        }
    }
    found
}

fn is_second_test_binary(path: &str) -> bool {
    path.split_once("/tests/").is_some_and(|(before, rest)| {
        !before.contains("/src") && !rest.contains('/') && rest.ends_with(".rs")
    })
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

/// Whether a line holds the path as a root, not as a part of a longer one (`far/home/`).
pub(crate) fn names_machine(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "_-./}$>".contains(letter))
    })
}
