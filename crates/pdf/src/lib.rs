//! A finished report as PDF, by typst as a library.
//!
//! The one crate that knows typst: it is heavy to build and its API moves. It grants typst the
//! report's own text and the fonts found, nothing else: no file, no network, no clock.

mod fonts; // which fonts there are, and which a report needs
mod source; // the report as typst source
mod world; // all that typst may see

use std::sync::mpsc;
use std::time::Duration;

use documents::report::Document;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

pub use fonts::{Fonts, FontsMissing};

/// A report of many hundred pages takes seconds; longer is a fault, not a long report.
pub const TIME_LIMIT: Duration = Duration::from_secs(60);

/// A rendered report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The PDF file.
    pub bytes: Vec<u8>,
    /// Characters that the font of their place lacks, with the family they were taken from.
    pub substituted: Vec<(char, String)>,
    /// Characters that no font found here has: they are boxes on the page.
    pub missing: Vec<char>,
    /// The family used for title, body, first- and second-level headings and page numbers.
    pub families: Vec<(&'static str, String)>,
}

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// No Chinese font.
    #[error(transparent)]
    Fonts(#[from] FontsMissing),
    /// Typst refused the source: our fault.
    #[error("typst refused the report: {0}")]
    Refused(String),
    /// It took longer than allowed.
    #[error("the PDF was not ready after {0} seconds")]
    TimedOut(u64),
    /// The thread could not start or died: our fault.
    #[error("the PDF writer stopped: {0}")]
    Stopped(String),
}

/// Renders a report within [`TIME_LIMIT`].
pub fn render(document: &Document, fonts: &Fonts) -> Result<Rendered, PdfError> {
    render_within(document, fonts, TIME_LIMIT)
}

/// Renders a report within a stated time.
pub fn render_within(
    document: &Document,
    fonts: &Fonts,
    limit: Duration,
) -> Result<Rendered, PdfError> {
    let written = source::write(document);
    let chosen = fonts.choose(&written.characters)?;
    let text = source::finish(document, &written, &chosen);
    let world = world::World::new(text, chosen.fonts.clone());
    let timestamp = document.properties.created.and_then(timestamp);
    let (send, receive) = mpsc::channel();
    // Typst cannot be interrupted: past the limit its thread is left to end by itself.
    std::thread::Builder::new()
        .name("pdf".into())
        .stack_size(16 << 20)
        .spawn(move || {
            let result = compile(&world, timestamp);
            // Typst's memory of past layouts is process-wide and grows for ever otherwise.
            comemo::evict(0);
            // Nobody listens past the limit.
            let _ = send.send(result);
        })
        .map_err(|e| PdfError::Stopped(e.to_string()))?;
    let bytes = match receive.recv_timeout(limit) {
        Ok(result) => result?,
        Err(mpsc::RecvTimeoutError::Timeout) => return Err(PdfError::TimedOut(limit.as_secs())),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            return Err(PdfError::Stopped("its thread panicked".into()));
        }
    };
    Ok(Rendered {
        bytes,
        substituted: chosen.substituted,
        missing: chosen.missing,
        families: chosen.families,
    })
}

fn compile(world: &world::World, timestamp: Option<Timestamp>) -> Result<Vec<u8>, PdfError> {
    let refused = |errors: &[typst::diag::SourceDiagnostic]| {
        PdfError::Refused(
            errors
                .iter()
                .map(|e| e.message.as_str())
                .collect::<Vec<_>>()
                .join("; "),
        )
    };
    let paged = typst::compile::<PagedDocument>(world)
        .output
        .map_err(|e| refused(&e))?;
    let creator = typst::foundations::Smart::Custom(Some("Yiben".to_owned()));
    let options = PdfOptions {
        timestamp,
        creator,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&paged, &options).map_err(|e| refused(&e))
}

/// `2022-12-31T17:00:00…` in UTC.
fn timestamp(moment: vocabulary::Moment) -> Option<Timestamp> {
    let text = moment.to_string();
    let part = |at: std::ops::Range<usize>| text.get(at).and_then(|t| t.parse::<u8>().ok());
    let date = typst::foundations::Datetime::from_ymd_hms(
        text.get(..4)?.parse().ok()?,
        part(5..7)?,
        part(8..10)?,
        part(11..13)?,
        part(14..16)?,
        part(17..19)?,
    )?;
    Some(Timestamp::new_utc(date))
}
