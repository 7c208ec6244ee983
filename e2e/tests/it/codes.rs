//! Exit codes for scripts: 0 done, 2 your input, 3 not allowed, 70 our fault.

use e2e::Desk;

use crate::shared::{imported, town};

#[test]
fn the_version_is_told() {
    let answer = Desk::empty().yiben(&["--version"]).done();
    assert!(answer.out.starts_with("yiben "), "{}", answer.out);
}

#[test]
fn an_unknown_command_is_your_input() {
    Desk::empty().yiben(&["figur"]).ended(2);
    Desk::empty().yiben(&["import", "--comit"]).ended(2);
}

#[test]
fn a_ledger_that_is_not_there_is_your_input_and_none_is_made() {
    let desk = Desk::empty();
    let answer = desk.yiben(&["figure", "--at", "2022-12-31"]).ended(2);
    assert!(answer.words().contains("yiben.db"), "{}", answer.words());
    assert!(!desk.ledger().exists(), "asking makes no ledger");
}

#[test]
fn a_file_that_is_no_ledger_is_your_input() {
    let desk = Desk::empty();
    desk.file(
        "yiben.db",
        b"not a ledger at all, only some words in a file of this name",
    );
    desk.yiben(&["figure", "--at", "2022-12-31"]).ended(2);
    desk.yiben(&["verify"]).ended(2);
}

#[test]
fn a_book_is_not_made_over_another() {
    let (desk, _) = imported();
    let copy = desk.copy();
    let pack = town().pack();
    let args = [
        "init",
        "--pack",
        &pack,
        "--book",
        "511729103000",
        "--name",
        &town().name,
    ];
    copy.yiben(&args).ended(2);
    copy.verified();
}

#[test]
fn a_misspelt_figure_gets_the_nearest_name() {
    let (desk, _) = imported();
    let answer = desk
        .yiben(&["figure", "post.filed", "--at", "2022-12-31"])
        .ended(2);
    assert!(answer.words().contains("post.filled"), "{}", answer.words());
    desk.yiben(&["trace", "post.filed", "--at", "2022-12-31"])
        .ended(2);
}

#[test]
fn dates_periods_and_places_that_do_not_exist_are_your_input() {
    let (desk, _) = imported();
    for args in [
        ["figure", "post.filled", "--at", "2022-13-01"],
        ["figure", "post.filled", "--at", "2022-02-30"],
        ["figure", "post.filled", "--period", "2022Q5"],
        ["figure", "post.filled", "--period", "nonsense"],
        ["figure", "post.filled", "--in", "999"],
    ] {
        desk.yiben(&args).ended(2);
    }
}

#[test]
fn a_report_that_no_pack_declares_is_your_input() {
    let (desk, _) = imported();
    let out = desk.path("none.docx");
    let answer = desk.yiben(&[
        "report",
        "leadrship",
        "--at",
        "2022-12-31",
        "-o",
        &out.to_string_lossy(),
    ]);
    answer.ended(2);
    assert!(!out.exists());
}

#[test]
fn a_role_that_may_not_is_told_who_may() {
    let (desk, _) = imported();
    let copy = desk.copy();
    let file = town().file("领导班子");
    let answer = copy
        .yiben(&["import", &file, "--commit", "--role", "reader"])
        .ended(3);
    assert!(!answer.words().trim().is_empty());
    copy.verified();
}

#[test]
fn a_broken_pack_lists_every_error_with_its_line() {
    let desk = Desk::empty();
    std::fs::create_dir(desk.path("pack")).expect("a folder in our own");
    desk.file(
        "pack/pack.toml",
        b"[pack]\nname = \"broken\"\ntitle = \"x\"\nversion = \"0.1.0\"\ncolour = \"red\"\n",
    );
    desk.file(
        "pack/figures.toml",
        b"[[figure]]\nid = \"a.b\"\ntitle = \"x\"\ntext = \"x\"\nunit = \"x\"\nfrom = \"nothing\"\nmeasure = \"count\"\n",
    );
    let answer = desk.yiben(&["pack", "check", "pack"]).ended(2);
    for place in ["pack.toml:5", "figures.toml:6"] {
        assert!(
            answer.words().contains(place),
            "{place} is not named:\n{}",
            answer.words()
        );
    }
}

#[test]
fn the_township_pack_is_clean() {
    Desk::empty()
        .yiben(&["pack", "check", &town().pack()])
        .done();
}
