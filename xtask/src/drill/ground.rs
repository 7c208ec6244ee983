//! Where drills take place: the built workload, folders in memory, the tools of the machine. Refuses to know any
//! single drill.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use crate::house::{self, cargo, command, has_program};

/// A run that takes longer than this many seconds hangs, and is ended.
const RUN_MAX: &str = "180";

/// What all strikes share.
pub(crate) struct Ground {
    /// The project.
    pub(crate) root: PathBuf,
    /// The workload.
    pub(crate) workload: PathBuf,
    /// The planted bug that is switched on, if any.
    pub(crate) planted: Option<String>,
    /// Where folders are made.
    pub(crate) place: PathBuf,
    /// Whether file systems can be mounted.
    pub(crate) is_root: bool,
}

impl Ground {
    /// Builds the workload and finds a place. What runs for long runs as it is shipped; what every test run strikes
    /// at runs with the checks of the test profile.
    pub(crate) fn new(root: &Path, shipped: bool) -> Result<Ground, String> {
        let mut build = vec!["build", "-q", "-p", "drill"];
        build.extend(shipped.then_some("--release"));
        house::run(&mut command(root, cargo(), &build))?;
        let profile = if shipped { "release" } else { "debug" };
        let workload = house::target(root).join(profile).join("workload");
        // Killing a process needs no disk: what it wrote is the kernel's.
        let memory = Path::new("/dev/shm");
        let given = std::env::var_os("TMPDIR").map(PathBuf::from);
        let base = given.unwrap_or_else(|| {
            if memory.is_dir() {
                memory.to_owned()
            } else {
                std::env::temp_dir()
            }
        });
        let place = base.join(format!("yiben-drill-{}", std::process::id()));
        std::fs::create_dir_all(&place).map_err(|cause| format!("{}: {cause}", place.display()))?;
        let mut whoami = Command::new("id");
        let is_root = house::capture(whoami.arg("-u")).is_ok_and(|id| id.trim() == "0");
        Ok(Ground {
            root: root.to_owned(),
            workload,
            planted: None,
            place,
            is_root,
        })
    }

    /// The same ground for a workload with a bug, in a place of its own.
    pub(crate) fn planted(of: &Ground, workload: &Path, bug: &str) -> Result<Ground, String> {
        let place = of.place.join(format!("planted-{bug}"));
        std::fs::create_dir_all(&place).map_err(|cause| format!("{}: {cause}", place.display()))?;
        Ok(Ground {
            root: of.root.clone(),
            workload: workload.to_owned(),
            planted: Some(bug.to_owned()),
            place,
            is_root: of.is_root,
        })
    }

    /// The workload with these words, ended when it hangs.
    pub(crate) fn workload(&self, words: &[&str]) -> Command {
        self.under(&[], words)
    }

    /// The workload under another program (`strace`, `faketime`, …).
    pub(crate) fn under(&self, over: &[&str], words: &[&str]) -> Command {
        let mut command = Command::new("timeout");
        command.args(["-s", "KILL", RUN_MAX]);
        command.args(over).arg(&self.workload).args(words);
        if let Some(bug) = &self.planted {
            command.env("YIBEN_PLANTED", bug);
        }
        command
    }

    /// The workload without anything over it, so that its process is the one that is started: it is ended by its
    /// own handle, and nothing else is.
    pub(crate) fn bare(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.workload);
        command.args(words);
        if let Some(bug) = &self.planted {
            command.env("YIBEN_PLANTED", bug);
        }
        command
    }

    /// Why strikes under strace cannot be done here.
    pub(crate) fn lacks_strace(&self) -> Option<String> {
        (!has_program("strace")).then(|| "strace is not installed".to_owned())
    }

    /// Why strikes on file systems of their own cannot be done here.
    pub(crate) fn lacks_mounts(&self, mkfs: &str) -> Option<String> {
        if !self.is_root {
            return Some("not root: no file system can be mounted".to_owned());
        }
        if !has_program(mkfs) {
            return Some(format!("{mkfs} is not installed"));
        }
        None
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        // A folder that stays behind is a nuisance and no failure.
        let _ = std::fs::remove_dir_all(&self.place);
    }
}

/// The judge, kept running: a program in another language that shares no code with the ledger.
pub(crate) struct Judge {
    child: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
}

