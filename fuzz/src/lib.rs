//! What the fuzz targets share: forms to look for, and what must hold of every reading. Refuses to know what a good
//! reading is: that is for the tests.

use documents::sheet::{ColumnChoices, Form, FormColumn, Sheet, match_tables};
use serde::Deserialize;
use std::sync::LazyLock;
use vocabulary::{FieldType, Value};

/// The forms of `forms.toml`.
pub static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let read: Forms = toml::from_str(include_str!("../forms.toml")).expect("forms.toml is ours");
    read.form.into_iter().map(form).collect()
});

#[derive(Deserialize)]
struct Forms {
    form: Vec<RawForm>,
}

#[derive(Deserialize)]
struct RawForm {
    id: String,
    names: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    columns: Vec<RawColumn>,
    vacant: Option<Vacant>,
}

#[derive(Deserialize)]
struct RawColumn {
    name: String,
    kind: String,
    headers: Vec<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    fill_down: bool,
    #[serde(default)]
    blank_is_no: bool,
}

#[derive(Deserialize)]
struct Vacant {
    column: usize,
    words: Vec<String>,
}

fn form(raw: RawForm) -> Form {
    Form {
        title: raw.id.clone(),
        id: raw.id,
        names: raw.names,
        never: raw.never,
        only: Vec::new(),
        columns: raw.columns.into_iter().map(column).collect(),
        vacant: raw.vacant.map(|vacant| (vacant.column, vacant.words)),
    }
}

fn column(raw: RawColumn) -> FormColumn {
    let kind = kind(&raw.kind);
    let codes = match kind {
        FieldType::Code(_) => raw
            .headers
            .iter()
            .map(|word| (word.clone(), "1".to_owned()))
            .collect(),
        _ => Vec::new(),
    };
    FormColumn {
        name: raw.name,
        headers: raw.headers,
        kind,
        required: raw.required,
        fill_down: raw.fill_down,
        blank_is_no: raw.blank_is_no,
        codes,
        ..FormColumn::default()
    }
}

/// The kind of a word.
pub fn kind(word: &str) -> FieldType {
    match word {
        "int" => FieldType::Int,
        "decimal" => FieldType::Decimal(2),
        "bool" => FieldType::Bool,
        "date" => FieldType::Date,
        "money" => FieldType::Money,
        "area" => FieldType::Area,
        "id_number" => FieldType::IdNumber,
        "phone" => FieldType::Phone,
        "code" => FieldType::Code("list".to_owned()),
        "division" => FieldType::Division,
        _ => FieldType::Text,
    }
}

/// Reads a sheet and holds it to what must be true of every reading.
pub fn read(sheet: &Sheet) {
    let read = || match_tables(sheet, &FORMS, "2022.xlsx", &ColumnChoices::default());
    let reading = read();
    assert_eq!(reading, read(), "the same sheet reads the same twice");
    assert!(!reading.tables.is_empty() || reading.set_aside.is_some());
    for table in &reading.tables {
        let found = |cell: &str| {
            table
                .findings
                .iter()
                .any(|finding| finding.cell.as_deref() == Some(cell))
        };
        for row in table.rows.iter() {
            for value in row.values.iter().filter(|value| value.rejected) {
                assert_eq!(value.value, Value::Null, "a rejected cell leaves no value");
                let cell = value.cell.to_string();
                assert!(found(&cell), "no finding says why {cell} was rejected");
            }
        }
    }
}
