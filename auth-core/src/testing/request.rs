//! Requests that can bear a token.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Request, request};

/// A request that [`TestUser::on`](super::TestUser::on) can put a token on. Implement it for the
/// requests of another framework.
///
/// ```
/// use auth_core::testing::{BearsToken, as_user};
///
/// /// A request of a framework that the kit does not know.
/// struct Call {
///     headers: Vec<(&'static str, String)>,
/// }
///
/// impl BearsToken for Call {
///     fn bear(mut self, token: &str) -> Self {
///         self.headers.push(("authorization", format!("Bearer {token}")));
///         self
///     }
/// }
///
/// let call = as_user("alice").on(Call { headers: Vec::new() });
/// assert_eq!(call.headers.len(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "a token cannot be put on a `{Self}`",
    label = "no request that the kit knows",
    note = "implement `auth_core::testing::BearsToken` for it, or send the text of \
            `TestUser::token()` in its `Authorization` header"
)]
pub trait BearsToken {
    /// Sets `Authorization: Bearer <token>`.
    #[must_use]
    fn bear(self, token: &str) -> Self;
}

impl<B> BearsToken for Request<B> {
    fn bear(mut self, token: &str) -> Self {
        set(self.headers_mut(), token);
        self
    }
}

impl BearsToken for request::Builder {
    fn bear(mut self, token: &str) -> Self {
        // A builder that has an error has no headers; `body` then tells the error.
        if let Some(headers) = self.headers_mut() {
            set(headers, token);
        }
        self
    }
}

fn set(headers: &mut HeaderMap, token: &str) {
    let mut value: HeaderValue =
        format!("Bearer {token}").parse().expect("a token is visible ASCII");
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
}
