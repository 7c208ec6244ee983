//! One small bad pack for every code, laid over a small good one; what is said about it is kept beside it.
//! `BLESS=1 cargo test -p pack` writes what is said now; the reader of the change decides whether it is right.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors")
}

/// The files of a folder but what is expected of them.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).expect("the case's folder");
    entries
        .map(|entry| entry.expect("a file").path())
        .filter(|path| !path.ends_with("expected.txt"))
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("a text"))
        })
        .collect()
}

fn codes_with_a_case() -> BTreeSet<String> {
    std::fs::read_dir(cases())
        .expect("the folder of cases")
        .map(|entry| {
            entry
                .expect("a case")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "base")
        .collect()
}

#[test]
fn the_base_is_good() {
    pack::read_files(files(&cases().join("base"))).unwrap_or_else(|errors| panic!("{errors}"));
}

#[test]
fn every_code_has_a_case_and_every_case_a_code() {
    let declared: BTreeSet<String> = pack::RULES
        .iter()
        .map(|(code, _)| (*code).to_owned())
        .collect();
    assert_eq!(declared.len(), pack::RULES.len(), "a code stands once");
    assert_eq!(declared, codes_with_a_case());
}

#[test]
fn every_case_says_what_is_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for code in codes_with_a_case() {
        let folder = cases().join(&code);
        let mut pack = files(&cases().join("base"));
        pack.extend(files(&folder));
        let Err(errors) = pack::read_files(pack) else {
            wrong.push(format!("{code}: nothing was found"));
            continue;
        };
        if !errors.0.iter().any(|error| error.code == code) {
            wrong.push(format!("{code} was not found, but\n{errors}"));
            continue;
        }
        for error in &errors.0 {
            assert!(
                !error.next.is_empty() && !error.said.is_empty(),
                "{code}: {error}"
            );
            assert!(
                error.place.line >= 1 && error.place.column >= 1,
                "{code}: {error}"
            );
        }
        let said = format!("{errors}\n");
        let path = folder.join("expected.txt");
        if bless {
            std::fs::write(&path, &said).expect("the expectation is written");
        } else if std::fs::read_to_string(&path).unwrap_or_default() != said {
            wrong.push(format!("{code} says now\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_folder_that_is_none_is_one_error() {
    let errors = pack::read_folder(&cases().join("nowhere")).expect_err("there is nothing");
    assert_eq!(errors.0.len(), 1);
    assert_eq!(errors.0[0].code, "P002");
}

#[test]
fn windows_line_ends_do_not_matter() {
    let base = files(&cases().join("base"));
    let folder = std::env::temp_dir().join(format!("pack-lines-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in &base {
        let text = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        std::fs::write(folder.join(name), text).expect("a file");
    }
    let read = pack::read_folder(&folder).unwrap_or_else(|errors| panic!("{errors}"));
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert_eq!(
        read.hash,
        pack::read_files(base).expect("the base is good").hash
    );
}

/// The book's page of errors: each rule, its case, what is printed.
pub(crate) fn reference() -> String {
    let mut text = String::from(
        "# Errors of a pack\n\n\
         <!-- written by cargo xtask bless --docs from the rules and their cases -->\n\n\
         `yiben pack check DIR` reports every error of a pack at once, each with its code, file, line and column and with what\n\
         to do. Each code stands here with its rule, the smallest pack that breaks it (laid over a good one) and what is\n\
         printed. Codes are stable: none is used again for something else.\n\n\
         | code | the rule |\n|---|---|\n",
    );
    for (code, asks) in pack::RULES {
        let asks = plain(asks).replace('|', "\\|");
        text += &format!("| [{code}](#{}) | {asks} |\n", code.to_lowercase());
    }
    for (code, asks) in pack::RULES {
        let folder = cases().join(code);
        let said = std::fs::read_to_string(folder.join("expected.txt")).expect("a case");
        text += &format!("\n## {code}\n\n{}\n", plain(asks));
        let mut steps: Vec<&str> = Vec::new();
        for one in said.split("error[").filter(|one| one.starts_with(code)) {
            let step = one
                .split("= next: ")
                .nth(1)
                .and_then(|rest| rest.lines().next());
            steps.extend(step.filter(|step| !steps.contains(step)));
        }
        assert!(!steps.is_empty(), "{code} says what to do");
        text += "\nWhat to do, as it is said of the case below:\n\n";
        for step in steps {
            text += &format!("- {}\n", plain(step));
        }
        for (name, content) in files(&folder) {
            let kind = name.rsplit('.').next().unwrap_or_default();
            text += &format!("\n`{name}`\n\n```{kind}\n{}\n```\n", content.trim());
        }
        text += &format!("\nPrinted:\n\n```text\n{}\n```\n", said.trim_end());
    }
    text
}

/// A sentence as Markdown: a `<` outside of code would open a tag.
fn plain(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    let parts = parts.map(|(at, part)| {
        if at % 2 == 0 {
            part.replace('<', "&lt;")
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("`")
}
