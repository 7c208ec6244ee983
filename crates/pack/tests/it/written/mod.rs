//! Documents that are written from declarations: held to what is declared now, or written anew with `BLESS` set
//! (`cargo xtask bless --docs`).

use std::path::Path;

mod keys; // the page of keys
mod language; // the page of the expression language

use crate::errors;
use crate::schema::write;

/// A complaint when `docs/PATH` is not this text. With `BLESS` it is written instead.
fn hold(path: &str, text: &str) -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(path);
    if std::env::var_os("BLESS").is_some() {
        let folder = file.parent().expect("a file lies in a folder");
        std::fs::create_dir_all(folder).expect("the folder is made");
        std::fs::write(&file, text).expect("the document is written");
        return None;
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    (there.replace("\r\n", "\n") != text)
        .then(|| format!("docs/{path} is stale: run `cargo xtask bless --docs`"))
}

#[test]
fn the_schemas_are_those_of_the_reader() {
    let mut wrong = Vec::new();
    for (name, schema) in write::schemas() {
        let text = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        wrong.extend(hold(&format!("schemas/pack/{name}.json"), &text));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_error_reference_shows_every_case() {
    let stale = hold("book/reference/pack-errors.md", &errors::reference());
    assert!(stale.is_none(), "{}", stale.unwrap_or_default());
}

#[test]
fn the_page_of_keys_is_that_of_the_reader() {
    let stale = hold("book/reference/pack-keys.md", &keys::page());
    assert!(stale.is_none(), "{}", stale.unwrap_or_default());
}

#[test]
fn the_page_of_expressions_is_that_of_the_language() {
    let stale = hold("book/reference/expressions.md", &language::page());
    assert!(stale.is_none(), "{}", stale.unwrap_or_default());
}
