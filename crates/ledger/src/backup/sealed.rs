//! A sealed file of a backup: a head in clear, then chunks that are compressed and sealed one by one, so that
//! any size passes through little memory. A chunk opens only in its place, and only the last one ends the file:
//! cutting short, changing places and splicing are all seen. Knows nothing of what is inside.

use super::key::BackupKey;
use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce, Tag};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use std::io::{Error, ErrorKind, Read, Write};
use vocabulary::BookId;

/// What every file of a backup begins with.
const MAGIC: &[u8; 8] = b"yiben-bk";

/// The version of the format; a greater one is a later program's.
const VERSION: u8 = 1;

/// Bytes of a head.
pub(super) const HEAD: usize = 60;

/// Bytes of plain text in a full chunk.
const CHUNK: usize = 1 << 20;

/// A chunk that does not shrink is sealed as it is; a longer one is none of ours.
const SEALED_MAX: usize = CHUNK + TAG;

/// Set in a chunk's length when it is the last.
const LAST: u32 = 1 << 31;

/// Set in a chunk's length when it is compressed.
const PACKED: u32 = 1 << 30;

const TAG: usize = 16;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Transactions.
    Segment,
    /// The keys of subjects, and the book's own.
    Keys,
    /// What belongs together.
    Manifest,
}

impl Kind {
    fn byte(self) -> u8 {
        match self {
            Kind::Segment => 1,
            Kind::Keys => 2,
            Kind::Manifest => 3,
        }
    }
}

/// The head of a file, in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) book: BookId,
    /// The key that seals it.
    pub(super) key: [u8; 8],
    /// Drawn for each file: no two files share a key of their own.
    pub(super) id: [u8; 16],
    /// The transactions it speaks of.
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Head {
    fn bytes(&self) -> [u8; HEAD] {
        let mut out = [0; HEAD];
        out[..8].copy_from_slice(MAGIC);
        out[8] = VERSION;
        out[9] = self.kind.byte();
        out[12..20].copy_from_slice(&self.book.to_be_bytes());
        out[20..28].copy_from_slice(&self.key);
        out[28..44].copy_from_slice(&self.id);
        out[44..52].copy_from_slice(&self.from.to_be_bytes());
        out[52..60].copy_from_slice(&self.to.to_be_bytes());
        out
    }

    /// Reads a head; what is none of ours is broken.
    pub(super) fn read(from: &mut impl Read) -> Result<Head, Error> {
        let mut bytes = [0; HEAD];
        from.read_exact(&mut bytes)?;
        let eight = |at: usize| -> [u8; 8] { bytes[at..at + 8].try_into().expect("eight bytes") };
        let kind = [Kind::Segment, Kind::Keys, Kind::Manifest]
            .into_iter()
            .find(|kind| kind.byte() == bytes[9]);
        let head = kind.map(|kind| Head {
            kind,
            book: i64::from_be_bytes(eight(12)),
            key: eight(20),
            id: bytes[28..44].try_into().expect("sixteen bytes"),
            from: i64::from_be_bytes(eight(44)),
            to: i64::from_be_bytes(eight(52)),
        });
        // Writing it again says whether every byte was understood.
        head.filter(|head| head.bytes() == bytes)
            .ok_or_else(|| broken("its head is not one of ours"))
    }
}

/// A file whose bytes are not what was written.
pub(super) fn broken(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what.to_owned())
}

/// What sealing and opening share.
struct Sealer {
    cipher: Aes256Gcm,
    head: [u8; HEAD],
    count: u64,
}

impl Sealer {
    fn new(key: &BackupKey, head: &Head) -> Sealer {
        let head = head.bytes();
        let own = key.of_file(&head);
        Sealer {
            cipher: Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&*own)),
            head,
            count: 0,
        }
    }

    /// The next chunk's nonce and what it must stand beside.
    fn place(&mut self, flags: u32) -> ([u8; 12], Vec<u8>) {
        let mut nonce = [0; 12];
        nonce[4..].copy_from_slice(&self.count.to_be_bytes());
        let mut about = self.head.to_vec();
        about.extend_from_slice(&self.count.to_be_bytes());
        about.extend_from_slice(&flags.to_be_bytes());
        self.count += 1;
        (nonce, about)
    }
}

