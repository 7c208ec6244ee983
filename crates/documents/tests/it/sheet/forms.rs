//! Forms as a caller would make them from a pack.

use documents::sheet::{Form, FormColumn, SheetReading, Table, match_tables};
use vocabulary::FieldType;

/// A column: `name` with a `!` when required, `v` when filled down, `?` when blank means no.
pub(crate) fn column(name: &str, kind: FieldType, headers: &[&str]) -> FormColumn {
    FormColumn {
        name: name.trim_end_matches(['!', 'v', '?']).to_owned(),
        headers: headers.iter().map(|header| (*header).to_owned()).collect(),
        kind,
        required: name.contains('!'),
        fill_down: name.contains('v'),
        blank_is_no: name.contains('?'),
        codes: Vec::new(),
        unit: None,
        reads: None,
        across: None,
    }
}

/// A column of codes, each written as its words before `=`.
pub(crate) fn codes(name: &str, headers: &[&str], words: &[(&str, &str)]) -> FormColumn {
    let mut made = column(name, FieldType::Code("list".to_owned()), headers);
    made.codes = words
        .iter()
        .map(|(word, code)| ((*word).to_owned(), (*code).to_owned()))
        .collect();
    made
}

pub(crate) fn form(id: &str, names: &[&str], columns: Vec<FormColumn>) -> Form {
    Form {
        id: id.to_owned(),
        title: id.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        never: Vec::new(),
        only: Vec::new(),
        columns,
        vacant: None,
        layer: None,
    }
}

/// A roster of people: name, birth, sex, a tick, remarks.
pub(crate) fn roster() -> Form {
    let mut roster = form(
        "roster",
        &["花名册"],
        vec![
            column("village!v", FieldType::Division, &["村（社区）", "村"]),
            column("name!", FieldType::Text, &["姓名"]),
            column("birth", FieldType::Date, &["出生年月", "出生日期"]),
            column(
                "id_number",
                FieldType::IdNumber,
                &["身份证号码", "身份证号"],
            ),
            column("full?", FieldType::Bool, &["干部类别>常职", "是否常职"]),
            column("post", FieldType::Text, &["职务"]),
        ],
    );
    roster.vacant = Some((1, vec!["空缺".to_owned(), "暂缺".to_owned()]));
    roster
}

/// A table of fields with areas.
pub(crate) fn fields() -> Form {
    form(
        "fields",
        &["地块"],
        vec![
            column("village!v", FieldType::Division, &["村"]),
            column("number", FieldType::Text, &["编号"]),
            FormColumn {
                unit: Some("亩".to_owned()),
                ..column("area!", FieldType::Area, &["面积"])
            },
        ],
    )
}

/// The one table of a reading.
pub(crate) fn only(reading: SheetReading) -> Table {
    assert_eq!(reading.tables.len(), 1, "{:?}", reading.set_aside);
    reading.tables.into_iter().next().expect("one table")
}

/// Reads rows of text with one form.
pub(crate) fn read(form: Form, rows: &[Vec<&str>]) -> Table {
    let sheet = documents::sheet::Sheet::from_rows("表", rows);
    only(match_tables(
        &sheet,
        &[form],
        "表.xlsx",
        &Default::default(),
    ))
}

/// What a column's cells were read as, row by row.
pub(crate) fn values(table: &Table, column: usize) -> Vec<String> {
    table
        .rows
        .iter()
        .map(|row| row.values[column].value.to_string())
        .collect()
}
