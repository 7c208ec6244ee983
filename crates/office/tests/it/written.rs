//! Pages of the book that are written from the township pack: held to what is declared now, or written anew with `BLESS`
//! set (`cargo xtask bless --docs`).

use office::{PackDescription, describe_pack};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

mod rows; // the table of the township's systems

/// Says at the top of a page who writes it.
const WRITTEN: &str = "<!-- written by cargo xtask bless --docs from packs/township -->";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn township() -> PackDescription {
    let folder = root().join("packs/township");
    describe_pack(&folder).unwrap_or_else(|errors| panic!("{errors}"))
}

/// A complaint when `docs/PATH` is not this text. With `BLESS` it is written instead.
fn hold(path: &str, text: &str) -> Option<String> {
    let file = root().join("docs").join(path);
    if std::env::var_os("BLESS").is_some() {
        let folder = file.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("the folder is made");
        fs::write(&file, text).expect("the document is written");
        return None;
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    (there.replace("\r\n", "\n") != text)
        .then(|| format!("docs/{path} is stale: run `cargo xtask bless --docs`"))
}

/// A page with the note of who writes it under its title.
fn signed(page: &str) -> String {
    let (title, rest) = page.split_once('\n').unwrap_or((page, ""));
    format!("{title}\n\n{WRITTEN}\n{rest}")
}

#[test]
fn the_township_reference_is_that_of_its_pack() {
    let pack = township();
    let mut wrong = Vec::new();
    let mut names = BTreeSet::new();
    for (id, page) in pack.pages() {
        let path = format!("book/reference/township/{id}.md");
        wrong.extend(hold(&path, &signed(&page)));
        names.insert(format!("{id}.md"));
    }
    let folder = root().join("docs/book/reference/township");
    for entry in fs::read_dir(folder).expect("the pages' folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if names.contains(&name) {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            fs::remove_file(entry.path()).expect("a page that nothing declares any more");
        } else {
            wrong.push(format!(
                "{name} is declared no more: run `cargo xtask bless --docs`"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines of the table of contents under the page of rows: the pages of the township's parts, in the rows' order.
#[test]
fn the_table_of_contents_names_the_township_pages() {
    let pack = township();
    let summary = fs::read_to_string(root().join("docs/book/SUMMARY.md")).expect("a book");
    let under = "(reference/rows.md)";
    let at = summary
        .lines()
        .position(|line| line.contains(under))
        .expect("the page of rows stands in the table of contents");
    let mut lines: Vec<String> = summary
        .lines()
        .filter(|line| !line.contains("(reference/township/"))
        .map(str::to_owned)
        .collect();
    let own = rows::order(&pack).into_iter().map(|id| {
        let part = pack.parts.iter().find(|part| part.id == id);
        let title = part.map(office::PartDescription::title).unwrap_or_default();
        format!("  - [{title}](reference/township/{id}.md)")
    });
    lines.splice(at + 1..at + 1, own);
    let stale = hold("book/SUMMARY.md", &(lines.join("\n") + "\n"));
    assert!(stale.is_none(), "{}", stale.unwrap_or_default());
}

#[test]
fn the_rows_are_those_of_the_pack() {
    let stale = hold("book/reference/rows.md", &rows::page(&township()));
    assert!(stale.is_none(), "{}", stale.unwrap_or_default());
}
