//! A whole register as a file, page by page, so that memory does not grow with it.
//!
//! csv and ndjson leave while they are made, through a channel of a few pieces; whoever reads nothing for half a minute,
//! or is not done in ten, is dropped. xlsx lies in a file without a name before it leaves: it has no beginning before its
//! end is known. In csv a text that a spreadsheet would take for a formula gets an apostrophe in front.

use crate::body::{Giving, Gone, pieces};
use crate::call::{Call, Out, Reply};
use crate::limits::LONG_TIME;
use crate::problem::{Kind, Problem, fault};
use crate::routes::registers::asked;
use crate::routes::reports::attachment;
use crate::say::say;
use axum::http::header;
use office::{FieldShown, ListInput, ListReport, Office, RecordRow};
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;
use std::io::{Seek as _, Write as _};
use std::time::Instant;
use vocabulary::{Date, Value};

/// Records asked for at once.
const PAGE: usize = 1000;

/// Rows of a sheet, its header among them: Excel stops at 1,048,576.
const SHEET_ROWS_MAX: u32 = 1_048_576;

/// Columns in front of the fields, by the key of their words.
const OWN: [&str; 4] = ["record", "division", "from", "to"];

/// Gives a register away.
pub(crate) fn export(call: &Call) -> Result<Reply, Problem> {
    let mut input = asked(call)?;
    if call.one("limit").is_some() || call.one("after").is_some() {
        let why = say("malformed.whole", &[]);
        return Err(Problem::malformed(&why).at_field("limit"));
    }
    input.limit = Some(PAGE);
    let format = call.one("format").unwrap_or("csv");
    let mut office = call.office()?;
    // Refusals are told before the first piece leaves, and a reason is written down once.
    let first = office.records(&input)?;
    let place = call.desk.exports.clone().try_acquire_owned();
    let place = place.map_err(|_| Problem::new(Kind::Busy, &[]).after(10))?;
    let name = attachment(&format!("{}.{format}", first.register_title));
    let pages = Pages {
        office,
        input,
        next: Some(first),
    };
    let out = match format {
        "xlsx" => {
            let file = spreadsheet(pages)?;
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Out::Open(kind, file)
        }
        "csv" | "ndjson" => {
            let (giving, body) = pieces();
            let (kind, line): (_, Lines) = if format == "csv" {
                ("text/csv; charset=utf-8", csv)
            } else {
                ("application/x-ndjson", ndjson)
            };
            tokio::task::spawn_blocking(move || {
                let _place = place;
                give(pages, &giving, line);
            });
            Out::Body(kind, body)
        }
        _ => {
            let params = [("types", "csv, ndjson, xlsx")];
            return Err(Problem::new(Kind::Type, &params).at_field("format"));
        }
    };
    Ok(Reply::of(out).with(header::CONTENT_DISPOSITION, name))
}

/// The pages of one list, all of one state of the book: the office keeps its reader until it writes.
struct Pages {
    office: Office,
    input: ListInput,
    next: Option<ListReport>,
}

impl Pages {
    fn take(&mut self) -> Result<Option<ListReport>, Problem> {
        let Some(page) = self.next.take() else {
            return Ok(None);
        };
        if let Some(after) = &page.next {
            self.input.after = Some(after.clone());
            self.next = Some(self.office.records(&self.input)?);
        }
        Ok(Some(page))
    }
}

/// The text of a page; the header too when it is the first.
type Lines = fn(&ListReport, bool) -> String;

fn give(mut pages: Pages, giving: &Giving, lines: Lines) {
    let begun = Instant::now();
    let mut first = true;
    loop {
        match pages.take() {
            Ok(None) => return,
            Ok(Some(page)) if begun.elapsed() < LONG_TIME => {
                if giving.give(lines(&page, first)) == Err(Gone) {
                    return;
                }
                first = false;
            }
            Ok(Some(_)) | Err(_) => return giving.break_off(),
        }
    }
}

fn until(to: Date) -> String {
    if to == Date::FOREVER {
        String::new()
    } else {
        to.to_string()
    }
}

fn since(from: Date) -> String {
    if from == Date::BEGINNING {
        String::new()
    } else {
        from.to_string()
    }
}

