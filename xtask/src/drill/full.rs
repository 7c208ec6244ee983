//! A disk that fills up and is freed again: writes are refused in words, reads go on, nothing acknowledged is
//! lost, and writes work again within ten seconds. A point is a seed and the size of the disk in mebibytes.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::ground::Stand;
use super::power::Mounted;
use super::{Ground, kill};

/// What is freed at the end.
const BALLAST: u64 = 6 << 20;

/// Writes work again within so long.
const AGAIN_MAX: Duration = Duration::from_secs(10);

/// Refusals that are awaited before room is made.
const REFUSALS: usize = 40;

pub(crate) fn points(_: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    let all = (0..wanted)
        .map(|n| format!("{}:{}", seed + n as u64, 16 + n % 7))
        .collect();
    Ok(kill::thin(all, wanted))
}

pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let (seed, size) = point.split_once(':').ok_or("a point is SEED:MEBIBYTES")?;
    let (image, at, first) = (stand.path("image"), stand.path("mnt"), stand.path("first"));
    let book = at.join("book.db");
    let _mounted = Mounted::make("ext4", &format!("{size}M"), &image, &at)?;
    let ballast = at.join("ballast");
    let taken = vec![7_u8; usize::try_from(BALLAST).expect("six mebibytes")];
    std::fs::write(&ballast, taken).map_err(|cause| format!("ballast: {cause}"))?;
    let (mut told, mut refused, mut unread) = (String::new(), 0, 0);
    let (mut freed, mut again, mut starts) = (None, None, 0);
    // A writer that stops when it does not know is begun again, as whoever runs it would.
    while again.is_none() && starts < 5 {
        starts += 1;
        let words = [
            "deeds",
            "--seed",
            seed,
            "--count",
            "200000",
            "--writers",
            "2",
        ];
        let mut workload = stand.ground.bare(&words);
        workload
            .args(["--readers", "1", "--acks", "-", "--ledger"])
            .arg(&book);
        let mut child = workload
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|cause| format!("the workload: {cause}"))?;
        let answers = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let mut lines = answers.lines();
        for line in lines.by_ref() {
            let line = line.map_err(|cause| cause.to_string())?;
            let no = line.starts_with("no ") && line.contains(" L");
            refused += usize::from(no || line.starts_with("unknown "));
            unread += usize::from(line.starts_with("unread "));
            let room: Option<Instant> = freed;
            if room.is_some() && line.starts_with("ack ") && line.contains(" new ") {
                again = room.map(|room| room.elapsed());
            }
            told += &line;
            told.push('\n');
            if freed.is_none() && (refused >= REFUSALS || line.starts_with("unknown ")) {
                std::fs::remove_file(&ballast).map_err(|cause| format!("ballast: {cause}"))?;
                freed = Some(Instant::now());
            }
            if again.is_some() || room.is_some_and(|room| room.elapsed() > AGAIN_MAX) {
                break;
            }
        }
        let _ = child.kill();
        // What was asked and answered until it died: each line was one write.
        for line in lines.map_while(Result::ok) {
            told += &line;
            told.push('\n');
        }
        let _ = child.wait();
    }
    std::fs::write(&first, &told).map_err(|cause| cause.to_string())?;
    if refused == 0 {
        return Err("the disk was full and nothing was refused".to_owned());
    }
    if unread > 0 {
        return Err(format!("{unread} reads failed while the disk was full"));
    }
    let Some(again) = again else {
        return Err(format!(
            "no write within {} s after room was made",
            AGAIN_MAX.as_secs()
        ));
    };
    stand.judge.look(&book, &[&first])?;
    stand.verified(&book)?;
    let begun = if starts == 1 {
        "without a new start"
    } else {
        "after a new start"
    };
    Ok(if again > AGAIN_MAX {
        format!("late, {begun}")
    } else {
        format!("refused, then written {begun}")
    })
}
