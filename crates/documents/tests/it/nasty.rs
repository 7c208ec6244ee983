//! Small nasty sheets, one kind of mess a file in `tests/nasty`, with the rows that a person would read in them.
//! All of them are tried; those that fail are named together. What is expected is written by hand.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use documents::sheet::{
    Cell, ColumnChoices, Form, FormColumn, Merge, Reads, Sheet, Table, match_tables,
};
use serde::Deserialize;
use vocabulary::{Date, FieldType, FindingClass};

use crate::sheet::forms::{self, values};

/// A sheet and what stands in it. In `grid` cells are parted by `|`; `#12.5` is a number, `@2022-12-26` a cell shown
/// as a day, `!#REF!` a formula's error (`!=` one without result), `?TRUE` a truth; `␣` is a space, `⏎` a line break.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nasty {
    /// What the office did.
    about: String,
    /// The forms of `forms.toml` that are looked for.
    forms: Vec<String>,
    #[serde(default = "plain_name")]
    sheet: String,
    #[serde(default = "plain_file")]
    file: String,
    #[serde(default)]
    hidden: bool,
    grid: String,
    #[serde(default)]
    merges: Vec<String>,
    #[serde(default)]
    hidden_columns: Vec<String>,
    #[serde(default)]
    hidden_rows: Vec<usize>,
    #[serde(default)]
    table: Vec<Expected>,
    /// The code with which the sheet is set aside.
    set_aside: Option<String>,
}

fn plain_name() -> String {
    "表".to_owned()
}

fn plain_file() -> String {
    "表.xlsx".to_owned()
}

/// A table that a person sees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    form: Option<String>,
    /// The form's columns that `rows` shows.
    show: Vec<String>,
    /// `4: a | b`: physical row and values as stored.
    rows: String,
    /// The day at which the table spoke; `none` when nothing says it.
    date: Option<String>,
    /// `小计 area=37000`: word and values as stored.
    totals: Option<Vec<String>>,
    /// Every finding that is no mere notice: `D105 C2`.
    #[serde(default)]
    findings: Vec<String>,
    /// Notices that must be among those given.
    #[serde(default)]
    notices: Vec<String>,
}

/// A form of `forms.toml`.
#[derive(Debug, Deserialize)]
struct Declared {
    names: Vec<String>,
    #[serde(default)]
    never: Vec<String>,
    #[serde(default)]
    vacant: Vec<String>,
    /// `name! text 姓名 名字`: name (`!` required, `v` filled down, `?` blank means no), kind, headers.
    columns: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/nasty")
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).expect("part of the project");
    toml::from_str(&text).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

fn form(id: &str, declared: &Declared) -> Form {
    let columns: Vec<FormColumn> = declared.columns.iter().map(|text| column(text)).collect();
    let vacant = declared.vacant.split_first().map(|(name, words)| {
        let index = columns.iter().position(|column| column.name == *name);
        (index.expect("a column of the form"), words.to_vec())
    });
    let mut form = forms::form(id, &[], columns);
    form.names.clone_from(&declared.names);
    form.never.clone_from(&declared.never);
    form.vacant = vacant;
    form
}

fn column(text: &str) -> FormColumn {
    let mut words = text.split(' ');
    let name = words.next().expect("a name");
    let kind = words.next().expect("a kind");
    let person = kind == "person";
    let mut codes = Vec::new();
    let kind = match kind.split_once(':') {
        Some(("code", list)) => {
            let pairs = list.split(',').filter_map(|pair| pair.split_once('='));
            codes = pairs
                .map(|(word, code)| (word.to_owned(), code.to_owned()))
                .collect();
            FieldType::Code("list".to_owned())
        }
        _ => match kind {
            "division" => FieldType::Division,
            "date" => FieldType::Date,
            "int" => FieldType::Int,
            "bool" => FieldType::Bool,
            "area" => FieldType::Area,
            "money" => FieldType::Money,
            "id_number" => FieldType::IdNumber,
            "phone" => FieldType::Phone,
            "text" | "person" => FieldType::Text,
            other => panic!("no kind is called {other}"),
        },
    };
    let headers: Vec<&str> = words.collect();
    let mut column = forms::column(name, kind, &headers);
    column.codes = codes;
    column.reads = person.then_some(Reads::PersonName);
    column
}

fn sheet(nasty: &Nasty) -> Sheet {
    let texts: Vec<Vec<String>> = nasty
        .grid
        .lines()
        .map(|line| {
            let cells = line.split('|').map(|cell| cell.trim_matches(' '));
            let typed = cells.map(|cell| cell.replace('␣', " ").replace('⏎', "\n"));
            typed.collect()
        })
        .collect();
    let cells: Vec<Vec<Cell<'_>>> = texts
        .iter()
        .map(|row| row.iter().map(|text| cell(text)).collect())
        .collect();
    let mut sheet = Sheet::from_cells(&nasty.sheet, &cells);
    sheet.hidden = nasty.hidden;
    sheet.merges = nasty.merges.iter().map(|range| merge(range)).collect();
    sheet.hidden_columns = nasty
        .hidden_columns
        .iter()
        .map(|name| place(&format!("{name}1")).1)
        .collect();
    sheet.hidden_rows = nasty.hidden_rows.iter().map(|row| row - 1).collect();
    sheet
}

fn cell(text: &str) -> Cell<'_> {
    let number = |text: &str| text.parse().expect("a number behind #");
    match text.split_at_checked(1) {
        Some(("#", rest)) => Cell::Number(number(rest)),
        Some(("@", rest)) => Cell::Date(Date::parse_iso(rest).expect("a day behind @")),
        Some(("!", rest)) => Cell::Error(rest),
        Some(("?", rest)) => Cell::Bool(rest == "TRUE"),
        _ => Cell::text(text),
    }
}

