//! `cargo xtask bench ledger`: how fast the ledger is when it is big, measured with the drills' workload on a real
//! disk, and written into docs/benchmarks.md. Rates are compared with one writer alone on the same disk in the same
//! minutes, because the same disk gives ten times more on a quiet day.

#![expect(
    clippy::disallowed_methods,
    reason = "it lets time pass: loads run for seconds, memory is looked at now and then"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::bench::{head_line, machine, median, write_part};
use crate::house::{self, cargo, command, shown};

/// Facts of the big book when nothing else is asked: a county's first years.
pub(crate) const FACTS: u64 = 10_000_000;

/// Loads of each kind; the median counts.
const RUNS: usize = 3;

/// Seconds of one load.
const SECONDS: &str = "10";

/// How often a process's memory is looked at.
const LOOK: Duration = Duration::from_millis(100);

const PART: &str = "ledger";

struct Scale<'a> {
    root: &'a Path,
    workload: PathBuf,
    folder: PathBuf,
    rows: Vec<[String; 4]>,
}

/// What one run of the workload said, and what it took.
struct Run {
    said: String,
    seconds: f64,
    mebibytes: u64,
}

impl Run {
    /// The number after a word of the answer.
    fn number(&self, word: &str) -> Result<f64, String> {
        let mut words = self.said.split_whitespace();
        words
            .find(|one| *one == word)
            .and_then(|_| words.next())
            .and_then(|number| number.parse().ok())
            .ok_or(format!("no {word} in: {}", self.said))
    }
}

/// Measures all of it and writes the page.
pub(crate) fn run(root: &Path, facts: u64) -> Result<bool, String> {
    house::run(&mut command(
        root,
        cargo(),
        &["build", "--release", "-p", "drill"],
    ))?;
    let folder = root.join("out/bench-ledger");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let mut scale = Scale {
        root,
        workload: house::target(root).join("release/workload"),
        folder,
        rows: Vec::new(),
    };
    scale.small()?;
    scale.big(facts)?;
    write_part(root, PART, &scale.page(facts))?;
    let _ = fs::remove_dir_all(&scale.folder);
    println!("wrote the part `{PART}` of docs/benchmarks.md");
    Ok(true)
}

