//! Forms as JSON Schema, draft 2020-12.

use pack::form::{DECLARATIONS, Declaration, Form, Holds, Stands, Way, When, Word};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Every schema by name: one a kind of file, and `any`.
pub(crate) fn schemas() -> Vec<(&'static str, Value)> {
    let mut names: Vec<&str> = Vec::new();
    for kind in DECLARATIONS {
        if !names.contains(&kind.file) {
            names.push(kind.file);
        }
    }
    let mut schemas: Vec<(&str, Value)> = names
        .into_iter()
        .map(|name| (name, file(name, |kind| kind.file == name)))
        .collect();
    schemas.push(("any", file("any", |_| true)));
    schemas
}

fn file(name: &str, holds: impl Fn(&Declaration) -> bool) -> Value {
    let (mut properties, mut defs) = (Map::new(), BTreeMap::new());
    for kind in DECLARATIONS.iter().filter(|kind| holds(kind)) {
        let table = reference(kind.form, &mut defs);
        let schema = match kind.stands {
            Stands::Once => table,
            Stands::Named => json!({
                "type": "object",
                "description": format!("[{}.NAME]: {}", kind.key, kind.form.text),
                "propertyNames": word(Word::Name),
                "additionalProperties": table,
            }),
            Stands::Listed => json!({
                "type": "array",
                "description": format!("[[{}]]: {}", kind.key, kind.form.text),
                "items": table,
            }),
        };
        properties.insert(kind.key.into(), schema);
    }
    let description = match name {
        "any" => "Any file of a pack: every kind of declaration.".to_owned(),
        _ => {
            let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
            format!("A file of a pack that declares {}.", keys.join(" and "))
        }
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Yiben pack: {name}"),
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": defs.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect::<Map<_, _>>(),
    })
}

fn reference(form: &'static Form, defs: &mut BTreeMap<&'static str, Value>) -> Value {
    if !defs.contains_key(form.name) {
        // Taken first, so that a form within itself would end.
        defs.insert(form.name, Value::Null);
        let schema = table(form, defs);
        defs.insert(form.name, schema);
    }
    json!({ "$ref": format!("#/$defs/{}", form.name) })
}

fn table(form: &'static Form, defs: &mut BTreeMap<&'static str, Value>) -> Value {
    let mut properties = Map::new();
    for key in form.keys {
        let mut schema = holds(&key.holds, defs);
        schema["description"] = key.text.into();
        properties.insert(key.name.into(), schema);
    }
    let required: Vec<&str> = form
        .keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut schema =
        json!({ "type": "object", "description": form.text, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema["additionalProperties"] = json!(false);
    if !form.ways.is_empty() {
        let ways = form.ways.iter().enumerate();
        schema["oneOf"] = ways.map(|(at, way)| one_way(way, at, form.ways)).collect();
    }
    if !form.when.is_empty() {
        schema["allOf"] = form.when.iter().map(when).collect();
    }
    schema
}

/// A way, and none of the others.
fn one_way(way: &Way, at: usize, ways: &[Way]) -> Value {
    let others = ways.iter().enumerate().filter(|(other, _)| *other != at);
    let never = others.flat_map(|(_, other)| other.marks).chain(way.never);
    json!({ "required": way.needs, "not": any_of(never) })
}

fn when(when: &When) -> Value {
    let mut then = Map::new();
    if !when.needs.is_empty() {
        then.insert("required".into(), json!(when.needs));
    }
    if !when.never.is_empty() {
        then.insert("not".into(), any_of(when.never.iter()));
    }
    json!({
        "if": { "properties": { when.key: { "const": when.is } }, "required": [when.key] },
        "then": then,
    })
}

fn any_of<'a>(keys: impl Iterator<Item = &'a &'static str>) -> Value {
    let keys: Vec<Value> = keys.map(|key| json!({ "required": [key] })).collect();
    json!({ "anyOf": keys })
}

fn holds(what: &'static Holds, defs: &mut BTreeMap<&'static str, Value>) -> Value {
    match what {
        Holds::Text => json!({ "type": "string" }),
        Holds::Word(form) => word(*form),
        Holds::Choice(words) => json!({ "type": "string", "enum": words }),
        Holds::Flag => json!({ "type": "boolean" }),
        Holds::Small(most) => json!({ "type": "integer", "minimum": 0, "maximum": most }),
        Holds::Value => json!({ "type": ["string", "number", "boolean"] }),
        Holds::List(item) => json!({ "type": "array", "items": holds(item, defs) }),
        Holds::Some(item) => json!({ "type": "array", "items": holds(item, defs), "minItems": 1 }),
        Holds::Table(form) => reference(form, defs),
        Holds::WordOr(text, form) => json!({ "anyOf": [word(*text), reference(form, defs)] }),
        Holds::Map(key, item) => {
            let mut schema = json!({ "type": "object" });
            if key.pattern().is_some() {
                schema["propertyNames"] = word(*key);
            }
            schema["additionalProperties"] = holds(item, defs);
            schema
        }
    }
}

fn word(word: Word) -> Value {
    let mut schema = json!({ "type": "string" });
    if let Some(pattern) = word.pattern() {
        schema["pattern"] = pattern.into();
    }
    schema
}
