//! Hands a variant to the binary, each in a desk of its own, and asks what became of the figures and the headers.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::Value;

use super::dice::Dice;
use super::model::{Dress, Folder};
use super::rules::Rule;
use super::write::{Written, write};
use crate::shared::{town, villages};

/// A variant to try.
#[derive(Clone)]
pub(crate) struct Variant {
    pub(crate) rules: Vec<Rule>,
    pub(crate) seed: u64,
}

impl Variant {
    pub(crate) fn name(&self) -> String {
        let names: Vec<&str> = self.rules.iter().map(|rule| rule.name).collect();
        format!("{} (seed {})", names.join(" + "), self.seed)
    }

    fn folder(&self, from: &Folder) -> Folder {
        let mut folder = from.clone();
        let mut dice = Dice::new(self.seed);
        for rule in &self.rules {
            (rule.apply)(&mut folder, &mut dice);
        }
        folder
    }
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) name: String,
    /// Figures that moved.
    pub(crate) moved: Vec<String>,
    /// Columns that the pack wants.
    pub(crate) wanted: usize,
    /// Columns understood wrongly or not at all.
    pub(crate) missed: Vec<String>,
    /// How often each code was said of a cell or a table, mere notices left out.
    pub(crate) said: BTreeMap<String, usize>,
    /// Rows new or changed when the same folder came again.
    pub(crate) again: i64,
    pub(crate) seconds: f64,
}

/// Tries all, on every core. A variant that cannot be tried here answers nothing and says why.
pub(crate) fn try_all(from: &Folder, variants: &[Variant]) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(variant) = variants.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(outcome) = try_one(from, variant) {
                        outcomes
                            .lock()
                            .expect("no thread panics holding it")
                            .push(outcome);
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().expect("all threads are done");
    outcomes.sort_by(|one: &Outcome, other| one.name.cmp(&other.name));
    outcomes
}

