//! `cargo xtask bench`: measures the shipped binary from outside and writes docs/benchmarks.md.
//! Refuses to compare: a page says where and when, a reader compares.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::demo;
use crate::demo_plan::Plan;
use crate::house::{capture, command, day_text, shown, today};

/// Runs of each short command.
pub(crate) const RUNS: usize = 10;

/// Runs of an import: each fills a fresh ledger.
const IMPORTS: usize = 3;

const PAGE: &str = "docs/benchmarks.md";

/// One measured command.
struct Measured {
    what: String,
    command: String,
    millis: Vec<f64>,
    /// `timing` lines of the binary, by name, in milliseconds.
    inside: BTreeMap<String, Vec<f64>>,
    note: String,
}

/// Measures everything and writes the page.
pub(crate) fn run(root: &Path, runs: usize) -> Result<bool, String> {
    if runs == 0 {
        return Err("--runs is at least 1".into());
    }
    let plan = Plan::read(root)?;
    let binary = demo::build_release(root)?;
    let folder = root.join("out/bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let bench = Bench {
        root,
        plan: &plan,
        binary: &binary,
    };
    let measured = bench.all(runs)?;
    let size = fs::metadata(&binary)
        .map_err(|cause| format!("{}: {cause}", binary.display()))?
        .len();
    write_part(root, "bench", &page(root, &measured, size))?;
    println!("wrote {PAGE}");
    Ok(true)
}

struct Bench<'a> {
    root: &'a Path,
    plan: &'a Plan,
    binary: &'a Path,
}

