//! Photos and scans, by the hash of their content, in a folder beside the ledger. What is kept is the picture alone:
//! where and when it was taken, by what and by whom is taken out before it is hashed. Refuses to know what record one
//! belongs to.

mod picture; // what a file is by its content, and the picture without what is written about it

use crate::limits::ATTACHMENT_PIXELS_MAX;
use crate::previews::make_private;
use picture::{Shape, shape};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The longer side of a preview, in points.
const PREVIEW_SIDE: u32 = 480;

/// Pictures up to this many points get a preview: it is unpacked whole in memory, three bytes a point.
const PREVIEW_PIXELS_MAX: u64 = 50_000_000;

/// Where attachments lie.
pub(crate) struct Attachments {
    folder: PathBuf,
    /// One preview at a time is made: each unpacks a whole picture.
    making: Mutex<()>,
}

/// An attachment that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) hash: String,
    pub(crate) kind: &'static str,
    pub(crate) bytes: u64,
    /// Width and height, of a picture.
    pub(crate) size: Option<(u32, u32)>,
    /// Whether something was taken out of it.
    pub(crate) stripped: bool,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unkept {
    /// It is none of the types that are kept, or broken.
    #[error("no such type")]
    Type,
    /// It unpacks to more points than allowed.
    #[error("too many points")]
    Flood,
    /// The disk.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Attachments {
    pub(crate) fn new(folder: &Path) -> Attachments {
        Attachments {
            folder: folder.to_owned(),
            making: Mutex::new(()),
        }
    }

    /// A file that an upload is written into before it is looked at.
    pub(crate) fn begin(&self) -> io::Result<tempfile::NamedTempFile> {
        make_private(&self.folder)?;
        tempfile::Builder::new()
            .prefix(".in-")
            .tempfile_in(&self.folder)
    }

    /// Looks at an upload and keeps it; it is on the disk when this returns.
    pub(crate) fn keep(&self, upload: &Path) -> Result<Kept, Unkept> {
        let sent = std::fs::read(upload)?;
        let Shape { kind, size, clean } = shape(&sent).ok_or(Unkept::Type)?;
        let points = size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
        if points > ATTACHMENT_PIXELS_MAX {
            return Err(Unkept::Flood);
        }
        let stripped = clean.len() != sent.len();
        let hash: String = Sha256::digest(&clean)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let path = self.place(&hash);
        let parent = path.parent().unwrap_or(&self.folder);
        make_private(parent)?;
        if !path.exists() {
            let mut file = tempfile::Builder::new()
                .prefix(".in-")
                .tempfile_in(&self.folder)?;
            file.write_all(&clean)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            // The name is as durable as the content only when its folders are.
            File::open(parent)?.sync_all()?;
            File::open(&self.folder)?.sync_all()?;
        }
        Ok(Kept {
            hash,
            kind,
            bytes: clean.len() as u64,
            size,
            stripped,
        })
    }

    /// The file of a hash, with its type by content.
    pub(crate) fn find(&self, hash: &str) -> Option<(&'static str, PathBuf)> {
        let fits = hash.len() == 64 && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let path = self.place(fits.then_some(hash)?);
        let mut head = [0_u8; 8];
        io::Read::read_exact(&mut File::open(&path).ok()?, &mut head).ok()?;
        Some((picture::kind(&head)?, path))
    }

    /// A small JPEG of a picture; none of what is no picture or too large to unpack.
    pub(crate) fn preview(&self, hash: &str) -> Result<Option<PathBuf>, Unkept> {
        let Some((_, path)) = self.find(hash) else {
            return Ok(None);
        };
        let small = path.with_extension("preview");
        if small.exists() {
            return Ok(Some(small));
        }
        let _one = self
            .making
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let bytes = std::fs::read(&path)?;
        let Some(Shape {
            size: Some((w, h)), ..
        }) = shape(&bytes)
        else {
            return Ok(None);
        };
        if u64::from(w) * u64::from(h) > PREVIEW_PIXELS_MAX {
            return Ok(None);
        }
        let Ok(picture) = image::load_from_memory(&bytes) else {
            return Ok(None);
        };
        let picture = picture.thumbnail(PREVIEW_SIDE, PREVIEW_SIDE).to_rgb8();
        let mut file = tempfile::Builder::new()
            .prefix(".in-")
            .tempfile_in(&self.folder)?;
        let mut jpeg = io::Cursor::new(Vec::new());
        let written = picture.write_to(&mut jpeg, image::ImageFormat::Jpeg);
        written.map_err(|_| Unkept::Type)?;
        file.write_all(jpeg.get_ref())?;
        file.persist(&small).map_err(|error| error.error)?;
        Ok(Some(small))
    }

    fn place(&self, hash: &str) -> PathBuf {
        let (first, rest) = hash.split_at(2);
        self.folder.join(first).join(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(store: &Attachments, bytes: &[u8]) -> Result<Kept, Unkept> {
        let mut upload = store.begin().expect("a file");
        upload.write_all(bytes).expect("written");
        store.keep(upload.path())
    }

    fn photo(format: image::ImageFormat) -> Vec<u8> {
        let mut bytes = io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(64, 32, |x, y| image::Rgb([x as u8, y as u8, 7]));
        picture.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    }

    #[test]
    fn a_photo_is_kept_once_by_its_hash_and_has_a_preview() {
        let home = tempfile::tempdir().expect("a folder");
        let store = Attachments::new(&home.path().join("files"));
        for (format, kind) in [
            (image::ImageFormat::Jpeg, "image/jpeg"),
            (image::ImageFormat::Png, "image/png"),
        ] {
            let bytes = photo(format);
            let first = kept(&store, &bytes).expect("kept");
            assert_eq!((first.kind, first.size), (kind, Some((64, 32))));
            assert_eq!(kept(&store, &bytes).expect("kept").hash, first.hash);
            let (found, path) = store.find(&first.hash).expect("found");
            assert_eq!(found, kind);
            image::load_from_memory(&std::fs::read(path).expect("read")).expect("still a picture");
            let small = store
                .preview(&first.hash)
                .expect("made")
                .expect("a preview");
            assert!(picture::kind(&std::fs::read(small).expect("read")).is_some());
        }
    }

    #[test]
    fn what_lies_about_its_type_and_what_floods_is_refused() {
        let home = tempfile::tempdir().expect("a folder");
        let store = Attachments::new(&home.path().join("files"));
        for bytes in [
            &b"<svg onload=alert(1)>"[..],
            b"MZ\x90\0",
            b"",
            b"\xff\xd8\xff\xe0",
        ] {
            assert!(
                matches!(kept(&store, bytes), Err(Unkept::Type)),
                "{bytes:?}"
            );
        }
        let mut flood = photo(image::ImageFormat::Png);
        flood[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(matches!(kept(&store, &flood), Err(Unkept::Flood)));
        assert!(store.find("../../../etc/passwd").is_none());
    }
}
