//! Text to the library's tree. The library reads all of SQL; words that are not of our language are made plain
//! names first, so that a field may be called `position` or `user`.

use super::resolve::Resolver;
use super::{Named, Scope, Typed};
use crate::check::rule;
use sqlparser::ast;
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};
use std::ops::Range;

/// Words that the language keeps for itself; no field or column may bear one.
pub const WORDS: &[&str] = &[
    "and", "or", "not", "in", "is", "null", "like", "between", "case", "when", "then", "else",
    "end", "true", "false",
];

/// Something wrong in an expression.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The rule broken.
    pub(crate) rule: (&'static str, &'static str),
    /// Where, in bytes of the expression's text.
    pub(crate) part: Range<usize>,
    /// What is wrong.
    pub(crate) said: String,
    /// What to do.
    pub(crate) next: String,
}

/// Parses, resolves and types an expression. `wanted` lets a bare literal take the type it is meant for.
pub(crate) fn typed(
    text: &str,
    scope: &Scope<'_>,
    wanted: Option<&Named>,
) -> Result<Typed, Vec<Fault>> {
    let tree = parse(text).map_err(|fault| vec![fault])?;
    Resolver::new(text, scope).finish(&tree, wanted)
}

fn parse(text: &str) -> Result<ast::Expr, Fault> {
    let whole = 0..text.len();
    let next =
        "write an SQL expression: names, literals, and or not = <> < <= > >= + - * ||, functions";
    let fault = |part: Range<usize>, said: String| Fault {
        rule: rule::EXPRESSION,
        part,
        said,
        next: next.into(),
    };
    if text.trim().is_empty() {
        return Err(fault(whole, "the expression is empty".into()));
    }
    let mut tokens = Tokenizer::new(&GenericDialect, text)
        .tokenize_with_location()
        .map_err(|error| {
            let at = byte(text, error.location);
            fault(
                at..text.len(),
                format!("this cannot be read: {}", error.message),
            )
        })?;
    plain_words(&mut tokens);
    let mut parser = Parser::new(&GenericDialect)
        .with_recursion_limit(100)
        .with_tokens_with_locations(tokens);
    let tree = parser.parse_expr();
    let rest = parser.peek_token();
    let there = match rest.token {
        Token::EOF => text.len().saturating_sub(1)..text.len(),
        _ => byte(text, rest.span.start)..byte(text, rest.span.end),
    };
    match tree {
        Ok(tree) if rest.token == Token::EOF => Ok(tree),
        Ok(_) => Err(fault(
            there,
            format!("`{}` was not expected here", rest.token),
        )),
        Err(ParserError::RecursionLimitExceeded) => {
            Err(fault(whole, "the expression is too deep".into()))
        }
        Err(ParserError::ParserError(said) | ParserError::TokenizerError(said)) => {
            // The library ends its sentences with a place within the expression; ours is shown by the carets.
            let said = said.split(" at Line:").next().unwrap_or_default().trim();
            let said = said
                .replace("found: EOF", "found: the end")
                .replace("Expected: ", "expected ");
            Err(fault(
                there,
                format!(
                    "this is not an expression: {}",
                    said.replace("found: ", "found ")
                ),
            ))
        }
    }
}

/// Takes the meaning of a keyword from every word that our language does not have.
fn plain_words(tokens: &mut [TokenWithSpan]) {
    let significant: Vec<usize> = (0..tokens.len())
        .filter(|i| !matches!(tokens[*i].token, Token::Whitespace(_)))
        .collect();
    for (place, index) in significant.iter().enumerate() {
        let before_text = significant
            .get(place + 1)
            .is_some_and(|next| matches!(tokens[*next].token, Token::SingleQuotedString(_)));
        if let Token::Word(word) = &mut tokens[*index].token {
            let ours = WORDS.contains(&word.value.to_ascii_lowercase().as_str());
            // `date '2022-12-31'` is a literal, `date` alone a name.
            let literal = word.keyword == Keyword::DATE && before_text;
            if word.quote_style.is_none() && !ours && !literal {
                word.keyword = Keyword::NoKeyword;
            }
        }
    }
}

/// The byte of a place that the library gives as line and column in characters.
pub(crate) fn byte(text: &str, location: Location) -> usize {
    let (Ok(line), Ok(column)) = (
        usize::try_from(location.line),
        usize::try_from(location.column),
    ) else {
        return 0;
    };
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(start..).unwrap_or_default();
    start
        + rest
            .chars()
            .take(column.saturating_sub(1))
            .map(char::len_utf8)
            .sum::<usize>()
}
