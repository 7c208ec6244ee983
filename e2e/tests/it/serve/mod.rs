//! `yiben serve` as its neighbours see it: over HTTP, killed in the middle, told to stop, its log read.

mod guide; // the guide's examples do what they say
mod http; // one request and its answer
mod killed; // nothing acknowledged is lost, nothing is doubled
mod quiet; // the log names nobody
mod server; // a server that runs
mod stranger; // schemathesis
