//! Reports: a template of the pack, filled with figures, as Word, PDF, HTML or text. Every printed number carries
//! its identity, and the document holds what is behind it.

mod fill; // the template, filled
mod places; // the template's doors to figures
mod shown; // numbers in the unit and step that a sentence wants
mod traces; // what is behind the numbers

use super::figure::AskInput;
use crate::deeds::figure::counts;
use crate::deeds::record::refused;
use crate::error::OfficeError;
use crate::office::Office;
use crate::words::{say, word};
use documents::report::{Document, Properties, Signature};
use documents::{html, text, word as docx};
use figures::{Engine, FigureId};
use std::path::PathBuf;
use vocabulary::FindingClass;

/// How many records of a figure a page on the screen shows; `yiben trace` shows all.
const RECORDS_ON_SCREEN: usize = 200;

/// How many records of a figure a printed appendix shows.
const RECORDS_IN_PRINT: usize = 3;

/// How many characters of half width a line of the text form has.
const TEXT_WIDTH: usize = 72;

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Word.
    Docx,
    /// PDF.
    Pdf,
    /// One HTML file.
    Html,
    /// Plain text.
    Text,
}

/// A report as asked for.
#[derive(Debug, Clone, Default)]
pub struct ReportInput {
    /// Its id in the pack.
    pub id: String,
    /// The question.
    pub ask: AskInput,
    /// Where to; the ending says as what.
    pub outputs: Vec<PathBuf>,
}

/// A file written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Where.
    pub path: PathBuf,
    /// As what.
    pub format: Format,
    /// How many bytes.
    pub bytes: usize,
}

/// A figure that is printed as having no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithoutData {
    /// Its id with its member, and `@date` or `@period` when asked at another time.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why, in words.
    pub why: String,
    /// The titles of the registers behind it that nobody has imported.
    pub registers: Vec<String>,
}

/// What became of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportOutcome {
    /// The files.
    pub files: Vec<ReportFile>,
    /// Figures without data.
    pub without_data: Vec<WithoutData>,
    /// Characters that a fallback font had to print in the PDF, with the font; a missing font for none.
    pub substituted: Vec<(char, String)>,
    /// Characters that no font has.
    pub missing: Vec<char>,
}

impl Format {
    /// The format that a file's ending means.
    pub fn of(path: &std::path::Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "docx" => Some(Format::Docx),
            "pdf" => Some(Format::Pdf),
            "html" | "htm" => Some(Format::Html),
            "txt" => Some(Format::Text),
            _ => None,
        }
    }
}

impl Office {
    /// Writes a report. All outputs are made before the first is written. Needs the deed `report`.
    pub fn report(&self, input: &ReportInput) -> Result<ReportOutcome, OfficeError> {
        self.may("report")?;
        let formats = formats(&input.outputs)?;
        let on_screen = formats.iter().any(|(_, format)| *format == Format::Html);
        let records_max = if on_screen {
            RECORDS_ON_SCREEN
        } else {
            RECORDS_IN_PRINT
        };
        let (document, without_data) = self.report_document(&input.id, &input.ask, records_max)?;
        let mut outcome = ReportOutcome {
            without_data,
            ..ReportOutcome::default()
        };
        let mut made = Vec::new();
        for (path, format) in formats {
            let bytes = match format {
                Format::Docx => docx::write(&document, &docx::Settings::default()),
                Format::Html => html::write(&document).into_bytes(),
                Format::Text => text::write(&document, TEXT_WIDTH).into_bytes(),
                Format::Pdf => pdf_bytes(&document, &mut outcome)?,
            };
            made.push((path, format, bytes));
        }
        for (path, format, bytes) in made {
            std::fs::write(&path, &bytes).map_err(|source| OfficeError::File {
                path: path.display().to_string(),
                source,
            })?;
            outcome.files.push(ReportFile {
                path,
                format,
                bytes: bytes.len(),
            });
        }
        Ok(outcome)
    }

    /// The finished document, and the figures in it that have no data.
    fn report_document(
        &self,
        id: &str,
        ask: &AskInput,
        records_max: usize,
    ) -> Result<(Document, Vec<WithoutData>), OfficeError> {
        let reader = self.reader()?;
        let ask = self.ask(&reader, ask)?;
        let pack = self.pack();
        let Some(report) = pack.report(id) else {
            let known: Vec<&str> = pack
                .reports
                .iter()
                .map(|report| report.id.as_str())
                .collect();
            let known = known.join(&word("word.comma", &[]));
            let finding = say(
                "O102",
                FindingClass::Rejected,
                &[("id", id), ("known", &known)],
            );
            return Err(OfficeError::Asked(Box::new(finding)));
        };
        // Not the present moment: the same question on the same ledger gives the same bytes.
        let head = reader.head()?.0;
        let written = reader.transactions(head..=head)?.first().map(|tx| tx.at);
        let sight = self.sight();
        let engine = Engine::new(&pack, &*reader).limited_to(sight.divisions());
        let town = match ask.within.or(sight.divisions().first().copied()) {
            None => self.book_name().to_owned(),
            Some(division) => {
                let place = reader.divisions()?.into_iter().find(|d| d.id == division);
                place.map_or_else(|| self.book_name().to_owned(), |place| place.name)
            }
        };
        let filled = fill::fill(&pack, report, &engine, &sight, &ask, &town)?;
        for printed in &filled.printed {
            let id = FigureId::parse(&printed.id, &pack)?;
            if !counts(&sight, &engine, &id, &ask)? {
                return Err(refused("O235", &[("id", report.id.as_str())]));
            }
        }
        let mut document = documents::markdown::parse(&filled.text).map_err(|refused| {
            OfficeError::Report(refused.iter().map(ToString::to_string).collect())
        })?;
        document.title = filled.title;
        document.signature = Some(Signature {
            unit: town.clone(),
            date: places::chinese_date(ask.at),
        });
        document.traces =
            traces::traces((&pack, &sight), &engine, &ask, &filled.printed, records_max)?;
        document.properties = Properties {
            author: town,
            subject: word("report.as_of", &[("date", &ask.at.to_string())]),
            created: written,
        };
        Ok((document, filled.without_data))
    }
}

fn formats(outputs: &[PathBuf]) -> Result<Vec<(PathBuf, Format)>, OfficeError> {
    let of = |path: &PathBuf| {
        Format::of(path)
            .map(|format| (path.clone(), format))
            .ok_or_else(|| {
                let file = path.display().to_string();
                OfficeError::Asked(Box::new(say(
                    "O110",
                    FindingClass::Rejected,
                    &[("file", &file)],
                )))
            })
    };
    outputs.iter().map(of).collect()
}

#[cfg(feature = "pdf")]
fn pdf_bytes(document: &Document, outcome: &mut ReportOutcome) -> Result<Vec<u8>, OfficeError> {
    let fonts = pdf::Fonts::find(None).map_err(|error| OfficeError::Report(error.to_string()))?;
    let rendered =
        pdf::render(document, &fonts).map_err(|error| OfficeError::Report(error.to_string()))?;
    outcome.substituted = rendered.substituted;
    outcome.missing = rendered.missing;
    Ok(rendered.bytes)
}

#[cfg(not(feature = "pdf"))]
fn pdf_bytes(_: &Document, _: &mut ReportOutcome) -> Result<Vec<u8>, OfficeError> {
    Err(OfficeError::Report(word("report.no_pdf", &[])))
}
