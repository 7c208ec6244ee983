//! The ledger's own registers: places and findings. Declared like a pack's, so that history, as-of and
//! verification need no second way.

use crate::layout;
use pack::declare::{Field, RegisterDecl};
use pack::expr::{Expr, Type, Typed};
use vocabulary::{FieldType, Words};

/// The field of `finding` that is sealed: the parameters of its sentence, which may name people.
pub(crate) const FINDING_ARGS: &str = "args";
/// The field of `finding` that names the record it is about, and with it whose key seals `args`.
pub(crate) const FINDING_ABOUT: &str = "about_record";
/// Other names of a division, one a line.
pub(crate) const DIVISION_ALIASES: &str = "aliases";

/// Both registers, in the order in which they follow the pack's.
pub(crate) fn registers() -> [RegisterDecl; 2] {
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
        ],
    );
    [division, finding]
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
        secret: false,
        constant: false,
        gives_birth: None,
        gives_sex: None,
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
            expr: Expr::Name(vec![label.to_owned()]),
            kind: Type::Text,
            text: label.to_owned(),
        },
        owner: None,
    }
}
