//! The files with their findings marked on them, beside the import.

use crate::desk::Desk;
use documents::sheet::{Limits, open};
use office::{ImportInput, MarkedFile, OfficeError};
use std::path::{Path, PathBuf};

const HEAD: &str = "村“两委”干部花名册（2022年12月）\n村,姓名,性别,出生年月,身份证号,职务\n";

fn marked(desk: &mut Desk, paths: Vec<PathBuf>, dir: &Path) -> Vec<(String, Option<MarkedFile>)> {
    let input = ImportInput {
        paths,
        marked: Some(dir.to_path_buf()),
        ..ImportInput::default()
    };
    let report = desk.office.import(&input, &|_, _, _| {}).expect("imported");
    let files = report.files.into_iter();
    files.map(|file| (file.file, file.marked)).collect()
}

fn list(path: &Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).expect("written");
    let book = open(path, &bytes, &Limits::default()).expect("a workbook");
    let list = book.sheets.last().expect("the list");
    assert_eq!(list.name, "问题清单");
    (2..list.rows())
        .map(|row| {
            list.row(row)
                .map(|cell| cell.shown().into_owned())
                .collect()
        })
        .collect()
}

fn written(marked: Option<&MarkedFile>) -> &Path {
    match marked {
        Some(MarkedFile::Written(path)) => path,
        other => panic!("not written: {other:?}"),
    }
}

#[test]
fn only_files_with_something_to_mend_are_written_and_never_over_another() {
    let mut desk = Desk::new();
    let bad = desk.file(
        "坏.csv",
        &format!("{HEAD}大石村,田平中,男,1977.13,,村党支部书记\n"),
    );
    let good = desk.file(
        "好.csv",
        &format!("{HEAD}青山村,韩礼安,男,1981.11,,村党支部书记\n"),
    );
    let before = std::fs::read(&bad).expect("there");
    let dir = bad.parent().expect("a folder").join("批注");
    let files = marked(&mut desk, vec![bad.clone(), good], &dir);
    let of = |name: &str| {
        files
            .iter()
            .find(|(file, _)| file == name)
            .expect("a file")
            .1
            .as_ref()
    };
    assert_eq!(of("好.csv"), None);
    let path = written(of("坏.csv"));
    assert_eq!(path, dir.join("坏（批注）.xlsx"));
    let rows = list(path);
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0][1..4], ["坏", "D3", "未录入"]);
    assert_eq!(
        std::fs::read(&bad).expect("there"),
        before,
        "the source stays"
    );

    let first = std::fs::read(path).expect("there");
    let again = marked(&mut desk, vec![bad], &dir);
    assert_eq!(written(again[0].1.as_ref()), dir.join("坏（批注2）.xlsx"));
    assert_eq!(std::fs::read(path).expect("there"), first);
}

#[test]
fn a_contradiction_is_shown_in_both_files() {
    let mut desk = Desk::new();
    let one = desk.file(
        "甲.csv",
        &format!("{HEAD}大石村,田平中,男,1977.04,511729197704128151,村党支部书记\n"),
    );
    let two = desk.file(
        "乙.csv",
        &format!("{HEAD}大石村,田平中,女,1977.04,511729197704128151,村党支部书记\n"),
    );
    let dir = one.parent().expect("a folder").join("批注");
    let files = marked(&mut desk, vec![one, two], &dir);
    for (name, marked) in &files {
        let rows = list(written(marked.as_ref()));
        assert!(
            rows.iter()
                .any(|row| row[3] == "矛盾" && row[2].contains("C3")),
            "{name}: {rows:?}"
        );
    }
}

#[test]
fn the_folder_of_marks_is_never_one_that_is_imported() {
    let mut desk = Desk::new();
    let bad = desk.file(
        "坏.csv",
        &format!("{HEAD}大石村,田平中,男,1977.13,,村党支部书记\n"),
    );
    let folder = bad.parent().expect("a folder").to_path_buf();
    let input = ImportInput {
        paths: vec![folder.clone()],
        commit: true,
        marked: Some(folder.join("里面")),
        ..ImportInput::default()
    };
    let refused = desk
        .office
        .import(&input, &|_, _, _| {})
        .expect_err("refused");
    let OfficeError::Asked(finding) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(finding.code, "O180");
    assert_eq!(
        desk.figure("seat.members", "2022-12-31"),
        "null",
        "nothing was imported"
    );
}
