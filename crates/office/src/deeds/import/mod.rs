//! Import: workbooks and layers as towns keep them into the book. One file is one transaction; a preview carries
//! everything out and takes it back.

mod about; // the field and record of a finding
mod form; // a pack's sheets as the reader wants them
mod keep; // findings kept in the book
mod layer; // a layer of places
mod rows; // rows become what they say about records
mod take; // one file into a draft
mod wording; // issues in words

pub(crate) use form::field_column;
pub(crate) use keep::{AMBIGUOUS, Kept, NEW, close, one, open as open_findings, recheck};
pub(crate) use rows::{birth_of, sex_of};

use crate::error::OfficeError;
use crate::office::Office;
use crate::words::say;
use documents::sheet::{ColumnChoice, ColumnChoices, Limits};
use ledger::{Deed, LedgerError, Mode};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use take::{FileIn, What};
use vocabulary::{Date, Finding, FindingClass};

/// What is imported and how.
#[derive(Debug, Clone, Default)]
pub struct ImportInput {
    /// Files and folders; a folder's own files are taken in the order of their names.
    pub paths: Vec<PathBuf>,
    /// Write; otherwise only look.
    pub commit: bool,
    /// Refuse a file on any finding but a notice.
    pub strict: bool,
    /// The date at which every sheet speaks, instead of its own.
    pub as_of: Option<Date>,
    /// `SHEET!HEADER=column`, as typed.
    pub maps: Vec<String>,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// By file, in the order in which they were taken.
    pub files: Vec<FileReport>,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReport {
    /// Its name without folders.
    pub file: String,
    /// Its tables; a sheet or file that was set aside is an entry without a register.
    pub sheets: Vec<SheetReport>,
    /// The transaction, when something was written.
    pub tx: Option<i64>,
    /// Where the time went: step and microseconds.
    pub timings: Vec<(&'static str, i64)>,
}

/// What became of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetReport {
    /// The sheet's name.
    pub sheet: String,
    /// The register its rows are.
    pub register: Option<String>,
    /// The title of the declaration it was read as.
    pub title: Option<String>,
    /// Rows that entered.
    pub rows: u32,
    /// New records.
    pub new: u32,
    /// Records that changed.
    pub changed: u32,
    /// Records that were known.
    pub unchanged: u32,
    /// What a person should look at.
    pub findings: Vec<Finding>,
    /// How the columns were understood, in the sheet's order.
    pub mapping: Vec<ColumnUse>,
    /// Headers that serve no column.
    pub unmapped: Vec<String>,
}

/// How one column of a table was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    /// The header's levels, joined by `>`.
    pub header: String,
    /// The declared column's name, as `--map` wants it.
    pub column: String,
    /// What people call that column.
    pub title: String,
    /// The lowest header cell, as `C4`.
    pub cell: String,
    /// Why, as a stable word: `chosen`, `path`, `last_level`, …
    pub reason: &'static str,
    /// How sure, 0 to 100.
    pub confidence: u8,
}

impl ImportReport {
    /// Whether anything at all could be taken.
    pub fn took_something(&self) -> bool {
        self.files
            .iter()
            .flat_map(|file| &file.sheets)
            .any(|sheet| sheet.register.is_some())
    }
}

/// Told about progress: files done, files in all, the file at hand.
pub(crate) type Progress<'a> = &'a (dyn Fn(usize, usize, &str) + Sync);

/// A file's outcome when nothing of it stays.
enum Stop {
    /// Refused by `--strict`, or nothing new in it.
    Report(FileReport),
    Ledger(LedgerError),
}

impl From<LedgerError> for Stop {
    fn from(error: LedgerError) -> Stop {
        Stop::Ledger(error)
    }
}

impl Office {
    /// Imports. Needs the deed `import`.
    pub fn import(
        &mut self,
        input: &ImportInput,
        progress: Progress<'_>,
    ) -> Result<ImportReport, OfficeError> {
        self.may("import")?;
        let choices = choices(&input.maps)?;
        let paths = paths(&input.paths)?;
        let pack = self.pack();
        let forms = form::forms(&pack);
        let clock = self.clock.clone();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let mut files: Vec<FileIn> = paths
            .par_iter()
            .map(|path| {
                let read = take::read(path, &forms, &choices, &Limits::default(), &*clock);
                let n = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
                progress(n, paths.len() * 2, &read.name);
                read
            })
            .collect();
        files.sort_by_key(|file| file.order(&pack));

        let mut report = ImportReport::default();
        let total = files.len();
        if input.commit {
            for (n, file) in files.iter().enumerate() {
                progress(total + n, total * 2, &file.name);
                report.files.push(self.commit_file(file, input)?);
            }
        } else {
            let deed = self.deed("import", None);
            let taken = self.ledger_mut()?.write(deed, Mode::Preview, |draft| {
                let mut reports = Vec::new();
                for (n, file) in files.iter().enumerate() {
                    progress(total + n, total * 2, &file.name);
                    reports.push(take::take(draft, &pack, file, input.as_of, &*clock)?);
                }
                Ok::<_, LedgerError>(reports)
            })?;
            report.files = taken.0.unwrap_or_default();
            // Nothing was kept: the numbers drawn for it mean nothing.
            let sheets = report.files.iter_mut().flat_map(|file| &mut file.sheets);
            for finding in sheets.flat_map(|sheet| &mut sheet.findings) {
                finding.id = None;
            }
        }
        progress(total * 2, total * 2, "");
        Ok(report)
    }

