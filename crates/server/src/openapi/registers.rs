//! A schema for each register: fields with their titles and types, codes with what they are called.

use crate::say::say;
use office::{CheckedPack, Field, RegisterDecl};
use serde_json::{Map, Value as Json, json};
use vocabulary::FieldType;

/// Adds the forms of one register: a record read, a list, a record written, a correction.
pub(super) fn add(schemas: &mut Map<String, Json>, pack: &CheckedPack, register: &RegisterDecl) {
    let name = &register.name;
    let refer = |ending: &str| json!({"$ref": format!("#/components/schemas/{name}.{ending}")});
    let base = |schema: &str| json!({"$ref": format!("#/components/schemas/{schema}")});
    let mut put = |ending: &str, schema: Json| {
        schemas.insert(format!("{name}.{ending}"), schema);
    };
    let read = register
        .fields
        .iter()
        .map(|field| (field.name.clone(), shown(pack, field)));
    put(
        "Record",
        json!({
            "type": "object", "title": register.title, "description": register.text,
            "required": ["record", "label", "division", "division_name", "from", "to", "tx", "values"],
            "properties": {
                "record": {"type": "integer"}, "label": {"type": "string"}, "division": {"type": "integer"},
                "division_name": {"type": "string"}, "from": {"type": "string"}, "to": {"type": "string"},
                "tx": {"type": "integer"},
                "values": {
                    "type": "object", "additionalProperties": false,
                    "properties": read.collect::<Map<String, Json>>(),
                },
            },
        }),
    );
    put(
        "List",
        json!({
            "type": "object", "required": ["register", "at", "known", "records", "next"],
            "properties": {
                "register": {"const": name}, "at": {"type": "string", "format": "date"}, "known": base("Known"),
                "records": {"type": "array", "items": refer("Record")},
                "next": {"type": ["string", "null"]},
            },
        }),
    );
    put(
        "One",
        json!({
            "type": "object", "required": ["register", "at", "known", "record"],
            "properties": {
                "register": {"const": name}, "at": {"type": "string", "format": "date"}, "known": base("Known"),
                "record": refer("Record"),
            },
        }),
    );
    let written = register
        .fields
        .iter()
        .map(|field| (field.name.clone(), typed(pack, field)));
    put(
        "Values",
        json!({
            "type": "object", "additionalProperties": false, "minProperties": 1,
            "properties": written.collect::<Map<String, Json>>(),
        }),
    );
    let needed: Vec<&str> = register
        .fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name.as_str())
        .collect();
    let optional = |more: Json| {
        let mut all = json!({
            "in": {"type": ["string", "null"]}, "from": {"type": ["string", "null"]},
            "why": {"type": ["string", "null"]}, "preview": {"type": ["boolean", "null"]},
            "client_id": {"type": ["string", "null"], "pattern": "^[!-~]{1,64}$"},
        });
        if let (Some(all), Json::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        all
    };
    put(
        "New",
        json!({
            "type": "object", "required": ["values"], "additionalProperties": false,
            "properties": optional(json!({
                "values": {"allOf": [refer("Values"), {"required": needed}]},
                "until": {"type": ["string", "null"]}, "new": {"type": ["boolean", "null"]},
            })),
        }),
    );
    put(
        "Correction",
        json!({
            "type": "object", "required": ["values"], "additionalProperties": false,
            "properties": optional(json!({
                "values": refer("Values"), "based_on": {"type": ["integer", "null"], "minimum": 1},
            })),
        }),
    );
}

/// What a person reads about a field beside its title.
fn about(field: &Field) -> String {
    let mut parts = Vec::new();
    if let Some(unit) = &field.unit {
        parts.push(say("api.unit", &[("unit", unit)]));
    }
    if field.secret {
        parts.push(say("api.secret", &[]));
    } else if field.personal {
        parts.push(say("api.personal", &[]));
    }
    parts.join(&say("comma", &[]))
}

/// A value as it is answered: stored units beside what people write.
fn shown(pack: &CheckedPack, field: &Field) -> Json {
    let value = match &field.kind {
        FieldType::Code(list) => coded(pack, list),
        kind if kind.is_integer() => json!({"type": ["integer", "null"]}),
        _ => json!({"type": ["string", "null"]}),
    };
    json!({
        "type": "object", "title": field.title, "description": about(field),
        "required": ["value", "shown", "masked"],
        "properties": {"value": value, "shown": {"type": "string"}, "masked": {"type": "boolean"}},
    })
}

/// One of the codes of a list, each with what it is called.
fn coded(pack: &CheckedPack, list: &str) -> Json {
    let Some(list) = pack.code_lists.get(list) else {
        return json!({"type": ["string", "null"]});
    };
    let codes = list.codes.iter();
    let codes = codes.map(|code| json!({"const": code.code, "title": code.title}));
    let codes = codes.chain([json!({"type": "null"})]);
    json!({"title": list.title, "oneOf": codes.collect::<Vec<Json>>()})
}

/// A value as it is written: what a person would type into the cell; null is unknown.
fn typed(pack: &CheckedPack, field: &Field) -> Json {
    let mut told = match &field.kind {
        FieldType::Bool => json!({"type": ["boolean", "string", "null"]}),
        FieldType::Int | FieldType::Decimal(_) | FieldType::Money | FieldType::Area => {
            json!({"type": ["number", "string", "null"]})
        }
        FieldType::Reference(_) | FieldType::Division => {
            json!({"type": ["integer", "string", "null"]})
        }
        FieldType::Code(list) => {
            let titles = pack.code_lists.get(list).map(|list| {
                list.codes
                    .iter()
                    .map(|code| code.title.clone())
                    .collect::<Vec<String>>()
            });
            json!({"type": ["string", "null"], "examples": titles.unwrap_or_default()})
        }
        _ => json!({"type": ["string", "null"]}),
    };
    told["title"] = json!(field.title);
    told["description"] = json!(about(field));
    told
}
