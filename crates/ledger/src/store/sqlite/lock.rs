//! One process writes: a lock file beside the ledger that holds the writer's pid. The lock is the operating
//! system's, so that it dies with its process and a stale file stops nobody.

use crate::error::LedgerError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The right to write to a ledger, held until dropped.
#[derive(Debug)]
pub struct WriteLock {
    file: File,
}

/// The lock file of a ledger.
fn path_of(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

impl WriteLock {
    /// Takes the lock, or says which process has it.
    pub fn take(ledger: &Path) -> Result<WriteLock, LedgerError> {
        let path = path_of(ledger);
        let opened = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let mut file = opened.map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                LedgerError::ReadOnly(ledger.to_owned())
            }
            _ => LedgerError::File {
                path: path.clone(),
                reason: error.to_string(),
            },
        })?;
        let fault = |error: std::io::Error| LedgerError::File {
            path: path.clone(),
            reason: error.to_string(),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                // The pid is for the message only; an unreadable one is 0.
                let _ = file.read_to_string(&mut pid);
                return Err(LedgerError::Locked {
                    pid: pid.trim().parse().unwrap_or(0),
                });
            }
            Err(TryLockError::Error(error)) => return Err(fault(error)),
        }
        file.set_len(0).map_err(fault)?;
        file.rewind().map_err(fault)?;
        writeln!(file, "{}", std::process::id()).map_err(fault)?;
        Ok(WriteLock { file })
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // The file stays: removing it would let two processes lock two different files of one name.
        let _ = self.file.unlock();
    }
}
