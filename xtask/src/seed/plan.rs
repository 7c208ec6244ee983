//! `xtask/seed.toml`: the pack's words for its tables, and the characters of names. Refuses to hold any of them in
//! code.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

/// What the generator writes with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) pack: String,
    pub(super) towns: Vec<String>,
    pub(super) area: String,
    pub(super) layer: [String; 2],
    pub(super) village_first: String,
    pub(super) village_second: String,
    pub(super) village_ending: String,
    pub(super) surnames: String,
    pub(super) given: String,
    pub(super) rare: String,
    pub(super) words: Words,
    pub(super) tables: BTreeMap<String, Table>,
}

/// Words within cells.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) male: String,
    pub(super) female: String,
    pub(super) head: String,
    pub(super) wife: String,
    pub(super) husband: String,
    pub(super) son: String,
    pub(super) daughter: String,
    pub(super) father: String,
    pub(super) mother: String,
    pub(super) nations: Vec<String>,
    pub(super) educations: Vec<String>,
    pub(super) yes: String,
    pub(super) no: String,
    pub(super) basis: String,
    pub(super) approver: String,
    pub(super) undo: String,
}

/// One table.
#[derive(Debug, Deserialize)]
pub(super) struct Table {
    pub(super) file: String,
    pub(super) head: Vec<String>,
    /// Lists and words that its columns draw from.
    #[serde(flatten)]
    pub(super) more: BTreeMap<String, toml::Value>,
}

impl Table {
    /// A list of the table.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let list = self.more.get(name).and_then(toml::Value::as_array);
        let words = list.into_iter().flatten().filter_map(toml::Value::as_str);
        words.map(str::to_owned).collect()
    }

    /// A word of the table.
    pub(super) fn word(&self, name: &str) -> String {
        let word = self.more.get(name).and_then(toml::Value::as_str);
        word.unwrap_or_default().to_owned()
    }
}

impl Plan {
    /// Reads the plan of the project at `root`.
    pub(super) fn read(root: &Path) -> Result<Plan, String> {
        let path = root.join("xtask/seed.toml");
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|cause| format!("{}: {cause}", path.display()))?;
        toml::from_str(&text).map_err(|cause| format!("{}: {cause}", path.display()))
    }

    /// A table of this name.
    pub(super) fn table(&self, name: &str) -> Result<&Table, String> {
        let table = self.tables.get(name);
        table.ok_or_else(|| format!("xtask/seed.toml: there is no table {name}"))
    }
}
