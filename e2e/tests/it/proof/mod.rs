//! The second verifier of `tools/`, which shares no code with the binary, agrees with it on every hash and finds every
//! hand in the ledger's file. Needs python3; without it these tests say aloud that they were skipped.

mod export; // the chain as a file
mod forged; // receipts and proofs, changed
mod tampered; // the ledger, changed

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use e2e::{Answer, Desk, root};
use serde_json::Value;

/// A small book, made once; tests write in copies.
fn hamlet() -> Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| book(&[])).copy()
}

/// The same, chained by SM3.
fn hamlet_sm3() -> Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| book(&["--sm3"])).copy()
}

/// The small book, a checkpoint of it that was kept outside, `old.txt`, and a deed after that.
fn grown() -> Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    let made = || {
        let desk = hamlet();
        desk.yiben(&["checkpoint", "-o", "old.txt"]).done();
        let rows = "常住人口信息表,,,,,,\n统计截止：2022年12月28日,,,,,,\n村,户编号,农户类型,承包地（亩）,姓名,性别,出生日期\n\
                    上坪村,0010,一般户,3.2,陈大河,男,1975-06-18\n";
        let file = desk.file("补录.csv", rows.as_bytes());
        desk.import(&[&file]).done();
        desk
    };
    DESK.get_or_init(made).copy()
}

fn book(more: &[&str]) -> Desk {
    let desk = Desk::empty();
    let pack = root().join("packs/hamlet").to_string_lossy().into_owned();
    let mut args = vec!["init", "--pack", &pack, "--book", "511729105000"];
    args.extend(["--name", "小坪乡"]);
    args.extend(more);
    desk.yiben(&args).done();
    let examples = root().join("packs/hamlet/examples");
    desk.import(&[&examples.to_string_lossy()]).done();
    desk
}

/// Whether python3 is here; says so when not.
fn python_is_here() -> bool {
    let here = Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    if !here {
        let said = "SKIPPED: python3 is not here, so the second verifier judged nothing";
        let _ = writeln!(std::io::stderr(), "{said}");
    }
    here
}

/// Runs a tool of the project in a desk's folder.
fn tool(desk: &Desk, name: &str, args: &[&str]) -> Answer {
    let output = Command::new("python3")
        .arg(root().join("tools").join(name))
        .args(args)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(desk.path(""))
        .output()
        .expect("python3 starts");
    Answer::new(format!("{name} {}", args.join(" ")), &output)
}

/// What the second verifier says of files in a desk's folder.
#[track_caller]
fn judged(desk: &Desk, code: i32, files: &[&str]) -> Value {
    let mut args = vec!["--json"];
    args.extend(files);
    tool(desk, "verify.py", &args).ended(code).json()
}

/// The codes of what it found.
fn codes(said: &Value, list: &str) -> Vec<String> {
    let found = said[list].as_array().expect("a list");
    let mut codes: Vec<String> = found
        .iter()
        .map(|one| one["code"].as_str().unwrap_or_default().to_owned())
        .collect();
    codes.dedup();
    codes
}

/// A file of the desk as text.
fn read(desk: &Desk, name: &str) -> String {
    let path: &Path = &desk.path(name);
    std::fs::read_to_string(path).expect("a text in our own folder")
}
