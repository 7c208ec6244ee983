//! A backup folder on the disk: its file names, files that are whole or not there, and the lock that lets one
//! backup at a time into it. Knows nothing of what is inside its files.

use crate::error::LedgerError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufWriter, Error, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file that names what belongs together.
pub(super) const MANIFEST: &str = "manifest";

/// The file of erasures that were told to the folder after its last backup.
pub(super) const ERASED: &str = "erased.ndjson";

/// Begins the names of files that are being written.
const HALF: &str = ".half-";

/// Ends the names of segments.
const SEGMENT: &str = ".seg";

/// Begins the names of files of keys.
const KEYS: &str = "keys-";

/// The name of the segment with these transactions.
pub(super) fn segment_name(from: i64, to: i64) -> String {
    format!("{from:010}-{to:010}{SEGMENT}")
}

/// The name of the file of keys with this id.
pub(super) fn keys_name(id: &[u8; 16]) -> String {
    format!("{KEYS}{}", crate::hash::hex(&id[..8]))
}

/// An error of the operating system about a path.
pub(crate) fn fault(path: &Path, error: &Error) -> LedgerError {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            LedgerError::ReadOnly(path.to_owned())
        }
        ErrorKind::AlreadyExists => LedgerError::Exists(path.to_owned()),
        _ => LedgerError::File {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LedgerError> {
    // Only Unix opens a folder as a file.
    if cfg!(unix) {
        let opened = File::open(folder).and_then(|file| file.sync_all());
        opened.map_err(|error| fault(folder, &error))?;
    }
    Ok(())
}

/// The folder that a path lies in.
pub(crate) fn above(path: &Path) -> &Path {
    let above = path.parent().filter(|above| !above.as_os_str().is_empty());
    above.unwrap_or(Path::new("."))
}

/// Makes the name of a path durable.
pub(crate) fn sync_above(path: &Path) -> Result<(), LedgerError> {
    sync_folder(above(path))
}

/// A backup folder that this process alone writes to.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    lock: File,
}

impl Folder {
    /// Opens the folder to write a backup into it; makes it when only it is missing. The folder above must be
    /// there: a disk that is not mounted must not be replaced by a folder of its name.
    pub(super) fn open(path: &Path) -> Result<Folder, LedgerError> {
        match std::fs::metadata(path) {
            Ok(found) if !found.is_dir() => {
                return Err(fault(path, &Error::from(ErrorKind::NotADirectory)));
            }
            Ok(_) => {}
            Err(_) => {
                let mut builder = std::fs::DirBuilder::new();
                #[cfg(unix)]
                {
                    use std::os::unix::fs::DirBuilderExt;
                    builder.mode(0o700);
                }
                builder.create(path).map_err(|error| fault(path, &error))?;
                sync_above(path)?;
            }
        }
        let name = path.join("lock");
        let lock = open_options().open(&name);
        let lock = lock.map_err(|error| fault(&name, &error))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(LedgerError::Locked { pid: 0 }),
            // A file system without locks: the rule is then the clerk's to keep.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        Ok(Folder {
            path: path.to_owned(),
            lock,
        })
    }

    /// Begins a file that is not there until [`Half::keep`].
    pub(super) fn begin(&self, name: &str) -> Result<Half, LedgerError> {
        Half::begin(&self.path, name)
    }

    /// Whether files of a backup lie here, with or without what names them.
    pub(super) fn has_segments(&self) -> Result<bool, LedgerError> {
        Ok(names(&self.path)?
            .iter()
            .any(|name| name.ends_with(SEGMENT)))
    }

    /// Removes what earlier runs left and nothing names any more. Files of keys are written over first: what
    /// they open may have been erased since.
    pub(super) fn sweep(&self, named: &[&str]) -> Result<(), LedgerError> {
        let mut swept = false;
        for name in names(&self.path)? {
            let keys = name.starts_with(KEYS);
            let ours = keys || name.starts_with(HALF) || name.ends_with(SEGMENT);
            if ours && !named.contains(&name.as_str()) {
                let path = self.path.join(&name);
                if keys {
                    blank(&path).map_err(|error| fault(&path, &error))?;
                }
                std::fs::remove_file(&path).map_err(|error| fault(&path, &error))?;
                swept = true;
            }
        }
        if swept {
            sync_folder(&self.path)?;
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

fn open_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Writes zeros over a file. What a disk keeps beneath is the disk's; see the spec.
fn blank(path: &Path) -> Result<(), Error> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let mut left = file.metadata()?.len();
    let zeros = [0; 65536];
    while left > 0 {
        let some = left.min(65536);
        file.write_all(&zeros[..usize::try_from(some).expect("a short length")])?;
        left -= some;
    }
    file.sync_all()
}

/// The names in a folder, in order.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, LedgerError> {
    let mut names = Vec::new();
    let list = std::fs::read_dir(folder).map_err(|error| fault(folder, &error))?;
    for entry in list {
        let entry = entry.map_err(|error| fault(folder, &error))?;
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// A file being written under another name. Dropped without being kept, it is removed.
pub(super) struct Half {
    folder: PathBuf,
    half: PathBuf,
    whole: PathBuf,
    kept: bool,
}

impl Half {
    /// Begins a file in a folder.
    pub(super) fn begin(folder: &Path, name: &str) -> Result<Half, LedgerError> {
        Ok(Half {
            folder: folder.to_owned(),
            half: folder.join(format!("{HALF}{name}")),
            whole: folder.join(name),
            kept: false,
        })
    }

    /// What is written to.
    pub(super) fn writer(&self) -> Result<BufWriter<File>, LedgerError> {
        let file = open_options().truncate(true).open(&self.half);
        let file = file.map_err(|error| fault(&self.half, &error))?;
        Ok(BufWriter::with_capacity(1 << 18, file))
    }

    /// Makes what was written durable under its own name.
    pub(super) fn keep(mut self, written: BufWriter<File>) -> Result<(), LedgerError> {
        let done = written.into_inner().map_err(|error| error.into_error());
        done.and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&self.half, &self.whole))
            .map_err(|error| fault(&self.whole, &error))?;
        self.kept = true;
        sync_folder(&self.folder)
    }
}

impl Drop for Half {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.half);
        }
    }
}
