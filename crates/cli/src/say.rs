//! The command line's own sentences: Chinese unless `YIBEN_LANG=en`.

use clap::Command;
use std::sync::LazyLock;
use vocabulary::Words;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let english = std::env::var("YIBEN_LANG").is_ok_and(|lang| lang.starts_with("en"));
    Words::read(if english {
        include_str!("../words/en.toml")
    } else {
        include_str!("../words/zh.toml")
    })
});

/// A sentence with its parameters.
pub(crate) fn say(key: &str, params: &[(&str, &str)]) -> String {
    WORDS.say(key, params)
}

/// The commands with the help texts of the language; what a language lacks stays English.
pub(crate) fn localised(command: Command) -> Command {
    localise(command, "help".to_owned())
}

fn localise(mut command: Command, path: String) -> Command {
    if let Some(about) = WORDS.get(&format!("{path}.about")) {
        command = command.about(about.to_owned());
    }
    if let Some(after) = WORDS.get(&format!("{path}.examples")) {
        command = command.after_help(after.to_owned());
    }
    let ids: Vec<String> = command
        .get_arguments()
        .map(|arg| arg.get_id().to_string())
        .collect();
    for id in ids {
        let own = WORDS
            .get(&format!("{path}.{id}"))
            .or_else(|| WORDS.get(&format!("help.any.{id}")));
        if let Some(help) = own {
            command = command.mut_arg(&id, |arg| arg.help(help.to_owned()));
        }
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        let below = format!("{path}.{name}");
        command = command.mut_subcommand(name, |sub| localise(sub, below));
    }
    command
}
