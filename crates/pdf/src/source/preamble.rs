//! Page, pitches and fonts, and the few functions that the body calls.

use documents::report::{Document, page};

use super::{Written, literal};
use crate::fonts::{Chosen, Role};

/// The body's functions. Fonts come before it as `fonts-…` and `weight-…`.
const FUNCTIONS: &str = include_str!("functions.typ");

/// The whole source.
pub(crate) fn finish(document: &Document, written: &Written, chosen: &Chosen) -> String {
    let mut out = String::new();
    for (role, name) in [
        (Role::Title, "title"),
        (Role::Body, "body"),
        (Role::First, "first"),
        (Role::Second, "second"),
        (Role::Page, "page"),
    ] {
        let (families, weight) = &chosen.roles[&role];
        let families: String = families.iter().map(|f| literal(f) + ",").collect();
        out.push_str(&format!(
            "#let fonts-{name} = ({families})\n#let weight-{name} = {weight}\n"
        ));
    }
    // A hair below the exact pitches: 22 lines and 28 characters must fit in spite of rounding.
    let (line, tracking) = (page::LINE_PT - 0.005, page::CHAR_PT - page::BODY_PT - 0.005);
    let above = line / 2.0 + page::BODY_PT * 0.38;
    for (name, points) in [
        ("line", line),
        ("tracking", tracking),
        ("above", above),
        ("below", above - line),
        ("indent", page::CHAR_PT * 2.0),
        ("size-body", page::BODY_PT),
        ("size-title", page::TITLE_PT),
        ("size-small", page::SMALL_PT),
        ("page-width", page::points(page::PAGE_MM.0)),
        ("page-height", page::points(page::PAGE_MM.1)),
        ("margin-top", page::points(page::TOP_MM)),
        ("margin-bottom", page::points(page::BOTTOM_MM)),
        ("margin-left", page::points(page::LEFT_MM)),
        ("margin-right", page::points(page::RIGHT_MM)),
        ("number-gap", page::points(page::PAGE_NUMBER_MM)),
    ] {
        out.push_str(&format!("#let {name} = {points:.4}pt\n"));
    }
    let title = literal(&document.title.replace('\n', ""));
    let author = literal(&document.properties.author);
    let subject = literal(&document.properties.subject);
    out.push_str(&format!(
        "#set document(title: {title}, author: {author}, description: {subject})\n{FUNCTIONS}\n"
    ));
    out.push_str(&written.body);
    out
}
