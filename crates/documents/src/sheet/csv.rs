//! Comma-separated text: its encoding, its delimiter, its quotes. A cell's row is its physical line.

use crate::sheet::error::{ReadErrorKind, Refusal};
use crate::sheet::packed::SheetBuilder;
use crate::sheet::{Cell, Limits, Sheet};
use std::borrow::Cow;

/// A quoted cell of more lines than this is a quotation mark that nobody closed.
const QUOTED_LINES_MAX: usize = 500;

/// Reads one csv as one sheet.
pub(crate) fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Sheet, Refusal> {
    let text = decode(bytes)?;
    if let Some(byte) = memchr::memchr(0, text.as_bytes()) {
        // UTF-16 without its mark, or no text at all.
        return Err(ReadErrorKind::Encoding {
            byte: byte.min(bytes.len()),
            line: 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..byte]).count(),
        }
        .into());
    }
    let delimiter = delimiter(&text);
    if let Some(line) = open_quote(text.as_bytes(), delimiter) {
        return Err(ReadErrorKind::OpenQuote { line }.into());
    }
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut builder = SheetBuilder::new(*limits);
    let mut record = ::csv::StringRecord::new();
    let mut next = 0;
    let mut lines = Lines { byte: 0, line: 0 };
    loop {
        let more = reader.read_record(&mut record);
        if !more.map_err(|error| ReadErrorKind::Damaged(error.to_string()))? {
            break;
        }
        let byte = record.position().map_or(0, ::csv::Position::byte);
        lines.advance(text.as_bytes(), usize::try_from(byte).unwrap_or(usize::MAX));
        let row = lines.line.max(next);
        next = row + 1;
        for (column, field) in record.iter().enumerate() {
            builder
                .put(row, column, Cell::text(field))
                .map_err(|kind| Refusal::at(kind, name, Some((row, column))))?;
        }
    }
    let sheet = builder.finish(name.to_owned());
    sheet.map_err(|kind| Refusal::at(kind, name, None))
}

/// The line of a quotation mark that nobody closed: the file ends inside the quotation, or it goes on for more
/// lines than a cell has, or another cell's mark closes it lines further down and letters follow. Read on, it would
/// swallow the rows in between.
fn open_quote(text: &[u8], delimiter: u8) -> Option<usize> {
    let (mut at, mut line) = (0, 1);
    // Every mark that opens a field; a mark inside a bare field is a letter.
    while let Some(found) = memchr::memchr(b'"', &text[at..]) {
        let open = at + found;
        line += memchr::memchr_iter(b'\n', &text[at..open]).count();
        at = open + 1;
        let begins_field =
            open == 0 || matches!(text[open - 1], b'\n' | b'\r') || text[open - 1] == delimiter;
        if !begins_field {
            continue;
        }
        let Some(close) = closing(text, at) else {
            return Some(line);
        };
        let lines = memchr::memchr_iter(b'\n', &text[at..close]).count();
        let after = text.get(close + 1).copied();
        let ends_field =
            after.is_none_or(|byte| byte == delimiter || matches!(byte, b'\r' | b'\n' | b' '));
        if lines > QUOTED_LINES_MAX || (lines > 0 && !ends_field) {
            return Some(line);
        }
        line += lines;
        at = close + 1;
    }
    None
}

/// Where a quotation that begins at `from` ends: at the first mark that is not doubled.
fn closing(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr(b'"', &text[at..])?;
        if text.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// Physical lines by byte. The csv library's own count stands at the blank lines before a record.
struct Lines {
    byte: usize,
    line: usize,
}

impl Lines {
    /// Moves to the first byte of the record that is reported at `byte`.
    fn advance(&mut self, text: &[u8], byte: usize) {
        let mut to = byte.clamp(self.byte, text.len());
        while matches!(text.get(to), Some(b'\r' | b'\n')) {
            to += 1;
        }
        self.line += text[self.byte..to]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        self.byte = to;
    }
}

/// The text, from a byte order mark, else strict UTF-8, else strict GB18030 (which holds GBK and GB 2312).
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadErrorKind> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let body = &bytes[mark..];
        return encoding
            .decode_without_bom_handling_and_without_replacement(body)
            .ok_or_else(|| bad_byte(bytes, encoding, mark));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(|| bad_byte(bytes, encoding_rs::GB18030, 0))
}

