//! A page's steps done one after the other, and what was printed held against what the page says.
//! Refuses to know pages; it takes steps.

use std::fs;
use std::path::Path;

use e2e::Desk;

use super::page::{Step, Wrong};

/// What is said when nothing could be done; then, and only then, the exit code is none of success.
const REFUSED: [&str; 2] = ["错误[", "读了 0 个文件"];

/// How a page went.
pub(super) struct Played {
    /// What is not as the page says.
    pub(super) wrong: Vec<Wrong>,
    /// Commands by their line, each with what it printed.
    printed: Vec<(usize, Vec<String>)>,
}

/// Does the steps in a folder of their own, with the packs of the project in it and the workbooks of the smaller example.
pub(super) fn play(steps: &[Step]) -> Played {
    let desk = Desk::empty();
    for folder in ["packs", "examples/school"] {
        copy(&e2e::root().join(folder), &desk.path(folder));
    }
    let mut played = Played {
        wrong: Vec::new(),
        printed: Vec::new(),
    };
    for step in steps {
        played.step(&desk, step);
    }
    played
}

/// The page with what its commands printed now.
pub(super) fn blessed(text: &str, played: &Played) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (line, printed) in played.printed.iter().rev() {
        let begin = *line;
        let length = lines[begin..]
            .iter()
            .take_while(|line| **line != "```" && !line.starts_with("$ "))
            .count();
        let there: Vec<String> = lines[begin..begin + length]
            .iter()
            .map(|line| (*line).to_owned())
            .collect();
        if !matches(&there, printed) {
            lines.splice(begin..begin + length, printed.iter().map(String::as_str));
        }
    }
    lines.join("\n") + "\n"
}

impl Played {
    fn step(&mut self, desk: &Desk, step: &Step) {
        match step {
            Step::Command {
                line,
                typed,
                prints,
            } => self.typed(desk, *line, typed, prints),
            Step::File { name, text, .. } => {
                let path = desk.path(name);
                let folder = path.parent().expect("a file lies in a folder");
                fs::create_dir_all(folder).expect("our own folder");
                fs::write(path, text).expect("our own file");
            }
            Step::Append { line, name, text } => {
                let whole = self.read(desk, *line, name) + "\n" + text;
                fs::write(desk.path(name), whole).expect("our own file");
            }
            Step::Change {
                line,
                name,
                before,
                after,
            } => {
                let whole = self.read(desk, *line, name);
                if whole.matches(before.as_str()).count() != 1 {
                    let said = format!("{name} does not have these lines exactly once:\n{before}");
                    self.wrong.push((*line, said));
                }
                fs::write(desk.path(name), whole.replace(before, after)).expect("our own file");
            }
        }
    }

    fn read(&mut self, desk: &Desk, line: usize, name: &str) -> String {
        fs::read_to_string(desk.path(name)).unwrap_or_else(|cause| {
            self.wrong.push((line, format!("{name}: {cause}")));
            String::new()
        })
    }

    fn typed(&mut self, desk: &Desk, line: usize, typed: &str, prints: &[String]) {
        let words = words(typed);
        let Some(("yiben", args)) = words
            .split_first()
            .map(|(program, args)| (program.as_str(), args))
        else {
            self.wrong
                .push((line, format!("a console types `yiben`, not {typed}")));
            return;
        };
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let answer = desk.yiben(&args);
        // A terminal shows both; what is refused is said beside.
        let both = answer.out + &answer.err;
        let printed: Vec<String> = both.trim_end().lines().map(str::to_owned).collect();
        let refused = printed
            .iter()
            .any(|line| REFUSED.iter().any(|said| line.starts_with(said)));
        if (answer.code == Some(0)) == refused {
            let said = format!("`{typed}` ended with {:?} and said\n{both}", answer.code);
            self.wrong.push((line, said));
        } else if !matches(prints, &printed) {
            let said = format!(
                "`{typed}`: the page says\n{}\n-- it printed\n{}",
                prints.join("\n"),
                printed.join("\n")
            );
            self.wrong.push((line, said));
        }
        self.printed.push((line, printed));
    }
}

/// Whether lines are those that the page says.
fn matches(says: &[String], printed: &[String]) -> bool {
    let Some((first, rest)) = says.split_first() else {
        return printed.is_empty();
    };
    if first.trim() == "…" {
        return (0..=printed.len()).any(|skip| matches(rest, &printed[skip..]));
    }
    printed.split_first().is_some_and(|(line, after)| {
        like(first.trim_end(), line.trim_end()) && matches(rest, after)
    })
}

/// Whether a line is like a pattern with `…` for anything.
fn like(pattern: &str, line: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('…') else {
        return pattern == line;
    };
    line.strip_prefix(head).is_some_and(|rest| {
        let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        ends.into_iter().any(|at| like(tail, &rest[at..]))
    })
}

/// A command's words; quotes keep spaces.
fn words(typed: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in typed.chars() {
        match letter {
            '\'' | '"' if quote.is_none() => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            _ if quote == Some(letter) => quote = None,
            ' ' if quote.is_none() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("our own folder");
    for entry in fs::read_dir(from).expect("a pack of the project").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let check = |says: &str, printed: &str, alike: bool| {
        assert_eq!(matches(&lines(says), &lines(printed)), alike, "{says}");
    };
    check("已录入 … 行", "已录入 12 行", true);
    check("已录入 … 行", "已录入 12 户", false);
    check("a\n…\nd", "a\nb\nc\nd", true);
    check("a\n…\nd", "a\nb\nc", false);
    check("", "a", false);
    check("…", "", true);
    check("a", "a\nb", false);
}

#[test]
fn quotes_keep_a_word_together() {
    assert_eq!(
        words("yiben import 甲.csv --map '表 1!列=a'"),
        ["yiben", "import", "甲.csv", "--map", "表 1!列=a"]
    );
}
