//! Writes the tests' sample report in every format into a folder, to be looked at.
//!
//! `cargo run -p pdf --example sample -- out`

use std::path::PathBuf;
use std::time::Instant;

use documents::{html, text, word};

#[path = "../../documents/tests/it/report/sample.rs"]
mod sample;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    let report = sample::sample();
    std::fs::write(
        folder.join("sample.docx"),
        word::write(&report, &word::Settings::default()),
    )?;
    std::fs::write(folder.join("sample.html"), html::write(&report))?;
    std::fs::write(
        folder.join("sample.txt"),
        text::write(&report, text::COLUMNS),
    )?;
    let start = Instant::now();
    let rendered = pdf::render(&report, &pdf::Fonts::find(None)?)?;
    let took = start.elapsed();
    std::fs::write(folder.join("sample.pdf"), &rendered.bytes)?;
    let said = format!(
        "pdf {took:?}, {} bytes, {:?}, substituted {:?}, missing {:?}\n",
        rendered.bytes.len(),
        rendered.families,
        rendered.substituted,
        rendered.missing
    );
    std::io::Write::write_all(&mut std::io::stdout(), said.as_bytes())?;
    Ok(())
}
