//! kill -9 at every write-like and sync call of the workload, and errors injected there, once and for good.
//! A point is `MODE:SEED:CALL:FAULT:n`: `fresh` makes its book, `grown` goes on with one whose log was not
//! copied back; n is counted by strace for each thread.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::ground::{Ground, Stand, answered, copy, output, shown};

/// Deeds of one run.
const COUNT: &str = "40";

/// Calls that change a file or make it durable.
const CALLS: [&str; 7] = [
    "pwrite64",
    "fsync",
    "fdatasync",
    "write",
    "ftruncate",
    "openat",
    "unlink",
];

/// Errors that a disk gives.
const ERRORS: [&str; 2] = ["EIO", "ENOSPC"];

/// Kill points: every call of as many seeds as are needed.
pub(crate) fn kill_points(
    ground: &Ground,
    wanted: usize,
    seed: u64,
) -> Result<Vec<String>, String> {
    spread(ground, wanted, seed, &|mode, seed, call, n| {
        vec![format!("{mode}:{seed}:{call}:KILL:{n}")]
    })
}

/// Error points: each error at each call, once and for good.
pub(crate) fn error_points(
    ground: &Ground,
    wanted: usize,
    seed: u64,
) -> Result<Vec<String>, String> {
    spread(ground, wanted, seed, &|mode, seed, call, n| {
        let mut points = Vec::new();
        // Without room nothing is unlinked or shortened for lack of it.
        for error in ERRORS
            .iter()
            .filter(|error| call != "unlink" || **error == "EIO")
        {
            points.push(format!("{mode}:{seed}:{call}:{error}:{n}"));
            points.push(format!("{mode}:{seed}:{call}:{error}:{n}+"));
        }
        points
    })
}

/// All points of as many seeds as are needed, evenly thinned to the number wanted.
fn spread(
    ground: &Ground,
    wanted: usize,
    seed: u64,
    make: &dyn Fn(&str, u64, &str, usize) -> Vec<String>,
) -> Result<Vec<String>, String> {
    let mut points = Vec::new();
    let mut seeds = seed..;
    while points.len() < wanted {
        let seed = seeds.next().expect("seeds do not end");
        for mode in ["fresh", "grown"] {
            for (call, most) in counted(ground, mode, seed)? {
                for n in 1..=most {
                    points.extend(make(mode, seed, &call, n));
                }
            }
        }
    }
    Ok(thin(points, wanted))
}

/// So many of the points, evenly spread.
pub(crate) fn thin(points: Vec<String>, wanted: usize) -> Vec<String> {
    let all = points.len();
    if all <= wanted {
        return points;
    }
    (0..wanted)
        .map(|n| points[n * all / wanted].clone())
        .collect()
}

/// How often each call is made by the thread that makes it most, in a run without a fault.
fn counted(ground: &Ground, mode: &str, seed: u64) -> Result<Vec<(String, usize)>, String> {
    let stand = Stand::new(ground, &format!("count-{mode}"))?;
    let run = Run::prepare(&stand, mode, seed)?;
    let trace = stand.text("trace");
    let over = [&run.strace(&trace)[..], &run.paths()].concat();
    let over: Vec<&str> = over.iter().map(String::as_str).collect();
    let words = run.words();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ended = output(&mut ground.under(&over, &words))?;
    if !ended.status.success() {
        return Err(format!(
            "without a fault the workload ended with {}",
            shown(&ended)
        ));
    }
    let text = std::fs::read_to_string(&trace).map_err(|cause| format!("{trace}: {cause}"))?;
    let mut times: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (Some(thread), Some(_), Some(call)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let call = call.split('(').next().unwrap_or_default();
        if let Some(call) = CALLS.iter().find(|known| **known == call) {
            *times.entry((thread.to_owned(), call)).or_default() += 1;
        }
    }
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, call), times) in times {
        let kept = most.entry(call.to_owned()).or_default();
        *kept = times.max(*kept);
    }
    Ok(most.into_iter().collect())
}

/// One run of the workload.
struct Run {
    folder: PathBuf,
    seed: u64,
    grown: bool,
}

