//! Spans of dates: `2022.11—至今`, `2022.01-2022.06`.

use super::DateContext;
use super::parts::parse;
use crate::sheet::fold::fold_plain;
use crate::sheet::lexicon::LEXICON;
use vocabulary::{PartialDate, Precision};

/// Reads a span of dates: `2022.11—至今`, `2022.01-2022.06`. One date alone is no span; its end is
/// `None` when the span is open.
pub fn date_range(text: &str) -> Option<(PartialDate, Option<PartialDate>)> {
    range(text, DateContext::default())
}

pub(super) fn range(
    text: &str,
    context: DateContext,
) -> Option<(PartialDate, Option<PartialDate>)> {
    let folded = fold_plain(text);
    let words = &LEXICON.date;
    for open in &words.since {
        if let Some(from) = folded.strip_suffix(open.as_str()) {
            return parse(from, context).ok().map(|(from, _)| (from, None));
        }
    }
    // The right side must stand on its own: `2022-07` is no span from 2022 to 07.
    let alone = DateContext {
        year: None,
        ..context
    };
    for mark in &words.ranges {
        for (at, _) in folded.match_indices(mark.as_str()) {
            let (left, right) = (&folded[..at], &folded[at + mark.len()..]);
            // A mark may be written twice (`—至今`); the rest of it belongs to neither side.
            let right = words.ranges.iter().fold(right, |right, mark| {
                right
                    .strip_prefix(mark.as_str())
                    .filter(|rest| !rest.is_empty())
                    .unwrap_or(right)
            });
            let Ok((from, _)) = parse(left, context) else {
                continue;
            };
            if words.open.iter().any(|open| open == right) {
                // `2022-07-` is a month with a dash too many, not an open span.
                if right.is_empty() && mark == "-" {
                    continue;
                }
                return Some((from, None));
            }
            if let Ok((to, _)) = parse(right, alone)
                && to.first() >= from.first()
                && from.precision() >= Precision::Month
            {
                return Some((from, Some(to)));
            }
        }
    }
    None
}
