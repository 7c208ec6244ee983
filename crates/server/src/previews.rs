//! Uploads that were looked at and wait for their commit: the files lie in a folder beside the ledger, for half an hour,
//! bounded, and go with the program.

use crate::limits::{PREVIEW_LIFE, PREVIEWS_MAX};
use serde_json::Value as Json;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use vocabulary::RecordId;

/// Uploads that wait.
pub(crate) struct Previews {
    folder: PathBuf,
    waiting: Mutex<BTreeMap<String, Arc<Upload>>>,
    /// What became of those that were committed, for whoever did not hear it.
    answers: Mutex<VecDeque<(String, RecordId, Json)>>,
}

/// Files of one upload; they vanish with it.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) id: String,
    /// Who sent it; nobody else may commit it.
    pub(crate) account: RecordId,
    folder: tempfile::TempDir,
    /// The files, each under its own name in a folder of its own.
    pub(crate) files: Vec<PathBuf>,
    since: Instant,
}

impl Previews {
    /// Begins; what a former program left is removed.
    pub(crate) fn new(folder: &Path) -> io::Result<Previews> {
        match std::fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        Ok(Previews {
            folder: folder.to_owned(),
            waiting: Mutex::default(),
            answers: Mutex::default(),
        })
    }

    /// An empty folder for an upload that begins.
    pub(crate) fn begin(&self, account: RecordId) -> io::Result<Upload> {
        make_private(&self.folder)?;
        let folder = tempfile::Builder::new()
            .prefix("u")
            .tempdir_in(&self.folder)?;
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
        Ok(Upload {
            id: bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            account,
            folder,
            files: Vec::new(),
            since: Instant::now(),
        })
    }

    /// Keeps it for its commit; when too many wait, the oldest goes.
    pub(crate) fn keep(&self, upload: Upload) -> Arc<Upload> {
        let upload = Arc::new(upload);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        while waiting.len() >= PREVIEWS_MAX {
            let oldest = waiting.values().min_by_key(|upload| upload.since);
            let Some(oldest) = oldest.map(|upload| upload.id.clone()) else {
                break;
            };
            waiting.remove(&oldest);
        }
        waiting.insert(upload.id.clone(), upload.clone());
        upload
    }

    /// One's own upload of this id.
    pub(crate) fn find(&self, id: &str, account: RecordId) -> Option<Arc<Upload>> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let found = waiting.get(id).filter(|upload| upload.account == account);
        found
            .filter(|upload| upload.since.elapsed() < PREVIEW_LIFE)
            .cloned()
    }

    /// It was committed: its files go, its answer stays a while.
    pub(crate) fn end(&self, id: &str, account: RecordId, answer: Json) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push_back((id.to_owned(), account, answer));
        while answers.len() > PREVIEWS_MAX {
            answers.pop_front();
        }
        drop(answers);
        self.forget(id, account);
    }

    /// What one's own commit of this id was answered.
    pub(crate) fn answered(&self, id: &str, account: RecordId) -> Option<Json> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut answers = answers.iter();
        let found = answers.find(|(known, by, _)| known == id && *by == account);
        found.map(|(_, _, answer)| answer.clone())
    }

    /// One's own upload is not wanted; whether there was one.
    pub(crate) fn forget(&self, id: &str, account: RecordId) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let is_own = waiting
            .get(id)
            .is_some_and(|upload| upload.account == account);
        is_own && waiting.remove(id).is_some()
    }

    /// Removes those that waited too long.
    pub(crate) fn sweep(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, upload| upload.since.elapsed() < PREVIEW_LIFE);
    }
}

impl Drop for Previews {
    fn drop(&mut self) {
        self.waiting
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        let _ = std::fs::remove_dir(&self.folder);
    }
}

impl Upload {
    /// The path for the next file; its name loses everything that is not a name.
    pub(crate) fn next(&mut self, name: &str) -> io::Result<PathBuf> {
        let folder = self.folder.path().join(self.files.len().to_string());
        std::fs::create_dir(&folder)?;
        let path = folder.join(plain(name));
        self.files.push(path.clone());
        Ok(path)
    }
}

/// A name without folders, signs that mean something to a file system, and beyond 200 bytes.
fn plain(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut kept: String = last.chars().filter(|c| !c.is_control()).collect();
    while kept.len() > 200 {
        // The ending says what it is: what goes is in front.
        kept.remove(0);
    }
    let kept = kept.trim_start_matches('.').trim();
    if kept.is_empty() {
        "file".to_owned()
    } else {
        kept.to_owned()
    }
}

/// Makes a folder that only its owner opens.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        let check = |given: &str, kept: &str| assert_eq!(plain(given), kept);
        check("人员.xlsx", "人员.xlsx");
        check("../../etc/passwd", "passwd");
        check("C:\\x\\a.csv", "a.csv");
        check("..", "file");
        check("", "file");
        check("a\nb.csv", "ab.csv");
    }

    #[test]
    fn only_its_sender_finds_an_upload_and_its_files_vanish_with_it() {
        let home = tempfile::tempdir().expect("a folder");
        let previews = Previews::new(&home.path().join("up")).expect("begun");
        let mut upload = previews.begin(7).expect("an upload");
        let path = upload.next("a.csv").expect("a path");
        std::fs::write(&path, "x").expect("written");
        let id = previews.keep(upload).id.clone();
        assert!(previews.find(&id, 8).is_none());
        assert!(previews.find(&id, 7).is_some());
        assert!(!previews.forget(&id, 8));
        previews.end(&id, 7, Json::Bool(true));
        assert!(!path.exists());
        assert_eq!(previews.answered(&id, 7), Some(Json::Bool(true)));
        assert_eq!(previews.answered(&id, 8), None);
    }

    #[test]
    fn the_oldest_goes_when_too_many_wait() {
        let home = tempfile::tempdir().expect("a folder");
        let previews = Previews::new(&home.path().join("up")).expect("begun");
        let ids: Vec<String> = (0..=PREVIEWS_MAX)
            .map(|_| {
                previews
                    .keep(previews.begin(1).expect("an upload"))
                    .id
                    .clone()
            })
            .collect();
        assert!(previews.find(&ids[0], 1).is_none());
        assert!(previews.find(&ids[1], 1).is_some());
    }
}
