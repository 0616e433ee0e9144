//! Whether a request with a cookie is meant: other sites can have browsers send it, too.

use super::head::Head;

/// Pages of other sites cannot add a header without being asked first (CORS).
pub(crate) const TOKEN_HEADER: &str = "x-csrf";

/// Whether the page that sends a request is this service's own, or else proves that it was allowed to
/// ask. `own_origin` is that of the redirect URI.
pub(crate) fn is_meant(head: &impl Head, own_origin: &str) -> bool {
    if matches!(head.method(), "GET" | "HEAD" | "OPTIONS") || head.has(TOKEN_HEADER) {
        return true;
    }
    match head.text("sec-fetch-site") {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    head.text("origin") == Some(own_origin)
}
