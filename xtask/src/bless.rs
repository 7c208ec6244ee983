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
    // insta and expect-test have each their own word for it.
    tests
        .env("INSTA_UPDATE", "always")
        .env("INSTA_FORCE_PASS", "1")
        .env("UPDATE_EXPECT", "1");
    run_command(&mut tests)?;
    println!("blessed: look at `git diff` before committing");
    Ok(true)
}

/// Renews only what documents repeat from declarations.
pub(crate) fn documents(root: &Path) -> Result<bool, String> {
    tidy::renew_table(root).map(|()| true)
}
