//! Records: lists, one, its history, and the deeds on one.

use crate::call::{Call, Reply};
use crate::problem::{Kind, Problem};
use crate::say::say;
use crate::wire;
use crate::wire::by_hand;
use axum::http::header;
use office::{
    AskInput, CorrectInput, EndInput, ListInput, RecordInput, RegisterDecl, ShowInput,
    WithdrawInput,
};
use serde_json::{Value as Json, json};
use vocabulary::FieldType;

/// Parameters of a list that are no fields.
const NOT_FIELDS: [&str; 9] = [
    "at", "known", "in", "filter", "sort", "fields", "after", "limit", "reveal",
];

/// Registers that one sees, with their fields.
pub(crate) fn list(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let registers = office.registers_seen();
    let registers: Vec<Json> = registers.iter().map(declared).collect();
    Ok(Reply::json(json!({"registers": registers})).tagged(Some(tag)))
}

fn declared(register: &RegisterDecl) -> Json {
    let fields = register.fields.iter().map(|field| {
        let (kind, codes, refers) = match &field.kind {
            FieldType::Code(list) => ("code", Some(list), None),
            FieldType::Reference(to) => ("ref", None, Some(to)),
            FieldType::Text => ("text", None, None),
            FieldType::Int => ("int", None, None),
            FieldType::Decimal(_) => ("decimal", None, None),
            FieldType::Bool => ("bool", None, None),
            FieldType::Date => ("date", None, None),
            FieldType::Money => ("money", None, None),
            FieldType::Area => ("area", None, None),
            FieldType::IdNumber => ("id_number", None, None),
            FieldType::Phone => ("phone", None, None),
            FieldType::Division => ("division", None, None),
            FieldType::Shape(_) => ("shape", None, None),
        };
        json!({
            "name": field.name, "title": field.title, "type": kind, "unit": field.unit, "required": field.required,
            "personal": field.personal, "secret": field.secret, "codes": codes, "register": refers,
        })
    });
    json!({
        "name": register.name, "title": register.title, "text": register.text,
        "fields": fields.collect::<Vec<Json>>(),
    })
}

/// What a list is asked for: the query's fields are conditions.
pub(crate) fn asked(call: &Call) -> Result<ListInput, Problem> {
    let register = call.path("register");
    let mut equal: Vec<(String, String)> = Vec::new();
    for (name, value) in &call.query {
        if NOT_FIELDS.contains(&name.as_str()) || name == "format" {
            continue;
        }
        if equal.iter().any(|(known, _)| known == name) {
            let why = say("malformed.twice", &[("name", name)]);
            return Err(Problem::malformed(&why).at_field(name));
        }
        equal.push((name.clone(), value.clone()));
    }
    let one = |name| call.one(name).map(str::to_owned);
    Ok(ListInput {
        register: register.to_owned(),
        filter: one("filter"),
        equal,
        sort: one("sort"),
        after: one("after"),
        limit: Some(call.count("limit", 50, 500)?),
        fields: call.all("fields"),
        ask: call.ask(),
        reveal: one("reveal"),
    })
}

/// A page of records.
pub(crate) fn records(call: &Call) -> Result<Reply, Problem> {
    let input = asked(call)?;
    let mut office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    // Whoever opens personal fields is written down, even when he has the page already.
    if let Some(reply) = known.filter(|_| input.reveal.is_none()) {
        return Ok(reply);
    }
    let report = office.records(&input)?;
    Ok(Reply::json(by_hand::records(&report, None)).tagged(Some(tag)))
}

/// One record.
pub(crate) fn show(call: &Call) -> Result<Reply, Problem> {
    let mut office = call.office()?;
    let input = ShowInput {
        register: call.path("register").to_owned(),
        record: call.path("record").to_owned(),
        ask: call.ask(),
        reveal: call.one("reveal").map(str::to_owned),
    };
    let report = office.show(&input)?;
    let who = call.who()?;
    let role = who.session.role.clone().unwrap_or_default();
    let (tx, account) = (report.row.tx, who.session.account);
    // Masked and open are two answers; what others are called may change without it.
    let open = if input.reveal.is_some() {
        "open"
    } else {
        "masked"
    };
    let tag = format!("\"{tx}.{}.{account}.{role}.{open}\"", office.today());
    if call.has(&tag) && input.reveal.is_none() {
        return Ok(Reply::unchanged(tag));
    }
    Ok(Reply::json(by_hand::show(&report)).tagged(Some(tag)))
}

/// Everything ever said about a record.
pub(crate) fn history(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let report = office.history(call.path("register"), call.path("record"))?;
    Ok(Reply::json(wire::history(&report)).tagged(Some(tag)))
}

/// The values of a body, as people write them; null is unknown.
fn values(call: &Call, field: &str) -> Result<Vec<(String, String)>, Problem> {
    let wrong = |name: &str| {
        let kind = say("malformed.values", &[]);
        let why = say("malformed.field", &[("field", name), ("kind", &kind)]);
        Problem::malformed(&why).at_field(name)
    };
    let values = match call.body.get(field) {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Object(values)) => values,
        Some(_) => return Err(wrong(field)),
    };
    let told = values.iter().map(|(name, value)| {
        let text = match value {
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            Json::Bool(yes) => say(if *yes { "yes" } else { "no" }, &[]),
            Json::Array(_) | Json::Object(_) => return Err(wrong(name)),
        };
        Ok((name.clone(), text))
    });
    told.collect()
}

