//! What a pack declares as Markdown: one document, or a page for each part. Refuses to know the pack; it prints what was
//! gathered.

use super::{
    CheckDescription, CodesDescription, FigureDescription, OtherDescription, PackDescription,
    ParameterDescription, PartDescription, RegisterDescription, SheetDescription,
};
use crate::words::word;
use std::fmt::Write as _;

/// How many titles stand in a part's own.
const TITLES_MAX: usize = 4;
/// How many members of a figure are named: a long list is in its code list.
const MEMBERS_MAX: usize = 40;

/// A page, or a part of the one document.
struct Page<'d> {
    pack: &'d PackDescription,
    /// The part it is about, when every part has a page of its own.
    own: Option<&'d str>,
    text: String,
    /// How many `#` the title of a part has.
    level: usize,
}

/// The whole pack as one document.
pub(super) fn whole(pack: &PackDescription) -> String {
    let mut page = Page {
        pack,
        own: None,
        text: format!("# {} {}\n", pack.title, pack.version),
        level: 2,
    };
    for part in &pack.parts {
        page.part(part);
    }
    page.text
}

/// A page for each part.
pub(super) fn pages(pack: &PackDescription) -> Vec<(String, String)> {
    let page = |part: &PartDescription| {
        let mut page = Page {
            pack,
            own: Some(&part.id),
            text: String::new(),
            level: 1,
        };
        page.part(part);
        (part.id.clone(), page.text.trim_start().to_owned())
    };
    pack.parts.iter().map(page).collect()
}

/// What a part is called: by its registers, else by what it has instead.
pub(super) fn title(part: &PartDescription) -> String {
    let titles: Vec<&str> = if !part.registers.is_empty() {
        part.registers.iter().map(|r| r.title.as_str()).collect()
    } else if !part.codes.is_empty() {
        part.codes.iter().map(|c| c.title.as_str()).collect()
    } else if !part.figures.is_empty() {
        part.figures
            .iter()
            .take(1)
            .map(|f| f.title.as_str())
            .collect()
    } else if !part.parameters.is_empty() {
        return word("describe.parameters", &[]);
    } else if let Some(first) = part.checks.first() {
        let more = if part.checks.len() > 1 {
            word("word.others", &[])
        } else {
            String::new()
        };
        return word(
            "describe.only_checks",
            &[("first", &first.title), ("more", &more)],
        );
    } else {
        let kind = part.others.first().map_or("", |other| other.kind.as_str());
        return word(&format!("describe.kind.{kind}"), &[]);
    };
    let more = titles.len() > TITLES_MAX;
    let shown = titles.into_iter().take(TITLES_MAX).collect::<Vec<_>>();
    let title = shown.join(&word("word.comma", &[]));
    if more {
        title + &word("word.others", &[])
    } else {
        title
    }
}