    fn commit_file(
        &mut self,
        file: &FileIn,
        input: &ImportInput,
    ) -> Result<FileReport, OfficeError> {
        let pack = self.pack();
        if matches!(file.what, What::Nothing | What::Refused(_)) {
            return Ok(file.untaken());
        }
        let clock = self.clock.clone();
        let began = clock.now().0;
        let deed: Deed = self.deed("import", None);
        let outcome = self.ledger_mut()?.write(deed, Mode::Commit, |draft| {
            let before = draft.len();
            let mut report = take::take(draft, &pack, file, input.as_of, &*clock)?;
            let stands = |finding: &Finding| finding.class != FindingClass::Notice;
            if input.strict && report.sheets.iter().flat_map(|s| &s.findings).any(stands) {
                refuse(&mut report);
                return Err(Stop::Report(report));
            }
            if draft.len() == before {
                return Err(Stop::Report(report));
            }
            Ok(report)
        });
        match outcome {
            Ok((Some(mut report), receipt)) => {
                report.tx = Some(receipt.seq);
                let inside: i64 = report
                    .timings
                    .iter()
                    .filter(|(step, _)| *step != "read")
                    .map(|(_, t)| t)
                    .sum();
                report
                    .timings
                    .push(("close", clock.now().0 - began - inside));
                Ok(report)
            }
            Ok((None, _)) => Ok(file.untaken()),
            Err(Stop::Report(report)) => Ok(report),
            Err(Stop::Ledger(error)) => Err(error.into()),
        }
    }
}

/// A file refused as a whole: what would have been taken is named, nothing counts.
fn refuse(report: &mut FileReport) {
    for sheet in &mut report.sheets {
        (sheet.rows, sheet.new, sheet.changed, sheet.unchanged) = (0, 0, 0, 0);
        sheet.register = None;
    }
    let mut finding = say("I118", FindingClass::Rejected, &[]);
    finding.file = Some(report.file.clone());
    if let Some(sheet) = report.sheets.first_mut() {
        sheet.findings.push(finding);
    }
}

fn choices(maps: &[String]) -> Result<ColumnChoices, OfficeError> {
    let mut choices = Vec::new();
    for text in maps {
        let parts = text.rsplit_once('=').and_then(|(left, column)| {
            let (sheet, header) = left.split_once('!')?;
            Some((sheet.trim(), header.trim(), column.trim()))
        });
        let Some((sheet, header, column)) = parts else {
            let finding = say("O113", FindingClass::Rejected, &[("text", text)]);
            return Err(OfficeError::Asked(Box::new(finding)));
        };
        choices.push(ColumnChoice {
            sheet: sheet.to_owned(),
            header: header.to_owned(),
            column: (!column.is_empty()).then(|| column.to_owned()),
        });
    }
    Ok(ColumnChoices(choices))
}

/// The files meant, folders opened; what an office program leaves lying about is passed over.
fn paths(given: &[PathBuf]) -> Result<Vec<PathBuf>, OfficeError> {
    let mut paths = Vec::new();
    for path in given {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).map_err(|source| unreadable(path, source))?;
            let mut inside: Vec<PathBuf> = entries
                .filter_map(|entry| entry.ok().map(|entry| entry.path()))
                .filter(|p| p.is_file())
                .collect();
            inside.retain(|path| {
                let name = path
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned());
                name.is_some_and(|name| !name.starts_with('.') && !name.starts_with("~$"))
            });
            inside.sort();
            paths.extend(inside);
        } else if path.exists() {
            paths.push(path.clone());
        } else {
            let file = path.display().to_string();
            let finding = say("O111", FindingClass::Rejected, &[("file", &file)]);
            return Err(OfficeError::Asked(Box::new(finding)));
        }
    }
    Ok(paths)
}

fn unreadable(path: &Path, source: std::io::Error) -> OfficeError {
    OfficeError::File {
        path: path.display().to_string(),
        source,
    }
}
