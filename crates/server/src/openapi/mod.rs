//! The OpenAPI 3.1 document: made from the table of URLs and the pack in force, so that it cannot say what is not answered.

mod registers; // a schema for each register of the pack
mod schemas; // the forms that every book has

use crate::limits;
use crate::say::say;
use crate::urls::{Gives, Kind, Method, Need, Param, Takes, URLS, Url};
use office::CheckedPack;
use serde_json::{Map, Value as Json, json};

/// Refusals that any URL may answer, and those of a body.
const REFUSALS: [(u16, bool); 14] = [
    (400, false),
    (401, false),
    (403, false),
    (404, false),
    (408, true),
    (409, false),
    (412, true),
    (413, true),
    (415, true),
    (422, false),
    (428, true),
    (429, false),
    (500, false),
    (503, false),
];

/// The document of a book with this pack.
pub fn document(pack: &CheckedPack) -> Json {
    let mut paths: Map<String, Json> = Map::new();
    for url in URLS {
        if url.path.contains("{register}") {
            for register in &pack.registers {
                let path = url.path.replace("{register}", &register.name);
                add(
                    &mut paths,
                    &path,
                    url,
                    Some((&register.name, &register.title)),
                );
            }
        } else {
            add(&mut paths, url.path, url, None);
        }
    }
    let mut schemas = schemas::all();
    for register in &pack.registers {
        registers::add(&mut schemas, pack, register);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": say("api.title", &[("pack", &pack.title)]),
            "description": say("api.text", &[]),
            "version": pack.version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "yiben"},
            },
        },
        "security": [{"session": []}],
    })
}

fn add(paths: &mut Map<String, Json>, path: &str, url: &Url, register: Option<(&str, &str)>) {
    let item = paths.entry(path.to_owned()).or_insert_with(|| json!({}));
    item[url.method.word().to_ascii_lowercase()] = operation(path, url, register);
}

fn operation(path: &str, url: &Url, register: Option<(&str, &str)>) -> Json {
    let mut summary = say(&format!("url.{}", url.id), &[]);
    let mut id = url.id.to_owned();
    if let Some((name, title)) = register {
        summary = say("api.of", &[("register", title), ("summary", &summary)]);
        id = format!("{id}.{name}");
    }
    let name = register.map(|(name, _)| name);
    let tag = register.map_or_else(
        || path.split('/').nth(1).unwrap_or_default().to_owned(),
        |(_, title)| title.to_owned(),
    );
    let mut told = json!({
        "operationId": id, "summary": summary, "tags": [tag],
        "parameters": parameters(path, url), "responses": responses(url, name),
    });
    if let Need::Deed(deed) = url.need {
        told["x-deed"] = json!(deed);
    }
    if matches!(url.need, Need::Nobody | Need::Here) {
        told["security"] = json!([]);
    }
    if let Some(body) = body(url, name) {
        told["requestBody"] = body;
    }
    told
}

fn parameters(path: &str, url: &Url) -> Vec<Json> {
    let mut all = Vec::new();
    for part in path.split('/') {
        let name = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        if let Some(name) = name {
            let pattern = match name {
                "record" | "finding" | "tx" => "^[0-9]{1,18}$",
                "hash" => "^[0-9a-f]{64}$",
                "import" => "^[0-9a-f]{32}$",
                _ => "^[^/\\u0000-\\u001f]{1,64}$",
            };
            all.push(json!({
                "name": name, "in": "path", "required": true, "description": said("param", name),
                "schema": {"type": "string", "pattern": pattern},
            }));
        }
    }
    all.extend(url.asks.iter().map(|param| parameter(param)));
    if url.is_safe() {
        if !matches!(url.need, Need::Nobody | Need::Here) {
            all.push(header("If-None-Match", json!({"type": "string"}), false));
        }
        return all;
    }
    all.push(header("X-Yiben", json!({"const": "1"}), true));
    if url.method == Method::Post {
        let id = json!({"type": "string", "pattern": "^[!-~]{1,64}$"});
        all.push(header("Idempotency-Key", id, false));
    }
    if url.id == "correct" {
        all.push(header("If-Match", json!({"type": "string"}), false));
    }
    all
}

fn said(kind: &str, name: &str) -> String {
    say(
        &format!("{kind}.{}", name.to_ascii_lowercase().replace('-', "_")),
        &[],
    )
}

