//! The router, made from the table of URLs.

use crate::answer::answer;
use crate::desk::Desk;
use crate::outer::{Template, outer};
use crate::problem::{Kind, Problem};
use crate::urls::{Method, URLS, Url};
use axum::Router;
use axum::extract::{DefaultBodyLimit, RawPathParams, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// All URLs below `/api`, and nothing else.
pub(crate) fn router(desk: &Arc<Desk>) -> Router {
    let mut paths: BTreeMap<&'static str, Vec<&'static Url>> = BTreeMap::new();
    for url in URLS {
        paths.entry(url.path).or_default().push(url);
    }
    let mut router = Router::new();
    for (path, urls) in paths {
        let mut methods = MethodRouter::new();
        for url in &urls {
            methods = methods.merge(on(filter(url.method), handler(desk.clone(), url)));
        }
        let allow: Vec<&str> = urls.iter().map(|url| url.method.word()).collect();
        let allow = allow.join(", ");
        methods = methods.fallback(move |request: Request| {
            let allow = allow.clone();
            async move { wrong_method(&request, &allow) }
        });
        router = router.route(&format!("/api{path}"), methods);
    }
    router
        .fallback(
            |request: Request| async move { Problem::not_found().answer(request.uri().path()) },
        )
        // Bodies are counted where they are read.
        .layer(DefaultBodyLimit::disable())
        .layer(CatchPanicLayer::custom(PanicAnswer(desk.clone())))
        .layer(from_fn_with_state(desk.clone(), outer))
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Delete => MethodFilter::DELETE,
    }
}

type Answering = std::pin::Pin<Box<dyn Future<Output = Response> + Send>>;

fn handler(
    desk: Arc<Desk>,
    url: &'static Url,
) -> impl Fn(RawPathParams, Request) -> Answering + Clone + Send + Sync + 'static {
    move |path, request| {
        let desk = desk.clone();
        Box::pin(async move {
            let mut response = answer(desk, url, Some(path), request).await;
            response.extensions_mut().insert(Template(url.path));
            response
        })
    }
}

fn wrong_method(request: &Request, allow: &str) -> Response {
    let params = [("allow", allow)];
    let mut response = Problem::new(Kind::Method, &params).answer(request.uri().path());
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// A panic outside of a deed is our fault as well.
#[derive(Clone)]
struct PanicAnswer(Arc<Desk>);

impl tower_http::catch_panic::ResponseForPanic for PanicAnswer {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, _: Box<dyn std::any::Any + Send>) -> Response {
        self.0
            .metrics
            .panics
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let id = crate::log::fresh_id();
        tracing::error!(fault = %id, "a request panicked");
        Problem::new(Kind::Fault, &[("id", &id)]).answer("")
    }
}
