//! Workbooks: sent in parts, looked at, kept for half an hour, committed.

use crate::answer::{Coming, deed};
use crate::call::{Call, Reply};
use crate::desk::Desk;
use crate::events::Told;
use crate::limits::{LONG_TIME, PREVIEW_LIFE, UPLOAD_BYTES_MAX, UPLOAD_FILES_MAX};
use crate::previews::Upload;
use crate::problem::{Kind, Problem, fault};
use crate::say::say;
use crate::wire;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use office::{ImportInput, ImportReport};
use serde_json::json;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt as _;
use vocabulary::Date;

/// A field beside the files: a date, a header's meaning.
const FIELD_BYTES_MAX: usize = 4096;

/// Such fields.
const FIELDS_MAX: usize = 300;

/// How often listeners are told of progress.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// What was said beside the files.
#[derive(Debug, Clone, Default)]
struct Options {
    strict: bool,
    as_of: Option<String>,
    maps: Vec<String>,
    topic: Option<String>,
}

/// Takes files in and looks at them.
pub(crate) fn upload(
    desk: Arc<Desk>,
    coming: Coming,
) -> Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>> {
    Box::pin(async move {
        let Coming {
            mut call,
            body,
            extensions,
        } = coming;
        let account = call.who()?.session.account;
        let mut upload = desk.previews.begin(account).map_err(|error| disk(&error))?;
        let mut request = Request::new(body);
        *request.headers_mut() = std::mem::take(&mut call.headers);
        *request.extensions_mut() = extensions;
        let parts = Multipart::from_request(request, &()).await;
        let parts =
            parts.map_err(|_| Problem::new(Kind::Type, &[("types", "multipart/form-data")]))?;
        let options = gather(&desk, parts, &mut upload).await?;
        if upload.files.is_empty() {
            return Err(Problem::malformed(&say("malformed.no_file", &[])).at_field("file"));
        }
        let done = deed(call, LONG_TIME, move |call| {
            let input = input(&upload, &options, false)?;
            let topic = options.topic.as_deref().unwrap_or(&upload.id);
            let report = import(call, &input, topic)?;
            let upload = call.desk.previews.keep(upload);
            let mut told = wire::import(&report);
            told["id"] = json!(upload.id);
            told["seconds"] = json!(PREVIEW_LIFE.as_secs());
            Ok(Reply::made(told))
        });
        Ok(done.await?.1)
    })
}

fn disk(error: &std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::StorageFull {
        Problem::new(Kind::Full, &[])
    } else {
        fault(error)
    }
}

fn broken(error: &MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Problem::malformed(&say("malformed.parts", &[]))
}

fn too_large() -> Problem {
    let most = format!("{} MB", UPLOAD_BYTES_MAX / 1024 / 1024);
    Problem::new(Kind::TooLarge, &[("most", &most)])
}

async fn in_time<T>(desk: &Desk, waited: impl Future<Output = T>) -> Result<T, Problem> {
    let done = tokio::time::timeout(desk.settings.piece_time, waited).await;
    done.map_err(|_| {
        desk.metrics.dropped.fetch_add(1, Ordering::Relaxed);
        Problem::new(Kind::TooSlow, &[])
    })
}

