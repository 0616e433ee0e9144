//! Guards and identities as arguments of handlers.
//!
//! The first of them in a request verifies; the result is kept with the request, under a type that
//! only this module can name. actix has the `http` crate of before 1.0, so what is looked at is copied
//! into today's types.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, AUTHORIZATION};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use smallvec::SmallVec;
use tokio::sync::OnceCell;

use super::app_data::{self, FromAppData};
use crate::auth::Auth;
use crate::credential;
use crate::error::{AuthError, Code};
use crate::guard::Guard;
use crate::identity::{Identity, MaybeIdentity};
use crate::policy::{Caller, RequestView, Rule, WaitedFor};

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, AuthError>>>>;

impl<P: Rule<State: FromAppData>> FromRequest for Guard<P> {
    type Error = AuthError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { guard(&request).await })
    }
}

/// Only behind a guard that authenticated; without one the answer is 500 `guard_missing`.
impl FromRequest for Identity {
    type Error = AuthError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let caller = guarded_caller(&request).await;
            caller.map_err(|error| refuse(error, &request))
        })
    }
}

impl FromRequest for MaybeIdentity {
    type Error = AuthError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let caller = maybe_caller(&request).await;
            caller.map(Self).map_err(|error| refuse(error, &request))
        })
    }
}

/// Has the guard decide. No borrow of the request's extensions lives across an `await`.
pub(super) async fn guard<P>(request: &HttpRequest) -> Result<Guard<P>, AuthError>
where
    P: Rule<State: FromAppData>,
{
    decide(request).await.map_err(|error| refuse(error, request))
}

async fn decide<P>(request: &HttpRequest) -> Result<Guard<P>, AuthError>
where
    P: Rule<State: FromAppData>,
{
    let verified = Verified::of(request)?;
    let caller = P::Caller::establish(verified.guarded()).await?;
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
    Ok(guard)
}

async fn guarded_caller(request: &HttpRequest) -> Result<Identity, AuthError> {
    let verified = Verified::of(request)?;
    let caller = match verified.is_guarded.load(Ordering::Relaxed) {
        true => verified.identity().await?,
        false => None,
    };
    caller.ok_or_else(|| {
        AuthError::new(Code::GuardMissing).because(
            "the handler takes `Identity`, but no guard has authenticated the request; put \
             `#[authenticated]` above it, or take `MaybeIdentity`",
        )
    })
}

async fn maybe_caller(request: &HttpRequest) -> Result<Option<Identity>, AuthError> {
    Verified::of(request)?.identity().await
}

/// Who sends a request, once somebody has asked.
///
/// A request can pass scopes that have different `Auth`s. So it says who verifies what, and counts
/// only for the same.
struct Verified {
    by: Auth,
    /// One, or the request is refused.
    credentials: SmallVec<[header::HeaderValue; 1]>,
    identity: OnceCell<Result<Option<Identity>, AuthError>>,
    /// A guard has asked, and not only a `MaybeIdentity`.
    is_guarded: AtomicBool,
}

impl Verified {
    fn of(request: &HttpRequest) -> Result<Arc<Self>, AuthError> {
        let auth = app_data::find::<Auth>(request).ok_or_else(|| {
            AuthError::new(Code::GuardMissing)
                .because(format!("guards ask an `Auth`, {}", app_data::MISSING))
        })?;
        let known = request.extensions().get::<Arc<Self>>().cloned();
        if let Some(known) = known.filter(|known| known.is_of(request, auth)) {
            return Ok(known);
        }
        let verified = Arc::new(Self {
            by: auth.clone(),
            credentials: request.headers().get_all(AUTHORIZATION).cloned().collect(),
            identity: OnceCell::new(),
            is_guarded: AtomicBool::new(false),
        });
        request.extensions_mut().insert(Arc::clone(&verified));
        Ok(verified)
    }

    fn is_of(&self, request: &HttpRequest, auth: &Auth) -> bool {
        let credentials = request.headers().get_all(AUTHORIZATION);
        self.by.is_same_as(auth) && credentials.eq(&self.credentials)
    }

    async fn guarded(&self) -> Result<Identity, AuthError> {
        self.is_guarded.store(true, Ordering::Relaxed);
        self.identity().await?.ok_or_else(|| AuthError::new(Code::NoCredentials))
    }

    /// Whoever asks while another is asking waits for the same answer.
    async fn identity(&self) -> Result<Option<Identity>, AuthError> {
        let credentials = self.credentials.iter().map(header::HeaderValue::as_bytes);
        let authenticate = || self.by.authenticate_by(credential::bearer(credentials));
        self.identity.get_or_init(authenticate).await.clone()
    }
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
    error.log(&Route(request));
    let auth = app_data::find::<Auth>(request);
    error.with_resource_metadata(auth.and_then(Auth::resource_metadata))
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
