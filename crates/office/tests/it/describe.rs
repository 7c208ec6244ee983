//! What a pack declares is told whole, each declaration once.

use crate::desk::pack;
use office::{PackDescription, check_pack, describe_pack};
use std::collections::BTreeSet;

fn hamlet() -> PackDescription {
    describe_pack(&pack()).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn every_declaration_is_told_once() {
    let told = hamlet();
    let pack = check_pack(&pack()).expect("a pack without errors");
    let count =
        |of: fn(&office::PartDescription) -> usize| told.parts.iter().map(of).sum::<usize>();
    assert_eq!(count(|part| part.registers.len()), pack.registers.len());
    assert_eq!(count(|part| part.sheets.len()), pack.sheets.len());
    assert_eq!(count(|part| part.figures.len()), pack.figures.len());
    assert_eq!(count(|part| part.checks.len()), pack.checks.len());
    assert_eq!(count(|part| part.codes.len()), pack.code_lists.len());
    assert_eq!(count(|part| part.parameters.len()), pack.parameters.len());
    let others = pack.levels.len() + pack.crosswalks.len() + pack.reports.len() + pack.roles.len();
    assert_eq!(count(|part| part.others.len()), others);
    let files: BTreeSet<&String> = told.parts.iter().flat_map(|part| &part.files).collect();
    assert!(files.iter().all(|file| pack.files.contains_key(*file)));
}

#[test]
fn a_sheet_is_told_with_every_header_that_it_reads() {
    let told = hamlet();
    let sheets = told.parts.iter().flat_map(|part| &part.sheets);
    let sheet = sheets
        .into_iter()
        .find(|sheet| sheet.id == "committee")
        .expect("the committee's list");
    assert_eq!(sheet.roster_of, "seat");
    assert_eq!(sheet.writes, ["person", "seat"]);
    let birth = sheet.columns.iter().find(|column| column.name == "birth");
    let birth = birth.expect("a column");
    assert_eq!(birth.headers, ["出生年月", "出生日期"]);
    assert_eq!(
        (birth.field.as_str(), birth.kind.as_str()),
        ("person.birth", "date")
    );
}

#[test]
fn a_rule_is_told_as_it_is_written() {
    let told = hamlet();
    let figures = told.parts.iter().flat_map(|part| &part.figures);
    let change = figures
        .into_iter()
        .find(|figure| figure.id == "seat.filled.change")
        .expect("a figure");
    let operands =
        r#"{ now = "seat.filled", before = { figure = "seat.filled", at = "last_election" } }"#;
    let rule = [("formula", "now - before"), ("operands", operands)];
    assert_eq!(
        change.rule,
        rule.map(|(key, text)| (key.to_owned(), text.to_owned()))
    );
}

#[test]
fn one_document_and_many_pages_say_the_same_with_their_own_links() {
    let told = hamlet();
    let whole = told.markdown();
    assert!(whole.contains("[`person`](#person-人员)"), "{whole}");
    let pages = told.pages();
    assert_eq!(pages.len(), told.parts.len());
    let names: BTreeSet<String> = pages.iter().map(|(id, _)| format!("{id}.md")).collect();
    for (id, page) in &pages {
        for target in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let (file, _) = target.split_once('#').expect("a link to a heading");
            assert!(file.is_empty() || names.contains(file), "{id}: {target}");
        }
    }
}

#[test]
fn a_broken_pack_is_not_told() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("pack.toml"), "[pack]\n").expect("our own file");
    assert!(describe_pack(folder.path()).is_err());
}
