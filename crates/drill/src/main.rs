//! `workload`: the program that `cargo xtask drill` kills, starves and cuts. Parses, calls, and ends with
//! 0 done, 1 the book is not sound, 2 it could not be opened, 3 an outcome was unknown.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its answers are read by other programs"
)]

use clap::{Parser, Subcommand, ValueEnum};
use drill::deeds::{Ended, Hands, Run};
use drill::load::Load;
use drill::log::Log;
use drill::{book, contents, deeds, fill, keeping, load, reading, script, simulate};
use ledger::LedgerError;
use office::clock::{Clock as _, SystemClock};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// As the shipped binary has it: what is measured here is measured there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "The workload of the drills: never shipped")]
struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// A big book, quickly.
    Fill {
        /// The book; made when it is not there.
        #[arg(long)]
        ledger: PathBuf,
        /// How many facts.
        #[arg(long)]
        facts: u64,
        /// What the contents follow from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Single deeds of many kinds; the same seed again is a client that tries again.
    Deeds {
        /// The book; made when it is not there.
        #[arg(long)]
        ledger: PathBuf,
        /// What the contents follow from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The first deed.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// How many deeds.
        #[arg(long)]
        count: u64,
        /// How many clients write at once.
        #[arg(long, default_value_t = 1)]
        writers: usize,
        /// How many readers look on.
        #[arg(long, default_value_t = 0)]
        readers: usize,
        /// Where answers go, appended; `-` is the standard output.
        #[arg(long)]
        acks: PathBuf,
        /// How the clock goes.
        #[arg(long, value_enum, default_value_t = Clock::System)]
        clock: Clock,
    },
    /// Single deeds as fast as they become durable: how many a second, how long one waits.
    Load {
        /// The book; made when it is not there.
        #[arg(long)]
        ledger: PathBuf,
        /// Writers that wait at once.
        #[arg(long, default_value_t = 64)]
        writers: usize,
        /// How long.
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        /// Somebody imports all the while.
        #[arg(long)]
        import: bool,
        /// What the contents follow from; another one for each load on the same book.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Opens the book to write, and says how long that took.
    Open {
        /// The book.
        #[arg(long)]
        ledger: PathBuf,
    },
    /// The book into a backup folder, its key beside it.
    Backup {
        /// The book.
        #[arg(long)]
        ledger: PathBuf,
        /// The folder.
        #[arg(long)]
        folder: PathBuf,
        /// Proved by reading back alone.
        #[arg(long)]
        quick: bool,
    },
    /// A backup folder to where no book lies.
    Restore {
        /// Where the book shall lie.
        #[arg(long)]
        ledger: PathBuf,
        /// The folder.
        #[arg(long)]
        folder: PathBuf,
    },
    /// What the deeds of a seed say, without a book: `ask` lines.
    Contents {
        /// What the contents follow from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many deeds.
        #[arg(long)]
        count: u64,
    },
    /// A new book of the deeds of a script; what comes of them follows from the script alone.
    Play {
        /// The book; it must not be there.
        #[arg(long)]
        ledger: PathBuf,
        /// The deeds; files that they name lie beside it.
        #[arg(long)]
        script: PathBuf,
        /// What keys and salts follow from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Everything there is, as one hash a question.
    Read {
        /// The book.
        #[arg(long)]
        ledger: PathBuf,
    },
    /// A whole office from one seed, with deaths and lost answers, beside the naive judge.
    Simulate {
        /// The first seed.
        #[arg(long)]
        seed: u64,
        /// How many seeds.
        #[arg(long, default_value_t = 1)]
        count: u64,
        /// Where their books lie for as long as they run; in memory when not said.
        #[arg(long)]
        folder: Option<PathBuf>,
        /// Every event is printed.
        #[arg(long)]
        trace: bool,
    },
    /// The chain, every commitment and every derived row.
    Verify {
        /// The book.
        #[arg(long)]
        ledger: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Clock {
    System,
    Leaping,
}

fn main() -> ExitCode {
    match carry_out(Args::parse().verb) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{} {error}", error.code());
            ExitCode::from(2)
        }
    }
}

fn carry_out(verb: Verb) -> Result<u8, LedgerError> {
    match verb {
        Verb::Fill {
            ledger,
            facts,
            seed,
        } => fill::fill(&ledger, seed, facts, &mut |done| println!("filled {done}")).map(|()| 0),
        Verb::Deeds {
            ledger,
            seed,
            from,
            count,
            writers,
            readers,
            acks,
            clock,
        } => {
            let log = Log::open(&acks).map_err(|cause| LedgerError::File {
                path: acks,
                reason: cause.to_string(),
            })?;
            let clock = match clock {
                Clock::System => Hands::System,
                Clock::Leaping => Hands::Leaping,
            };
            let run = Run {
                seed,
                from,
                count,
                writers,
                readers,
                clock,
            };
            deeds::run(&ledger, &run, &log).map(|ended| match ended {
                Ended::Done => 0,
                Ended::Unknown => 3,
            })
        }
        Verb::Load {
            ledger,
            writers,
            seconds,
            import,
            seed,
        } => {
            let asked = Load {
                writers,
                seconds,
                import,
                seed,
            };
            let done = load::load(&ledger, &asked)?;
            let [half, most, nearly] = [500, 990, 999].map(|part| done.wait(part));
            println!(
                "load rate {} half {half} p99 {most} p999 {nearly} imports {}",
                done.rate, done.imports
            );
            Ok(0)
        }
        Verb::Open { ledger } => {
            let begun = SystemClock.now();
            let (seq, _) = book::open(&ledger)?.reader()?.head()?;
            println!("opened {seq} micros {}", SystemClock.now().0 - begun.0);
            Ok(0)
        }
        Verb::Backup {
            ledger,
            folder,
            quick,
        } => {
            let (facts, micros) = keeping::back_up(&ledger, &folder, quick)?;
            println!("backup facts {facts} micros {micros}");
            Ok(0)
        }
        Verb::Restore { ledger, folder } => {
            let (facts, micros) = keeping::bring_back(&folder, &ledger)?;
            println!("restored facts {facts} micros {micros}");
            Ok(0)
        }
        Verb::Contents { seed, count } => {
            for n in 0..count {
                let deed = contents::deed(seed, n);
                let (facts, payload) = deed.payload();
                println!("ask {} {} {facts} {payload}", deed.id, deed.kind);
            }
            Ok(0)
        }
        Verb::Play {
            ledger,
            script: deeds,
            seed,
        } => match script::play(&ledger, &deeds, seed, &mut |line| println!("{line}")) {
            Ok(()) => Ok(0),
            Err(stopped) => {
                eprintln!("{stopped}");
                Ok(2)
            }
        },
        Verb::Read { ledger } => {
            for line in reading::answers(&book::open_read(&ledger)?.reader()?)? {
                println!("{line}");
            }
            Ok(0)
        }
        Verb::Simulate {
            seed,
            count,
            folder,
            trace,
        } => {
            let folder = folder.unwrap_or_else(simulate::in_memory);
            Ok(simulated(seed, count, &folder, trace))
        }
        Verb::Verify { ledger } => {
            let verified = book::open_read(&ledger)?.reader()?.verify()?;
            println!(
                "verified {} transactions, {} facts, {} differences",
                verified.transactions, verified.facts, verified.differences
            );
            for one in &verified.named {
                println!(
                    "differs: {} {}: {}, not {}",
                    one.part, one.place, one.found, one.wanted
                );
            }
            Ok(u8::from(!verified.is_sound()))
        }
    }
}

/// Runs seeds until one fails; says how that one is run again.
fn simulated(seed: u64, count: u64, folder: &Path, trace: bool) -> u8 {
    let mut all = simulate::Summary::default();
    for seed in seed..seed + count {
        let done = simulate::run(seed, folder, &mut |event| {
            if trace {
                println!("{event}");
            }
        });
        match done {
            Ok(summary) => all.add(&summary),
            Err(failed) => {
                println!("{failed}");
                println!("workload simulate --seed {seed} --trace");
                return 1;
            }
        }
    }
    println!(
        "simulated {count} seeds: {} turns, {} deeds asked ({} of an office), {} kept, {} asked again, {} answers lost, {} deaths, \
         {} questions",
        all.turns, all.asked, all.imports, all.kept, all.again, all.cut, all.crashes, all.questions
    );
    0
}
