//! The same file twice changes nothing; the order of files changes nothing; a preview changes nothing.

use e2e::Desk;
use serde_json::Value;

use crate::shared::{committees, imported, town, unchanged_by, villages};

/// Sums one number over all sheets of an import.
fn sum(said: &Value, key: &str) -> i64 {
    let files = said["files"].as_array().expect("a list");
    files
        .iter()
        .flat_map(|file| file["sheets"].as_array().expect("a list"))
        .map(|sheet| sheet[key].as_i64().unwrap_or(0))
        .sum()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let file = town().file("“两委”干部花名册");
    unchanged_by(|desk| {
        let said = desk.import(&[&file]).done().json();
        assert_eq!(
            (sum(&said, "new"), sum(&said, "changed")),
            (0, 0),
            "{said:#}"
        );
        assert!(sum(&said, "unchanged") > 100);
    });
}

#[test]
fn a_file_under_another_name_of_the_folder_is_the_same_file() {
    let copied = std::fs::read(town().file("“两委”干部花名册")).expect("part of the example");
    let desk = committees();
    let before = desk.figures(&town().at, "2022");
    let name = town().file("“两委”干部花名册");
    let name = name.rsplit('/').next().expect("a name");
    let path = desk.file(name, &copied);
    desk.import(&[&path]).done();
    assert_eq!(before, desk.figures(&town().at, "2022"));
}

#[test]
fn a_preview_changes_nothing() {
    let file = town().file("领导班子");
    unchanged_by(|desk| {
        let said = desk.yiben(&["import", &file, "--json"]).done().json();
        assert!(sum(&said, "new") > 0, "{said:#}");
    });
}

#[test]
fn the_order_of_files_does_not_matter() {
    let mut files: Vec<String> = ["编制核定", "领导班子", "机关干部职工", "“两委”干部花名册"]
        .iter()
        .map(|part| town().file(part))
        .collect();
    let fill = |files: &[String]| -> Desk {
        let desk = villages();
        for file in files {
            desk.import(&[file]).done();
        }
        desk
    };
    let forward = fill(&files).figures(&town().at, "2022");
    files.reverse();
    let backward = fill(&files).figures(&town().at, "2022");
    let differ: Vec<(&Value, &Value)> = forward
        .iter()
        .zip(&backward)
        .filter(|(one, other)| one != other)
        .collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn every_file_of_the_town_is_taken_or_set_aside_by_name() {
    let (_, said) = imported();
    let files = std::fs::read_dir(town().folder())
        .expect("part of the example")
        .flatten();
    let mut files: Vec<String> = files
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let named = said["files"].as_array().expect("a list").iter();
    let mut named: Vec<String> = named
        .filter_map(|file| file["file"].as_str().map(str::to_owned))
        .collect();
    files.sort();
    named.sort();
    assert_eq!(named, files);
    assert!(sum(said, "rows") > 48_000);
}
