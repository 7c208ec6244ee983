//! Around every request, known URL or not: room, the address's pace, the security headers, numbers and one line of log.
//! Refuses to know who asks.

use crate::answer::From;
use crate::desk::Desk;
use crate::problem::{Kind, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

/// What a page of ours may load and do: nothing from elsewhere, no script or style that stands in the page.
const CSP: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    img-src 'self' data: blob:; object-src 'none'; script-src 'self'; style-src 'self'";

/// Headers of every answer.
const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", CSP),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(self), microphone=()",
    ),
    ("cache-control", "no-store"),
];

/// Where a request comes from: the peer, or what the proxy in front says of it; and whether it is this machine itself.
fn from(peer: IpAddr, headers: &HeaderMap, proxied: bool) -> From {
    let told = headers.get_all("x-forwarded-for").iter().next_back();
    if proxied {
        // The proxy adds the last one; those before it are the client's own words.
        let told =
            told.and_then(|told| told.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        return match told {
            Some(address) => From(address, false),
            None => From(peer, peer.is_loopback()),
        };
    }
    From(peer, peer.is_loopback() && told.is_none())
}

/// The outer layer.
pub(crate) async fn outer(
    State(desk): State<Arc<Desk>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = crate::log::fresh_id();
    let method = method(request.method());
    let peer = request.extensions().get::<SocketAddr>().map(SocketAddr::ip);
    let peer = peer.unwrap_or(IpAddr::from([0, 0, 0, 0]));
    let From(address, here) = from(peer, request.headers(), desk.settings.tls_in_front);
    request.extensions_mut().insert(From(address, here));
    let instance = request.uri().path().to_owned();

    let in_work = desk.metrics.in_work.hold();
    let mut response = match (
        desk.room.clone().try_acquire_owned(),
        desk.address_may(address),
    ) {
        (Err(_), _) => Problem::new(Kind::Busy, &[]).after(2).answer(&instance),
        (Ok(_), Err(seconds)) => {
            let seconds_text = seconds.to_string();
            let problem = Problem::new(Kind::TooMany, &[("seconds", &seconds_text)]);
            problem.after(seconds).answer(&instance)
        }
        (Ok(_room), Ok(())) => next.run(request).await,
    };
    drop(in_work);
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        let headers = response.headers_mut();
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if desk.settings.tls_in_front {
        response.headers_mut().insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let template = response.extensions_mut().remove::<Template>();
    let template = template.map_or("-", |template| template.0);
    let status = response.status().as_u16();
    let took = begun.elapsed();
    desk.metrics.answered(method, template, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request = %id, method, url = template, status, micros, "answered");
    response
}

/// The template of the URL that answered; the log and the numbers have nothing else of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Template(pub(crate) &'static str);

fn method(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_cannot_choose_its_address() {
        let check = |peer: &str, told: &[&str], proxied: bool, address: &str, here: bool| {
            let mut headers = HeaderMap::new();
            for one in told {
                headers.append("x-forwarded-for", one.parse().expect("a value"));
            }
            let peer = peer.parse().expect("an address");
            let From(found, is_here) = from(peer, &headers, proxied);
            assert_eq!((found.to_string().as_str(), is_here), (address, here));
        };
        check("10.0.0.9", &["127.0.0.1"], false, "10.0.0.9", false);
        check("127.0.0.1", &[], false, "127.0.0.1", true);
        check("127.0.0.1", &["10.0.0.9"], false, "127.0.0.1", false);
        check("127.0.0.1", &["1.1.1.1, 10.0.0.9"], true, "10.0.0.9", false);
        check(
            "127.0.0.1",
            &["1.1.1.1", "10.0.0.9"],
            true,
            "10.0.0.9",
            false,
        );
        check("127.0.0.1", &["127.0.0.1"], true, "127.0.0.1", false);
    }
}
