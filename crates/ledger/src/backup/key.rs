//! The key of a backup: 32 bytes that are kept apart from the ledger, as a text that can be printed on paper and
//! typed in again. Every line carries its own check, so that a mistyped one is named. Knows no folder.

use crate::entropy::Entropy;
use crate::error::LedgerError;
use crate::hash::{HashAlg, Keyed};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use zeroize::Zeroizing;

/// The first line of a key file.
const TITLE: &str = "yiben-backup-key-1";

/// Crockford's letters: none that is read for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Lines of a key, bytes of the key in each, and bytes of check after them: ten bytes are sixteen letters.
const LINES: usize = 4;
const PART: usize = 8;
const CHECK: usize = 2;
const TEXT: usize = 16;

/// What opens a backup folder.
pub struct BackupKey {
    bytes: Zeroizing<[u8; 32]>,
    mac: Keyed,
}

impl BackupKey {
    fn new(bytes: Zeroizing<[u8; 32]>) -> BackupKey {
        let mac = Keyed::new(HashAlg::Sha256, &*bytes);
        BackupKey { bytes, mac }
    }

    /// A new key.
    pub fn draw(entropy: &mut dyn Entropy) -> BackupKey {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(&mut *bytes);
        BackupKey::new(bytes)
    }

    /// Reads a key file. Small letters, spaces and dashes do not matter, nor do lines that begin with `#`.
    pub fn read(path: &Path) -> Result<BackupKey, LedgerError> {
        let text = match std::fs::read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(LedgerError::NoBackupKey(path.to_owned()));
            }
            Err(error) => return Err(super::folder::fault(path, &error)),
        };
        let wrong = |line: usize| LedgerError::BackupKeyText {
            path: path.to_owned(),
            line,
        };
        let text = std::str::from_utf8(&text).map_err(|_| wrong(0))?;
        BackupKey::parse(text).map_err(wrong)
    }

    /// From its text; the error is the number of the line that is wrong, 0 for the whole.
    fn parse(text: &str) -> Result<BackupKey, usize> {
        let mut lines = text.lines().enumerate().filter(|(_, line)| {
            let line = line.trim();
            !line.is_empty() && !line.starts_with('#')
        });
        match lines.next() {
            Some((_, title)) if letters(title).eq(letters(TITLE)) => {}
            _ => return Err(0),
        }
        let mut bytes = Zeroizing::new([0; 32]);
        for part in 0..LINES {
            let (number, line) = lines.next().ok_or(0_usize)?;
            let read = read_line(line).ok_or(number + 1)?;
            if read[PART..] != check(part, &read[..PART]) {
                return Err(number + 1);
            }
            bytes[part * PART..(part + 1) * PART].copy_from_slice(&read[..PART]);
        }
        match lines.next() {
            Some((number, _)) => Err(number + 1),
            None => Ok(BackupKey::new(bytes)),
        }
    }

    /// Its text.
    fn text(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(format!("{TITLE}\n"));
        for part in 0..LINES {
            let bytes = &self.bytes[part * PART..(part + 1) * PART];
            let mut line = Zeroizing::new([0; PART + CHECK]);
            line[..PART].copy_from_slice(bytes);
            line[PART..].copy_from_slice(&check(part, bytes));
            write_line(&line, &mut out);
        }
        out
    }

    /// Writes it into a new file that only its owner reads; never over another file.
    pub fn write(&self, path: &Path) -> Result<(), LedgerError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let fault = |error: std::io::Error| super::folder::fault(path, &error);
        let mut file = options.open(path).map_err(fault)?;
        file.write_all(self.text().as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(fault)?;
        super::folder::sync_above(path)
    }

    /// What a file says of the key that seals it: enough to tell keys apart, nothing to guess one by.
    pub(super) fn name(&self) -> [u8; 8] {
        let code = self.mac.code(&[b"yiben-backup-key-name"]);
        code[..8].try_into().expect("8 of 32 bytes")
    }

    /// The key of one file, which its head belongs to.
    pub(super) fn of_file(&self, head: &[u8]) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.mac.code(&[b"yiben-backup-file", head]))
    }
}

