//! Sessions on axum: their routes, and the layer that looks at cookies.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use ::axum::body::{Body, to_bytes};
use ::axum::extract::Request;
use ::axum::response::{Html, IntoResponse, Response};
use ::axum::routing::{get, post};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, SET_COOKIE,
    VARY, WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use super::router::Router;
use crate::access::Endpoint;
use crate::session::{Answer, AnswerBody, Looked, PAGE_POLICY, Sessions, WEBHOOKS, Webhooks};

impl<S: Clone + Send + Sync + 'static> Router<S> {
    /// Has guards take the cookies of sessions, and adds the routes by which those begin and end.
    ///
    /// It is for the routes there are so far, so call it when all of them are there, on the outermost
    /// router; [`finish`](Router::finish) reports what knows no sessions. There is an
    /// [example](crate::session).
    pub fn sessions(self, sessions: &Sessions) -> Self {
        let inner = sessions.inner();
        let paths = &inner.paths;
        let [sign_in, callback, sign_out, session] = [(); 4].map(|()| sessions.clone());
        self.layer(SessionLayer(sessions.clone()))
            .route_public(
                &paths.sign_in,
                Endpoint::of_sessions("GET", "begins a sign-in"),
                get(move |request: Request| async move {
                    let (parts, _) = request.into_parts();
                    let query = parts.uri.query().unwrap_or_default();
                    sign_in.inner().sign_in(&parts, query)
                })
                .head(no_head),
            )
            .route_public(
                &inner.callback,
                Endpoint::of_sessions("GET", "ends a sign-in that this browser has begun"),
                get(move |request: Request| async move {
                    let (parts, _) = request.into_parts();
                    let query = parts.uri.query().unwrap_or_default();
                    callback.inner().call_back(&parts, query).await
                })
                .head(no_head),
            )
            .route_public(
                &paths.sign_out,
                Endpoint::of_sessions("POST", "ends the session of whoever asks"),
                post(move |request: Request| async move {
                    let (parts, _) = request.into_parts();
                    sign_out.inner().sign_out(&parts).await
                }),
            )
            .route_public(
                &paths.session,
                Endpoint::of_sessions("GET", "tells whoever asks who they are"),
                get(move |request: Request| async move {
                    let (parts, _) = request.into_parts();
                    session.inner().session(&parts).await
                })
                .head(no_head),
            )
            .webhooks_of(sessions)
            .with_sessions()
    }

    fn webhooks_of(self, sessions: &Sessions) -> Self {
        if !sessions.inner().has_webhooks() {
            return self;
        }
        let sessions = sessions.clone();
        self.route_public(
            WEBHOOKS,
            Endpoint::of_sessions("POST", "takes what WorkOS has signed"),
            post(move |request: Request| async move {
                let (parts, body) = request.into_parts();
                match to_bytes(body, Webhooks::MAX_BODY_LEN).await {
                    Ok(body) => sessions.inner().webhook(&parts, &body).await,
                    Err(_) => Answer::empty(StatusCode::PAYLOAD_TOO_LARGE),
                }
            }),
        )
    }
}

/// Who only looks begins and ends nothing.
async fn no_head() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// Looks at the cookies of a request before its guards do.
#[derive(Clone)]
struct SessionLayer(Sessions);

#[derive(Clone)]
struct SessionService<S> {
    inner: S,
    sessions: Sessions,
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService { inner, sessions: self.0.clone() }
    }
}

impl<S> Service<Request> for SessionService<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let clone = self.inner.clone();
        let (mut inner, sessions) =
            (std::mem::replace(&mut self.inner, clone), self.sessions.clone());
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let sessions = sessions.inner();
            let looked = Looked::from(sessions.admit(&parts).await);
            let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            let sign_in = sessions.sign_in_instead(&parts, path);
            if let Some(presented) = &looked.presented {
                parts.extensions.insert(presented.clone());
            }
            let response = inner.call(Request::from_parts(parts, body)).await?.into_response();
            Ok(answered(response, looked, sign_in))
        })
    }
}

fn answered(mut response: Response, looked: Looked, sign_in: Option<String>) -> Response {
    let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|it| it.to_str().ok());
    let challenge = challenge.filter(|_| response.status() == StatusCode::UNAUTHORIZED);
    let sign_in = sign_in.zip(challenge).and_then(|(path, it)| Sessions::step_up(path, it));
    let sign_in = sign_in.and_then(|path| HeaderValue::from_str(&path).ok());
    let is_personal = looked.is_personal() || sign_in.is_some();
    if let Some(path) = sign_in {
        response = (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response();
    }
    let headers = response.headers_mut();
    for cookie in looked.set_cookies {
        headers.append(SET_COOKIE, cookie);
    }
    match is_personal {
        true => keep_personal(headers),
        // With a cookie it could have been another one.
        false => drop(headers.append(VARY, HeaderValue::from_static("Cookie"))),
    }
    response
}

fn keep_personal(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("Cookie"));
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            AnswerBody::Empty => Response::new(Body::empty()),
            AnswerBody::Json(json) => {
                ([(CONTENT_TYPE, "application/json")], json.to_string()).into_response()
            }
            AnswerBody::Html(page) => {
                ([(CONTENT_SECURITY_POLICY, PAGE_POLICY)], Html(page)).into_response()
            }
            AnswerBody::Refusal(error) => error.into_response(),
        };
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let location = self.location.and_then(|target| HeaderValue::from_str(&target).ok());
        headers.extend(location.map(|target| (LOCATION, target)));
        for cookie in self.set_cookies {
            if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                headers.append(SET_COOKIE, cookie);
            }
        }
        keep_personal(headers);
        // The address of a callback has a code in it.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }
}
