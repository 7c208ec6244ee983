//! A sheet whose rows are places.

use super::kind_of_column;
use crate::CheckedPack;
use crate::check::rule;
use crate::declare::{Column, Makes};
use crate::form;
use crate::read::Table;
use vocabulary::FieldType;

/// How the rows of a sheet are places, where they are.
pub(super) fn makes(sheet: &Table<'_>, columns: &[Column], pack: &CheckedPack) -> Option<Makes> {
    let table = sheet.table("makes")?;
    let sink = table.sink;
    table.known(&form::MAKES);
    let level = table.need_text("level")?;
    let below = pack.levels.iter().skip(1).map(|level| level.name.as_str());
    if !below.clone().any(|name| name == level.text) {
        let said = format!("there is no level `{}` below the first", level.text);
        sink.unknown(rule::UNKNOWN_LEVEL, level.at, said, level.text, below);
    }
    table.need("name");
    let column = |key: &str| {
        let text = table.text(key)?;
        let fits = |kind: &FieldType| matches!(kind, FieldType::Division | FieldType::Text);
        kind_of_column(text, columns, "a name", fits, sink);
        columns.iter().position(|column| column.name == text.text)
    };
    Some(Makes {
        level: level.text.to_owned(),
        above: column("above"),
        also: column("also"),
        code: column("code"),
        name: column("name")?,
    })
}