fn header(name: &str, schema: Json, required: bool) -> Json {
    json!({
        "name": name, "in": "header", "required": required, "description": said("param", name),
        "schema": schema,
    })
}

fn parameter(param: &Param) -> Json {
    let one = match param.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Count(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Kind::One(words) => json!({"enum": words}),
    };
    let schema = if param.many {
        json!({"type": "array", "items": one})
    } else {
        one
    };
    json!({
        "name": param.name, "in": "query", "required": param.needed, "description": said("param", param.name),
        "schema": schema,
    })
}

fn reference(schema: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn of_register(register: Option<&str>, ending: &str) -> Json {
    reference(&format!("{}.{ending}", register.unwrap_or_default()))
}

fn body(url: &Url, register: Option<&str>) -> Option<Json> {
    let (kind, schema) = match url.takes {
        Takes::Nothing => return None,
        Takes::Json(schema) => ("application/json", reference(schema)),
        Takes::OfRegister(ending) => ("application/json", of_register(register, ending)),
        Takes::Parts(schema) => ("multipart/form-data", reference(schema)),
        Takes::File => {
            let most = limits::ATTACHMENT_BYTES_MAX;
            return Some(json!({
                "required": true,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary", "maxLength": most}}},
            }));
        }
    };
    Some(json!({"required": true, "content": {kind: {"schema": schema}}}))
}

fn responses(url: &Url, register: Option<&str>) -> Json {
    let (status, content) = match url.gives {
        Gives::Nothing => ("204", None),
        Gives::Json(schema) => ("200", Some(reference(schema))),
        Gives::Made(schema) => ("201", Some(reference(schema))),
        Gives::OfRegister(ending) => ("200", Some(of_register(register, ending))),
        Gives::MadeOfRegister(ending) => ("201", Some(of_register(register, ending))),
        Gives::File(kinds) => {
            let file = json!({"schema": {"type": "string"}});
            let content = kinds.iter().map(|kind| ((*kind).to_owned(), file.clone()));
            let content: Map<String, Json> = content.collect();
            let done = json!({"description": say("status.200", &[]), "content": content});
            return with_refusals(url, "200", done);
        }
    };
    let mut done = json!({"description": say(&format!("status.{status}"), &[])});
    if let Some(schema) = content {
        done["content"] = json!({"application/json": {"schema": schema}});
    }
    with_refusals(url, status, done)
}

fn with_refusals(url: &Url, status: &str, done: Json) -> Json {
    let mut all = json!({status: done});
    let problem = |title: String| {
        json!({
            "description": title,
            "content": {"application/problem+json": {"schema": reference("Problem")}},
        })
    };
    if url.is_safe() && !matches!(url.need, Need::Nobody | Need::Here) {
        all["304"] = json!({"description": say("status.304", &[])});
    }
    // A deed that was answered before is answered again, not made again.
    if status == "201" {
        all["200"] = all["201"].clone();
    }
    for (refusal, of_body) in REFUSALS {
        if !of_body || url.takes != Takes::Nothing {
            all[refusal.to_string()] = problem(say(&format!("status.{refusal}"), &[]));
        }
    }
    all["default"] = problem(say("status.default", &[]));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_url_and_parameter_has_its_words_and_every_id_is_its_own() {
        let mut ids = std::collections::BTreeSet::new();
        let mut places = std::collections::BTreeSet::new();
        for url in URLS {
            assert!(ids.insert(url.id), "{} twice", url.id);
            assert!(
                places.insert((url.path, url.method.word())),
                "{} twice",
                url.path
            );
            let summary = say(&format!("url.{}", url.id), &[]);
            assert!(!summary.starts_with("url."), "{} has no words", url.id);
            for parameter in parameters(url.path, url) {
                let text = parameter["description"].as_str().unwrap_or_default();
                assert!(
                    !text.starts_with("param."),
                    "{} has no words",
                    parameter["name"]
                );
            }
            for schema in named(url) {
                assert!(
                    schemas::all().contains_key(schema),
                    "{schema} of {}",
                    url.id
                );
            }
        }
    }

    fn named(url: &Url) -> Vec<&'static str> {
        let mut all = Vec::new();
        match url.takes {
            Takes::Json(schema) | Takes::Parts(schema) => all.push(schema),
            _ => {}
        }
        match url.gives {
            Gives::Json(schema) | Gives::Made(schema) => all.push(schema),
            _ => {}
        }
        all
    }
}
