//! Bodies of facts: the canonical JSON that is hashed and kept for ever. One writer, one reader; the order of
//! keys and the absence of what is empty are part of the contract (`docs/specs/ledger.md`, 2).

mod lean; // the quick reader of what the writer writes

pub(crate) use lean::{Held, Lean, lean, members};

use crate::error::LedgerError;
use crate::fact::{NewFact, Op, RANK_DEFAULT, WHOLE_ROW};
use crate::hash::{HashAlg, Keyed, hex_into};
use crate::register::Plan;
use crate::seal::{canonical, commitment, decimal, quote};
use serde_json::Value as Json;
use vocabulary::{Date, Value};

/// The key under which a fact's own rank stands among those of fields.
const OWN_RANK: &str = "*";
/// The key under which the cell of a whole row stands.
const OWN_CELL: &str = "*";

/// The word of an op.
pub(crate) fn word(op: Op) -> &'static str {
    match op {
        Op::Assert => "assert",
        Op::End => "end",
        Op::Decide => "decide",
    }
}

/// Writes the body of a fact. With `salts`, personal values become commitments and `personal` receives the
/// JSON object that is sealed.
pub(crate) fn write(
    op: Op,
    fact: &NewFact,
    plan: &Plan,
    alg: HashAlg,
    salts: Option<&Keyed>,
    personal: &mut String,
) -> String {
    let mut out = String::with_capacity(200 + fact.values.len() * 24);
    out.push_str("{\"op\":\"");
    out.push_str(word(op));
    out.push_str("\",\"register\":\"");
    out.push_str(&plan.decl.name);
    out.push_str("\",\"record\":");
    decimal(fact.record, &mut out);
    if fact.division != 0 {
        out.push_str(",\"division\":");
        decimal(fact.division, &mut out);
    }
    out.push_str(",\"from\":");
    decimal(fact.from.int().into(), &mut out);
    if let Some(to) = fact.to {
        out.push_str(",\"to\":");
        decimal(to.int().into(), &mut out);
    }
    out.push_str(",\"as_of\":");
    decimal(fact.as_of.int().into(), &mut out);
    if op != Op::End && !fact.values.is_empty() {
        write_set(fact, plan, alg, salts, personal, &mut out);
    }
    if fact.rank != RANK_DEFAULT || !fact.ranks.is_empty() {
        out.push_str(",\"rank\":{");
        let own = (fact.rank != RANK_DEFAULT).then_some((OWN_RANK, fact.rank));
        let fields = fact
            .ranks
            .iter()
            .map(|(index, rank)| (plan.decl.fields[*index].name.as_str(), *rank));
        for (n, (name, rank)) in own.into_iter().chain(fields).enumerate() {
            comma(n, &mut out);
            quote(name, &mut out);
            out.push(':');
            decimal(rank.into(), &mut out);
        }
        out.push('}');
    }
    if let Some((source, row)) = fact.source {
        out.push_str(",\"src\":[");
        decimal(source.into(), &mut out);
        out.push(',');
        decimal(row.into(), &mut out);
        out.push(']');
    }
    if !fact.cells.is_empty() {
        out.push_str(",\"at\":{");
        for (n, (index, cell)) in fact.cells.iter().enumerate() {
            comma(n, &mut out);
            let name = if *index == WHOLE_ROW {
                OWN_CELL
            } else {
                &plan.decl.fields[*index].name
            };
            quote(name, &mut out);
            out.push(':');
            quote(cell, &mut out);
        }
        out.push('}');
    }
    out.push('}');
    out
}

