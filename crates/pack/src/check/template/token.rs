//! The tags of a template as tokens. Knows no function and no figure; what is outside of tags is text, and comments
//! say nothing.

use std::ops::Range;

/// A tag: what stands between `{{` and `}}`, or `{%` and `%}`.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// Its tokens, in order.
    pub(super) tokens: Vec<Token<'t>>,
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: Kind,
    /// It, of a text without its quotes.
    pub(super) text: &'t str,
    /// Where it stands, of a text without its quotes.
    pub(super) at: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a word of the language.
    Name,
    /// A text in quotes.
    Text,
    /// A number.
    Number,
    /// Any other character.
    Sign,
}

impl Token<'_> {
    /// Whether it is this sign.
    pub(super) fn is(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }
}

/// The tags of a template.
pub(super) fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|found| at + found) {
        let (end, is_tag) = match text.as_bytes().get(open + 1) {
            Some(b'{') => ("}}", true),
            Some(b'%') => ("%}", true),
            Some(b'#') => ("#}", false),
            _ => {
                at = open + 1;
                continue;
            }
        };
        at = open + 2;
        if is_tag {
            let mut tokens = Vec::new();
            at = tokenise(text, at, end, &mut tokens);
            tags.push(Tag { tokens });
        } else {
            at = text[at..].find(end).map_or(text.len(), |to| at + to + 2);
        }
    }
    tags
}

/// The tokens up to the end of the tag; where the text goes on.
fn tokenise<'t>(text: &'t str, mut at: usize, end: &str, tokens: &mut Vec<Token<'t>>) -> usize {
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with(end) {
            return at + end.len();
        }
        let (kind, from, length, next) = match first {
            '"' | '\'' => {
                let inner = quoted(&rest[1..], first);
                (Kind::Text, at + 1, inner, at + inner + 2)
            }
            c if c.is_ascii_digit() => {
                let length = run(rest, |c| c.is_ascii_digit() || c == '.');
                (Kind::Number, at, length, at + length)
            }
            c if c.is_alphabetic() || c == '_' => {
                let length = run(rest, |c| c.is_alphanumeric() || c == '_');
                (Kind::Name, at, length, at + length)
            }
            c => (Kind::Sign, at, c.len_utf8(), at + c.len_utf8()),
        };
        if !first.is_whitespace() {
            tokens.push(Token {
                kind,
                text: &text[from..from + length],
                at: from..from + length,
            });
        }
        at = next.min(text.len());
    }
    at
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// How long a text is up to its closing quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<&str>> {
        let tags = tags(text);
        tags.into_iter()
            .map(|tag| tag.tokens.into_iter().map(|token| token.text).collect())
            .collect()
    }

    #[test]
    fn only_tags_are_read_and_texts_may_hold_what_ends_a_tag() {
        assert_eq!(
            words("有{{ fig('a.b', sep=\"}}、\") }}人{# fig('c') #}{%- if x>=1.5 -%}{a}"),
            [
                vec!["fig", "(", "a.b", ",", "sep", "=", "}}、", ")"],
                vec!["-", "if", "x", ">", "=", "1.5", "-"],
            ]
        );
    }

    #[test]
    fn what_is_never_closed_ends_with_the_text() {
        assert_eq!(words("{{ fig(\"a"), [["fig", "(", "a"]]);
        assert_eq!(words("{{ \"a\\\"b\" "), [["a\\\"b"]]);
        assert!(words("{# fig(\"a\")").is_empty());
    }
}
