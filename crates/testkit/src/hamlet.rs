//! The smallest pack that uses every kind of field the ledger treats differently, as the checked value. Its
//! files are a name for it, so that a book that holds it can be opened again.

use ledger::PackReader;
use pack::CheckedPack;
use pack::declare::{DivisionLevel, Field, Identity, KeyPart, RegisterDecl};
use pack::expr::{Expr, Type, Typed};
use std::collections::BTreeMap;
use vocabulary::{Diagnostics, FieldType};

/// People with names, secret numbers and constant births; seats that refer to them; households without anything
/// personal. Version 2 renames a field, adds one, and adds a register.
pub fn hamlet(version: u32) -> CheckedPack {
    let mut registers = vec![person(version), seat(), household()];
    if version > 1 {
        registers.push(register(
            "hazard",
            "title",
            vec![field("title", FieldType::Text)],
        ));
    }
    let hash = format!("hamlet-{version}");
    let files = BTreeMap::from([("version".to_owned(), version.to_string())]);
    CheckedPack {
        name: "hamlet".to_owned(),
        title: "hamlet".to_owned(),
        version: format!("{version}.0.0"),
        hash,
        files,
        levels: vec![level("town"), level("village")],
        code_lists: BTreeMap::new(),
        crosswalks: BTreeMap::new(),
        registers,
        sheets: Vec::new(),
        figures: Vec::new(),
        checks: Vec::new(),
        reports: Vec::new(),
        roles: Vec::new(),
        passwords: pack::declare::PasswordPolicy::Asvs,
        parameters: BTreeMap::new(),
    }
}

/// Reads the files that [`hamlet`] leaves in a book.
pub fn hamlet_reader() -> Box<PackReader> {
    Box::new(|files: BTreeMap<String, String>| {
        let version = files.get("version").and_then(|text| text.parse().ok());
        version.map(hamlet).ok_or_else(Diagnostics::default)
    })
}

/// The position of a register in the hamlet.
pub fn register_of(pack: &CheckedPack, name: &str) -> usize {
    pack.registers
        .iter()
        .position(|register| register.name == name)
        .expect("a register of the hamlet")
}

fn person(version: u32) -> RegisterDecl {
    let sealed = |name, kind| Field {
        personal: true,
        ..field(name, kind)
    };
    let mut fields = vec![
        Field {
            required: true,
            constant: true,
            ..sealed("name", FieldType::Text)
        },
        Field {
            secret: true,
            constant: true,
            ..field("id_number", FieldType::IdNumber)
        },
        Field {
            constant: true,
            ..sealed("birth", FieldType::Date)
        },
        Field {
            constant: true,
            ..sealed("sex", FieldType::Code("sex".to_owned()))
        },
        sealed("phone", FieldType::Phone),
        sealed("address", FieldType::Text),
        field("education", FieldType::Code("education".to_owned())),
        field("income", FieldType::Money),
    ];
    if version > 1 {
        fields[6].name = "schooling".to_owned();
        fields[6].was = vec!["education".to_owned()];
        fields.push(field("party", FieldType::Bool));
    }
    let mut person = register("person", "name", fields);
    person.identity = Some(Identity {
        sure: Some("id_number".to_owned()),
        name: "name".to_owned(),
        agree: vec![vec!["birth".to_owned()]],
    });
    person
}

fn seat() -> RegisterDecl {
    let mut seat = register(
        "seat",
        "post",
        vec![
            field("person", FieldType::Reference("person".to_owned())),
            field("post", FieldType::Text),
            Field {
                personal: true,
                ..field("remark", FieldType::Text)
            },
        ],
    );
    seat.keys = vec![vec![KeyPart::Division, KeyPart::Field("person".to_owned())]];
    seat.subject = Some("person".to_owned());
    seat
}

fn household() -> RegisterDecl {
    let mut household = register(
        "household",
        "number",
        vec![
            field("number", FieldType::Text),
            field("members", FieldType::Int),
        ],
    );
    household.keys = vec![vec![KeyPart::Field("number".to_owned())]];
    household
}

fn register(name: &str, label: &str, fields: Vec<Field>) -> RegisterDecl {
    let text = label.to_owned();
    RegisterDecl {
        name: name.to_owned(),
        title: name.to_owned(),
        text: String::new(),
        was: Vec::new(),
        fields,
        keys: Vec::new(),
        identity: None,
        subject: None,
        label: Typed {
            unit: pack::expr::Unit::Plain,
            expr: Expr::Name(vec![text.clone()]),
            kind: Type::Text,
            text,
        },
        owner: None,
    }
}

fn field(name: &str, kind: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        title: name.to_owned(),
        kind,
        was: Vec::new(),
        aliases: Vec::new(),
        required: false,
        personal: false,
        secret: false,
        constant: false,
        gives_birth: None,
        gives_sex: None,
        agree: std::collections::BTreeMap::new(),
        unit: None,
    }
}

fn level(name: &str) -> DivisionLevel {
    DivisionLevel {
        whole: Vec::new(),
        name: name.to_owned(),
        title: name.to_owned(),
        endings: Vec::new(),
        kinds: Vec::new(),
    }
}
