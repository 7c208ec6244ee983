//! `cargo xtask seed`: towns of any size with a year of what happens in them, taken in by the office like any other
//! workbooks, for tests of size. The same seed makes the same book, hash for hash. It says what it made, asks the
//! ledger for the same, and fails when they differ. Refuses to know more of the ledger than its answers.

mod dice; // draws from a seed
mod people; // households and who lives in them
mod plan; // xtask/seed.toml: the words
mod town; // a year of one town

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::house::{self, cargo, command};
use plan::Plan;
use town::{ASKED, Made};

/// Most residents of one town: what its villages' codes leave room for.
const TOWN_MAX: usize = 2_000_000;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    residents: usize,
    towns: usize,
    seed: u64,
    ledger: PathBuf,
    /// Unoptimised, as tests build it.
    debug: bool,
}

impl Asked {
    /// Reads `--residents N [--towns T] [--ledger PATH] [--seed S] [--debug]`.
    pub(crate) fn read(words: &[&str]) -> Result<Asked, String> {
        let mut asked = Asked {
            residents: 0,
            towns: 1,
            seed: 1,
            ledger: PathBuf::from("out/seed.db"),
            debug: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if *word == "--debug" {
                asked.debug = true;
                continue;
            }
            let value = words
                .next()
                .ok_or_else(|| format!("{word} takes a value"))?;
            let number = || {
                value
                    .parse()
                    .map_err(|_| format!("{word} takes a number, not {value}"))
            };
            match *word {
                "--residents" => asked.residents = number()?,
                "--towns" => asked.towns = number()?,
                "--seed" => {
                    asked.seed = u64::try_from(number()?).map_err(|cause| cause.to_string())?;
                }
                "--ledger" => asked.ledger = PathBuf::from(value),
                _ => return Err(format!("there is no {word} here")),
            }
        }
        if asked.towns == 0 || asked.residents / asked.towns.max(1) < 200 {
            return Err("--residents N: at least two hundred a town".into());
        }
        if asked.residents / asked.towns > TOWN_MAX {
            return Err(format!(
                "a town has at most {TOWN_MAX} residents: add --towns"
            ));
        }
        Ok(asked)
    }

    /// Where a town's ledger goes: the path given, with the town's number when there are several.
    fn path(&self, town: usize) -> PathBuf {
        if self.towns == 1 {
            return self.ledger.clone();
        }
        let stem = self
            .ledger
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        self.ledger
            .with_file_name(format!("{stem}-{}.db", town + 1))
    }
}

/// Makes every town and compares what the ledger answers with what was made.
pub(crate) fn run(root: &Path, asked: &Asked) -> Result<bool, String> {
    let plan = Plan::read(root)?;
    let mut build = vec!["build", "-q", "-p", "drill"];
    if !asked.debug {
        build.push("--release");
    }
    house::run(&mut command(root, cargo(), &build))?;
    let profile = if asked.debug { "debug" } else { "release" };
    let workload = house::target(root).join(profile).join("workload");
    let mut held = true;
    for town in 0..asked.towns {
        let share =
            asked.residents / asked.towns + usize::from(town < asked.residents % asked.towns);
        let number = u64::try_from(town).unwrap_or(0);
        let made = town::make(&plan, asked.seed, number, share)?;
        held &= one(root, &workload, asked, &asked.path(town), &made)?;
    }
    Ok(held)
}

