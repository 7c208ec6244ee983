//! What the machine must have beside Rust, installed where we may, named exactly where we may not.
//! Refuses to install anything but a system package.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::{capture, has_program, run};

/// One thing that a machine has or lacks.
pub(crate) struct Need {
    /// What it is for, for people.
    pub(crate) what: &'static str,
    /// Debian packages of which any one is enough; the first is installed.
    pub(crate) packages: &'static [&'static str],
    /// Whether it is there.
    pub(crate) there: fn() -> bool,
    /// What becomes of us without it.
    pub(crate) weight: Weight,
}

/// What becomes of us without something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// Nothing goes on: it is installed where we may.
    Required,
    /// Something is skipped, and that is said: it is small, and installed where we may.
    Wanted,
    /// Something is skipped, and that is said: it is large, and only named.
    Named,
}

/// A C compiler builds the embedded store.
pub(crate) const COMPILER: Need = Need {
    what: "a C compiler, for the embedded store",
    packages: &["build-essential"],
    there: || ["cc", "gcc", "clang"].into_iter().any(has_program),
    weight: Weight::Required,
};

/// A Chinese font, for the PDF.
pub(crate) const FONT: Need = Need {
    what: "a Chinese font, for the PDF",
    packages: &[
        "fonts-noto-cjk",
        "texlive-lang-chinese",
        "fonts-lxgw-wenkai",
    ],
    there: has_chinese_font,
    weight: Weight::Required,
};

/// Reads PDF files in the document tests.
pub(crate) const PDF_TEXT: Need = Need {
    what: "pdftotext, which reads PDF files back in the document tests",
    packages: &["poppler-utils"],
    there: || has_program("pdftotext"),
    weight: Weight::Wanted,
};

/// Opens Word files in the document tests.
pub(crate) const WRITER: Need = Need {
    what: "LibreOffice Writer, which opens Word files in the document tests",
    packages: &["libreoffice-writer"],
    there: || has_program("soffice") || has_program("libreoffice"),
    weight: Weight::Named,
};

/// Runs the second verifier, which shares no code with the binary.
pub(crate) const PYTHON: Need = Need {
    what: "python3, which runs the second verifier",
    packages: &["python3"],
    there: || has_program("python3"),
    weight: Weight::Wanted,
};

/// Ends a process, or makes a call fail, at the n-th call.
pub(crate) const STRACE: Need = Need {
    what: "strace, which injects faults into the drills",
    packages: &["strace"],
    there: || has_program("strace"),
    weight: Weight::Wanted,
};

/// Sets the clock of one process.
pub(crate) const FAKETIME: Need = Need {
    what: "faketime, which sets the drills' clock",
    packages: &["faketime"],
    there: || has_program("faketime"),
    weight: Weight::Wanted,
};

/// File systems of their own, to be cut off.
pub(crate) const XFS: Need = Need {
    what: "mkfs.xfs, for power cuts on that file system",
    packages: &["xfsprogs"],
    there: || has_program("mkfs.xfs"),
    weight: Weight::Wanted,
};

/// Sees to all needs; an error names every required one that is missing and cannot be installed.
pub(crate) fn see_to(needs: &[Need]) -> Result<(), String> {
    let mut missing = Vec::new();
    for need in needs.iter().filter(|need| !(need.there)()) {
        if need.weight != Weight::Named && may_install() {
            let tried = install(need.packages[0]);
            if (need.there)() {
                continue;
            }
            if need.weight == Weight::Required {
                tried?;
            }
        }
        let packages = need.packages.join(" or ");
        if need.weight == Weight::Required {
            missing.push(format!(
                "{}: install the Debian package {packages}",
                need.what
            ));
        } else {
            println!(
                "not here, so its tests are skipped: {} ({packages})",
                need.what
            );
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("this machine lacks\n  {}", missing.join("\n  ")))
    }
}

fn may_install() -> bool {
    let mut whoami = Command::new("id");
    whoami.arg("-u");
    has_program("apt-get") && capture(&mut whoami).is_ok_and(|id| id.trim() == "0")
}

fn install(package: &str) -> Result<(), String> {
    let apt = |args: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut command)
    };
    let wanted = ["install", "-y", "--no-install-recommends", package];
    // A fresh image has no package lists yet: ask for them only when the first try fails.
    apt(&wanted).or_else(|_| apt(&["update"]).and_then(|()| apt(&wanted)))
}

/// Looks for file names of the fonts that the PDF writer knows, in the folders where systems keep fonts.
fn has_chinese_font() -> bool {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/usr/share/texlive",
    ]
    .into_iter()
    .map(PathBuf::from)
    .collect();
    folders.extend(std::env::var_os("YIBEN_FONTS").map(PathBuf::from));
    let home = std::env::var_os("HOME").map(PathBuf::from);
    folders.extend(
        home.into_iter()
            .flat_map(|home| [home.join(".fonts"), home.join(".local/share/fonts")]),
    );
    folders.iter().any(|folder| holds_font(folder, 0))
}

/// Font folders are shallow; texlive's are the deepest.
const FONT_DEPTH_MAX: usize = 6;

fn holds_font(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let font = ["cjk", "fandol", "lxgw", "zhuque", "simfang", "fangsong"]
            .iter()
            .any(|n| name.contains(n))
            && [".ttf", ".otf", ".ttc"]
                .iter()
                .any(|end| name.ends_with(end));
        font || (depth < FONT_DEPTH_MAX
            && entry.file_type().is_ok_and(|kind| kind.is_dir())
            && holds_font(&entry.path(), depth + 1))
    })
}
