//! Looks for planted people in bytes, in every dress that a program may leave them in: UTF-8, UTF-16 either way round,
//! wide digits, digits with blanks or dashes, integers as SQLite keeps them, inside zip and gzip.
//! Refuses to know where the bytes are from.

use std::collections::{BTreeSet, HashSet};
use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;

use super::people::Person;

/// Digits of an ID number that say who it is: without its order among those of one day, and one of that.
const ID_PART: usize = 15;

/// Byte strings of one length, found in one pass.
struct Needles {
    width: usize,
    /// Whether any of them begins with these two bytes.
    begins: Vec<bool>,
    all: HashSet<Vec<u8>>,
}

impl Needles {
    fn new(all: impl IntoIterator<Item = Vec<u8>>) -> Needles {
        let all: HashSet<Vec<u8>> = all.into_iter().collect();
        let mut begins = vec![false; 1 << 16];
        for one in &all {
            begins[usize::from(one[0]) << 8 | usize::from(one[1])] = true;
        }
        let width = all.iter().map(Vec::len).next().unwrap_or(2);
        assert!(all.iter().all(|one| one.len() == width));
        Needles { width, begins, all }
    }

    fn find<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = &'b [u8]> {
        bytes.windows(self.width).filter(|part| {
            self.begins[usize::from(part[0]) << 8 | usize::from(part[1])]
                && self.all.contains(*part)
        })
    }
}

/// Looks for people.
pub(super) struct Scanner {
    digits: Vec<Needles>,
    integers: Vec<Needles>,
    names: Vec<Needles>,
}

impl Scanner {
    pub(super) fn new(people: &[Person]) -> Scanner {
        let text =
            |of: fn(&Person) -> &str| people.iter().map(move |one| of(one).as_bytes().to_vec());
        let int = |digits: &str| digits.parse::<u64>().ok().map(u64::to_be_bytes);
        let utf16 =
            |name: &str, one: fn(u16) -> [u8; 2]| name.encode_utf16().flat_map(one).collect();
        Scanner {
            digits: vec![
                Needles::new(text(|one| &one.id[..ID_PART])),
                Needles::new(text(|one| &one.phone)),
                Needles::new(text(|one| &one.card)),
            ],
            integers: vec![
                Needles::new(people.iter().filter_map(|one| Some(int(&one.id)?.to_vec()))),
                Needles::new(
                    people
                        .iter()
                        .filter_map(|one| Some(int(&one.phone)?[2..].to_vec())),
                ),
            ],
            names: vec![
                Needles::new(people.iter().map(|one| one.name.as_bytes().to_vec())),
                Needles::new(people.iter().map(|one| utf16(&one.name, u16::to_le_bytes))),
                Needles::new(people.iter().map(|one| utf16(&one.name, u16::to_be_bytes))),
            ],
        }
    }

    /// ID numbers, phones and bank cards in some bytes.
    pub(super) fn numbers(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        unpacked(bytes, &mut |bytes| {
            for run in runs(bytes) {
                for needles in &self.digits {
                    found.extend(
                        needles
                            .find(&run)
                            .map(|digits| String::from_utf8_lossy(digits).into()),
                    );
                }
            }
            for needles in &self.integers {
                found.extend(
                    needles
                        .find(bytes)
                        .map(|bytes| format!("as an integer {bytes:02x?}")),
                );
            }
        });
        found
    }

    /// Names in some bytes.
    pub(super) fn names(&self, bytes: &[u8]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        unpacked(bytes, &mut |bytes| {
            for needles in &self.names {
                found.extend(
                    needles
                        .find(bytes)
                        .map(|name| match std::str::from_utf8(name) {
                            Ok(name) => name.to_owned(),
                            Err(_) => format!("in UTF-16 {name:02x?}"),
                        }),
                );
            }
        });
        found
    }
}

/// The bytes themselves, and what is packed in them as far as it opens: a killed program leaves halves, and a key of
/// random bytes may begin like any file.
fn unpacked(bytes: &[u8], look: &mut dyn FnMut(&[u8])) {
    look(bytes);
    if bytes.starts_with(b"PK\x03\x04") {
        let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
            return;
        };
        for at in 0..archive.len() {
            let mut inner = Vec::new();
            if let Ok(mut member) = archive.by_index(at) {
                let _ = member.read_to_end(&mut inner);
            }
            unpacked(&inner, look);
        }
    } else if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut inner = Vec::new();
        let _ = MultiGzDecoder::new(bytes).read_to_end(&mut inner);
        unpacked(&inner, look);
    }
}