fn one(
    root: &Path,
    workload: &Path,
    asked: &Asked,
    ledger: &Path,
    made: &Made,
) -> Result<bool, String> {
    let ledger = root.join(ledger);
    let folder = ledger.with_extension("files");
    write(&folder, made)?;
    if ledger.exists() {
        return Err(format!("{}: there is a ledger already", ledger.display()));
    }
    let (path, seed) = (
        ledger.to_string_lossy().into_owned(),
        asked.seed.to_string(),
    );
    let script = folder.join("script.txt").to_string_lossy().into_owned();
    let words = [
        "play", "--ledger", &path, "--script", &script, "--seed", &seed,
    ];
    let begun = Instant::now();
    let told = house::capture(&mut command(root, workload, &words))?;
    let seconds = begun.elapsed().as_secs_f64();
    fs::write(folder.join("answers.txt"), &told).map_err(|cause| cause.to_string())?;
    println!("{}", ledger.display());
    for (what, count) in made.deeds.iter().chain(&made.planted) {
        println!("  {what}: {count}");
    }
    let faults = compare(made, &told);
    for id in made.figures.keys() {
        println!("  {id} at {ASKED}: {}", made.figures[id]);
    }
    for line in told
        .lines()
        .filter(|line| line.starts_with("head") || line.starts_with("verify"))
    {
        println!("  {}", line.replace('\t', " "));
    }
    println!("  taken in, asked and verified in {seconds:.1} s");
    for fault in &faults {
        println!("  DIFFERS: {fault}");
    }
    Ok(faults.is_empty())
}

fn write(folder: &Path, made: &Made) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|cause| format!("{}: {cause}", folder.display()))?;
    let script = ("script.txt".to_owned(), made.script.clone());
    for (name, text) in made.files.iter().chain([&script]) {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|cause| format!("{}: {cause}", path.display()))?;
    }
    Ok(())
}

/// What the ledger answered otherwise than it was made.
fn compare(made: &Made, told: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut figures: BTreeMap<&str, &str> = BTreeMap::new();
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for line in told.lines() {
        let words: Vec<&str> = line.split('\t').collect();
        match words.as_slice() {
            ["figure", id, value] => {
                figures.insert(id, value);
            }
            ["check", code, count] => {
                *found.entry(code).or_default() += count.parse::<usize>().unwrap_or(0);
            }
            ["verify", _, _, "0"] => {}
            ["verify", ..] => faults.push(line.replace('\t', " ")),
            // Nothing may be set aside.
            ["import", file, "-", ..] => faults.push(format!("{file} was not understood")),
            _ => {}
        }
    }
    for (id, wanted) in &made.figures {
        let value = figures.get(id.as_str()).copied().unwrap_or("not answered");
        if value != wanted.to_string() {
            faults.push(format!("{id}: {value}, not {wanted}"));
        }
    }
    let planted: usize = made.planted.values().sum();
    let listed: usize = found.values().sum();
    if planted != listed {
        faults.push(format!(
            "{listed} findings {found:?}, not {planted} {:?}",
            made.planted
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read() {
        let asked = Asked::read(&["--residents", "1000", "--towns", "2", "--seed", "7"]);
        let asked = asked.expect("read");
        assert_eq!((asked.residents, asked.towns, asked.seed), (1000, 2, 7));
        assert_eq!(asked.path(1), PathBuf::from("out/seed-2.db"));
        for wrong in [
            &["--residents", "x"][..],
            &["--residents"],
            &["--people", "3"],
            &[],
        ] {
            assert!(Asked::read(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_ledger_that_answers_otherwise_is_found_out() {
        let plan = Plan::read(&house::root()).expect("the plan");
        let made = town::make(&plan, 1, 0, 1_000).expect("a town");
        let mut told: String = made
            .figures
            .iter()
            .map(|(id, value)| format!("figure\t{id}\t{value}\n"))
            .collect();
        let planted: usize = made.planted.values().sum();
        told.push_str(&format!("check\tD1\t{planted}\nverify\t9\t9\t0\n"));
        assert_eq!(compare(&made, &told), [""; 0]);
        let people = format!(
            "population.residents\t{}",
            made.figures["population.residents"]
        );
        let fewer = told.replace(&people, "population.residents\t1");
        assert_eq!(compare(&made, &fewer).len(), 1);
        let unsound = told.replace("verify\t9\t9\t0", "verify\t9\t9\t1");
        assert_eq!(compare(&made, &unsound).len(), 1);
        assert_eq!(compare(&made, &told.replace("check", "checked")).len(), 1);
    }
}
