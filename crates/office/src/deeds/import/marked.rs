//! The clerk's own files with their findings marked on them, written beside the import: coloured cells, notes and a
//! list. Never into the file itself, never over a file that is there.

use super::take::{FileIn, What, sha256};
use super::{FileReport, ImportReport};
use crate::error::OfficeError;
use crate::words::{say, word};
use documents::mark::{self, Mark, MarkError, Marked, Place};
use rayon::prelude::*;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use vocabulary::{Finding, FindingClass};

/// What became of a file that had something to mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkedFile {
    /// It lies here.
    Written(PathBuf),
    /// It was not written, and why.
    Not(Box<Finding>),
}

/// Makes the folder, before anything is imported: a wrong one is said while nothing has happened yet. A folder that
/// is itself imported is refused, since the marked files would be read as the town's own the next time.
pub(super) fn prepare(dir: &Path, given: &[PathBuf]) -> Result<(), OfficeError> {
    let unusable = |source| OfficeError::File {
        path: dir.display().to_string(),
        source,
    };
    std::fs::create_dir_all(dir).map_err(unusable)?;
    let whole = dir.canonicalize().map_err(unusable)?;
    for folder in given.iter().filter(|path| path.is_dir()) {
        let source = folder.canonicalize().map_err(unusable)?;
        if whole.starts_with(&source) {
            let (dir, folder) = (dir.display().to_string(), folder.display().to_string());
            let params = [("dir", dir.as_str()), ("folder", folder.as_str())];
            let finding = say("O180", FindingClass::Rejected, &params);
            return Err(OfficeError::Asked(Box::new(finding)));
        }
    }
    Ok(())
}

/// Writes every file that has something to mark, and says so in its report.
pub(super) fn write(dir: &Path, files: &[FileIn], report: &mut ImportReport) {
    let made: Vec<Option<Result<Marked, Box<Finding>>>> = files
        .par_iter()
        .map(|file| {
            let marks = marks(file, &report.files)?;
            Some(made(file, &marks))
        })
        .collect();
    for ((file, made), report) in files.iter().zip(made).zip(&mut report.files) {
        report.marked = made.map(|made| match made.and_then(|made| put(dir, file, &made)) {
            Ok(path) => MarkedFile::Written(path),
            Err(why) => MarkedFile::Not(why),
        });
    }
}

fn made(file: &FileIn, marks: &[Mark]) -> Result<Marked, Box<Finding>> {
    let bytes = std::fs::read(&file.path).map_err(|error| unwritten(file, &error))?;
    if file.sha256 != sha256(&bytes) {
        return Err(about(file, "O181", &[]));
    }
    mark::mark(&file.path, &bytes, marks).map_err(|error| refused(file, &error))
}

/// The marks of a file: its own findings, and those of other files that name its cells. None when there is nothing
/// but notices.
fn marks(file: &FileIn, reports: &[FileReport]) -> Option<Vec<Mark>> {
    if !matches!(file.what, What::Workbook(_)) {
        return None;
    }
    let mut marks = Vec::new();
    for report in reports {
        let own = report.file == file.name;
        for sheet in &report.sheets {
            for finding in &sheet.findings {
                let name = finding.sheet.as_ref().unwrap_or(&sheet.sheet);
                let mark = seen_from(file, finding, &report.file, name);
                if own || (!mark.cells.is_empty() && finding.class != FindingClass::Notice) {
                    marks.push(mark);
                }
            }
        }
    }
    let stands = |mark: &Mark| mark.class != FindingClass::Notice;
    marks.iter().any(stands).then_some(marks)
}

/// A finding about `sheet` of the file `about`, as it is marked on another file or on the same.
fn seen_from(file: &FileIn, finding: &Finding, about: &str, sheet: &str) -> Mark {
    let own = about == file.name;
    let (mut cells, mut elsewhere) = (Vec::new(), Vec::new());
    for cell in finding.cell.iter().chain(&finding.cells) {
        let bare = (!cell.contains('!')).then(|| Place::parse(sheet, cell));
        let place = match bare {
            Some(place) => place.filter(|_| own),
            // A sheet's name may hold the mark that separates; a cell never does.
            None => cell
                .strip_prefix(&file.name)
                .and_then(|rest| rest.strip_prefix('!')?.rsplit_once('!'))
                .and_then(|(sheet, cell)| Place::parse(sheet, cell)),
        };
        match place {
            Some(place) if !cells.contains(&place) => cells.push(place),
            Some(_) => {}
            None if cell.contains('!') => elsewhere.push(cell.clone()),
            None if !own => elsewhere.push(format!("{about}!{sheet}!{cell}")),
            None => {}
        }
    }
    elsewhere.dedup();
    let said = if own {
        finding.said.clone()
    } else {
        let params = [("file", about), ("sheet", sheet), ("said", &finding.said)];
        word("marked.of_file", &params)
    };
    let sheet = if own {
        Some(sheet.to_owned()).filter(|name| !name.is_empty())
    } else {
        cells.first().map(|place| place.sheet.clone())
    };
    Mark {
        sheet,
        cells,
        elsewhere,
        class: finding.class,
        said,
        next: finding.next.clone(),
    }
}

/// Writes a marked file under the first name that is free. A folder within the import keeps its name.
fn put(dir: &Path, file: &FileIn, marked: &Marked) -> Result<PathBuf, Box<Finding>> {
    let name = Path::new(&file.name);
    let stem = name
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let inside = name.parent().into_iter().flat_map(Path::components);
    let folder = inside
        .filter(|part| matches!(part, Component::Normal(_)))
        .fold(dir.to_path_buf(), |folder, part| folder.join(part));
    std::fs::create_dir_all(&folder).map_err(|error| unwritten(file, &error))?;
    let mut n = 1_u32;
    loop {
        let count = n.to_string();
        let params = [
            ("stem", stem.as_str()),
            ("ending", marked.ending),
            ("n", count.as_str()),
        ];
        let key = if n == 1 {
            "marked.name"
        } else {
            "marked.name_next"
        };
        let path = folder.join(word(key, &params));
        let mut options = std::fs::OpenOptions::new();
        match options.write(true).create_new(true).open(&path) {
            Ok(mut out) => {
                let written = out.write_all(&marked.bytes).and_then(|()| out.sync_all());
                return match written {
                    Ok(()) => Ok(path),
                    Err(error) => {
                        // Half a workbook helps nobody; when it cannot be taken away, the reason stands anyway.
                        let _ = std::fs::remove_file(&path);
                        Err(unwritten(file, &error))
                    }
                };
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => n += 1,
            Err(error) => return Err(unwritten(file, &error)),
        }
    }
}

fn about(file: &FileIn, code: &str, params: &[(&str, &str)]) -> Box<Finding> {
    let mut params = params.to_vec();
    params.push(("file", &file.name));
    let mut finding = say(code, FindingClass::Notice, &params);
    finding.file = Some(file.name.clone());
    Box::new(finding)
}

fn refused(file: &FileIn, error: &MarkError) -> Box<Finding> {
    let mut finding = about(file, "O182", &[("why", &error.said())]);
    finding.next = error.next();
    finding
}

fn unwritten(file: &FileIn, error: &std::io::Error) -> Box<Finding> {
    about(
        file,
        "O183",
        &[("why", &ledger::plainly(&error.to_string()))],
    )
}
