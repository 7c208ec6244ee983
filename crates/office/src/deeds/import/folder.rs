//! The files meant by what was typed: folders opened with everything below them, each file with the name by which
//! its facts are known. What an office program leaves lying about is passed over; links to folders are not followed.

use crate::error::OfficeError;
use crate::words::say;
use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use vocabulary::{Finding, FindingClass, without_numbers};

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
    let sizes = found.iter().filter_map(|file| file.path.metadata().ok());
    weigh(found.len(), sizes.map(|about| about.len()).sum())?;
    Ok(told_apart(found))
}

/// Files of one import: a town has some forty, a year of monthly ones a few hundred.
const FILES_MAX: usize = 2_000;

/// Bytes of the files of one import, which are all read before the first is taken: a county's residents are 150 MB, and
/// what is read needs some six times its size.
const BYTES_MAX: u64 = 512 << 20;

/// Refuses what would fill the machine, before anything is read.
fn weigh(files: usize, bytes: u64) -> Result<(), OfficeError> {
    let params = [
        ("files", files.to_string()),
        ("most", FILES_MAX.to_string()),
        ("size", (bytes >> 20).to_string()),
        ("largest", (BYTES_MAX >> 20).to_string()),
    ];
    let params = params.each_ref().map(|(key, text)| (*key, text.as_str()));
    let mut wrong = Vec::new();
    if files > FILES_MAX {
        wrong.push(say("O115", FindingClass::Rejected, &params));
    }
    if bytes > BYTES_MAX {
        wrong.push(say("O116", FindingClass::Rejected, &params));
    }
    OfficeError::none_of(wrong)
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

/// The name of a file or a sheet stays in the chain for ever: a number of a person in it does not.
pub(super) fn hide(label: &mut String) {
    if let Cow::Owned(hidden) = without_numbers(label) {
        *label = hidden;
    }
}

fn counted(files: &[Meant]) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for file in files {
        *counts.entry(file.label.clone()).or_default() += 1;
    }
    counts
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
    for file in &mut files {
        hide(&mut file.label);
    }
    let counts = counted(&files);
    for file in &mut files {
        if counts[&file.label] > 1 {
            file.label = file.path.display().to_string();
            hide(&mut file.label);
        }
    }
    // Two that were told apart by hidden digits alone.
    let counts = counted(&files);
    let mut nth: HashMap<String, usize> = HashMap::new();
    for file in &mut files {
        if counts[&file.label] > 1 {
            let n = nth.entry(file.label.clone()).or_default();
            *n += 1;
            let (stem, ending) = file.label.rsplit_once('.').unwrap_or((&file.label, ""));
            file.label = format!("{stem} ({n}).{ending}");
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_fill_the_machine_is_refused() {
        let codes = |files, bytes| match weigh(files, bytes) {
            Ok(()) => Vec::new(),
            Err(OfficeError::Asked(finding)) => vec![finding.code.clone()],
            Err(OfficeError::AskedAll(all)) => all.iter().map(|f| f.code.clone()).collect(),
            Err(other) => panic!("{other:?}"),
        };
        assert!(codes(FILES_MAX, BYTES_MAX).is_empty());
        assert_eq!(codes(FILES_MAX + 1, 0), ["O115"]);
        assert_eq!(codes(1, BYTES_MAX + 1), ["O116"]);
        assert_eq!(codes(FILES_MAX + 1, BYTES_MAX + 1), ["O115", "O116"]);
    }

    #[test]
    fn a_number_of_a_person_in_a_name_is_hidden_and_files_stay_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let meant = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, "x").expect("written");
            let label = super::name(&path);
            Meant { path, label }
        };
        let files = [
            "电话13800138000.csv",
            "电话13900138000.csv",
            "花名册20221231.csv",
        ]
        .map(meant);
        let labels: Vec<String> = told_apart(files.to_vec())
            .into_iter()
            .map(|f| f.label)
            .collect();
        assert!(
            labels.iter().all(|label| !label.contains("138001")),
            "{labels:?}"
        );
        assert_ne!(labels[0], labels[1]);
        assert_eq!(labels[2], "花名册20221231.csv");
    }
}
