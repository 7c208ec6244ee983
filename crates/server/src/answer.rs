//! From the wire to a handler and back: who asks, whether he may, the body within its limits, the deed on a thread that
//! may block, the answer with its headers. Refuses to know what a deed does.

use crate::call::{Call, Out, Reply, query};
use crate::desk::Desk;
use crate::limits;
use crate::problem::{Kind, Problem};
use crate::say::say;
use crate::session;
use crate::urls::{Deed, Need, Rate, Run, Takes, Url};
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use serde_json::Value as Json;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::task::JoinError;

/// The address that a request comes from; put there by the outer layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct From(pub(crate) IpAddr, pub(crate) bool);

/// A request whose body has not been read.
pub(crate) struct Coming {
    pub(crate) call: Call,
    pub(crate) body: Body,
    pub(crate) extensions: Extensions,
}

/// Answers one request to a URL of the table.
pub(crate) async fn answer(
    desk: Arc<Desk>,
    url: &'static Url,
    path: Option<RawPathParams>,
    request: Request,
) -> Response {
    let instance = request.uri().path().to_owned();
    match run(desk, url, path, request).await {
        Ok(response) => response,
        Err(problem) => {
            let mut response = problem.answer(&instance);
            if problem.status == StatusCode::UNAUTHORIZED {
                let scheme = HeaderValue::from_static("Cookie realm=\"yiben\"");
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, scheme);
            }
            response
        }
    }
}

async fn run(
    desk: Arc<Desk>,
    url: &'static Url,
    path: Option<RawPathParams>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let From(address, here) = parts
        .extensions
        .get::<From>()
        .copied()
        .unwrap_or(From(IpAddr::from([0, 0, 0, 0]), false));
    if url.need == Need::Here && !here {
        return Err(Problem::not_found());
    }
    if !url.is_safe() {
        same_site(&parts)?;
    }
    let token = session::token(&parts.headers, desk.settings.tls_in_front);
    let key = token.clone().unwrap_or_default();
    let waits = |seconds: u64| {
        Problem::new(Kind::TooMany, &[("seconds", &seconds.to_string())]).after(seconds)
    };
    if url.rate == Rate::SignIn {
        desk.may(url.rate, address, &key).map_err(waits)?;
    }
    let extensions = parts.extensions;
    let call = Call {
        who: None,
        address,
        path: named(path)?,
        query: query(parts.uri.query().unwrap_or_default())
            .ok_or_else(|| Problem::malformed(&say("malformed.query", &[])))?,
        headers: parts.headers,
        body: Json::Null,
        desk: desk.clone(),
        url,
    };
    let mut call = call;
    if !matches!(url.need, Need::Nobody | Need::Here) {
        call.who = Some(session::who(&desk, token)?);
        // Only a session that lives has a pace: made-up tokens would fill the memory.
        desk.may(url.rate, address, &key).map_err(waits)?;
    }
    let time = match url.run {
        Run::Deed(_) => desk.settings.deed_time,
        Run::Long(_) | Run::Reading(_) => limits::LONG_TIME,
    };
    let reply = match url.run {
        Run::Deed(work) | Run::Long(work) => {
            let call = with_body(call, body).await?;
            in_hand(call, time, work).await?
        }
        Run::Reading(read) => {
            // Whoever may not is told so before he has sent it all.
            let look = |call: &mut Call| {
                session::acts(call)?;
                check(call)
            };
            let (call, ()) = deed(call, desk.settings.deed_time, look).await?;
            let coming = Coming {
                call,
                body,
                extensions,
            };
            read(desk.clone(), coming).await?
        }
    };
    Ok(respond(&desk, reply).await)
}

/// An unsafe request comes from our own pages or from a program: a page elsewhere cannot add the header without being
/// asked first, and is not let in when it is.
fn same_site(parts: &Parts) -> Result<(), Problem> {
    let ours = parts
        .headers
        .get("x-yiben")
        .is_some_and(|value| value == "1");
    let elsewhere = parts
        .headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" || site == "same-site");
    let origin = parts.headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    let host = parts.headers.get(header::HOST).map(HeaderValue::as_bytes);
    let foreign = origin.is_some_and(|origin| {
        let after = origin.windows(3).position(|w| w == b"://");
        after.map(|at| &origin[at + 3..]) != host
    });
    if ours && !elsewhere && !foreign {
        Ok(())
    } else {
        Err(Problem::new(Kind::CrossSite, &[]))
    }
}

