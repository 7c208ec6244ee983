//! `yiben`: parses, matches, calls. Refuses to know SQL and what a deed does.

mod args; // what may be typed
mod commands; // one file a verb
mod fault; // errors as people see them, and exit codes
mod progress; // bars on long work
mod say; // the command line's own sentences
mod table; // columns of text with wide characters
#[cfg(test)]
mod tests; // the page of commands in the book

/// An import makes and drops millions of small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use clap::{CommandFactory, FromArgMatches};
use server::wire; // the JSON forms are the server's, so that both speak alike
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = say::localised(args::Args::command());
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let asked = !error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if asked { 0 } else { fault::EXIT_YOURS });
        }
    };
    let args = match args::Args::from_arg_matches(&matches) {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(fault::EXIT_YOURS);
        }
    };
    commands::run(args)
}