impl Bench<'_> {
    fn all(&self, runs: usize) -> Result<Vec<Measured>, String> {
        let mut found = vec![self.times("start of the program", &["--version"], runs)?];
        found.push(self.import()?);
        let ledger = "out/bench/town.db";
        self.quietly(&self.plan.init(ledger))?;
        let look = ["import", &self.plan.files, "--json", "--ledger", ledger];
        found.push(self.times("preview of the whole example town", &look, IMPORTS)?);
        let args = [
            "import",
            &self.plan.files,
            "--commit",
            "--json",
            "--ledger",
            ledger,
        ];
        let whole = self.times("import of the whole example town, once", &args, 1)?;
        found.push(whole);
        let some: Vec<&str> = self.plan.figures.iter().map(String::as_str).collect();
        found.push(self.times(
            "a few figures, cold",
            &self.plan.figure(ledger, &some),
            runs,
        )?);
        found.push(self.times("all figures, cold", &self.plan.figure(ledger, &[]), runs)?);
        for (what, output) in [("the report to Word", "docx"), ("the report to PDF", "pdf")] {
            let path = format!("out/bench/report.{output}");
            found.push(self.times(what, &self.plan.report(ledger, &[&path]), runs)?);
        }
        found.push(self.times(
            "the chain verified, rebuilt and compared",
            &["verify", "--ledger", ledger],
            3,
        )?);
        found.push(self.times(
            "the pack checked",
            &["pack", "check", &self.plan.pack],
            runs,
        )?);
        found.push(self.whole()?);
        Ok(found)
    }

    /// From nothing to the report: a new book, every workbook of the example, the report in four formats.
    fn whole(&self) -> Result<Measured, String> {
        let what = "an empty ledger, the whole town, the report in four formats";
        let mut all: Option<Measured> = None;
        for number in 0..IMPORTS {
            let ledger = format!("out/bench/whole{number}.db");
            let outputs = ["docx", "pdf", "html", "txt"]
                .map(|ending| format!("out/bench/whole{number}.{ending}"));
            let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
            let import = ["import", &self.plan.files, "--commit", "--ledger", &ledger];
            let steps = [
                self.plan.init(&ledger),
                import.to_vec(),
                self.plan.report(&ledger, &outputs),
            ];
            let mut once: Option<Measured> = None;
            for step in &steps {
                let (then, _) = self.once(what, step)?;
                once = Some(match once {
                    Some(once) => once.followed(then),
                    None => then,
                });
            }
            let once = once.expect("there are three steps");
            match &mut all {
                Some(all) => all.add(once),
                None => all = Some(once),
            }
        }
        Ok(all.expect("IMPORTS is not 0"))
    }

    /// The longest list into a fresh ledger, its villages known.
    fn import(&self) -> Result<Measured, String> {
        let mut all: Option<Measured> = None;
        let mut rows = 0;
        for number in 0..IMPORTS {
            let ledger = format!("out/bench/residents{number}.db");
            self.quietly(&self.plan.init(&ledger))?;
            self.quietly(&[
                "import",
                &self.plan.divisions,
                "--commit",
                "--ledger",
                &ledger,
            ])?;
            let args = [
                "import",
                &self.plan.residents,
                "--commit",
                "--json",
                "--ledger",
                &ledger,
            ];
            let (once, said) = self.once("import of the residents' list", &args)?;
            rows = numbers_after(&said, "\"rows\":").iter().sum();
            match &mut all {
                Some(all) => all.add(once),
                None => all = Some(once),
            }
        }
        let mut all = all.expect("IMPORTS is not 0");
        let rate = rows as f64 / (median(&all.millis) / 1000.0);
        // The steps end with the durable commit; after it come printing, the store's own tidying and the exit.
        let durable: f64 = all.inside.values().map(|times| median(times)).sum();
        let to_disk = rows as f64 / (durable / 1000.0);
        all.note = format!(
            "{rows} rows, {rate:.0} rows/s; from file to durable {durable:.0} ms, {to_disk:.0} rows/s"
        );
        Ok(all)
    }

    fn quietly(&self, args: &[&str]) -> Result<(), String> {
        let mut command = command(self.root, self.binary, args);
        println!("$ {}", shown(&command));
        capture(&mut command).map(|_| ())
    }

    fn times(&self, what: &str, args: &[&str], runs: usize) -> Result<Measured, String> {
        let (mut all, _) = self.once(what, args)?;
        for _ in 1..runs {
            all.add(self.once(what, args)?.0);
        }
        Ok(all)
    }

    fn once(&self, what: &str, args: &[&str]) -> Result<(Measured, String), String> {
        let mut command: Command = command(self.root, self.binary, args);
        command.env("YIBEN_TIMINGS", "1").stdin(Stdio::null());
        let begun = Instant::now();
        let output = command
            .output()
            .map_err(|cause| format!("{}: {cause}", shown(&command)))?;
        let millis = begun.elapsed().as_secs_f64() * 1000.0;
        let errors = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!(
                "{} ended with {}\n{errors}",
                shown(&command),
                output.status
            ));
        }
        println!("{millis:>9.1} ms  {}", shown(&command));
        let measured = Measured {
            what: what.to_owned(),
            command: shown(&command),
            millis: vec![millis],
            inside: timings(&errors),
            note: String::new(),
        };
        Ok((
            measured,
            String::from_utf8_lossy(&output.stdout).into_owned(),
        ))
    }
}

impl Measured {
    /// One thing after another, as a person waits for both.
    fn followed(mut self, then: Measured) -> Measured {
        self.command = format!("{}; {}", self.command, then.command);
        self.millis = vec![self.millis.iter().chain(&then.millis).sum()];
        for (name, times) in then.inside {
            let sum = self.inside.entry(name).or_insert_with(|| vec![0.0]);
            *sum = vec![sum.iter().chain(&times).sum()];
        }
        self
    }

    fn add(&mut self, other: Measured) {
        self.millis.extend(other.millis);
        for (name, times) in other.inside {
            self.inside.entry(name).or_default().extend(times);
        }
    }
}

/// The lines `timing <name> <µs>`; a name that comes twice in a run is summed.
fn timings(errors: &str) -> BTreeMap<String, Vec<f64>> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for line in errors.lines() {
        let Some((name, micros)) = line
            .strip_prefix("timing ")
            .and_then(|rest| rest.rsplit_once(' '))
        else {
            continue;
        };
        if let Ok(micros) = micros.parse::<f64>() {
            *found.entry(name.to_owned()).or_default() += micros / 1000.0;
        }
    }
    found
        .into_iter()
        .map(|(name, millis)| (name, vec![millis]))
        .collect()
}

/// The whole numbers that follow `key` in a JSON text.
fn numbers_after(text: &str, key: &str) -> Vec<u64> {
    text.split(key)
        .skip(1)
        .filter_map(|rest| {
            let digits: String = rest
                .trim_start()
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            digits.parse().ok()
        })
        .collect()
}