/// Runs of digits, long enough for a phone, without what stands between groups of them.
fn runs(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut runs = Vec::new();
    let mut run: Vec<u8> = Vec::new();
    let mut gap = 0;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (digit, length) = match rest {
            [digit @ b'0'..=b'9', ..] => (Some(*digit), 1),
            [0xef, 0xbc, wide @ 0x90..=0x99, ..] => (Some(wide - 0x90 + b'0'), 3),
            // UTF-16 writes a zero beside each digit; blanks and dashes stand between groups.
            [0 | b' ' | b'-', ..] => (None, 1),
            [0xc2, 0xa0, ..] => (None, 2),
            [0xe3, 0x80, 0x80, ..] => (None, 3),
            _ => {
                gap = usize::MAX;
                (None, 1)
            }
        };
        at += length;
        match digit {
            Some(digit) => {
                run.push(digit);
                gap = 0;
            }
            None => gap = gap.saturating_add(1),
        }
        if gap > 4 && !run.is_empty() {
            if run.len() >= 11 {
                runs.push(std::mem::take(&mut run));
            }
            run.clear();
        }
        if gap == usize::MAX {
            gap = 5;
        }
    }
    runs.extend((run.len() >= 11).then_some(run));
    runs
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::people::people;
    use super::*;

    /// A scanner that finds nothing proves nothing.
    #[test]
    fn what_is_planted_is_found_in_every_dress() {
        let people = people();
        let scanner = Scanner::new(&people);
        let one = &people[417];
        let utf16 = |text: &str, one: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(one).collect()
        };
        let numbers = [&one.id, &one.phone, &one.card];
        for number in numbers {
            let grouped = |mark: &str| {
                format!(
                    "{}{mark}{}{mark}{}",
                    &number[..4],
                    &number[4..8],
                    &number[8..]
                )
            };
            let wide: String = number
                .chars()
                .map(|c| {
                    c.to_digit(10)
                        .and_then(|d| char::from_u32(0xff10 + d))
                        .unwrap_or(c)
                })
                .collect();
            for text in [
                number.clone(),
                grouped(" "),
                grouped("-"),
                grouped("\u{3000}"),
                wide,
            ] {
                let around = format!("身份“{text}”，");
                let mut dresses = vec![around.clone().into_bytes()];
                if text.is_ascii() {
                    dresses.push(utf16(&around, u16::to_le_bytes));
                    dresses.push(utf16(&around, u16::to_be_bytes));
                }
                for bytes in dresses {
                    assert_eq!(scanner.numbers(&bytes).len(), 1, "{text}");
                    assert_eq!(scanner.numbers(&zipped(&bytes)).len(), 1, "{text} in zip");
                    assert_eq!(
                        scanner.numbers(&packed(&zipped(&bytes))).len(),
                        1,
                        "{text} in both"
                    );
                }
            }
        }
        let by_digits = people
            .iter()
            .find(|one| !one.id.ends_with('X'))
            .expect("most");
        let int = by_digits.id.parse::<i64>().expect("digits").to_be_bytes();
        assert_eq!(scanner.numbers(&[&[6], &int[..], &[1]].concat()).len(), 1);
        let int = one.phone.parse::<i64>().expect("digits").to_be_bytes();
        assert_eq!(scanner.numbers(&[&[5], &int[2..], &[1]].concat()).len(), 1);
        for bytes in [
            one.name.clone().into_bytes(),
            utf16(&one.name, u16::to_le_bytes),
            utf16(&one.name, u16::to_be_bytes),
        ] {
            let around = [b"ab", &bytes[..], b"c"].concat();
            assert_eq!(scanner.names(&around).len(), 1);
            assert_eq!(scanner.names(&packed(&around)).len(), 1);
        }
    }

    #[test]
    fn what_is_starred_or_another_number_is_not() {
        let people = people();
        let scanner = Scanner::new(&people);
        let text = format!(
            "**************{}，511729102000200001，2022-12-31 2023-01-01",
            &people[3].id[14..]
        );
        assert!(scanner.numbers(text.as_bytes()).is_empty());
        assert!(scanner.names("邓映雪".as_bytes()).is_empty());
    }

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/a.xml", zip::write::SimpleFileOptions::default())
            .expect("a member");
        zip.write_all(bytes).expect("written");
        zip.finish().expect("whole").into_inner()
    }

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).expect("written");
        gz.finish().expect("whole")
    }
}