async fn gather(
    desk: &Desk,
    mut parts: Multipart,
    upload: &mut Upload,
) -> Result<Options, Problem> {
    let mut options = Options::default();
    let (mut bytes, mut fields) = (0_u64, 0_usize);
    while let Some(part) = in_time(desk, parts.next_field())
        .await?
        .map_err(|e| broken(&e))?
    {
        if let Some(name) = part.file_name().map(str::to_owned) {
            if upload.files.len() >= UPLOAD_FILES_MAX {
                let most = format!("{UPLOAD_FILES_MAX}");
                return Err(Problem::malformed(&say(
                    "malformed.files",
                    &[("most", &most)],
                )));
            }
            file(desk, part, &name, upload, &mut bytes).await?;
            continue;
        }
        fields += 1;
        if fields > FIELDS_MAX {
            return Err(Problem::malformed(&say("malformed.parts", &[])));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let text = field(desk, part).await?;
        match name.as_str() {
            "strict" => options.strict = text == "true",
            "as_of" => options.as_of = Some(text),
            "map" => options.maps.push(text),
            "topic" => options.topic = Some(text),
            _ => {
                let list = "file, strict, as_of, map, topic";
                let why = say("malformed.unknown", &[("name", &name), ("list", list)]);
                return Err(Problem::malformed(&why).at_field(&name));
            }
        }
    }
    Ok(options)
}

async fn file(
    desk: &Desk,
    mut part: Field<'_>,
    name: &str,
    upload: &mut Upload,
    bytes: &mut u64,
) -> Result<(), Problem> {
    let path = upload.next(name).map_err(|error| disk(&error))?;
    let mut file = tokio::fs::File::create(&path).await.map_err(|e| disk(&e))?;
    while let Some(piece) = in_time(desk, part.chunk()).await?.map_err(|e| broken(&e))? {
        *bytes += piece.len() as u64;
        if *bytes > UPLOAD_BYTES_MAX {
            return Err(too_large());
        }
        file.write_all(&piece).await.map_err(|error| disk(&error))?;
    }
    file.flush().await.map_err(|error| disk(&error))
}

async fn field(desk: &Desk, mut part: Field<'_>) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(piece) = in_time(desk, part.chunk()).await?.map_err(|e| broken(&e))? {
        text.extend_from_slice(&piece);
        if text.len() > FIELD_BYTES_MAX {
            return Err(Problem::malformed(&say("malformed.parts", &[])));
        }
    }
    String::from_utf8(text).map_err(|_| Problem::malformed(&say("malformed.parts", &[])))
}

fn input(upload: &Upload, options: &Options, commit: bool) -> Result<ImportInput, Problem> {
    let as_of = options.as_of.as_deref().map(|text| {
        let why = || say("malformed.date", &[("text", text)]);
        Date::parse_iso(text).ok_or_else(|| Problem::malformed(&why()).at_field("as_of"))
    });
    Ok(ImportInput {
        paths: upload.files.clone(),
        commit,
        strict: options.strict,
        as_of: as_of.transpose()?,
        maps: options.maps.clone(),
        marked: None,
    })
}

fn import(call: &Call, input: &ImportInput, topic: &str) -> Result<ImportReport, Problem> {
    let session = call.who()?.token.clone();
    let last: Mutex<Option<Instant>> = Mutex::new(None);
    let progress = |done: usize, all: usize, _: &str| {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if done < all && last.is_some_and(|last| last.elapsed() < TOLD_EVERY) {
            return;
        }
        *last = Some(Instant::now());
        call.desk.hub.tell(Told::Progress {
            session: session.clone(),
            topic: topic.to_owned(),
            done,
            all,
        });
    };
    Ok(call.office()?.import(input, &progress)?)
}

/// Commits what was looked at. Asked again, it is answered and not done again.
pub(crate) fn commit(call: &Call) -> Result<Reply, Problem> {
    let id = call.path("import");
    let account = call.who()?.session.account;
    if let Some(answer) = call.desk.previews.answered(id, account) {
        return Ok(Reply::json(answer));
    }
    let upload = call.desk.previews.find(id, account);
    let upload = upload.ok_or_else(Problem::not_found)?;
    let options = Options {
        strict: call.flag("strict")?,
        as_of: call.text("as_of")?,
        maps: call.texts("map")?,
        topic: call.text("topic")?,
    };
    let topic = options.topic.clone().unwrap_or_else(|| id.to_owned());
    let report = import(call, &input(&upload, &options, true)?, &topic)?;
    let answer = wire::import(&report);
    let wrote = report.files.iter().filter_map(|file| file.tx).max();
    let Some(tx) = wrote else {
        // Nothing was taken: another reading of the headers may be tried.
        return Ok(Reply::json(answer));
    };
    call.desk.previews.end(id, account, answer.clone());
    let sheets = report.files.iter().flat_map(|file| &file.sheets);
    let mut registers: Vec<String> = sheets.filter_map(|sheet| sheet.register.clone()).collect();
    registers.push("finding".to_owned());
    registers.sort();
    registers.dedup();
    Ok(Reply::json(answer).told(Some(tx), registers))
}

/// It is not wanted; its files go.
pub(crate) fn forget(call: &Call) -> Result<Reply, Problem> {
    let (id, account) = (call.path("import"), call.who()?.session.account);
    if call.desk.previews.forget(id, account) {
        Ok(Reply::nothing())
    } else {
        Err(Problem::not_found())
    }
}
