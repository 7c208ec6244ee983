//! What a row of a sheet writes, and the text that patterns cut out of it.

use super::kind_of_column;
use crate::CheckedPack;
use crate::check::expression::{condition, expression};
use crate::check::name::usable;
use crate::check::register::register_named;
use crate::check::{Sink, rule};
use crate::declare::{Column, Emit, Extract, Field, Link, RegisterDecl, Split};
use crate::expr::{Expr, Named, Names, Type, Typed, named, noun};
use crate::form;
use crate::read::{Table, Text, text_of};
use vocabulary::FieldType;

/// What the rows of a sheet write, in order.
pub(super) fn rows(table: &Table<'_>, columns: &[Column], pack: &CheckedPack) -> Vec<Emit> {
    let sink = table.sink;
    let mut names: Vec<(String, Named)> = columns
        .iter()
        .map(|column| {
            (
                column.name.clone(),
                named(&column.kind, is_secret(column, pack)),
            )
        })
        .collect();
    let mut rows = Vec::new();
    for node in table.items("row") {
        let Some(row) = Table::of(node, node.at, "`row`", sink) else {
            continue;
        };
        row.known(&form::ROW);
        let Some(register) = row
            .need_text("write")
            .and_then(|text| register_named(text, pack, sink))
        else {
            continue;
        };
        let emit = emit(&row, register, columns, &names, pack);
        let kind = FieldType::Reference(register.name.clone());
        if names.iter().any(|(name, _)| *name == emit.label) {
            let at = row
                .text("as")
                .or_else(|| row.text("write"))
                .map_or(row.at, |text| text.at);
            let said = format!(
                "the label `{}` is a column or an earlier row's label",
                emit.label
            );
            let next = "give the row a label of its own with as = \"…\"";
            sink.report(rule::LABEL_CLASH, at, said, next.into());
        } else if emit.split.is_none() {
            names.push((emit.label.clone(), named(&kind, false)));
        }
        rows.push(emit);
    }
    rows
}

/// A column is secret when its field is.
fn is_secret(column: &Column, pack: &CheckedPack) -> bool {
    let field = column
        .field
        .as_ref()
        .and_then(|(register, field)| pack.register(register)?.field(field));
    field.is_some_and(|field| field.secret)
}

fn emit(
    row: &Table<'_>,
    register: &RegisterDecl,
    columns: &[Column],
    names: &[(String, Named)],
    pack: &CheckedPack,
) -> Emit {
    let sink = row.sink;
    let label = match row.text("as") {
        Some(text) => {
            usable(text.text, text.at, sink);
            text.text.to_owned()
        }
        None => register.name.clone(),
    };
    let mut names = names.to_vec();
    let extract = extracts(row, columns, &mut names);
    let here = || Names::Row(names.clone());
    let date = |key: &str| {
        let text = row.text(key)?;
        let typed = expression(text, here(), None, pack, sink)?;
        if !matches!(typed.kind, Type::Date | Type::Null) {
            let said = format!("`{key}` is a date, this is {}", noun(&typed.kind));
            sink.report(
                rule::SET_TYPE,
                text.at,
                said,
                "name a column of type date".into(),
            );
        }
        Some(typed)
    };
    Emit {
        label,
        register: register.name.clone(),
        when: row
            .text("when")
            .and_then(|text| condition(text, here(), pack, sink)),
        set: sets(row, register, &here, pack),
        from: date("from"),
        until: date("until"),
        extract,
        split: split(row, columns),
        link: link(row),
    }
}

/// How a row refers to a record that it does not make.
fn link(row: &Table<'_>) -> Option<Link> {
    let text = row.text("link")?;
    match text.text {
        "known" => Some(Link::Known),
        "if_one" => Some(Link::IfOne),
        other => {
            let said = format!("`{other}` is no way to link");
            row.sink
                .unknown(rule::CHOICE, text.at, said, other, ["known", "if_one"]);
            None
        }
    }
}

/// The column of which each piece is a record.
fn split(row: &Table<'_>, columns: &[Column]) -> Option<Split> {
    let sink = row.sink;
    let table = row.table("split")?;
    table.known(&form::SPLIT);
    let (column, by) = (table.need_text("column"), table.need_text("by"));
    let (column, by) = column.zip(by)?;
    let is_text = |kind: &FieldType| *kind == FieldType::Text;
    kind_of_column(column, columns, "text", is_text, sink);
    let next = "write a pattern of the regex crate for what stands between pieces";
    match regex::Regex::new(by.text) {
        Ok(regex) if regex.is_match("") => {
            let said = "this pattern finds a place between any two characters".to_owned();
            sink.report(rule::PATTERN, by.at, said, next.into());
        }
        Ok(_) => {}
        Err(error) => {
            let said = format!("this is not a pattern: {}", last_line(&error));
            sink.report(rule::PATTERN, by.at, said, next.into());
        }
    }
    Some(Split {
        column: column.text.to_owned(),
        by: by.text.to_owned(),
    })
}

fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.trim_start_matches("error: ").to_owned()
}

