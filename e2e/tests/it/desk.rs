//! What a clerk does with findings and imports: settle, undo, map, driven as she types it.

use e2e::{Desk, findings};
use serde_json::Value;

use crate::fixtures::{GOOD, roster};
use crate::shared::{town, villages};

const ROSTER: &str = "两委干部花名册.xlsx";

/// A committee whose two rosters of one day say two birth months of one person.
fn at_odds() -> (Desk, Value) {
    let desk = villages();
    let first = desk.file(ROSTER, &roster(&GOOD));
    desk.import(&[&first]).done();
    let mut rows = GOOD;
    rows[0][4] = "1976.03";
    rows[0][5] = "大学";
    let second = desk.file("两委干部花名册（副本）.xlsx", &roster(&rows));
    let said = desk.import(&[&second]).done().json();
    let odd = findings(&said)
        .into_iter()
        .find(|f| f["class"] == "contradictory" && f["id"].is_i64())
        .unwrap_or_else(|| panic!("nothing at odds: {said:#}"));
    (desk, odd)
}

fn open(desk: &Desk) -> usize {
    let check = desk.yiben(&["check", "--at", &town().at, "--json"]).done();
    let all = findings(&check.json());
    all.iter().filter(|finding| finding["id"].is_i64()).count()
}

#[test]
fn a_contradiction_is_settled_by_its_number_and_undone_again() {
    let (desk, odd) = at_odds();
    let before = open(&desk);
    let id = odd["id"].to_string();
    let words = desk.yiben(&["check", "--at", &town().at]).done().out;
    assert!(words.contains(&format!("#{id}")), "{words}");

    let cell = odd["cell"].as_str().expect("a cell");
    let asked = desk.yiben(&["settle", &id, "--why", "已核对"]).ended(2);
    assert!(
        asked.err.contains(cell) && asked.err.contains("--take"),
        "{}",
        asked.err
    );
    let args = [
        "settle",
        &id,
        "--take",
        cell,
        "--why",
        "已核对",
        "--preview",
        "--json",
    ];
    assert!(desk.yiben(&args).done().json()["tx"].is_null());
    assert_eq!(open(&desk), before, "a preview settles nothing");
    let args = [
        "settle",
        &id,
        "--take",
        cell,
        "--why",
        "已核对",
        "--commit",
        "--json",
    ];
    let settled = desk.yiben(&args).done().json();
    assert_ne!(
        settled["change"]["before"], settled["change"]["after"],
        "{settled:#}"
    );
    assert_eq!(open(&desk), before - 1);

    let tx = settled["tx"].to_string();
    desk.yiben(&["undo", &tx, "--commit"]).done();
    assert_eq!(open(&desk), before);
    desk.yiben(&["undo", &tx, "--commit"]).ended(2);
    desk.verified();
}

#[test]
fn an_import_is_taken_back_and_its_figures_with_it() {
    let desk = Desk::with_book(town());
    let none = desk.yiben(&["undo"]).done();
    assert!(none.out.contains("yiben import"), "{}", none.out);
    desk.import(&[&town().file("villages.geojson")]).done();
    let file = desk.file(ROSTER, &roster(&GOOD));
    desk.import(&[&file]).done();
    let members = || desk.value("committee.members", &town().at, "2022");
    assert_eq!(members(), Some(2.into()));
    let list = desk.yiben(&["undo", "--json"]).done().json();
    let newest = &list["batches"][0];
    assert_eq!(newest["files"][0], ROSTER);
    let tx = newest["tx"].to_string();
    let preview = desk.yiben(&["undo", &tx, "--json"]).done().json();
    assert!(preview["tx"].is_null());
    let seats = preview["registers"].as_array().expect("a list");
    assert!(
        seats
            .iter()
            .any(|r| r["register"] == "seat" && r["gone"] == 2),
        "{preview:#}"
    );
    assert_eq!(members(), Some(2.into()), "a preview takes nothing back");
    desk.yiben(&["undo", &tx, "--commit"]).done();
    assert_eq!(members(), Some(Value::Null));
    desk.import(&[&file]).done();
    assert_eq!(members(), Some(2.into()));
    desk.verified();
}

#[test]
fn a_header_is_remembered_until_it_is_forgotten() {
    let desk = villages();
    assert!(desk.yiben(&["map"]).done().out.contains("--map"));
    let file = desk.file(ROSTER, &roster(&GOOD));
    let map = "现任“两委”!学　历=education";
    desk.yiben(&["import", &file, "--commit", "--map", map])
        .done();
    let kept = desk.yiben(&["map", "--json"]).done().json();
    let id = kept["choices"][0]["id"].to_string();
    assert_eq!(kept["choices"][0]["column"], "education", "{kept:#}");
    desk.yiben(&["map", "forget", &id]).done();
    assert_eq!(
        desk.yiben(&["map", "--json"]).done().json()["choices"],
        Value::Array(Vec::new())
    );
    desk.yiben(&["map", "forget", &id]).ended(2);
    let wrong = [
        "import",
        &file,
        "--map",
        "现任“两委”!学历=educaton",
        "--map",
        "没有等号",
    ];
    let wrong = desk.yiben(&wrong).ended(2);
    assert!(
        wrong.err.contains("education") && wrong.err.contains("没有等号"),
        "{}",
        wrong.err
    );
}