/// Told to listeners when it was written now.
fn written(call: &Call, reply: Reply, tx: Option<i64>, repeated: bool) -> Reply {
    match tx {
        Some(tx) if !repeated => reply.told(Some(tx), vec![call.path("register").to_owned()]),
        _ => reply,
    }
}

/// Writes a new record.
pub(crate) fn record(call: &Call) -> Result<Reply, Problem> {
    let input = RecordInput {
        register: call.path("register").to_owned(),
        values: values(call, "values")?,
        division: call.text("in")?,
        from: call.text("from")?,
        until: call.text("until")?,
        new: call.flag("new")?,
        why: call.text("why")?,
        preview: call.flag("preview")?,
    };
    let report = call.office()?.record(&input)?;
    let told = by_hand::record(&report);
    let reply = match report.tx {
        Some(_) if !report.repeated => {
            let path = format!(
                "/api/registers/{}/records/{}",
                report.register, report.record
            );
            Reply::made(told).with(header::LOCATION, path)
        }
        _ => Reply::json(told),
    };
    Ok(written(call, reply, report.tx, report.repeated))
}

/// The version on which a correction was made: `If-Match` refuses a later one, `based_on` writes and names who was first.
fn based_on(call: &Call) -> Result<i64, Problem> {
    let wrong = || {
        let why = say("malformed.based_on", &[]);
        Problem::malformed(&why).at_field("based_on")
    };
    if let Some(tag) = call.headers.get(header::IF_MATCH) {
        let tag = tag.to_str().unwrap_or_default().trim();
        let tag = tag.trim_start_matches("W/").trim_matches('"');
        let tx = tag.split('.').next().unwrap_or_default();
        let seen: i64 = tx.parse().map_err(|_| wrong())?;
        let input = ShowInput {
            register: call.path("register").to_owned(),
            record: call.path("record").to_owned(),
            ask: AskInput::default(),
            reveal: None,
        };
        let now = call.office_reading()?.show(&input)?.row.tx;
        if now > seen {
            let now = now.to_string();
            return Err(Problem::new(Kind::Precondition, &[("tx", &now)]));
        }
        return Ok(seen);
    }
    match call.body.get("based_on") {
        None | Some(Json::Null) => Err(Problem::new(Kind::NeedsVersion, &[])),
        Some(number) => number.as_i64().ok_or_else(wrong),
    }
}

/// Corrects one.
pub(crate) fn correct(call: &Call) -> Result<Reply, Problem> {
    let input = CorrectInput {
        register: call.path("register").to_owned(),
        record: call.path("record").to_owned(),
        values: values(call, "values")?,
        division: call.text("in")?,
        from: call.text("from")?,
        based_on: Some(based_on(call)?),
        why: call.text("why")?,
        preview: call.flag("preview")?,
    };
    let report = call.office()?.correct(&input)?;
    let reply = Reply::json(by_hand::correct(&report));
    Ok(written(call, reply, report.tx, report.repeated))
}

/// Ends one.
pub(crate) fn end(call: &Call) -> Result<Reply, Problem> {
    let input = EndInput {
        register: call.path("register").to_owned(),
        record: call.path("record").to_owned(),
        from: call.text("from")?,
        why: call.text("why")?,
        preview: call.flag("preview")?,
    };
    let report = call.office()?.end(&input)?;
    let reply = Reply::json(by_hand::end(&report));
    Ok(written(call, reply, report.tx, report.repeated))
}

/// Takes a statement about one back.
pub(crate) fn withdraw(call: &Call) -> Result<Reply, Problem> {
    let input = WithdrawInput {
        register: call.path("register").to_owned(),
        record: call.path("record").to_owned(),
        fact: call.needed("fact")?,
        why: call.text("why")?,
        commit: !call.flag("preview")?,
    };
    let report = call.office()?.withdraw(&input)?;
    let reply = Reply::json(by_hand::withdraw(&report));
    Ok(written(call, reply, report.tx, report.repeated))
}

/// How many records a list has, and what fields add up to.
pub(crate) fn totals(call: &Call) -> Result<Reply, Problem> {
    let input = ListInput {
        register: call.path("register").to_owned(),
        filter: call.text("filter")?,
        equal: values(call, "equal")?,
        ask: call.ask_in_body()?,
        ..ListInput::default()
    };
    let (count, sums) = call.office()?.totals(&input, &call.texts("sums")?)?;
    let sums = sums.iter().map(|sum| {
        let told = json!({"title": sum.title, "value": sum.value, "shown": sum.shown});
        (sum.field.clone(), told)
    });
    let sums: serde_json::Map<String, Json> = sums.collect();
    Ok(Reply::json(json!({"count": count, "sums": sums})))
}

/// Places that one sees.
pub(crate) fn divisions(call: &Call) -> Result<Reply, Problem> {
    let office = call.office()?;
    let (tag, known) = call.unless_known(&office)?;
    if let Some(reply) = known {
        return Ok(reply);
    }
    let places = office.places_seen(&call.ask())?;
    let places = places.iter().map(|place| {
        json!({
            "id": place.id.to_string(), "name": place.name, "level": place.level,
            "parent": place.parent.map(|parent| parent.to_string()),
        })
    });
    let places: Vec<Json> = places.collect();
    Ok(Reply::json(json!({"divisions": places})).tagged(Some(tag)))
}
