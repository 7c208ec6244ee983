//! Files made to exhaust the reader, and files that are not what their name says. Each ends soon, with a sentence that
//! says what, where, and what to do.

use super::files::{refuse, workbook, zipped};
use super::forms::roster;
use documents::sheet::limits::FINDINGS_MAX;
use documents::sheet::{
    ColumnChoices, Limits, Merge, ReadError, ReadErrorKind, Sheet, Workbook, match_tables, open,
};
use std::fmt::Write;
use std::path::Path;
use vocabulary::Value;

/// An `.xls` as an office program saves it: a title over a header and twelve rows.
const XLS: &[u8] = include_bytes!("small.xls");

fn read(name: &str, bytes: &[u8]) -> Result<Workbook, ReadError> {
    open(Path::new(name), bytes, &Limits::default())
}

#[test]
fn ten_thousand_sheets_are_too_many() {
    let mut sheets = String::new();
    for number in 1..=10_000 {
        write!(
            sheets,
            r#"<sheet name="s{number}" sheetId="{number}" r:id="rId1"/>"#
        )
        .expect("text");
    }
    let book = format!(
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>"#
    );
    let rels = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let bytes = zipped(&[
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
    ]);
    let (code, said) = refuse("a.xlsx", &bytes, &Limits::default());
    assert!(code == "D132" && said.contains("10000 张工作表"), "{said}");
}

