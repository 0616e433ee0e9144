//! Guards and identities as arguments of handlers.
//!
//! The first of them in a request verifies; the result is kept with the request, under a type that
//! only this module can name. actix has the `http` crate of before 1.0, so what is looked at is copied
//! into today's types.

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::future::{self, Ready};
use std::pin::Pin;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, AUTHORIZATION};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use futures_util::future::Either;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use smallvec::SmallVec;

use super::app_data::{self, FromAppData};
use crate::auth::Auth;
use crate::credential;
use crate::decision;
use crate::error::{AuthError, Code};
use crate::guard::Guard;
use crate::identity::{Identity, MaybeIdentity};
use crate::policy::{Caller, RequestView, Rule, WaitedFor};
#[cfg(feature = "session")]
use crate::session::Presented;
use crate::verify::{NotNow, with_keys};

/// Without an allocation for who need not wait.
type Extraction<T> =
    Either<Ready<Result<T, AuthError>>, Pin<Box<dyn Future<Output = Result<T, AuthError>>>>>;

impl<P: Rule<State: FromAppData>> FromRequest for Guard<P> {
    type Error = AuthError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        if let Some(decided) = guard_now(request) {
            return Either::Left(future::ready(decided));
        }
        let request = request.clone();
        Either::Right(Box::pin(async move { guard(&request).await }))
    }
}

/// Only behind a guard that authenticated; without one the answer is 500 `guard_missing`.
impl FromRequest for Identity {
    type Error = AuthError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extraction(request, |request| {
            let verified = Verified::of(request)?;
            let caller = match verified.is_guarded.get() {
                true => verified.identity_now()?,
                false => None,
            };
            caller.ok_or_else(|| {
                let error = AuthError::new(Code::GuardMissing).because(
                    "the handler takes `Identity`, but no guard has authenticated the request; put \
                     `#[authenticated]` above it, or take `MaybeIdentity`",
                );
                error.into()
            })
        })
    }
}

impl FromRequest for MaybeIdentity {
    type Error = AuthError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        extraction(request, |request| Verified::of(request)?.identity_now().map(Self))
    }
}

fn extraction<T: 'static>(
    request: &HttpRequest,
    ask: impl Fn(&HttpRequest) -> Result<T, NotNow> + 'static,
) -> Extraction<T> {
    match ask(request) {
        Ok(found) => Either::Left(future::ready(Ok(found))),
        Err(NotNow::Refused(error)) => Either::Left(future::ready(Err(refuse(error, request)))),
        Err(NotNow::FetchDue { .. }) => {
            let request = request.clone();
            Either::Right(Box::pin(async move {
                let found = with_keys(|| ask(&request)).await;
                found.map_err(|error| refuse(error, &request))
            }))
        }
    }
}

/// The guard's decision, if it can be had without waiting.
pub(super) fn guard_now<P: Rule>(request: &HttpRequest) -> Option<Result<Guard<P>, AuthError>> {
    let decided = decide_now(request)?;
    Some(tell(decided, request))
}

/// Has the guard decide. No borrow of the request's extensions lives across an `await`.
pub(super) async fn guard<P>(request: &HttpRequest) -> Result<Guard<P>, AuthError>
where
    P: Rule<State: FromAppData>,
{
    tell(decide(request).await, request)
}

/// Who is let in has been told of by then.
fn tell<P: Rule>(
    decided: Result<Guard<P>, AuthError>,
    request: &HttpRequest,
) -> Result<Guard<P>, AuthError> {
    decided.map_err(|error| {
        let auth = app_data::find::<Auth>(request);
        let verified = request.extensions().get::<Rc<Verified>>().cloned();
        let caller = verified.and_then(|it| it.identity.get()?.clone().ok().flatten());
        decision::refused_by::<P>(auth, caller.as_ref(), error, &Route(request))
    })
}

