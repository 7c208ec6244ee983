//! Whether the server is well, its numbers, and what it offers.

use crate::call::{Call, Out, Reply};
use crate::openapi::document;
use crate::problem::{Kind, Problem};
use office::Actor;
use serde_json::json;
use std::sync::atomic::Ordering;

/// Ready: the book is read, and the ledger has not stopped writing.
pub(crate) fn health(call: &Call) -> Result<Reply, Problem> {
    let office = call.desk.house.office(Actor::new("?", Some("?")));
    let stand = office.stand()?;
    if !call.desk.writes.load(Ordering::Relaxed) {
        return Err(Problem::new(Kind::Busy, &[]).after(30));
    }
    Ok(Reply::json(
        json!({"status": "ok", "reads": true, "writes": true, "tx": stand.tx}),
    ))
}

/// For Prometheus.
pub(crate) fn metrics(call: &Call) -> Result<Reply, Problem> {
    let text = call.desk.metrics.text().into_bytes();
    Ok(Reply::of(Out::Bytes("text/plain; version=0.0.4", text)))
}

/// The OpenAPI document of this book's pack.
pub(crate) fn openapi(call: &Call) -> Result<Reply, Problem> {
    let pack = call.office()?.pack();
    Ok(Reply::json(document(&pack)))
}