impl Run {
    /// An empty folder, or a book with a log that was not copied back.
    fn prepare(stand: &Stand<'_>, mode: &str, seed: u64) -> Result<Run, String> {
        let run = Run {
            folder: stand.folder.clone(),
            seed,
            grown: mode == "grown",
        };
        if run.grown {
            let kept = stand.ground.place.join(format!("grown-{seed}"));
            if !kept.join("ready").exists() {
                grow(stand.ground, &kept, seed)?;
            }
            copy(&kept, &stand.folder)?;
        }
        Ok(run)
    }

    fn words(&self) -> Vec<String> {
        let (book, acks) = (self.folder.join("book.db"), self.folder.join("first"));
        let mut words = vec![
            "deeds".to_owned(),
            "--ledger".to_owned(),
            book.to_string_lossy().into_owned(),
            "--acks".to_owned(),
            acks.to_string_lossy().into_owned(),
        ];
        words.extend(self.again().map(str::to_owned));
        words.extend(["--seed".to_owned(), self.seed.to_string()]);
        words
    }

    /// A grown book has more clients, so that groups of several deeds are struck too.
    fn again(&self) -> impl Iterator<Item = &'static str> {
        let writers = if self.grown { "4" } else { "1" };
        let from = if self.grown { "40" } else { "0" };
        ["--count", COUNT, "--from", from, "--writers", writers].into_iter()
    }

    fn strace(&self, trace: &str) -> Vec<String> {
        let calls = format!("trace={}", CALLS.join(","));
        ["strace", "-f", "-y", "-ttt", "-o", trace, "-e", &calls]
            .map(str::to_owned)
            .to_vec()
    }

    /// Only the book's files are struck: a log of answers that cannot be written proves nothing.
    fn paths(&self) -> Vec<String> {
        let mut words = Vec::new();
        for ending in ["", "-wal", "-shm", "-journal", ".key", ".lock"] {
            words.push("-P".to_owned());
            let path = self.folder.join(format!("book.db{ending}"));
            words.push(path.to_string_lossy().into_owned());
        }
        words.push("-P".to_owned());
        words.push(self.folder.to_string_lossy().into_owned());
        words
    }
}

/// A book of forty deeds whose writer was killed, so that its log holds what the file does not.
fn grow(ground: &Ground, kept: &Path, seed: u64) -> Result<(), String> {
    let making = kept.with_extension(format!("{:?}", std::thread::current().id()));
    std::fs::create_dir_all(&making).map_err(|cause| cause.to_string())?;
    let (book, acks) = (making.join("book.db"), making.join("first"));
    let seed = seed.to_string();
    let words = [
        "deeds",
        "--count",
        COUNT,
        "--seed",
        &seed,
        "--ledger",
        &book.to_string_lossy(),
        "--acks",
        &acks.to_string_lossy(),
    ];
    let ended = output(&mut ground.workload(&words))?;
    if !ended.status.success() {
        return Err(format!("a book could not be grown: {}", shown(&ended)));
    }
    std::fs::write(making.join("ready"), "").map_err(|cause| cause.to_string())?;
    // Another thread may have been quicker: either book will do.
    if std::fs::rename(&making, kept).is_err() {
        let _ = std::fs::remove_dir_all(&making);
    }
    Ok(())
}

