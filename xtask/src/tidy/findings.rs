//! The book's page of findings, made of the rooms' words: every code with its class, sentence and next step.
//! Refuses to know what raises them.

use std::collections::BTreeMap;

use super::Complaint;
use super::tree::Tree;

/// Where the page stands.
pub(crate) const PAGE: &str = "docs/book/reference/findings.md";

/// The classes of findings, as DESIGN and the JSON of the commands name them.
const CLASSES: [&str; 6] = [
    "rejected",
    "contradictory",
    "duplicate",
    "total",
    "check",
    "notice",
];

const INTRO: &str = "# Findings

<!-- written by cargo xtask bless --docs from the words of the rooms -->

Anything a person should look at is a finding, of one shape in import, check and the JSON of every command. Its code says
what it is and never changes its meaning; its class says what kind of attention it asks for:

| class | what it asks |
|---|---|
| `rejected` | a cell, a row or a file was not taken: correct it and import again |
| `contradictory` | two sources say different things: decide which counts |
| `duplicate` | the same thing stands twice: take one away |
| `total` | a total disagrees with its rows: correct one of them |
| `check` | a rule of the pack is broken |
| `notice` | something to know |

Findings of a pack's checks bear the check's own id and words. The sentences below are as the clerk reads them; what
stands in braces is filled in.
";

/// A code of a room's words.
struct Entry {
    file: String,
    line: usize,
    class: String,
    sentences: Vec<(String, String)>,
}

/// Complaints: a code without a class, a page that is not up to date.
pub(crate) fn look(tree: &Tree) -> Vec<Complaint> {
    let entries = entries(tree);
    let mut found = Vec::new();
    for (code, entry) in &entries {
        let known = |class: &str| CLASSES.contains(&class);
        if !entry.class.split(", ").all(known) {
            let said = format!(
                "{code} says its class: class = \"…\", one of {}",
                CLASSES.join(", ")
            );
            found.push(Complaint::new(&entry.file, entry.line, said));
        }
    }
    let there = tree.file(PAGE).map(|file| file.text.replace("\r\n", "\n"));
    if !entries.is_empty() && there.as_deref() != Some(page_of(&entries).as_str()) {
        let said = "the page is not what the words say: run `cargo xtask bless --docs`";
        found.push(Complaint::new(PAGE, 1, said));
    }
    found
}

/// The page as the words say it now.
pub(crate) fn page(tree: &Tree) -> String {
    page_of(&entries(tree))
}

fn page_of(entries: &BTreeMap<String, Entry>) -> String {
    let mut text = INTRO.to_owned();
    let rooms = [
        ('D', "Cells, sheets and files, as they are read"),
        ('I', "Rows, as they meet the ledger"),
        ('O', "What was asked"),
    ];
    for (letter, title) in rooms {
        let mut codes = entries
            .iter()
            .filter(|(code, _)| code.starts_with(letter))
            .peekable();
        if codes.peek().is_none() {
            continue;
        }
        text += &format!(
            "\n## {letter}: {title}\n\n| code | class | what is said | what to do |\n|---|---|---|---|\n"
        );
        for (code, entry) in codes {
            let of = |kind: &str| -> String {
                let sentences = entry.sentences.iter().filter(|(key, _)| {
                    key == kind
                        || key
                            .strip_prefix(kind)
                            .is_some_and(|rest| rest.starts_with('_'))
                });
                let mut sentences: Vec<_> = sentences.collect();
                // The plain sentence before its variants.
                sentences.sort_by_key(|(key, _)| key.len());
                let texts: Vec<String> = sentences.iter().map(|(_, text)| cell(text)).collect();
                texts.join("<br>")
            };
            text += &format!(
                "| {code} | {} | {} | {} |\n",
                entry.class,
                of("said"),
                of("next")
            );
        }
    }
    text
}

/// A sentence as a cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('\n', "<br>")
}

/// Every code with sentences, of all rooms.
fn entries(tree: &Tree) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    for file in tree.ending("/words/zh.toml") {
        if !file.path.starts_with("crates/") {
            continue;
        }
        let mut code = String::new();
        for (number, line) in file.text.lines().enumerate() {
            if let Some(section) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                section.clone_into(&mut code);
                if is_code(&code) {
                    let entry = Entry {
                        file: file.path.clone(),
                        line: number + 1,
                        class: String::new(),
                        sentences: Vec::new(),
                    };
                    entries.insert(code.clone(), entry);
                }
                continue;
            }
            let Some(entry) = entries.get_mut(&code) else {
                continue;
            };
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            let value = value
                .trim()
                .trim_matches('"')
                .replace("\\\"", "\"")
                .replace("\\n", "\n");
            match key {
                "class" => entry.class = value,
                key => entry.sentences.push((key.to_owned(), value)),
            }
        }
    }
    entries
}

/// `D104`: a letter and three digits. `L…` are faults of the program's surroundings, not findings.
fn is_code(section: &str) -> bool {
    let mut letters = section.chars();
    letters
        .next()
        .is_some_and(|first| matches!(first, 'D' | 'I' | 'O'))
        && section.len() == 4
        && letters.all(|digit| digit.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::tree::SourceFile;
    use super::*;

    fn tree(words: &str, page: Option<&str>) -> Tree {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
            rust: None,
        };
        let mut files = vec![file("crates/one/words/zh.toml", words)];
        files.extend(page.map(|text| file(PAGE, text)));
        Tree {
            files,
            paths: Vec::new(),
        }
    }

    #[test]
    fn a_code_stands_on_the_page_with_its_class_and_sentences() {
        let words = "[D104]\nclass = \"rejected\"\nsaid = \"no | date\"\nnext = \"a\"\nnext_near = \"<b>\"\n[list]\nand = \",\"\n";
        let page = page(&tree(words, None));
        assert!(
            page.contains("| D104 | rejected | no \\| date | a<br>&lt;b> |\n"),
            "{page}"
        );
        assert!(!page.contains("list"));
        assert_eq!(look(&tree(words, Some(&page))), Vec::new());
    }

    #[test]
    fn a_stale_page_and_a_code_without_a_class_are_named() {
        let stale = look(&tree(
            "[D104]\nclass = \"notice\"\nsaid = \"a\"\n",
            Some("old"),
        ));
        assert_eq!(stale.len(), 1);
        assert_eq!(stale[0].file, PAGE);
        let words = "\n[O101]\nsaid = \"a\"\n";
        let whole = page(&tree(words, None));
        let classless = look(&tree(words, Some(&whole)));
        assert_eq!((classless.len(), classless[0].line), (1, 2));
    }
}
