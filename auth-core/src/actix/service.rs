//! Handlers with one of actix's route attributes.

use actix_web::dev::HttpServiceFactory;

use crate::policy::Immediate;

/// What a guard above `#[get]` or one of its siblings makes of a handler. Nobody implements it by
/// hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no guard above its route attribute",
    label = "no guard",
    note = "put `#[authenticated]`, `#[require_admin]`, `#[require(..)]` or `#[public(reason = \"..\")]` \
            above `#[get]` or its sibling, which hides what stands below it",
    note = "static files and services of others are added with `.service_public(..)`"
)]
pub trait GuardedService: HttpServiceFactory + Sized + 'static {
    /// Who may call the handler.
    #[doc(hidden)]
    type Policy: Immediate;

    /// Its methods and paths.
    #[doc(hidden)]
    const ROUTES: &'static [(&'static str, &'static str)];

    /// The handler.
    #[doc(hidden)]
    fn service() -> Self;
}
