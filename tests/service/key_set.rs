//! The key set behind the guards: fetched once, and missed without letting anybody in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{send, serve};
use ::auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
use auth_core::axum::{Router, get};
use auth_core::issuer::WorkOs;
use auth_core::{Auth, authenticated};
use axum::http::header::CONTENT_TYPE;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

#[authenticated]
async fn guarded() -> &'static str {
    "in"
}

async fn service(api_url: &str, client_id: &str) -> String {
    let auth = Auth::builder().workos(WorkOs::client(client_id).api_url(api_url)).build().unwrap();
    serve(Router::new().route("/", get(guarded)).with_state(auth).finish().unwrap()).await
}

/// A server that has only the key set of `workos`, and counts who asks for it.
async fn counting_server(workos: &AuthDev) -> (String, Arc<AtomicUsize>) {
    let key_set = send("GET", format!("{}/sso/jwks/client_01DEV", workos.url()), None).await.body;
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    let answer = move || async move {
        counter.fetch_add(1, Ordering::Relaxed);
        ([(CONTENT_TYPE, "application/json")], key_set)
    };
    let routes = axum::Router::new().route("/sso/jwks/{client_id}", axum::routing::get(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (url, requests)
}

#[tokio::test(flavor = "multi_thread")]
async fn both_issuers_share_one_key_set_that_is_fetched_once() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let (api_url, requests) = counting_server(&workos).await;
    let url = service(&api_url, workos.client_id()).await;

    let mut answers = JoinSet::new();
    for number in 0..40 {
        let (issuer, name) = if number % 2 == 0 {
            (Issuer::Sso, format!("{api_url}/"))
        } else {
            (Issuer::UserManagement, format!("{api_url}/user_management/client_01DEV"))
        };
        let options = TokenOptions { issuer, issuer_name: Some(name), ..TokenOptions::default() };
        let token = workos.token(Person::Member, &options).unwrap();
        let url = url.clone();
        answers.spawn(async move { send("GET", url, Some(&token)).await });
    }
    for answer in answers.join_all().await {
        assert_eq!(answer.outcome(), (200, None));
    }
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_bad_signature_and_a_key_that_is_not_there_fetch_nothing_more() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let (api_url, requests) = counting_server(&workos).await;
    let url = service(&api_url, workos.client_id()).await;
    let options = TokenOptions {
        issuer_name: Some(format!("{api_url}/user_management/client_01DEV")),
        ..TokenOptions::default()
    };
    let good = workos.token(Person::Member, &options).unwrap();
    let forged =
        workos.token(Person::Member, &TokenOptions { forged: true, ..options.clone() }).unwrap();
    // The header of `{"alg":"RS256","kid":"unknown"}`.
    let (_, rest) = good.split_once('.').unwrap();
    let unknown = format!("eyJhbGciOiJSUzI1NiIsImtpZCI6InVua25vd24ifQ.{rest}");

    for (token, code) in [
        (&good, None),
        (&forged, Some("signature_invalid")),
        (&unknown, Some("key_not_found")),
        (&unknown, Some("key_not_found")),
    ] {
        let (_, answered) = send("GET", url.clone(), Some(token)).await.outcome();
        assert_eq!(answered.as_deref(), code);
    }
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn without_keys_good_tokens_are_asked_to_come_again() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let url = service(&nobody, workos.client_id()).await;
    let options = TokenOptions {
        issuer_name: Some(format!("{nobody}/user_management/client_01DEV")),
        ..TokenOptions::default()
    };
    let token = workos.token(Person::Member, &options).unwrap();

    let answer = send("GET", url.clone(), Some(&token)).await;
    assert_eq!(answer.outcome(), (503, Some("keys_unavailable".to_owned())));
    assert_eq!(answer.headers["retry-after"], "1");
    assert_eq!(answer.challenge(), None);
    assert_eq!(send("GET", url, None).await.status, 401);

    let auth =
        Auth::builder().workos(WorkOs::client("client_01DEV").api_url(&nobody)).build().unwrap();
    let error = auth.ready().await.unwrap_err().to_string();
    assert!(error.contains(&nobody) && error.contains("check the client id"), "{error}");
}
