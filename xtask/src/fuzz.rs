//! `cargo xtask fuzz`: runs the fuzz targets one after the other, each from its seeds. Refuses to know what they try.

use std::fs;
use std::path::Path;

use crate::house::{command, has_program, run as run_command};

/// Seconds a target is run when nothing is said.
pub(crate) const SECONDS: u32 = 120;

/// Runs every target whose name begins so (all: the empty word), for so many seconds each.
pub(crate) fn run(root: &Path, name: &str, seconds: u32) -> Result<bool, String> {
    if !has_program("cargo-fuzz") {
        return Err("cargo-fuzz is not there: cargo install cargo-fuzz, and rustup toolchain install nightly".into());
    }
    let targets = targets(root)?;
    let chosen: Vec<&String> = targets
        .iter()
        .filter(|target| target.starts_with(name))
        .collect();
    if chosen.is_empty() {
        return Err(format!(
            "no target begins with {name}; there are {}",
            targets.join(", ")
        ));
    }
    let mut broken = Vec::new();
    for target in chosen {
        let corpus = format!("fuzz/corpus/{target}");
        fs::create_dir_all(root.join(&corpus)).map_err(|cause| format!("{corpus}: {cause}"))?;
        let time = format!("-max_total_time={seconds}");
        let seeds = format!("fuzz/seeds/{target}");
        let mut fuzzer = command(
            root,
            "cargo",
            &[
                "+nightly",
                "fuzz",
                "run",
                target,
                &corpus,
                &seeds,
                "--",
                &time,
                "-timeout=10",
                "-max_len=8192",
            ],
        );
        // The compiler that runs us is not the one that knows sanitizers.
        fuzzer.env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
        if let Err(said) = run_command(&mut fuzzer) {
            println!("{said}");
            broken.push(target.as_str());
        }
    }
    println!(
        "fuzz: {} of {} targets found something{}",
        broken.len(),
        targets.len(),
        list(&broken)
    );
    Ok(broken.is_empty())
}

fn list(broken: &[&str]) -> String {
    if broken.is_empty() {
        return String::new();
    }
    format!(
        ": {} (the input lies in fuzz/artifacts; make a test of it before mending)",
        broken.join(", ")
    )
}

/// The targets: one file each.
fn targets(root: &Path) -> Result<Vec<String>, String> {
    let folder = root.join("fuzz/targets");
    let entries =
        fs::read_dir(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .strip_suffix(".rs")
                .map(str::to_owned)
        })
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_declared_and_has_seeds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = fs::read_to_string(root.join("fuzz/Cargo.toml")).expect("the fuzz manifest");
        let targets = targets(&root).expect("the targets");
        assert!(targets.len() >= 7, "{targets:?}");
        for target in targets {
            let path = format!("path = \"targets/{target}.rs\"");
            assert!(manifest.contains(&path), "fuzz/Cargo.toml lacks {path}");
            let seeds = root.join("fuzz/seeds").join(&target);
            let count = fs::read_dir(&seeds).map_or(0, Iterator::count);
            assert!(count > 0, "{} holds no seed", seeds.display());
        }
    }
}
