//! What kind of file it is, by its content first and its name second, and the way to its reader.

use crate::sheet::error::{ReadError, ReadErrorKind};
use crate::sheet::{Limits, Workbook, book, csv};
use std::path::Path;

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Refuses a file by its size alone, before it is read into memory.
pub fn weigh(path: &Path, size: u64, limits: &Limits) -> Result<(), ReadError> {
    if size <= limits.file_bytes {
        return Ok(());
    }
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let kind = ReadErrorKind::TooLarge {
        what: "file",
        value: size,
        limit: limits.file_bytes,
    };
    Err(ReadError::new(&file, kind))
}

/// Reads a workbook from its bytes. `path` gives the name and the ending only; nothing is opened.
pub fn open(path: &Path, bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let refuse = |kind: ReadErrorKind| ReadError::new(&file, kind);
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    weigh(path, size, limits)?;
    if bytes.is_empty() {
        return Err(refuse(ReadErrorKind::Empty));
    }
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    let sheets = if bytes.starts_with(ZIP) {
        book::read_xlsx(bytes, limits)
    } else if bytes.starts_with(OLE) {
        if has_utf16(bytes, "EncryptedPackage") {
            Err(ReadErrorKind::Encrypted.into())
        } else if has_utf16(bytes, "Workbook") || has_utf16(bytes, "Book") {
            book::read_xls(bytes, limits)
        } else if has_utf16(bytes, "WordDocument") {
            Err(ReadErrorKind::Other("word").into())
        } else {
            Err(ReadErrorKind::NotAWorkbook.into())
        }
    } else if let Some(other) = disguise(bytes) {
        Err(ReadErrorKind::Other(other).into())
    } else if matches!(ending.as_str(), "csv" | "tsv" | "txt") {
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        csv::read(&name, bytes, limits).map(|sheet| vec![sheet])
    } else {
        Err(plain(bytes).into())
    };
    let sheets = sheets.map_err(|refusal| ReadError::new(&file, refusal))?;
    if sheets.iter().all(|sheet| sheet.is_empty()) {
        return Err(refuse(ReadErrorKind::Empty));
    }
    Ok(Workbook { file, sheets })
}

/// How far into a file its kind is looked for.
const HEAD: usize = 1_024;

/// What a file is whose first bytes say it, whatever its name: pages and texts that other programs save as
/// `.xls`, pictures, PDF.
fn disguise(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.starts_with(b"%PDF") {
        return Some("pdf");
    }
    if [&b"\x89PNG"[..], b"\xff\xd8\xff", b"GIF8", b"BM6"]
        .iter()
        .any(|mark| head.starts_with(mark))
    {
        return Some("picture");
    }
    if head.starts_with(b"{\\rtf") {
        return Some("word");
    }
    if [&b"Rar!"[..], b"7z\xbc\xaf", b"\x1f\x8b"]
        .iter()
        .any(|mark| head.starts_with(mark))
    {
        return Some("archive");
    }
    // Text may be in any encoding of one byte a letter, or in UTF-16: its tags are ASCII either way.
    let letters: String = head
        .iter()
        .filter(|byte| byte.is_ascii() && **byte != 0)
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let text = letters.trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let is_page = ["<!doctype html", "<html", "<table", "<head", "<meta"]
        .iter()
        .any(|tag| text.contains(tag));
    let is_document = ["<?xml", "<workbook", "<!doctype"]
        .iter()
        .any(|tag| text.starts_with(tag));
    match (is_page, is_document) {
        (true, _) => Some("html"),
        (false, true) => Some("xml"),
        (false, false) => None,
    }
}

/// What bytes are that no reader takes: text that only lacks the ending, or nothing that is known.
fn plain(bytes: &[u8]) -> ReadErrorKind {
    let head = &bytes[..bytes.len().min(HEAD)];
    let has_separators = head.contains(&b',') || head.contains(&b'\t');
    let is_text = head
        .iter()
        .all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\r' | b'\n'));
    if is_text && has_separators && head.contains(&b'\n') {
        ReadErrorKind::Other("text")
    } else {
        ReadErrorKind::NotAWorkbook
    }
}

/// Whether an OLE container names a stream so; names lie there as UTF-16.
fn has_utf16(bytes: &[u8], name: &str) -> bool {
    let needle: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(needle.len()).any(|window| window == needle)
}
