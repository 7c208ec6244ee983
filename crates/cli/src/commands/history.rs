//! `yiben history`: everything ever said about a record.

use super::{Done, out, reading};
use crate::args::{Common, History};
use crate::say::say;
use crate::wire;
use office::Said;
use vocabulary::Date;

pub(crate) fn run(common: &Common, input: History) -> Done {
    let office = reading(common)?;
    let report = office.history(&input.register, &input.record)?;
    if common.json {
        out(wire::history(&report));
        return Ok(0);
    }
    let record = report.record.to_string();
    out(say(
        "history.head",
        &[("register", &report.register.title), ("record", &record)],
    ));
    for event in &report.events {
        let place = event
            .cell
            .as_ref()
            .map(|cell| format!("{} › {} › {}", cell.file, cell.sheet, cell.cell));
        let tx = event.assertion.tx.to_string();
        let params = [
            ("tx", tx.as_str()),
            ("at", &event.at.to_string()),
            ("actor", event.actor.as_str()),
            ("deed", event.deed.as_str()),
            ("op", &say(&format!("history.{}", wire::op(event)), &[])),
            ("from", &day(event.assertion.from)),
            ("as_of", &day(event.assertion.as_of)),
            ("place", &place.unwrap_or_default()),
        ];
        out(say("history.event", &params));
        for (field, said) in &event.assertion.set {
            let Some(field) = report.register.fields.get(*field) else {
                continue;
            };
            let value = match said {
                Said::Erased => say("history.erased", &[]),
                Said::Value(value) => office.shown(&field.kind, value),
            };
            out(say(
                "history.field",
                &[("title", &field.title), ("value", &value)],
            ));
        }
    }
    Ok(0)
}

fn day(date: Date) -> String {
    if date == Date::BEGINNING {
        say("history.unknown_past", &[])
    } else {
        date.to_string()
    }
}
