//! `xtask tidy` on two small trees: one with a fault against each rule, one with none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn trees() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees")
}

/// What tidy prints about a tree, and whether it was content.
fn tidy(root: &Path) -> (String, bool) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["tidy", "--root"])
        .arg(root)
        .output()
        .expect("xtask is built with its tests");
    let said = String::from_utf8(output.stdout).expect("complaints are text");
    (
        said + &String::from_utf8_lossy(&output.stderr),
        output.status.success(),
    )
}

/// The good tree in a folder of its own, to spoil.
fn good_copy() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder for the test");
        for entry in fs::read_dir(from).expect("a tree").flatten() {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).expect("a copy");
            }
        }
    }
    let folder = tempfile::tempdir().expect("a folder for the test");
    copy(&trees().join("good"), folder.path());
    folder
}

#[test]
fn the_bad_tree_breaks_every_rule_it_breaks_and_no_other() {
    let (said, content) = tidy(&trees().join("bad"));
    assert!(!content, "{said}");
    // Days go by; the rest must not change unseen.
    let said: String = said
        .lines()
        .map(|line| {
            if line.contains("last reviewed") {
                "ARCHITECTURE.md:1: question: reviewed long ago"
            } else {
                line
            }
        })
        .map(|line| format!("{line}\n"))
        .collect();
    let path = trees().join("bad.expected");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &said).expect("our own file");
    }
    let expected = fs::read_to_string(&path).expect("run `cargo xtask bless` once");
    assert_eq!(said, expected, "run `cargo xtask bless` when this is meant");
}

#[test]
fn the_good_tree_is_left_in_peace() {
    assert_eq!(
        tidy(&trees().join("good")),
        ("tidy: 0 broken, 0 questions\n".to_owned(), true)
    );
}

#[test]
fn a_file_is_asked_about_before_it_is_refused() {
    let tree = good_copy();
    let file = tree.path().join("crates/low/src/lib.rs");
    let lines = |count: usize| format!("//! Words.\n{}", "// a line\n".repeat(count - 1));

    fs::write(&file, lines(401)).expect("our own file");
    let (said, content) = tidy(tree.path());
    assert!(
        content && said.contains("crates/low/src/lib.rs:401: question:"),
        "{said}"
    );

    fs::write(&file, lines(801)).expect("our own file");
    let (said, content) = tidy(tree.path());
    assert!(
        !content && said.contains("crates/low/src/lib.rs:801: 801 lines"),
        "{said}"
    );
}

#[test]
fn rooms_that_use_each_other_in_a_circle_are_refused() {
    let tree = good_copy();
    let file = tree.path().join("rooms.toml");
    let rooms = fs::read_to_string(&file)
        .expect("our own file")
        .replace("may_use = []", "may_use = [\"low\"]");
    fs::write(&file, rooms).expect("our own file");
    let (said, content) = tidy(tree.path());
    assert!(!content && said.contains("`low` reaches itself"), "{said}");
}

#[test]
fn a_word_that_rooms_toml_does_not_know_is_an_error_with_its_line() {
    let tree = good_copy();
    let file = tree.path().join("rooms.toml");
    let rooms = fs::read_to_string(&file)
        .expect("our own file")
        .replace("knows =", "knws =");
    fs::write(&file, rooms).expect("our own file");
    let (said, content) = tidy(tree.path());
    assert!(
        !content && said.contains("knws") && said.contains("line 4"),
        "{said}"
    );
}
