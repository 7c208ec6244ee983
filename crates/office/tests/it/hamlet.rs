//! The example files of the smallest pack give what is known of them.

use crate::desk::{Desk, count, pack};
use office::ImportInput;
use vocabulary::FindingClass;

#[test]
fn the_hamlet_gives_what_is_known_of_it() {
    let mut desk = Desk::bare("511729105000", "小坪乡");
    let input = ImportInput {
        paths: vec![pack().join("examples")],
        commit: true,
        ..ImportInput::default()
    };
    let report = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    let nowhere = crate::desk::findings(&report);
    assert!(
        nowhere.iter().any(|(_, _, said)| said.contains("下平村")),
        "{nowhere:?}"
    );
    assert_eq!(count(&report, FindingClass::Duplicate), 1, "{nowhere:?}");
    assert_eq!(
        count(&report, FindingClass::Contradictory),
        0,
        "{nowhere:?}"
    );
    assert_eq!(desk.figure("household.land", "2022-12-31"), "10");
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "4");
    assert_eq!(desk.figure("person.all", "2022-12-31"), "5");
    let again = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    let sheets = || again.files.iter().flat_map(|file| &file.sheets);
    assert!(
        sheets().all(|sheet| sheet.new == 0 && sheet.changed == 0),
        "{again:?}"
    );
    desk.verified();
}