impl Judge {
    /// Starts it.
    pub(crate) fn new(root: &Path) -> Result<Judge, String> {
        let mut judge = Command::new("python3");
        judge.arg(root.join("tools/judge.py")).arg("--many");
        let mut child = judge
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|cause| format!("python3: {cause}"))?;
        let asks = child.stdin.take().expect("its input is a pipe");
        let says = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        Ok(Judge { child, asks, says })
    }

    /// What it says of a ledger and the logs of answers.
    pub(crate) fn look(&mut self, ledger: &Path, acks: &[&Path]) -> Result<(), String> {
        let logs: Vec<String> = acks.iter().map(|path| format!("{path:?}")).collect();
        let asked = format!("{{\"ledger\":{ledger:?},\"acks\":[{}]}}\n", logs.join(","));
        let gone = |cause: std::io::Error| format!("the judge is gone: {cause}");
        self.asks.write_all(asked.as_bytes()).map_err(gone)?;
        self.asks.flush().map_err(gone)?;
        let mut said = String::new();
        self.says.read_line(&mut said).map_err(gone)?;
        if said.contains("\"ok\": true") {
            Ok(())
        } else {
            Err(format!("the judge: {}", said.trim()))
        }
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One place where strikes are made, one after the other.
pub(crate) struct Stand<'a> {
    /// What all share.
    pub(crate) ground: &'a Ground,
    /// Emptied before each strike.
    pub(crate) folder: PathBuf,
    /// The judge.
    pub(crate) judge: Judge,
}

impl<'a> Stand<'a> {
    /// A stand of its own.
    pub(crate) fn new(ground: &'a Ground, name: &str) -> Result<Stand<'a>, String> {
        let stand = Stand {
            ground,
            folder: ground.place.join(name),
            judge: Judge::new(&ground.root)?,
        };
        stand.clear()?;
        Ok(stand)
    }

    /// An empty folder.
    pub(crate) fn clear(&self) -> Result<(), String> {
        let said = |cause: std::io::Error| format!("{}: {cause}", self.folder.display());
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).map_err(said)?;
        }
        std::fs::create_dir_all(&self.folder).map_err(said)
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The same as text, to be an argument.
    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_string_lossy().into_owned()
    }

    /// The book as a client after a fault finds it: everything is said once more and answered, the judge counts,
    /// and with `verify` the ledger looks at itself too. `first` is the log of the run with the fault.
    pub(crate) fn settle(
        &mut self,
        ledger: &Path,
        first: &Path,
        words: &[&str],
        verify: bool,
    ) -> Result<&'static str, String> {
        let book = ledger.to_string_lossy().into_owned();
        let second = self.text("second");
        let mut again = vec!["deeds", "--ledger", &book, "--acks", &second];
        again.extend(words);
        let mut how = "whole";
        let mut run = output(&mut self.ground.workload(&again))?;
        if run.status.code() == Some(2) && ledger.exists() && !answered(first, "made ") {
            // It died while it made the book: that is said, and the clerk begins anew.
            self.remove_book(ledger)?;
            how = "half-made, and said so";
            run = output(&mut self.ground.workload(&again))?;
        } else if run.status.code() == Some(2) && !ledger.exists() && !answered(first, "made ") {
            self.remove_book(ledger)?;
            how = "half-made, and said so";
            run = output(&mut self.ground.workload(&again))?;
        }
        if !run.status.success() {
            return Err(format!(
                "the run after the fault ended with {}",
                shown(&run)
            ));
        }
        self.judge.look(ledger, &[first, Path::new(&second)])?;
        if verify {
            self.verified(ledger)?;
        }
        Ok(how)
    }

    /// What the ledger says of itself.
    pub(crate) fn verified(&self, ledger: &Path) -> Result<(), String> {
        let book = ledger.to_string_lossy().into_owned();
        let run = output(&mut self.ground.workload(&["verify", "--ledger", &book]))?;
        if run.status.success() {
            Ok(())
        } else {
            Err(format!("verify: {}", shown(&run)))
        }
    }

    fn remove_book(&self, ledger: &Path) -> Result<(), String> {
        let folder = ledger.parent().unwrap_or(Path::new("."));
        let name = ledger
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let entries = std::fs::read_dir(folder).map_err(|cause| cause.to_string())?;
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&name) {
                std::fs::remove_file(entry.path()).map_err(|cause| cause.to_string())?;
            }
        }
        Ok(())
    }
}

/// Whether a log of answers has a line that begins so.
pub(crate) fn answered(log: &Path, begins: &str) -> bool {
    std::fs::read_to_string(log).is_ok_and(|text| text.lines().any(|line| line.starts_with(begins)))
}

/// Runs it to its end, with what it printed.
pub(crate) fn output(command: &mut Command) -> Result<Output, String> {
    command
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| format!("{}: {cause}", house::shown(command)))
}

/// How a run ended, in a line.
pub(crate) fn shown(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    let said: Vec<&str> = said
        .lines()
        .filter(|line| !line.is_empty())
        .take(6)
        .collect();
    format!("{}: {}", output.status, said.join(" / "))
}

/// Copies the files of a folder.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let said = |cause: std::io::Error| format!("{}: {cause}", from.display());
    std::fs::create_dir_all(to).map_err(said)?;
    for entry in std::fs::read_dir(from).map_err(said)?.flatten() {
        std::fs::copy(entry.path(), to.join(entry.file_name())).map_err(said)?;
    }
    Ok(())
}
