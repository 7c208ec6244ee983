//! Registers: fields and their types, keys, identity, subject, label.

use super::code_list::list;
use super::expression::expression;
use super::gather::Gathered;
use super::name::{BUILT_IN, former, name, usable};
use super::{Sink, blank, rule};
use crate::CheckedPack;
use crate::declare::{Field, Identity, KeyPart, RegisterDecl};
use crate::expr::{Named, Names, Type, noun};
use crate::form;
use crate::read::{Key, Table, Text, text_of, wrong};
use crate::read::{Node, Shape};
use std::collections::BTreeMap;
use vocabulary::{FieldType, ShapeKind};

const TYPES: &[&str] = &[
    "text",
    "int",
    "decimal:2",
    "bool",
    "date",
    "money",
    "area",
    "id_number",
    "phone",
    "code:LIST",
    "ref:REGISTER",
    "division",
    "shape:area",
];

/// The registers, their labels still blank: a label may name fields of any register.
pub(super) fn registers(gathered: &Gathered, pack: &CheckedPack, sink: &Sink) -> Vec<RegisterDecl> {
    let names: Vec<&str> = gathered
        .named("register", sink)
        .map(|(key, _)| key.name.as_str())
        .collect();
    let registers: Vec<RegisterDecl> = gathered
        .named("register", sink)
        .map(|(key, table)| register(key, &table, &names, pack))
        .collect();
    let was = gathered
        .named("register", sink)
        .flat_map(|(_, table)| table.texts("was"));
    former(names.iter().copied(), was, sink);
    registers
}

fn register(key: &Key, table: &Table<'_>, names: &[&str], pack: &CheckedPack) -> RegisterDecl {
    let sink = table.sink;
    table.known(&form::REGISTER);
    name(&key.name, key.at, sink);
    if BUILT_IN.contains(&key.name.as_str()) {
        let said = format!("`{}` is a register that every book has", key.name);
        sink.report(
            rule::RESERVED,
            key.at,
            said,
            "call the register something else".into(),
        );
    }
    table.need("label");
    table.need("fields");
    let entries = table.entries("fields");
    let fields: Vec<Field> = entries
        .iter()
        .filter_map(|(key, node)| field(key, node, names, pack, sink))
        .collect();
    let tables = || {
        entries
            .iter()
            .filter_map(|(key, node)| inner(key, node, sink))
    };
    former(
        fields.iter().map(|field| field.name.as_str()),
        tables().flat_map(|table| table.texts("was")),
        sink,
    );
    for table in tables() {
        gives(&table, &fields, pack);
    }
    let gives = |name: &str, what: &str| {
        let (key, node) = entries.iter().find(|(key, _)| key.name == name)?;
        inner(key, node, sink)?.table("gives")?.string(what)
    };
    let fields: Vec<Field> = fields
        .into_iter()
        .map(|field| Field {
            gives_birth: gives(&field.name, "birth"),
            gives_sex: gives(&field.name, "sex"),
            ..field
        })
        .collect();
    if let Some(subject) = table.text("subject") {
        let found = field_named(subject, &fields, sink);
        if found.is_some_and(|field| !matches!(field.kind, FieldType::Reference(_))) {
            let said = format!(
                "the subject `{}` does not refer to a register",
                subject.text
            );
            let next = "name the field of type ref:REGISTER that says whose facts these are";
            sink.report(rule::SUBJECT, subject.at, said, next.into());
        }
    }
    if let Some(owner) = table.text("owner") {
        role(owner, pack, sink);
    }
    RegisterDecl {
        name: key.name.clone(),
        title: table.need_string("title"),
        text: table.string("text").unwrap_or_default(),
        was: table.strings("was"),
        keys: keys(table, &fields),
        identity: table
            .table("identity")
            .map(|table| identity(&table, &fields)),
        subject: table.string("subject"),
        label: blank(),
        owner: table.string("owner"),
        fields,
    }
}

/// A field's table, without a report: that was made when the field was read.
fn inner<'a>(key: &Key, node: &'a Node, sink: &'a Sink<'a>) -> Option<Table<'a>> {
    match &node.shape {
        Shape::Table(entries) => Some(Table {
            entries,
            at: key.at,
            sink,
        }),
        _ => None,
    }
}

fn field(
    key: &Key,
    node: &Node,
    registers: &[&str],
    pack: &CheckedPack,
    sink: &Sink,
) -> Option<Field> {
    usable(&key.name, key.at, sink);
    let Some(table) = inner(key, node, sink) else {
        wrong(
            sink,
            node,
            &format!("the field `{}`", key.name),
            "a table { type = …, title = … }",
        );
        return None;
    };
    table.known(&form::FIELD);
    let kind = table
        .need_text("type")
        .and_then(|text| field_type(text, pack, registers, sink));
    let kind = kind.unwrap_or(FieldType::Text);
    Some(Field {
        agree: agree(&table, &kind, pack),
        name: key.name.clone(),
        title: table.need_string("title"),
        kind,
        was: table.strings("was"),
        aliases: table.strings("aliases"),
        required: table.flag("required", false),
        personal: table.flag("personal", false),
        secret: table.flag("secret", false),
        constant: table.flag("constant", false),
        gives_birth: None,
        gives_sex: None,
        unit: table.string("unit"),
    })
}

