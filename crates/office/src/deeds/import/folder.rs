//! The files meant by what was typed: folders opened with everything below them, each file with the name by which
//! its facts are known. What an office program leaves lying about is passed over; links to folders are not followed.

use crate::error::OfficeError;
use crate::words::say;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use vocabulary::{Finding, FindingClass};

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Its name without folders; below a given folder, the way to it from there.
    pub(super) label: String,
}

/// The files meant, in the order given, those of a folder by name. All missing ones are named at once.
pub(super) fn files(given: &[PathBuf]) -> Result<Vec<Meant>, OfficeError> {
    let mut found: Vec<Meant> = Vec::new();
    let mut wrong: Vec<Finding> = Vec::new();
    for path in given {
        if path.is_dir() {
            let mut inside = Vec::new();
            open(path, "", &mut inside)?;
            inside.sort_by(|a, b| a.label.cmp(&b.label));
            found.append(&mut inside);
        } else if path.exists() {
            let label = name(path);
            found.push(Meant {
                path: path.clone(),
                label,
            });
        } else {
            let file = path.display().to_string();
            wrong.push(say("O111", FindingClass::Rejected, &[("file", &file)]));
        }
    }
    OfficeError::none_of(wrong)?;
    Ok(told_apart(found))
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn open(folder: &Path, way: &str, found: &mut Vec<Meant>) -> Result<(), OfficeError> {
    let unreadable = |source| OfficeError::File {
        path: folder.display().to_string(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let (path, label) = (entry.path(), format!("{way}{name}"));
        let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
        if is_folder {
            open(&path, &format!("{label}/"), found)?;
        } else if path.is_file() {
            found.push(Meant { path, label });
        }
    }
    Ok(())
}

/// Files of one name from different places are called by their whole paths; the same file given twice is one.
fn told_apart(mut files: Vec<Meant>) -> Vec<Meant> {
    let mut seen: Vec<PathBuf> = Vec::new();
    files.retain(|file| {
        let whole = std::fs::canonicalize(&file.path).unwrap_or_else(|_| file.path.clone());
        let news = !seen.contains(&whole);
        seen.extend(news.then_some(whole));
        news
    });
    let mut counts: HashMap<String, usize> = HashMap::new();
    for file in &files {
        *counts.entry(file.label.clone()).or_default() += 1;
    }
    for file in &mut files {
        if counts[&file.label] > 1 {
            file.label = file.path.display().to_string();
        }
    }
    files
}
