//! What kind of file it is, by its content first and its name second, and the way to its reader.

use crate::sheet::error::{ReadError, ReadErrorKind};
use crate::sheet::{Limits, Workbook, book, csv};
use std::path::Path;

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Reads a workbook from its bytes. `path` gives the name and the ending only; nothing is opened.
pub fn open(path: &Path, bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let file = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let refuse = |kind| ReadError::new(&file, kind);
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.file_bytes {
        return Err(refuse(ReadErrorKind::TooLarge {
            what: "file",
            value: size,
            limit: limits.file_bytes,
        }));
    }
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
            Err(ReadErrorKind::Encrypted)
        } else if has_utf16(bytes, "Workbook") || has_utf16(bytes, "Book") {
            book::read_xls(bytes, limits)
        } else {
            Err(ReadErrorKind::NotAWorkbook)
        }
    } else if matches!(ending.as_str(), "csv" | "tsv" | "txt") {
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        csv::read(&name, bytes, limits).map(|sheet| vec![sheet])
    } else {
        Err(ReadErrorKind::NotAWorkbook)
    };
    let sheets = sheets.map_err(refuse)?;
    if sheets.iter().all(|sheet| sheet.is_empty()) {
        return Err(refuse(ReadErrorKind::Empty));
    }
    Ok(Workbook { file, sheets })
}

/// Whether an OLE container names a stream so; names lie there as UTF-16.
fn has_utf16(bytes: &[u8], name: &str) -> bool {
    let needle: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(needle.len()).any(|window| window == needle)
}
