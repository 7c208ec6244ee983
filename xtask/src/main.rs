//! The house's own scripts, in Rust: `cargo xtask demo | test | tidy | bless | book | bench | drill | fuzz`. They use none of the crates,
//! so that they run when the crates are broken.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a script speaks to its terminal"
)]

mod bench; // measures, and writes docs/benchmarks.md
mod bless; // refreshes what tests and documents expect
mod book; // builds docs/book as web pages
mod demo; // the whole way on a fresh machine
mod demo_plan; // xtask/demo.toml: which town, which files, which report
mod drill; // faults, one after the other
mod fuzz; // runs the fuzz targets
mod house; // where things are and how commands run
mod needs; // what the machine must have
mod scale; // measures the ledger when it is big
mod seed; // towns of any size
mod test; // everything that must hold
mod tidy; // the rules of the house

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "cargo xtask COMMAND

  demo               build, make a ledger from the example town's workbooks, write the report to out/
  test [--fast]      tidy, format, lints, all tests, the binary from outside (--fast: without the last)
  tidy [--root DIR]  the rules of the house: rooms, words, sizes, links, decisions
  bless [--docs]     accept what snapshot tests print now; renew what documents repeat (--docs: only that)
  book               build docs/book as web pages into out/book (needs mdBook, and names it when it is missing)
  bench [--runs N]   measure, and write docs/benchmarks.md
  bench ledger [--facts N]   measure a big ledger (ten million facts), and write that part of docs/benchmarks.md
  drill [PART ...] [--quick] [--points N] [--seed S]   faults at every point, judged; all of it writes docs/drill.md
  seed --residents N [--towns T] [--ledger PATH] [--seed S]   towns of any size with a year of deeds, for tests of size
  fuzz [TARGET [--seconds N]]   run the fuzz targets, two minutes each (nightly and cargo-fuzz)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let root = house::root();
    let done = match words.as_slice() {
        ["demo"] => demo::run(&root),
        ["test"] => test::run(&root, test::Extent::Full),
        ["test", "--fast"] => test::run(&root, test::Extent::Fast),
        ["tidy"] => tidy::run(&root),
        ["tidy", "--root", folder] => tidy::run(&PathBuf::from(folder)),
        ["bless"] => bless::run(&root),
        ["bless", "--docs"] => bless::documents(&root),
        ["book"] => book::run(&root),
        ["bench"] => bench::run(&root, bench::RUNS),
        ["bench", "ledger"] => scale::run(&root, scale::FACTS),
        ["bench", "ledger", "--facts", facts] => match facts.parse() {
            Ok(facts) => scale::run(&root, facts),
            Err(_) => Err(format!("--facts takes a number, not {facts}")),
        },
        ["bench", "--runs", runs] => match runs.parse() {
            Ok(runs) => bench::run(&root, runs),
            Err(_) => Err(format!("--runs takes a number, not {runs}")),
        },
        ["drill", words @ ..] => {
            drill::Asked::read(words).and_then(|asked| drill::run(&root, &asked))
        }
        ["seed", words @ ..] => seed::Asked::read(words).and_then(|asked| seed::run(&root, &asked)),
        ["fuzz"] => fuzz::run(&root, "", fuzz::SECONDS),
        ["fuzz", target] => fuzz::run(&root, target, fuzz::SECONDS),
        ["fuzz", target, "--seconds", seconds] => match seconds.parse() {
            Ok(seconds) => fuzz::run(&root, target, seconds),
            Err(_) => Err(format!("--seconds takes a number, not {seconds}")),
        },
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(said) => {
            eprintln!("xtask: {said}");
            ExitCode::FAILURE
        }
    }
}
