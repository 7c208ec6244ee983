//! The book's page of limits: every constant of what ships whose name ends in `_MAX` or `_LIMIT` has a row there, and
//! the number of each row is the number in the code. Refuses to judge whether a limit is a good one.

use std::collections::BTreeMap;

use super::Complaint;
use super::tree::Tree;

/// Where the page stands.
const PAGE: &str = "docs/book/reference/limits.md";

/// Rooms that never ship.
const NOT_SHIPPED: [&str; 2] = ["crates/testkit/", "crates/drill/"];

/// Endings of names that are limits.
const ENDINGS: [&str; 2] = ["_MAX", "_LIMIT"];

/// What a unit on the page multiplies by; seconds and milliseconds are counted as they are.
const UNITS: [(&str, u128); 3] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// A constant: its line and its number.
type Constant = (usize, Option<u128>);

/// Complaints: a limit that no reader finds, a row that says another number than the code.
pub(crate) fn look(tree: &Tree) -> Vec<Complaint> {
    let Some(page) = tree.file(PAGE) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut told: Vec<(String, String)> = Vec::new();
    let constants = all(tree);
    for (number, line) in (1..).zip(page.text.lines()) {
        let Some((shown, path, name)) = row(line) else {
            continue;
        };
        match constants.get(path).and_then(|file| file.get(name)) {
            None => {
                let said = format!("{path} has no constant {name}");
                found.push(Complaint::new(PAGE, number, said));
            }
            Some((_, None)) => {
                let said = format!("{name} is no number that can be read here: write it as one");
                found.push(Complaint::new(PAGE, number, said));
            }
            Some((_, Some(value))) if shown != Some(*value) => {
                let said = format!("{name} is {value}, the row says another number");
                found.push(Complaint::new(PAGE, number, said));
            }
            Some(_) => {}
        }
        told.push((path.to_owned(), name.to_owned()));
    }
    for (path, file) in &constants {
        for (name, (line, _)) in file {
            let limit = ENDINGS.iter().any(|ending| name.ends_with(ending));
            if limit && !told.iter().any(|(at, known)| at == path && known == name) {
                let said = format!(
                    "{name} is a limit without a row in {PAGE}: what grows, why this number, and then?"
                );
                found.push(Complaint::new(path, *line, said));
            }
        }
    }
    found
}

/// The constants with numbers of every shipped file, tests at the end of a file left out.
fn all(tree: &Tree) -> BTreeMap<&str, BTreeMap<&str, Constant>> {
    let shipped = tree.ending(".rs").filter(|file| {
        file.path.starts_with("crates/")
            && file.path.contains("/src/")
            && !file.is_test()
            && !NOT_SHIPPED.iter().any(|room| file.path.starts_with(room))
    });
    shipped
        .map(|file| {
            let found = written(&file.text);
            let known = found
                .iter()
                .map(|(name, (line, text))| (*name, (*line, number_of(text, &found, 0))))
                .collect();
            (file.path.as_str(), known)
        })
        .collect()
}

/// The constants of a file as they are written, its tests at the end left out.
fn written(text: &str) -> BTreeMap<&str, (usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines
        .windows(2)
        .position(|two| two[0] == "#[cfg(test)]" && two[1].ends_with('{'));
    let shipped = lines.iter().take(tests.unwrap_or(lines.len()));
    (1..)
        .zip(shipped)
        .filter_map(|(number, line)| constant(line).map(|(name, value)| (name, (number, value))))
        .collect()
}

/// `const NAME: type = value;` on one line, however visible.
fn constant(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let rest = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => line,
    };
    let (name, rest) = rest.strip_prefix("const ")?.split_once(": ")?;
    let value = rest.split_once(" = ")?.1.strip_suffix(';')?;
    Some((name, value))
}

