//! The rules of a pack, and the checked pack that keeps them. One file per kind of declaration; every error is
//! collected, none stops another. Refuses to know what a pack is used for.

mod breach; // checks
mod breakdown; // figures: members, bands
mod code_list; // code lists and crosswalks
mod expression; // expressions at their places
mod figure; // figures: what they are made of
mod gather; // declarations of all files, by kind
mod name; // names, reserved words, former names
mod operand; // figures named by other figures and by checks
mod parameter; // parameters
mod register; // registers: fields, keys, identity
mod report; // reports and the files of their templates
pub(crate) mod rule; // every rule by its code
mod sheet; // sheets: columns and what their rows write
mod sink; // where errors are collected
mod small; // the pack's own table, levels and roles
mod template; // templates: places, their figures and options
mod unit; // units of figures over money and areas

pub use rule::RULES;
pub(crate) use sink::{Sink, nearest, next_name, quoted_list};

use crate::CheckedPack;
use crate::expr::{Catalogue, Expr, Names, Type, Typed, Unit};
use crate::read::{Source, Span, Text};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use vocabulary::{Diagnostics, Value};

/// Checks the files of a pack.
pub(crate) fn check(files: BTreeMap<String, String>) -> Result<CheckedPack, Diagnostics> {
    let sources: Vec<Source> = files
        .into_iter()
        .map(|(path, text)| Source { path, text })
        .collect();
    // Something to point at when there is no file at all.
    let empty = [Source {
        path: "pack.toml".into(),
        text: String::new(),
    }];
    let sources = if sources.is_empty() {
        &empty
    } else {
        sources.as_slice()
    };
    let sink = Sink::new(sources);
    let gathered = gather::gather(sources, &sink);

    let mut pack = small::pack(&gathered, &sink);
    pack.levels = small::levels(&gathered, &sink);
    pack.code_lists = code_list::lists(&gathered, &sink);
    pack.crosswalks = code_list::crosswalks(&gathered, &pack, &sink);
    pack.parameters = parameter::parameters(&gathered, &pack, &sink);
    pack.roles = small::roles(&gathered, &pack, &sink);
    pack.registers = register::registers(&gathered, &pack, &sink);
    pack.registers = register::labels(&gathered, &pack, &sink);
    pack.sheets = sheet::sheets(&gathered, &pack, &sink);
    pack.figures = figure::figures(&gathered, &pack, &sink);
    pack.checks = breach::checks(&gathered, &pack, &sink);
    pack.reports = report::reports(&gathered, &pack, sources, &sink);

    let found = sink.into_found().sorted();
    if !found.is_empty() {
        return Err(found);
    }
    pack.files = kept(sources, &pack);
    pack.hash = hash(&pack.files);
    Ok(pack)
}

impl CheckedPack {
    /// An expression over the records of a register that a person or another room hands in, read by the pack's
    /// own rules. Errors name the file `expression`.
    pub fn record_expression(&self, register: &str, text: &str) -> Result<Typed, Diagnostics> {
        let source = [Source {
            path: "expression".into(),
            text: text.to_owned(),
        }];
        let sink = Sink::new(&source);
        let at = Span {
            file: 0,
            start: 0,
            end: text.len(),
        };
        let text = Text { text, at };
        let named = Text { text: register, at };
        let typed = register::register_named(named, self, &sink).and_then(|register| {
            expression::expression(text, Names::Record(register), None, self, &sink)
        });
        typed.ok_or_else(|| sink.into_found().sorted())
    }
}

/// What goes into the book: every TOML file and the files of the reports' templates.
fn kept(sources: &[Source], pack: &CheckedPack) -> BTreeMap<String, String> {
    let parts = pack.reports.iter().flat_map(|report| &report.parts);
    let named = |path: &str| parts.clone().any(|part| part.path == path);
    sources
        .iter()
        .filter(|source| source.path.ends_with(".toml") || named(&source.path))
        .map(|source| (source.path.clone(), source.text.clone()))
        .collect()
}

fn hash(files: &BTreeMap<String, String>) -> String {
    let mut hasher = Sha256::new();
    for (path, text) in files {
        for part in [path, text] {
            hasher.update(part.as_bytes());
            hasher.update([0]);
        }
    }
    hasher
        .finalize()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// What expressions may name, of the pack as far as it is read.
pub(crate) fn catalogue(pack: &CheckedPack) -> Catalogue<'_> {
    Catalogue {
        registers: &pack.registers,
        lists: &pack.code_lists,
        crosswalks: &pack.crosswalks,
        parameters: &pack.parameters,
    }
}

/// Stands where an expression could not be read; never leaves a pack that has errors.
fn blank() -> Typed {
    Typed {
        unit: Unit::Plain,
        expr: Expr::Literal(Value::Null),
        kind: Type::Null,
        text: String::new(),
    }
}

/// The first byte of a file.
fn top(file: usize) -> Span {
    Span {
        file,
        start: 0,
        end: 0,
    }
}
