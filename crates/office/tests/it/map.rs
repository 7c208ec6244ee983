//! What people said a header is: remembered for its form, replaced, forgotten.

use crate::desk::{Desk, findings};
use office::{ImportInput, ImportReport, OfficeError};

const ROSTER: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,哪年生的,职务\n\
    大石村,田平中,男,1977.04,村党支部书记\n";

fn import(
    desk: &mut Desk,
    name: &str,
    text: &str,
    maps: &[&str],
    commit: bool,
) -> Result<ImportReport, OfficeError> {
    let input = ImportInput {
        paths: vec![desk.file(name, text)],
        commit,
        maps: maps.iter().map(|&map| map.to_owned()).collect(),
        ..ImportInput::default()
    };
    desk.office.import(&input, &|_, _, _| {})
}

fn column_of<'r>(report: &'r ImportReport, header: &str) -> Option<(&'r str, &'r str)> {
    let used = report.files[0].sheets[0].mapping.iter();
    let mut used = used.filter(|used| used.header == header);
    used.next().map(|used| (used.column.as_str(), used.reason))
}

#[test]
fn a_choice_is_remembered_for_its_form_by_every_file() {
    let mut desk = Desk::new();
    let maps = ["a!哪年生的=birth"];
    let preview = import(&mut desk, "a.csv", ROSTER, &maps, false).expect("previewed");
    assert_eq!(column_of(&preview, "哪年生的"), Some(("birth", "chosen")));
    assert!(
        desk.office.header_choices().expect("listed").is_empty(),
        "a preview remembers nothing"
    );
    import(&mut desk, "a.csv", ROSTER, &maps, true).expect("imported");
    let kept = desk.office.header_choices().expect("listed");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(
        (
            kept[0].form.as_str(),
            kept[0].header.as_str(),
            kept[0].column.as_deref()
        ),
        ("committee", "哪年生的", Some("birth"))
    );
    // Another file of the form is read by it; another form is not.
    let other = desk.import("b.csv", ROSTER, false);
    assert_eq!(column_of(&other, "哪年生的"), Some(("birth", "chosen")));
    let residents = "常住人口信息表\n户编号,村,姓名,性别,哪年生的\n001,大石村,朱飞,男,1988.02\n";
    let residents = desk.import("c.csv", residents, false);
    assert_eq!(
        residents.files[0].sheets[0].title.as_deref(),
        Some("常住人口信息表")
    );
    assert_ne!(
        column_of(&residents, "哪年生的").map(|(_, reason)| reason),
        Some("chosen"),
        "it never leaks into another form"
    );
    desk.verified();
}

#[test]
fn a_later_choice_replaces_an_earlier_one_and_may_be_forgotten() {
    let mut desk = Desk::new();
    import(&mut desk, "a.csv", ROSTER, &["a!哪年生的=birth"], true).expect("imported");
    import(&mut desk, "a.csv", ROSTER, &["a!哪年生的="], true).expect("imported");
    let kept = desk.office.header_choices().expect("listed");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].column, None);
    let later = desk.import("a.csv", ROSTER, false);
    assert_eq!(column_of(&later, "哪年生的"), None);
    assert!(
        later.files[0].sheets[0]
            .unmapped
            .contains(&"哪年生的".to_owned())
    );
    desk.office
        .forget_header(&kept[0].record.to_string())
        .expect("forgotten");
    assert!(desk.office.header_choices().expect("listed").is_empty());
    match desk.office.forget_header("7") {
        Err(OfficeError::Asked(finding)) => assert_eq!(finding.code, "O147"),
        other => panic!("not refused: {other:?}"),
    }
    import(&mut desk, "a.csv", ROSTER, &["a!哪年生的=birth"], true).expect("imported");
    assert_eq!(desk.office.header_choices().expect("listed").len(), 1);
    desk.verified();
}

#[test]
fn an_undo_takes_a_choice_back() {
    let mut desk = Desk::new();
    import(&mut desk, "a.csv", ROSTER, &["a!哪年生的=birth"], true).expect("imported");
    let list = desk.office.undo_list().expect("listed");
    let batch = list
        .iter()
        .find(|batch| batch.deed == "map")
        .expect("a deed of its own");
    desk.undo(&batch.tx.to_string(), true).expect("undone");
    assert!(desk.office.header_choices().expect("listed").is_empty());
    desk.verified();
}

#[test]
fn every_wrong_choice_is_named_at_once() {
    let mut desk = Desk::new();
    let maps = ["a!哪年生的=brith", "没有等号", "a!职务=post"];
    match import(&mut desk, "a.csv", ROSTER, &maps, true) {
        Err(OfficeError::AskedAll(all)) => {
            let codes: Vec<&str> = all.iter().map(|f| f.code.as_str()).collect();
            assert_eq!(codes, ["O145", "O113"]);
            assert!(all[0].next.contains("birth"), "{}", all[0].next);
        }
        other => panic!("not refused: {other:?}"),
    }
    match import(&mut desk, "a.csv", ROSTER, &["b!哪年生的=birth"], true) {
        Err(OfficeError::Asked(finding)) => {
            assert_eq!(finding.code, "O146");
            assert!(finding.next.contains('a'));
        }
        other => panic!("not refused: {other:?}"),
    }
    let report =
        import(&mut desk, "a.csv", ROSTER, &["a!没有的表头=birth"], true).expect("imported");
    let said = findings(&report);
    assert!(
        said.iter().any(|(_, _, said)| said.contains("没有的表头")),
        "{said:?}"
    );
    assert!(desk.office.header_choices().expect("listed").is_empty());
}

#[test]
fn a_folder_is_taken_with_everything_below_it() {
    let mut desk = Desk::new();
    for (name, text) in [
        ("册/东片/花名册.csv", ROSTER),
        (
            "册/西片/花名册.csv",
            &*ROSTER
                .replace("大石村", "青山村")
                .replace("田平中", "韩礼安"),
        ),
        ("册/.隐藏/花名册.csv", ROSTER),
        ("册/西片/~$花名册.csv", "x"),
    ] {
        let path = desk.file("x", "").with_file_name(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let folder = desk.file("x", "").with_file_name("册");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&folder, folder.join("自己")).expect("a link to itself");
    let input = ImportInput {
        paths: vec![folder],
        commit: true,
        ..ImportInput::default()
    };
    let report = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    let names: Vec<&str> = report.files.iter().map(|file| file.file.as_str()).collect();
    assert_eq!(names, ["东片/花名册.csv", "西片/花名册.csv"]);
    assert_eq!(desk.figure("seat.members", "2022-12-31"), "2");
    let again = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    let sheets = || again.files.iter().flat_map(|file| &file.sheets);
    assert!(
        sheets().all(|sheet| sheet.new + sheet.changed == 0),
        "{again:?}"
    );
}
