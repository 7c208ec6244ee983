//! Reports of the pack, written as documents.

use crate::call::{Call, Out, Reply};
use crate::problem::{Kind, Problem};
use axum::http::{HeaderName, header};
use office::ReportInput;
use serde_json::{Value as Json, json};

/// The formats: the ending and the type.
const FORMATS: [(&str, &str); 4] = [
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("pdf", "application/pdf"),
    ("html", "text/html; charset=utf-8"),
    ("txt", "text/plain; charset=utf-8"),
];

/// Reports that the pack declares.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    let pack = call.office()?.pack();
    let reports = pack.reports.iter();
    let reports = reports.map(|one| json!({"id": one.id, "title": one.title}));
    Ok(Reply::json(
        json!({"reports": reports.collect::<Vec<Json>>()}),
    ))
}

/// Writes one.
pub(crate) fn write(call: &Call) -> Result<Reply, Problem> {
    let format = call.text("format")?.unwrap_or_else(|| "docx".to_owned());
    let Some((ending, kind)) = FORMATS.iter().find(|(ending, _)| *ending == format) else {
        let list: Vec<&str> = FORMATS.iter().map(|(ending, _)| *ending).collect();
        let params = [("types", list.join(", "))];
        let params = params.each_ref().map(|(key, value)| (*key, value.as_str()));
        return Err(Problem::new(Kind::Type, &params).at_field("format"));
    };
    if *ending == "pdf" && !cfg!(feature = "pdf") {
        return Err(Problem::new(Kind::NotBuilt, &[("what", "PDF")]));
    }
    let id = call.path("report");
    let folder = tempfile::tempdir().map_err(|error| crate::problem::fault(&error))?;
    let path = folder.path().join(format!("report.{ending}"));
    let input = ReportInput {
        id: id.to_owned(),
        ask: call.ask_in_body()?,
        outputs: vec![path.clone()],
    };
    let outcome = call.office()?.report(&input)?;
    let bytes = std::fs::read(&path).map_err(|error| crate::problem::fault(&error))?;
    let without = outcome.without_data.len().to_string();
    // A page that somebody else's words may stand in runs nothing, wherever it is opened.
    let lacking = HeaderName::from_static("x-yiben-without-data");
    Ok(Reply::of(Out::Bytes(kind, bytes))
        .with(lacking, without)
        .with(
            header::CONTENT_DISPOSITION,
            attachment(&format!("{id}.{ending}")),
        ))
}

/// A file to be saved under this name.
pub(crate) fn attachment(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename*=UTF-8''{encoded}")
}
