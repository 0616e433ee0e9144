//! The key set behind the guards: fetched once, and missed without letting anybody in.

use ::auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
use auth_core::axum::{Router, get};
use auth_core::issuer::WorkOs;
use auth_core::{Auth, authenticated};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::client::send;
use crate::key_server::{Behaviour, KeyServer};
use crate::service::serve;

#[authenticated]
async fn guarded() -> &'static str {
    "in"
}

async fn service(api_url: &str, client_id: &str) -> String {
    let auth = Auth::builder().workos(WorkOs::client(client_id).api_url(api_url)).build().unwrap();
    serve(Router::new().route("/", get(guarded)).with_state(auth).finish().unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn both_issuers_share_one_key_set_that_is_fetched_once() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let key_set = send("GET", format!("{}/sso/jwks/client_01DEV", workos.url()), None).await.body;
    let key_server = KeyServer::start(Behaviour::json(&key_set)).await;
    let api_url = key_server.url.trim_end_matches("/jwks");
    let url = service(api_url, workos.client_id()).await;

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
    assert_eq!(key_server.requests(), 1);
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
