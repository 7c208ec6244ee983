//! The sheets that the township pack declares, read from its own files: columns, types, words. Refuses to know the
//! crates, so that what the reader makes of a declaration is held against the declaration itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

/// A declared sheet.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// Its id.
    pub(crate) id: String,
    /// Its title, which stands over the table.
    pub(crate) title: String,
    /// The registers that its rows write.
    pub(crate) writes: Vec<String>,
    /// The columns that stand under a header of their own.
    pub(crate) columns: Vec<Column>,
    /// For a wide table, what stands across.
    pub(crate) across: Vec<Across>,
}

/// A declared column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its header, from the top down.
    pub(crate) header: Vec<String>,
    /// Its type, as declared.
    pub(crate) kind: String,
    /// How it is read, if in a way of its own.
    pub(crate) reads: String,
    /// Whether the sheet is nothing without the column.
    pub(crate) required: bool,
    /// Whether a record is nothing without the field.
    pub(crate) needed: bool,
    /// Whether a blank takes what stands above.
    pub(crate) fills: bool,
    /// Whether a word in it says that the row's seat is empty.
    pub(crate) vacant: bool,
    /// The words of its code list.
    pub(crate) words: Vec<String>,
}

/// What stands across a wide table.
#[derive(Debug, Clone)]
pub(crate) struct Across {
    /// The words of a key, two of them; none: the value.
    pub(crate) words: Vec<String>,
}

struct Pack {
    sheets: BTreeMap<String, Value>,
    registers: BTreeMap<String, Value>,
    codes: BTreeMap<String, Value>,
}

/// Every sheet that the pack in `folder` declares.
pub(crate) fn sheets(folder: &Path) -> Vec<Sheet> {
    let mut pack = Pack {
        sheets: BTreeMap::new(),
        registers: BTreeMap::new(),
        codes: BTreeMap::new(),
    };
    collect(folder, &mut pack);
    pack.sheets
        .iter()
        .filter(|(_, sheet)| !is_layer_only(sheet))
        .map(|(id, sheet)| read(&pack, id, sheet))
        .collect()
}

/// What must have its geometry comes from a map layer and never from a workbook.
fn is_layer_only(sheet: &Value) -> bool {
    let columns = sheet.get("columns").and_then(Value::as_table);
    columns.is_some_and(|columns| {
        columns.values().any(|column| {
            let reads = column.get("reads").and_then(Value::as_str);
            let required = column.get("required").and_then(Value::as_bool);
            reads == Some("geometry") && required == Some(true)
        })
    })
}

fn collect(folder: &Path, pack: &mut Pack) {
    for entry in fs::read_dir(folder)
        .expect("a folder of the pack")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, pack);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let text = fs::read_to_string(&path).expect("a file of the pack");
            let table: Table = text.parse().expect("the pack is TOML");
            for (key, into) in [
                ("sheet", &mut pack.sheets),
                ("register", &mut pack.registers),
                ("codes", &mut pack.codes),
            ] {
                if let Some(declared) = table.get(key).and_then(Value::as_table) {
                    into.extend(declared.clone());
                }
            }
        }
    }
}

fn read(pack: &Pack, id: &str, sheet: &Value) -> Sheet {
    let mut taken: Vec<Vec<String>> = Vec::new();
    let mut columns = Vec::new();
    let mut across = Vec::new();
    let declared = sheet["columns"].as_table().expect("a sheet has columns");
    let vacant = of(sheet, "vacant").map(|vacant| text(vacant, "column"));
    for (name, column) in declared {
        let field = field(pack, column);
        let flag = |key: &str| of(column, key).and_then(Value::as_bool) == Some(true);
        let kind = of(column, "type")
            .or_else(|| field.and_then(|field| of(field, "type")))
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{id}.{name} has a type"))
            .to_owned();
        let words = words(pack, &kind);
        let names = names(column, field);
        match of(column, "across").and_then(Value::as_str) {
            Some("key") => across.push(Across {
                words: across_words(&kind, &words, &names),
            }),
            // The first value needs no level of its own; the others are left out.
            Some(_) => {
                if !across.iter().any(|one: &Across| one.words.is_empty()) {
                    across.push(Across { words: Vec::new() });
                }
            }
            None => {
                let reads = text(column, "reads");
                if reads == "heading" {
                    continue;
                }
                let free = names.iter().map(|name| path(name));
                let Some(header) = free.into_iter().find(|header| !taken.contains(header)) else {
                    continue;
                };
                taken.push(header.clone());
                columns.push(Column {
                    header,
                    kind,
                    reads,
                    required: flag("required"),
                    needed: field.and_then(|field| of(field, "required"))
                        == Some(&Value::Boolean(true)),
                    fills: !text(column, "fill").is_empty(),
                    vacant: vacant.as_ref() == Some(name),
                    words,
                });
            }
        }
    }
    let writes = sheet["row"].as_array().expect("a sheet has rows");
    Sheet {
        id: id.to_owned(),
        title: text(sheet, "title"),
        writes: writes.iter().map(|row| text(row, "write")).collect(),
        columns,
        across,
    }
}

fn of<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.as_table().and_then(|table| table.get(key))
}

fn text(value: &Value, key: &str) -> String {
    let text = of(value, key).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn path(name: &str) -> Vec<String> {
    name.split('>').map(str::to_owned).collect()
}

/// The field that a column is, if it is one.
fn field<'a>(pack: &'a Pack, column: &Value) -> Option<&'a Value> {
    let is = match column {
        Value::String(is) => is,
        column => of(column, "is")?.as_str()?,
    };
    let (register, field) = is.split_once('.')?;
    pack.registers.get(register)?.get("fields")?.get(field)
}

fn names(column: &Value, field: Option<&Value>) -> Vec<String> {
    let list = |value: Option<&Value>| -> Vec<String> {
        let texts = value.and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let mut names = list(of(column, "names"));
    if let (true, Some(field)) = (names.is_empty(), field) {
        names.push(text(field, "title"));
        names.extend(list(of(field, "aliases")));
    }
    names
}

fn words(pack: &Pack, kind: &str) -> Vec<String> {
    let list = kind
        .strip_prefix("code:")
        .and_then(|list| pack.codes.get(list));
    let codes = list
        .and_then(|list| of(list, "list"))
        .and_then(Value::as_array);
    let codes = codes.into_iter().flatten();
    codes.map(|code| text(code, "title")).collect()
}

/// Two words of a key that stands across.
fn across_words(kind: &str, words: &[String], names: &[String]) -> Vec<String> {
    match kind {
        "int" | "date" => vec!["2021年".to_owned(), "2022年".to_owned()],
        "text" => names.iter().take(2).cloned().collect(),
        _ => words.iter().take(2).cloned().collect(),
    }
}
