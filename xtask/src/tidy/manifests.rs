//! Rules about `Cargo.toml`: the edges between rooms, inherited keys, reasons of dependencies, the lock file.
//! Refuses to know what is inside a crate.

use std::path::Path;
use std::process::Command;

use super::Complaint;
use super::rooms::{Room, Rooms, under};
use super::tree::{SourceFile, Tree};

/// Package keys that every crate takes from the workspace.
const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// The tables in which a crate names what it uses; the second marks those of tests.
const TABLES: [(&str, bool); 3] = [
    ("dependencies", false),
    ("dev-dependencies", true),
    ("build-dependencies", false),
];

/// Complaints about all manifests.
pub(crate) fn look(tree: &Tree, rooms: &Rooms) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (name, room) in &rooms.room {
        for used in room
            .may_use
            .iter()
            .filter(|used| !rooms.room.contains_key(*used))
        {
            found.push(Complaint::new(
                "rooms.toml",
                1,
                format!("`{name}` may use `{used}`, which is no room"),
            ));
        }
        if !tree.has(&room.path) && !room.planned {
            let said = format!(
                "`{name}` has no folder {}: make it, or say planned = true",
                room.path
            );
            found.push(Complaint::new("rooms.toml", 1, said));
        }
    }
    for file in tree.ending("Cargo.toml") {
        if file.path == "Cargo.toml" {
            found.extend(reasons(file, rooms));
        } else if !file.path.starts_with("fuzz/") {
            // The fuzz targets are a workspace of their own: nothing to inherit from.
            found.extend(package(file, rooms));
        }
    }
    found
}

/// The lock file is part of the project.
pub(crate) fn lock(root: &Path, tree: &Tree) -> Vec<Complaint> {
    if !tree.has("Cargo.lock") {
        return vec![Complaint::new(
            "Cargo.lock",
            1,
            "there is no lock file: every machine builds the same",
        )];
    }
    if !tree.has(".git") && !root.join(".git").exists() {
        return Vec::new();
    }
    let kept = Command::new("git")
        .args(["ls-files", "--error-unmatch", "Cargo.lock"])
        .current_dir(root)
        .output()
        .is_ok_and(|output| output.status.success());
    if kept {
        Vec::new()
    } else {
        vec![Complaint::new(
            "Cargo.lock",
            1,
            "the lock file is not committed",
        )]
    }
}

fn package(file: &SourceFile, rooms: &Rooms) -> Vec<Complaint> {
    let mut found = Vec::new();
    let complain = |line, said: String| Complaint::new(&file.path, line, said);
    let table: toml::Table = match file.text.parse() {
        Ok(table) => table,
        Err(cause) => return vec![complain(1, format!("cannot be read: {}", cause.message()))],
    };
    let inherits = |value: Option<&toml::Value>| {
        value
            .and_then(|value| value.get("workspace"))
            .and_then(toml::Value::as_bool)
            == Some(true)
    };
    for key in INHERITED {
        if !inherits(table.get("package").and_then(|package| package.get(key))) {
            found.push(complain(
                1,
                format!("write `{key}.workspace = true`: one place says it for all"),
            ));
        }
    }
    if !inherits(table.get("lints")) {
        found.push(complain(
            1,
            "add `[lints]` with `workspace = true`: one set of lints for all".into(),
        ));
    }
    let Some((name, room)) = rooms.of(&file.path) else {
        found.push(complain(
            1,
            "this crate is no room of rooms.toml: declare it there".into(),
        ));
        return found;
    };
    for (kind, for_tests) in TABLES {
        let Some(used) = table.get(kind).and_then(toml::Value::as_table) else {
            continue;
        };
        for (dependency, value) in used {
            let line = line_of(&file.text, kind, dependency);
            // A crate that tests itself through its own door names itself by path.
            let itself = for_tests && dependency == name;
            if !itself && !inherits(Some(value)) {
                found.push(complain(
                    line,
                    format!("write `{dependency}.workspace = true`: versions live in one file"),
                ));
            }
            if let Some(said) = edge(name, room, dependency, for_tests, rooms) {
                found.push(complain(line, said));
            }
        }
    }
    found
}

/// Why a room may not have this dependency, if so.
fn edge(
    name: &str,
    room: &Room,
    dependency: &str,
    for_tests: bool,
    rooms: &Rooms,
) -> Option<String> {
    let never = &room.never;
    if rooms.room.contains_key(dependency) {
        let itself = for_tests && (dependency == "testkit" || dependency == name);
        let may = itself || room.may_use.iter().any(|used| used == dependency);
        return (!may).then(|| {
            format!("`{name}` may not use `{dependency}`: it must never know {never} (rooms.toml, may_use)")
        });
    }
    // What only tests use is not shipped: a test may run the SQL that its room writes.
    let never_use = if for_tests {
        &[][..]
    } else {
        &room.never_use[..]
    };
    never_use.iter().any(|used| used == dependency).then(|| {
        format!("`{name}` may not use `{dependency}`: it must never know {never} (rooms.toml, never_use)")
    })
}

/// The line on which a manifest names a dependency.
fn line_of(text: &str, table: &str, dependency: &str) -> usize {
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == format!("[{table}]");
            if line == format!("[{table}.{dependency}]") {
                return number + 1;
            }
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        if inside && name == dependency {
            return number + 1;
        }
    }
    1
}

/// Asks for the reason of each outside dependency: a comment above it, or above the lines it stands with.
fn reasons(file: &SourceFile, rooms: &Rooms) -> Vec<Complaint> {
    let mut found = Vec::new();
    let (mut inside, mut reasoned) = (false, false);
    for (number, line) in file.text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        }
        if !inside || line.starts_with('[') || line.is_empty() {
            reasoned = false;
            continue;
        }
        if line.starts_with('#') {
            reasoned = true;
            continue;
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        let known =
            rooms.house.obvious.iter().any(|known| known == name) || rooms.room.contains_key(name);
        if line.contains('=') && !known && !reasoned {
            let said = format!("why `{name}`? Say it in a comment above the line");
            found.push(Complaint::ask(&file.path, number + 1, said));
        }
        if let Some(path) = line
            .split("path = \"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            && !rooms.room.values().any(|room| under(path, &room.path))
        {
            found.push(Complaint::new(
                &file.path,
                number + 1,
                format!("{path} is no room of rooms.toml"),
            ));
        }
    }
    found
}
