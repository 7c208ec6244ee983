//! Import: workbooks and layers as towns keep them into the book. One file is one transaction; a preview carries
//! everything out and takes it back.

mod about; // the field and record of a finding
mod choice; // what people said a header is
mod folder; // the files meant
mod form; // a pack's sheets as the reader wants them
mod ground; // where a layer lies, and what its features are called
mod keep; // findings kept in the book
mod layer; // a layer of places
mod limits; // what of a table lies within sight
mod marked; // the files with their findings marked on them
mod rows; // rows become what they say about records
mod take; // one file into a draft
mod tree; // places out of workbooks
mod wording; // issues in words

pub use choice::HeaderChoice;
pub(crate) use choice::remembered as header_choices;
pub(crate) use form::field_column;
pub(crate) use keep::{AMBIGUOUS, Kept, NEW, close, keep_one, one, open as open_findings, recheck};
pub(crate) use rows::{birth_of, sex_of};

pub use marked::MarkedFile;

use crate::error::OfficeError;
use crate::office::Office;
use crate::words::say;
use documents::sheet::{ColumnChoices, Forms, Limits};
use ledger::{Deed, LedgerError, Mode};
use rayon::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use take::{FileIn, What};
use vocabulary::{Date, Finding, FindingClass};

/// What is imported and how.
#[derive(Debug, Clone, Default)]
pub struct ImportInput {
    /// Files and folders; a folder's files and those of its folders are taken.
    pub paths: Vec<PathBuf>,
    /// Write; otherwise only look.
    pub commit: bool,
    /// Refuse a file on any finding but a notice.
    pub strict: bool,
    /// The date at which every sheet speaks, instead of its own.
    pub as_of: Option<Date>,
    /// `SHEET!HEADER=column`, as typed.
    pub maps: Vec<String>,
    /// The folder that takes the files with their findings marked on them.
    pub marked: Option<PathBuf>,
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
    /// Its name; below a given folder, the way to it from there.
    pub file: String,
    /// Its tables; a sheet or file that was set aside is an entry without a register.
    pub sheets: Vec<SheetReport>,
    /// The transaction, when something was written.
    pub tx: Option<i64>,
    /// The file with its findings marked on it, when that was asked for and there was something to mark.
    pub marked: Option<MarkedFile>,
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

/// Told about progress: files read or, then, rows taken; how many in all; the file at hand.
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
        let pack = self.pack();
        let typed = choice::typed(&input.maps, &pack)?;
        let meant = folder::files(&input.paths)?;
        if let Some(dir) = &input.marked {
            marked::prepare(dir, &input.paths)?;
        }
        let known = choice::remembered(&*self.reader()?, &pack)?;
        // What is typed now outranks what was remembered.
        let choices = ColumnChoices(choice::kept(&known).chain(typed.clone()).collect());
        let forms = form::forms(&pack);
        let forms = take::Wanted {
            sheets: Forms::new(&forms),
            forms: &forms,
        };
        let clock = self.clock.clone();
        let sight = self.sight();
        let done = std::sync::atomic::AtomicUsize::new(0);
        let mut files: Vec<FileIn> = meant
            .par_iter()
            .map(|file| {
                let read = take::read(file, &forms, &choices, &Limits::default(), &*clock);
                let n = done.fetch_add(1, Ordering::Relaxed) + 1;
                progress(n, meant.len(), &read.name);
                read
            })
            .collect();
        files.sort_by_key(|file| file.order(&pack));
        choice::placed(&typed, &files)?;

        let mut report = ImportReport::default();
        // From here on what counts is rows: one file of many takes longer than many of few.
        let all: usize = files.iter().map(FileIn::rows).sum();
        let before = std::sync::atomic::AtomicUsize::new(0);
        let tick = |name: &str, rows: usize| {
            progress((before.load(Ordering::Relaxed) + rows).min(all), all, name);
        };
        let done = |file: &FileIn| {
            before.fetch_add(file.rows(), Ordering::Relaxed);
        };
        if input.commit {
            let news = choice::news(&typed, &files, &pack, &known);
            if !news.is_empty() {
                let deed = self.deed("map", None);
                self.ledger_mut()?.write(deed, Mode::Commit, |draft| {
                    choice::remember(draft, &known, &news)
                })?;
            }
            for file in &files {
                tick(&file.name, 0);
                let tick = |rows| tick(&file.name, rows);
                report.files.push(self.commit_file(file, input, &tick)?);
                done(file);
            }
        } else {
            let deed = self.deed("import", None);
            let taken = self.ledger_mut()?.write(deed, Mode::Preview, |draft| {
                let mut reports = Vec::new();
                for file in &files {
                    tick(&file.name, 0);
                    let tick = |rows| tick(&file.name, rows);
                    reports.push(take::take(
                        draft,
                        &pack,
                        file,
                        (input.as_of, &sight),
                        (&*clock, &tick),
                    )?);
                    done(file);
                }
                Ok::<_, LedgerError>(reports)
            })?;
            report.files = taken.0.unwrap_or_default();
            // Nothing was kept: the numbers drawn for it mean nothing.
            report.files.iter_mut().for_each(without_numbers);
        }
        if let Some(dir) = &input.marked {
            marked::write(dir, &files, &mut report);
        }
        progress(all, all, "");
        Ok(report)
    }

    fn commit_file(
        &mut self,
        file: &FileIn,
        input: &ImportInput,
        tick: &dyn Fn(usize),
    ) -> Result<FileReport, OfficeError> {
        let pack = self.pack();
        if matches!(file.what, What::Nothing | What::Refused(_)) {
            return Ok(file.untaken());
        }
        let clock = self.clock.clone();
        let began = clock.now().0;
        let sight = self.sight();
        let deed: Deed = self.deed_asked("import", None, &file.sha256)?;
        let outcome = self.ledger_mut()?.write(deed, Mode::Commit, |draft| {
            let before = draft.len();
            let mut report =
                take::take(draft, &pack, file, (input.as_of, &sight), (&*clock, tick))?;
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

/// Findings that were not kept have no numbers.
fn without_numbers(report: &mut FileReport) {
    let findings = report
        .sheets
        .iter_mut()
        .flat_map(|sheet| &mut sheet.findings);
    findings.for_each(|finding| finding.id = None);
}

/// A file refused as a whole: what would have been taken is named, nothing counts.
fn refuse(report: &mut FileReport) {
    without_numbers(report);
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
