//! `yiben search`: people and records by a part of what names them.

use super::{Done, out, reading};
use crate::args::{Common, Search};
use crate::say::say;
use crate::{table, wire};
use office::{OfficeError, SearchHit, SearchInput, Way};
use std::io::BufRead as _;

pub(crate) fn run(common: &Common, input: Search) -> Done {
    let office = reading(common)?;
    let mut words = input.words.join(" ");
    if input.words.is_empty() {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        read.map_err(|source| OfficeError::File {
            path: "stdin".to_owned(),
            source,
        })?;
        line.trim().clone_into(&mut words);
    }
    let report = office.search(&SearchInput {
        words: words.clone(),
        registers: input.register,
        within: input.within,
        limit: input.limit,
    })?;
    // What was read from the input may be a number, and is not repeated.
    let told = if input.words.is_empty() { "" } else { &words };
    if common.json {
        out(wire::search(told, &report));
        return Ok(0);
    }
    if words.is_empty() {
        out(say("search.blank", &[]));
        return Ok(0);
    }
    if report.hits.is_empty() {
        out(say("search.none", &[("words", told)]));
        out(say("search.none_next", &[]));
        return Ok(0);
    }
    let rows: Vec<Vec<String>> = report.hits.iter().map(row).collect();
    for line in table::lines(&rows, &[]) {
        out(line);
    }
    if report.more {
        out(say("search.more", &[]));
    }
    Ok(0)
}

fn row(hit: &SearchHit) -> Vec<String> {
    let record = hit.record.to_string();
    let params = [("title", hit.title.as_str()), ("record", &record)];
    let field = hit.field.1.as_str();
    let why = match hit.way {
        Way::Number => say("search.by_number", &[("field", field)]),
        Way::Letters if hit.text == hit.label => say("search.by_letters", &[]),
        _ if hit.text == hit.label => String::new(),
        _ => say("search.by_field", &[("field", field), ("text", &hit.text)]),
    };
    let until = hit
        .until
        .map(|day| say("search.until", &[("until", &day.to_string())]));
    vec![
        hit.label.clone(),
        say("search.hit", &params),
        hit.place.clone(),
        until.unwrap_or_default(),
        why,
    ]
}
