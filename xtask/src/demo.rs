//! `cargo xtask demo`: the whole way on a fresh machine, from source to a written report.
//! Refuses to know more of the binary than its documented commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::demo_plan::Plan;
use crate::house::{self, cargo, command, target};
use crate::needs;

/// Runs every step and says what came out and where.
fn steps(root: &Path, plan: &Plan, binary: &Path) -> Result<(), String> {
    let yiben = |args: Vec<&str>| {
        let begun = Instant::now();
        let mut command: Command = command(root, binary, &args);
        house::run(&mut command)?;
        println!("  ({:.1} s)\n", begun.elapsed().as_secs_f32());
        Ok::<(), String>(())
    };
    let ledger = plan.ledger.as_str();
    yiben(plan.init(ledger))?;
    yiben(vec!["import", &plan.files, "--commit", "--ledger", ledger])?;
    yiben(plan.figure(
        ledger,
        &plan.figures.iter().map(String::as_str).collect::<Vec<_>>(),
    ))?;
    yiben(vec![
        "check",
        "--at",
        &plan.at,
        "--period",
        &plan.period,
        "--ledger",
        ledger,
    ])?;
    yiben(plan.report(
        ledger,
        &plan.outputs.iter().map(String::as_str).collect::<Vec<_>>(),
    ))?;
    yiben(vec!["verify", "--ledger", ledger])
}

/// Builds, makes the ledger anew, imports, asks, checks, reports.
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    let plan = Plan::read(root)?;
    needs::see_to(&[needs::COMPILER, needs::FONT])?;
    let binary = build_release(root)?;
    make_room(root, &plan)?;
    steps(root, &plan, &binary)?;
    println!("made:");
    for path in std::iter::once(&plan.ledger).chain(&plan.outputs) {
        let size = fs::metadata(root.join(path))
            .map_err(|cause| format!("{path}: {cause}"))?
            .len();
        println!("  {path}  {} kB", size.div_ceil(1024));
    }
    let binary = binary.strip_prefix(root).unwrap_or(&binary).display();
    println!("\nask it yourself:");
    println!(
        "  {binary} trace post.filled --at {} --ledger {}",
        plan.at, plan.ledger
    );
    Ok(true)
}

/// Builds the binary as it ships, with cargo's own progress.
pub(crate) fn build_release(root: &Path) -> Result<PathBuf, String> {
    house::run(&mut command(
        root,
        cargo(),
        &["build", "--release", "-p", "cli"],
    ))?;
    Ok(target(root)
        .join("release")
        .join(format!("yiben{}", std::env::consts::EXE_SUFFIX)))
}

/// Removes what an earlier demo left: the ledger with its companions (log, key, lock) and the documents.
fn make_room(root: &Path, plan: &Plan) -> Result<(), String> {
    // Only `out/` is ours to remove: a plan that writes elsewhere is refused before anything is lost.
    if !std::iter::once(&plan.ledger)
        .chain(&plan.outputs)
        .all(|path| path.starts_with("out/"))
    {
        return Err("xtask/demo.toml: the ledger and the outputs go under out/".into());
    }
    let out = root.join("out");
    if out.exists() {
        fs::remove_dir_all(&out)
            .map_err(|cause| format!("cannot remove {}: {cause}", out.display()))?;
    }
    fs::create_dir_all(&out).map_err(|cause| format!("cannot make {}: {cause}", out.display()))
}
