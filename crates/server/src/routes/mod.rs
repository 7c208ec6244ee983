//! What each URL does: takes a request apart, asks the office for one deed, gives its answer the shape of the wire. One file
//! a noun.

pub(crate) mod attachments; // photos and scans
pub(crate) mod audit; // who read and wrote what
pub(crate) mod batches; // what can be taken back
pub(crate) mod events; // what changed
pub(crate) mod export; // a whole register as a file
pub(crate) mod figures; // figures and what is behind them
pub(crate) mod findings; // checks, and findings settled
pub(crate) mod imports; // workbooks
pub(crate) mod pack; // what the pack declares
pub(crate) mod people; // who may sign in
pub(crate) mod registers; // records
pub(crate) mod reports; // documents
pub(crate) mod search; // records by a part of their names
pub(crate) mod session; // in and out
pub(crate) mod system; // is it well
