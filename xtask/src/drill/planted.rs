//! Planted bugs: a drill that finds nothing must be able to find something. The crates are copied, every bug of
//! `crates/drill/bugs` is written into the copy, each behind a switch, and one build carries them all; the
//! project's own code stays clean of them. A point is a bug's name. A bug whose place is no longer there fails
//! loudly: it would prove nothing.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ground::{Ground, Stand};
use super::{PARTS, Part};
use crate::house::{self, cargo, command};

/// One bug.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bug {
    /// What it does, in a sentence.
    what: String,
    /// Parts that may find it, the likeliest first.
    hunters: Vec<String>,
    /// Where it is written.
    change: Vec<Change>,
}

/// One text for another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    file: String,
    old: String,
    new: String,
}

/// The switch: the one module that the copy has and the project has not.
const SWITCH: &str = "//! The switch of planted bugs.
pub(crate) fn on(name: &str) -> bool {
    static CHOSEN: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    CHOSEN.get_or_init(|| std::env::var(\"YIBEN_PLANTED\").unwrap_or_default()) == name
}
";

/// Points at which a part looks for a bug before the next part does.
const POINTS_A_HUNTER: usize = 60;

/// All bugs, by name.
fn bugs(root: &Path) -> Result<Vec<(String, Bug)>, String> {
    let folder = root.join("crates/drill/bugs");
    let said = |path: &Path, cause: &dyn std::fmt::Display| format!("{}: {cause}", path.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder)
        .map_err(|cause| said(&folder, &cause))?
        .flatten()
    {
        let path = entry.path();
        let text = fs::read_to_string(&path).map_err(|cause| said(&path, &cause))?;
        let bug: Bug = toml::from_str(&text).map_err(|cause| said(&path, &cause))?;
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for hunter in &bug.hunters {
            if !PARTS.iter().any(|part| part.name == hunter) {
                return Err(format!("{}: there is no part {hunter}", path.display()));
            }
        }
        found.push((name, bug));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(found)
}

/// The bugs, and first of all none: the copy itself is sound.
pub(crate) fn points(ground: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    let names: Vec<String> = bugs(&ground.root)?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    build(&ground.root)?;
    // Fewer than all: others for each seed, so that in time each is looked for.
    let first = usize::try_from(seed).unwrap_or(0) * wanted;
    let mut points = vec!["none".to_owned()];
    points.extend((0..wanted.min(names.len())).map(|n| names[(first + n) % names.len()].clone()));
    Ok(points)
}

/// Where the copy is built.
fn binary(root: &Path) -> PathBuf {
    house::target(root).join("debug/workload-planted")
}

/// Copies the crates, writes the bugs into them and builds.
fn build(root: &Path) -> Result<(), String> {
    let copy = house::target(root).join("planted");
    let mut wanted: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    collect(root, Path::new("crates"), &mut wanted)?;
    for name in ["Cargo.toml", "Cargo.lock"] {
        let path = root.join(name);
        let text = fs::read(&path).map_err(|cause| format!("{name}: {cause}"))?;
        wanted.push((PathBuf::from(name), text));
    }
    let mut texts = Texts(wanted);
    let members = "members = [\"crates/*\", \"xtask\", \"e2e\"]";
    texts.change(
        "the copy",
        "Cargo.toml",
        members,
        "members = [\"crates/*\"]",
    )?;
    let (old, new) = ("name = \"workload\"", "name = \"workload-planted\"");
    texts.change("the copy", "crates/drill/Cargo.toml", old, new)?;
    // Another version: of two crates of one name and version in one target folder, cargo takes either for the other.
    let (old, new) = (
        "[workspace.package]\nversion = \"",
        "[workspace.package]\nversion = \"9",
    );
    texts.change("the copy", "Cargo.toml", old, new)?;
    // Its tests ask for a binary of the old name; nobody runs them there.
    texts
        .0
        .retain(|(path, _)| !path.starts_with("crates/drill/tests"));
    let (old, new) = ("\nmod hash;", "\nmod planted;\nmod hash;");
    texts.change("the switch", "crates/ledger/src/lib.rs", old, new)?;
    texts
        .0
        .push((PathBuf::from("crates/ledger/src/planted.rs"), SWITCH.into()));
    for (name, bug) in bugs(root)? {
        for change in &bug.change {
            texts.change(&name, &change.file, &change.old, &change.new)?;
        }
    }
    texts.write(&copy)?;
    let mut build = command(&copy, cargo(), &["build", "-q", "-p", "drill"]);
    house::run(build.env("CARGO_TARGET_DIR", house::target(root)))
}

/// Files of the copy, by path.
struct Texts(Vec<(PathBuf, Vec<u8>)>);

impl Texts {
    /// One text for another; both bugs and places go stale, and a stale bug proves nothing.
    fn change(&mut self, bug: &str, file: &str, old: &str, new: &str) -> Result<(), String> {
        let stale = |what: &str| {
            format!("{bug} is stale: {file} {what}: write crates/drill/bugs/{bug}.toml anew\n{old}")
        };
        let found = self.0.iter_mut().find(|(path, _)| path == Path::new(file));
        let (_, bytes) = found.ok_or_else(|| stale("is not there"))?;
        let text = String::from_utf8_lossy(bytes).into_owned();
        // Several bugs may begin at one place: each leaves the place itself behind.
        if text.matches(old).count() == 0 {
            return Err(stale("does not hold its place"));
        }
        *bytes = text.replacen(old, new, 1).into_bytes();
        Ok(())
    }

    /// Writes what differs, so that only that is compiled again, and takes away what is no longer there.
    fn write(&self, to: &Path) -> Result<(), String> {
        let mut kept = Vec::new();
        collect(to, Path::new("crates"), &mut kept).unwrap_or_default();
        for (path, _) in kept {
            if !self.0.iter().any(|(wanted, _)| *wanted == path) {
                let _ = fs::remove_file(to.join(path));
            }
        }
        for (path, bytes) in &self.0 {
            let path = to.join(path);
            if fs::read(&path).is_ok_and(|there| there == *bytes) {
                continue;
            }
            let said = |cause: std::io::Error| format!("{}: {cause}", path.display());
            fs::create_dir_all(path.parent().unwrap_or(to)).map_err(said)?;
            fs::write(&path, bytes).map_err(said)?;
        }
        Ok(())
    }
}

fn collect(root: &Path, folder: &Path, into: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<(), String> {
    let said = |cause: std::io::Error| format!("{}: {cause}", folder.display());
    for entry in fs::read_dir(root.join(folder)).map_err(said)?.flatten() {
        let path = folder.join(entry.file_name());
        if entry.file_type().map_err(said)?.is_dir() {
            collect(root, &path, into)?;
        } else {
            into.push((path, fs::read(entry.path()).map_err(said)?));
        }
    }
    Ok(())
}

/// Looks for one bug with the parts that may find it.
pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let root = &stand.ground.root;
    if !binary(root).exists() {
        build(root)?;
    }
    let planted = Ground::planted(stand.ground, &binary(root), point)?;
    let mut inner = Stand::new(&planted, "hunt")?;
    if point == "none" {
        for part in PARTS
            .iter()
            .filter(|part| ["plain", "order", "kill", "clock", "simulate"].contains(&part.name))
        {
            if let Some((struck, said)) = hunt(&mut inner, part, 2)? {
                return Err(format!(
                    "without a bug {} {struck} failed: {said}",
                    part.name
                ));
            }
        }
        return Ok("none: the copy itself is sound".to_owned());
    }
    let all = bugs(root)?;
    let bug = all.iter().find(|(name, _)| name == point);
    let (_, bug) = bug.ok_or_else(|| format!("there is no bug {point}"))?;
    let mut skipped = Vec::new();
    for hunter in &bug.hunters {
        let part = PARTS
            .iter()
            .find(|part| part.name == hunter)
            .expect("looked up when read");
        if let Some(why) = (part.lacks)(&planted) {
            skipped.push(format!("{hunter}: {why}"));
            continue;
        }
        if let Some((struck, _)) = hunt(&mut inner, part, POINTS_A_HUNTER)? {
            return Ok(format!(
                "{point}: {} found by `{hunter}` at {struck}",
                bug.what
            ));
        }
    }
    if skipped.len() == bug.hunters.len() {
        return Ok(format!("{point}: SKIPPED, {}", skipped.join("; ")));
    }
    Err(format!("nobody found it: {}", bug.what))
}

/// The first point at which a part fails, and what it said.
fn hunt(
    stand: &mut Stand<'_>,
    part: &Part,
    points: usize,
) -> Result<Option<(String, String)>, String> {
    for point in (part.points)(stand.ground, points, 1)? {
        stand.clear()?;
        if let Err(said) = (part.strike)(stand, &point) {
            return Ok(Some((point, said)));
        }
    }
    Ok(None)
}