/// The crosswalk by whose classes two sources agree.
fn agree(table: &Table<'_>, kind: &FieldType, pack: &CheckedPack) -> BTreeMap<String, String> {
    let Some(text) = table.text("agree") else {
        return BTreeMap::new();
    };
    let fits = |from: &String| matches!(kind, FieldType::Code(list) if list == from);
    match pack.crosswalks.get(text.text) {
        Some(crosswalk) if fits(&crosswalk.from) => return crosswalk.map.clone(),
        Some(crosswalk) => {
            let said = format!(
                "the crosswalk `{}` maps codes of `{}`, which this field does not hold",
                crosswalk.name, crosswalk.from
            );
            let next = format!(
                "name a crosswalk from the field's own list, or make it code:{}",
                crosswalk.from
            );
            table.sink.report(rule::AGREE, text.at, said, next);
        }
        None => {
            let said = format!("there is no crosswalk `{}`", text.text);
            let there = pack.crosswalks.keys().map(String::as_str);
            table
                .sink
                .unknown(rule::AGREE, text.at, said, text.text, there);
        }
    }
    BTreeMap::new()
}

/// The type that a text names.
pub(super) fn field_type(
    text: Text<'_>,
    pack: &CheckedPack,
    registers: &[&str],
    sink: &Sink,
) -> Option<FieldType> {
    let after = |prefix: &str| {
        text.text.strip_prefix(prefix).map(|word| Text {
            text: word,
            at: text.at,
        })
    };
    let simple = match text.text {
        "text" => Some(FieldType::Text),
        "int" => Some(FieldType::Int),
        "bool" => Some(FieldType::Bool),
        "date" => Some(FieldType::Date),
        "money" => Some(FieldType::Money),
        "area" => Some(FieldType::Area),
        "id_number" => Some(FieldType::IdNumber),
        "phone" => Some(FieldType::Phone),
        "division" => Some(FieldType::Division),
        _ => None,
    };
    if simple.is_some() {
        return simple;
    }
    if let Some(word) = after("code:") {
        return list(word, pack, sink).map(|list| FieldType::Code(list.name.clone()));
    }
    if let Some(word) = after("ref:") {
        if registers.contains(&word.text) {
            return Some(FieldType::Reference(word.text.to_owned()));
        }
        let said = format!("there is no register `{}`", word.text);
        sink.unknown(
            rule::UNKNOWN_REGISTER,
            text.at,
            said,
            word.text,
            registers.iter().copied(),
        );
        return None;
    }
    if let Some(kind) = after("shape:").and_then(|word| ShapeKind::from_word(word.text)) {
        return Some(FieldType::Shape(kind));
    }
    let decimals = after("decimal:").and_then(|digits| digits.text.parse::<u32>().ok());
    if let Some(decimals) = decimals.filter(|decimals| *decimals <= 6) {
        return Some(FieldType::Decimal(decimals));
    }
    let said = format!("`{}` is not a type", text.text);
    sink.unknown(
        rule::FIELD_TYPE,
        text.at,
        said,
        text.text,
        TYPES.iter().copied(),
    );
    None
}

/// An ID number fills a birth date and a sex.
fn gives(field: &Table<'_>, fields: &[Field], pack: &CheckedPack) {
    let Some(table) = field.table("gives") else {
        return;
    };
    let sink = table.sink;
    table.known(&form::GIVES);
    let refuse = |text: Text<'_>, said: String| {
        let next =
            "birth names a field of type date, sex one of type code:LIST whose list has 1 and 2";
        sink.report(rule::GIVES, text.at, said, next.into());
    };
    if field
        .text("type")
        .is_some_and(|text| text.text != "id_number")
    {
        let at = Text {
            text: "",
            at: table.at,
        };
        refuse(at, "only a field of type id_number gives others".into());
    }
    let is_sex = |list: &String| {
        pack.code_lists
            .get(list)
            .is_some_and(|list| list.code("1").is_some() && list.code("2").is_some())
    };
    if let Some(text) = table.text("birth")
        && field_named(text, fields, sink).is_some_and(|field| field.kind != FieldType::Date)
    {
        refuse(text, format!("`{}` is not a date", text.text));
    }
    if let Some(text) = table.text("sex")
        && let Some(field) = field_named(text, fields, sink)
        && !matches!(&field.kind, FieldType::Code(list) if is_sex(list))
    {
        refuse(text, format!("`{}` is not a sex by GB/T 2261.1", text.text));
    }
}

