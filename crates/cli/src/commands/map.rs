//! `yiben map`: what the book remembers of headers, and forgetting it.

use super::{Done, out, reading, writing};
use crate::args::{Common, Map, MapVerb};
use crate::say::say;
use crate::{table, wire};
use office::HeaderChoice;

pub(crate) fn run(common: &Common, input: Map) -> Done {
    match input.verb {
        None => {
            let choices = reading(common)?.header_choices()?;
            if common.json {
                out(wire::header_choices(&choices));
            } else {
                print(&choices);
            }
        }
        Some(MapVerb::Forget { id }) => {
            let (choice, tx) = writing(common)?.forget_header(&id)?;
            if common.json {
                out(wire::forgotten(&choice, tx));
            } else {
                let params = [
                    ("title", choice.title.as_str()),
                    ("header", choice.header.as_str()),
                    ("tx", &tx.to_string()),
                ];
                out(say("map.forgotten", &params));
            }
        }
    }
    Ok(0)
}

fn print(choices: &[HeaderChoice]) {
    if choices.is_empty() {
        out(say("map.none", &[]));
        return;
    }
    let rows: Vec<Vec<String>> = choices
        .iter()
        .map(|choice| {
            let column = match (&choice.column, &choice.column_title) {
                (Some(column), Some(title)) => {
                    say("map.column", &[("column", column), ("title", title)])
                }
                (Some(column), None) => say("map.lost", &[("column", column)]),
                (None, _) => say("map.not_used", &[]),
            };
            vec![
                format!("#{}", choice.record),
                choice.title.clone(),
                choice.header.clone(),
                column,
            ]
        })
        .collect();
    for line in table::lines(&rows, &[true]) {
        out(line);
    }
    out(say("map.how", &[]));
}
