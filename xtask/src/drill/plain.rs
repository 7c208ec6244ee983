//! Runs without an injected fault: everything said twice, the clock leaping, another program at the door, a disk
//! that only reads, memory that runs out. A point is a seed, with what the part needs behind a colon.

use std::path::Path;
use std::process::{Command, Stdio};

use super::ground::{Ground, Stand, output, shown};
use super::power::{Mounted, quietly};
use crate::house::has_program;

/// Deeds of one run: enough for every kind.
const COUNT: &str = "120";

fn said(stand: &Stand<'_>, over: &[&str], words: &[&str]) -> Result<i32, String> {
    let ended = output(&mut stand.ground.under(over, words))?;
    ended
        .status
        .code()
        .ok_or_else(|| format!("the workload ended with {}", shown(&ended)))
}

/// Everything said by four clients, said again, judged and verified.
pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    twice(stand, point, &[], &["--clock", "system", "--readers", "1"])
}

/// The same with a clock that leaps.
pub(crate) fn leaping(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let (seed, how) = point.split_once(':').unwrap_or((point, "argument"));
    match how {
        "forwards" => twice(stand, seed, &["faketime", "-f", "+365d"], &[]),
        "back" => {
            // First now, then the whole again a day earlier: the book's last time lies ahead of the clock.
            let first = run(stand, seed, &[], &["--count", "60"], "first")?;
            let second = run(
                stand,
                seed,
                &["faketime", "-f", "-1d"],
                &["--count", COUNT],
                "second",
            )?;
            ended(stand, first, second)
        }
        _ => twice(stand, seed, &[], &["--clock", "leaping"]),
    }
}

pub(crate) fn clock_points(_: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    let hows: &[&str] = if has_program("faketime") {
        &["argument", "forwards", "back"]
    } else {
        println!("faketime is not installed: the clock leaps by an argument of the workload alone");
        &["argument"]
    };
    Ok((0..wanted)
        .map(|n| format!("{}:{}", seed + n as u64, hows[n % hows.len()]))
        .collect())
}

fn run(
    stand: &Stand<'_>,
    seed: &str,
    over: &[&str],
    more: &[&str],
    log: &str,
) -> Result<i32, String> {
    let (book, log) = (stand.text("book.db"), stand.text(log));
    let mut words = vec!["deeds", "--seed", seed, "--writers", "4"];
    words.extend(["--ledger", &book, "--acks", &log]);
    words.extend(more);
    if !more.contains(&"--count") {
        words.extend(["--count", COUNT]);
    }
    said(stand, over, &words)
}

fn twice(
    stand: &mut Stand<'_>,
    seed: &str,
    over: &[&str],
    more: &[&str],
) -> Result<String, String> {
    let first = run(stand, seed, over, more, "first")?;
    let second = run(stand, seed, &[], &[], "second")?;
    ended(stand, first, second)
}

fn ended(stand: &mut Stand<'_>, first: i32, second: i32) -> Result<String, String> {
    let (book, one, two) = (
        stand.path("book.db"),
        stand.path("first"),
        stand.path("second"),
    );
    stand.judge.look(&book, &[&one, &two])?;
    if (first, second) != (0, 0) {
        return Err(format!(
            "without a fault the workload ended with {first} and {second}"
        ));
    }
    stand.verified(&book)?;
    Ok("sound".to_owned())
}

/// A second program that wants to write, while the first does: it is told who writes, and nothing is worse. With
/// root, the same on a disk that only reads.
pub(crate) fn door(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let (seed, how) = point.split_once(':').unwrap_or((point, "two"));
    if how == "reading" {
        return only_reading(stand, seed);
    }
    let (book, first) = (stand.text("book.db"), stand.text("first"));
    let mut words = vec!["deeds", "--seed", seed, "--count", "4000", "--writers", "2"];
    words.extend(["--ledger", &book, "--acks", &first]);
    let mut child = stand
        .ground
        .bare(&words)
        .stdin(Stdio::null())
        .spawn()
        .map_err(|cause| cause.to_string())?;
    while !super::ground::answered(Path::new(&first), "ack ") {
        if child.try_wait().is_ok_and(|ended| ended.is_some()) {
            return Err("the first program ended at once".to_owned());
        }
    }
    let second = stand.text("second");
    let other = [
        "deeds", "--seed", "99", "--count", "3", "--ledger", &book, "--acks", &second,
    ];
    let refused = output(&mut stand.ground.workload(&other));
    let read = output(&mut stand.ground.workload(&["read", "--ledger", &book]));
    let _ = child.kill();
    let _ = child.wait();
    let (refused, read) = (refused?, read?);
    if refused.status.code() != Some(2) || !shown(&refused).contains("L007") {
        return Err(format!("a second writer was let in: {}", shown(&refused)));
    }
    if !read.status.success() {
        return Err(format!(
            "a reader beside a writer was refused: {}",
            shown(&read)
        ));
    }
    stand.judge.look(Path::new(&book), &[Path::new(&first)])?;
    stand.verified(Path::new(&book))?;
    Ok("refused, and said who writes".to_owned())
}