/// One fault at one call.
pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let parts: Vec<&str> = point.split(':').collect();
    let &[mode, seed, call, fault, when] = parts.as_slice() else {
        return Err(format!("{point} is no point of this part"));
    };
    let seed: u64 = seed.parse().map_err(|_| format!("{seed} is no seed"))?;
    let run = Run::prepare(stand, mode, seed)?;
    let trace = stand.text("trace");
    let mut over = run.strace(&trace);
    over.extend(run.paths());
    let what = if fault == "KILL" {
        format!("inject={call}:signal=SIGKILL:when={when}")
    } else {
        format!("inject={call}:error={fault}:when={when}")
    };
    over.extend(["-e".to_owned(), what]);
    let over: Vec<&str> = over.iter().map(String::as_str).collect();
    let words = run.words();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ended = output(&mut stand.ground.under(&over, &words))?;
    let log = stand.path("first");
    let text = std::fs::read_to_string(&trace).unwrap_or_default();
    if fault != "KILL" {
        if !matches!(ended.status.code(), Some(0 | 2 | 3)) {
            return Err(format!("the workload ended with {}", shown(&ended)));
        }
        after_failed_sync(&text, &log, run.grown)?;
    }
    let hit = fault == "KILL" && !ended.status.success() || text.contains("(INJECTED)");
    let seed = seed.to_string();
    let mut again: Vec<&str> = run.again().collect();
    again.extend(["--seed", &seed]);
    let verify = when.trim_end_matches('+').ends_with(['0', '5']);
    // What the judge sees before anything heals it.
    if when.trim_end_matches('+').ends_with('3') && answered(&log, "made ") {
        stand.judge.look(&stand.folder.join("book.db"), &[&log])?;
    }
    let how = stand.settle(&stand.folder.join("book.db").clone(), &log, &again, verify)?;
    let ended = match (hit, ended.status.code()) {
        (false, _) => "not reached",
        (true, Some(0)) => "borne",
        (true, Some(2)) => "not opened, and said so",
        (true, Some(3)) => "unknown, and stopped",
        (true, _) => "killed",
    };
    Ok(format!("{ended}; {how}"))
}

/// Whether something was written to the log since its last good sync, so that the failed one had anybody to disappoint:
/// closing syncs a log once more that every answer has already waited for.
fn waits(trace: &str, failed: &str) -> bool {
    let log = trace.lines().filter(|line| line.contains("-wal>"));
    let mut waiting = false;
    for line in log.take_while(|line| *line != failed) {
        if line.contains("pwrite64(") {
            waiting = true;
        } else if line.contains("sync(") && line.ends_with("= 0") {
            waiting = false;
        }
    }
    waiting
}

/// A sync of the log failed: nothing is acknowledged by that process any more, and it ends within a second.
fn after_failed_sync(trace: &str, log: &Path, grown: bool) -> Result<(), String> {
    let failed = trace.lines().find(|line| {
        line.contains("sync(") && line.contains("-wal>") && line.contains("(INJECTED)")
    });
    let Some(failed) = failed else {
        return Ok(());
    };
    if !waits(trace, failed) {
        return Ok(());
    }
    let at = |line: &str| -> f64 {
        let word = line.split_whitespace().nth(1);
        word.and_then(|word| word.parse().ok()).unwrap_or(0.0)
    };
    let last = trace.lines().last().map_or(0.0, at);
    if last - at(failed) > 1.0 {
        return Err(format!(
            "went on for {:.1} s after a failed sync",
            last - at(failed)
        ));
    }
    // With several clients an answer of the group before may be written a moment later; one client knows.
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let last = text
        .lines()
        .rfind(|line| line.starts_with("ack ") && line.contains(" new "));
    let unknown = text.lines().any(|line| line.starts_with("unknown "));
    let opened = text
        .lines()
        .any(|line| line.starts_with("made ") || line.starts_with("open "));
    if opened && !grown && !unknown {
        return Err(format!(
            "a sync failed and nobody was told; the last answer was {last:?}"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::waits;

    #[test]
    fn a_sync_that_nobody_waits_for_disappoints_nobody() {
        let failed = "7 3.0 fsync(4</b/book.db-wal>) = -1 EIO (INJECTED)";
        let wrote = "7 1.0 pwrite64(4</b/book.db-wal>, 1, 1, 0) = 1";
        let synced = "7 2.0 fdatasync(4</b/book.db-wal>) = 0";
        let other = "7 2.5 pwrite64(3</b/book.db>, 1, 1, 0) = 1";
        let trace = |lines: &[&str]| lines.join("\n");
        assert!(!waits(&trace(&[wrote, synced, other, failed]), failed));
        assert!(waits(&trace(&[synced, wrote, failed]), failed));
        assert!(waits(&trace(&[wrote, failed]), failed));
    }
}
