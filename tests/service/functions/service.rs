//! A plain tower service behind the layers, without any framework.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use auth_core::AuthContext;
use auth_core::policy::{Admin, Authenticated};
use auth_core::tower::{AuthLayer, GuardLayer};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{Request, Response, StatusCode};
use tower_layer::Layer;
use tower_service::Service;

use super::{Caller, Fixture};

/// Says who calls. As a service may, it serves only after having been asked whether it is ready, and
/// a clone has not been asked.
#[derive(Default)]
struct Inner {
    entered: Arc<AtomicUsize>,
    ready: bool,
}

impl Clone for Inner {
    fn clone(&self) -> Self {
        Self { entered: Arc::clone(&self.entered), ready: false }
    }
}

impl Service<Request<&'static str>> for Inner {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<&'static str>) -> Self::Future {
        assert!(self.ready, "called without having been polled ready");
        self.ready = false;
        assert_eq!(*request.body(), "a body");
        if let Some(credential) = request.headers().get(AUTHORIZATION) {
            assert!(credential.is_sensitive(), "the token would be logged");
        }
        self.entered.fetch_add(1, Ordering::SeqCst);
        let caller = request.require::<Authenticated>();
        ready(Ok(Response::new(match caller {
            Ok(guard) => guard.identity().subject().to_owned(),
            Err(error) => error.code().to_string(),
        })))
    }
}

async fn ask<S>(service: &mut S, fixture: &Fixture, caller: Caller) -> Response<String>
where
    S: Service<Request<&'static str>, Response = Response<String>, Error = Infallible>,
{
    let mut request = Request::new("a body");
    *request.headers_mut() = fixture.headers(caller);
    std::future::poll_fn(|context| service.poll_ready(context)).await.unwrap();
    service.call(request).await.unwrap()
}

#[tokio::test]
async fn a_guard_layer_lets_in_whoever_satisfies_its_policy_and_nobody_else() {
    let fixture = Fixture::start().await;
    let inner = Inner::default();
    let entered = Arc::clone(&inner.entered);
    let mut service = GuardLayer::<Admin>::new(fixture.auth.clone()).layer(inner);
    for (caller, status, code) in [
        (Caller::Anonymous, StatusCode::UNAUTHORIZED, "no_credentials"),
        (Caller::Expired, StatusCode::UNAUTHORIZED, "token_expired"),
        (Caller::Member, StatusCode::FORBIDDEN, "email_missing"),
    ] {
        let answer = ask(&mut service, &fixture, caller).await;
        assert_eq!(answer.status(), status, "{caller:?}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json", "{caller:?}");
        assert!(answer.headers().contains_key(WWW_AUTHENTICATE), "{caller:?}");
        let body: serde_json::Value = serde_json::from_str(answer.body()).unwrap();
        assert_eq!(body["code"], code, "{caller:?}");
        assert_eq!(entered.load(Ordering::SeqCst), 0, "{caller:?}");
    }
    for times in 1..=2 {
        let answer = ask(&mut service, &fixture, Caller::Admin).await;
        assert_eq!((answer.status(), answer.body().as_str()), (StatusCode::OK, "user_01"));
        assert_eq!(entered.load(Ordering::SeqCst), times);
    }
}

#[tokio::test]
async fn an_auth_layer_finds_out_who_calls_and_refuses_nothing() {
    let fixture = Fixture::start().await;
    let mut service = AuthLayer::new(fixture.auth.clone()).layer(Inner::default());
    for (caller, body) in [
        (Caller::Anonymous, "no_credentials"),
        (Caller::Expired, "token_expired"),
        (Caller::Member, "member"),
    ] {
        let answer = ask(&mut service, &fixture, caller).await;
        assert_eq!((answer.status(), answer.body().as_str()), (StatusCode::OK, body));
    }
}

/// Nothing that somebody has put into the request before counts.
#[tokio::test]
async fn a_layer_looks_for_itself() {
    let fixture = Fixture::start().await;
    let admin = fixture.auth.verification(&fixture.headers(Caller::Admin)).await;
    let mut service = GuardLayer::<Admin>::new(fixture.auth.clone()).layer(Inner::default());
    let mut request = Request::new("a body");
    request.extensions_mut().insert(admin);
    std::future::poll_fn(|context| {
        Service::<Request<&'static str>>::poll_ready(&mut service, context)
    })
    .await
    .unwrap();
    assert_eq!(service.call(request).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}
