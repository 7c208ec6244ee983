//! Declarations to what is told of them. How a figure or a check is computed is told by the keys as written, so that a
//! new kind of rule needs nothing here. Refuses to know how it is printed.

use super::{
    CheckDescription, CodesDescription, ColumnDescription, FieldDescription, FigureDescription,
    OtherDescription, PackDescription, ParameterDescription, PartDescription, RegisterDescription,
    SheetDescription,
};
use crate::words::{shown, word};
use ::pack::declare::{
    Breakdown, BreakdownKind, Column, KeyPart, RegisterDecl, SheetDecl, SheetMode,
};
use ::pack::{CheckedPack, Declared};
use std::collections::BTreeMap;
use vocabulary::FieldType;

/// Keys of a figure that are told by themselves; the others are its rule.
const FIGURE_TOLD: &[&str] = &["id", "title", "text", "unit", "time"];
/// The same of a check.
const CHECK_TOLD: &[&str] = &["id", "title", "said", "next", "severity", "owner"];

/// What is told of a pack.
pub(super) fn description(pack: &CheckedPack) -> PackDescription {
    let mut parts: BTreeMap<String, PartDescription> = BTreeMap::new();
    for declared in pack.declared() {
        if declared.kind == "pack" {
            continue;
        }
        let id = stem(&declared.file);
        let part = parts.entry(id.clone()).or_default();
        part.id = id;
        if !part.files.contains(&declared.file) {
            part.files.push(declared.file.clone());
        }
        add(part, &declared, pack);
    }
    PackDescription {
        name: pack.name.clone(),
        title: pack.title.clone(),
        version: pack.version.clone(),
        parts: parts.into_values().collect(),
    }
}

/// `registers/staff.toml` is of `staff`.
fn stem(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name).to_owned()
}

fn add(part: &mut PartDescription, declared: &Declared, pack: &CheckedPack) {
    let name = declared.name.as_str();
    match declared.kind {
        "register" => {
            let register = pack.register(name);
            part.registers
                .extend(register.map(|register| self::register(pack, register)));
        }
        "sheet" => part
            .sheets
            .extend(pack.sheet(name).map(|sheet| self::sheet(pack, sheet))),
        "figure" => part.figures.extend(figure(pack, declared)),
        "check" => part.checks.extend(check(pack, declared)),
        "codes" => part.codes.extend(codes(pack, name)),
        "parameter" => part.parameters.extend(parameter(pack, name)),
        _ => part.others.push(OtherDescription {
            kind: declared.kind.to_owned(),
            name: declared.name.clone(),
            title: declared.key("title").unwrap_or_default().to_owned(),
            rule: rule(declared, &["id", "name", "title"]),
        }),
    }
}

/// The keys of a declaration that are not told otherwise.
fn rule(declared: &Declared, told: &[&str]) -> Vec<(String, String)> {
    let keys = declared.keys.iter();
    keys.filter(|(key, _)| !told.contains(&key.as_str()))
        .cloned()
        .collect()
}

fn register(pack: &CheckedPack, register: &RegisterDecl) -> RegisterDescription {
    let title = |name: &str| {
        let field = register.field(name);
        field.map_or_else(|| name.to_owned(), |field| field.title.clone())
    };
    let part = |part: &KeyPart| match part {
        KeyPart::Field(field) => title(field),
        KeyPart::Division => word("describe.division", &[]),
        KeyPart::Ordinal => word("describe.ordinal", &[]),
    };
    let mut keys: Vec<Vec<String>> = Vec::new();
    if let Some(identity) = &register.identity {
        keys.extend(identity.sure.iter().map(|sure| vec![title(sure)]));
        keys.extend(identity.agree.iter().map(|terms| {
            let terms = terms.iter().map(|term| match term.as_str() {
                "@place" => word("describe.division", &[]),
                "@unit" => word("describe.unit", &[]),
                field => title(field),
            });
            std::iter::once(title(&identity.name))
                .chain(terms)
                .collect()
        }));
    }
    keys.extend(
        register
            .keys
            .iter()
            .map(|key| key.iter().map(part).collect()),
    );
    RegisterDescription {
        name: register.name.clone(),
        title: register.title.clone(),
        text: register.text.clone(),
        keys,
        owner: role(pack, register.owner.as_deref()),
        fields: register
            .fields
            .iter()
            .map(|field| FieldDescription {
                name: field.name.clone(),
                title: field.title.clone(),
                kind: kind(&field.kind),
                unit: field.unit.clone().unwrap_or_default(),
                required: field.required,
                personal: field.personal,
                secret: field.secret,
                constant: field.constant,
            })
            .collect(),
    }
}