fn csv(page: &ListReport, first: bool) -> String {
    let mut out = String::new();
    if first {
        // Excel takes a file without the mark for GBK.
        out.push('\u{feff}');
        let own = OWN.map(|key| say(&format!("export.{key}"), &[]));
        let titles = own.iter().chain(page.fields.iter().map(|(_, title)| title));
        let titles: Vec<String> = titles.map(|title| cell(title)).collect();
        let _ = write!(out, "{}\r\n", titles.join(","));
    }
    for row in &page.rows {
        let (from, to) = (since(row.from), until(row.to));
        let _ = write!(
            out,
            "{},{},{from},{to}",
            row.record,
            cell(&row.division_name)
        );
        for value in &row.values {
            out.push(',');
            out.push_str(&cell(&value.shown));
        }
        out.push_str("\r\n");
    }
    out
}

/// A text as one cell that no spreadsheet takes for a formula. A plain number stays one.
fn cell(text: &str) -> String {
    let number = text.strip_prefix('-').unwrap_or(text);
    let number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number;
    let quote = if formula { "'" } else { "" };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{quote}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{quote}{text}")
    }
}

fn ndjson(page: &ListReport, _: bool) -> String {
    let mut out = String::new();
    for row in &page.rows {
        let _ = writeln!(out, "{}", line(row));
    }
    out
}

fn line(row: &RecordRow) -> Json {
    let values = row.values.iter().map(|value| {
        let stored = match &value.value {
            Value::Int(int) => json!(int),
            Value::Text(text) => json!(text),
            Value::Null if value.masked => json!(value.shown),
            Value::Null => Json::Null,
        };
        (value.field.clone(), stored)
    });
    json!({
        "record": row.record, "division": row.division, "from": row.from.to_string(), "to": row.to.to_string(),
        "tx": row.tx, "values": values.collect::<Map<String, Json>>(),
    })
}

/// A workbook in a file without a name.
fn spreadsheet(mut pages: Pages) -> Result<std::fs::File, Problem> {
    let failed = |error: XlsxError| fault(&error);
    let mut workbook = Workbook::new();
    let mut row = SHEET_ROWS_MAX;
    let mut sheets = 0;
    while let Some(page) = pages.take()? {
        for record in &page.rows {
            if row >= SHEET_ROWS_MAX {
                head(&mut workbook, &page, sheets).map_err(failed)?;
                (row, sheets) = (1, sheets + 1);
            }
            let sheet = workbook.worksheet_from_index(sheets - 1).map_err(failed)?;
            write_row(sheet, row, record).map_err(failed)?;
            row += 1;
        }
        if sheets == 0 {
            head(&mut workbook, &page, 0).map_err(failed)?;
            (row, sheets) = (1, 1);
        }
    }
    let mut file = tempfile::tempfile().map_err(|error| fault(&error))?;
    workbook.save_to_writer(&mut file).map_err(failed)?;
    let rewound = file.flush().and_then(|()| file.rewind());
    rewound.map_err(|error| fault(&error))?;
    Ok(file)
}

fn head(workbook: &mut Workbook, page: &ListReport, sheets: usize) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    let number = (sheets + 1).to_string();
    // A title may hold signs that no sheet's name may, and be longer than it may.
    let plain: String = page
        .register_title
        .chars()
        .filter(|letter| !"[]:*?/\\'".contains(*letter))
        .take(25)
        .collect();
    sheet.set_name(if sheets == 0 {
        plain
    } else {
        format!("{plain}{number}")
    })?;
    let own = OWN.map(|key| say(&format!("export.{key}"), &[]));
    let titles = own.iter().chain(page.fields.iter().map(|(_, title)| title));
    for (column, title) in (0..).zip(titles) {
        sheet.write_string(0, column, title)?;
    }
    Ok(())
}

fn write_row(
    sheet: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    record: &RecordRow,
) -> Result<(), XlsxError> {
    let own = [
        record.record.to_string(),
        record.division_name.clone(),
        since(record.from),
        until(record.to),
    ];
    let values = record.values.iter().map(|value: &FieldShown| &value.shown);
    for (column, text) in (0..).zip(own.iter().chain(values)) {
        // Text as text: an ID number keeps its digits, and nothing becomes a formula.
        if !text.is_empty() {
            sheet.write_string(row, column, text)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_never_a_formula_and_always_one_cell() {
        let check = |text: &str, wanted: &str| assert_eq!(cell(text), wanted);
        check("张三", "张三");
        check("-12.5", "-12.5");
        check("-2+3", "'-2+3");
        check(
            "=HYPERLINK(\"http://x\")",
            "\"'=HYPERLINK(\"\"http://x\"\")\"",
        );
        check("@a,b", "\"'@a,b\"");
        check("+86", "'+86");
        check("-", "'-");
    }
}