/// The check of a line: it knows its place, so that two lines that change places are seen.
fn check(part: usize, bytes: &[u8]) -> [u8; CHECK] {
    let place = [u8::try_from(part).expect("four lines")];
    let hash = HashAlg::Sha256.hash(&[TITLE.as_bytes(), &place, bytes]);
    [hash[0], hash[1]]
}

/// Ten bytes as four groups of four letters.
fn write_line(bytes: &[u8; PART + CHECK], out: &mut String) {
    let mut bits = 0_u32;
    let mut waiting = 0;
    let mut count = 0;
    for byte in bytes {
        bits = (bits << 8) | u32::from(*byte);
        waiting += 8;
        while waiting >= 5 {
            waiting -= 5;
            let digit = usize::try_from((bits >> waiting) & 31).expect("five bits");
            if count > 0 && count % 4 == 0 {
                out.push('-');
            }
            out.push(char::from(LETTERS[digit]));
            count += 1;
        }
        bits &= (1 << waiting) - 1;
    }
    let _ = writeln!(out);
}

/// What was meant by what was typed: large letters, without what only separates them.
fn letters(line: &str) -> impl Iterator<Item = u8> {
    let typed = line.trim().bytes();
    let typed = typed.filter(|b| !matches!(b, b'-' | b' ' | b'\t'));
    typed.map(|letter| match letter.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    })
}

/// The ten bytes of a line.
fn read_line(line: &str) -> Option<Zeroizing<[u8; PART + CHECK]>> {
    let mut out = Zeroizing::new([0; PART + CHECK]);
    let (mut bits, mut waiting, mut at, mut count) = (0_u32, 0, 0, 0);
    for letter in letters(line) {
        let digit = LETTERS.iter().position(|known| *known == letter)?;
        count += 1;
        if count > TEXT {
            return None;
        }
        bits = (bits << 5) | u32::try_from(digit).expect("five bits");
        waiting += 5;
        if waiting >= 8 {
            waiting -= 8;
            out[at] = u8::try_from((bits >> waiting) & 255).expect("eight bits");
            at += 1;
            bits &= (1 << waiting) - 1;
        }
    }
    (count == TEXT).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> BackupKey {
        let mut next = 0_u8;
        BackupKey::draw(&mut |bytes: &mut [u8]| {
            for byte in bytes {
                next = next.wrapping_mul(73).wrapping_add(41);
                *byte = next;
            }
        })
    }

    #[test]
    fn a_key_reads_back_as_people_type_it() {
        let key = key();
        let text = key.text();
        for typed in [
            text.to_string(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('0', "o").replace('1', "l"),
            format!("# kept by the archive\n\n{}\n", *text),
        ] {
            let read = BackupKey::parse(&typed).map_err(|line| format!("line {line}: {typed}"));
            assert_eq!(*read.expect("reads").bytes, *key.bytes);
        }
    }

    #[test]
    fn a_mistyped_line_is_named() {
        let text = key().text().to_string();
        let lines: Vec<&str> = text.lines().collect();
        for (n, line) in lines.iter().enumerate().skip(1) {
            let other = if line.starts_with('7') { "8" } else { "7" };
            let wrong = format!("{other}{}", &line[1..]);
            let typed = text.replace(line, &wrong);
            assert_eq!(BackupKey::parse(&typed).err(), Some(n + 1), "{typed}");
        }
        let swapped = format!("{}\n{}\n{}\n", lines[0], lines[2], lines[1]);
        assert_eq!(BackupKey::parse(&swapped).err(), Some(2));
        assert_eq!(BackupKey::parse("anything").err(), Some(0));
        assert_eq!(BackupKey::parse(&format!("{TITLE}\n")).err(), Some(0));
        assert_eq!(
            BackupKey::parse(&format!("{text}{}", lines[1])).err(),
            Some(6)
        );
    }
}
