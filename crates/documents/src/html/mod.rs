//! A report as one HTML file: official typography, and every number a link to what lies behind it.
//!
//! Nothing is fetched and no script runs: the file can be mailed, archived and read in ten years.
//! Refuses to let any text become markup: [`escape`] stands before everything that is written.

mod body; // title, blocks, signature
mod trace; // one section a figure

use crate::report::Document;

/// The look, for screen and print, light and dark.
const STYLE: &str = include_str!("report.css");

/// Writes a report as one self-contained HTML file.
pub fn write(document: &Document) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let title = escape(&document.title.replace('\n', ""));
    let author = escape(&document.properties.author);
    out.push_str("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    // The file's own promise that it fetches and runs nothing, kept by the browser.
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    if !author.is_empty() {
        out.push_str(&format!("<meta name=\"author\" content=\"{author}\">\n"));
    }
    out.push_str(&format!(
        "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    ));
    body::write(&mut out, document);
    trace::write(&mut out, document);
    out.push_str("</body>\n</html>\n");
    out
}

/// Text as HTML that shows it unchanged, in content and in attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// The name of a figure's section: its identity, without the spaces that a name may not have.
fn anchor(figure: &str) -> String {
    let name: String = figure
        .chars()
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect();
    format!("t-{name}")
}

/// A link to a figure's section.
fn href(figure: &str) -> String {
    let mut out = String::from("#");
    for byte in anchor(figure).bytes() {
        if byte.is_ascii_alphanumeric() || b"._-~@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        assert_eq!(
            escape("<script>'\"&\u{0}"),
            "&lt;script&gt;&#39;&quot;&amp;\u{fffd}"
        );
    }

    #[test]
    fn a_link_names_its_section() {
        assert_eq!(anchor("a b[c]"), "t-a_b[c]");
        assert_eq!(href("a b[c]\""), "#t-a_b%5Bc%5D%22");
    }
}
