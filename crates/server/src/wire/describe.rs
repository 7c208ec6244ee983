//! What a pack declares, as JSON.

use office::{
    CheckDescription, FigureDescription, PackDescription, PartDescription, RegisterDescription,
    SheetDescription,
};
use serde_json::{Map, Value as Json, json};

/// `{"name","title","version","parts":[{"id","files","registers","sheets","figures","checks","codes","parameters","others"}]}`
pub fn pack(pack: &PackDescription) -> Json {
    json!({
        "name": pack.name, "title": pack.title, "version": pack.version,
        "parts": pack.parts.iter().map(part).collect::<Vec<_>>(),
    })
}

fn part(part: &PartDescription) -> Json {
    let codes = part.codes.iter().map(|list| {
        let codes = list.codes.iter().map(
            |(code, title, aliases)| json!({"code": code, "title": title, "aliases": aliases}),
        );
        json!({
            "name": list.name, "title": list.title, "scheme": list.scheme, "version": list.version,
            "list": codes.collect::<Vec<_>>(),
        })
    });
    let parameters = part.parameters.iter().map(|one| {
        let values = one.values.iter();
        let values = values.map(|(from, value)| json!({"from": from, "value": value}));
        json!({
            "name": one.name, "title": one.title, "type": one.kind,
            "values": values.collect::<Vec<_>>(),
        })
    });
    let others = part.others.iter().map(|one| {
        json!({
            "kind": one.kind, "name": one.name, "title": one.title, "written": written(&one.rule),
        })
    });
    json!({
        "id": part.id, "files": part.files,
        "registers": part.registers.iter().map(register).collect::<Vec<_>>(),
        "sheets": part.sheets.iter().map(sheet).collect::<Vec<_>>(),
        "figures": part.figures.iter().map(figure).collect::<Vec<_>>(),
        "checks": part.checks.iter().map(check).collect::<Vec<_>>(),
        "codes": codes.collect::<Vec<_>>(),
        "parameters": parameters.collect::<Vec<_>>(),
        "others": others.collect::<Vec<_>>(),
    })
}

fn register(register: &RegisterDescription) -> Json {
    let fields = register.fields.iter().map(|field| {
        json!({
            "name": field.name, "title": field.title, "type": field.kind, "unit": field.unit,
            "required": field.required, "personal": field.personal, "secret": field.secret,
            "constant": field.constant,
        })
    });
    json!({
        "name": register.name, "title": register.title, "text": register.text,
        "keys": register.keys, "owner": register.owner, "fields": fields.collect::<Vec<_>>(),
    })
}

fn sheet(sheet: &SheetDescription) -> Json {
    let columns = sheet.columns.iter().map(|column| {
        json!({
            "name": column.name, "headers": column.headers, "field": column.field,
            "type": column.kind, "required": column.required,
        })
    });
    json!({
        "id": sheet.id, "title": sheet.title, "roster_of": sheet.roster_of, "names": sheet.names,
        "only": sheet.only, "never": sheet.never, "writes": sheet.writes,
        "columns": columns.collect::<Vec<_>>(),
    })
}

fn figure(figure: &FigureDescription) -> Json {
    let members = figure.members.iter();
    let members = members.map(|(id, title)| json!({"id": id, "title": title}));
    json!({
        "id": figure.id, "title": figure.title, "text": figure.text, "unit": figure.unit,
        "time": if figure.of_period { "period" } else { "at" },
        "members": members.collect::<Vec<_>>(), "written": written(&figure.rule),
    })
}

fn check(check: &CheckDescription) -> Json {
    json!({
        "id": check.id, "title": check.title, "said": check.said, "next": check.next,
        "severity": if check.notice { "notice" } else { "error" }, "owner": check.owner,
        "written": written(&check.rule),
    })
}

/// Keys as written in the pack.
fn written(rule: &[(String, String)]) -> Json {
    let keys = rule.iter();
    let keys = keys.map(|(key, value)| (key.clone(), Json::String(value.clone())));
    Json::Object(keys.collect::<Map<_, _>>())
}