/// The number of products, sums, shifts and other constants of the file; a duration's is that of its unit.
fn number_of(text: &str, known: &BTreeMap<&str, (usize, &str)>, depth: u8) -> Option<u128> {
    // A constant that is made of itself does not compile; it shall not hang this either.
    if depth > 8 {
        return None;
    }
    let text = text.trim();
    let inner = |text: &str| number_of(text, known, depth + 1);
    for (sign, of) in [
        (" + ", u128::checked_add as fn(u128, u128) -> Option<u128>),
        (" << ", |left, by| left.checked_shl(u32::try_from(by).ok()?)),
        (" * ", u128::checked_mul),
    ] {
        if let Some((left, right)) = text.rsplit_once(sign) {
            return of(inner(left)?, inner(right)?);
        }
    }
    if let Some((_, count)) = text
        .strip_prefix("Duration::from_")
        .and_then(|rest| rest.split_once('('))
    {
        return inner(count.strip_suffix(')')?);
    }
    match known.get(text) {
        Some((_, value)) => inner(value),
        None => text
            .strip_suffix(".0")
            .unwrap_or(text)
            .replace('_', "")
            .parse()
            .ok(),
    }
}

/// A row of the page: the number that it shows, the file and the name in its last cell.
fn row(line: &str) -> Option<(Option<u128>, &str, &str)> {
    let cells: Vec<&str> = line
        .strip_prefix('|')?
        .strip_suffix('|')?
        .split('|')
        .map(str::trim)
        .collect();
    let (path, name) = cells.last()?.strip_prefix('`')?.split_once("` `")?;
    let name = name.strip_suffix('`')?;
    Some((shown(cells.get(1)?), path, name))
}

/// `1,100,000 行` or `200 MiB` as a number.
fn shown(cell: &str) -> Option<u128> {
    let end = cell
        .find(|c: char| !c.is_ascii_digit() && c != ',')
        .unwrap_or(cell.len());
    let number: u128 = cell[..end].replace(',', "").parse().ok()?;
    let unit = cell[end..].trim_start();
    let by = UNITS.iter().find(|(word, _)| unit.starts_with(word));
    Some(number * by.map_or(1, |(_, by)| *by))
}

#[cfg(test)]
mod tests {
    use super::super::tree::SourceFile;
    use super::*;

    const CODE: &str = "crates/one/src/limits.rs";

    fn complaints(code: &str, page: &str) -> Vec<String> {
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
            rust: None,
        };
        let tree = Tree {
            files: vec![file(CODE, code), file(PAGE, page)],
            paths: Vec::new(),
        };
        look(&tree).into_iter().map(|one| one.to_string()).collect()
    }

    fn line(shown: &str, name: &str) -> String {
        format!("| 文件 | {shown} | 大 | 不读 | `{CODE}` `{name}` |\n")
    }

    #[test]
    fn numbers_of_the_page_are_those_of_the_code() {
        let code = "pub const A_MAX: u64 = 200 * 1024 * 1024;\nconst B_MAX: usize = 1 << 30;\n\
            pub(crate) const C_MAX: f64 = 9_007.0;\nconst D_MAX: usize = STEP + 16;\nconst STEP: usize = 1_000;\n\
            pub const E_LIMIT: Duration = Duration::from_secs(60);\n";
        let page = [
            line("200 MiB", "A_MAX"),
            line("1 GiB", "B_MAX"),
            line("9,007", "C_MAX"),
            line("1,016 个", "D_MAX"),
            line("60 秒", "E_LIMIT"),
            line("1,000", "STEP"),
        ];
        assert_eq!(complaints(code, &page.concat()), Vec::<String>::new());
        let wrong = complaints(code, &page.concat().replace("1,016", "1,017"));
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].contains("D_MAX is 1016"), "{wrong:?}");
    }

    #[test]
    fn a_limit_without_a_row_and_a_row_without_a_limit_are_named() {
        let code = "const A_MAX: u64 = 2;\nconst OTHER: u64 = 3;\n#[cfg(test)]\nmod tests {\n    const B_MAX: u64 = 4;\n}\n";
        let missing = complaints(code, "");
        assert_eq!(missing.len(), 1);
        assert!(
            missing[0].starts_with(CODE) && missing[0].contains("A_MAX"),
            "{missing:?}"
        );
        let gone = complaints(code, &(line("2", "A_MAX") + &line("2", "GONE_MAX")));
        assert_eq!(gone.len(), 1);
        assert!(gone[0].contains("no constant GONE_MAX"), "{gone:?}");
        let unread = complaints("const A_MAX: u64 = size();\n", &line("2", "A_MAX"));
        assert!(unread[0].contains("no number"), "{unread:?}");
    }
}