#[test]
fn more_merges_than_a_sheet_has_are_refused_not_dropped() {
    let mut merges = String::new();
    for row in 1..=200_001 {
        write!(merges, r#"<mergeCell ref="A{row}:B{row}"/>"#).expect("text");
    }
    let rows = format!(
        r#"<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>{merges}</mergeCells><sheetData>"#
    );
    let error = read("a.xlsx", &workbook(&rows)).expect_err("too many");
    let finding = error.finding();
    assert_eq!(finding.code, "D132");
    assert_eq!(finding.sheet.as_deref(), Some("表"));
    assert!(finding.said.contains("合并单元格"), "{}", finding.said);
}

#[test]
fn a_text_that_is_longer_than_a_cell_is_named_with_its_cell() {
    let long = "字".repeat(50_000);
    let rows = format!(r#"<row r="7"><c r="C7" t="inlineStr"><is><t>{long}</t></is></c></row>"#);
    let finding = read("a.xlsx", &workbook(&rows))
        .expect_err("too long")
        .finding();
    assert_eq!(
        (finding.sheet.as_deref(), finding.cell.as_deref()),
        (Some("表"), Some("C7"))
    );
    assert!(finding.said.contains("150000 字节"), "{}", finding.said);
}

#[test]
fn far_cells_from_the_last_row_up_do_not_fill_the_machine() {
    let mut rows = String::new();
    for row in (1..=20_000).rev() {
        write!(rows, r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#).expect("text");
    }
    let (code, said) = refuse("a.xlsx", &workbook(&rows), &Limits::default());
    assert!(code == "D132" && said.contains("单元格数"), "{said}");
}

#[test]
fn every_limit_says_what_it_is() {
    let limits = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        limits
    };
    for (csv, limits, word) in [
        ("a\nb\nc\n", limits(|l| l.rows = 2), "行数"),
        ("a,b,c\n", limits(|l| l.columns = 2), "列数"),
        ("a,b,c\n", limits(|l| l.cells = 2), "单元格数"),
        ("a,bcd\n", limits(|l| l.text_bytes = 2), "3 字节文字"),
        ("a,bcd\n", limits(|l| l.file_bytes = 2), "文件有 6 字节"),
    ] {
        let (code, said) = refuse("a.csv", csv.as_bytes(), &limits);
        assert!(code == "D132" && said.contains(word), "{said}");
    }
}

#[test]
fn a_csv_of_one_endless_line_ends() {
    let cells = "1,".repeat(5_000_000);
    assert!(
        refuse("a.csv", cells.as_bytes(), &Limits::default())
            .1
            .contains("列数")
    );
    let letters = "字".repeat(4_000_000);
    assert!(
        refuse("a.csv", letters.as_bytes(), &Limits::default())
            .1
            .contains("字节文字")
    );
    let quote = format!("a,b\n\"{}", "1,2\n".repeat(2_000_000));
    let error = read("a.csv", quote.as_bytes()).expect_err("an open quote");
    assert_eq!(error.kind, ReadErrorKind::OpenQuote { line: 2 });
}

#[test]
fn a_quote_left_open_near_the_end_loses_no_row_silently() {
    let error = read("a.csv", b"a,b\n1,2\n3,\"4\n5,6\n7,8\n").expect_err("an open quote");
    assert_eq!(error.kind, ReadErrorKind::OpenQuote { line: 3 });
    assert!(error.finding().said.contains("第 3 行"));
}

#[test]
fn what_is_something_else_is_called_by_its_name() {
    let ods = zipped(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("content.xml", b"<x/>"),
    ]);
    let word = zipped(&[("word/document.xml", b"<x/>")]);
    let binary = zipped(&[("xl/workbook.bin", b"x")]);
    let other = zipped(&[("holiday.jpg", b"x")]);
    let html = "\u{feff}  <html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><table><tr><td>姓名</td></tr></table></html>";
    // Of a page in the encoding of a Chinese Windows only the tags are the same bytes.
    let gb: Vec<u8> = html
        .bytes()
        .map(|byte| if byte.is_ascii() { byte } else { 0xb4 })
        .collect();
    let xml = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>";
    let utf16: Vec<u8> = xml.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut doc = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    doc.extend("WordDocument".encode_utf16().flat_map(u16::to_le_bytes));
    for (name, bytes, word) in [
        ("a.xlsx", ods.as_slice(), "OpenDocument"),
        ("a.xlsx", &word, "Word"),
        ("a.xlsx", &binary, ".xlsb"),
        ("a.xlsx", &other, "压缩包"),
        ("a.xls", html.as_bytes(), "HTML"),
        ("a.csv", html.as_bytes(), "HTML"),
        ("a.xls", &gb, "HTML"),
        ("a.xls", xml.as_bytes(), "XML"),
        ("a.xls", &utf16, "XML"),
        ("a.xls", b"%PDF-1.7 ...", "PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n", "图片"),
        ("a.xls", "姓名,村\n王芳,大石村\n".as_bytes(), "逗号或制表符"),
        ("a.xls", &doc, "Word"),
    ] {
        let (code, said) = refuse(name, bytes, &Limits::default());
        assert!(code == "D130" && said.contains(word), "{word}: {said}");
    }
    // A cell may begin with a bracket.
    assert!(read("a.csv", b"<1,2\n3,4\n").is_ok());
}

/// Two cells at the two ends of the world, in seven kilobytes: a grid of them would be a hundred gigabytes.
#[test]
fn far_cells_of_an_xls_do_not_fill_the_machine() {
    let mut bytes = XLS.to_vec();
    let label = |bytes: &[u8]| {
        bytes
            .windows(4)
            .rposition(|four| four == [0xfd, 0x00, 0x0a, 0x00])
    };
    let at = label(&bytes).expect("a cell of text");
    bytes[at + 4..at + 8].fill(0xff);
    let (code, said) = refuse("a.xls", &bytes, &Limits::default());
    assert!(code == "D132" && said.contains("单元格数"), "{said}");
}

/// The sectors of a container lead on to each other; here one leads back to itself.
#[test]
fn an_xls_whose_sectors_go_in_a_circle_is_damaged() {
    let number = |at: usize| u32::from_le_bytes(XLS[at..at + 4].try_into().expect("four bytes"));
    let table = 512 * (1 + number(76) as usize);
    let whole = read("a.xls", XLS).expect("whole");
    let mut refused = 0;
    for sector in 0..13_u32 {
        let mut bytes = XLS.to_vec();
        let at = table + 4 * sector as usize;
        bytes[at..at + 4].copy_from_slice(&sector.to_le_bytes());
        match read("a.xls", &bytes) {
            // Some are led to by nothing.
            Ok(book) => assert_eq!(book, whole, "sector {sector}"),
            Err(error) => {
                assert_eq!(error.code(), "D133", "sector {sector}");
                refused += 1;
            }
        }
    }
    assert!(refused > 5, "only {refused} circles were seen");
}

#[test]
fn the_small_xls_is_read_whole() {
    let book = read("a.xls", XLS).expect("a workbook");
    assert_eq!(book.sheets.len(), 1);
    assert_eq!(book.sheets[0].cell(13, 0).shown(), "张三11");
    assert_eq!(book.sheets[0].merges.len(), 1);
}

/// A file that was cut off while it was copied: refused, or read with every cell that the whole file has. Half a table
/// is never taken for a whole one.
#[test]
fn a_truncated_file_is_refused_or_whole() {
    let rows: String = (1..=200)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>"#))
        .collect();
    let xlsx = workbook(&rows);
    for (name, bytes) in [("a.xlsx", xlsx.as_slice()), ("a.xls", XLS)] {
        let whole = read(name, bytes).expect("whole");
        for step in 0..20 {
            let cut = &bytes[..bytes.len() * step / 20];
            match read(name, cut) {
                Ok(book) => assert_eq!(book, whole, "{name} cut at {step}/20"),
                Err(error) => {
                    let finding = error.finding();
                    assert!(
                        !finding.said.is_empty() && !finding.next.is_empty(),
                        "{finding:?}"
                    );
                }
            }
        }
    }
}

/// What bytes are turned over at random never ends in a panic or in an endless loop.
#[test]
fn a_damaged_xls_is_refused_or_read() {
    let mut seed = 0x9e37_79b9_u32;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        seed as usize
    };
    for _ in 0..300 {
        let mut bytes = XLS.to_vec();
        for _ in 0..4 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        let few = Limits {
            cells: 100_000,
            ..Limits::default()
        };
        let _ = open(Path::new("a.xls"), &bytes, &few);
    }
}

