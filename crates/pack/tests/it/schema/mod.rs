//! The JSON Schemas of pack files for editors: written from `pack::form`, held up to date in docs/schemas/pack, and
//! held equal to the reader.

mod agree; // the schema and the reader refuse the same
pub(crate) mod write; // forms as JSON Schema

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::packs::packs;

/// A schema that is ready to judge.
pub(crate) struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    pub(crate) fn of(schema: Value) -> Judge {
        let mut compiler = Compiler::new();
        compiler
            .add_resource("file:///schema.json", schema)
            .expect("the schema is JSON");
        let mut schemas = Schemas::new();
        let index = compiler
            .compile("file:///schema.json", &mut schemas)
            .unwrap_or_else(|error| panic!("not a schema: {error:#}"));
        Judge { schemas, index }
    }

    /// What the schema says against a file, if anything.
    pub(crate) fn refuses(&self, file: &toml::Table) -> Option<String> {
        let json = as_json(&toml::Value::Table(file.clone()));
        let error = self.schemas.validate(&json, self.index).err()?;
        Some(format!("{error:#}"))
    }
}

/// A file as editors hand it to a schema: dates without quotes are texts.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(int) => Value::from(*int),
        toml::Value::Float(float) => Value::from(*float),
        toml::Value::Boolean(yes) => Value::from(*yes),
        toml::Value::Datetime(moment) => Value::from(moment.to_string()),
        toml::Value::Array(items) => items.iter().map(as_json).collect(),
        toml::Value::Table(table) => {
            let entries = table
                .iter()
                .map(|(key, value)| (key.clone(), as_json(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// Every TOML file below a folder, by path.
fn toml_files(folder: &Path, found: &mut BTreeMap<String, toml::Table>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            toml_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&path).expect("a text");
            let table = text
                .parse()
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            found.insert(path.display().to_string(), table);
        }
    }
}

#[test]
fn every_file_of_every_pack_validates() {
    let judges: BTreeMap<&str, Judge> = write::schemas()
        .into_iter()
        .map(|(name, schema)| (name, Judge::of(schema)))
        .collect();
    let mut files = BTreeMap::new();
    toml_files(&packs(), &mut files);
    files.retain(|path, _| !path.contains("/examples/"));
    let mut used = BTreeSet::new();
    for (path, file) in &files {
        let kinds: BTreeSet<&str> = pack::form::DECLARATIONS
            .iter()
            .filter(|kind| file.contains_key(kind.key))
            .map(|kind| kind.file)
            .collect();
        let mut names = vec!["any"];
        // A file of one kind validates by the schema of that kind too.
        if let (1, Some(kind)) = (kinds.len(), kinds.first()) {
            names.push(kind);
            used.insert(*kind);
        }
        for name in names {
            if let Some(said) = judges[name].refuses(file) {
                panic!("{path} by {name}.json: {said}");
            }
        }
    }
    let all: BTreeSet<&str> = judges
        .keys()
        .copied()
        .filter(|name| *name != "any")
        .collect();
    assert_eq!(used, all, "every schema was tried on a real file");
}

#[test]
fn a_file_of_another_kind_is_refused() {
    let schemas: BTreeMap<&str, Value> = write::schemas().into_iter().collect();
    let sheets = Judge::of(schemas["sheets"].clone());
    let file: toml::Table = "[role.r]\ntitle = \"R\"\nmay = []".parse().expect("TOML");
    assert!(sheets.refuses(&file).is_some());
    assert!(Judge::of(schemas["roles"].clone()).refuses(&file).is_none());
}
