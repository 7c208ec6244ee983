//! The pack's own table, its levels and its roles.

use super::breakdown::level;
use super::gather::Gathered;
use super::name::{name, unique};
use super::{Sink, rule, top};
use crate::CheckedPack;
use crate::declare::{AdminKind, DivisionLevel, PasswordPolicy, RoleDecl};
use crate::form;
use crate::read::Table;
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
        passwords: PasswordPolicy::default(),
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
    let words = PasswordPolicy::ALL.map(PasswordPolicy::word);
    pack.passwords = chosen(&table, "passwords", &words, sink)
        .and_then(PasswordPolicy::parse)
        .unwrap_or_default();
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
pub(super) fn roles(gathered: &Gathered, pack: &CheckedPack, sink: &Sink) -> Vec<RoleDecl> {
    let registers: Vec<&str> = gathered
        .named("register", sink)
        .map(|(key, _)| key.name.as_str())
        .collect();
    let names: Vec<&str> = gathered
        .named("role", sink)
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
        if let Some(text) = table.text("level") {
            level(text, pack, sink);
        }
        if let Some(office) = table.text("office")
            && !names.contains(&office.text)
        {
            let said = format!("there is no role `{}`", office.text);
            let there = names.iter().copied();
            sink.unknown(rule::UNKNOWN_ROLE, office.at, said, office.text, there);
        }
        let words = AdminKind::ALL.map(AdminKind::word);
        let admin = chosen(&table, "admin", &words, sink);
        let admin = AdminKind::ALL
            .into_iter()
            .find(|kind| admin == Some(kind.word()));
        if let (Some(_), Some(admin_key)) = (admin, table.key("admin")) {
            let sees = !table.texts("registers").is_empty() || table.key("office").is_some();
            if sees || table.flag("personal", false) {
                let said = format!("the administrator `{}` sees records", key.name);
                let next = "leave out registers, office and personal, or make it two roles";
                sink.report(rule::ADMIN, admin_key.at, said, next.into());
            }
        }
        roles.push(RoleDecl {
            name: key.name.clone(),
            title: table.need_string("title"),
            may: table.strings("may"),
            registers: table.strings("registers"),
            personal: table.flag("personal", false),
            level: table.string("level"),
            office: table.string("office"),
            fields: fields(&table, "fields", gathered, sink),
            hidden: fields(&table, "hidden", gathered, sink),
            admin,
        });
    }
    roles
}

/// The word that a key chooses among some.
fn chosen<'a>(
    table: &Table<'a>,
    key: &str,
    words: &[&'static str],
    sink: &Sink,
) -> Option<&'a str> {
    let text = table.text(key)?;
    if !words.contains(&text.text) {
        let said = format!("`{key}` is not `{}`", text.text);
        let there = words.iter().copied();
        sink.unknown(rule::CHOICE, text.at, said, text.text, there);
        return None;
    }
    Some(text.text)
}

/// Fields by register, of registers and fields that are declared.
fn fields(
    table: &Table<'_>,
    key: &str,
    gathered: &Gathered,
    sink: &Sink,
) -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    let Some(inner) = table.table(key) else {
        return found;
    };
    for (register, _) in table.entries(key) {
        let mut declared = gathered.named("register", sink);
        let Some((_, decl)) = declared.find(|(key, _)| key.name == register.name) else {
            let said = format!("there is no register `{}`", register.name);
            let there = gathered
                .named("register", sink)
                .map(|(key, _)| key.name.as_str());
            sink.unknown(
                rule::UNKNOWN_REGISTER,
                register.at,
                said,
                &register.name,
                there,
            );
            continue;
        };
        for text in inner.texts(&register.name) {
            let there = decl
                .entries("fields")
                .iter()
                .map(|(key, _)| key.name.as_str());
            if !there.clone().any(|name| name == text.text) {
                let said = format!("`{}` has no field `{}`", register.name, text.text);
                sink.unknown(rule::UNKNOWN_FIELD, text.at, said, text.text, there);
            }
        }
        found.insert(register.name.clone(), inner.strings(&register.name));
    }
    found
}
