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

/// Renews only what documents repeat from declarations: the table of rooms, the page of findings, and what the pack
/// room writes of itself (schemas, the reference of errors).
pub(crate) fn documents(root: &Path) -> Result<bool, String> {
    tidy::renew_table(root)?;
    tidy::renew_findings(root)?;
    let mut written = command(
        root,
        cargo(),
        &["test", "-p", "pack", "--test", "it", "written::"],
    );
    run_command(written.env("BLESS", "1")).map(|()| true)
}