/// Writes a sealed file.
pub(super) struct Sealing<W: Write> {
    out: W,
    sealer: Sealer,
    plain: Vec<u8>,
    written: u64,
}

impl<W: Write> Sealing<W> {
    /// Begins a file; the head's key is set to the one that seals it.
    pub(super) fn begin(mut out: W, key: &BackupKey, head: &Head) -> Result<Sealing<W>, Error> {
        let head = Head {
            key: key.name(),
            ..*head
        };
        let sealer = Sealer::new(key, &head);
        out.write_all(&sealer.head)?;
        Ok(Sealing {
            out,
            sealer,
            plain: Vec::with_capacity(CHUNK),
            written: u64::try_from(HEAD).expect("a head is short"),
        })
    }

    fn seal(&mut self, last: bool) -> Result<(), Error> {
        let mut packed = DeflateEncoder::new(Vec::with_capacity(CHUNK / 2), Compression::fast());
        packed.write_all(&self.plain)?;
        let mut text = packed.finish()?;
        let mut flags = if last { LAST | PACKED } else { PACKED };
        if text.len() >= self.plain.len() {
            flags &= !PACKED;
            text.clone_from(&self.plain);
        }
        let (nonce, about) = self.sealer.place(flags);
        let tag = self
            .sealer
            .cipher
            .encrypt_in_place_detached(Nonce::from_slice(&nonce), &about, &mut text)
            .expect("a chunk is far below the limit of AES-GCM");
        let length = u32::try_from(text.len() + TAG).expect("a chunk is short");
        self.out.write_all(&(length | flags).to_be_bytes())?;
        self.out.write_all(&text)?;
        self.out.write_all(&tag)?;
        self.written += u64::try_from(4 + text.len() + TAG).expect("a chunk is short");
        self.plain.clear();
        Ok(())
    }

    /// Closes the file; answers what it was written to and its size.
    pub(super) fn finish(mut self) -> Result<(W, u64), Error> {
        self.seal(true)?;
        self.out.flush()?;
        Ok((self.out, self.written))
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        if self.plain.len() == CHUNK {
            self.seal(false)?;
        }
        let some = bytes.len().min(CHUNK - self.plain.len());
        self.plain.extend_from_slice(&bytes[..some]);
        Ok(some)
    }

    fn flush(&mut self) -> Result<(), Error> {
        // A chunk is sealed when it is full or the last: sealing a part would say where writing paused.
        Ok(())
    }
}

