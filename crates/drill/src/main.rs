//! `workload`: the program that `cargo xtask drill` kills, starves and cuts. Parses, calls, and ends with
//! 0 done, 1 the book is not sound, 2 it could not be opened, 3 an outcome was unknown.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "its answers are read by other programs"
)]

use clap::{Parser, Subcommand, ValueEnum};
use drill::deeds::{Ended, Hands, Run};
use drill::log::Log;
use drill::{book, contents, deeds, fill, reading, script};
use ledger::LedgerError;
use std::path::PathBuf;
use std::process::ExitCode;

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
