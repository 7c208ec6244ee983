//! One section a figure: definition, expression, count, records with their source cells.

use super::{anchor, escape, href};
use crate::report::{Document, TraceEntry, TraceRow, wording};

/// Longer tables are folded.
const OPEN_ROWS: usize = 10;

pub(super) fn write(out: &mut String, document: &Document) {
    if document.traces.is_empty() {
        return;
    }
    let say = |key: &str| escape(&wording().say(key, &[]));
    out.push_str("<section class=\"sheet traces\">\n");
    out.push_str(&format!(
        "<p class=\"annex\">{}</p>\n<h1>{}</h1>\n",
        say("appendix.word"),
        say("appendix.title")
    ));
    for (position, trace) in document.traces.iter().enumerate() {
        entry(out, document, position, trace);
    }
    out.push_str("</section>\n");
}

fn entry(out: &mut String, document: &Document, position: usize, trace: &TraceEntry) {
    let say = |key: &str| escape(&wording().say(key, &[]));
    out.push_str(&format!(
        "<article id=\"{}\">\n<h2><span class=\"ordinal\">{}</span>{}<span class=\"value\">{}\
         <small>{}</small></span></h2>\n<dl>\n",
        escape(&anchor(&trace.figure)),
        position + 1,
        escape(&trace.title),
        escape(&trace.printed),
        escape(&trace.unit),
    ));
    if !trace.definition.is_empty() {
        pair(out, &say("trace.definition"), &escape(&trace.definition));
    }
    if !trace.expression.is_empty() {
        let code = format!("<code>{}</code>", escape(&trace.expression));
        pair(out, &say("trace.expression"), &code);
    }
    if !trace.operands.is_empty() {
        pair(out, &say("trace.operands"), &operands(document, trace));
    }
    for remark in &trace.remarks {
        pair(out, &say("trace.remarks"), &escape(remark));
    }
    // A formula opens to its operands; that it has no records of its own says nothing.
    if trace.operands.is_empty() || trace.total_records > 0 {
        pair(out, &say("trace.records"), &count(trace));
    }
    out.push_str("</dl>\n");
    records(out, trace);
    out.push_str("</article>\n");
}

fn pair(out: &mut String, term: &str, html: &str) {
    out.push_str(&format!("<dt>{term}</dt><dd>{html}</dd>\n"));
}

fn count(trace: &TraceEntry) -> String {
    let (total, shown) = (trace.total_records, trace.records.len());
    let (n, m) = (total.to_string(), shown.to_string());
    let key = match (total, shown) {
        (0, _) => "trace.none",
        (total, shown) if shown < total => "trace.shown",
        _ => "trace.total",
    };
    escape(&wording().say(key, &[("n", &n), ("m", &m)]))
}

fn operands(document: &Document, trace: &TraceEntry) -> String {
    let mut out = String::from("<ul class=\"operands\">");
    for operand in &trace.operands {
        let text = format!(
            "{} <b>{}</b>",
            escape(&operand.title),
            escape(&operand.printed)
        );
        match document.trace_position(&operand.figure) {
            Some(_) => {
                let href = href(&operand.figure);
                out.push_str(&format!("<li><a href=\"{href}\">{text}</a></li>"));
            }
            None => out.push_str(&format!("<li>{text}</li>")),
        }
    }
    out.push_str("</ul>");
    out
}

fn records(out: &mut String, trace: &TraceEntry) {
    if trace.records.is_empty() {
        return;
    }
    let folded = trace.records.len() > OPEN_ROWS;
    if folded {
        out.push_str(&format!("<details><summary>{}</summary>\n", count(trace)));
    }
    let say = |key: &str| escape(&wording().say(key, &[]));
    out.push_str(&format!(
        "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\">{}</th></tr></thead>\n<tbody>\n",
        say("trace.label"),
        say("trace.amount"),
        say("trace.place")
    ));
    for TraceRow {
        label,
        amount,
        place,
    } in &trace.records
    {
        out.push_str(&format!(
            "<tr><td class=\"left\">{}</td><td>{}</td><td class=\"left place\">{}</td></tr>\n",
            escape(label),
            escape(amount),
            escape(place)
        ));
    }
    out.push_str("</tbody>\n</table></div>\n");
    if folded {
        out.push_str("</details>\n");
    }
}
