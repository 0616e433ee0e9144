//! Guards and identities as arguments of handlers.
//!
//! The first of them in a request verifies; the result is kept with the request, under types that
//! only this module can name.

use std::any::TypeId;
use std::fmt;

use ::axum::body::Body;
use ::axum::extract::{FromRequestParts, MatchedPath, RawPathParams};
use ::axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::state::{HasAuth, HasState};
use crate::auth::{self, Auth};
use crate::credential;
use crate::decision;
use crate::error::{AuthError, Code};
use crate::guard::Guard;
use crate::identity::{Identity, MaybeIdentity};
use crate::policy::{Caller, RequestView, Rule, WaitedFor};
#[cfg(feature = "session")]
use crate::session::Presented;
use crate::verify::{NotNow, with_keys};

/// Who sends a request, once somebody has asked.
///
/// Extensions get copied from request to request, and a request can pass routers with different
/// states. So it says who verified what, and counts only for the same.
#[derive(Clone)]
struct Verified {
    by: Auth,
    /// Of requests with more than one, nobody knows the sender.
    credential: Option<HeaderValue>,
    identity: Option<Identity>,
    /// A guard has asked, and not only a `MaybeIdentity`.
    is_guarded: bool,
    /// The policy whose decision has been told.
    told: Option<TypeId>,
}

impl Verified {
    fn of<'a>(parts: &'a mut Parts, auth: &Auth) -> Option<&'a mut Self> {
        let session = session_bearer(parts);
        let known: &mut Self = parts.extensions.get_mut()?;
        let credential = known.credential.iter().map(HeaderValue::as_bytes);
        let is_same = known.by.is_same_as(auth)
            && match &session {
                Some(value) => credential::are_same([value.as_bytes()].into_iter(), credential),
                None => credential::are_same(auth::values(&parts.headers), credential),
            };
        is_same.then_some(known)
    }

    fn note_told<P: Rule>(parts: &mut Parts) {
        if let Some(known) = parts.extensions.get_mut::<Self>() {
            known.told = Some(TypeId::of::<P>());
        }
    }

    /// Where nobody is looked at, there is nothing to tell again either.
    fn is_told<P: Rule>(parts: &Parts) -> bool {
        let known = parts.extensions.get::<Self>();
        known.is_none_or(|known| known.told == Some(TypeId::of::<P>()))
    }
}

impl<S, P> FromRequestParts<S> for Guard<P>
where
    S: HasAuth + HasState<P::State> + Send + Sync,
    P: Rule,
{
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        let auth = state.auth();
        let decided = match decide_now(parts, &auth) {
            Some(decided) => decided,
            None => decide(parts, state, &auth).await,
        };
        // What the router's guard has told is not told again.
        match decided {
            Ok(guard) if !decision::is_wanted(&auth) || Verified::is_told::<P>(parts) => Ok(guard),
            decided => tell(decided, &auth, parts),
        }
    }
}

/// The guard's decision, if it can be had without waiting.
pub(super) fn guard_now<S: HasAuth, P: Rule>(
    parts: &mut Parts,
    state: &S,
) -> Option<Result<Guard<P>, AuthError>> {
    let auth = state.auth();
    let decided = decide_now(parts, &auth)?;
    Some(tell(decided, &auth, parts))
}

/// The decision of a guard that has something to wait for.
pub(super) async fn guard<S, P>(parts: &mut Parts, state: &S) -> Result<Guard<P>, AuthError>
where
    S: HasAuth + HasState<P::State> + Send + Sync,
    P: Rule,
{
    let auth = state.auth();
    let decided = decide(parts, state, &auth).await;
    tell(decided, &auth, parts)
}

fn tell<P: Rule>(
    decided: Result<Guard<P>, AuthError>,
    auth: &Auth,
    parts: &mut Parts,
) -> Result<Guard<P>, AuthError> {
    let told = decided.and_then(|guard| {
        if decision::is_wanted(auth) {
            decision::allowed::<P>(auth, guard.caller().identity(), &Route(parts))?;
            Verified::note_told::<P>(parts);
        }
        Ok(guard)
    });
    told.map_err(|error| {
        let caller = parts.extensions.get::<Verified>().and_then(|it| it.identity.as_ref());
        decision::refused_by::<P>(Some(auth), caller, error, &Route(parts))
    })
}

