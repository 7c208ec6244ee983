//! `yiben records` and `yiben show`: records read.

use super::by_hand::pairs;
use super::{Done, out, reading, writing};
use crate::args::{Common, Records, Show};
use crate::say::say;
use crate::table;
use crate::wire::by_hand as wire;
use office::{AskInput, FieldShown, ListInput, Office, OfficeError, RecordRow, ShowInput};
use vocabulary::Date;

/// The book: to be written when personal fields are opened, since that is written down.
fn open(common: &Common, reveal: Option<&String>) -> Result<Office, OfficeError> {
    match reveal {
        Some(_) => writing(common),
        None => reading(common),
    }
}

pub(crate) fn list(common: &Common, input: Records) -> Done {
    let equal = match pairs(&input.values) {
        Ok(equal) => equal,
        Err(code) => return Ok(code),
    };
    let mut office = open(common, input.when.reveal.as_ref())?;
    let list = ListInput {
        register: input.register,
        filter: input.filter,
        equal,
        sort: input.sort,
        after: input.after,
        limit: input.limit,
        fields: input.fields,
        ask: AskInput {
            at: input.when.at,
            known: input.when.known,
            within: input.within,
            period: None,
        },
        reveal: input.when.reveal,
    };
    let report = office.records(&list)?;
    let totals = if input.sums.is_empty() {
        None
    } else {
        Some(office.totals(&list, &input.sums)?)
    };
    if common.json {
        out(wire::records(&report, totals.as_ref()));
        return Ok(0);
    }
    let at = report.at.to_string();
    let params = [("register", report.register_title.as_str()), ("at", &at)];
    out(say("records.head", &params));
    let mut head = vec![say("records.record", &[]), say("records.division", &[])];
    head.extend(report.fields.iter().map(|(_, title)| title.clone()));
    let mut rows = vec![head];
    for row in &report.rows {
        let mut line = vec![row.record.to_string(), row.division_name.clone()];
        line.extend(row.values.iter().map(|value| value.shown.clone()));
        rows.push(line);
    }
    table::lines(&rows, &[true]).iter().for_each(out);
    if let Some((count, sums)) = &totals {
        out(say("records.count", &[("count", &count.to_string())]));
        for sum in sums {
            let params = [("title", sum.title.as_str()), ("value", &sum.shown)];
            out(say("records.sum", &params));
        }
    }
    if let Some(next) = &report.next {
        out(say("records.next", &[("next", next)]));
    }
    Ok(0)
}

pub(crate) fn show(common: &Common, input: Show) -> Done {
    let mut office = open(common, input.when.reveal.as_ref())?;
    let report = office.show(&ShowInput {
        register: input.register,
        record: input.record,
        ask: AskInput {
            at: input.when.at,
            known: input.when.known,
            within: None,
            period: None,
        },
        reveal: input.when.reveal,
    })?;
    if common.json {
        out(wire::show(&report));
        return Ok(0);
    }
    head(&report.register_title, &report.row);
    for ((_, title), value) in report.fields.iter().zip(&report.row.values) {
        let shown = shown(value);
        out(say("records.field", &[("title", title), ("value", &shown)]));
    }
    Ok(0)
}

fn head(register: &str, row: &RecordRow) {
    let day = |date: Date| match date {
        Date::BEGINNING => say("history.unknown_past", &[]),
        Date::FOREVER => say("records.open", &[]),
        date => date.to_string(),
    };
    let (record, tx) = (row.record.to_string(), row.tx.to_string());
    let (from, to) = (day(row.from), day(row.to));
    let params = [
        ("register", register),
        ("record", &record),
        ("label", &row.label),
        ("division", &row.division_name),
        ("from", &from),
        ("to", &to),
        ("tx", &tx),
    ];
    out(say("records.one", &params));
}

fn shown(value: &FieldShown) -> String {
    if value.shown.is_empty() {
        say("unknown", &[])
    } else {
        value.shown.clone()
    }
}