impl Page<'_> {
    /// A line of the page.
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A heading, below the part's own by `below`.
    fn heading(&mut self, below: usize, words: &str) {
        let marks = "#".repeat(self.level + below);
        let _ = write!(self.text, "\n{marks} {words}\n\n");
    }

    fn say(&mut self, key: &str, params: &[(&str, &str)]) {
        let line = word(&format!("describe.{key}"), params);
        self.line(&line);
    }

    /// The head of a table, of words.
    fn columns(&mut self, keys: &[&str]) {
        let heads: Vec<String> = keys
            .iter()
            .map(|key| word(&format!("describe.head.{key}"), &[]))
            .collect();
        let _ = writeln!(self.text, "\n| {} |", heads.join(" | "));
        let _ = writeln!(self.text, "|{}", "---|".repeat(keys.len()));
    }

    /// A line of a table.
    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| cell.replace('\n', " ").trim().to_owned())
            .collect();
        let _ = writeln!(self.text, "| {} |", cells.join(" | "));
    }

    fn part(&mut self, part: &PartDescription) {
        self.text.push('\n');
        let marks = "#".repeat(self.level);
        let _ = write!(self.text, "{marks} {}\n\n", plain(&title(part)));
        let files: Vec<String> = part.files.iter().map(|file| code(file)).collect();
        self.say("files", &[("files", &files.join(" "))]);
        self.section("registers", &part.registers, Page::register);
        self.section("sheets", &part.sheets, Page::sheet);
        if !part.figures.is_empty() {
            self.heading(1, &word("describe.figures", &[]));
            self.say("figures_how", &[]);
            self.columns(&["figure", "title", "unit", "time", "text"]);
            part.figures.iter().for_each(|figure| self.figure(figure));
        }
        if !part.checks.is_empty() {
            self.heading(1, &word("describe.checks", &[]));
            self.columns(&["check", "title", "breach", "remedy", "owner"]);
            part.checks.iter().for_each(|check| self.check(check));
        }
        self.section("codes", &part.codes, Page::codes);
        if !part.parameters.is_empty() {
            self.heading(1, &word("describe.parameters", &[]));
            self.columns(&["parameter", "title", "type", "values"]);
            part.parameters.iter().for_each(|p| self.parameter(p));
        }
        if !part.others.is_empty() {
            self.heading(1, &word("describe.others", &[]));
            self.columns(&["kind", "name", "title", "written"]);
            part.others.iter().for_each(|other| self.other(other));
        }
    }

    fn section<T>(&mut self, key: &str, items: &[T], print: fn(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        self.heading(1, &word(&format!("describe.{key}"), &[]));
        self.text.truncate(self.text.trim_end().len());
        self.text.push('\n');
        items.iter().for_each(|item| print(self, item));
    }

    fn register(&mut self, register: &RegisterDescription) {
        self.named(&register.name, &register.title);
        self.line(&plain(&register.text));
        let comma = word("word.comma", &[]);
        let keys: Vec<String> = register.keys.iter().map(|key| key.join(" + ")).collect();
        if !keys.is_empty() {
            let keys = keys.join(&word("describe.else", &[]));
            self.text.push('\n');
            self.say("keys", &[("keys", &plain(&keys))]);
        }
        if !register.owner.is_empty() {
            self.text.push('\n');
            self.say("owner", &[("owner", &register.owner)]);
        }
        self.columns(&["field", "title", "type", "notes"]);
        for field in &register.fields {
            let notes = [
                (field.required, "required"),
                (field.secret, "secret"),
                (field.personal && !field.secret, "personal"),
                (field.constant, "constant"),
            ];
            let notes: Vec<String> = notes
                .into_iter()
                .filter(|(is, _)| *is)
                .map(|(_, key)| word(&format!("describe.{key}"), &[]))
                .collect();
            let kind = self.kind(&field.kind);
            let unit = plain(&field.unit);
            let kind = if unit.is_empty() {
                kind
            } else {
                word("describe.with_unit", &[("kind", &kind), ("unit", &unit)])
            };
            let title = plain(&field.title);
            self.row(&[code(&field.name), title, kind, notes.join(&comma)]);
        }
    }

    fn sheet(&mut self, sheet: &SheetDescription) {
        self.named(&sheet.id, &sheet.title);
        let comma = word("word.comma", &[]);
        let writes: Vec<String> = sheet.writes.iter().map(|name| self.link(name)).collect();
        let writes = writes.join(&comma);
        if sheet.roster_of.is_empty() {
            self.say("entries", &[("writes", &writes)]);
        } else {
            let of = self.link(&sheet.roster_of);
            self.say("roster", &[("writes", &writes), ("of", &of)]);
        }
        let words = [
            ("names", &sheet.names),
            ("only", &sheet.only),
            ("never", &sheet.never),
        ];
        for (key, list) in words.into_iter().filter(|(_, list)| !list.is_empty()) {
            self.text.push('\n');
            self.say(key, &[("words", &plain(&list.join(&comma)))]);
        }
        self.columns(&["headers", "column", "is", "type", "notes"]);
        for column in &sheet.columns {
            let notes = if column.required {
                word("describe.needed", &[])
            } else {
                String::new()
            };
            let field = match column.field.as_str() {
                "" => String::new(),
                field => code(field),
            };
            let kind = self.kind(&column.kind);
            let headers = plain(&column.headers.join(&comma));
            self.row(&[headers, code(&column.name), field, kind, notes]);
        }
    }

    fn figure(&mut self, figure: &FigureDescription) {
        let time = if figure.of_period { "period" } else { "at" };
        let mut text = plain(&figure.text);
        if !figure.members.is_empty() {
            let members = figure.members.iter().take(MEMBERS_MAX);
            let members: Vec<String> = members
                .map(|(id, title)| format!("{} {}", code(id), plain(title)))
                .collect();
            let members = members.join(&word("word.comma", &[]));
            text += "<br>";
            text += &word("describe.members", &[("members", &members)]);
        }
        text += "<br>";
        text += &rule(&figure.rule);
        self.row(&[
            code(&figure.id),
            plain(&figure.title),
            plain(&figure.unit),
            word(&format!("describe.{time}"), &[]),
            text,
        ]);
    }

    fn check(&mut self, check: &CheckDescription) {
        let mut title = plain(&check.title);
        if check.notice {
            title += &word("describe.notice", &[]);
        }
        self.row(&[
            code(&check.id),
            title,
            format!("{}<br>{}", plain(&check.said), rule(&check.rule)),
            plain(&check.next),
            check.owner.clone(),
        ]);
    }

    fn codes(&mut self, codes: &CodesDescription) {
        self.named(&codes.name, &codes.title);
        let params = [
            ("scheme", codes.scheme.as_str()),
            ("version", &codes.version),
        ];
        self.say("scheme", &params);
        self.columns(&["code", "title", "aliases"]);
        for (id, title, aliases) in &codes.codes {
            let aliases = plain(&aliases.join(&word("word.comma", &[])));
            self.row(&[code(id), plain(title), aliases]);
        }
    }

    fn parameter(&mut self, parameter: &ParameterDescription) {
        let values: Vec<String> = parameter
            .values
            .iter()
            .map(|(from, value)| {
                word(
                    "describe.value",
                    &[("from", from), ("value", &plain(value))],
                )
            })
            .collect();
        let (title, kind) = (plain(&parameter.title), self.kind(&parameter.kind));
        self.row(&[code(&parameter.name), title, kind, values.join("<br>")]);
    }

    fn other(&mut self, other: &OtherDescription) {
        let kind = word(&format!("describe.kind.{}", other.kind), &[]);
        self.row(&[
            kind,
            code(&other.name),
            plain(&other.title),
            rule(&other.rule),
        ]);
    }

    fn named(&mut self, name: &str, title: &str) {
        self.heading(2, &format!("{} {}", code(name), plain(title)));
    }

    /// A register's name, leading to where it is declared.
    fn link(&self, register: &str) -> String {
        let part = self.pack.part_of(register);
        let found = part.and_then(|part| {
            let register = part.registers.iter().find(|r| r.name == register)?;
            Some((&part.id, &register.title))
        });
        let Some((part, title)) = found else {
            return code(register);
        };
        self.to(part, register, title)
    }

    fn to(&self, part: &str, name: &str, title: &str) -> String {
        let page = match self.own {
            Some(own) if own != part => format!("{part}.md"),
            _ => String::new(),
        };
        format!("[{}]({page}#{name}-{})", code(name), anchor(title))
    }

    /// A type in words, with what it refers to.
    fn kind(&self, kind: &str) -> String {
        let (kind, of) = kind.split_once(':').unwrap_or((kind, ""));
        let of = match kind {
            "ref" => self.link(of),
            "code" => self.list(of),
            "shape" => word(&format!("describe.shape.{of}"), &[]),
            _ => of.to_owned(),
        };
        word(&format!("describe.type.{kind}"), &[("of", &of)])
    }

    /// A code list's name, leading to where it is declared.
    fn list(&self, list: &str) -> String {
        let found = self.pack.parts.iter().find_map(|part| {
            let codes = part.codes.iter().find(|codes| codes.name == list)?;
            Some(self.to(&part.id, list, &codes.title))
        });
        found.unwrap_or_else(|| code(list))
    }
}

/// Keys as written.
fn rule(keys: &[(String, String)]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|(key, value)| code(&format!("{key} = {value}")))
        .collect();
    keys.join(" ")
}

/// A text that Markdown leaves as it is, within a table too.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if ['|', '<', '*', '_', '[', ']', '`', '\\'].contains(&letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// A word of the pack; a bar within a table needs its backslash even in code.
fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("`{}`", text.replace('|', "\\|").replace('`', "'"))
}

/// The anchor that a heading with this title has.
fn anchor(title: &str) -> String {
    title
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