/// Where the text stops being of this encoding.
fn bad_byte(bytes: &[u8], encoding: &'static encoding_rs::Encoding, skip: usize) -> ReadErrorKind {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = vec![0; 16 * 1024];
    let mut at = skip;
    loop {
        let (result, read, _) =
            decoder.decode_to_utf8_without_replacement(&bytes[at..], &mut out, true);
        at += read;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => break,
            encoding_rs::DecoderResult::Malformed(length, extra) => {
                at = at.saturating_sub(usize::from(length) + usize::from(extra));
                break;
            }
        }
    }
    let at = at.min(bytes.len());
    let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
    ReadErrorKind::Encoding { byte: at, line }
}

/// Comma, unless the first lines hold more of another.
fn delimiter(text: &str) -> u8 {
    let head = || text.lines().take(20).flat_map(str::bytes);
    let count = |mark: u8| head().filter(|byte| *byte == mark).count();
    [b'\t', b';'].into_iter().fold(b',', |best, mark| {
        if count(mark) > count(best) {
            mark
        } else {
            best
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(bytes: &[u8]) -> Sheet {
        read("t", bytes, &Limits::default()).expect("a csv")
    }

    #[test]
    fn every_encoding_that_offices_use() {
        let text = "姓名,村\n王芳,大石村\n";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let bom = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), gb.as_ref(), &utf16, &bom] {
            assert_eq!(sheet(bytes).cell(1, 0), Cell::Text("王芳"));
            assert_eq!(sheet(bytes).cell(0, 0), Cell::Text("姓名"));
        }
    }

    #[test]
    fn a_cell_stands_in_its_physical_line() {
        let sheet = sheet(b"a,b\r\n\r\n\"x\r\ny\",2\r\n,,\r\n3,\"4,\"\"5\"\"\"\r\n,\r\n");
        assert_eq!(sheet.cell(2, 0), Cell::Text("x\r\ny"));
        assert_eq!(sheet.cell(5, 0), Cell::Text("3"));
        assert_eq!(sheet.cell(5, 1), Cell::Text("4,\"5\""));
        assert_eq!(sheet.rows(), 6);
    }

    #[test]
    fn a_byte_of_no_encoding_is_named() {
        let refusal = read("t", b"a,b\nc,\xff\xff\n", &Limits::default()).expect_err("no encoding");
        assert_eq!(refusal.kind, ReadErrorKind::Encoding { byte: 6, line: 2 });
    }

    #[test]
    fn a_quote_that_nobody_closed_is_refused() {
        let mut text = "a,b\n1,\"2\n".to_owned();
        text.push_str(&"3,4\n".repeat(600));
        let refusal = read("t", text.as_bytes(), &Limits::default()).expect_err("open quote");
        assert_eq!(refusal.kind, ReadErrorKind::OpenQuote { line: 2 });
    }

    #[test]
    fn quotes_that_swallow_rows_are_refused_and_others_are_not() {
        for (text, line) in [
            ("a,b\n1,\"2\n3,4\n", Some(2)),
            ("a,b\n1,\"2\n3,\"x\"\n", Some(2)),
            ("a,b\n\"1\n2\",3\n", None),
            ("a,b\n\"1\n2\"\r\n", None),
            ("a,b\n5\" pipe,3\n", None),
            ("a,b\n\"5\"\" pipe\",3\n", None),
            ("a,b\n\"x\"y,3\n", None),
            ("a,\"\"\n1,\"\"\"2\"\"\"\n", None),
            ("\"", Some(1)),
            ("a\n\"b", Some(2)),
        ] {
            assert_eq!(open_quote(text.as_bytes(), b','), line, "{text:?}");
        }
    }

    #[test]
    fn a_zero_byte_is_no_text() {
        let refusal = read("t", b"a,b\nc\0,1\n", &Limits::default()).expect_err("no text");
        assert_eq!(refusal.kind, ReadErrorKind::Encoding { byte: 5, line: 2 });
    }

    #[test]
    fn tabs_and_limits() {
        assert_eq!(sheet(b"a\tb\n1\t2\n").cell(1, 1), Cell::Text("2"));
        let limits = Limits {
            rows: 2,
            ..Limits::default()
        };
        assert!(read("t", b"a\nb\nc\n", &limits).is_err());
    }
}
