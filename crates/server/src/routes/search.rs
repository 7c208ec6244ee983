//! Records by a part of what names them.

use crate::call::{Call, Reply};
use crate::problem::Problem;
use crate::wire;
use office::SearchInput;

/// How much may be looked for: no name and no number is longer.
const WORDS_MAX: usize = 64;

/// Looks for records.
pub(crate) fn search(call: &Call) -> Result<Reply, Problem> {
    let words = call.one("q").unwrap_or_default();
    let words: String = words.chars().take(WORDS_MAX).collect();
    let office = call.office()?;
    let input = SearchInput {
        words: words.clone(),
        registers: call.all("register"),
        within: call.one("in").map(str::to_owned),
        limit: Some(call.count("limit", 20, 500)?),
    };
    let report = office.search(&input)?;
    Ok(Reply::json(wire::search(&words, &report)))
}
