//! The first date in a running text, as titles and the names of files have them.

use super::dressed::in_digits;
use super::parts::parse;
use super::{DateContext, YEAR_MAX};
use crate::sheet::fold::half_width;
use crate::sheet::lexicon::LEXICON;
use crate::sheet::value::numeral;
use vocabulary::{PartialDate, Precision};

/// The first date with at least a month in a running text, as titles and names have them; in characters too.
pub(crate) fn scan(text: &str) -> Option<PartialDate> {
    first_in(text).or_else(|| {
        let words = &LEXICON.date.year;
        let in_characters = words.iter().any(|word| {
            let year = text.find(word.as_str()).map(|at| &text[..at]);
            year.is_some_and(|year| year.ends_with(numeral::is_part))
        });
        in_characters.then(|| first_in(&in_digits(text))).flatten()
    })
}

fn first_in(text: &str) -> Option<PartialDate> {
    let text = half_width(text);
    let mut rest = text.as_ref();
    let is_part = |c: char| {
        c.is_ascii_digit()
            || c == ' '
            || [
                &LEXICON.date.separators,
                &LEXICON.date.year,
                &LEXICON.date.month,
                &LEXICON.date.day,
            ]
            .iter()
            .any(|list| list.iter().any(|word| word.starts_with(c)))
    };
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let run = &rest[at..];
        let end = run.find(|c: char| !is_part(c)).unwrap_or(run.len());
        // Words after the date may begin with a sign that a date may hold; shorter and shorter is tried.
        let mut candidate = run[..end].trim_end();
        while candidate.chars().filter(char::is_ascii_digit).count() >= 5 {
            if let Ok((date, None)) = parse(candidate, DateContext::default())
                && date.precision() >= Precision::Month
                && (1949..=YEAR_MAX).contains(&date.year())
                // Five digits are a day number in a cell, anything in a name.
                && candidate.find(|c: char| !c.is_ascii_digit()).unwrap_or(candidate.len()) != 5
            {
                return Some(date);
            }
            let cut = candidate.trim_end_matches(|c: char| c.is_ascii_digit());
            let mut chars = cut.chars();
            if cut.len() == candidate.len() {
                chars.next_back();
            }
            candidate = chars.as_str();
        }
        rest = &run[end..];
    }
    None
}
