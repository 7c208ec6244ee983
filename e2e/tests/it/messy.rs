//! Cells that cannot be taken leave their field unknown, are listed with what to do, and stop nobody else.

use e2e::{Answer, findings};
use serde_json::Value;

use crate::fixtures::{FIRST_BIRTH, FIRST_VILLAGE, GOOD, roster};
use crate::shared::{town, unchanged_by, villages};

/// The finding that names this cell.
#[track_caller]
fn at_cell(answer: &Answer, cell: &str) -> Value {
    let document = answer.json();
    let named = |finding: &&Value| {
        finding["cell"] == cell
            || finding["cells"]
                .as_array()
                .is_some_and(|cells| cells.iter().any(|named| named == cell))
    };
    let found = findings(&document);
    found
        .iter()
        .find(named)
        .cloned()
        .unwrap_or_else(|| panic!("no finding at {cell}: {document:#}"))
}

#[test]
fn a_month_that_does_not_exist_leaves_the_birth_unknown_and_the_row_counts() {
    let desk = villages();
    let mut rows = GOOD;
    rows[0][4] = "1985.13";
    let file = desk.file("两委干部花名册.xlsx", &roster(&rows));
    let answer = desk.import(&[&file]).done();
    let finding = at_cell(&answer, FIRST_BIRTH);
    assert_eq!(finding["class"], "rejected", "{finding}");
    assert_eq!(finding["file"], "两委干部花名册.xlsx", "{finding}");
    assert_eq!(finding["sheet"], "现任“两委”", "{finding}");
    assert!(
        finding["said"]
            .as_str()
            .is_some_and(|said| said.contains("1985.13")),
        "{finding}"
    );
    assert_eq!(
        desk.value("committee.members", &town().at, "2022"),
        Some(2.into())
    );
    assert_eq!(
        desk.value("secretary.age.avg", &town().at, "2022"),
        Some(Value::Null),
        "his age is not known"
    );
    desk.verified();
}

#[test]
fn a_village_nobody_knows_is_asked_about_with_the_nearest_name() {
    let desk = villages();
    let mut rows = GOOD;
    rows[0][0] = "大石衬";
    let file = desk.file("两委干部花名册.xlsx", &roster(&rows));
    let finding = at_cell(&desk.import(&[&file]), FIRST_VILLAGE);
    let words = format!("{} {}", finding["said"], finding["next"]);
    assert!(
        words.contains("大石衬") && words.contains("大石村"),
        "{finding}"
    );
    desk.verified();
}

#[test]
fn strict_refuses_a_file_on_any_finding() {
    unchanged_by(|desk| {
        let mut rows = GOOD;
        rows[1][4] = "1985.13";
        let file = desk.file("两委干部花名册.xlsx", &roster(&rows));
        let answer = desk
            .yiben(&["import", &file, "--commit", "--strict", "--json"])
            .ended(2);
        assert_eq!(at_cell(&answer, "F5")["class"], "rejected");
    });
}

#[test]
fn a_good_roster_is_taken_whole() {
    let desk = villages();
    let file = desk.file("两委干部花名册.xlsx", &roster(&GOOD));
    let answer = desk.import(&[&file]).done();
    assert_eq!(findings(&answer.json()), Vec::<Value>::new());
    assert_eq!(
        desk.value("committee.members", &town().at, "2022"),
        Some(2.into())
    );
    assert_eq!(
        desk.value("committee.standing", &town().at, "2022"),
        Some(1.into())
    );
}
