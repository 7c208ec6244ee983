//! The server: every URL in one list, what is sent and answered, and the door that people come in by. Refuses to know SQL
//! and how a deed is done: it asks the office.

mod answer; // from the wire to a handler and back
mod attachments; // photos and scans by their hash
mod body; // answers that leave piece by piece
mod call; // a request as a handler sees it
mod desk; // what all requests share
mod events; // what changed, told as it happens
mod limits; // how much and how fast
mod log; // lines about ourselves
mod metrics; // numbers for a monitor
mod openapi; // the table of URLs as a document
mod outer; // around every request
mod patience; // a client must read
mod previews; // uploads that wait for their commit
mod problem; // what went wrong, told
mod router; // the table of URLs as a router
mod routes; // what each URL does
mod say; // sentences
mod serve; // listening, and stopping
mod session; // who asks
mod settings; // how a server is set up
pub mod urls; // every URL, in one list
pub mod wire; // the JSON forms; the command line has the same

pub use desk::Paces;
pub use limits::Pace;
pub use log::begin as begin_log;
pub use openapi::document as openapi;
pub use serve::{ServeError, Server, asked_to_stop};
pub use settings::Settings;
