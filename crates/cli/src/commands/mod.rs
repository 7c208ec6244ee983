//! One file a verb.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod by_hand;
pub(crate) mod check;
pub(crate) mod checkpoint;
pub(crate) mod erase;
pub(crate) mod export;
pub(crate) mod figure;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod map;
pub(crate) mod pack;
pub(crate) mod people;
pub(crate) mod proof;
pub(crate) mod rebuild;
pub(crate) mod records;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod search;
pub(crate) mod serve;
pub(crate) mod settle;
pub(crate) mod trace;
pub(crate) mod undo;
pub(crate) mod verify;

use crate::args::{Args, Ask, Common, Verb};
use crate::fault;
use office::clock::{SystemClock, SystemEntropy};
use office::{Actor, AskInput, Office, OfficeError};
use std::io::Write as _;
use std::process::ExitCode;

/// What a command gives back: an exit code, or an error to show.
pub(crate) type Done = Result<u8, OfficeError>;

/// Runs what was typed.
pub(crate) fn run(args: Args) -> ExitCode {
    let common = &args.common;
    let done = match args.verb {
        Verb::Init(input) => init::run(common, input),
        Verb::Pack(input) => pack::run(common, input),
        Verb::Import(input) => import::run(common, input),
        Verb::Settle(input) => settle::run(common, input),
        Verb::Undo(input) => undo::run(common, input),
        Verb::Record(input) => by_hand::record(common, input),
        Verb::Correct(input) => by_hand::correct(common, input),
        Verb::End(input) => by_hand::end(common, input),
        Verb::Withdraw(input) => by_hand::withdraw(common, input),
        Verb::Records(input) => records::list(common, input),
        Verb::Show(input) => records::show(common, input),
        Verb::Erase(input) => erase::run(common, input),
        Verb::Map(input) => map::run(common, input),
        Verb::Figure(input) => figure::run(common, input),
        Verb::Trace(input) => trace::run(common, input),
        Verb::Check(input) => check::run(common, input),
        Verb::Report(input) => report::run(common, input),
        Verb::Search(input) => search::run(common, input),
        Verb::History(input) => history::run(common, input),
        Verb::Verify => verify::run(common),
        Verb::Rebuild(input) => rebuild::run(common, input),
        Verb::Backup(input) => backup::run(common, input),
        Verb::Restore(input) => restore::run(common, input),
        Verb::Export(input) => export::run(common, input),
        Verb::Checkpoint(input) => checkpoint::run(common, input),
        Verb::Proof(input) => proof::run(common, input),
        Verb::Serve(input) => serve::run(common, input),
        Verb::People(input) => people::run(common, input),
        Verb::Audit(input) => audit::run(common, input),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            fault::show(&error, common.json);
            ExitCode::from(fault::exit(&error))
        }
    }
}

/// The operating system's user.
fn actor(common: &Common) -> Actor {
    let name = whoami::fallible::username().unwrap_or_else(|_| "unknown".to_owned());
    Actor::new(name, common.role.as_deref())
}

/// The book, to read.
fn reading(common: &Common) -> Result<Office, OfficeError> {
    Office::open_read(
        &common.ledger,
        actor(common),
        Box::new(SystemClock),
        SystemEntropy,
    )
}

/// The book, to read and write.
fn writing(common: &Common) -> Result<Office, OfficeError> {
    Office::open(
        &common.ledger,
        actor(common),
        Box::new(SystemClock),
        SystemEntropy,
    )
}

fn ask(ask: Ask) -> AskInput {
    AskInput {
        at: ask.at,
        period: ask.period,
        known: ask.known,
        within: ask.within,
    }
}

/// Prints a line on stdout. Whoever reads it may have seen enough: a closed pipe is no fault.
pub(crate) fn out(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints a line on stderr.
pub(crate) fn aside(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
