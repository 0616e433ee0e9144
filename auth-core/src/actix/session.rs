//! Sessions on actix: their routes, and the middleware that looks at cookies.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, LOCATION,
    REFERRER_POLICY, SET_COOKIE, VARY, WWW_AUTHENTICATE,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError, Scope, web};

use super::pattern::Pattern;
use super::router::{Router, Service};
use crate::access::Endpoint;
use crate::session::{Answer, AnswerBody, Head, Looked, PAGE_POLICY, Sessions, WEBHOOKS, Webhooks};

impl Router {
    /// Has guards take the cookies of sessions, and adds the routes by which those begin and end.
    ///
    /// It is for the routes there are so far, so call it when all of them are there, on the outermost
    /// router; [`finish`](Self::finish) reports what knows no sessions. There is an
    /// [example](crate::session).
    pub fn sessions(mut self, sessions: &Sessions) -> Self {
        let inner = sessions.inner();
        let routes = [
            ("GET", &inner.paths.sign_in, "begins a sign-in"),
            ("GET", &inner.callback, "ends a sign-in that this browser has begun"),
            ("POST", &inner.paths.sign_out, "ends the session of whoever asks"),
            ("GET", &inner.paths.session, "tells whoever asks who they are"),
        ];
        let routes = routes.map(|(method, path, reason)| (method, path.as_str(), reason));
        let webhooks = inner.has_webhooks();
        let webhooks = webhooks.then_some(("POST", WEBHOOKS, "takes what WorkOS has signed"));
        let mut known = Vec::new();
        for (method, path, reason) in routes.into_iter().chain(webhooks) {
            match Pattern::of_route(path) {
                Ok(pattern) => known.push((pattern, Endpoint::of_sessions(method, reason))),
                Err(mistake) => self.mistakes.push(format!("cannot route {path:?}: {mistake}")),
            }
        }
        let owner = sessions.clone();
        self.add_sessions(sessions.clone(), Service::new(known, move |scope| add(scope, &owner)));
        self
    }
}

fn add(scope: Scope, sessions: &Sessions) -> Scope {
    let inner = sessions.inner();
    let [sign_in, callback, sign_out, session, webhooks] = [(); 5].map(|()| sessions.clone());
    let scope = match inner.has_webhooks() {
        false => scope,
        true => scope.service(web::resource(WEBHOOKS).route(web::post().to(
            move |request: HttpRequest, body: web::Payload| {
                let sessions = webhooks.clone();
                async move {
                    match body.to_bytes_limited(Webhooks::MAX_BODY_LEN).await {
                        Ok(Ok(body)) => {
                            HttpResponse::from(sessions.inner().webhook(&request, &body).await)
                        }
                        _ => Answer::empty(http::StatusCode::PAYLOAD_TOO_LARGE).into(),
                    }
                }
            },
        ))),
    };
    scope
        .service(web::resource(&*inner.paths.sign_in).route(web::get().to(
            move |request: HttpRequest| {
                let answer = sign_in.inner().sign_in(&request, request.query_string());
                std::future::ready(HttpResponse::from(answer))
            },
        )))
        .service(web::resource(&*inner.callback).route(web::get().to(
            move |request: HttpRequest| {
                let sessions = callback.clone();
                async move {
                    let query = request.query_string();
                    HttpResponse::from(sessions.inner().call_back(&request, query).await)
                }
            },
        )))
        .service(web::resource(&*inner.paths.sign_out).route(web::post().to(
            move |request: HttpRequest| {
                let sessions = sign_out.clone();
                async move { HttpResponse::from(sessions.inner().sign_out(&request).await) }
            },
        )))
        .service(web::resource(&*inner.paths.session).route(web::get().to(
            move |request: HttpRequest| {
                let sessions = session.clone();
                async move { HttpResponse::from(sessions.inner().session(&request).await) }
            },
        )))
}

/// Looks at the cookies of a request before its guards do.
pub(super) async fn look<B: MessageBody + 'static>(
    sessions: Sessions,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, Error> {
    let sessions = sessions.inner();
    let looked = Looked::from(sessions.admit(request.request()).await);
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let sign_in = sessions.sign_in_instead(request.request(), path);
    if let Some(presented) = &looked.presented {
        request.extensions_mut().insert(presented.clone());
    }
    let response = next.call(request).await?.map_into_boxed_body();
    Ok(answered(response, looked, sign_in))
}

fn answered(response: ServiceResponse, looked: Looked, sign_in: Option<String>) -> ServiceResponse {
    let challenge = response.headers().get(WWW_AUTHENTICATE).and_then(|it| it.to_str().ok());
    let challenge = challenge.filter(|_| response.status() == StatusCode::UNAUTHORIZED);
    let sign_in = sign_in.zip(challenge).and_then(|(path, it)| Sessions::step_up(path, it));
    let is_personal = looked.is_personal() || sign_in.is_some();
    let mut response = match sign_in {
        Some(path) => response
            .into_response(HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()),
        None => response,
    };
    let headers = response.headers_mut();
    for cookie in looked.set_cookies {
        append_cookie(headers, cookie.as_bytes());
    }
    match is_personal {
        true => keep_personal(headers),
        // With a cookie it could have been another one.
        false => headers.append(VARY, HeaderValue::from_static("Cookie")),
    }
    response
}

fn append_cookie(headers: &mut HeaderMap, cookie: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(cookie) {
        headers.append(SET_COOKIE, value);
    }
}

fn keep_personal(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("Cookie"));
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        let status = StatusCode::from_u16(answer.status.as_u16());
        let mut builder = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        let mut response = match answer.body {
            AnswerBody::Empty => builder.finish(),
            AnswerBody::Json(json) => {
                builder.content_type("application/json").body(json.to_string())
            }
            AnswerBody::Html(page) => builder
                .content_type("text/html; charset=utf-8")
                .insert_header((CONTENT_SECURITY_POLICY, PAGE_POLICY))
                .body(page),
            AnswerBody::Refusal(error) => error.error_response(),
        };
        let headers = response.headers_mut();
        if let Some(target) = answer.location.and_then(|it| HeaderValue::from_str(&it).ok()) {
            headers.insert(LOCATION, target);
        }
        for cookie in &answer.set_cookies {
            append_cookie(headers, cookie.as_bytes());
        }
        keep_personal(headers);
        // The address of a callback has a code in it.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        response
    }
}

impl Head for HttpRequest {
    fn method(&self) -> &str {
        HttpRequest::method(self).as_str()
    }

    fn values<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a [u8]> + 'a> {
        let name = HeaderName::from_bytes(name.as_bytes());
        Box::new(
            name.into_iter()
                .flat_map(|name| self.headers().get_all(name).map(HeaderValue::as_bytes)),
        )
    }
}