impl Scale<'_> {
    fn row(&mut self, what: &str, measured: String, asked: &str, how: &str) {
        println!("{what}: {measured}");
        self.rows.push([
            what.to_owned(),
            measured,
            asked.to_owned(),
            format!("`workload {how}`"),
        ]);
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    fn start(&self, words: &[&str]) -> Result<Child, String> {
        let mut command = Command::new(&self.workload);
        command
            .args(words)
            .current_dir(self.root)
            .stdin(Stdio::null());
        command.stdout(Stdio::piped());
        println!("$ {}", shown(&command));
        command.spawn().map_err(|cause| cause.to_string())
    }

    /// Waits for the end, and looks at the memory meanwhile.
    fn wait(mut child: Child) -> Result<Run, String> {
        let begun = Instant::now();
        let mut most = 0;
        while child
            .try_wait()
            .map_err(|cause| cause.to_string())?
            .is_none()
        {
            most = most.max(peak(child.id()));
            sleep(LOOK);
        }
        let seconds = begun.elapsed().as_secs_f64();
        let ended = child
            .wait_with_output()
            .map_err(|cause| cause.to_string())?;
        if !ended.status.success() {
            return Err(format!("the workload ended with {}", ended.status));
        }
        let said = String::from_utf8_lossy(&ended.stdout).into_owned();
        Ok(Run {
            said: said.lines().last().unwrap_or_default().to_owned(),
            seconds,
            mebibytes: most,
        })
    }

    fn once(&self, words: &[&str]) -> Result<Run, String> {
        Self::wait(self.start(words)?)
    }

    /// Loads one after the other, each under a seed of its own: rates, and the waits of p99 in milliseconds.
    fn loads(
        &self,
        ledger: &str,
        writers: &str,
        more: &[&str],
        seed: &mut u64,
    ) -> Result<(f64, f64, f64), String> {
        let (mut rates, mut waits, mut imports) = (Vec::new(), Vec::new(), 0.0);
        for _ in 0..RUNS {
            *seed += 1;
            let number = seed.to_string();
            let mut words = vec!["load", "--ledger", ledger, "--writers", writers];
            words.extend(["--seconds", SECONDS, "--seed", &number]);
            words.extend(more);
            let run = self.once(&words)?;
            rates.push(run.number("rate")?);
            waits.push(run.number("p99")? / 1000.0);
            imports += run.number("imports")?;
        }
        Ok((median(&rates), median(&waits), imports))
    }

    /// Deeds on a young book.
    fn small(&mut self) -> Result<(), String> {
        let book = self.path("young.db");
        let mut seed = 0;
        let (alone, ..) = self.loads(&book, "1", &[], &mut seed)?;
        let how = "load --writers 1 --seconds 10";
        self.row(
            "single durable deeds, one writer",
            format!("{alone:.0}/s"),
            "",
            how,
        );
        let (rate, wait, _) = self.loads(&book, "64", &[], &mut seed)?;
        self.row(
            "single durable deeds, 64 writers waiting",
            format!(
                "{rate:.0}/s, p99 {wait:.1} ms; {:.1} times one writer",
                rate / alone
            ),
            "≥ 20,000/s, p99 ≤ 10 ms",
            "load --writers 64 --seconds 10",
        );
        let (rate, wait, imports) = self.loads(&book, "64", &["--import"], &mut seed)?;
        self.row(
            "the same while imports of 48,000 facts follow one another",
            format!("{rate:.0}/s, p99 {wait:.0} ms, {imports:.0} imports"),
            "p99 ≤ 1 s",
            "load --writers 64 --seconds 10 --import",
        );
        Ok(())
    }

    /// Everything on a big book.
    fn big(&mut self, facts: u64) -> Result<(), String> {
        let (book, number) = (self.path("big.db"), facts.to_string());
        let run = self.once(&["fill", "--ledger", &book, "--facts", &number])?;
        let size = fs::metadata(&book).map_or(0, |file| file.len());
        self.row(
            "a book filled in transactions of 48,000 facts",
            format!(
                "{:.0} facts/s, {} bytes a fact on the disk, {} MiB of memory",
                facts as f64 / run.seconds,
                size / facts.max(1),
                run.mebibytes
            ),
            "",
            &format!("fill --facts {facts}"),
        );
        let run = self.once(&["verify", "--ledger", &book])?;
        self.row(
            "`verify`: chain, commitments, every row rebuilt and compared",
            format!(
                "{:.0} s, {:.0} facts/s, {} MiB of memory",
                run.seconds,
                facts as f64 / run.seconds,
                run.mebibytes
            ),
            "≥ 300,000 facts/s",
            "verify",
        );
        let mut seed = 100;
        let (rate, wait, _) = self.loads(&book, "64", &[], &mut seed)?;
        self.row(
            "single durable deeds on the big book, 64 writers",
            format!("{rate:.0}/s, p99 {wait:.1} ms"),
            "",
            "load --writers 64",
        );
        self.backups(&book, facts, &mut seed)?;
        self.killed(&book, &mut seed)?;
        let (folder, back) = (self.path("backup-0"), self.path("back.db"));
        let run = self.once(&["restore", "--ledger", &back, "--folder", &folder])?;
        self.row(
            "restored from a backup, every link checked, every row worked out",
            format!(
                "{:.0} s, {:.0} facts/s, {} MiB of memory",
                run.seconds,
                run.number("facts")? / run.seconds,
                run.mebibytes
            ),
            "≤ 10 min for 10 million facts",
            "restore",
        );
        Ok(())
    }

    /// The same load without and with a backup beside it, in turns.
    fn backups(&mut self, book: &str, facts: u64, seed: &mut u64) -> Result<(), String> {
        let (mut without, mut with, mut took) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..RUNS {
            let (rate, ..) = self.loads(book, "64", &[], seed)?;
            without.push(rate);
            let folder = self.path(&format!("backup-{turn}"));
            let words = ["backup", "--ledger", book, "--folder", &folder, "--quick"];
            let child = self.start(&words)?;
            let (rate, ..) = self.loads(book, "64", &[], seed)?;
            with.push(rate);
            took.push(Self::wait(child)?);
        }
        let ratios: Vec<f64> = with.iter().zip(&without).map(|(a, b)| a / b).collect();
        let seconds: Vec<f64> = took
            .iter()
            .map(|run| run.number("micros").unwrap_or(0.0) / 1e6)
            .collect();
        self.row(
            "what a whole backup costs 64 writers while it runs",
            format!(
                "{:.0} % of their rate; it took {:.0} s for {:.0} facts, {} MiB of memory",
                (1.0 - median(&ratios)) * 100.0,
                median(&seconds),
                facts as f64,
                took.iter().map(|run| run.mebibytes).max().unwrap_or(0)
            ),
            "< 10 %",
            "backup --quick beside load --writers 64",
        );
        Ok(())
    }

    /// kill -9 in mid-load, then opened again.
    fn killed(&mut self, book: &str, seed: &mut u64) -> Result<(), String> {
        let mut opened = Vec::new();
        for _ in 0..RUNS {
            *seed += 1;
            let number = seed.to_string();
            let words = [
                "load",
                "--ledger",
                book,
                "--seconds",
                "60",
                "--seed",
                &number,
            ];
            let mut child = self.start(&words)?;
            sleep(Duration::from_secs(8));
            let _ = child.kill();
            let _ = child.wait();
            let run = self.once(&["open", "--ledger", book])?;
            opened.push(run.number("micros")? / 1e6);
        }
        self.row(
            "ready again after kill -9 in mid-load, on the big book",
            format!("{:.2} s", median(&opened)),
            "≤ 5 s",
            "open",
        );
        Ok(())
    }

    fn page(&self, facts: u64) -> String {
        let mut out = head_line(
            self.root,
            &format!("cargo xtask bench ledger --facts {facts}"),
        );
        let _ = writeln!(out, "Machine: {}.\n", machine());
        out.push_str("| what | measured | asked | the workload's words |\n|---|---|---|---|\n");
        for [what, measured, asked, how] in &self.rows {
            let _ = writeln!(out, "| {what} | {measured} | {asked} | {how} |");
        }
        out
    }
}

/// The most memory a process had so far, in MiB.
fn peak(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map_or(0, |kilobytes| kilobytes / 1024)
}
