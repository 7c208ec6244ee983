//! The files that tidy looks at, read once. Refuses to know any rule.

use std::fs;
use std::io;
use std::path::Path;

use super::rust::Rust;

/// One text file of the project.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Path from the root, with `/` on every system.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
    /// Taken apart, for a Rust file.
    pub(crate) rust: Option<Rust>,
}

impl SourceFile {
    /// Whether the whole file is code that is not shipped: tests, benches, examples.
    pub(crate) fn is_test(&self) -> bool {
        let folders = ["/tests/", "/benches/", "/examples/"];
        folders.iter().any(|folder| self.path.contains(folder)) || self.path.ends_with("/tests.rs")
    }

    /// The file's last name part.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// The project as tidy sees it: every `.rs`, `.toml` and `.md` file, in order of path.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The files.
    pub(crate) files: Vec<SourceFile>,
    /// Every folder and file path, also of kinds that are not read.
    pub(crate) paths: Vec<String>,
}

/// Folders that hold nothing of the house, or that are wrong on purpose (tidy's own bad tree).
const SKIPPED: [&str; 5] = ["target", "out", ".git", "node_modules", "xtask/tests/trees"];

impl Tree {
    /// Reads the project at `root`.
    pub(crate) fn read(root: &Path) -> io::Result<Tree> {
        let mut tree = Tree {
            files: Vec::new(),
            paths: Vec::new(),
        };
        tree.folder(root, "")?;
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        tree.paths.sort();
        Ok(tree)
    }

    /// The file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether a file or folder is there.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths
            .binary_search_by(|known| known.as_str().cmp(path))
            .is_ok()
    }

    /// The files whose path ends so.
    pub(crate) fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.files
            .iter()
            .filter(move |file| file.path.ends_with(end))
    }

    fn folder(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() {
                name.clone()
            } else {
                format!("{prefix}/{name}")
            };
            if SKIPPED.contains(&path.as_str()) || name == "target" {
                continue;
            }
            let kind = entry.file_type()?;
            self.paths.push(path.clone());
            if kind.is_dir() {
                self.folder(&entry.path(), &path)?;
            } else if kind.is_file()
                && [".rs", ".toml", ".md"]
                    .iter()
                    .any(|end| name.ends_with(end))
            {
                // A file may go away between listing and reading: others work in the same folder.
                let Ok(bytes) = fs::read(entry.path()) else {
                    continue;
                };
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let rust = name.ends_with(".rs").then(|| Rust::read(&text));
                self.files.push(SourceFile { path, text, rust });
            }
        }
        Ok(())
    }
}
