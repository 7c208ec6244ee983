//! Plain text: nothing is wider than the line but a mark that hangs.

use documents::report::columns;
use documents::text;

use super::sample::sample;

#[test]
fn no_line_is_wider_than_asked() {
    for width in [40, 56, 76] {
        let mut document = sample();
        document
            .blocks
            .retain(|b| !matches!(b, documents::report::Block::Table(_)));
        for line in text::write(&document, width).lines() {
            // Closing marks hang beyond the line.
            let bare = line.trim_end_matches(|c: char| "。，、；：）”%".contains(c));
            assert!(columns(bare) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn the_reader_sees_the_report() {
    let text = text::write(&sample(), text::COLUMNS);
    let lines: Vec<&str> = text.lines().take(110).collect();
    insta::assert_snapshot!("text_report", lines.join("\n"));
}