/// A sheet of this many rows, every cell a header word.
fn headers(rows: usize, columns: usize) -> Sheet {
    let words = ["姓名", "村", "出生年月", "身份证号", "备注"];
    let row: Vec<&str> = (0..columns).map(|at| words[at % words.len()]).collect();
    Sheet::from_rows("t", &vec![row; rows])
}

/// Two hundred thousand merges in one row, each over all the others.
#[test]
fn merges_upon_merges_end() {
    let mut sheet = headers(20, 2_000);
    sheet.merges = (0..200_000)
        .map(|at| Merge {
            top: 0,
            left: at % 7,
            bottom: at % 3,
            right: 16_383,
        })
        .collect();
    let reading = match_tables(&sheet, &[roster()], "t.xlsx", &ColumnChoices::default());
    assert!(!reading.tables.is_empty() || reading.set_aside.is_some());
}

/// Words in one row and gaps under them in the next: a gap looks left for the word it belongs to.
#[test]
fn wide_headers_with_gaps_end() {
    let mut top = vec!["姓名"];
    top.resize(16_384, "");
    let below = vec!["村"; 16_384];
    let sheet = Sheet::from_rows("t", &[top, below]);
    let reading = match_tables(&sheet, &[roster()], "t.xlsx", &ColumnChoices::default());
    assert!(!reading.tables.is_empty() || reading.set_aside.is_some());
}

/// A broken column of a long sheet: so many sentences are kept, the rest is counted, and no value is made up.
#[test]
fn findings_beyond_the_most_are_counted() {
    let mut rows = vec![vec!["村", "姓名", "出生年月"]];
    rows.resize(FINDINGS_MAX + 8, vec!["大石村", "王芳", "不详吧"]);
    let sheet = Sheet::from_rows("t", &rows);
    let reading = match_tables(&sheet, &[roster()], "t.xlsx", &ColumnChoices::default());
    let table = &reading.tables[0];
    assert_eq!(table.findings.len(), FINDINGS_MAX + 1);
    let last = table.findings.last().expect("the count");
    assert!(
        last.code == "D119" && last.said.contains("还有 7 个"),
        "{}",
        last.said
    );
    let last = table.rows.last().expect("a row");
    assert!(last.values[2].rejected && last.values[2].value == Value::Null);
}
