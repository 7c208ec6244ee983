//! Reports: that the template and the files it brings in are there. What stands in them is the rule of templates.

use super::gather::Gathered;
use super::name::{dotted, unique};
use super::template::{self, Named, Reading};
use super::{Sink, rule};
use crate::CheckedPack;
use crate::declare::{ReportDecl, TemplatePart};
use crate::form;
use crate::read::{Source, Span};
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
        let Some(file) = template::file(template.text, sources) else {
            no_template(template.text, template.at, sources, sink);
            continue;
        };
        let mut named = Named::default();
        let parts = parts(file, sources, pack, sink, &mut named);
        if let Some(title) = table.text("title") {
            let reading = Reading {
                pack,
                sink,
                place: &|part| sink.within(title, part),
            };
            reading.text("title", title.text, &mut named);
        }
        reports.push(ReportDecl {
            id: id.text.to_owned(),
            title: table.need_string("title"),
            parts,
            audience: table.string("audience").unwrap_or_default(),
            figures: named.figures.into_iter().collect(),
            times: named.times,
        });
    }
    reports
}

/// A template and the files that it brings in, each once.
fn parts(
    template: usize,
    sources: &[Source],
    pack: &CheckedPack,
    sink: &Sink,
    named: &mut Named,
) -> Vec<TemplatePart> {
    let (mut todo, mut parts) = (vec![template], Vec::new());
    let mut seen = BTreeSet::from([template]);
    while let Some(file) = todo.pop() {
        let Source { path, text } = &sources[file];
        let place = |part: std::ops::Range<usize>| Span {
            file,
            start: part.start,
            end: part.end,
        };
        let reading = Reading {
            pack,
            sink,
            place: &place,
        };
        let mut next = Vec::new();
        for (path, at) in reading.text(path, text, named) {
            match template::file(&path, sources) {
                Some(found) if seen.insert(found) => next.push(found),
                Some(_) => {}
                None => no_template(&path, at, sources, sink),
            }
        }
        todo.extend(next.into_iter().rev());
        parts.push(TemplatePart {
            path: path.clone(),
            text: text.clone(),
        });
    }
    parts
}

fn no_template(path: &str, at: Span, sources: &[Source], sink: &Sink) {
    let said = format!("there is no template `{path}` in the pack");
    let there = sources
        .iter()
        .map(|source| source.path.as_str())
        .filter(|path| path.ends_with(".md"));
    sink.unknown(rule::NO_TEMPLATE, at, said, path, there);
}