fn keys(table: &Table<'_>, fields: &[Field]) -> Vec<Vec<KeyPart>> {
    let sink = table.sink;
    let mut keys = Vec::new();
    for node in table.items("keys") {
        let Shape::List(parts) = &node.shape else {
            wrong(sink, node, "a key", "a list of its parts");
            continue;
        };
        if parts.is_empty() {
            let said = "this key has no parts".to_owned();
            sink.report(
                rule::KEY_PART,
                node.at,
                said,
                "name its fields, or leave it out".into(),
            );
        }
        let part = |node| {
            let text = text_of(sink, node, "a part of a key")?;
            match text.text {
                "@division" => Some(KeyPart::Division),
                "@ordinal" => Some(KeyPart::Ordinal),
                field if fields.iter().any(|known| known.name == field) => {
                    let is_shape = |known: &Field| {
                        known.name == field && matches!(known.kind, FieldType::Shape(_))
                    };
                    if fields.iter().any(is_shape) {
                        let said = format!("the shape `{field}` identifies no record");
                        let next = "name a number, a code or a text: shapes are drawn anew";
                        sink.report(rule::SHAPE, text.at, said, next.into());
                    }
                    Some(KeyPart::Field(field.to_owned()))
                }
                other => {
                    let there = fields.iter().map(|field| field.name.as_str());
                    let there = there.chain(["@division", "@ordinal"]);
                    let said = format!("`{other}` is not a part of a key");
                    sink.unknown(rule::KEY_PART, text.at, said, other, there);
                    None
                }
            }
        };
        keys.push(parts.iter().filter_map(part).collect());
    }
    keys
}

fn identity(table: &Table<'_>, fields: &[Field]) -> Identity {
    let sink = table.sink;
    table.known(&form::IDENTITY);
    for text in [table.text("sure"), table.need_text("name")]
        .into_iter()
        .flatten()
    {
        field_named(text, fields, sink);
    }
    let mut agree = Vec::new();
    for node in table.items("agree") {
        let Shape::List(terms) = &node.shape else {
            wrong(sink, node, "an alternative of `agree`", "a list of terms");
            continue;
        };
        let terms = terms
            .iter()
            .filter_map(|node| text_of(sink, node, "a term of `agree`"));
        let terms = terms.map(|text| {
            let known = ["@place", "@unit"].contains(&text.text)
                || fields.iter().any(|field| field.name == text.text);
            if !known {
                let there = fields.iter().map(|field| field.name.as_str());
                let said = format!("`{}` is not a term of identity", text.text);
                let there = there.chain(["@place", "@unit"]);
                sink.unknown(rule::IDENTITY_TERM, text.at, said, text.text, there);
            }
            text.text.to_owned()
        });
        agree.push(terms.collect());
    }
    Identity {
        sure: table.string("sure"),
        name: table.string("name").unwrap_or_default(),
        agree,
    }
}

fn field_named<'f>(text: Text<'_>, fields: &'f [Field], sink: &Sink) -> Option<&'f Field> {
    let found = fields.iter().find(|field| field.name == text.text);
    if found.is_none() {
        let said = format!("there is no field `{}`", text.text);
        let there = fields.iter().map(|field| field.name.as_str());
        sink.unknown(rule::UNKNOWN_FIELD, text.at, said, text.text, there);
    }
    found
}

/// The registers again, with their labels.
pub(super) fn labels(gathered: &Gathered, pack: &CheckedPack, sink: &Sink) -> Vec<RegisterDecl> {
    let mut registers = pack.registers.clone();
    for ((_, table), register) in gathered.named("register", sink).zip(&mut registers) {
        let Some(text) = table.text("label") else {
            continue;
        };
        let names = Names::Record(register);
        let Some(label) = expression(text, names, Some(&Named::TEXT), pack, sink) else {
            continue;
        };
        if matches!(label.kind, Type::Text | Type::Null) {
            register.label = label;
        } else if label.kind == Type::Secret {
            let said = "a secret field is not opened in a label".to_owned();
            sink.report(
                rule::SECRET,
                text.at,
                said,
                "name a field that people may read".into(),
            );
        } else {
            let said = format!("a label is a text, this is {}", noun(&label.kind));
            let next = "use title(code) for a code, concat(…) for numbers";
            sink.report(rule::MISMATCH, text.at, said, next.into());
        }
    }
    registers
}

/// The role that a text names.
pub(super) fn role(text: Text<'_>, pack: &CheckedPack, sink: &Sink) {
    if !pack.roles.iter().any(|role| role.name == text.text) {
        let said = format!("there is no role `{}`", text.text);
        let there = pack.roles.iter().map(|role| role.name.as_str());
        sink.unknown(rule::UNKNOWN_ROLE, text.at, said, text.text, there);
    }
}

/// The register that a text names.
pub(super) fn register_named<'p>(
    text: Text<'_>,
    pack: &'p CheckedPack,
    sink: &Sink,
) -> Option<&'p RegisterDecl> {
    let found = pack.register(text.text);
    if found.is_none() {
        let said = format!("there is no register `{}`", text.text);
        let there = pack.registers.iter().map(|register| register.name.as_str());
        sink.unknown(rule::UNKNOWN_REGISTER, text.at, said, text.text, there);
    }
    found
}
