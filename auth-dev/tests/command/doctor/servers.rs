//! Servers that do not agree, or are not there.

use std::time::Duration;

use auth_dev::{AudienceOf, AuthDev, Fault};
use axum::http::StatusCode;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use axum::response::Redirect;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{Place, Wrong};
use crate::run::{RECIPE, server, server_with};

#[tokio::test]
async fn each_server_that_is_wrong_is_found() {
    let failing = server().await;
    failing.fail(Fault {
        status: Some(StatusCode::SERVICE_UNAVAILABLE),
        count: None,
        ..Fault::at("/sso/jwks/*")
    });
    let ahead = server().await;
    ahead.advance_clock(Duration::from_secs(600));
    let template =
        |text: &'static str| server_with(move |config| config.jwt_template = text.to_owned());
    let unaddressed = server_with(|config| {
        config.audience = AudienceOf::None;
        config.client_id_claim = false;
    });
    let cases: [(&str, AuthDev, &[Wrong<'_>]); 5] = [
        (
            "keys that cannot be had",
            failing,
            &[("key_set", "failed", "503"), ("token", "failed", "keys_unavailable")],
        ),
        (
            "a clock that is ahead",
            ahead,
            &[("clock", "failed", "behind the server"), ("token", "failed", "claim_invalid")],
        ),
        (
            "the recipe's template",
            template(RECIPE).await,
            &[(
                "token_email_verified",
                "failed",
                "\\\"email_verified\\\": {{user.email_verified}}",
            )],
        ),
        (
            "a template without an address",
            template(r#"{"email_verified": {{user.email_verified}}}"#).await,
            &[("token_email", "failed", "\\\"email\\\": \\\"{{user.email}}\\\"")],
        ),
        (
            "tokens for nobody",
            unaddressed.await,
            &[("token_audience", "warning", "\\\"aud\\\": \\\"client_01DEV\\\"")],
        ),
    ];
    for (number, (case, server, expected)) in cases.iter().enumerate() {
        let place = Place::new(&format!("server-{number}"), server);
        place.ask(&[]).await.assert(expected, case);
    }
    // Without administrators, the recipe's template will do.
    let place = Place::new("no-administrators", &cases[2].1).with(&[("ADMIN_DOMAIN", "")]);
    let expected = [("token_email_verified", "warning", "verified address")];
    place.ask(&[]).await.assert(&expected, "without administrators");
}

/// WorkOS answers with redirects where auth-dev shows pages, and knows nothing of `/_dev/`.
#[tokio::test]
async fn workos_itself_is_understood() {
    let server = server().await;
    let keys = format!("{}/sso/jwks/client_01DEV", server.url());
    let keys = reqwest::get(keys).await.unwrap().text().await.unwrap();
    for (leads_to, error, origin, expected) in [
        ("https://a.authkit.app/?x=y", "invalid_grant", "*", &[][..]),
        (
            "https://error.workos.com/sso/redirect-uri-invalid",
            "invalid_grant",
            "*",
            &[
                ("page_redirect_uri", "failed", "in the WorkOS dashboard under Redirects"),
                ("service_redirect_uri", "failed", "not accepted"),
            ],
        ),
        (
            "/",
            "invalid_client",
            "https://elsewhere.test",
            &[
                ("client_secret", "failed", "the same environment"),
                ("page_origin", "failed", "CORS origins in the WorkOS dashboard"),
            ],
        ),
        ("/", "something_new", "*", &[("client_secret", "warning", "something_new")]),
    ] {
        let place = Place::new("workos", &server);
        let url = stand_in(keys.clone(), leads_to, error, origin).await;
        let place = place.with(&[("WORKOS_API_URL", &url), ("VITE_WORKOS_API_URL", &url)]);
        let found = place.ask(&[]).await;
        found.assert(expected, leads_to);
        assert_eq!(found.json["server"], "a server that is not auth-dev");
        let last = found.json["checks"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["name"], &last["outcome"]), (&json!("token"), &json!("skipped")));
    }
}

async fn stand_in(
    keys: String,
    leads_to: &'static str,
    error: &'static str,
    origin: &'static str,
) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let keys = ([(CONTENT_TYPE, "application/json")], keys);
    let grant = (StatusCode::BAD_REQUEST, axum::Json(json!({ "error": error })));
    let router = axum::Router::new()
        .route("/sso/jwks/client_01DEV", get(async || keys))
        .route("/user_management/authorize", get(async move || Redirect::to(leads_to)))
        .route(
            "/user_management/authenticate",
            post(async || grant).options(async move || [(ACCESS_CONTROL_ALLOW_ORIGIN, origin)]),
        )
        // As servers of pages do.
        .fallback(async || "a page");
    tokio::spawn(async { axum::serve(listener, router).await });
    url
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let server = server().await;
    let changes = [("WORKOS_API_URL", "http://127.0.0.1:1"), ("VITE_WORKOS_CLIENT_ID", "")];
    let found = Place::new("no-server", &server).with(&changes).ask(&[]).await;
    found.assert(&[("server", "failed", "auth-dev serve")], "no server");
    assert_eq!(found.json["server"], Value::Null);
}
