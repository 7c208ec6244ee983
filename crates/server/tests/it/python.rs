//! Judges that are written in Python, each in a virtual environment under `target`. Where they cannot be had the test says
//! so aloud and is not run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The interpreter of an environment that has this package; none, said aloud, when it cannot be made.
#[expect(clippy::print_stderr, reason = "a test that is not run says so aloud")]
pub(crate) fn with(package: &str) -> Option<PathBuf> {
    let _one = ONE_AT_A_TIME.lock();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let home = target.join(format!("python-{package}"));
    let python = home.join("bin/python");
    let done = home.join("installed");
    if !done.exists() {
        let made = Command::new("python3")
            .args(["-m", "venv"])
            .arg(&home)
            .status();
        let made = made.is_ok_and(|status| status.success());
        let install = || {
            let mut pip = Command::new(&python);
            pip.args(["-m", "pip", "install", "--quiet", package]);
            pip.status().is_ok_and(|status| status.success())
        };
        if !made || !install() {
            eprintln!(
                "NOT RUN: {package} cannot be installed here (python3 -m venv, pip install {package})"
            );
            return None;
        }
        std::fs::write(&done, "").expect("written");
    }
    Some(python)
}
