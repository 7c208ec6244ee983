//! The PDF: pages of 22 lines and 28 characters, fonts that stand in, text that stays text.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use documents::report::{Block, Document, Indent, Operand, Run, Signature, TraceEntry};
use pdf::{Fonts, PdfError, render, render_within};

/// The fonts of this machine. Without any, the tests that draw have nothing to draw with, and say so.
fn fonts() -> Option<Fonts> {
    match Fonts::find(None) {
        Ok(fonts) => Some(fonts),
        Err(missing) => {
            writeln!(std::io::stderr(), "not drawn: {missing}").expect("stderr");
            None
        }
    }
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph {
        runs: vec![Run::Text(text.to_owned())],
        indent: Indent::First,
    }
}

fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "某镇工作情况汇报".into(),
        blocks,
        ..Document::default()
    }
}

/// The text of the pages, if the system can read PDF.
fn text_of(bytes: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(bytes)
        .expect("written");
    let output = child.wait_with_output().expect("read");
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn a_page_has_22_lines_of_28_characters() {
    let Some(fonts) = fonts() else { return };
    let mut document = document(vec![paragraph(&"国".repeat(28 * 60))]);
    document.title.clear();
    let rendered = render(&document, &fonts).expect("a PDF");
    let Some(text) = text_of(&rendered.bytes) else {
        return;
    };
    let pages: Vec<Vec<usize>> = text
        .split('\u{c}')
        .map(|page| {
            let counts = page.lines().map(|line| line.matches('国').count());
            counts.filter(|count| *count > 0).collect()
        })
        .collect();
    assert_eq!(pages[0].len(), 22, "{pages:?}");
    assert_eq!(pages[0][0], 26, "two characters in");
    assert!(pages[0][1..].iter().all(|count| *count == 28), "{pages:?}");
}

#[test]
fn text_is_never_read_as_code() {
    let Some(fonts) = fonts() else { return };
    let evil = r##"#panic("x") $a$ @t0 *b* _c_ `d` "e" \f [g] <h> //i /*j*/ =k -l ~ #{m}"##;
    let run = || Run::Text(evil.to_owned());
    let mut document = document(vec![
        Block::Heading {
            level: 1,
            runs: vec![run()],
        },
        paragraph(evil),
        Block::Paragraph {
            runs: vec![Run::Strong(evil.to_owned())],
            indent: Indent::None,
        },
    ]);
    document.title = evil.into();
    document.properties.author = evil.into();
    document.signature = Some(Signature {
        unit: evil.into(),
        date: evil.into(),
    });
    let rendered = render(&document, &fonts).expect("a PDF");
    let Some(text) = text_of(&rendered.bytes) else {
        return;
    };
    assert!(
        solid(&text)
            .matches(&solid(r##"#panic("x") $a$ @t0 *b*"##))
            .count()
            >= 5,
        "{text}"
    );
}

#[test]
fn rare_characters_are_drawn_or_named() {
    let Some(fonts) = fonts() else { return };
    let rendered = render(
        &document(vec![paragraph("赟、犇、堃、㛃、\u{20164}、\u{10ffff}")]),
        &fonts,
    )
    .expect("a PDF");
    assert!(
        rendered.missing.contains(&'\u{10ffff}'),
        "{:?}",
        rendered.missing
    );
    assert!(!rendered.missing.contains(&'堃'));
    let families: Vec<&str> = rendered.families.iter().map(|(role, _)| *role).collect();
    assert_eq!(families, ["title", "body", "first", "second", "page"]);
    if let Some(text) = text_of(&rendered.bytes) {
        assert!(text.contains("犇"), "{text}");
    }
}

#[test]
fn numbers_lead_to_the_appendix() {
    let Some(fonts) = fonts() else { return };
    let number = |id: &str| Run::Number {
        text: "86".into(),
        figure: id.into(),
        missing: false,
    };
    let runs = vec![
        Run::Text("编制".into()),
        number("post"),
        number("without trace"),
    ];
    let mut document = document(vec![Block::Paragraph {
        runs,
        indent: Indent::First,
    }]);
    let operand = |id: &str| Operand {
        figure: id.into(),
        title: "核定".into(),
        printed: "90".into(),
    };
    document.traces = vec![TraceEntry {
        figure: "post".into(),
        title: "实有编制".into(),
        printed: "86".into(),
        definition: "实有人数。".into(),
        operands: vec![operand("post"), operand("elsewhere")],
        ..TraceEntry::default()
    }];
    let rendered = render(&document, &fonts).expect("a PDF");
    let Some(text) = text_of(&rendered.bytes) else {
        return;
    };
    let pages: Vec<&str> = text.split('\u{c}').collect();
    assert!(
        pages[1].contains("数字来源") && pages[1].contains("实有编制"),
        "{text}"
    );
    assert!(
        solid(pages[0]).contains("—1—") && solid(pages[1]).contains("—2—"),
        "{text}"
    );
}

#[test]
fn a_report_past_its_time_is_given_up() {
    let Some(fonts) = fonts() else { return };
    let late = render_within(&document(vec![paragraph("甲")]), &fonts, Duration::ZERO);
    assert!(matches!(late, Err(PdfError::TimedOut(0))));
}
