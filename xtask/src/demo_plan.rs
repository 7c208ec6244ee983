//! `xtask/demo.toml`: the example town, its files, its report. Refuses to hold any of them in code.

use std::fs;
use std::path::Path;

use serde::Deserialize;

/// One town to show.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Plan {
    /// Folder of the pack.
    pub(crate) pack: String,
    /// The township's division code.
    pub(crate) book: String,
    /// Its name.
    pub(crate) name: String,
    /// Folder of workbooks, messy as they come.
    pub(crate) files: String,
    /// The file with the villages.
    pub(crate) divisions: String,
    /// The longest list, for the bench.
    pub(crate) residents: String,
    /// Where the ledger goes.
    pub(crate) ledger: String,
    /// The date asked about.
    pub(crate) at: String,
    /// The period asked about.
    pub(crate) period: String,
    /// The report's id.
    pub(crate) report: String,
    /// The files it is written to.
    pub(crate) outputs: Vec<String>,
    /// A few figures to print.
    pub(crate) figures: Vec<String>,
}

impl Plan {
    /// Reads the plan of the project at `root`.
    pub(crate) fn read(root: &Path) -> Result<Plan, String> {
        let path = root.join("xtask/demo.toml");
        let text =
            fs::read_to_string(&path).map_err(|cause| format!("xtask/demo.toml: {cause}"))?;
        toml::from_str(&text).map_err(|cause| format!("xtask/demo.toml: {cause}"))
    }

    /// The arguments of `yiben init` for a ledger at `ledger`.
    pub(crate) fn init<'a>(&'a self, ledger: &'a str) -> Vec<&'a str> {
        vec![
            "init", "--pack", &self.pack, "--book", &self.book, "--name", &self.name, "--ledger",
            ledger,
        ]
    }

    /// The arguments of `yiben report` for these outputs.
    pub(crate) fn report<'a>(&'a self, ledger: &'a str, outputs: &[&'a str]) -> Vec<&'a str> {
        let mut args = vec![
            "report",
            self.report.as_str(),
            "--at",
            &self.at,
            "--period",
            &self.period,
        ];
        for output in outputs {
            args.extend(["-o", output]);
        }
        args.extend(["--ledger", ledger]);
        args
    }

    /// The arguments of `yiben figure` for some figures; none: all.
    pub(crate) fn figure<'a>(&'a self, ledger: &'a str, ids: &[&'a str]) -> Vec<&'a str> {
        let mut args = vec!["figure"];
        args.extend(ids);
        args.extend([
            "--at",
            self.at.as_str(),
            "--period",
            &self.period,
            "--ledger",
            ledger,
        ]);
        args
    }
}
