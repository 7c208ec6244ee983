//! docs/drill.md: one line a part, entered when the part has been run whole, with when, where and how loaded. The
//! claim and its evidence are the same file. Refuses to smooth anything: a failure stands there until a run without.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{Outcome, simulate};
use crate::bench::machine;
use crate::house::{capture, command, day_text, today};

const PAGE: &str = "docs/drill.md";

/// Writes the line of a part anew, and what came of its points.
pub(crate) fn enter(root: &Path, outcome: &Outcome) -> Result<(), String> {
    let path = root.join(PAGE);
    let page = fs::read_to_string(&path).map_err(|cause| format!("{PAGE}: {cause}"))?;
    let said = |what: &str| format!("{PAGE}: there is no line that begins `{what}`");
    let row = format!("| `{}` |", outcome.name);
    let page = replaced(&page, &row, &line(root, outcome)).ok_or_else(|| said(&row))?;
    let item = format!("- `{}`:", outcome.name);
    let page = replaced(&page, &item, &points(outcome)).ok_or_else(|| said(&item))?;
    fs::write(&path, page).map_err(|cause| format!("{PAGE}: {cause}"))
}

/// The text with the line that begins so replaced.
fn replaced(text: &str, begins: &str, line: &str) -> Option<String> {
    let mut found = false;
    let mut out = String::with_capacity(text.len() + line.len());
    for old in text.lines() {
        let is = old.starts_with(begins);
        found |= is;
        out.push_str(if is { line } else { old });
        out.push('\n');
    }
    found.then_some(out)
}

/// What part, how many points, how many failures, what that proves, and when.
fn line(root: &Path, outcome: &Outcome) -> String {
    let commit =
        capture(&mut command(root, "git", &["rev-parse", "--short", "HEAD"])).unwrap_or_default();
    let (day, commit) = (day_text(today()), commit.trim());
    let (name, what) = (outcome.name, outcome.what);
    if let Some(why) = &outcome.skipped {
        return format!("| `{name}` | {what} | skipped: {why} | | | {day}, `{commit}` |");
    }
    format!(
        "| `{name}` | {what} | {} | {} | {} | {day}, `{commit}`, {}, load {}, {:.0} s |",
        trials(outcome),
        outcome.failures.len(),
        proves(outcome),
        machine(),
        load(),
        outcome.seconds,
    )
}

/// How often something was tried: a point of the simulation is many seeds.
fn trials(outcome: &Outcome) -> u64 {
    let points = outcome.points as u64;
    if outcome.name == "simulate" {
        points * simulate::SEEDS_A_POINT
    } else {
        points
    }
}

/// With no failure in n trials, a failure's share is below 3/n with 95 % (the rule of three).
fn proves(outcome: &Outcome) -> String {
    if outcome.name == "planted" {
        let skipped = outcome.tally.keys().filter(|how| how.contains("SKIPPED"));
        return match skipped.count() {
            0 => "each found".to_owned(),
            some => format!("{some} not looked for"),
        };
    }
    if !outcome.failures.is_empty() {
        return "nothing".to_owned();
    }
    format!("< {:.2} %", 300.0 / trials(outcome).max(1) as f64)
}

fn points(outcome: &Outcome) -> String {
    let mut out = format!("- `{}`:", outcome.name);
    for (n, (how, times)) in outcome.tally.iter().enumerate() {
        let _ = write!(out, "{} {times} × {how}", if n == 0 { "" } else { ";" });
    }
    for (point, said) in &outcome.failures {
        let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(out, "; **failed** at `{point}`: {said}");
    }
    out
}

/// The machine's load over the last minute.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .next()
        .unwrap_or("unknown")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_replaced_and_its_neighbours_stay() {
        let page = "a\n| `kill` | old |\n| `kills` | other |\n";
        assert_eq!(
            replaced(page, "| `kill` |", "| `kill` | new |").as_deref(),
            Some("a\n| `kill` | new |\n| `kills` | other |\n")
        );
        assert_eq!(replaced(page, "| `gone` |", "x"), None);
    }
}
