//! A page as steps: commands with what they print, files made and changed. Refuses to run anything.

/// What a reader does.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A command typed, and the lines that the page says it prints.
    Command {
        /// The line of the command, from 1.
        line: usize,
        /// What is typed.
        typed: String,
        /// What it prints.
        prints: Vec<String>,
    },
    /// A file made.
    File {
        /// The line of its block.
        line: usize,
        /// Its name.
        name: String,
        /// Its content.
        text: String,
    },
    /// Lines added to a file.
    Append {
        /// The line of its block.
        line: usize,
        /// The file.
        name: String,
        /// The lines.
        text: String,
    },
    /// Lines of a file replaced.
    Change {
        /// The line of its block.
        line: usize,
        /// The file.
        name: String,
        /// What stands there.
        before: String,
        /// What takes its place.
        after: String,
    },
}

/// A complaint: its line and what is wrong.
pub(super) type Wrong = (usize, String);

/// A fenced block.
struct Block<'t> {
    /// The line of its first content, from 1.
    line: usize,
    language: &'t str,
    lines: Vec<&'t str>,
    /// The comment right above it, as `file` and a name.
    meant: Option<(&'t str, &'t str)>,
    /// The prose above it names this file.
    told: String,
}

/// The steps of a page, or everything that is wrong with how it is written.
pub(super) fn steps(text: &str) -> Result<Vec<Step>, Vec<Wrong>> {
    let mut steps = Vec::new();
    let mut wrong = Vec::new();
    for block in blocks(text) {
        if let Err(said) = block.steps(&mut steps) {
            wrong.push((block.line, said));
        }
    }
    if wrong.is_empty() {
        Ok(steps)
    } else {
        Err(wrong)
    }
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    let mut meant = None;
    let mut told = String::new();
    for (number, line) in text.lines().enumerate() {
        if let Some(block) = &mut open {
            if line.trim_start() == "```" {
                found.extend(open.take());
            } else {
                block.lines.push(line);
            }
        } else if let Some(language) = line.trim_start().strip_prefix("```") {
            open = Some(Block {
                line: number + 2,
                language: language.trim(),
                lines: Vec::new(),
                meant: meant.take(),
                told: std::mem::take(&mut told),
            });
        } else if let Some(comment) = line
            .strip_prefix("<!-- ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        {
            meant = comment.split_once(": ");
        } else if !line.is_empty() {
            meant = None;
            told.clear();
            told.push_str(line);
        }
    }
    found
}

impl Block<'_> {
    fn steps(&self, steps: &mut Vec<Step>) -> Result<(), String> {
        let text = || self.lines.iter().map(|line| format!("{line}\n")).collect();
        let Some((deed, name)) = self.meant else {
            return self.typed(steps);
        };
        if !self.told.contains(&format!("`{name}`")) {
            return Err(format!("the line above does not tell the reader `{name}`"));
        }
        let (line, name) = (self.line, name.to_owned());
        steps.push(match deed {
            "file" => Step::File {
                line,
                name,
                text: text(),
            },
            "append" => Step::Append {
                line,
                name,
                text: text(),
            },
            "change" if self.language == "diff" => Step::Change {
                line,
                name,
                before: self.side('-'),
                after: self.side('+'),
            },
            _ => return Err(format!("`{deed}` over a block of {}", self.language)),
        });
        Ok(())
    }

    /// One side of a diff: its own lines and those that stay.
    fn side(&self, own: char) -> String {
        let lines = self.lines.iter().filter_map(|line| {
            let rest = line.strip_prefix(own).or_else(|| line.strip_prefix(' '));
            rest.map(|rest| format!("{rest}\n"))
        });
        lines.collect()
    }

    /// The commands of a console.
    fn typed(&self, steps: &mut Vec<Step>) -> Result<(), String> {
        if self.language != "console" {
            let unheld = self.lines.iter().any(|line| line.starts_with("yiben "));
            return if unheld {
                Err("commands stand in a `console` block, after `$ `".to_owned())
            } else {
                Ok(())
            };
        }
        for (at, line) in self.lines.iter().enumerate() {
            if let Some(typed) = line.strip_prefix("$ ") {
                steps.push(Step::Command {
                    line: self.line + at,
                    typed: typed.to_owned(),
                    prints: Vec::new(),
                });
            } else if at == 0 {
                return Err("a console begins with `$ ` and a command".to_owned());
            } else if let Some(Step::Command { prints, .. }) = steps.last_mut() {
                prints.push((*line).to_owned());
            }
        }
        Ok(())
    }
}

#[test]
fn a_page_is_read_as_its_reader_does() {
    let page = "改 `a.toml`：\n\n<!-- change: a.toml -->\n```diff\n-x\n+y\n z\n```\n\n\
                ```console\n$ yiben check\n共 1 条\n```\n";
    let steps = steps(page).expect("a page");
    assert_eq!(
        steps,
        [
            Step::Change {
                line: 5,
                name: "a.toml".into(),
                before: "x\nz\n".into(),
                after: "y\nz\n".into()
            },
            Step::Command {
                line: 11,
                typed: "yiben check".into(),
                prints: vec!["共 1 条".into()]
            },
        ]
    );
}

#[test]
fn what_would_not_be_run_or_told_is_refused() {
    let check = |page: &str, said: &str| {
        let wrong = steps(page).expect_err(said);
        assert!(wrong[0].1.contains(said), "{wrong:?}");
    };
    check("```\nyiben check\n```\n", "`console` block");
    check("```console\nyiben check\n```\n", "`$ `");
    check("<!-- file: a.csv -->\n```csv\n```\n", "does not tell");
    check("`a`\n<!-- make: a -->\n```csv\n```\n", "`make`");
}
