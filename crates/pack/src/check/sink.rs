//! Where errors are collected: all of them, with their place, and the nearest name for a misspelt one.

use super::rule::Rule;
use crate::expr::Fault;
use crate::read::{Source, Span, Text};
use std::cell::RefCell;
use vocabulary::{Diagnostic, Diagnostics};

/// Collects errors. Shared by every rule, so that none stops another.
pub(crate) struct Sink<'a> {
    sources: &'a [Source],
    found: RefCell<Diagnostics>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Sink<'a> {
        Sink {
            sources,
            found: RefCell::default(),
        }
    }

    /// Adds an error.
    pub(crate) fn report(&self, rule: Rule, at: Span, said: String, next: String) {
        let place = self.sources[at.file].place(at);
        self.found.borrow_mut().push(Diagnostic {
            code: rule.0,
            said,
            place,
            next,
        });
    }

    /// Adds an error about a name that is not there, with the nearest that is.
    pub(crate) fn unknown<'n>(
        &self,
        rule: Rule,
        at: Span,
        said: String,
        name: &str,
        there: impl IntoIterator<Item = &'n str>,
    ) {
        self.report(rule, at, said, next_name(name, there));
    }

    /// Adds the faults of an expression, at their places within its text.
    pub(crate) fn faults(&self, text: Text<'_>, faults: Vec<Fault>) {
        for fault in faults {
            let at = self.sources[text.at.file].within(text.at, text.text, fault.part);
            self.report(fault.rule, at, fault.said, fault.next);
        }
    }

    /// The stretch of a part of a text.
    pub(crate) fn within(&self, text: Text<'_>, part: std::ops::Range<usize>) -> Span {
        self.sources[text.at.file].within(text.at, text.text, part)
    }

    /// What was found.
    pub(crate) fn into_found(self) -> Diagnostics {
        self.found.into_inner()
    }
}

/// The next step for a name that is not there: the nearest that is, or some of them.
pub(crate) fn next_name<'n>(name: &str, there: impl IntoIterator<Item = &'n str>) -> String {
    let there: Vec<&str> = there.into_iter().collect();
    match nearest(name, there.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if there.is_empty() => "declare it, or leave it out".into(),
        None if there.len() == 1 => format!("the only one there is `{}`", there[0]),
        None => format!("there are {}", quoted_list(there)),
    }
}

/// The nearest of `names`, if one is near enough to be meant.
pub(crate) fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let scored = names
        .into_iter()
        .map(|there| (strsim::damerau_levenshtein(name, there), there));
    let (distance, near) = scored.min_by_key(|(distance, there)| (*distance, *there))?;
    // A third of the letters may differ: more is another word.
    let longest = name.chars().count().max(near.chars().count());
    (distance <= (longest / 3).max(1) && distance < longest).then_some(near)
}

/// `a`, `b` and `c`; a long list is cut.
pub(crate) fn quoted_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => "none".into(),
        Some((only, [])) => only.clone(),
        Some(_) if names.len() > 12 => {
            format!("{}, … ({} in all)", names[..12].join(", "), names.len())
        }
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("brith", ["birth", "sex"]), Some("birth"));
        assert_eq!(nearest("colour", ["birth", "sex"]), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
