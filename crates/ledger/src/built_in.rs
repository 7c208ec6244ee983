//! The ledger's own registers: places, findings and what people said of headers. Declared like a pack's, so that history, as-of and
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

/// All of them, in the order in which they follow the pack's.
pub(crate) fn registers() -> [RegisterDecl; 3] {
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
    [division, finding, choice]
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
        personal: field == FINDING_ARGS,
        secret: field == FINDING_OFFERS,
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