fn try_one(from: &Folder, variant: &Variant) -> Option<Outcome> {
    let begun = Instant::now();
    let folder = variant.folder(from);
    let desk = villages();
    let into = desk.path("town");
    std::fs::create_dir(&into).expect("a folder in our own");
    let written = write(&folder, &into);
    if folder.files.iter().any(|file| file.dress == Dress::Xls) && !converted(&folder, &into) {
        return None;
    }
    if variant.rules.iter().any(|rule| rule.residents) {
        std::fs::write(into.join("常住人口信息表.csv"), residents()).expect("our folder");
    }
    let into = into.to_string_lossy();
    let answer = desk.import(&[&into]);
    if answer.code != Some(0) {
        return Some(Outcome {
            name: variant.name(),
            moved: vec![format!(
                "the import ended with {:?}: {}",
                answer.code,
                answer.words()
            )],
            wanted: 0,
            missed: Vec::new(),
            said: BTreeMap::new(),
            again: 0,
            seconds: begun.elapsed().as_secs_f64(),
        });
    }
    let said = answer.json();
    let figures = desk.figures(&town().at, &town().period);
    let mut moved = town().disagreements_of_people(&figures);
    moved.retain(|line| !line.starts_with("population."));
    for (id, date, known) in &town().answers_then {
        let got = desk.value(id, date, &town().period);
        if !got
            .as_ref()
            .is_some_and(|got| e2e::numbers_agree(got, known))
        {
            moved.push(format!("{id} at {date}: {got:?}, known {known}"));
        }
    }
    let again = sum(&desk.import(&[&into]).done().json());
    let (wanted, missed) = headers(&said, &written);
    keep(&variant.name(), &said, &into);
    Some(Outcome {
        name: variant.name(),
        moved,
        wanted,
        missed,
        said: codes(&said),
        again,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// With YIBEN_VARIANTS_KEEP=FOLDER the files and what was said of them are left there to look at.
fn keep(name: &str, said: &Value, from: &str) {
    let Some(into) = std::env::var_os("YIBEN_VARIANTS_KEEP") else {
        return;
    };
    let into = PathBuf::from(into).join(name.replace(' ', ""));
    std::fs::create_dir_all(&into).expect("the folder asked for");
    std::fs::write(into.join("said.json"), format!("{said:#}")).expect("the folder asked for");
    for entry in std::fs::read_dir(from).expect("our own folder").flatten() {
        std::fs::copy(entry.path(), into.join(entry.file_name())).expect("the folder asked for");
    }
}

fn codes(said: &Value) -> BTreeMap<String, usize> {
    let mut codes = BTreeMap::new();
    for finding in e2e::findings(said) {
        if finding["class"] != "notice" {
            let code = finding["code"].as_str().unwrap_or_default();
            *codes.entry(code.to_owned()).or_insert(0) += 1;
        }
    }
    codes
}

fn sum(said: &Value) -> i64 {
    let files = said["files"].as_array().expect("a list");
    let sheets = files
        .iter()
        .flat_map(|file| file["sheets"].as_array().expect("a list"));
    sheets
        .map(|sheet| sheet["new"].as_i64().unwrap_or(0) + sheet["changed"].as_i64().unwrap_or(0))
        .sum()
}

/// How many columns the pack wants, and sentences about those that were not understood as what they are.
fn headers(said: &Value, written: &[Written]) -> (usize, Vec<String>) {
    let mut missed = Vec::new();
    let mut wanted = 0;
    for column in written {
        let found = mapped(said, column);
        let expected = column.is.as_deref();
        wanted += usize::from(expected.is_some());
        if found.as_deref() != expected {
            let at = format!(
                "{}!{}!{}{}",
                column.file, column.sheet, column.letter, column.header.1
            );
            let words = |column: Option<&str>| column.unwrap_or("no column").to_owned();
            missed.push(format!(
                "{at} “{}” is {}, read as {}",
                column.text.escape_debug(),
                words(expected),
                words(found.as_deref())
            ));
        }
    }
    (wanted, missed)
}

/// What the import says of the column whose header stands there.
fn mapped(said: &Value, column: &Written) -> Option<String> {
    let files = said["files"].as_array()?;
    let file = files.iter().find(|file| {
        file["file"]
            .as_str()
            .is_some_and(|name| name.ends_with(&column.file))
    })?;
    let sheets = file["sheets"].as_array()?.iter();
    let entries = sheets.filter(|sheet| sheet["sheet"] == column.sheet.as_str());
    let mapping = entries.flat_map(|sheet| sheet["mapping"].as_array().into_iter().flatten());
    let stands = |entry: &&Value| {
        let cell = entry["cell"].as_str().unwrap_or_default();
        let digits = cell
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(cell.len());
        let (letter, row) = cell.split_at(digits);
        let row: u32 = row.parse().unwrap_or(0);
        letter == column.letter && (column.header.0..=column.header.1).contains(&row)
    };
    mapping
        .filter(stands)
        .find_map(|entry| entry["column"].as_str().map(str::to_owned))
}

/// The rows of the residents' list whose name stands in a committee: all of them would take a minute.
fn residents() -> Vec<u8> {
    let bytes = std::fs::read(town().file("常住人口信息表")).expect("part of the example");
    let text = encoding_rs::GB18030.decode(&bytes).0;
    let names = committee_names();
    let kept = text.lines().enumerate().filter(|(index, line)| {
        let name: Option<String> = line
            .split(',')
            .nth(2)
            .map(|name| name.split_whitespace().collect());
        *index == 0 || name.is_some_and(|name| names.contains(&name))
    });
    let kept: Vec<&str> = kept.map(|(_, line)| line).collect();
    kept.join("\n").into_bytes()
}

fn committee_names() -> std::collections::HashSet<String> {
    let mut folder = super::read::folder(&town().folder());
    let mut names = std::collections::HashSet::new();
    for table in folder.tables().filter(|table| table.place.is_some()) {
        if let Some(index) = table.serving("name") {
            names.extend(table.records().map(|row| {
                row.cells[index]
                    .shown()
                    .split_whitespace()
                    .collect::<String>()
            }));
        }
    }
    names
}

/// Makes .xls of every .xlsx by an office program, once: the results are kept beside the binary.
fn converted(folder: &Folder, into: &Path) -> bool {
    let mut hash = DefaultHasher::new();
    format!("{folder:?}").hash(&mut hash);
    let target = e2e::binary()
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    let kept = target
        .join("variants-xls")
        .join(format!("{:016x}", hash.finish()));
    let names = || folder.files.iter().map(|file| file.name.as_str());
    if !names().all(|name| kept.join(format!("{name}.xls")).exists()) {
        let profile = tempfile::tempdir().expect("a folder for the test");
        let mut office = Command::new("soffice");
        office.arg(format!(
            "-env:UserInstallation=file://{}",
            profile.path().display()
        ));
        office.args(["--headless", "--convert-to", "xls", "--outdir"]);
        office.arg(&kept);
        office.args(names().map(|name| into.join(format!("{name}.xlsx"))));
        let done = office.output().is_ok_and(|output| output.status.success());
        if !done || !names().all(|name| kept.join(format!("{name}.xls")).exists()) {
            crate::variants::say("skipped: .xls, because soffice is not installed or failed");
            return false;
        }
    }
    for name in names() {
        std::fs::remove_file(into.join(format!("{name}.xlsx"))).expect("just written");
        let file = format!("{name}.xls");
        std::fs::copy(kept.join(&file), into.join(&file)).expect("our own folder");
    }
    true
}
