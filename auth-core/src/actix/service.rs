//! Handlers with one of actix's route attributes.

use actix_web::dev::HttpServiceFactory;

use crate::access::Endpoint;
use crate::policy::Immediate;

/// What a guard above `#[get]` or one of its siblings makes of a handler.
///
/// Do not implement it by hand: the attribute's word is taken for it that the handler has the guard,
/// since actix calls such a handler itself. Handlers that are added by `.route(..)` need nobody's
/// word; the router asks their guard.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use auth_core::actix::{GuardedService, Router};
/// use auth_core::authenticated;
///
/// #[authenticated]
/// #[::actix_web::get("/me")]
/// async fn me() -> &'static str {
///     "me"
/// }
///
/// fn is_guarded<S: GuardedService>(_service: &S) {}
/// is_guarded(&me);
/// let router = Router::new().service(me);
/// # let _ = router;
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no guard above its route attribute",
    label = "no guard",
    note = "put `#[authenticated]`, `#[require_admin]`, `#[require(..)]` or `#[public(reason = \"..\")]` \
            above `#[get]` or its sibling, which hides what stands below it",
    note = "static files and services of others are added with `.service_public(..)`"
)]
pub trait GuardedService: HttpServiceFactory + Sized + 'static {
    /// Its methods and paths.
    #[doc(hidden)]
    const ROUTES: &'static [(&'static str, &'static str)];

    /// Who may call the handler.
    #[doc(hidden)]
    fn guard() -> GuardOfService;

    /// The handler.
    #[doc(hidden)]
    fn service() -> Self;
}

/// The policy of a service, as a value: an associated type would have to be as public as the handler.
#[doc(hidden)]
#[derive(Debug)]
pub struct GuardOfService {
    pub(super) endpoint: fn(&'static str, &'static str) -> Endpoint,
}

impl GuardOfService {
    /// The guard decides in the midst of actix's own extraction, so it must not have to wait.
    #[must_use]
    pub fn new<P: Immediate>() -> Self {
        Self { endpoint: Endpoint::new::<P> }
    }
}