pub(crate) fn door_points(
    ground: &Ground,
    wanted: usize,
    seed: u64,
) -> Result<Vec<String>, String> {
    let reading = ground.lacks_mounts("mkfs.ext4");
    if let Some(why) = &reading {
        println!("a disk that only reads is skipped: {why}");
    }
    Ok((0..wanted)
        .map(|n| {
            let how = if n % 2 == 1 && reading.is_none() {
                "reading"
            } else {
                "two"
            };
            format!("{}:{how}", seed + n as u64)
        })
        .collect())
}

/// A disk mounted to be read only: writing is refused in words, reading goes on, no byte is changed.
fn only_reading(stand: &mut Stand<'_>, seed: &str) -> Result<String, String> {
    let (image, at, log) = (stand.path("image"), stand.path("mnt"), stand.text("first"));
    let book = at.join("book.db").to_string_lossy().into_owned();
    let _mounted = Mounted::make("ext4", "48M", &image, &at)?;
    let words = [
        "deeds", "--seed", seed, "--count", "20", "--ledger", &book, "--acks", &log,
    ];
    if said(stand, &[], &words)? != 0 {
        return Err("a book could not be made".to_owned());
    }
    let read = ["read", "--ledger", &book];
    let before = output(&mut stand.ground.workload(&read))?;
    quietly(Command::new("mount").args(["-o", "remount,ro"]).arg(&at))?;
    let refused = output(&mut stand.ground.workload(&words))?;
    let after = output(&mut stand.ground.workload(&read))?;
    quietly(Command::new("mount").args(["-o", "remount,rw"]).arg(&at))?;
    if refused.status.code() != Some(2) || !shown(&refused).contains("L008") {
        return Err(format!("writing to a read-only disk: {}", shown(&refused)));
    }
    if !after.status.success() || after.stdout != before.stdout {
        return Err(format!("reading from a read-only disk: {}", shown(&after)));
    }
    stand.judge.look(Path::new(&book), &[Path::new(&log)])?;
    Ok("refused, and read on".to_owned())
}

/// Memory that runs out: an address space of so many mebibytes, with a wide deed among the others.
pub(crate) fn starve(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let (seed, mebibytes) = point.split_once(':').unwrap_or((point, "64"));
    let bytes: u64 = mebibytes
        .parse()
        .map_err(|_| format!("{mebibytes} is no number"))?;
    let limit = format!("--as={}", bytes << 20);
    let (book, first) = (stand.text("book.db"), stand.text("first"));
    let words = [
        "deeds",
        "--seed",
        seed,
        "--count",
        "60",
        "--writers",
        "2",
        "--ledger",
        &book,
        "--acks",
        &first,
    ];
    let ended = output(&mut stand.ground.under(&["prlimit", &limit], &words))?;
    let how = stand.settle(
        Path::new(&book),
        Path::new(&first),
        &["--seed", seed, "--count", "60"],
        true,
    )?;
    let ended = match ended.status.code() {
        Some(0) => "enough",
        Some(2) => "not opened, and said so",
        Some(3) => "unknown, and stopped",
        _ => "ended by itself",
    };
    Ok(format!("{ended}; {how}"))
}

/// From too little to start with to enough for everything.
pub(crate) fn memory_points(_: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    Ok((0..wanted)
        .map(|n| format!("{}:{}", seed + n as u64, 8 + n * 480 / wanted))
        .collect())
}

pub(crate) fn lacks_prlimit(_: &Ground) -> Option<String> {
    (!has_program("prlimit")).then(|| "prlimit is not installed".to_owned())
}

pub(crate) fn lacks_nothing(_: &Ground) -> Option<String> {
    None
}
