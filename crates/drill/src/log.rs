//! The log of answers: one line an answer, each one `write` of the operating system, made only after the answer
//! came. Lines, with a blank between words:
//!
//! ```text
//! made SEQ HASH                                the book was created
//! open SEQ HASH                                the book was opened
//! ask ID KIND FACTS PAYLOAD                    about to be asked; PAYLOAD hashes what it says
//! ack ID SEQ HASH FACTS new|again KIND N PAYLOAD   stored; `again`: the id was known
//! look ID                                      a preview was answered: nothing of it may stay
//! no ID CODE                                   refused: nothing of it may be there
//! unknown ID CODE                              may be there or not: repeat with the same id
//! read SEQ / unread CODE                       a reader beside the writers
//! done                                         all were answered
//! ```

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

/// Where lines go.
pub struct Log {
    to: Mutex<Box<dyn Write + Send>>,
}

impl Log {
    /// Appends to a file; `-` is the standard output.
    pub fn open(path: &Path) -> std::io::Result<Log> {
        let to: Box<dyn Write + Send> = if path == Path::new("-") {
            Box::new(std::io::stdout())
        } else {
            Box::new(OpenOptions::new().create(true).append(true).open(path)?)
        };
        Ok(Log { to: Mutex::new(to) })
    }

    /// Writes a line at once.
    pub fn line(&self, line: &str) {
        let mut to = self.to.lock().expect("no line panics");
        // Without the log the answers are not on record, and nothing may be claimed of them.
        to.write_all(format!("{line}\n").as_bytes())
            .and_then(|()| to.flush())
            .expect("the log of answers can be written");
    }
}
