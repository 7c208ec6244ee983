//! Files that are no workbooks: each gives a finding with a next step, exit code 2, and a ledger as it was.

use std::time::{Duration, Instant};

use e2e::{Desk, findings};
use serde_json::Value;

use crate::fixtures::{GOOD, bomb, locked, menu, roster};
use crate::shared::{town, unchanged_by, villages};

/// Nothing that is refused may keep a clerk waiting.
const REFUSAL_MAX: Duration = Duration::from_secs(60);

/// Hands in one bad file and asserts all of the above.
#[track_caller]
fn refused(name: &str, content: &[u8]) {
    unchanged_by(|desk| {
        let path = desk.file(name, content);
        let begun = Instant::now();
        let answer = desk.import(&[&path]).ended(2);
        assert!(
            begun.elapsed() < REFUSAL_MAX,
            "{name}: {:?}",
            begun.elapsed()
        );
        let found = findings(&answer.json());
        let about = |finding: &&Value| finding["file"] == name;
        let finding = found
            .iter()
            .find(about)
            .unwrap_or_else(|| panic!("no finding names {name}: {}", answer.out));
        assert!(
            finding["next"]
                .as_str()
                .is_some_and(|next| !next.is_empty()),
            "{finding}"
        );
    });
}

#[test]
fn words_in_a_file_called_workbook() {
    refused("名单.xlsx", "这不是工作簿".as_bytes());
}

#[test]
fn an_empty_file() {
    refused("空.xlsx", b"");
}

#[test]
fn half_a_workbook() {
    let whole = roster(&GOOD);
    refused("半份.xlsx", &whole[..whole.len() / 2]);
}

#[test]
fn a_workbook_locked_by_a_password() {
    refused("加密.xlsx", &locked());
}

#[test]
fn a_workbook_that_opens_to_a_gigabyte() {
    let bomb = bomb();
    assert!(bomb.len() < 2_000_000, "small to hand in: {}", bomb.len());
    refused("炸弹.xlsx", &bomb);
}

#[test]
fn a_list_in_an_encoding_nobody_uses() {
    // Neither UTF-8 nor GB18030: 0xFF begins no letter in either.
    let mut bytes = b"\xff\x80\xff\x81,\xff\x82\xff\x83\n".repeat(20);
    bytes.extend([0xff; 16]);
    refused("村民.csv", &bytes);
}

#[test]
fn a_sheet_that_matches_no_register() {
    refused("菜单.xlsx", &menu());
}

#[test]
fn a_file_that_is_not_there() {
    unchanged_by(|desk| {
        let answer = desk.import(&["没有这个文件.xlsx"]).ended(2);
        assert!(
            answer.words().contains("没有这个文件.xlsx"),
            "{}",
            answer.words()
        );
    });
}

#[test]
fn a_bad_file_never_holds_up_a_good_one() {
    let desk = villages();
    let bad = desk.file("菜单.xlsx", &menu());
    let worse = desk.file("名单.xlsx", b"words");
    let good = desk.file("两委干部花名册.xlsx", &roster(&GOOD));
    let answer = desk.import(&[&bad, &worse, &good]).done();
    let found = findings(&answer.json());
    for name in ["菜单.xlsx", "名单.xlsx"] {
        assert!(
            found.iter().any(|finding| finding["file"] == name),
            "{name} is not named"
        );
    }
    assert_eq!(
        desk.value("committee.members", &town().at, "2022"),
        Some(2.into())
    );
}

#[test]
fn a_folder_with_nothing_in_it() {
    unchanged_by(|desk: &Desk| {
        std::fs::create_dir(desk.path("empty")).expect("a folder in our own");
        desk.import(&["empty"]).ended(2);
    });
}
