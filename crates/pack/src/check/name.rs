//! Names: how they are written, that they are unique, that former ones are not used again.

use super::{Sink, rule};
use crate::expr::WORDS;
use crate::read::{Span, Text};
use std::collections::BTreeMap;

/// Names that expressions keep for themselves, beside the words of the language.
const KEPT: &[&str] = &["at", "valid_from", "division", "param", "this"];

/// Registers that every book has; their facts are ordinary facts.
pub(super) const BUILT_IN: &[&str] = &[
    "division",
    "finding",
    "column_choice",
    "account",
    "account_role",
];

/// Whether a name is written as names are; reports it otherwise.
pub(super) fn name(name: &str, at: Span, sink: &Sink) -> bool {
    let fine = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(part);
    if !fine {
        refuse(name, at, sink);
    }
    fine
}

/// As [`name`], with dots between parts: `post.filled`.
pub(super) fn dotted(name: &str, at: Span, sink: &Sink) -> bool {
    let fine = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .split('.')
            .all(|step| !step.is_empty() && step.bytes().all(part));
    if !fine {
        refuse(name, at, sink);
    }
    fine
}

/// As [`dotted`], where a step may name a member of another figure: `post.filled[admin].share`. A member at the
/// end would be this figure's own.
pub(super) fn figure_id(id: &str, at: Span, sink: &Sink) -> bool {
    let mut plain = String::new();
    let mut rest = id;
    while let Some((before, (member, after))) = rest
        .split_once('[')
        .and_then(|(before, inner)| Some((before, inner.split_once(']')?)))
    {
        if member.is_empty() || !after.starts_with('.') {
            refuse(id, at, sink);
            return false;
        }
        plain.push_str(before);
        rest = after;
    }
    plain.push_str(rest);
    dotted(&plain, at, sink)
}

fn part(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

fn refuse(name: &str, at: Span, sink: &Sink) {
    let said = format!("`{name}` is not a name");
    let next = "use lower-case ASCII letters, digits and _, a letter first; words for people go into `title`";
    sink.report(rule::BAD_NAME, at, said, next.into());
}

/// A name that expressions will use: not a word of the language either.
pub(super) fn usable(word: &str, at: Span, sink: &Sink) -> bool {
    if WORDS.contains(&word) || KEPT.contains(&word) {
        let said = format!("`{word}` is a word of the expression language");
        let next = format!("call it something else, as `{word}_1` or a fuller name");
        sink.report(rule::RESERVED, at, said, next);
        return false;
    }
    name(word, at, sink)
}

/// Whether the name is new among `seen`; reports it otherwise.
pub(super) fn unique(
    kind: &str,
    name: &str,
    at: Span,
    seen: &mut BTreeMap<String, Span>,
    sink: &Sink,
) -> bool {
    if seen.contains_key(name) {
        let said = format!("{kind} `{name}` is declared twice");
        sink.report(
            rule::DUPLICATE,
            at,
            said,
            "leave one of them, or name it differently".into(),
        );
        return false;
    }
    seen.insert(name.to_owned(), at);
    true
}

/// Former names: none is a present one, none is former to two.
pub(super) fn former<'a>(
    present: impl Iterator<Item = &'a str>,
    former: impl Iterator<Item = Text<'a>>,
    sink: &Sink,
) {
    let present: Vec<&str> = present.collect();
    let mut seen: Vec<&str> = Vec::new();
    for was in former {
        if present.contains(&was.text) || seen.contains(&was.text) {
            let said = format!(
                "`{}` is used again, it was the name of something else",
                was.text
            );
            let next =
                "old facts bear the former name: give the new thing a name never used before";
            sink.report(rule::REUSED, was.at, said, next.into());
        }
        seen.push(was.text);
    }
}