fn allowed<P: Rule>(
    guard: Guard<P>,
    auth: &Auth,
    request: &HttpRequest,
) -> Result<Guard<P>, AuthError> {
    decision::allowed::<P>(auth, guard.caller().identity(), &Route(request))?;
    Ok(guard)
}

fn decide_now<P: Rule>(request: &HttpRequest) -> Option<Result<Guard<P>, AuthError>> {
    // What a policy may see has to be copied, and actix gives path parameters to those who can wait.
    if P::LOOKS_AT_REQUEST {
        return None;
    }
    let verified = match Verified::of(request) {
        Ok(verified) => verified,
        Err(error) => return Some(Err(error)),
    };
    match P::Caller::establish(|| verified.guarded_now()) {
        Ok(caller) => {
            let decided = Guard::admit_now(caller, &RequestView::NONE, &verified.by)?;
            Some(decided.and_then(|guard| allowed(guard, &verified.by, request)))
        }
        Err(NotNow::Refused(error)) => Some(Err(error)),
        Err(NotNow::FetchDue { .. }) => None,
    }
}

async fn decide<P>(request: &HttpRequest) -> Result<Guard<P>, AuthError>
where
    P: Rule<State: FromAppData>,
{
    let verified = Verified::of(request)?;
    let caller = with_keys(|| P::Caller::establish(|| verified.guarded_now())).await?;
    let seen = match P::LOOKS_AT_REQUEST {
        true => Some(Seen::of(request).await?),
        false => None,
    };
    let view = seen.as_ref().map_or(RequestView::NONE, Seen::view);
    let waited_for = request.extensions().get::<WaitedFor>().cloned();
    let mut waited_for = waited_for.unwrap_or_default();
    let state = P::State::from_app_data(request);
    let guard = Guard::admit(caller, &view, &verified.by, &mut waited_for, || state).await?;
    if !waited_for.is_empty() {
        request.extensions_mut().insert(waited_for);
    }
    allowed(guard, &verified.by, request)
}

/// Who sends a request, once somebody has asked.
///
/// A request can pass scopes that have different `Auth`s. So it says who verifies what, and counts
/// only for the same.
struct Verified {
    by: Auth,
    /// One, or the request is refused.
    credentials: Credentials,
    identity: Answered,
    /// A guard has asked, and not only a `MaybeIdentity`.
    is_guarded: Cell<bool>,
}

impl Verified {
    fn of(request: &HttpRequest) -> Result<Rc<Self>, AuthError> {
        let auth = app_data::find::<Auth>(request).ok_or_else(|| {
            AuthError::new(Code::GuardMissing)
                .because(format!("guards ask an `Auth`, {}", app_data::MISSING))
        })?;
        let known = request.extensions().get::<Rc<Self>>().cloned();
        if let Some(known) = known.filter(|known| known.is_of(request, auth)) {
            return Ok(known);
        }
        let (credentials, identity) = presented(request);
        let verified =
            Rc::new(Self { by: auth.clone(), credentials, identity, is_guarded: Cell::new(false) });
        request.extensions_mut().insert(Rc::clone(&verified));
        Ok(verified)
    }

    fn is_of(&self, request: &HttpRequest, auth: &Auth) -> bool {
        let known = self.credentials.iter().map(header::HeaderValue::as_bytes);
        #[cfg(feature = "session")]
        if let Some(Presented::Bearer(value)) = request.extensions().get() {
            let same = credential::are_same([value.as_bytes()].into_iter(), known);
            return self.by.is_same_as(auth) && same;
        }
        let credentials = request.headers().get_all(AUTHORIZATION);
        self.by.is_same_as(auth)
            && credential::are_same(credentials.map(header::HeaderValue::as_bytes), known)
    }

    fn guarded_now(&self) -> Result<Identity, NotNow> {
        self.is_guarded.set(true);
        self.identity_now()?.ok_or_else(|| AuthError::new(Code::NoCredentials).into())
    }

