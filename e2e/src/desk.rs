//! A fresh folder with a ledger in it, and the binary at work there. Refuses to look inside the ledger.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::Answer;
use crate::town::Town;

/// A folder of its own, removed at the end.
#[derive(Debug)]
pub struct Desk {
    folder: TempDir,
}

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("e2e lies in the project")
        .to_path_buf()
}

/// The binary: `YIBEN_BIN`, else the one that `cargo build -p cli` leaves.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("YIBEN_BIN") {
        return PathBuf::from(path);
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let path = target
        .join("debug")
        .join(format!("yiben{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not there: run `cargo build -p cli`, or set YIBEN_BIN",
        path.display()
    );
    path
}

impl Desk {
    /// An empty folder.
    pub fn empty() -> Desk {
        Desk {
            folder: tempfile::tempdir().expect("a folder for the test"),
        }
    }

    /// A folder with a new book of the example town, nothing in it.
    pub fn with_book(town: &Town) -> Desk {
        let desk = Desk::empty();
        let pack = town.pack();
        desk.yiben(&[
            "init",
            "--pack",
            &pack,
            "--book",
            Town::BOOK,
            "--name",
            &town.name,
        ])
        .done();
        desk
    }

    /// A second folder with the same files: a ledger is its file, its key and what stands beside them.
    pub fn copy(&self) -> Desk {
        let copy = Desk::empty();
        for entry in fs::read_dir(self.folder.path())
            .expect("our own folder")
            .flatten()
        {
            if entry.path().is_file() {
                fs::copy(
                    entry.path(),
                    copy.path(&entry.file_name().to_string_lossy()),
                )
                .expect("a copy");
            }
        }
        copy
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The ledger's path; the binary's default name.
    pub fn ledger(&self) -> PathBuf {
        self.path("yiben.db")
    }

    /// Writes a file into the folder and returns its path as an argument.
    pub fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file in our own folder");
        path.to_string_lossy().into_owned()
    }

    /// A command of the binary in this folder, which therefore finds `yiben.db`.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(args)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the binary in this folder.
    pub fn yiben(&self, args: &[&str]) -> Answer {
        let output = self.command(args).output().expect("the binary starts");
        Answer::new(format!("yiben {}", args.join(" ")), &output)
    }

    /// Imports for good and returns the answer whatever it is.
    pub fn import(&self, files: &[&str]) -> Answer {
        let mut args = vec!["import"];
        args.extend(files);
        args.extend(["--commit", "--json"]);
        self.yiben(&args)
    }

    /// All figures at a date and a period: the list under `figures`.
    #[track_caller]
    pub fn figures(&self, at: &str, period: &str) -> Vec<Value> {
        let answer = self
            .yiben(&["figure", "--at", at, "--period", period, "--json"])
            .done();
        answer.json()["figures"]
            .as_array()
            .cloned()
            .expect("`figures` is a list")
    }

    /// The value of one figure, as `post.filled[admin]` too; none when there is no such figure.
    #[track_caller]
    pub fn value(&self, id: &str, at: &str, period: &str) -> Option<Value> {
        value_of(&self.figures(at, period), id)
    }

    /// Asserts that the chain holds.
    #[track_caller]
    pub fn verified(&self) {
        self.yiben(&["verify"]).done();
    }
}

/// The value of one figure in a list.
pub(crate) fn value_of(figures: &[Value], id: &str) -> Option<Value> {
    figures
        .iter()
        .find(|figure| figure["id"] == id)
        .map(|figure| figure["value"].clone())
}
