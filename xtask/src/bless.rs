//! `cargo xtask bless`: accepts what snapshot tests print now and renews what documents repeat.
//! Refuses to judge the change: that is what `git diff` is for.

use std::path::Path;

use crate::house::{cargo, command, run as run_command};
use crate::tidy;

/// Runs the suites with their expectations rewritten.
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    documents(root)?;
    let mut tests = command(
        root,
        cargo(),
        &[
            "test",
            "--workspace",
            "--exclude",
            "e2e",
            "--no-fail-fast",
            "--lib",
            "--bins",
            "--tests",
        ],
    );
    // insta, expect-test and our own tests have each their word for it.
    tests
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        .env("UPDATE_EXPECT", "1")
        .env("BLESS", "1");
    run_command(&mut tests)?;
    println!("blessed: look at `git diff` before committing");
    Ok(true)
}

/// The suites that write what documents repeat: schemas, keys and errors of a pack; the township's reference and table of
/// rows; the commands.
const WRITERS: [&[&str]; 3] = [
    &["test", "-p", "pack", "--test", "it", "written::"],
    &["test", "-p", "office", "--test", "it", "written::"],
    // Without typst, which has no part in what may be typed.
    &[
        "test",
        "-p",
        "cli",
        "--no-default-features",
        "--bins",
        "tests::",
    ],
];

/// Renews only what documents repeat from declarations: the table of rooms, the page of findings, and what the rooms write
/// of themselves.
pub(crate) fn documents(root: &Path) -> Result<bool, String> {
    tidy::renew_table(root)?;
    tidy::renew_findings(root)?;
    for writer in WRITERS {
        run_command(command(root, cargo(), writer).env("BLESS", "1"))?;
    }
    Ok(true)
}