/// Reads a sealed file. Bytes come only from chunks that were found to be as they were written.
pub(super) struct Opening<R: Read> {
    from: R,
    sealer: Sealer,
    sealed: Vec<u8>,
    plain: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Opening<R> {
    /// Begins to read behind the head.
    pub(super) fn begin(from: R, key: &BackupKey, head: &Head) -> Opening<R> {
        Opening {
            from,
            sealer: Sealer::new(key, head),
            sealed: Vec::new(),
            plain: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    fn next(&mut self) -> Result<(), Error> {
        let mut length = [0; 4];
        self.from.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length);
        let flags = length & (LAST | PACKED);
        let length = usize::try_from(length & !flags).unwrap_or(usize::MAX);
        if !(TAG..=SEALED_MAX).contains(&length) {
            return Err(broken("a chunk has no sensible length"));
        }
        self.sealed.resize(length, 0);
        self.from.read_exact(&mut self.sealed)?;
        let (nonce, about) = self.sealer.place(flags);
        let (text, tag) = self.sealed.split_at_mut(length - TAG);
        self.sealer
            .cipher
            .decrypt_in_place_detached(
                Nonce::from_slice(&nonce),
                &about,
                text,
                Tag::from_slice(tag),
            )
            .map_err(|_| broken("a chunk does not open"))?;
        self.plain.clear();
        self.at = 0;
        if flags & PACKED == 0 {
            self.plain.extend_from_slice(text);
        } else {
            let limit = u64::try_from(CHUNK + 1).expect("a chunk is short");
            DeflateDecoder::new(&*text)
                .take(limit)
                .read_to_end(&mut self.plain)?;
        }
        if self.plain.len() > CHUNK {
            return Err(broken("a chunk is larger than chunks are"));
        }
        self.ended = flags & LAST != 0;
        if self.ended && self.from.read(&mut [0])? != 0 {
            return Err(broken("something follows the last chunk"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize, Error> {
        while self.at == self.plain.len() {
            if self.ended || into.is_empty() {
                return Ok(0);
            }
            self.next()?;
        }
        let some = into.len().min(self.plain.len() - self.at);
        into[..some].copy_from_slice(&self.plain[self.at..self.at + some]);
        self.at += some;
        Ok(some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> BackupKey {
        BackupKey::draw(&mut |bytes: &mut [u8]| bytes.fill(seed))
    }

    fn head() -> Head {
        Head {
            kind: Kind::Segment,
            book: 7,
            key: [0; 8],
            id: [3; 16],
            from: 1,
            to: 9,
        }
    }

    fn file(plain: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::begin(Vec::new(), &key(1), &head()).expect("begun");
        sealing.write_all(plain).expect("written");
        sealing.finish().expect("sealed").0
    }

    fn open(bytes: &[u8], key: &BackupKey) -> Result<Vec<u8>, Error> {
        let mut from = bytes;
        let head = Head::read(&mut from)?;
        let mut plain = Vec::new();
        Opening::begin(from, key, &head).read_to_end(&mut plain)?;
        Ok(plain)
    }

    /// Text over several chunks that does not shrink to nothing; with a full mask it does not shrink at all.
    fn text(mask: u8) -> Vec<u8> {
        let mut state = 1_u32;
        let bytes = (0..CHUNK * 2 + 77).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0] & mask
        });
        bytes.collect()
    }

    #[test]
    fn what_is_sealed_opens_and_only_under_its_key() {
        for plain in [
            Vec::new(),
            b"a".to_vec(),
            vec![5; CHUNK],
            text(0x3f),
            text(0xff),
        ] {
            let sealed = file(&plain);
            assert_eq!(open(&sealed, &key(1)).expect("opens"), plain);
            assert!(open(&sealed, &key(2)).is_err());
        }
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_seen() {
        let sealed = file(&text(0x3f));
        let borders = {
            let mut at = HEAD;
            let mut list = vec![at];
            while at < sealed.len() {
                let length = u32::from_be_bytes(sealed[at..at + 4].try_into().expect("four"));
                at += 4 + usize::try_from(length & !(LAST | PACKED)).expect("short");
                list.push(at);
            }
            list
        };
        assert_eq!(borders.len(), 4, "three chunks");
        for border in &borders[..3] {
            for cut in [border - 1, *border, border + 1, border + 4] {
                assert!(open(&sealed[..cut], &key(1)).is_err(), "cut at {cut}");
            }
        }
        assert!(open(&sealed[..sealed.len() - 1], &key(1)).is_err());
        let mut longer = sealed.clone();
        longer.push(0);
        assert!(open(&longer, &key(1)).is_err());
        for at in (0..sealed.len())
            .step_by(sealed.len() / 19)
            .chain([8, 9, 10, 44, 59])
        {
            let mut changed = sealed.clone();
            changed[at] ^= 4;
            assert!(open(&changed, &key(1)).is_err(), "byte {at}");
        }
        // The first two chunks change places.
        let mut swapped = sealed[..HEAD].to_vec();
        swapped.extend_from_slice(&sealed[borders[1]..borders[2]]);
        swapped.extend_from_slice(&sealed[borders[0]..borders[1]]);
        swapped.extend_from_slice(&sealed[borders[2]..]);
        assert!(open(&swapped, &key(1)).is_err());
        // The last chunk of another file.
        let mut spliced = sealed[..borders[2]].to_vec();
        let other = Sealing::begin(
            Vec::new(),
            &key(1),
            &Head {
                id: [4; 16],
                ..head()
            },
        );
        let other = other.and_then(Sealing::finish).expect("sealed").0;
        spliced.extend_from_slice(&other[HEAD..]);
        assert!(open(&spliced, &key(1)).is_err());
    }
}
