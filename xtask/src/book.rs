//! `cargo xtask book`: builds docs/book with mdBook. Refuses to install it: it is no part of what must hold, and tidy holds
//! the pages and their links without it.

use std::path::Path;
use std::process::Command;

use crate::house::{capture, command, has_program, shown};

/// The mdBook that the book was last built with; a later 0.5 will do.
const VERSION: &str = "0.5.4";

/// Builds the book; a warning of mdBook is a failure.
pub(crate) fn run(root: &Path) -> Result<bool, String> {
    if !has_program(&format!("mdbook{}", std::env::consts::EXE_SUFFIX)) {
        return Err(format!(
            "mdBook is not there: run `cargo install mdbook --version {VERSION} --locked`, then `cargo xtask book` again"
        ));
    }
    let version = capture(command(root, "mdbook", &["--version"]).env("RUST_LOG", "error"))?;
    println!("{}", version.trim());
    let said = built(&mut command(root, "mdbook", &["build", "docs"]))?;
    let warnings: Vec<&str> = said.lines().filter(|line| is_warning(line)).collect();
    for line in &warnings {
        println!("{line}");
    }
    let page = root.join("out/book/index.html");
    println!("book: {} warnings, {}", warnings.len(), page.display());
    Ok(warnings.is_empty() && page.is_file())
}

/// What mdBook says beside building.
fn built(build: &mut Command) -> Result<String, String> {
    println!("$ {}", shown(build));
    let output = build
        .output()
        .map_err(|cause| format!("{}: {cause}", shown(build)))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!(
            "{} ended with {}\n{said}",
            shown(build),
            output.status
        ))
    }
}

/// mdBook's lines begin with their weight, after the hour in older versions.
fn is_warning(line: &str) -> bool {
    line.split_whitespace()
        .take(3)
        .any(|word| ["WARN", "ERROR", "[WARN]", "[ERROR]"].contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_told_from_news() {
        assert!(is_warning(" WARN unclosed HTML tag"));
        assert!(is_warning("2026-11-24 01:00:00 [WARN] (mdbook): unclosed"));
        assert!(!is_warning(" INFO Book building has started"));
    }
}