fn sheet(pack: &CheckedPack, sheet: &SheetDecl) -> SheetDescription {
    let mut writes: Vec<String> = Vec::new();
    for row in &sheet.rows {
        if !writes.contains(&row.register) {
            writes.push(row.register.clone());
        }
    }
    SheetDescription {
        id: sheet.id.clone(),
        title: sheet.title.clone(),
        roster_of: match &sheet.mode {
            SheetMode::Roster { of, .. } => of.clone(),
            SheetMode::Entries => String::new(),
        },
        names: sheet.names.clone(),
        only: sheet.only.clone(),
        never: sheet.never.clone(),
        writes,
        columns: sheet.columns.iter().map(|c| column(pack, c)).collect(),
    }
}

fn column(pack: &CheckedPack, column: &Column) -> ColumnDescription {
    let mut headers = column.names.clone();
    let field = column.field.as_ref();
    let declared = field.and_then(|(register, field)| pack.register(register)?.field(field));
    if let Some(field) = declared {
        headers.push(field.title.clone());
        headers.extend(field.aliases.iter().cloned());
    }
    let mut seen = Vec::new();
    headers.retain(|header| {
        let new = !seen.contains(header);
        seen.push(header.clone());
        new
    });
    ColumnDescription {
        name: column.name.clone(),
        headers,
        field: field.map_or_else(String::new, |(register, field)| {
            format!("{register}.{field}")
        }),
        kind: kind(&column.kind),
        required: column.required,
    }
}

fn figure(pack: &CheckedPack, declared: &Declared) -> Option<FigureDescription> {
    let figure = pack.figure(&declared.name)?;
    Some(FigureDescription {
        id: figure.id.clone(),
        title: figure.title.clone(),
        text: figure.text.clone(),
        unit: figure.unit.clone(),
        of_period: declared.key("time") == Some("period"),
        members: figure.by.iter().flat_map(|by| members(pack, by)).collect(),
        rule: rule(declared, FIGURE_TOLD),
    })
}

/// The members of a breakdown with what they are called.
fn members(pack: &CheckedPack, by: &Breakdown) -> Vec<(String, String)> {
    let list = match &by.kind {
        BreakdownKind::Codes(list) => pack.code_lists.get(list),
        _ => None,
    };
    let called = |id: &str| {
        let code = list.and_then(|list| list.code(id));
        code.map_or_else(|| id.to_owned(), |code| code.title.clone())
    };
    by.members
        .iter()
        .map(|member| {
            let title = member.title.clone();
            (
                member.id.clone(),
                title.unwrap_or_else(|| called(&member.id)),
            )
        })
        .collect()
}

fn check(pack: &CheckedPack, declared: &Declared) -> Option<CheckDescription> {
    let check = pack.checks.iter().find(|check| check.id == declared.name)?;
    Some(CheckDescription {
        id: check.id.clone(),
        title: check.title.clone(),
        said: check.said.clone(),
        next: check.next.clone(),
        notice: declared.key("severity") == Some("notice"),
        owner: role(pack, check.owner.as_deref()),
        rule: rule(declared, CHECK_TOLD),
    })
}

fn codes(pack: &CheckedPack, name: &str) -> Option<CodesDescription> {
    let list = pack.code_lists.get(name)?;
    let codes = list.codes.iter();
    Some(CodesDescription {
        name: list.name.clone(),
        title: list.title.clone(),
        scheme: list.scheme.clone(),
        version: list.version.clone(),
        codes: codes
            .map(|code| (code.code.clone(), code.title.clone(), code.aliases.clone()))
            .collect(),
    })
}

fn parameter(pack: &CheckedPack, name: &str) -> Option<ParameterDescription> {
    let parameter = pack.parameters.get(name)?;
    let values = parameter.values.iter();
    Some(ParameterDescription {
        name: parameter.name.clone(),
        title: parameter.title.clone(),
        kind: kind(&parameter.kind),
        values: values
            .map(|value| {
                let text = shown(pack, &parameter.kind, &value.value);
                (value.from.to_string(), text)
            })
            .collect(),
    })
}

/// The title of a role.
fn role(pack: &CheckedPack, name: Option<&str>) -> String {
    let Some(name) = name else {
        return String::new();
    };
    let role = pack.roles.iter().find(|role| role.name == name);
    role.map_or_else(|| name.to_owned(), |role| role.title.clone())
}

/// A type as a pack writes it.
fn kind(kind: &FieldType) -> String {
    match kind {
        FieldType::Text => "text".to_owned(),
        FieldType::Int => "int".to_owned(),
        FieldType::Decimal(decimals) => format!("decimal:{decimals}"),
        FieldType::Bool => "bool".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::Money => "money".to_owned(),
        FieldType::Area => "area".to_owned(),
        FieldType::IdNumber => "id_number".to_owned(),
        FieldType::Phone => "phone".to_owned(),
        FieldType::Code(list) => format!("code:{list}"),
        FieldType::Reference(register) => format!("ref:{register}"),
        FieldType::Division => "division".to_owned(),
        FieldType::Shape(kind) => format!("shape:{kind}"),
    }
}
