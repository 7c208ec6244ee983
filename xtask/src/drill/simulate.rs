//! The seeded simulation of an office, many seeds to a process: a point is the first seed and the last. A failing
//! seed is named by the workload, and runs again by itself. Refuses to know what a seed does.

use super::ground::{Ground, Stand, output, shown};

/// Seeds that one process runs: starting one then costs nothing beside them.
pub(super) const SEEDS_A_POINT: u64 = 50;

/// Runs of seeds, one after the other.
pub(crate) fn points(_: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    let runs = (0..wanted as u64).map(|n| seed + n * SEEDS_A_POINT);
    Ok(runs
        .map(|first| format!("{first}..={}", first + SEEDS_A_POINT - 1))
        .collect())
}

/// Runs the seeds of a point; one seed alone is a point too.
pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let (first, last) = point.split_once("..=").unwrap_or((point, point));
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|_| format!("{point} is no seed and no run of seeds"))
    };
    let (first, last) = (number(first)?, number(last)?);
    let count = (last + 1).saturating_sub(first);
    let (seed, many) = (first.to_string(), count.to_string());
    let folder = stand.folder.to_string_lossy().into_owned();
    let words = [
        "simulate", "--seed", &seed, "--count", &many, "--folder", &folder,
    ];
    let ended = output(&mut stand.ground.workload(&words))?;
    if !ended.status.success() {
        return Err(shown(&ended));
    }
    Ok(format!("{count} seeds agree with the judge"))
}
