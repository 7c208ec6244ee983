//! 附件：数字来源: one row a figure, to which the numbers of the body lead.

use super::body::Body;
use super::table;
use crate::report::{TraceEntry, wording};

/// Shares of the width: number, title, value, definition, records, place.
const SHARES: [usize; 6] = [6, 18, 10, 35, 8, 23];

/// The name of a figure's row.
pub(super) fn bookmark(position: usize) -> String {
    format!("trace_{}", position + 1)
}

pub(super) fn write(body: &mut Body<'_>) {
    let say = |key: &str| wording().say(&format!("appendix.{key}"), &[]);
    body.break_page();
    body.text("Annex", &say("word"));
    body.text("BodyText", "");
    body.text("AnnexTitle", &say("title"));
    body.text("BodyText", "");
    body.text("BodyNote", &say("lead"));
    let widths = table::share(&SHARES);
    let heads = [
        "ordinal",
        "figure",
        "printed",
        "definition",
        "records",
        "place",
    ];
    let traces = &body.document.traces;
    table::frame(body, &widths, |body| {
        table::row(body, &widths, true, |body, column| {
            body.text("TraceText", &say(heads[column]));
        });
        for (position, trace) in traces.iter().enumerate() {
            table::row(body, &widths, false, |body, column| {
                cell(body, position, trace, column)
            });
        }
    });
    // Word wants a paragraph after the last table.
    body.text("TraceText", "");
}

fn cell(body: &mut Body<'_>, position: usize, trace: &TraceEntry, column: usize) {
    match column {
        0 => ordinal(body, position),
        1 => body.text("TraceText", &trace.title),
        2 => body.text("TraceText", &format!("{}{}", trace.printed, trace.unit)),
        3 => {
            left(body, &trace.definition);
            operands(body, trace);
            for remark in &trace.remarks {
                left(body, remark);
            }
        }
        4 => body.text("TraceText", &trace.total_records.to_string()),
        _ => left(
            body,
            trace.records.first().map_or("", |row| row.place.as_str()),
        ),
    }
}

/// The row's number, under the bookmark that the body's numbers lead to.
fn ordinal(body: &mut Body<'_>, position: usize) {
    let id = (position + 1).to_string();
    let name = bookmark(position);
    body.paragraph(
        "TraceText",
        |_| {},
        |body| {
            body.xml
                .empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &name)]);
            body.run(&id, false);
            body.xml.empty("w:bookmarkEnd", &[("w:id", &id)]);
        },
    );
}

fn operands(body: &mut Body<'_>, trace: &TraceEntry) {
    if trace.operands.is_empty() {
        return;
    }
    body.paragraph(
        "TraceText",
        |xml| xml.val("w:jc", "left"),
        |body| {
            body.run(&wording().say("appendix.operands", &[]), false);
            for (i, operand) in trace.operands.iter().enumerate() {
                let before = if i == 0 { "" } else { "\u{ff1b}" };
                body.run(
                    &format!("{before}{} {}", operand.title, operand.printed),
                    false,
                );
                if let Some(position) = body.document.trace_position(&operand.figure) {
                    body.link(&bookmark(position), &format!("[{}]", position + 1));
                }
            }
        },
    );
}

fn left(body: &mut Body<'_>, text: &str) {
    body.paragraph(
        "TraceText",
        |xml| xml.val("w:jc", "left"),
        |body| body.run(text, false),
    );
}
