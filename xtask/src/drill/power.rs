//! Power cuts: a file system of its own is shut down in mid-flight (nothing of its log or its dirty pages reaches
//! the device any more), the process is killed, and what the device holds is mounted again and judged. A point is
//! `FS:SEED:K`: the cut comes after the K-th line of answers was read; K = 0 is the book just made. Answers lie on
//! another file system, and only those read before the cut count: a process that still lives may be told of a
//! sync that came to nothing.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use super::ground::{Ground, Stand, output, shown};
use super::kill::thin;

/// The kernel's `_IOR('X', 125, __u32)` with 2: stop at once, write nothing more.
const CUT: &str = "import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

/// Tries to unmount, a few milliseconds each.
const UNMOUNTS_MAX: usize = 500;

/// Bytes of an image: the least that each file system takes.
fn size_of(kind: &str) -> &'static str {
    if kind == "xfs" { "320M" } else { "48M" }
}

/// Lines after which to cut: from the book just made to some hundred deeds.
const LINES: [usize; 24] = [
    0, 1, 2, 3, 4, 5, 7, 9, 12, 15, 19, 24, 30, 38, 48, 60, 75, 90, 110, 130, 150, 170, 190, 210,
];

pub(crate) fn points(kind: &str, wanted: usize, seed: u64) -> Vec<String> {
    let seeds = wanted.div_ceil(LINES.len()) as u64;
    let all = (seed..seed + seeds)
        .flat_map(|seed| {
            LINES
                .iter()
                .map(move |line| format!("{kind}:{seed}:{line}"))
        })
        .collect();
    thin(all, wanted)
}

/// A file system in a file, mounted; unmounted when dropped.
pub(crate) struct Mounted<'a> {
    at: &'a Path,
}

impl<'a> Mounted<'a> {
    /// Makes a file system and mounts it.
    pub(crate) fn make(kind: &str, size: &str, image: &Path, at: &'a Path) -> Result<Self, String> {
        fs::create_dir_all(at).map_err(|cause| format!("{}: {cause}", at.display()))?;
        quietly(Command::new("truncate").args(["-s", size]).arg(image))?;
        let mut mkfs = Command::new(format!("mkfs.{kind}"));
        mkfs.arg(if kind == "xfs" { "-f" } else { "-F" })
            .arg("-q")
            .arg(image);
        quietly(&mut mkfs)?;
        Self::mount(image, at)
    }

    /// Mounts what an image holds.
    pub(crate) fn mount(image: &Path, at: &'a Path) -> Result<Self, String> {
        quietly(
            Command::new("mount")
                .args(["-o", "loop"])
                .arg(image)
                .arg(at),
        )?;
        Ok(Mounted { at })
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        // Whoever was killed may need a moment to let go of its files.
        for _ in 0..UNMOUNTS_MAX {
            if quietly(Command::new("umount").arg(self.at)).is_ok() {
                return;
            }
        }
        let _ = quietly(Command::new("umount").arg("-l").arg(self.at));
    }
}

/// Runs it; an error says what it printed.
pub(crate) fn quietly(command: &mut Command) -> Result<(), String> {
    let ended = output(command)?;
    if ended.status.success() {
        Ok(())
    } else {
        Err(format!(
            "{}: {}",
            crate::house::shown(command),
            shown(&ended)
        ))
    }
}

pub(crate) fn lacks_ext4(ground: &Ground) -> Option<String> {
    ground.lacks_mounts("mkfs.ext4")
}

pub(crate) fn lacks_xfs(ground: &Ground) -> Option<String> {
    ground.lacks_mounts("mkfs.xfs")
}

/// One cut.
pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let parts: Vec<&str> = point.split(':').collect();
    let &[kind, seed, lines] = parts.as_slice() else {
        return Err(format!("{point} is no point of this part"));
    };
    let lines: usize = lines.parse().map_err(|_| format!("{lines} is no number"))?;
    let (image, at) = (stand.path("image"), stand.path("mnt"));
    let book = at.join("book.db");
    let first = stand.path("first");
    let told = {
        let _mounted = Mounted::make(kind, size_of(kind), &image, &at)?;
        let words = [
            "deeds",
            "--seed",
            seed,
            "--count",
            "400",
            "--writers",
            "3",
            "--acks",
            "-",
            "--ledger",
        ];
        let mut workload = stand.ground.bare(&words);
        let mut child = workload
            .arg(&book)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|cause| format!("the workload: {cause}"))?;
        let mut answers = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let mut told = String::new();
        for _ in 0..=lines {
            answers
                .read_line(&mut told)
                .map_err(|cause| cause.to_string())?;
        }
        quietly(Command::new("python3").args(["-c", CUT]).arg(&at))?;
        let _ = child.kill();
        let mut rest = String::new();
        let _ = answers.read_to_string(&mut rest);
        let _ = child.wait();
        // What was asked after the cut may be there or not; what was answered then proves nothing.
        for line in rest
            .lines()
            .filter(|line| line.starts_with("ask ") && line.len() > 70)
        {
            told += line;
            told.push('\n');
        }
        fs::write(&first, &told).map_err(|cause| cause.to_string())?;
        told
    };
    let _mounted = Mounted::mount(&image, &at)?;
    stand.judge.look(&book, &[&first])?;
    let acked = told.lines().filter(|line| line.starts_with("ack ")).count();
    let count = (told.lines().filter(|line| line.starts_with("ask ")).count() + 5).to_string();
    let how = stand.settle(
        &book,
        &first,
        &["--seed", seed, "--count", &count],
        acked % 4 == 0,
    )?;
    Ok(format!("cut; {how}"))
}