fn sets<'n>(
    row: &Table<'_>,
    register: &RegisterDecl,
    names: &dyn Fn() -> Names<'n>,
    pack: &CheckedPack,
) -> Vec<(String, Typed)> {
    let sink = row.sink;
    row.need("set");
    let mut set: Vec<(String, Typed)> = Vec::new();
    let mut given: Vec<&str> = Vec::new();
    for (key, node) in row.entries("set") {
        given.push(&key.name);
        let Some(text) = text_of(sink, node, &key.name) else {
            continue;
        };
        let Some(field) = register.field(&key.name) else {
            let said = format!(
                "the register `{}` has no field `{}`",
                register.name, key.name
            );
            let there = register.fields.iter().map(|field| field.name.as_str());
            sink.unknown(rule::UNKNOWN_FIELD, key.at, said, &key.name, there);
            continue;
        };
        let wanted = named(&field.kind, false);
        let Some(typed) = expression(text, names(), Some(&wanted), pack, sink) else {
            continue;
        };
        assigned(field, &wanted.kind, &typed, text, sink);
        set.push((key.name.clone(), typed));
    }
    // A valid ID number fills what it gives.
    let derived = |name: &str| {
        register
            .fields
            .iter()
            .filter(|field| given.contains(&field.name.as_str()))
            .any(|field| {
                [&field.gives_birth, &field.gives_sex]
                    .into_iter()
                    .flatten()
                    .any(|given| given == name)
            })
    };
    // What is only found needs no more than what it is found by.
    let makes = row.get("link").is_none();
    for field in register.fields.iter().filter(|_| makes) {
        if field.required && !given.contains(&field.name.as_str()) && !derived(&field.name) {
            let said = format!(
                "the required field `{}` of `{}` is never set here",
                field.name, register.name
            );
            let at = row.key("set").map_or(row.at, |key| key.at);
            sink.report(
                rule::REQUIRED_NOT_SET,
                at,
                said,
                format!("add {} = … to `set`", field.name),
            );
        }
    }
    set
}

/// A field takes a value of its type; a bare text column is read as a cell of the field would be.
fn assigned(field: &Field, wanted: &Type, typed: &Typed, text: Text<'_>, sink: &Sink) {
    let bare_text = typed.kind == Type::Text && matches!(typed.expr, Expr::Name(_));
    let fits = match &typed.kind {
        Type::Null => true,
        Type::Secret if !field.secret => {
            let said = format!(
                "the field `{}` is not secret, what is put into it is",
                field.name
            );
            sink.report(
                rule::SECRET,
                text.at,
                said,
                "declare the field secret, or leave it out".into(),
            );
            return;
        }
        Type::Secret => true,
        kind => kind == wanted || bare_text && !matches!(wanted, Type::Reference(_) | Type::Shape),
    };
    if fits {
        return;
    }
    if let (Type::Int { .. }, Type::Int { .. }) = (&typed.kind, wanted) {
        let said = format!("`{}` holds fewer decimals than this value has", field.name);
        let next = "set it to a value of its own unit; nothing is rounded on the way in";
        sink.report(rule::SET_TYPE, text.at, said, next.into());
    } else {
        let said = format!(
            "`{}` is {}, this is {}",
            field.name,
            noun(wanted),
            noun(&typed.kind)
        );
        let next = "set it to a column or label of its own type";
        sink.report(rule::SET_TYPE, text.at, said, next.into());
    }
}

/// Patterns; their groups join the row's names.
fn extracts(row: &Table<'_>, columns: &[Column], names: &mut Vec<(String, Named)>) -> Vec<Extract> {
    let sink = row.sink;
    let mut extracts = Vec::new();
    for node in row.items("extract") {
        let Some(table) = Table::of(node, node.at, "`extract`", sink) else {
            continue;
        };
        table.known(&form::EXTRACT);
        let (Some(column), Some(pattern)) = (table.need_text("column"), table.need_text("pattern"))
        else {
            continue;
        };
        kind_of_column(
            column,
            columns,
            "text",
            |kind| *kind == FieldType::Text,
            sink,
        );
        for group in groups(pattern, sink) {
            usable(&group, pattern.at, sink);
            if names.iter().any(|(name, _)| *name == group) {
                let said = format!(
                    "the group `{group}` bears the name of a column, a label or another group"
                );
                sink.report(
                    rule::GROUP_CLASH,
                    pattern.at,
                    said,
                    "name the group differently".into(),
                );
            } else {
                names.push((group, named(&FieldType::Text, false)));
            }
        }
        extracts.push(Extract {
            column: column.text.to_owned(),
            pattern: pattern.text.to_owned(),
        });
    }
    extracts
}

fn groups(pattern: Text<'_>, sink: &Sink) -> Vec<String> {
    let next = "write a pattern of the regex crate with a group (?P<name>…)";
    match regex::Regex::new(pattern.text) {
        Ok(regex) => {
            let groups: Vec<String> = regex.capture_names().flatten().map(str::to_owned).collect();
            if groups.is_empty() {
                let said = "the pattern has no named group".to_owned();
                sink.report(rule::PATTERN, pattern.at, said, next.into());
            }
            groups
        }
        Err(error) => {
            let last = last_line(&error);
            sink.report(
                rule::PATTERN,
                pattern.at,
                format!("this is not a pattern: {last}"),
                next.into(),
            );
            Vec::new()
        }
    }
}
