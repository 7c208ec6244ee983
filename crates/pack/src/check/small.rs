//! The pack's own table, its levels and its roles.

use super::gather::Gathered;
use super::name::{name, unique};
use super::{Sink, rule, top};
use crate::CheckedPack;
use crate::declare::{DivisionLevel, RoleDecl};
use crate::form;
use std::collections::BTreeMap;

/// The table `[pack]`, with everything else still empty.
pub(super) fn pack(gathered: &Gathered, sink: &Sink) -> CheckedPack {
    let mut pack = CheckedPack {
        name: String::new(),
        title: String::new(),
        version: String::new(),
        hash: String::new(),
        files: BTreeMap::new(),
        levels: Vec::new(),
        code_lists: BTreeMap::new(),
        crosswalks: BTreeMap::new(),
        registers: Vec::new(),
        sheets: Vec::new(),
        figures: Vec::new(),
        checks: Vec::new(),
        reports: Vec::new(),
        roles: Vec::new(),
        parameters: BTreeMap::new(),
    };
    let Some(table) = gathered.pack(sink) else {
        let said = "there is no table `[pack]`".to_owned();
        let next = "add pack.toml with [pack], name, title and version";
        sink.report(rule::NO_PACK, top(0), said, next.into());
        return pack;
    };
    table.known(&form::PACK);
    if let Some(text) = table.need_text("name") {
        name(text.text, text.at, sink);
        text.text.clone_into(&mut pack.name);
    }
    pack.title = table.need_string("title");
    pack.version = table.need_string("version");
    pack
}

/// The levels of the place tree.
pub(super) fn levels(gathered: &Gathered, sink: &Sink) -> Vec<DivisionLevel> {
    let mut levels = Vec::new();
    let mut seen = BTreeMap::new();
    for table in gathered.listed("level", sink) {
        table.known(&form::LEVEL);
        if let Some(text) = table.need_text("name") {
            name(text.text, text.at, sink);
            unique("level", text.text, text.at, &mut seen, sink);
        }
        levels.push(DivisionLevel {
            name: table.string("name").unwrap_or_default(),
            title: table.need_string("title"),
            endings: table.strings("endings"),
            kinds: table.strings("kinds"),
            whole: table.strings("whole"),
        });
        // The levels stand top first, and the first is the book's own: whatever is governed, it has a name of its own.
        if let Some(key) = table.key("whole")
            && levels.len() > 1
        {
            let (own, this) = (&levels[0].name, &levels[levels.len() - 1].name);
            let said =
                format!("`whole` belongs to `{own}`, the book's own level, this is `{this}`");
            let next = format!("move the words to the level `{own}`");
            sink.report(rule::WHOLE, key.at, said, next);
        }
    }
    if levels.is_empty() {
        let at = gathered.pack(sink).map_or(top(0), |table| table.at);
        let said = "no level is declared, and the book's own division has the first".to_owned();
        let next = "declare the levels, top first, with [[level]]".to_owned();
        sink.report(rule::NO_LEVEL, at, said, next);
    }
    levels
}

/// The roles.
pub(super) fn roles(gathered: &Gathered, sink: &Sink) -> Vec<RoleDecl> {
    let registers: Vec<&str> = gathered
        .named("register", sink)
        .map(|(key, _)| key.name.as_str())
        .collect();
    let mut roles = Vec::new();
    for (key, table) in gathered.named("role", sink) {
        table.known(&form::ROLE);
        name(&key.name, key.at, sink);
        for text in table.texts("registers") {
            if text.text != "*" && !registers.contains(&text.text) {
                let said = format!("there is no register `{}`", text.text);
                sink.unknown(
                    rule::UNKNOWN_REGISTER,
                    text.at,
                    said,
                    text.text,
                    registers.iter().copied(),
                );
            }
        }
        table.need("may");
        roles.push(RoleDecl {
            name: key.name.clone(),
            title: table.need_string("title"),
            may: table.strings("may"),
            registers: table.strings("registers"),
            personal: table.flag("personal", false),
        });
    }
    roles
}
