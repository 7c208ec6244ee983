//! One bit of one file turned over: the ledger's own verification says so, or the flip is proved harmless (every
//! row of every table, read by another program, is as before). A point is `SEED:FILE:NUMBER`; byte and bit
//! follow from the number.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::ground::{Ground, Stand, copy, output, shown};

/// Files that are struck, and how often of ten.
const FILES: [(&str, usize); 4] = [
    ("book.db", 7),
    ("book.db-wal", 2),
    ("book.db.key", 1),
    ("book.db.lock", 0),
];

pub(crate) fn points(_: &Ground, wanted: usize, seed: u64) -> Result<Vec<String>, String> {
    let files: Vec<&str> = FILES
        .iter()
        .flat_map(|(file, times)| std::iter::repeat_n(*file, *times))
        .collect();
    Ok((0..wanted)
        .map(|n| format!("{}:{}:{n}", seed + (n / 500) as u64, files[n % files.len()]))
        .collect())
}

/// A number that follows from another.
fn mixed(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

pub(crate) fn strike(stand: &mut Stand<'_>, point: &str) -> Result<String, String> {
    let parts: Vec<&str> = point.split(':').collect();
    let &[seed, file, number] = parts.as_slice() else {
        return Err(format!("{point} is no point of this part"));
    };
    let number: u64 = number
        .parse()
        .map_err(|_| format!("{number} is no number"))?;
    let log = file.ends_with("-wal");
    let kept = template(stand.ground, seed, log)?;
    copy(&kept, &stand.folder)?;
    let path = stand.path(file);
    let mut bytes = std::fs::read(&path).map_err(|cause| format!("{file}: {cause}"))?;
    if bytes.is_empty() {
        return Ok(format!("{file}: empty"));
    }
    let drawn = mixed(number.wrapping_mul(31).wrapping_add(7));
    let at = usize::try_from(drawn % bytes.len() as u64).expect("within the file");
    bytes[at] ^= 1 << ((drawn >> 48) & 7);
    std::fs::write(&path, &bytes).map_err(|cause| format!("{file}: {cause}"))?;
    let book = stand.path("book.db");
    let text = book.to_string_lossy().into_owned();
    let looked = output(&mut stand.ground.workload(&["verify", "--ledger", &text]))?;
    match looked.status.code() {
        Some(1 | 2) => return Ok(format!("{file}: found")),
        Some(0) => {}
        _ => {
            return Err(format!(
                "verify of a flipped {file} (byte {at}): {}",
                shown(&looked)
            ));
        }
    }
    if dump(stand.ground, &book)? == read(&kept.join("dump"))? {
        return Ok(format!("{file}: harmless, every row as before"));
    }
    if log {
        // What stands behind a broken frame of the log is as if it had never come. The book that is left is sound
        // in itself; only who holds a receipt or a checkpoint can know of the rest, and the judge does.
        let receipts = stand.path("first");
        return match stand.judge.look(&book, &[&receipts]) {
            Err(said) if said.contains("LOST") => Ok(format!("{file}: found by receipts alone")),
            Err(said) => Err(said),
            Ok(()) => Ok(format!("{file}: nothing acknowledged is touched")),
        };
    }
    Err(format!(
        "byte {at} of {file} was turned over and the book was called sound"
    ))
}

/// A book of a hundred deeds: with all of it in the file, or some in the log. Made once.
fn template(ground: &Ground, seed: &str, log: bool) -> Result<PathBuf, String> {
    let kept = ground.place.join(format!("flips-{seed}-{log}"));
    if kept.join("dump").exists() {
        return Ok(kept);
    }
    let making = kept.with_extension(format!("{:?}", std::thread::current().id()));
    std::fs::create_dir_all(&making).map_err(|cause| cause.to_string())?;
    let (book, acks) = (making.join("book.db"), making.join("first"));
    let (book, acks) = (book.to_string_lossy(), acks.to_string_lossy());
    let mut words = vec!["deeds", "--seed", seed, "--count", "100"];
    words.extend(["--writers", "2", "--ledger", &book, "--acks", &acks]);
    quiet(ground, &words)?;
    if !log {
        // The last to leave copies the log back.
        quiet(ground, &["verify", "--ledger", &book])?;
    }
    // Looked at beside, so that the looking does not copy the log back.
    let beside = making.with_extension(format!("beside-{:?}", std::thread::current().id()));
    copy(&making, &beside)?;
    let seen = dump(ground, &beside.join("book.db"))?;
    let _ = std::fs::remove_dir_all(&beside);
    std::fs::write(making.join("dump"), seen).map_err(|cause| cause.to_string())?;
    if std::fs::rename(&making, &kept).is_err() {
        let _ = std::fs::remove_dir_all(&making);
    }
    Ok(kept)
}

fn quiet(ground: &Ground, words: &[&str]) -> Result<(), String> {
    let ended = output(&mut ground.workload(words))?;
    if ended.status.success() {
        Ok(())
    } else {
        Err(format!("a book could not be made: {}", shown(&ended)))
    }
}

/// Every row of every table, as another program reads them.
fn dump(ground: &Ground, book: &Path) -> Result<String, String> {
    let mut judge = Command::new("python3");
    judge.arg(ground.root.join("tools/judge.py")).arg("--dump");
    let ended = output(judge.arg("--ledger").arg(book))?;
    Ok(String::from_utf8_lossy(&ended.stdout).trim().to_owned())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|cause| format!("{}: {cause}", path.display()))
}
