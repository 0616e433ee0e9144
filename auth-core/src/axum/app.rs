//! The guarded service that a router becomes.

use std::task::{Context, Poll};

use tower_service::Service;

use crate::access::AccessTable;

/// A guarded service. Serve it with `axum::serve(listener, app)`.
///
/// ```
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::axum::{App, Router, get};
/// use auth_core::{Auth, authenticated};
///
/// #[authenticated]
/// async fn me() -> &'static str {
///     "me"
/// }
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
/// let app: App = Router::new().route("/me", get(me)).with_state(auth).finish()?;
/// println!("{}", app.access_table());
///
/// // Beside routes that are open unless they guard themselves.
/// let router = ::axum::Router::new().merge(app.into_unguarded());
/// # let _ = router;
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct App {
    pub(super) inner: ::axum::Router,
    pub(super) access: AccessTable,
}

impl App {
    /// Who may do what.
    #[must_use]
    pub fn access_table(&self) -> &AccessTable {
        &self.access
    }

    /// The plain axum router, to merge into one that is not guarded. The promise ends here: routes
    /// that are added to it are open unless they guard themselves, and no table lists them.
    pub fn into_unguarded(self) -> ::axum::Router {
        self.inner
    }
}

/// Whatever axum's router serves: connections for `axum::serve`, requests in tests.
impl<T> Service<T> for App
where
    ::axum::Router: Service<T>,
{
    type Response = <::axum::Router as Service<T>>::Response;
    type Error = <::axum::Router as Service<T>>::Error;
    type Future = <::axum::Router as Service<T>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: T) -> Self::Future {
        self.inner.call(request)
    }
}
