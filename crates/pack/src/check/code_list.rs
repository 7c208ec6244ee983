//! Code lists and crosswalks.

use super::gather::Gathered;
use super::name::{name, usable};
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::{Code, CodeList, Crosswalk};
use crate::expr::FUNCTIONS;
use crate::form;
use crate::read::{Table, Text, text_of};
use std::collections::BTreeMap;

/// The code lists.
pub(super) fn lists(gathered: &Gathered, sink: &Sink) -> BTreeMap<String, CodeList> {
    let mut lists = BTreeMap::new();
    for (key, table) in gathered.named("codes", sink) {
        table.known(&form::CODES);
        name(&key.name, key.at, sink);
        table.need("list");
        let list = CodeList {
            name: key.name.clone(),
            title: table.need_string("title"),
            scheme: table.need_string("scheme"),
            version: table.need_string("version"),
            codes: codes(&table),
        };
        lists.insert(key.name.clone(), list);
    }
    lists
}

fn codes(table: &Table<'_>) -> Vec<Code> {
    let sink = table.sink;
    let mut codes: Vec<Code> = Vec::new();
    // Every word of the list and the code it means.
    let mut words: BTreeMap<&str, &str> = BTreeMap::new();
    for node in table.items("list") {
        let Some(entry) = Table::of(node, node.at, "an entry of `list`", sink) else {
            continue;
        };
        entry.known(&form::CODE);
        let (Some(code), Some(title)) = (entry.need_text("code"), entry.need_text("title")) else {
            continue;
        };
        let aliases = entry.texts("aliases");
        if codes.iter().any(|known| known.code == code.text) {
            let said = format!("the code `{}` stands twice in the list", code.text);
            sink.report(rule::CODE_TWICE, code.at, said, "leave one of them".into());
            continue;
        }
        for word in [code, title].into_iter().chain(aliases.iter().copied()) {
            match words.insert(word.text, code.text) {
                Some(other) if other != code.text => {
                    let said = format!("`{}` means `{other}` and `{}`", word.text, code.text);
                    sink.report(
                        rule::CODE_TWICE,
                        word.at,
                        said,
                        "leave the word with one code".into(),
                    );
                }
                _ => {}
            }
        }
        codes.push(Code {
            code: code.text.to_owned(),
            title: title.text.to_owned(),
            aliases: aliases.iter().map(|alias| alias.text.to_owned()).collect(),
        });
    }
    codes
}

/// The crosswalks, over the lists.
pub(super) fn crosswalks(
    gathered: &Gathered,
    pack: &CheckedPack,
    sink: &Sink,
) -> BTreeMap<String, Crosswalk> {
    let mut crosswalks = BTreeMap::new();
    for (key, table) in gathered.named("crosswalk", sink) {
        table.known(&form::CROSSWALK);
        if FUNCTIONS.contains(&key.name.as_str()) {
            let said = format!("`{}` is a function of the expression language", key.name);
            sink.report(
                rule::RESERVED,
                key.at,
                said,
                "call the crosswalk something else".into(),
            );
        }
        usable(&key.name, key.at, sink);
        table.need("map");
        let from = table
            .need_text("from")
            .and_then(|text| list(text, pack, sink));
        let to = table
            .need_text("to")
            .and_then(|text| list(text, pack, sink));
        let mut map = BTreeMap::new();
        for (code, node) in table.entries("map") {
            let Some(target) = text_of(sink, node, &code.name) else {
                continue;
            };
            mapped(
                Text {
                    text: &code.name,
                    at: code.at,
                },
                from,
                sink,
            );
            mapped(target, to, sink);
            map.insert(code.name.clone(), target.text.to_owned());
        }
        let name_of =
            |list: Option<&CodeList>| list.map(|list| list.name.clone()).unwrap_or_default();
        let crosswalk = Crosswalk {
            name: key.name.clone(),
            from: name_of(from),
            to: name_of(to),
            map,
        };
        crosswalks.insert(key.name.clone(), crosswalk);
    }
    crosswalks
}

fn mapped(code: Text<'_>, list: Option<&CodeList>, sink: &Sink) {
    let Some(list) = list.filter(|list| list.code(code.text).is_none()) else {
        return;
    };
    let said = format!("`{}` is not a code of `{}`", code.text, list.name);
    let codes = list.codes.iter().map(|code| code.code.as_str());
    sink.unknown(rule::CROSSWALK_CODE, code.at, said, code.text, codes);
}

/// The code list that a text names.
pub(super) fn list<'p>(text: Text<'_>, pack: &'p CheckedPack, sink: &Sink) -> Option<&'p CodeList> {
    let found = pack.code_lists.get(text.text);
    if found.is_none() {
        let said = format!("there is no code list `{}`", text.text);
        let there = pack.code_lists.keys().map(String::as_str);
        sink.unknown(rule::UNKNOWN_LIST, text.at, said, text.text, there);
    }
    found
}