fn sorted(times: &[f64]) -> Vec<f64> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times
}

/// The value in the middle.
pub(crate) fn median(times: &[f64]) -> f64 {
    let times = sorted(times);
    let half = times.len() / 2;
    if times.len().is_multiple_of(2) {
        (times[half - 1] + times[half]) / 2.0
    } else {
        times[half]
    }
}

/// When, at which commit and by which command something was measured.
pub(crate) fn head_line(root: &Path, by: &str) -> String {
    let commit =
        capture(&mut command(root, "git", &["rev-parse", "--short", "HEAD"])).unwrap_or_default();
    let day = day_text(today());
    format!(
        "Measured {day} at commit `{}` by `{by}`.\n\n",
        commit.trim()
    )
}

fn page(root: &Path, measured: &[Measured], size: u64) -> String {
    let mut out = head_line(root, "cargo xtask bench");
    let _ = writeln!(out, "Machine: {}.\n", machine());
    let _ = writeln!(out, "The binary: {:.1} MB.\n", size as f64 / 1_048_576.0);
    let _ = writeln!(
        out,
        "| what | runs | min ms | median ms | max ms | |\n|---|---|---|---|---|---|"
    );
    for one in measured {
        let times = sorted(&one.millis);
        let (least, most) = (
            times.first().copied().unwrap_or(0.0),
            times.last().copied().unwrap_or(0.0),
        );
        let middle = median(&one.millis);
        let _ = writeln!(
            out,
            "| {} | {} | {least:.1} | {middle:.1} | {most:.1} | {} |",
            one.what,
            times.len(),
            one.note
        );
    }
    out.push_str("\nThe commands, and where the time goes inside them (median ms, as the binary says with YIBEN_TIMINGS=1):\n\n");
    for one in measured {
        let _ = writeln!(out, "- `{}`", one.command);
        let parts: Vec<String> = one
            .inside
            .iter()
            .map(|(name, times)| format!("{name} {:.1}", median(times)))
            .collect();
        if !parts.is_empty() {
            let _ = writeln!(out, "  {}", parts.join(", "));
        }
    }
    out
}

/// Processor, cores, memory and system, as Linux tells them.
pub(crate) fn machine() -> String {
    let field = |path: &str, key: &str| {
        let text = fs::read_to_string(path).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(key))
            .map(str::to_owned);
        line.and_then(|line| {
            line.split_once(':')
                .map(|(_, value)| value.trim().to_owned())
        })
    };
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let kilobytes = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or(0);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let os = std::env::consts::OS;
    format!(
        "{cpu}, {cores} cores, {} GB memory, {os}",
        kilobytes / 1_048_576
    )
}

/// Replaces one part of the page, between its markers.
pub(crate) fn write_part(root: &Path, part: &str, text: &str) -> Result<(), String> {
    let path: PathBuf = root.join(PAGE);
    let page = fs::read_to_string(&path).map_err(|cause| format!("{PAGE}: {cause}"))?;
    let opens = format!("<!-- {part}: written by cargo xtask bench -->");
    let ends = format!("<!-- end of {part} -->");
    let markers = || format!("{PAGE}: the markers {opens} and {ends} are not there");
    let (before, rest) = page.split_once(&opens).ok_or_else(markers)?;
    let (_, after) = rest.split_once(&ends).ok_or_else(markers)?;
    fs::write(&path, format!("{before}{opens}\n{text}{ends}{after}"))
        .map_err(|cause| format!("{PAGE}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timing_lines_are_read_and_others_passed_over() {
        let found = timings("reading\ntiming read 1500\ntiming read 500\ntiming apply 9000\n");
        assert_eq!(found["read"], [2.0]);
        assert_eq!(found["apply"], [9.0]);
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn rows_are_summed_over_sheets() {
        assert_eq!(
            numbers_after("{\"rows\": 12,\"x\":{\"rows\":30}}", "\"rows\":"),
            [12, 30]
        );
    }

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert!((median(&[3.0, 1.0, 2.0, 10.0]) - 2.5).abs() < 1e-9);
    }
}
