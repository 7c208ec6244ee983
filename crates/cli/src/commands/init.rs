//! `yiben init`: a new book.

use super::{Done, actor, out};
use crate::args::{Common, Init};
use crate::say::say;
use office::clock::{SystemClock, SystemEntropy};
use office::{InitInput, Office};
use serde_json::json;

pub(crate) fn run(common: &Common, input: Init) -> Done {
    let init = InitInput {
        path: common.ledger.clone(),
        pack: input.pack,
        book: input.book,
        name: input.name,
        sm3: input.sm3,
    };
    let office = Office::init(&init, actor(common), Box::new(SystemClock), SystemEntropy)?;
    let (book, path) = (
        office.book_id().to_string(),
        common.ledger.display().to_string(),
    );
    let pack = office.pack();
    if common.json {
        out(json!({"book": book, "name": office.book_name(), "ledger": path, "pack": pack.hash}));
        return Ok(0);
    }
    let params = [
        ("name", office.book_name()),
        ("book", book.as_str()),
        ("path", path.as_str()),
        ("pack", pack.title.as_str()),
        ("version", pack.version.as_str()),
    ];
    out(say("init.done", &params));
    out(say("init.key", &params));
    out(say("init.next", &params));
    Ok(0)
}
