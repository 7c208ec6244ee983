//! Reports: that the template is there, and names figures that are. The template's own syntax is the writer's.

use super::gather::Gathered;
use super::name::{dotted, unique};
use super::operand::{date_parameter, find, is_list, split};
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::ReportDecl;
use crate::form;
use crate::read::{Source, Span, Text};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The reports.
pub(super) fn reports(
    gathered: &Gathered,
    pack: &CheckedPack,
    sources: &[Source],
    sink: &Sink,
) -> Vec<ReportDecl> {
    let mut reports = Vec::new();
    let mut seen = BTreeMap::new();
    for table in gathered.listed("report", sink) {
        table.known(&form::REPORT);
        let Some(id) = table.need_text("id") else {
            continue;
        };
        dotted(id.text, id.at, sink);
        unique("report", id.text, id.at, &mut seen, sink);
        let Some(template) = table.need_text("template") else {
            continue;
        };
        let Some(file) = sources
            .iter()
            .position(|source| source.path == template.text)
        else {
            let said = format!("there is no template `{}` in the pack", template.text);
            let there = sources
                .iter()
                .map(|source| source.path.as_str())
                .filter(|path| path.ends_with(".md"));
            sink.unknown(rule::NO_TEMPLATE, template.at, said, template.text, there);
            continue;
        };
        let mut figures = BTreeSet::new();
        let text = &sources[file].text;
        scan(
            text,
            &|part| Span {
                file,
                start: part.start,
                end: part.end,
            },
            pack,
            sink,
            &mut figures,
        );
        if let Some(title) = table.text("title") {
            scan(
                title.text,
                &|part| sink.within(title, part),
                pack,
                sink,
                &mut figures,
            );
        }
        reports.push(ReportDecl {
            id: id.text.to_owned(),
            title: table.need_string("title"),
            template: template.text.to_owned(),
            text: text.clone(),
            audience: table.string("audience").unwrap_or_default(),
            figures: figures.into_iter().collect(),
        });
    }
    reports
}

/// Every figure that a text names by `fig`, `val` or `list`.
fn scan(
    text: &str,
    place: &dyn Fn(std::ops::Range<usize>) -> Span,
    pack: &CheckedPack,
    sink: &Sink,
    figures: &mut BTreeSet<String>,
) {
    let calls = Regex::new(r#"\b(fig|val|list)\s*\(\s*(?:"([^"]*)"|'([^']*)')([^)]*)"#)
        .expect("the pattern is ours and is compiled by every test");
    let dates = Regex::new(r#"\bat\s*=\s*(?:"([^"]*)"|'([^']*)')"#)
        .expect("the pattern is ours and is compiled by every test");
    for call in calls.captures_iter(text) {
        let Some(name) = call.get(2).or_else(|| call.get(3)) else {
            continue;
        };
        let at = place(name.range());
        if let Some(rest) = call.get(4)
            && let Some(date) = dates.captures(rest.as_str())
            && let Some(named) = date.get(1).or_else(|| date.get(2))
        {
            let part = rest.start() + named.start()..rest.start() + named.end();
            date_parameter(
                Text {
                    text: named.as_str(),
                    at: place(part),
                },
                rule::DATE_PARAMETER,
                pack,
                sink,
            );
        }
        let (figure, member) = split(name.as_str());
        let Some(found) = find(
            figure,
            member,
            &pack.figures,
            rule::TEMPLATE_FIGURE,
            at,
            sink,
        ) else {
            continue;
        };
        figures.insert(name.as_str().to_owned());
        if member.is_none() && !found.whole {
            let said = format!("`{figure}` has members only");
            let members = found.by.iter().flat_map(|by| by.members.iter());
            let next = match members.map(|member| &member.id).next() {
                Some(id) => format!("name one, as in \"{figure}[{id}]\""),
                None => "name one in brackets".into(),
            };
            sink.report(rule::TEMPLATE_FIGURE, at, said, next);
        }
        match (&call[1], is_list(found)) {
            ("list", false) => {
                let said = format!("`{figure}` is a number, `list` prints lists");
                sink.report(
                    rule::TEMPLATE_LIST,
                    at,
                    said,
                    format!("write fig(\"{figure}\")"),
                );
            }
            ("fig", true) => {
                let said = format!("`{figure}` is a list, `fig` prints numbers");
                sink.report(
                    rule::TEMPLATE_LIST,
                    at,
                    said,
                    format!("write list(\"{figure}\")"),
                );
            }
            _ => {}
        }
    }
}
