//! Files to nodes that remember their place. Knows nothing of what a pack declares.

mod node; // TOML with spans
mod source; // a file's text and the places in it
mod table; // a table in the reader's hand

pub(crate) use node::{Key, Node, Shape, parse};
pub(crate) use source::{Source, Span};
pub(crate) use table::{Table, Text, text_of, wrong};

use crate::check::rule;
use crate::{CheckedPack, check};
use std::collections::BTreeMap;
use std::path::Path;
use vocabulary::{Diagnostic, Diagnostics, Place};

/// Reads and checks the pack in a folder: every `*.toml` in it and below, and the Markdown that its reports
/// name. All errors at once.
pub fn read_folder(folder: &Path) -> Result<CheckedPack, Diagnostics> {
    let mut files = BTreeMap::new();
    let mut unread = Diagnostics::default();
    if folder.is_dir() {
        collect(folder, "", &mut files, &mut unread);
    } else {
        unread.push(unreadable(&folder.display().to_string(), "is not a folder"));
    }
    if !unread.is_empty() {
        return Err(unread.sorted());
    }
    read_files(files)
}

/// Checks a pack given as files: path with `/`, text. Other files than TOML and named Markdown are left out.
pub fn read_files(files: BTreeMap<String, String>) -> Result<CheckedPack, Diagnostics> {
    check::check(files)
}

fn collect(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, String>,
    unread: &mut Diagnostics,
) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            unread.push(unreadable(prefix, &format!("cannot be read: {error}")));
            return;
        }
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let (path, inner) = (entry.path(), format!("{prefix}{name}"));
        if path.is_dir() {
            collect(&path, &format!("{inner}/"), files, unread);
        } else if name.ends_with(".toml") || name.ends_with(".md") {
            match std::fs::read_to_string(&path) {
                // Editors on Windows put a mark before the first character and end lines with two.
                Ok(text) => {
                    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
                    files.insert(inner, text);
                }
                Err(error) => unread.push(unreadable(&inner, &format!("cannot be read: {error}"))),
            }
        }
    }
}

fn unreadable(file: &str, why: &str) -> Diagnostic {
    Diagnostic {
        code: rule::NO_PACK.0,
        said: format!("`{file}` {why}"),
        place: Place {
            file: file.to_owned(),
            line: 1,
            column: 1,
            length: 1,
            excerpt: String::new(),
        },
        next: "name the folder in which pack.toml lies; its files are UTF-8".into(),
    }
}