fn write_set(
    fact: &NewFact,
    plan: &Plan,
    alg: HashAlg,
    salts: Option<&Keyed>,
    personal: &mut String,
    out: &mut String,
) {
    let mut text = String::new();
    out.push_str(",\"set\":{");
    for (n, (index, value)) in fact.values.iter().enumerate() {
        let name = &plan.decl.fields[*index].name;
        comma(n, out);
        quote(name, out);
        out.push(':');
        match salts.filter(|_| plan.rules[*index].sealed) {
            Some(salts) => {
                text.clear();
                canonical(value, &mut text);
                out.push_str("{\"#\":\"");
                hex_into(&commitment(alg, salts, name, &text), out);
                out.push_str("\"}");
                personal.push(if personal.is_empty() { '{' } else { ',' });
                quote(name, personal);
                personal.push(':');
                personal.push_str(&text);
            }
            None => canonical(value, out),
        }
    }
    out.push('}');
    if !personal.is_empty() {
        personal.push('}');
    }
}

fn comma(position: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
}

/// What a body holds, as far as it speaks of a record.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) op: Op,
    /// The register's name as it was then.
    pub(crate) register: String,
    pub(crate) record: i64,
    pub(crate) division: i64,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) as_of: Date,
    /// Field names as they were then, with clear values; `None` is a commitment.
    pub(crate) set: Vec<(String, Option<Value>)>,
    /// The commitments, hex, in the order of `set`.
    pub(crate) commitments: Vec<(String, String)>,
    pub(crate) rank: u8,
    pub(crate) ranks: Vec<(String, u8)>,
    pub(crate) src: Option<(u16, u32)>,
    pub(crate) at: Vec<(String, String)>,
    /// The key in `at` for the whole row.
    pub(crate) row_cell: Option<String>,
}

/// Reads the body of an `assert`, `end` or `decide`; `None` for the other ops.
pub(crate) fn read(text: &str) -> Result<Option<Body>, LedgerError> {
    let json = parse(text)?;
    let op = match json["op"].as_str() {
        Some("assert") => Op::Assert,
        Some("end") => Op::End,
        Some("decide") => Op::Decide,
        _ => return Ok(None),
    };
    let date = |key: &str, missing: Date| {
        json[key]
            .as_i64()
            .and_then(|n| i32::try_from(n).ok())
            .map_or(missing, Date::from_int)
    };
    let mut body = Body {
        op,
        register: json["register"].as_str().unwrap_or_default().to_owned(),
        record: json["record"].as_i64().unwrap_or(0),
        division: json["division"].as_i64().unwrap_or(0),
        from: date("from", Date::BEGINNING),
        to: date("to", Date::FOREVER),
        as_of: date("as_of", Date::BEGINNING),
        set: Vec::new(),
        commitments: Vec::new(),
        rank: RANK_DEFAULT,
        ranks: Vec::new(),
        src: None,
        at: Vec::new(),
        row_cell: None,
    };
    for (name, value) in json["set"].as_object().into_iter().flatten() {
        if let Some(commitment) = value["#"].as_str() {
            body.commitments.push((name.clone(), commitment.to_owned()));
            body.set.push((name.clone(), None));
        } else {
            body.set.push((name.clone(), Some(plain(value))));
        }
    }
    for (name, rank) in json["rank"].as_object().into_iter().flatten() {
        let rank = rank
            .as_u64()
            .and_then(|n| u8::try_from(n).ok())
            .unwrap_or(RANK_DEFAULT);
        if name == OWN_RANK {
            body.rank = rank;
        } else {
            body.ranks.push((name.clone(), rank));
        }
    }
    if let (Some(source), Some(row)) = (json["src"][0].as_u64(), json["src"][1].as_u64()) {
        body.src = u16::try_from(source).ok().zip(u32::try_from(row).ok());
    }
    for (name, cell) in json["at"].as_object().into_iter().flatten() {
        let cell = cell.as_str().unwrap_or_default().to_owned();
        if name == OWN_CELL {
            body.row_cell = Some(cell);
        } else {
            body.at.push((name.clone(), cell));
        }
    }
    Ok(Some(body))
}

/// Any body as JSON.
pub(crate) fn parse(text: &str) -> Result<Json, LedgerError> {
    serde_json::from_str(text)
        .map_err(|error| LedgerError::Damaged(format!("a body is not JSON: {error}")))
}

/// A value in clear.
pub(crate) fn plain(json: &Json) -> Value {
    match json {
        Json::String(text) => Value::Text(text.clone()),
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}
