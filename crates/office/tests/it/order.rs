//! The example town's workbooks in any order: the book says the same.

use crate::content::{at_odds, content};
use crate::desk::Desk;
use documents::sheet::Limits;
use office::ImportInput;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

/// Every so many of the 120 orders are tried: each first and each last file occurs. All of them take minutes.
const EVERY: usize = 11;

/// Residents kept: those whom the other workbooks may mean, and as many others.
const RESIDENTS: usize = 500;

fn example(part: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/qinghe");
    let files = std::fs::read_dir(folder).expect("part of the project");
    let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
    let found = paths.find(|path| path.to_string_lossy().contains(part));
    found.unwrap_or_else(|| panic!("no file of the example is called {part}"))
}

/// The rows of a file's sheets as text.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).expect("part of the project");
    let book = documents::sheet::open(path, &bytes, &Limits::default()).expect("a workbook");
    let sheets = book.sheets.iter();
    sheets
        .flat_map(|sheet| {
            (0..sheet.rows()).map(|row| {
                let cells = sheet.row(row).map(|cell| cell.shown().into_owned());
                cells.collect::<Vec<String>>()
            })
        })
        .collect()
}

/// The residents' list, cut to those who matter here.
fn residents(workbooks: &[PathBuf]) -> String {
    let words: HashSet<String> = workbooks
        .iter()
        .flat_map(|path| rows(path))
        .flatten()
        .filter(|word| (2..=4).contains(&word.chars().count()))
        .collect();
    let all = rows(&example("常住人口信息表.csv"));
    let header = all
        .iter()
        .position(|row| row.iter().any(|cell| cell == "姓名"));
    let header = header.expect("a header");
    let name = all[header]
        .iter()
        .position(|cell| cell == "姓名")
        .expect("a name");
    let (head, body) = all.split_at(header + 1);
    let (meant, others): (Vec<_>, Vec<_>) = body
        .iter()
        .filter(|row| row.len() > name)
        .partition(|row| words.contains(&row[name]));
    let step = (others.len() / 100).max(1);
    let kept = meant
        .into_iter()
        .take(RESIDENTS - 100)
        .chain(others.into_iter().step_by(step));
    let lines = head.iter().chain(kept).map(|row| row.join(","));
    lines.collect::<Vec<String>>().join("\n")
}

fn permutations(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for shorter in permutations(of - 1) {
        for at in 0..of {
            let mut one = shorter.clone();
            one.insert(at, of - 1);
            out.push(one);
        }
    }
    out
}

#[test]
fn the_workbooks_of_a_town_say_the_same_in_any_order() {
    let mut files: Vec<PathBuf> = ["编制核定", "领导班子", "机关干部职工", "“两委”干部花名册"]
        .map(example)
        .into();
    let town = Desk::of("township", "511729102000", "青禾镇");
    files.push(town.file("常住人口信息表.csv", &residents(&files)));
    let orders = permutations(files.len());
    assert_eq!(orders.len(), 120);
    let mut first: Option<(Vec<String>, Vec<String>)> = None;
    let mut apart: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for order in orders.into_iter().step_by(EVERY) {
        let mut desk = Desk::of("township", "511729102000", "青禾镇");
        let mut input = ImportInput {
            paths: vec![example("villages.geojson")],
            commit: true,
            ..ImportInput::default()
        };
        desk.office.import(&input, &|_, _, _| {}).expect("imported");
        for at in &order {
            input.paths = vec![files[*at].clone()];
            desk.office.import(&input, &|_, _, _| {}).expect("imported");
        }
        let said = (content(&desk), at_odds(&desk));
        let Some(first) = &first else {
            assert!(
                said.0.len() > 1_000 && said.1.len() > 5,
                "{} {}",
                said.0.len(),
                said.1.len()
            );
            first = Some(said);
            continue;
        };
        let differ = |a: &[String], b: &[String]| -> Vec<String> {
            let (a, b): (HashSet<_>, HashSet<_>) = (a.iter().collect(), b.iter().collect());
            let mut lines: Vec<String> = a.symmetric_difference(&b).map(|l| (*l).clone()).collect();
            lines.sort();
            lines
        };
        let mut lines = differ(&first.0, &said.0);
        lines.extend(differ(&first.1, &said.1));
        if !lines.is_empty() || first.0.len() != said.0.len() {
            apart.insert(format!("{order:?}"), lines);
        }
    }
    let shown: Vec<_> = apart.iter().take(3).collect();
    assert!(
        apart.is_empty(),
        "{} orders say something else: {shown:#?}",
        apart.len()
    );
}
