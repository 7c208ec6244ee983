//! `cargo xtask test`: everything that must hold, one step after the other, all of them even when one fails.
//! Refuses to know any single test.

use std::path::Path;
use std::time::Instant;

use crate::house::{self, cargo, command, has_program, target};
use crate::{drill, needs, tidy};

/// How much to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Full,
    /// Without the binary driven from outside.
    Fast,
}

/// How one step ended.
struct Ended {
    name: &'static str,
    said: Option<String>,
    seconds: f32,
}

/// Runs all steps: name, how it went, seconds.
fn steps(root: &Path, extent: Extent) -> Vec<(&'static str, Result<bool, String>, f32)> {
    let mut ended = Vec::new();
    let mut step = |name: &'static str, deed: &dyn Fn() -> Result<bool, String>| {
        println!("\n== {name}");
        let begun = Instant::now();
        let result = deed();
        ended.push((name, result, begun.elapsed().as_secs_f32()));
    };
    let cargo_does = |args: &[&str]| house::run(&mut command(root, cargo(), args)).map(|()| true);
    step("tidy", &|| tidy::run(root));
    step("format", &|| cargo_does(&["fmt", "--all", "--check"]));
    step("lints", &|| {
        cargo_does(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
    });
    step("licences and sources", &|| {
        if !has_program("cargo-deny") {
            println!("skipped: cargo-deny is not installed (cargo install cargo-deny)");
            return Ok(true);
        }
        cargo_does(&["deny", "check", "licenses", "bans", "sources"])
    });
    step("tests", &|| {
        if has_program("cargo-nextest") {
            return cargo_does(&[
                "nextest",
                "run",
                "--workspace",
                "--exclude",
                "e2e",
                "--no-tests=pass",
            ]);
        }
        println!("cargo-nextest is not installed: cargo test, a little slower");
        cargo_does(&[
            "test",
            "--workspace",
            "--exclude",
            "e2e",
            "--lib",
            "--bins",
            "--tests",
        ])
    });
    step("examples in documents", &|| {
        cargo_does(&["test", "--workspace", "--doc"])
    });
    if extent == Extent::Full {
        step("a hundred faults", &|| {
            drill::run(root, &drill::Asked::hundred())
        });
        step("the packs", &|| packs(root));
        step("the binary from outside", &|| outside(root));
    }
    ended
}

/// Runs everything and closes with one line.
pub(crate) fn run(root: &Path, extent: Extent) -> Result<bool, String> {
    needs::see_to(&[
        needs::COMPILER,
        needs::FONT,
        needs::PDF_TEXT,
        needs::WRITER,
        needs::PYTHON,
        needs::STRACE,
        needs::FAKETIME,
    ])?;
    let begun = Instant::now();
    let ended: Vec<Ended> = steps(root, extent)
        .into_iter()
        .map(|(name, result, seconds)| {
            let said = match result {
                Ok(true) => None,
                Ok(false) => Some("see above".to_owned()),
                Err(said) => Some(said),
            };
            Ended {
                name,
                said,
                seconds,
            }
        })
        .collect();
    println!();
    for step in &ended {
        let how = step
            .said
            .as_ref()
            .map_or_else(|| "held".to_owned(), |said| format!("FAILED: {said}"));
        println!("{:>7.1} s  {:<24} {how}", step.seconds, step.name);
    }
    let failed = ended.iter().filter(|step| step.said.is_some()).count();
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "xtask test: {verdict}, {} of {} steps held in {:.0} s",
        ended.len() - failed,
        ended.len(),
        begun.elapsed().as_secs_f32()
    );
    Ok(failed == 0)
}

/// The binary as the outside tests drive it: unoptimised code of ours, so that overflow checks are on.
fn build(root: &Path) -> Result<std::path::PathBuf, String> {
    house::run(&mut command(root, cargo(), &["build", "-p", "cli"]))?;
    Ok(target(root)
        .join("debug")
        .join(format!("yiben{}", std::env::consts::EXE_SUFFIX)))
}

/// Every pack of the project loads without a complaint: each folder of `packs/` is one.
fn packs(root: &Path) -> Result<bool, String> {
    let binary = build(root)?;
    let folder = std::fs::read_dir(root.join("packs")).map_err(|e| format!("packs: {e}"))?;
    let mut packs: Vec<_> = folder.flatten().map(|entry| entry.path()).collect();
    packs.retain(|path| path.join("pack.toml").is_file());
    packs.sort();
    if packs.is_empty() {
        return Err("packs: there is no pack".to_owned());
    }
    for pack in packs {
        let folder = pack.to_string_lossy().into_owned();
        house::run(&mut command(root, &binary, &["pack", "check", &folder]))?;
    }
    Ok(true)
}

fn outside(root: &Path) -> Result<bool, String> {
    let binary = build(root)?;
    // `cargo test`, not nextest: the tests share one imported ledger inside one process.
    let mut tests = command(root, cargo(), &["test", "-p", "e2e"]);
    house::run(tests.env("YIBEN_BIN", binary)).map(|()| true)
}
