//! Guards and identities as arguments of handlers.
//!
//! The first of them in a request verifies; the result is kept with the request, under types that
//! only this module can name.

use std::fmt;

use ::axum::body::Body;
use ::axum::extract::{FromRef, FromRequestParts, MatchedPath};
use ::axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::auth::Auth;
use crate::error::{AuthError, Code};
use crate::guard::Guard;
use crate::identity::{Identity, MaybeIdentity};
use crate::policy::{Caller, Policy};

/// A state that an [`Auth`] can be had from: an `Auth`, or a structure that derives `FromRef` and
/// has a field of that type.
#[diagnostic::on_unimplemented(
    message = "the router's state `{Self}` has no `Auth`",
    label = "no `Auth` in it",
    note = "put a field of type `Auth` into the state and derive `axum::extract::FromRef` for it"
)]
pub trait HasAuth {
    #[doc(hidden)]
    fn auth(&self) -> Auth;
}

#[diagnostic::do_not_recommend]
impl<S> HasAuth for S
where
    Auth: FromRef<S>,
{
    fn auth(&self) -> Auth {
        Auth::from_ref(self)
    }
}

/// Who sends a request, once somebody has asked.
///
/// Extensions get copied from request to request, and a request can pass routers with different
/// states. So it says who verified what, and counts only for the same.
#[derive(Clone)]
struct Verified {
    by: Auth,
    credentials: Vec<HeaderValue>,
    identity: Option<Identity>,
    /// A guard has asked, and not only a `MaybeIdentity`.
    guarded: bool,
}

impl Verified {
    fn of<'a>(parts: &'a Parts, auth: &Auth) -> Option<&'a Self> {
        let known: &Self = parts.extensions.get()?;
        let credentials = parts.headers.get_all(AUTHORIZATION);
        let same = known.by.is_same_as(auth) && credentials.iter().eq(&known.credentials);
        same.then_some(known)
    }
}

impl<S, P> FromRequestParts<S> for Guard<P>
where
    S: HasAuth + Send + Sync,
    P: Policy,
{
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        let auth = state.auth();
        let caller = P::Caller::establish(authenticate(parts, &auth)).await;
        caller.and_then(Guard::admit).map_err(|error| refuse(error, &auth, parts))
    }
}

/// Only behind a guard that authenticated; without one the answer is 500 `guard_missing`.
impl<S: HasAuth + Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        let auth = state.auth();
        let verified = Verified::of(parts, &auth).filter(|verified| verified.guarded);
        verified.and_then(|verified| verified.identity.clone()).ok_or_else(|| {
            let error = AuthError::new(Code::GuardMissing).because(
                "the handler takes `Identity`, but no guard has authenticated the request; put \
                 `#[authenticated]` above it, or take `MaybeIdentity`",
            );
            refuse(error, &auth, parts)
        })
    }
}

impl<S: HasAuth + Send + Sync> FromRequestParts<S> for MaybeIdentity {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        let auth = state.auth();
        let verified = verify(parts, &auth).await;
        verified.map(Self).map_err(|error| refuse(error, &auth, parts))
    }
}

fn refuse(error: AuthError, auth: &Auth, parts: &Parts) -> AuthError {
    error.log(&Route(parts));
    error.with_resource_metadata(auth.resource_metadata())
}

async fn authenticate(parts: &mut Parts, auth: &Auth) -> Result<Identity, AuthError> {
    let identity = verify(parts, auth).await?;
    if let Some(verified) = parts.extensions.get_mut::<Verified>() {
        verified.guarded = true;
    }
    identity.ok_or_else(|| AuthError::new(Code::NoCredentials))
}

async fn verify(parts: &mut Parts, auth: &Auth) -> Result<Option<Identity>, AuthError> {
    if let Some(verified) = Verified::of(parts, auth) {
        return Ok(verified.identity.clone());
    }
    // A service that logs its requests shall not log this.
    if let Some(credential) = parts.headers.get_mut(AUTHORIZATION) {
        credential.set_sensitive(true);
    }
    let identity = auth.authenticate(&parts.headers).await?;
    parts.extensions.insert(Verified {
        by: auth.clone(),
        credentials: parts.headers.get_all(AUTHORIZATION).iter().cloned().collect(),
        identity: identity.clone(),
        guarded: false,
    });
    Ok(identity)
}

impl IntoResponse for AuthError {
    fn into_response(self) -> Response {
        self.to_response().map(Body::from)
    }
}

/// Method and path of a request, as the router has them, for the log.
struct Route<'a>(&'a Parts);

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.extensions.get::<MatchedPath>().map(MatchedPath::as_str);
        write!(f, "{} {}", self.0.method, path.unwrap_or("*"))
    }
}
