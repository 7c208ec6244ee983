//! The page of the book that lists the commands (docs/book/reference/commands.md), written from what may be typed and held
//! to it. Stands with the binary, which nothing else can look into.

use crate::{args, say};
use clap::{Command, CommandFactory};
use std::fmt::Write as _;
use std::path::Path;

const PAGE: &str = "book/reference/commands.md";

/// What the page says: the table of commands, then each with its help as the terminal shows it.
fn page() -> String {
    let mut command = say::localised(args::Args::command())
        .term_width(100)
        .disable_help_subcommand(true);
    command.build();
    let mut all = Vec::new();
    collect(&command, &mut all);
    let mut out = String::from(
        "# 命令\n\n<!-- written by cargo xtask bless --docs from what may be typed -->\n\n",
    );
    out.push_str(&say::say("help.about", &[]));
    out.push_str(
        "\n\n加 `--json` 时标准输出只有一个 JSON 文档。退出码：0 办成了，2 您的输入有问题，3 没有权限，70 程序的问题。\n\n",
    );
    out.push_str("| 命令 | 做什么 |\n|---|---|\n");
    for one in &all {
        let name = one.get_bin_name().unwrap_or_else(|| one.get_name());
        let about = one.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(out, "| [`{name}`](#{}) | {about} |", name.replace(' ', "-"));
    }
    for mut one in all {
        let name = one
            .get_bin_name()
            .unwrap_or_else(|| one.get_name())
            .to_owned();
        let help = one.render_help().to_string();
        let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
        let _ = write!(out, "\n## {name}\n\n```text\n{}\n```\n", lines.join("\n"));
    }
    out
}

/// Every command that does something, in the order of the help.
fn collect(command: &Command, found: &mut Vec<Command>) {
    if !command.has_subcommands() || !command.is_subcommand_required_set() {
        found.push(command.clone());
    }
    for sub in command.get_subcommands() {
        collect(sub, found);
    }
}

#[test]
fn the_page_of_commands_is_that_of_the_binary() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(PAGE);
    let page = page();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &page).expect("the page is written");
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there.replace("\r\n", "\n") == page,
        "docs/{PAGE} is stale: run `cargo xtask bless --docs`"
    );
}