fn named(path: Option<RawPathParams>) -> Result<Vec<(String, String)>, Problem> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let all = path.iter().map(|(name, value)| {
        // axum has undone the percent signs once; what is left is the value.
        (!value.contains('\0')).then(|| (name.to_owned(), value.to_owned()))
    });
    all.collect::<Option<Vec<_>>>()
        .ok_or_else(Problem::not_found)
}

/// Reads a JSON body, if the URL takes one.
async fn with_body(mut call: Call, body: Body) -> Result<Call, Problem> {
    match call.url.takes {
        Takes::Json(_) | Takes::OfRegister(_) => {}
        _ => {
            // A body that nobody asked for is not read: the connection ends with the answer.
            return Ok(call);
        }
    }
    let bytes = whole(&call, body).await?;
    if bytes.is_empty() {
        call.body = Json::Object(serde_json::Map::new());
        return Ok(call);
    }
    if !is_json(&call.headers) {
        return Err(Problem::new(Kind::Type, &[("types", "application/json")]));
    }
    let json: Json = serde_json::from_slice(&bytes).map_err(|error| {
        // The place, not the text: what was sent may be anybody's.
        let (line, column) = (error.line().to_string(), error.column().to_string());
        let params = [("line", line.as_str()), ("column", column.as_str())];
        Problem::malformed(&say("malformed.json", &params))
    })?;
    if !json.is_object() {
        return Err(Problem::malformed(&say("malformed.object", &[])));
    }
    call.body = json;
    Ok(call)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// The whole of a body that fits into memory.
async fn whole(call: &Call, mut body: Body) -> Result<Vec<u8>, Problem> {
    let most = limits::JSON_BYTES_MAX;
    let too_large = || {
        let most = (most / 1024).to_string();
        Problem::new(Kind::TooLarge, &[("most", &format!("{most} KB"))])
    };
    let said = call.headers.get(header::CONTENT_LENGTH);
    let said = said.and_then(|said| said.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|said| said > most) {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(said.unwrap_or(0));
    while let Some(piece) = piece(&call.desk, &mut body).await? {
        if bytes.len() + piece.len() > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// The next piece of a body; one that does not come in time ends the request.
pub(crate) async fn piece(desk: &Desk, body: &mut Body) -> Result<Option<bytes::Bytes>, Problem> {
    loop {
        let Ok(frame) = tokio::time::timeout(desk.settings.piece_time, body.frame()).await else {
            desk.metrics.dropped.fetch_add(1, Ordering::Relaxed);
            return Err(Problem::new(Kind::TooSlow, &[]));
        };
        match frame {
            None => return Ok(None),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Some(Err(_)) => return Err(Problem::malformed(&say("malformed.cut", &[]))),
        }
    }
}

/// Runs a handler on a thread that may block.
pub(crate) async fn in_hand(call: Call, time: Duration, work: Deed) -> Result<Reply, Problem> {
    let done = deed(call, time, move |call| {
        session::acts(call)?;
        check(call)?;
        let reply = work(call)?;
        // What is written says so itself; what was read is told here.
        if let Need::Deed(deed) = call.url.need
            && call.url.is_safe()
        {
            session::told(call, deed, false)?;
        }
        Ok(reply)
    });
    Ok(done.await?.1)
}

/// Whether who asks may, and whether the query is one that the URL knows.
pub(crate) fn check(call: &Call) -> Result<(), Problem> {
    match call.url.need {
        Need::Nobody | Need::Here => {}
        Need::Session => {
            call.who()?;
        }
        Need::Anyone => {
            let who = call.who()?;
            if who.actor.is_none() {
                return Err(Problem::new(Kind::ChangePassword, &[]));
            }
        }
        Need::Deed(deed) => {
            let who = call.who()?;
            if who.actor.is_none() {
                return Err(Problem::new(Kind::ChangePassword, &[]));
            }
            if let Err(error) = call.office()?.allowed(deed) {
                session::told(call, deed, true)?;
                return Err(error.into());
            }
        }
    }
    if call.url.open_query {
        return Ok(());
    }
    call.check_query(call.url.asks)
}

/// Something that may block, with a thread of those there are for it. A panic becomes our fault and is logged.
pub(crate) async fn deed<T: Send + 'static>(
    call: Call,
    time: Duration,
    work: impl FnOnce(&mut Call) -> Result<T, Problem> + Send + 'static,
) -> Result<(Call, T), Problem> {
    let desk = call.desk.clone();
    let writes = !call.url.is_safe();
    let turn = async {
        let hands = desk.hands.clone();
        let permit = hands.acquire_owned().await;
        let held = desk.clone();
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let _one = held.metrics.deeds.hold();
            let _writer = writes.then(|| held.metrics.writers.hold());
            let mut call = call;
            let done = work(&mut call)?;
            Ok::<_, Problem>((call, done))
        })
        .await
    };
    match tokio::time::timeout(time, turn).await {
        // The deed goes on; what becomes of it is told to whoever asks again under the same id.
        Err(_) => Err(Problem::new(Kind::TimedOut, &[]).after(10)),
        Ok(Ok(done)) => {
            // The writing hand has stopped: nothing is written any more until somebody starts the program again.
            if let Err(problem) = &done
                && problem.code == "L011"
            {
                desk.writes.store(false, Ordering::Relaxed);
            }
            done
        }
        Ok(Err(error)) => Err(panicked(&desk, error)),
    }
}

fn panicked(desk: &Desk, error: JoinError) -> Problem {
    desk.metrics.panics.fetch_add(1, Ordering::Relaxed);
    let id = crate::log::fresh_id();
    // The words of a panic may quote what was asked.
    tracing::error!(fault = %id, cancelled = error.is_cancelled(), "a deed panicked");
    Problem::new(Kind::Fault, &[("id", &id)])
}

async fn respond(desk: &Desk, mut reply: Reply) -> Response {
    if let Some((tx, registers)) = reply.changed.take() {
        desk.hub
            .tell(crate::events::Told::Changed { tx, registers });
    }
    let mut response = match reply.out {
        Out::Nothing => ().into_response(),
        Out::Json(json) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (kind, json.to_string()).into_response()
        }
        Out::Bytes(kind, bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Out::Body(kind, body) => ([(header::CONTENT_TYPE, kind)], body).into_response(),
        Out::Open(kind, file) => {
            let body = crate::body::of_file(tokio::fs::File::from_std(file));
            ([(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Out::File(kind, path) => match tokio::fs::File::open(&path).await {
            Ok(file) => {
                let body = crate::body::of_file(file);
                ([(header::CONTENT_TYPE, kind)], body).into_response()
            }
            Err(error) => return crate::problem::fault(&error).answer(""),
        },
    };
    *response.status_mut() = reply.status;
    if let Some(tag) = reply.tag.and_then(|tag| HeaderValue::from_str(&tag).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method("POST");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
            .body(Body::empty())
            .expect("a request")
            .into_parts()
            .0
    }

    #[test]
    fn a_page_elsewhere_is_not_let_in() {
        let check = |headers: &[(&str, &str)], may: bool| {
            assert_eq!(same_site(&parts(headers)).is_ok(), may, "{headers:?}");
        };
        check(&[], false);
        check(&[("x-yiben", "1")], true);
        check(&[("x-yiben", "1"), ("sec-fetch-site", "same-origin")], true);
        check(&[("x-yiben", "1"), ("sec-fetch-site", "cross-site")], false);
        check(
            &[("x-yiben", "1"), ("host", "a:1"), ("origin", "http://a:1")],
            true,
        );
        check(
            &[("x-yiben", "1"), ("host", "a:1"), ("origin", "http://b:1")],
            false,
        );
        check(
            &[("x-yiben", "1"), ("host", "a:1"), ("origin", "null")],
            false,
        );
    }
}
