//! `yiben record`, `correct`, `end`, `withdraw`: what people write by hand.

use super::{Done, aside, out, writing};
use crate::args::{Common, Correct, End, Record, Withdraw};
use crate::fault::EXIT_YOURS;
use crate::say::say;
use crate::wire::by_hand as wire;
use office::{Clash, CorrectInput, EndInput, FieldChange, RecordInput, WithdrawInput};

/// `FIELD=VALUE` taken apart; an error names those that are none.
pub(crate) fn pairs(texts: &[String]) -> Result<Vec<(String, String)>, u8> {
    let mut pairs = Vec::with_capacity(texts.len());
    for text in texts {
        let Some((field, value)) = text.split_once('=') else {
            aside(say("by_hand.no_pair", &[("text", text)]));
            return Err(EXIT_YOURS);
        };
        pairs.push((field.trim().to_owned(), value.to_owned()));
    }
    Ok(pairs)
}

pub(crate) fn record(common: &Common, input: Record) -> Done {
    let values = match pairs(&input.values) {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let report = writing(common)?.record(&RecordInput {
        register: input.register,
        values,
        division: input.division,
        from: input.from,
        until: input.until,
        new: input.new,
        why: input.why,
        preview: input.preview,
    })?;
    if common.json {
        out(wire::record(&report));
        return Ok(0);
    }
    let record = report.record.to_string();
    let params = [
        ("register", report.register_title.as_str()),
        ("record", &record),
        ("label", &report.label),
    ];
    out(say("by_hand.record", &params));
    for finding in &report.findings {
        out(&finding.said);
        out(say("fault.next", &[("next", &finding.next)]));
    }
    written(report.tx);
    Ok(0)
}

pub(crate) fn correct(common: &Common, input: Correct) -> Done {
    let values = match pairs(&input.values) {
        Ok(values) => values,
        Err(code) => return Ok(code),
    };
    let report = writing(common)?.correct(&CorrectInput {
        register: input.register,
        record: input.record,
        values,
        division: input.division,
        from: input.from,
        based_on: input.based_on,
        why: input.why,
        preview: input.preview,
    })?;
    if common.json {
        out(wire::correct(&report));
        return Ok(0);
    }
    let record = report.record.to_string();
    let params = [
        ("register", report.register_title.as_str()),
        ("record", &record),
        ("label", &report.label),
    ];
    out(say("by_hand.correct", &params));
    changes(&report.changes);
    report
        .parallel
        .iter()
        .for_each(|clash| told("parallel", clash));
    report
        .conflicting
        .iter()
        .for_each(|clash| told("conflicting", clash));
    written(report.tx);
    Ok(0)
}

pub(crate) fn end(common: &Common, input: End) -> Done {
    let report = writing(common)?.end(&EndInput {
        register: input.register,
        record: input.record,
        from: input.from,
        why: input.why,
        preview: input.preview,
    })?;
    if common.json {
        out(wire::end(&report));
        return Ok(0);
    }
    let (record, from) = (report.record.to_string(), report.from.to_string());
    let params = [
        ("register", report.register_title.as_str()),
        ("record", &record),
        ("label", &report.label),
        ("from", &from),
    ];
    out(say("by_hand.end", &params));
    written(report.tx);
    Ok(0)
}

pub(crate) fn withdraw(common: &Common, input: Withdraw) -> Done {
    let fact = input.fact.clone();
    let report = writing(common)?.withdraw(&WithdrawInput {
        register: input.register,
        record: input.record,
        fact: input.fact,
        why: input.why,
        commit: input.commit,
    })?;
    if common.json {
        out(wire::withdraw(&report));
        return Ok(0);
    }
    let record = report.record.to_string();
    let params = [
        ("register", report.register_title.as_str()),
        ("record", &record),
        ("label", &report.label),
        ("fact", &fact),
    ];
    out(say("by_hand.withdraw", &params));
    changes(&report.changes);
    if report.gone {
        out(say("by_hand.gone", &[]));
    }
    if report.findings_gone > 0 {
        let count = report.findings_gone.to_string();
        out(say("by_hand.findings_gone", &[("count", &count)]));
    }
    match report.tx {
        Some(_) => written(report.tx),
        None => out(say("by_hand.look", &[])),
    }
    Ok(0)
}

fn or_unknown(text: &str) -> String {
    if text.is_empty() {
        say("unknown", &[])
    } else {
        text.to_owned()
    }
}

fn changes(changes: &[FieldChange]) {
    for change in changes {
        let (before, after) = (or_unknown(&change.before), or_unknown(&change.after));
        let params = [
            ("field", change.field.as_str()),
            ("before", &before),
            ("after", &after),
        ];
        out(say("by_hand.change", &params));
    }
}

fn told(kind: &str, clash: &Clash) {
    let (seen, theirs) = (or_unknown(&clash.seen), or_unknown(&clash.theirs));
    let (tx, at) = (clash.tx.to_string(), clash.at.to_string());
    let finding = clash.finding.map_or_else(String::new, |id| id.to_string());
    let params = [
        ("field", clash.title.as_str()),
        ("actor", &clash.actor),
        ("seen", &seen),
        ("theirs", &theirs),
        ("tx", &tx),
        ("at", &at),
        ("finding", &finding),
    ];
    out(say(&format!("by_hand.{kind}"), &params));
}

fn written(tx: Option<i64>) {
    out(match tx {
        Some(tx) => say("by_hand.written", &[("tx", &tx.to_string())]),
        None => say("by_hand.preview", &[]),
    });
}
