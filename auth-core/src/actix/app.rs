//! What a guarded router becomes.

use std::fmt;
use std::sync::Arc;

use actix_web::Scope;
use actix_web::dev::{AppService, HttpServiceFactory};

use super::router::{Outside, Router};
use crate::access::AccessTable;

/// A guarded service. Each worker takes a clone of it:
/// `HttpServer::new(move || actix_web::App::new().service(app.clone()))`.
///
/// It answers every request that reaches it, so services behind it get none.
///
/// ```
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # fn build() -> Result<(), Box<dyn std::error::Error>> {
/// use auth_core::actix::{App, Router, get};
/// use auth_core::{Auth, authenticated};
///
/// #[authenticated]
/// async fn me() -> &'static str {
///     "me"
/// }
///
/// let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
/// let app: App = Router::new().route("/me", get(me)).app_data(auth).finish()?;
/// println!("{}", app.access_table());
///
/// // Beside services that are open unless they guard themselves.
/// let service = ::actix_web::App::new().service(app.into_unguarded());
/// # let _ = service;
/// # Ok(())
/// # }
/// # #[cfg(all(feature = "macros", feature = "http-client"))]
/// # build().unwrap();
/// ```
#[derive(Clone)]
pub struct App {
    router: Arc<Router>,
    access: Arc<AccessTable>,
}

impl App {
    pub(super) fn new(router: Router, access: AccessTable) -> Self {
        Self { router: Arc::new(router), access: Arc::new(access) }
    }

    /// Who may do what.
    #[must_use]
    pub fn access_table(&self) -> &AccessTable {
        &self.access
    }

    /// The plain actix scope, to add what is not guarded. The promise ends here: routes that are
    /// added to it are open unless they guard themselves, and no table lists them.
    pub fn into_unguarded(self) -> Scope {
        self.router.scope("", &Outside::default())
    }
}

impl HttpServiceFactory for App {
    fn register(self, config: &mut AppService) {
        self.router.register(config);
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("access", &self.access).finish_non_exhaustive()
    }
}
