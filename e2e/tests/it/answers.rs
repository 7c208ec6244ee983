//! Figures equal the example's known answers.

use e2e::numbers_agree;

use crate::shared::{figures, imported, town};

#[test]
fn every_declared_figure_equals_its_known_answer() {
    let wrong = town().disagreements(figures());
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        town().answers.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_last_term_is_answered_as_it_was() {
    let (desk, _) = imported();
    let mut wrong = Vec::new();
    for (id, date, known) in &town().answers_then {
        let got = desk.value(id, date, &town().period);
        if !got.as_ref().is_some_and(|got| numbers_agree(got, known)) {
            wrong.push(format!("{id} at {date}: {got:?}, known {known}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!town().answers_then.is_empty());
    assert!(
        town()
            .answers_then
            .iter()
            .all(|(_, date, _)| *date == town().before)
    );
}

#[test]
fn the_parts_of_a_division_are_its_own() {
    let (desk, _) = imported();
    let ask = |place: &[&str]| {
        let mut args = vec!["figure", "committee.members", "--at", &town().at, "--json"];
        args.extend(place);
        desk.yiben(&args).done().json()["figures"][0]["value"].clone()
    };
    let village = "511729102200";
    let (whole, part) = (ask(&[]), ask(&["--in", village]));
    assert_eq!(whole.as_i64(), Some(145));
    assert!(
        part.as_i64().is_some_and(|part| part > 0 && part < 20),
        "{village}: {part}"
    );
}

#[test]
fn nothing_is_known_before_anything_was_imported() {
    let (desk, _) = imported();
    let args = [
        "figure",
        "staff.all",
        "--at",
        &town().at,
        "--known",
        "2000-01-01T00:00:00Z",
        "--json",
    ];
    let figure = desk.yiben(&args).done().json()["figures"][0].clone();
    assert!(figure["value"].is_null(), "{figure}");
    assert!(figure["why_null"].is_string(), "{figure}");
}
