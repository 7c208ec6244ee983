//! The book's tutorial and how-tos do what they say: every `console` block is typed at the binary, page by page from top
//! to bottom in an empty folder with the packs in it, and what it prints must be what stands there. In a page `…` stands
//! for anything within a line, alone on a line for any lines. Files are made by the page itself: a block under
//! `<!-- file: NAME -->` is that file, under `<!-- append: NAME -->` it is added to it, and the `-` and `+` lines of a
//! `diff` under `<!-- change: NAME -->` replace each other. `BLESS=1` writes what was printed into the pages: read
//! `git diff`, and put the `…` back.

mod page; // a page as steps
mod play; // the steps done, and what was printed held against the page

use std::fs;
use std::path::{Path, PathBuf};

use page::Step;

/// The folders of the book whose pages tell a reader what to do.
const TOLD: [&str; 2] = ["docs/book/tutorial", "docs/book/how-to"];

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = TOLD
        .iter()
        .flat_map(|folder| fs::read_dir(e2e::root().join(folder)).expect("the book's folders"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    pages.sort();
    pages
}

/// What is wrong with a page; with `BLESS` it is written anew instead.
fn look(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a page is text");
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let told = |(line, said): (usize, String)| format!("{name}:{line}: {said}");
    let steps = match page::steps(&text) {
        Ok(steps) => steps,
        Err(wrong) => return wrong.into_iter().map(told).collect(),
    };
    let played = play::play(&steps);
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, play::blessed(&text, &played)).expect("the page is ours");
        return Vec::new();
    }
    let mut wrong: Vec<String> = played.wrong.into_iter().map(told).collect();
    if !steps
        .iter()
        .any(|step| matches!(step, Step::Command { .. }))
    {
        wrong.push(format!("{name}: nothing is typed on this page"));
    }
    wrong
}

#[test]
fn every_block_prints_what_the_page_says() {
    let pages = pages();
    assert!(pages.len() >= 4, "{pages:?}");
    let wrong: Vec<String> = pages.iter().flat_map(|page| look(page)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_that_says_otherwise_is_found() {
    let text = "`a.csv`：\n\n<!-- file: a.csv -->\n```csv\n甲\n```\n\n\
                ```console\n$ yiben figure\n有一个数\n$ yiben --version\nyiben …\n```\n";
    let steps = page::steps(text).expect("a page");
    let wrong = play::play(&steps).wrong;
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(
        wrong[0].0 == 9 && wrong[0].1.contains("有一个数"),
        "{wrong:?}"
    );
}
