//! Photos and scans: sent as they are, kept by their hash.

use crate::answer::{Coming, deed, piece};
use crate::attachments::Unkept;
use crate::call::{Call, Out, Reply};
use crate::desk::Desk;
use crate::limits::{ATTACHMENT_BYTES_MAX, LONG_TIME};
use crate::problem::{Kind, Problem, fault};
use crate::routes::reports::attachment;
use axum::http::header;
use serde_json::json;
use std::future::Future;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;

fn unkept(error: &Unkept) -> Problem {
    match error {
        Unkept::Type => Problem::new(Kind::Type, &[("types", "JPEG, PNG, PDF")]),
        Unkept::Flood => Problem::new(Kind::TooLarge, &[("most", "120 MP")]),
        Unkept::Disk(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            Problem::new(Kind::Full, &[])
        }
        Unkept::Disk(error) => fault(error),
    }
}

/// Takes one in; it is on the disk when this answers.
pub(crate) fn upload(
    desk: Arc<Desk>,
    coming: Coming,
) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>> {
    Box::pin(async move {
        let Coming { call, mut body, .. } = coming;
        let too_large = || {
            let most = format!("{} MB", ATTACHMENT_BYTES_MAX / 1024 / 1024);
            Problem::new(Kind::TooLarge, &[("most", &most)])
        };
        let said = call.headers.get(header::CONTENT_LENGTH);
        let said = said.and_then(|said| said.to_str().ok()?.parse::<u64>().ok());
        if said.is_some_and(|said| said > ATTACHMENT_BYTES_MAX) {
            return Err(too_large());
        }
        let opened = desk.attachments.begin();
        let mut file = opened.map_err(|error| unkept(&Unkept::Disk(error)))?;
        let mut bytes = 0;
        while let Some(piece) = piece(&desk, &mut body).await? {
            bytes += piece.len() as u64;
            if bytes > ATTACHMENT_BYTES_MAX {
                return Err(too_large());
            }
            // A piece of some kilobytes into the system's memory: no thread of its own is worth it.
            let written = file.write_all(&piece);
            written.map_err(|error| unkept(&Unkept::Disk(error)))?;
        }
        let done = deed(call, LONG_TIME, move |call| {
            let kept = call.desk.attachments.keep(file.path());
            let kept = kept.map_err(|error| unkept(&error))?;
            Ok(Reply::made(json!({
                "hash": kept.hash, "type": kept.kind, "bytes": kept.bytes,
                "width": kept.size.map(|size| size.0), "height": kept.size.map(|size| size.1),
                "stripped": kept.stripped,
            })))
        });
        Ok(done.await?.1)
    })
}

/// Gives one back.
pub(crate) fn get(call: &Call) -> Result<Reply, Problem> {
    let hash = call.path("hash");
    let found = call.desk.attachments.find(hash);
    let (kind, path) = found.ok_or_else(Problem::not_found)?;
    let ending = kind.rsplit('/').next().unwrap_or_default();
    let name = attachment(&format!("{}.{ending}", &hash[..12]));
    let tag = format!("\"{hash}\"");
    if call.has(&tag) {
        return Ok(Reply::unchanged(tag));
    }
    Ok(Reply::of(Out::File(kind, path))
        .with(header::CONTENT_DISPOSITION, name)
        .tagged(Some(tag)))
}

/// Gives a small picture of one.
pub(crate) fn preview(call: &Call) -> Result<Reply, Problem> {
    let made = call.desk.attachments.preview(call.path("hash"));
    let path = made.map_err(|error| unkept(&error))?;
    let path = path.ok_or_else(Problem::not_found)?;
    Ok(Reply::of(Out::File("image/jpeg", path)))
}