fn merge(range: &str) -> Merge {
    let (first, last) = range.split_once(':').expect("a range");
    let ((top, left), (bottom, right)) = (place(first), place(last));
    Merge {
        top,
        left,
        bottom,
        right,
    }
}

/// Row and column of `C4`, both from 0; one letter is enough here.
fn place(name: &str) -> (usize, usize) {
    let (letter, row) = name.split_at(1);
    let column = usize::from(letter.as_bytes()[0] - b'A');
    (row.parse::<usize>().expect("a row") - 1, column)
}

/// Tries one; answers what is otherwise than expected.
fn differences(nasty: &Nasty, forms: &[Form]) -> Vec<String> {
    let sheet = sheet(nasty);
    let reading = match_tables(&sheet, forms, &nasty.file, &ColumnChoices::default());
    let mut wrong = Vec::new();
    let mut differ = |what: &str, expected: String, found: String| {
        if expected != found {
            wrong.push(format!(
                "{what}\n    expected {expected}\n    found    {found}"
            ));
        }
    };
    let aside = reading
        .set_aside
        .as_ref()
        .map(|finding| finding.code.clone());
    let said = reading
        .set_aside
        .as_ref()
        .map(|finding| finding.said.clone());
    if aside != nasty.set_aside {
        let found = format!("{} {}", aside.unwrap_or_default(), said.unwrap_or_default());
        differ(
            "set aside",
            nasty.set_aside.clone().unwrap_or_default(),
            found,
        );
    }
    differ(
        "tables",
        nasty.table.len().to_string(),
        reading.tables.len().to_string(),
    );
    for (number, (expected, table)) in nasty.table.iter().zip(&reading.tables).enumerate() {
        let form = &forms[table.form];
        let at = |what: &str| format!("table {}: {what}", number + 1);
        if let Some(expected) = &expected.form {
            differ(&at("form"), expected.clone(), form.id.clone());
            if *expected != form.id {
                continue;
            }
        }
        differ(
            &at("rows"),
            rows_written(expected),
            rows_read(expected, table, form),
        );
        if let Some(date) = &expected.date {
            let found = table
                .date
                .map_or("none".to_owned(), |date| date.date.to_string());
            differ(&at("date"), date.clone(), found);
        }
        if let Some(totals) = &expected.totals {
            differ(&at("totals"), totals.join("; "), totals_read(table, form));
        }
        let name = |finding: &vocabulary::Finding| {
            format!(
                "{} {}",
                finding.code,
                finding.cell.clone().unwrap_or_default()
            )
        };
        let of = |notice: bool| {
            let found = table.findings.iter();
            found
                .filter(move |f| (f.class == FindingClass::Notice) == notice)
                .map(name)
        };
        let found: Vec<String> = of(false).collect();
        differ(
            &at("findings"),
            expected.findings.join("; "),
            found.join("; "),
        );
        let notices: Vec<String> = of(true).collect();
        for notice in expected
            .notices
            .iter()
            .filter(|notice| !notices.contains(notice))
        {
            differ(&at("notices"), notice.clone(), notices.join("; "));
        }
    }
    wrong
}

fn rows_written(expected: &Expected) -> String {
    let rows = expected.rows.lines().map(|line| {
        let (number, cells) = line.split_once(':').expect("a row's number and a colon");
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        format!("{}: {}", number.trim(), cells.join(" | "))
    });
    rows.collect::<Vec<_>>().join(" / ")
}

fn rows_read(expected: &Expected, table: &Table, form: &Form) -> String {
    let columns = expected.show.iter().map(|name| {
        let index = form.columns.iter().position(|column| column.name == *name);
        values(
            table,
            index.unwrap_or_else(|| panic!("no column is called {name}")),
        )
    });
    let columns: Vec<Vec<String>> = columns.collect();
    let rows = table.rows.iter().enumerate().map(|(index, row)| {
        let cells: Vec<&str> = columns
            .iter()
            .map(|column| column[index].as_str())
            .collect();
        format!("{}: {}", row.number, cells.join(" | "))
    });
    rows.collect::<Vec<_>>().join(" / ")
}

fn totals_read(table: &Table, form: &Form) -> String {
    let totals = table.totals.iter().map(|total| {
        let mut text = total.word.clone();
        for (column, value) in &total.values {
            let name = &form.columns[*column].name;
            write!(text, " {name}={value}").expect("memory");
        }
        text
    });
    totals.collect::<Vec<_>>().join("; ")
}

#[test]
fn every_nasty_sheet_is_read_as_a_person_reads_it() {
    let declared: BTreeMap<String, Declared> = read(&folder().join("forms.toml"));
    let only = std::env::var("YIBEN_NASTY").unwrap_or_default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("part of the project")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "forms"))
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    files.sort();
    assert!(
        files.len() >= 60 || !only.is_empty(),
        "{} sheets",
        files.len()
    );
    let mut wrong = Vec::new();
    for path in &files {
        let nasty: Nasty = read(path);
        let forms: Vec<Form> = nasty
            .forms
            .iter()
            .map(|id| form(id, &declared[id]))
            .collect();
        let differences = differences(&nasty, &forms);
        if !differences.is_empty() {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            wrong.push(format!(
                "{name}: {}\n  {}",
                nasty.about,
                differences.join("\n  ")
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        files.len(),
        wrong.join("\n")
    );
}
