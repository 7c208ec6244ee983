//! Files that leave the office: written whole under another name, synced, then named; never half a file under the
//! name asked for. A name that ends in `.gz` is compressed. Refuses to know what is in them.

use crate::error::OfficeError;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// The ending of a file that is not whole yet.
const PART: &str = "part";

/// Larger than any text that is handed in: a receipt holds one body, and a body at most a pack's files.
const TEXT_MAX: u64 = 64 << 20;

/// A file on its way out.
pub(crate) struct Leaving {
    path: PathBuf,
    part: PathBuf,
    sink: Sink,
}

enum Sink {
    Plain(BufWriter<File>),
    Packed(Box<GzEncoder<BufWriter<File>>>),
}

impl Leaving {
    /// Begins the file.
    pub(crate) fn new(path: &Path) -> Result<Leaving, OfficeError> {
        let mut part = path.as_os_str().to_owned();
        part.push(".");
        part.push(PART);
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|source| fault(path, source))?;
        let file = BufWriter::with_capacity(1 << 16, file);
        let sink = if path.extension().is_some_and(|end| end == "gz") {
            Sink::Packed(Box::new(GzEncoder::new(file, Compression::fast())))
        } else {
            Sink::Plain(file)
        };
        Ok(Leaving {
            path: path.to_owned(),
            part,
            sink,
        })
    }

    /// A line, its end added.
    pub(crate) fn line(&mut self, line: &str) -> std::io::Result<()> {
        let sink: &mut dyn Write = match &mut self.sink {
            Sink::Plain(file) => file,
            Sink::Packed(file) => file,
        };
        sink.write_all(line.as_bytes())?;
        sink.write_all(b"\n")
    }

    /// The file is whole: onto the disk, then under its name.
    pub(crate) fn done(self) -> Result<(), OfficeError> {
        let Leaving { path, part, sink } = self;
        let whole = || -> std::io::Result<()> {
            let file = match sink {
                Sink::Plain(file) => file,
                Sink::Packed(file) => file.finish()?,
            };
            let file = file.into_inner().map_err(|error| error.into_error())?;
            file.sync_all()?;
            std::fs::rename(&part, &path)?;
            sync_folder(&path)
        };
        whole().map_err(|source| {
            let _ = std::fs::remove_file(&part);
            fault(&path, source)
        })
    }

    /// The file will not be whole.
    pub(crate) fn give_up(self) {
        let _ = std::fs::remove_file(&self.part);
    }
}

/// A whole file at once.
pub(crate) fn leave(path: &Path, text: &str) -> Result<(), OfficeError> {
    let mut file = Leaving::new(path)?;
    match file.line(text.strip_suffix('\n').unwrap_or(text)) {
        Ok(()) => file.done(),
        Err(source) => {
            file.give_up();
            Err(fault(path, source))
        }
    }
}

/// A small text that somebody hands in: a checkpoint, a proof.
pub(crate) fn handed_in(path: &Path) -> Result<String, OfficeError> {
    let read = || -> std::io::Result<String> {
        let mut text = String::new();
        let size = File::open(path)?
            .take(TEXT_MAX + 1)
            .read_to_string(&mut text)?;
        if u64::try_from(size).unwrap_or(u64::MAX) > TEXT_MAX {
            return Err(std::io::Error::other(
                "larger than any checkpoint or receipt",
            ));
        }
        Ok(text)
    };
    read().map_err(|source| fault(path, source))
}

pub(crate) fn fault(path: &Path, source: std::io::Error) -> OfficeError {
    OfficeError::File {
        path: path.display().to_string(),
        source,
    }
}

/// A name is on the disk when its folder is; only Unix lets a folder be synced.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_only_when_it_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.ndjson.gz");
        let mut file = Leaving::new(&path).expect("a file");
        file.line("one").expect("a line");
        assert!(!path.exists());
        file.done().expect("whole");
        let mut text = String::new();
        flate2::read::GzDecoder::new(File::open(&path).expect("there"))
            .read_to_string(&mut text)
            .expect("compressed");
        assert_eq!(text, "one\n");
        Leaving::new(&path).expect("a file").give_up();
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 1);
    }
}
