//! What may be done, one file (or folder) a deed: doc, input, permission, run.

pub(crate) mod audit; // who read and wrote what
pub(crate) mod backup; // the book into folders
pub(crate) mod book; // a new book; verify
pub(crate) mod check; // broken checks and open findings
pub(crate) mod checkpoint; // the state signed, for outside
pub(crate) mod correct; // what a record says, put right
pub(crate) mod describe; // what a pack declares, told
pub(crate) mod end; // no longer true from a day on
pub(crate) mod erase; // somebody leaves the book by law
pub(crate) mod export; // the chain for an outsider
pub(crate) mod figure; // figures and traces
pub(crate) mod history; // a record's life
pub(crate) mod import; // workbooks and layers in
pub(crate) mod map; // what the book remembers of headers
pub(crate) mod overview; // what there is to ask for
pub(crate) mod pack; // packs: check, apply
pub(crate) mod person; // people who sign in
pub(crate) mod proof; // one fact proved
pub(crate) mod rebuild; // derived tables made again
pub(crate) mod record; // a new record by hand
pub(crate) mod records; // records, listed and one by one
pub(crate) mod report; // reports out
pub(crate) mod restore; // a book out of a folder
pub(crate) mod search; // a record found
pub(crate) mod session; // signing in and out
pub(crate) mod settle; // what a finding asks is decided
pub(crate) mod undo; // imports and settlements taken back
pub(crate) mod withdraw; // one statement taken back
