//! The ledger's own registers: places, findings, what people said of headers, who signs in and in which roles. Declared like a pack's, so that history, as-of and
//! verification need no second way.

use crate::layout;
use pack::declare::{Field, RegisterDecl};
use pack::expr::{Expr, Type, Typed};
use vocabulary::{FieldType, Words};

/// The field of `finding` that is sealed: the parameters of its sentence, which may name people.
pub(crate) const FINDING_ARGS: &str = "args";
/// The field of `finding` that names the record it is about, and with it whose key seals `args`.
pub(crate) const FINDING_ABOUT: &str = "about_record";
/// The field of `finding` that holds what may be chosen: values of anybody's fields, so it is clear nowhere.
pub(crate) const FINDING_OFFERS: &str = "offers";
/// Other names of a division, one a line.
pub(crate) const DIVISION_ALIASES: &str = "aliases";

/// What is sealed in bodies.
const PERSONAL: [(&str, &str); 2] = [
    (layout::FINDINGS, FINDING_ARGS),
    (layout::ACCOUNTS, "display"),
];
/// What is sealed everywhere, so that no table shows it. Of an account: the hashes of its password and of former ones,
/// and that of the one-time link by which its next one is chosen.
const SECRET: [(&str, &str); 4] = [
    (layout::FINDINGS, FINDING_OFFERS),
    (layout::ACCOUNTS, "password"),
    (layout::ACCOUNTS, "former"),
    (layout::ACCOUNTS, "link"),
];
/// What is looked up by value.
pub(crate) const INDEXED: [(&str, &str); 4] = [
    (layout::FINDINGS, "state"),
    (layout::FINDINGS, FINDING_ABOUT),
    (layout::ACCOUNTS, "name"),
    (layout::ACCOUNTS, "link"),
];

/// All of them, in the order in which they follow the pack's.
pub(crate) fn registers() -> [RegisterDecl; 5] {
    let words = Words::read(include_str!("../words/built_in.toml"));
    let text = || FieldType::Text;
    let int = || FieldType::Int;
    let division = register(
        &words,
        layout::DIVISIONS,
        "name",
        vec![
            ("name", text()),
            ("level", text()),
            ("kind", text()),
            ("parent", FieldType::Division),
            ("centre_lon", int()),
            ("centre_lat", int()),
            (DIVISION_ALIASES, text()),
        ],
    );
    let finding = register(
        &words,
        layout::FINDINGS,
        "code",
        vec![
            ("code", text()),
            ("class", text()),
            ("file", text()),
            ("sheet", text()),
            ("cell", text()),
            ("cells", text()),
            ("about_register", text()),
            (FINDING_ABOUT, int()),
            (FINDING_ARGS, text()),
            ("owner", text()),
            ("state", text()),
            ("about_field", text()),
            (FINDING_OFFERS, text()),
            ("why", text()),
            ("decision", text()),
        ],
    );
    let choice = register(
        &words,
        layout::COLUMN_CHOICES,
        "header",
        vec![("form", text()), ("header", text()), ("column", text())],
    );
    let account = register(
        &words,
        layout::ACCOUNTS,
        "name",
        vec![
            ("name", text()),
            ("display", text()),
            ("state", text()),
            ("must_change", FieldType::Bool),
            ("password", text()),
            ("former", text()),
            ("changed", int()),
            ("link", text()),
            ("link_until", int()),
        ],
    );
    let role = register(
        &words,
        layout::ACCOUNT_ROLES,
        "role",
        vec![
            ("account", FieldType::Reference(layout::ACCOUNTS.to_owned())),
            ("role", text()),
            ("by", text()),
        ],
    );
    [division, finding, choice, account, role]
}

fn register(
    words: &Words,
    name: &str,
    label: &str,
    fields: Vec<(&str, FieldType)>,
) -> RegisterDecl {
    let fields = fields.into_iter().map(|(field, kind)| Field {
        name: field.to_owned(),
        title: words.say(&format!("{name}.{field}"), &[]),
        kind,
        was: Vec::new(),
        aliases: Vec::new(),
        required: false,
        personal: PERSONAL.contains(&(name, field)),
        secret: SECRET.contains(&(name, field)),
        constant: false,
        gives_birth: None,
        gives_sex: None,
        agree: std::collections::BTreeMap::new(),
        unit: None,
    });
    RegisterDecl {
        name: name.to_owned(),
        title: words.say(&format!("{name}.title"), &[]),
        text: words.say(&format!("{name}.text"), &[]),
        was: Vec::new(),
        fields: fields.collect(),
        keys: Vec::new(),
        identity: None,
        subject: None,
        label: Typed {
            unit: pack::expr::Unit::Plain,
            expr: Expr::Name(vec![label.to_owned()]),
            kind: Type::Text,
            text: label.to_owned(),
        },
        owner: None,
    }
}
