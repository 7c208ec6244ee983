//! A pack's sheets as the forms that the reader looks for. The reader sees words, kinds and codes only.

use documents::sheet::{Across, Form, FormColumn, Reads};
use pack::CheckedPack;
use vocabulary::FieldType;

/// The forms of a pack, in the order of its sheets.
pub(super) fn forms(pack: &CheckedPack) -> Vec<Form> {
    pack.sheets
        .iter()
        .map(|sheet| Form {
            id: sheet.id.clone(),
            title: sheet.title.clone(),
            names: sheet.names.clone(),
            never: sheet.never.clone(),
            only: sheet.only.clone(),
            columns: sheet
                .columns
                .iter()
                .map(|column| form_column(pack, column))
                .collect(),
            layer: sheet.layer,
            vacant: sheet.vacant_column.as_ref().and_then(|name| {
                let at = sheet
                    .columns
                    .iter()
                    .position(|column| column.name == *name)?;
                Some((at, sheet.vacant.clone()))
            }),
        })
        .collect()
}

/// A field as if it had a column of its own: for text cut out of another column.
pub(crate) fn field_column(pack: &CheckedPack, field: &pack::declare::Field) -> FormColumn {
    FormColumn {
        name: field.name.clone(),
        headers: Vec::new(),
        kind: field.kind.clone(),
        required: false,
        fill_down: false,
        blank_is_no: false,
        codes: codes(pack, &field.kind),
        unit: field.unit.clone(),
        reads: None,
        across: None,
    }
}

/// What a column's cells hold beyond their type: a place's degrees, or the name by which people are told apart.
fn reads(pack: &CheckedPack, column: &pack::declare::Column) -> Option<Reads> {
    use pack::declare;
    if let Some(reads) = column.reads {
        return Some(match reads {
            declare::Reads::Longitude => Reads::Longitude,
            declare::Reads::Latitude => Reads::Latitude,
            declare::Reads::Heading => Reads::Heading,
            declare::Reads::Geometry => Reads::Geometry,
            declare::Reads::Area => Reads::Area,
            declare::Reads::Length => Reads::Length,
        });
    }
    let (register, field) = column.field.as_ref()?;
    let register = pack.registers.iter().find(|r| r.name == *register)?;
    let Some(identity) = register.identity.as_ref() else {
        return is_prose(register, field).then_some(Reads::Prose);
    };
    let sure = identity
        .sure
        .as_ref()
        .and_then(|sure| register.field(sure))?;
    let of_people = sure.kind == FieldType::IdNumber;
    if of_people && identity.name == *field {
        return Some(Reads::PersonName);
    }
    is_prose(register, field).then_some(Reads::Prose)
}

/// Whether a field is text by which no record is told from another.
fn is_prose(register: &pack::declare::RegisterDecl, field: &str) -> bool {
    let identity = register.identity.as_ref().is_some_and(|identity| {
        let agree = identity.agree.iter().flatten().any(|name| name == field);
        agree || identity.name == *field || identity.sure.as_deref() == Some(field)
    });
    let part = pack::declare::KeyPart::Field(field.to_owned());
    let key = register.keys.iter().flatten().any(|one| *one == part);
    let text = register
        .field(field)
        .is_some_and(|f| f.kind == FieldType::Text);
    text && !key && !identity
}

/// The unit that the column's field is shown in.
fn unit(pack: &CheckedPack, column: &pack::declare::Column) -> Option<String> {
    let (register, field) = column.field.as_ref()?;
    let register = pack.registers.iter().find(|r| r.name == *register)?;
    register.field(field)?.unit.clone()
}

/// What people call a column: its field's title, else the first of its header words.
pub(super) fn column_title(pack: &CheckedPack, column: &pack::declare::Column) -> String {
    let field = column.field.as_ref().and_then(|(register, field)| {
        let register = pack.register(register)?;
        register.field(field).map(|field| field.title.clone())
    });
    let word = || column.names.first().cloned();
    field.or_else(word).unwrap_or_else(|| column.name.clone())
}

/// The words of a kind's code list, each with its code.
fn codes(pack: &CheckedPack, kind: &FieldType) -> Vec<(String, String)> {
    match kind {
        FieldType::Code(list) => pack.code_lists.get(list).map_or_else(Vec::new, |list| {
            let words = list.codes.iter().flat_map(|code| {
                let own = [code.title.clone(), code.code.clone()];
                own.into_iter()
                    .chain(code.aliases.iter().cloned())
                    .map(|word| (word, code.code.clone()))
            });
            words.collect()
        }),
        _ => Vec::new(),
    }
}

/// The words of a column that the heading says, each with what it means. A code itself is none: `1` stands in every
/// year.
fn heading_words(pack: &CheckedPack, column: &pack::declare::Column) -> Vec<(String, String)> {
    match &column.kind {
        FieldType::Code(list) => pack.code_lists.get(list).map_or_else(Vec::new, |list| {
            let words = list.codes.iter().flat_map(|code| {
                let words = std::iter::once(&code.title).chain(&code.aliases);
                words.map(|word| (word.clone(), code.code.clone()))
            });
            words.collect()
        }),
        _ => column
            .names
            .iter()
            .map(|name| (name.clone(), name.clone()))
            .collect(),
    }
}

fn form_column(pack: &CheckedPack, column: &pack::declare::Column) -> FormColumn {
    if column.reads == Some(pack::declare::Reads::Heading) {
        return FormColumn {
            name: column.name.clone(),
            kind: FieldType::Text,
            codes: heading_words(pack, column),
            reads: Some(Reads::Heading),
            ..FormColumn::default()
        };
    }
    FormColumn {
        name: column.name.clone(),
        headers: column.names.clone(),
        kind: column.kind.clone(),
        required: column.required,
        fill_down: column.fill_down,
        blank_is_no: column.blank_is_no,
        codes: codes(pack, &column.kind),
        unit: unit(pack, column),
        reads: reads(pack, column),
        across: column.across.map(|across| match across {
            pack::declare::Across::Key => Across::Key,
            pack::declare::Across::Value => Across::Value,
        }),
    }
}
