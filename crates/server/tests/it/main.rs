//! The server by real HTTP: a book on the hamlet pack, an ephemeral port, requests written by hand.

mod attach; // photos and scans
mod conditional; // what a client has already
mod desk; // a server and people who are signed in
mod errors; // every refusal has its own answer
mod http; // a client that can be slow, wrong or gone
mod importing; // workbooks, progress, events
mod limits; // too much, too fast, too slow
mod matrix; // every URL as everybody
mod openapi; // the document says what is answered
mod python; // judges that are written in Python
mod signing; // in and out
