//! Rules about the book in docs/book: every page stands once in SUMMARY.md, every link stays in the book and leads to a
//! page and a heading that are there. Needs no mdBook, and refuses to judge the prose.

use std::collections::{BTreeMap, BTreeSet};

use super::Complaint;
use super::docs::{prose, resolve};
use super::tree::{SourceFile, Tree};

/// What makes it a book.
const SETTINGS: &str = "docs/book.toml";
/// Where its pages are.
const PAGES: &str = "docs/book/";
/// Its table of contents.
const SUMMARY: &str = "docs/book/SUMMARY.md";

/// Complaints about the book; a project without one has none.
pub(crate) fn look(tree: &Tree) -> Vec<Complaint> {
    if tree.file(SETTINGS).is_none() {
        return Vec::new();
    }
    let Some(summary) = tree.file(SUMMARY) else {
        return vec![Complaint::new(SUMMARY, 1, "a book has a table of contents")];
    };
    let pages: Vec<&SourceFile> = tree
        .ending(".md")
        .filter(|file| file.path.starts_with(PAGES))
        .collect();
    let anchors: BTreeMap<&str, BTreeSet<String>> = pages
        .iter()
        .map(|page| (page.path.as_str(), anchors(&page.text)))
        .collect();
    let mut found = listed(summary, &pages);
    for page in &pages {
        found.extend(links(page, &anchors));
    }
    found
}

/// Pages that the table of contents names twice or not at all.
fn listed(summary: &SourceFile, pages: &[&SourceFile]) -> Vec<Complaint> {
    let mut found = Vec::new();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (line, target) in targets(&summary.text) {
        let to = resolve(SUMMARY, &target);
        if let Some(first) = seen.insert(to, line) {
            let said = format!("{target} stands here and in line {first}");
            found.push(Complaint::new(SUMMARY, line, said));
        }
    }
    let lost = pages
        .iter()
        .filter(|page| page.path != SUMMARY && !seen.contains_key(&page.path));
    found.extend(lost.map(|page| {
        let said = format!("no reader finds this page: name it in {SUMMARY}");
        Complaint::new(&page.path, 1, said)
    }));
    found
}

/// Links that leave the book or lead to a heading that is not there. Missing files are found with all documents.
fn links(page: &SourceFile, anchors: &BTreeMap<&str, BTreeSet<String>>) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (line, target) in targets(&page.text) {
        if target.contains("://") || target.starts_with("mailto:") {
            continue;
        }
        let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
        let to = if path.is_empty() {
            page.path.clone()
        } else {
            resolve(&page.path, path)
        };
        if !to.starts_with(PAGES) {
            let said =
                format!("{path} lies outside the book: name it as `path`, a link would be dead");
            found.push(Complaint::new(&page.path, line, said));
        } else if !anchor.is_empty()
            && anchors
                .get(to.as_str())
                .is_some_and(|a| !a.contains(anchor))
        {
            found.push(Complaint::new(
                &page.path,
                line,
                format!("{to} has no heading #{anchor}"),
            ));
        }
    }
    found
}

/// The targets of a page's links, each with its line.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text).iter().enumerate() {
        let targets = line.split("](").skip(1);
        found.extend(
            targets
                .filter_map(|rest| rest.split(')').next())
                .map(|target| (number + 1, target.to_owned())),
        );
    }
    found
}

/// The anchors of a page's headings, as mdBook makes them: letters, digits, _ and - of the words, lower case, gaps as -;
/// a repeated one gets a number.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced || !line.starts_with('#') {
            continue;
        }
        let words = line.trim_start_matches('#');
        if !words.starts_with(' ') {
            continue;
        }
        let plain = anchor(words.trim());
        let mut own = plain.clone();
        let mut times = 0;
        while !found.insert(own.clone()) {
            times += 1;
            own = format!("{plain}-{times}");
        }
    }
    found
}

/// The anchor of one heading.
fn anchor(words: &str) -> String {
    words
        .chars()
        .filter_map(|letter| {
            if letter.is_alphanumeric() || letter == '_' || letter == '-' {
                Some(letter.to_ascii_lowercase())
            } else {
                letter.is_whitespace().then_some('-')
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_anchors_that_mdbook_gives_them() {
        assert_eq!(anchor("`staff` 机关干部职工"), "staff-机关干部职工");
        assert_eq!(anchor("1. A new book"), "1-a-new-book");
        let page = "# P001\n```\n# no heading\n```\n## Rule\n## Rule\n#hash\n";
        let wanted = ["p001", "rule", "rule-1"].map(str::to_owned);
        assert_eq!(anchors(page), BTreeSet::from(wanted));
    }

    #[test]
    fn a_link_in_code_is_none() {
        assert_eq!(targets("[a](b.md)\n`[c](d.md)`"), [(1, "b.md".to_owned())]);
    }
}