fn decide_now<P: Rule>(parts: &mut Parts, auth: &Auth) -> Option<Result<Guard<P>, AuthError>> {
    // axum gives path parameters to those who can wait.
    if P::LOOKS_AT_REQUEST {
        return None;
    }
    match P::Caller::establish(|| authenticate(parts, auth)) {
        Ok(caller) => Guard::admit_now(caller, &RequestView::NONE, auth),
        Err(NotNow::Refused(error)) => Some(Err(error)),
        Err(NotNow::FetchDue { .. }) => None,
    }
}

async fn decide<S, P>(parts: &mut Parts, state: &S, auth: &Auth) -> Result<Guard<P>, AuthError>
where
    S: HasAuth + HasState<P::State> + Send + Sync,
    P: Rule,
{
    let caller = with_keys(|| P::Caller::establish(|| authenticate(parts, auth))).await?;
    let parameters = match P::LOOKS_AT_REQUEST {
        true => path_parameters(parts, state).await,
        false => Vec::new(),
    };
    let mut waited_for: WaitedFor = parts.extensions.remove().unwrap_or_default();
    let request = RequestView::new(&parts.method, &parts.headers).with_path_parameters(&parameters);
    let state = || Ok(state.state());
    let guard = Guard::admit(caller, &request, auth, &mut waited_for, state).await?;
    if !waited_for.is_empty() {
        parts.extensions.insert(waited_for);
    }
    Ok(guard)
}

/// Without any, if one of them is no UTF-8: axum reads all or none, for a handler's `Path`, too.
async fn path_parameters<S: Send + Sync>(parts: &mut Parts, state: &S) -> Vec<(String, String)> {
    let parameters = RawPathParams::from_request_parts(parts, state).await;
    parameters.map_or_else(
        |_| Vec::new(),
        |known| known.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
    )
}

/// Only behind a guard that authenticated; without one the answer is 500 `guard_missing`.
impl<S: HasAuth + Send + Sync> FromRequestParts<S> for Identity {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthError> {
        let auth = state.auth();
        let verified = Verified::of(parts, &auth).filter(|verified| verified.is_guarded);
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
        let verified = with_keys(|| identify(parts, &auth, false)).await;
        verified.map(Self).map_err(|error| refuse(error, &auth, parts))
    }
}

fn refuse(error: AuthError, auth: &Auth, parts: &Parts) -> AuthError {
    decision::refused(Some(auth), None, None, error, &Route(parts))
}

fn authenticate(parts: &mut Parts, auth: &Auth) -> Result<Identity, NotNow> {
    let identity = identify(parts, auth, true)?;
    identity.ok_or_else(|| AuthError::new(Code::NoCredentials).into())
}

fn identify(parts: &mut Parts, auth: &Auth, is_guarded: bool) -> Result<Option<Identity>, NotNow> {
    if let Some(verified) = Verified::of(parts, auth) {
        verified.is_guarded |= is_guarded;
        return Ok(verified.identity.clone());
    }
    #[cfg(feature = "session")]
    if let Some(Presented::Refused(error)) = parts.extensions.get() {
        return Err(error.clone().into());
    }
    let (credential, identity) = match session_bearer(parts) {
        Some(value) => {
            let identity = auth.authenticate_now([value.as_bytes()])?;
            (Some(value), identity)
        }
        None => {
            let credential = parts.headers.get_mut(AUTHORIZATION).map(|credential| {
                // A service that logs its requests shall not log this.
                credential.set_sensitive(true);
                credential.clone()
            });
            (credential, auth.authenticate_now(auth::values(&parts.headers))?)
        }
    };
    parts.extensions.insert(Verified {
        by: auth.clone(),
        credential,
        identity: identity.clone(),
        is_guarded,
        told: None,
    });
    Ok(identity)
}

/// The token in the cookies of the request, if sessions have looked at them.
#[cfg(feature = "session")]
fn session_bearer(parts: &Parts) -> Option<HeaderValue> {
    match parts.extensions.get()? {
        Presented::Bearer(value) => Some(value.clone()),
        Presented::Refused(_) => None,
    }
}

#[cfg(not(feature = "session"))]
fn session_bearer(_: &Parts) -> Option<HeaderValue> {
    None
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
