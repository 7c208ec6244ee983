//! The HTML file: every link finds its section, nothing comes from outside, nothing is markup
//! that was not written here.

use documents::html;
use documents::report::{Block, Document, Indent, Run, TraceEntry};

use super::sample::sample;

fn values<'a>(html: &'a str, before: &'a str) -> Vec<&'a str> {
    html.split(before)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

fn decoded(href: &str) -> String {
    href.replace("%5B", "[").replace("%5D", "]")
}

#[test]
fn every_link_finds_its_section() {
    let html = html::write(&sample());
    let ids = values(&html, " id=\"");
    let links = values(&html, "href=\"");
    assert!(links.len() > 60, "{}", links.len());
    for link in links {
        let name = decoded(link.strip_prefix('#').expect("a link within the file"));
        assert_eq!(ids.iter().filter(|id| **id == name).count(), 1, "{name}");
    }
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let html = html::write(&sample());
    for word in [
        "<script", "http://", "https://", "url(", "@import", "src=\"", "<link",
    ] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn hostile_text_stays_text() {
    let evil = "\"><script>alert('甲')</script>&amp;";
    let text = || evil.to_owned();
    let number = Run::Number {
        text: text(),
        figure: text(),
        missing: true,
    };
    let document = Document {
        title: text(),
        subtitle: vec![text()],
        blocks: vec![Block::Paragraph {
            runs: vec![Run::Strong(text()), number],
            indent: Indent::First,
        }],
        notes: vec![text()],
        traces: vec![TraceEntry {
            figure: text(),
            title: text(),
            expression: text(),
            definition: text(),
            remarks: vec![text()],
            ..TraceEntry::default()
        }],
        ..Document::default()
    };
    let html = html::write(&document);
    assert!(!html.contains("<script"));
    assert!(!html.contains("&amp;\""), "an ampersand that was text");
    assert!(html.contains("&amp;amp;"));
}

#[test]
fn the_reader_sees_the_report() {
    let html = html::write(&sample());
    let body = html.split("</style>").nth(1).expect("a body");
    let report = body.split("<section").next().expect("the report");
    insta::assert_snapshot!("html_report", report);
    let traces = body.split("<article ").skip(1);
    let formula = traces
        .into_iter()
        .find(|t| t.contains("post.vacant\""))
        .expect("the formula");
    insta::assert_snapshot!("html_formula", formula);
}
