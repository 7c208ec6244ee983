//! Templates: that they can be read, and that every place names a figure that is, with options that fit it. Refuses to
//! know how a place is printed.

mod call; // one place: its figure and its options
mod token; // tags as tokens

use super::operand::{find, split};
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::TemplateTime;
use crate::form::Word;
use crate::read::{Source, Span};
use regex::Regex;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;
use token::{Kind, Tag, Token};

static FIGURE_ID: LazyLock<Regex> = LazyLock::new(|| {
    let step = Word::FigureId
        .pattern()
        .expect("ids of figures have a form");
    Regex::new(&format!("{}(\\[[^\\]]+\\])?$", step.trim_end_matches('$')))
        .expect("the pattern is ours and is compiled by every test")
});

/// What every template has: doors to figures, the report's own words, and what the language brings.
const NAMES: &[&str] = &[
    "fig",
    "list",
    "val",
    "lack",
    "title",
    "town",
    "at",
    "year",
    "period",
    "during",
    "audience",
    "range",
    "dict",
    "namespace",
    "caller",
];

/// What templates name.
#[derive(Default)]
pub(super) struct Named {
    /// Figures, with their members.
    pub(super) figures: BTreeSet<String>,
    /// Times beside the report's own.
    pub(super) times: BTreeSet<TemplateTime>,
}

/// What a template is read with.
pub(super) struct Reading<'a> {
    /// The pack as far as it is read: parameters and figures.
    pub(super) pack: &'a CheckedPack,
    /// Where errors go.
    pub(super) sink: &'a Sink<'a>,
    /// The stretch of a part of the text.
    pub(super) place: &'a dyn Fn(Range<usize>) -> Span,
}

impl Reading<'_> {
    /// Reads a text with places in it; yields the files that it includes or imports, with where it says so.
    pub(super) fn text(&self, name: &str, text: &str, named: &mut Named) -> Vec<(String, Span)> {
        if !self.is_template(name, text) {
            return Vec::new();
        }
        let mut files = Vec::new();
        for tag in token::tags(text) {
            if brings_in(&tag) {
                let paths = tag.tokens.iter().filter(|token| token.kind == Kind::Text);
                files.extend(paths.map(|path| (path.text.to_owned(), self.at(path))));
                continue;
            }
            self.tag(&tag.tokens, named);
        }
        files
    }

    fn at(&self, token: &Token<'_>) -> Span {
        (self.place)(token.at.clone())
    }

    fn is_template(&self, name: &str, text: &str) -> bool {
        let env = minijinja::Environment::new();
        let error = match env.template_from_named_str(name, text) {
            Ok(template) => {
                self.names(&template.undeclared_variables(false), text);
                return true;
            }
            Err(error) => error,
        };
        let at = error.range().unwrap_or(0..0);
        let said = error.detail().unwrap_or("it is no template").to_owned();
        let next = "close every {{ with }} and every {% with %}, and end every block: {% endif %}, {% endfor %}";
        self.sink
            .report(rule::TEMPLATE_SYNTAX, (self.place)(at), said, next.into());
        false
    }

    /// Names that a template uses without giving them a value are the ones that every template has.
    fn names(&self, free: &std::collections::HashSet<String>, text: &str) {
        let tags = token::tags(text);
        for name in free {
            if NAMES.contains(&name.as_str()) {
                continue;
            }
            let mut tokens = tags.iter().flat_map(|tag| &tag.tokens);
            let token = tokens.find(|token| token.kind == Kind::Name && token.text == name);
            let at = token.map_or((self.place)(0..0), |token| self.at(token));
            let said = format!("templates have no `{name}`");
            let there = NAMES.iter().copied();
            self.sink
                .unknown(rule::TEMPLATE_SYNTAX, at, said, name, there);
        }
    }

    fn tag(&self, tokens: &[Token<'_>], named: &mut Named) {
        let mut told = BTreeSet::new();
        let lack = tokens
            .iter()
            .position(|token| token.text == "lack" && token.kind == Kind::Name);
        for (position, token) in tokens.iter().enumerate() {
            let opens = tokens.get(position + 1).is_some_and(|next| next.is("("));
            let door = call::Door::of(token.text).filter(|_| token.kind == Kind::Name && opens);
            if let Some(door) = door {
                let rest = &tokens[position + 2..];
                told.extend(self.call(door, rest, named));
            }
        }
        // A figure that a macro or a loop is handed, and that it prints.
        for (position, token) in tokens.iter().enumerate() {
            let loose = token.kind == Kind::Text && !told.contains(&token.at.start);
            let listed = lack.is_some_and(|lack| lack < position);
            let looks_so = token.text.contains('.') && FIGURE_ID.is_match(token.text);
            if loose && (looks_so || listed) {
                let (figure, member) = split(token.text);
                let known = &self.pack.figures;
                let at = self.at(token);
                if find(figure, member, known, rule::TEMPLATE_FIGURE, at, self.sink).is_some() {
                    named.figures.insert(token.text.to_owned());
                }
            }
        }
    }
}

/// Whether a tag brings in another file.
fn brings_in(tag: &Tag<'_>) -> bool {
    let first = tag.tokens.iter().find(|token| !token.is("-"));
    first.is_some_and(|token| {
        token.kind == Kind::Name && ["include", "import", "from", "extends"].contains(&token.text)
    })
}

/// A file of the pack by its path.
pub(super) fn file(path: &str, sources: &[Source]) -> Option<usize> {
    sources.iter().position(|source| source.path == path)
}