    /// Whoever asks after another gets the same answer.
    fn identity_now(&self) -> Result<Option<Identity>, NotNow> {
        if let Some(known) = self.identity.get() {
            return known.clone().map_err(NotNow::Refused);
        }
        let credentials = self.credentials.iter().map(header::HeaderValue::as_bytes);
        let identity = match self.by.authenticate_now(credentials) {
            Ok(identity) => Ok(identity),
            Err(NotNow::Refused(error)) => Err(error),
            Err(fetch_due) => return Err(fetch_due),
        };
        self.identity.get_or_init(|| identity).clone().map_err(NotNow::Refused)
    }
}

type Credentials = SmallVec<[header::HeaderValue; 1]>;
type Answered = OnceCell<Result<Option<Identity>, AuthError>>;

/// What a request bears, and what is known of it already: sessions may have looked at its cookies.
fn presented(request: &HttpRequest) -> (Credentials, Answered) {
    #[cfg(feature = "session")]
    match request.extensions().get() {
        Some(Presented::Bearer(value)) => {
            let value = header::HeaderValue::from_bytes(value.as_bytes());
            return (value.into_iter().collect(), OnceCell::new());
        }
        Some(Presented::Refused(error)) => {
            return (Credentials::new(), OnceCell::from(Err(error.clone())));
        }
        None => {}
    }
    (request.headers().get_all(AUTHORIZATION).cloned().collect(), OnceCell::new())
}

/// What a policy may see of a request.
struct Seen {
    method: Method,
    headers: HeaderMap,
    parameters: Vec<(String, String)>,
}

impl Seen {
    async fn of(request: &HttpRequest) -> Result<Self, AuthError> {
        // `match_info` has the names, and values that are decoded in part; this decodes them as for
        // the handler.
        let values = web::Path::<Vec<String>>::extract(request).await;
        let values = values.map_or_else(|_| Vec::new(), web::Path::into_inner);
        let names = request.match_info().iter().map(|(name, _)| name.to_owned());
        Ok(Self {
            method: Method::from_bytes(request.method().as_str().as_bytes())
                .map_err(|_| malformed("method"))?,
            headers: copied(request.headers().iter())?,
            parameters: names.zip(values).collect(),
        })
    }

    fn view(&self) -> RequestView<'_> {
        RequestView::new(&self.method, &self.headers).with_path_parameters(&self.parameters)
    }
}

fn copied<'a>(
    headers: impl Iterator<Item = (&'a header::HeaderName, &'a header::HeaderValue)>,
) -> Result<HeaderMap, AuthError> {
    let mut copy = HeaderMap::new();
    for (name, value) in headers {
        let mut value =
            HeaderValue::from_bytes(value.as_bytes()).map_err(|_| malformed("header"))?;
        value.set_sensitive(name == AUTHORIZATION);
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        copy.append(name.map_err(|_| malformed("header"))?, value);
    }
    Ok(copy)
}

fn malformed(what: &str) -> AuthError {
    AuthError::new(Code::InvalidRequest).because(format!("the request has a malformed {what}"))
}

fn refuse(error: AuthError, request: &HttpRequest) -> AuthError {
    let auth = app_data::find::<Auth>(request);
    decision::refused(auth, None, None, error, &Route(request))
}

/// Method and path of a request, as the router has them, for the log.
struct Route<'a>(&'a HttpRequest);

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.0.match_pattern();
        write!(f, "{} {}", self.0.method(), path.as_deref().unwrap_or("*"))
    }
}

impl ResponseError for AuthError {
    fn status_code(&self) -> StatusCode {
        let status = StatusCode::from_u16(self.status().as_u16());
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let (parts, body) = self.to_response().into_parts();
        let mut response = HttpResponse::build(self.status_code());
        for (name, value) in &parts.headers {
            response.append_header((name.as_str(), value.as_bytes()));
        }
        response.body(body)
    }
}
