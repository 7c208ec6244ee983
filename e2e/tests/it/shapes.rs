//! JSON exactly as the documents give it: the same keys, the same kinds, one document on standard output.

use std::collections::BTreeSet;

use e2e::findings;
use serde_json::Value;

use crate::shared::{figures, imported, town};

#[track_caller]
fn has_keys(value: &Value, wanted: &[&str]) {
    let object = value
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {value}"));
    let got: BTreeSet<&str> = object.keys().map(String::as_str).collect();
    assert_eq!(got, wanted.iter().copied().collect(), "{value}");
}

const FINDING: [&str; 12] = [
    "code", "class", "file", "sheet", "cell", "cells", "register", "record", "said", "next",
    "owner", "id",
];

#[track_caller]
fn is_finding(finding: &Value) {
    has_keys(finding, &FINDING);
    let classes = [
        "rejected",
        "contradictory",
        "duplicate",
        "total",
        "check",
        "notice",
    ];
    assert!(
        finding["class"]
            .as_str()
            .is_some_and(|class| classes.contains(&class)),
        "{finding}"
    );
    for key in ["code", "said", "next"] {
        assert!(
            finding[key].as_str().is_some_and(|text| !text.is_empty()),
            "no {key}: {finding}"
        );
    }
    assert!(finding["cells"].is_array(), "{finding}");
}

#[test]
fn figure_answers_as_documented() {
    let (desk, _) = imported();
    let answer = desk
        .yiben(&[
            "figure",
            "post.filled",
            "--at",
            &town().at,
            "--period",
            "2022",
            "--json",
        ])
        .done();
    let document = answer.json();
    has_keys(
        &document,
        &["at", "period", "in", "known", "pack", "figures"],
    );
    has_keys(&document["known"], &["tx", "at"]);
    assert_eq!(document["at"].as_str(), Some(town().at.as_str()));
    for figure in figures() {
        has_keys(
            figure,
            &["id", "title", "value", "unit", "records", "why_null"],
        );
        let value = &figure["value"];
        let names = value
            .as_array()
            .is_some_and(|list| list.iter().all(Value::is_string));
        assert!(value.is_number() || value.is_null() || names, "{figure}");
        assert_eq!(
            value.is_null(),
            figure["why_null"].is_string(),
            "null says why: {figure}"
        );
    }
    let ids: BTreeSet<&str> = figures()
        .iter()
        .filter_map(|figure| figure["id"].as_str())
        .collect();
    assert_eq!(ids.len(), figures().len(), "an id comes once");
    assert!(ids.contains("post.authorised[admin]"));
}

#[test]
fn trace_answers_as_documented() {
    let (desk, _) = imported();
    for id in [
        "post.filled",
        "committee.standing.age[<=40].share",
        "leader.age.avg",
    ] {
        let trace = desk
            .yiben(&["trace", id, "--at", &town().at, "--json"])
            .done()
            .json();
        is_trace(&trace);
        assert_eq!(trace["id"], id);
    }
}

#[track_caller]
fn is_trace(trace: &Value) {
    has_keys(trace, &["id", "value", "definition", "records", "operands"]);
    has_keys(&trace["definition"], &["kind", "text", "expr"]);
    for record in trace["records"].as_array().expect("a list") {
        has_keys(
            record,
            &["register", "record", "label", "amount", "source", "tx"],
        );
        has_keys(&record["source"], &["file", "sheet", "cell"]);
    }
    trace["operands"]
        .as_array()
        .expect("a list")
        .iter()
        .for_each(is_trace);
}

#[test]
fn import_answers_as_documented() {
    let (_, said) = imported();
    has_keys(said, &["files"]);
    let mut taken = 0;
    for file in said["files"].as_array().expect("a list") {
        has_keys(file, &["file", "sheets"]);
        for sheet in file["sheets"].as_array().expect("a list") {
            has_keys(
                sheet,
                &[
                    "sheet",
                    "register",
                    "rows",
                    "new",
                    "changed",
                    "unchanged",
                    "findings",
                    "mapping",
                    "unmapped",
                ],
            );
            for used in sheet["mapping"].as_array().expect("a list") {
                has_keys(
                    used,
                    &["header", "column", "title", "cell", "reason", "confidence"],
                );
            }
            taken += usize::from(sheet["register"].is_string());
        }
    }
    assert!(taken >= 8, "only {taken} tables were taken");
    let all = findings(said);
    all.iter().for_each(is_finding);
    let personal = all
        .iter()
        .find(|finding| finding["cell"].is_string())
        .expect("the example is messy");
    assert!(personal["file"].is_string(), "{personal}");
}

#[test]
fn check_answers_as_documented_and_each_finding_has_an_owner() {
    let (desk, _) = imported();
    let args = [
        "check",
        "--at",
        &town().at,
        "--period",
        &town().period,
        "--json",
    ];
    let document = desk.yiben(&args).done().json();
    has_keys(&document, &["findings"]);
    let found = document["findings"].as_array().expect("a list");
    assert!(!found.is_empty(), "the example holds faults on purpose");
    found.iter().for_each(is_finding);
    let broken: Vec<&Value> = found
        .iter()
        .filter(|finding| finding["class"] == "check")
        .collect();
    assert!(
        broken.iter().all(|finding| finding["owner"].is_string()),
        "{broken:?}"
    );
}

#[test]
fn progress_is_not_on_standard_output() {
    let (desk, _) = imported();
    let copy = desk.copy();
    let answer = copy.import(&[&town().file("领导班子")]).done();
    assert!(answer.json()["files"].is_array());
}
