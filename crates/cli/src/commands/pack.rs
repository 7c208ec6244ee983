//! `yiben pack check`, `yiben pack describe` and `yiben pack apply`.

use super::{Done, out, writing};
use crate::args::{Common, Pack, PackVerb};
use crate::say::say;
use crate::wire;
use miette::{LabeledSpan, MietteDiagnostic, NamedSource, Report};
use office::{OfficeError, PackDescription, check_pack, describe_pack};
use serde_json::json;
use std::io::IsTerminal;
use std::path::Path;
use vocabulary::{Diagnostic, Diagnostics};

pub(crate) fn run(common: &Common, input: Pack) -> Done {
    match input.verb {
        PackVerb::Check { dir } => {
            let pack = check_pack(&dir)?;
            if common.json {
                out(
                    json!({"name": pack.name, "version": pack.version, "hash": pack.hash, "diagnostics": []}),
                );
                return Ok(0);
            }
            let counts = [
                pack.registers.len(),
                pack.sheets.len(),
                pack.figures.len(),
                pack.checks.len(),
                pack.reports.len(),
            ];
            let counts = counts.map(|count| count.to_string());
            let params = [
                ("title", pack.title.as_str()),
                ("version", pack.version.as_str()),
                ("registers", counts[0].as_str()),
                ("sheets", counts[1].as_str()),
                ("figures", counts[2].as_str()),
                ("checks", counts[3].as_str()),
                ("reports", counts[4].as_str()),
            ];
            out(say("pack.sound", &params));
            Ok(0)
        }
        PackVerb::Describe { dir, pages } => {
            let pack = describe_pack(&dir)?;
            match pages {
                Some(folder) => write_pages(&pack, &folder)?,
                None if common.json => out(wire::describe::pack(&pack)),
                None => out(pack.markdown().trim_end()),
            }
            Ok(0)
        }
        PackVerb::Apply { dir, commit } => {
            let mut office = writing(common)?;
            let report = office.apply_pack(&dir, commit)?;
            if common.json {
                out(wire::pack(&report));
                return Ok(0);
            }
            for line in &report.changes {
                let (kind, what) = wire::changed(line);
                out(say(&format!("pack.{kind}"), &[("what", &what)]));
            }
            let count = report.changes.len().to_string();
            let params = [
                ("count", count.as_str()),
                ("version", report.version.as_str()),
            ];
            out(say(
                if report.tx.is_some() {
                    "pack.applied"
                } else if commit {
                    "pack.same"
                } else {
                    "pack.preview"
                },
                &params,
            ));
            Ok(0)
        }
    }
}

/// Writes a page for each part of a pack.
fn write_pages(pack: &PackDescription, folder: &Path) -> Result<(), OfficeError> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |source| OfficeError::File { path, source }
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let pages = pack.pages();
    for (id, page) in &pages {
        let path = folder.join(format!("{id}.md"));
        std::fs::write(&path, page).map_err(failed(&path))?;
    }
    let (count, path) = (pages.len().to_string(), folder.display().to_string());
    let params = [("count", count.as_str()), ("path", path.as_str())];
    out(say("pack.described", &params));
    Ok(())
}

/// Every error with its line underlined; in colour only on a terminal.
pub(crate) fn rendered(diagnostics: &Diagnostics) -> String {
    if !std::io::stderr().is_terminal() {
        return format!("{diagnostics}\n");
    }
    diagnostics
        .0
        .iter()
        .take(50)
        .map(|one| format!("{:?}\n", fancy(one)))
        .collect()
}

fn fancy(one: &Diagnostic) -> Report {
    // The excerpt stands on its own line number, so that the place shown is the place in the file.
    let before = "\n".repeat(one.place.line.saturating_sub(1));
    let text = format!("{before}{}\n", one.place.excerpt);
    let start = before.len()
        + one
            .place
            .excerpt
            .chars()
            .take(one.place.column.saturating_sub(1))
            .map(char::len_utf8)
            .sum::<usize>();
    let length = text[start..]
        .chars()
        .take_while(|c| *c != '\n')
        .take(one.place.length.max(1))
        .map(char::len_utf8)
        .sum::<usize>();
    let diagnostic = MietteDiagnostic::new(one.said.clone())
        .with_code(one.code)
        .with_help(one.next.clone())
        .with_label(LabeledSpan::underline(start..start + length));
    Report::new(diagnostic).with_source_code(NamedSource::new(&one.place.file, text))
}
