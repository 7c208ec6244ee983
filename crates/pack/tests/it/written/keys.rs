//! The page of keys: every table of a pack, its keys, what each holds.

use pack::form::{DECLARATIONS, Form, Holds, Stands};
use std::fmt::Write as _;

/// The page.
pub(super) fn page() -> String {
    let mut out = String::from(
        "# Keys of a pack\n\n<!-- written by cargo xtask bless --docs from crates/pack/src/form -->\n\n\
         Every table that a pack may declare and every key in it; any other key is an error. Keys in bold must be there.\n\
         Texts that are conditions or values are [expressions](expressions.md). The same as a schema for editors:\n\
         [在编辑器里改配置包](../how-to/edit-a-pack.md).\n\n",
    );
    out.push_str("| declared as | in | what it is |\n|---|---|---|\n");
    for kind in DECLARATIONS {
        let _ = writeln!(
            out,
            "| [`{}`](#{}) | `{}` | {} |",
            head(kind.key, kind.stands),
            kind.form.name,
            kind.file,
            kind.form.text
        );
    }
    let mut told: Vec<&str> = Vec::new();
    for kind in DECLARATIONS {
        form(&mut out, kind.form, &head(kind.key, kind.stands), &mut told);
    }
    out
}

fn head(key: &str, stands: Stands) -> String {
    match stands {
        Stands::Once => format!("[{key}]"),
        Stands::Named => format!("[{key}.NAME]"),
        Stands::Listed => format!("[[{key}]]"),
    }
}

/// A table, then the tables within it that no other told before.
fn form(out: &mut String, form: &'static Form, head: &str, told: &mut Vec<&'static str>) {
    if told.contains(&form.name) {
        return;
    }
    told.push(form.name);
    let _ = write!(out, "\n## {}\n\n", form.name);
    if !head.is_empty() {
        let _ = write!(out, "`{head}`: ");
    }
    let _ = write!(
        out,
        "{}\n\n| key | holds | what it says |\n|---|---|---|\n",
        form.text
    );
    for key in form.keys {
        let name = match key.required {
            true => format!("**`{}`**", key.name),
            false => format!("`{}`", key.name),
        };
        let text = key.text.replace('|', "\\|").replace('<', "\\<");
        let _ = writeln!(out, "| {name} | {} | {text} |", holds(&key.holds));
    }
    for way in form.ways {
        let list = |keys: &[&str]| {
            let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            keys.join(", ")
        };
        let _ = write!(out, "\nWith {}", list(way.marks));
        if !way.needs.is_empty() {
            let _ = write!(out, ": needs {}", list(way.needs));
        }
        if !way.never.is_empty() {
            let _ = write!(out, "; never {}", list(way.never));
        }
        out.push_str(".\n");
    }
    for inner in form.keys.iter().flat_map(|key| within(&key.holds)) {
        self::form(out, inner, "", told);
    }
}

/// What a key holds, in words.
fn holds(holds: &Holds) -> String {
    match holds {
        Holds::Text => "text".to_owned(),
        Holds::Word(word) => plain(word.asks()),
        Holds::Choice(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
            words.join(" or ")
        }
        Holds::Flag => "`true` or `false`".to_owned(),
        Holds::Small(most) => format!("0 to {most}"),
        Holds::Value => "a value of its type".to_owned(),
        Holds::List(of) => format!("list of: {}", self::holds(of)),
        Holds::Some(of) => format!("list, not empty, of: {}", self::holds(of)),
        Holds::Table(form) => format!("table [{}](#{})", form.name, form.name),
        Holds::WordOr(word, form) => {
            format!(
                "{}; or table [{}](#{})",
                plain(word.asks()),
                form.name,
                form.name
            )
        }
        Holds::Map(_, of) => format!("NAME = {}", self::holds(of)),
    }
}

fn plain(text: &str) -> String {
    text.replace('|', "\\|")
        .replace('<', "\\<")
        .replace('_', "\\_")
}

/// The tables that a key may hold.
fn within(holds: &Holds) -> Vec<&'static Form> {
    match holds {
        Holds::Table(form) | Holds::WordOr(_, form) => vec![form],
        Holds::List(of) | Holds::Some(of) | Holds::Map(_, of) => within(of),
        _ => Vec::new(),
    }
}
