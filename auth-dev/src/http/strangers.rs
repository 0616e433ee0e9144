//! Who may ask. Web pages reach this machine, too, and most of them have no business here.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::environment::Environment;

/// A page whose own name points here (DNS rebinding) is a stranger, and so is one that loads an
/// answer as a script or an image; it may send a browser here to sign in and out.
pub(super) async fn refuse_strangers(
    State(environment): State<Arc<Environment>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let loads = header(headers, "sec-fetch-mode") == Some("no-cors") && !is_from_here(headers);
    // AuthKit's client signs out like this when it is told not to navigate.
    let signs_out = request.uri().path() == "/user_management/sessions/logout";
    if !is_to_us(headers, &environment.url) || loads && !signs_out {
        return refusal();
    }
    next.run(request).await
}

/// What only programs on this machine and its own pages may do.
pub(super) async fn refuse_pages(request: Request, next: Next) -> Response {
    if is_from_here(request.headers()) { next.run(request).await } else { refusal() }
}

/// Browsers say where a request comes from; programs say nothing.
pub(super) fn is_from_here(headers: &HeaderMap) -> bool {
    matches!(header(headers, "sec-fetch-site"), None | Some("same-origin" | "none"))
}

fn is_to_us(headers: &HeaderMap, url: &str) -> bool {
    let host = header(headers, "host").and_then(|host| host.parse::<Authority>().ok());
    let own = Url::parse(url).ok();
    let own = own.as_ref().and_then(Url::host_str);
    host.is_some_and(|host| {
        matches!(host.host(), "localhost" | "127.0.0.1" | "[::1]") || Some(host.host()) == own
    })
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn refusal() -> Response {
    let body = "auth-dev answers to programs on this machine that call it by its own name (`--url`), \
                and to browsers that sign in";
    (StatusCode::MISDIRECTED_REQUEST, body).into_response()
}
