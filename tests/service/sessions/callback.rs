//! What comes back from WorkOS, and what only pretends to.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ::auth_dev::Fault;
use auth_core::Auth;
use auth_core::issuer::WorkOs;
use auth_core::session::Sessions;
use serde_json::json;

use super::browser::{Browser, header, set_cookies};
use super::service::{Framework, PASSWORD, Pairs, Setup, listen, serve};
use crate::client::answer;

on_both! {
    only_what_this_browser_has_begun_is_taken,
    a_sign_in_takes_ten_minutes_at_most,
    what_is_no_session_of_this_service_is_not_taken,
    a_session_that_was_there_before_is_another_one_after_signing_in,
    a_redirect_of_the_token_endpoint_is_not_followed,
    a_server_that_hangs_takes_nobody_down,
}

const AUTHENTICATE: &str = "/user_management/authenticate";

/// A sign-in that has come as far as to the callback's address.
async fn callback(setup: &Setup, browser: &Browser) -> url::Url {
    let begun = browser.get(&setup.at("/auth/sign-in?login_hint=member@example.org")).await;
    let at_workos = browser.get(header(&begun, "location").unwrap()).await;
    header(&at_workos, "location").unwrap().parse().unwrap()
}

/// The address with other parameters; those without a value are left out.
fn with(url: &url::Url, changes: Pairs<'_, Option<&str>>) -> String {
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
        .collect();
    let mut url = url.clone();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .extend_pairs(changes.iter().filter_map(|(name, value)| Some((name, (*value)?))));
    url.into()
}

async fn only_what_this_browser_has_begun_is_taken(on: Framework) {
    let setup = Setup::new(on).await;
    let long = "x".repeat(10 * 1024);
    let cases: [(&str, Pairs<'_, Option<&str>>); 9] = [
        ("no state", &[("state", None)]),
        ("empty state", &[("state", Some(""))]),
        ("another state", &[("state", Some("another"))]),
        ("long state", &[("state", Some(&long))]),
        ("no code", &[("code", None)]),
        ("code and error", &[("error", Some("access_denied"))]),
        (
            "an error",
            &[
                ("code", None),
                ("error", Some("access_denied")),
                ("error_description", Some("<script>")),
            ],
        ),
        ("another issuer", &[("iss", Some("https://evil.test/"))]),
        ("state twice", &[("state", Some("a")), ("state", Some("b"))]),
    ];
    for (case, changes) in cases {
        let browser = Browser::new().without_redirects();
        let url = callback(&setup, &browser).await;
        let answer = browser.get(&with(&url, changes)).await;
        assert_eq!(answer.status, 400, "{case}");
        assert_eq!(header(&answer, "referrer-policy"), Some("no-referrer"), "{case}");
        assert!(!answer.body.contains("<script>") && !answer.body.contains("access_denied"));
        assert!(
            !set_cookies(&answer).iter().any(|cookie| cookie.starts_with("session=")),
            "{case}"
        );
    }
    assert_eq!(setup.token_calls(), 0);

    // A state that would become more than a cookie's name.
    for state in ["a=b;c=dd", "; Domain", "\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}", "short"] {
        let browser = Browser::new().without_redirects();
        let url = callback(&setup, &browser).await;
        let answer = browser.get(&with(&url, &[("state", Some(state))])).await;
        assert_eq!((answer.status, set_cookies(&answer).len()), (400, 0), "{state}");
    }

    // With everything right, but in another browser, and then twice in its own.
    let browser = Browser::new().without_redirects();
    let url = callback(&setup, &browser).await;
    assert_eq!(Browser::new().get(url.as_str()).await.status, 400);
    assert_eq!(setup.token_calls(), 0);
    let issuer = format!("{}/", setup.workos.url());
    assert_eq!(browser.get(&with(&url, &[("iss", Some(&issuer))])).await.status, 303);
    assert_eq!(browser.get(url.as_str()).await.status, 400);
    assert_eq!(setup.token_calls(), 1);
}

async fn a_sign_in_takes_ten_minutes_at_most(on: Framework) {
    let setup = Setup::new(on).await;
    for (seconds, status) in [(599, 303), (600, 400)] {
        let browser = Browser::new().without_redirects();
        let url = callback(&setup, &browser).await;
        setup.advance(seconds);
        assert_eq!(browser.get(url.as_str()).await.status, status, "{seconds}");
    }
}

async fn what_is_no_session_of_this_service_is_not_taken(on: Framework) {
    let setup = Setup::new(on).await;
    let token = |person: &str, options| setup.workos.token(person, &options).unwrap();
    let options = ::auth_dev::TokenOptions::default;
    let answer = |token: String, user: &str| {
        json!({
            "access_token": token,
            "refresh_token": "r",
            "user": { "id": user, "email": "x@example.org" },
        })
    };
    let good = token("member", options());
    let member = "user_01DEVMEMBER";
    let mut mac = answer(good.clone(), member);
    mac["token_type"] = json!("mac");
    let mut without_token = answer(good.clone(), member);
    without_token.as_object_mut().unwrap().remove("access_token");
    let forged = token("member", ::auth_dev::TokenOptions { forged: true, ..options() });
    let elsewhere = ::auth_dev::TokenOptions {
        issuer_name: Some("https://evil.test/".to_owned()),
        ..options()
    };
    let cases = [
        ("another type of token", 200, mac, 502),
        ("no token", 200, without_token, 502),
        ("another key", 200, answer(forged, member), 502),
        ("another issuer", 200, answer(token("member", elsewhere), member), 502),
        ("another user", 200, answer(good.clone(), "user_01DEVADMIN"), 502),
        ("a redirect", 307, answer(good.clone(), member), 503),
        ("invalid_grant", 400, json!({ "error": "invalid_grant" }), 401),
        ("a server error", 500, json!({}), 503),
        ("too many", 429, json!({}), 503),
        ("as it should be", 200, answer(good.clone(), member), 303),
    ];
    for (case, status, body, expected) in cases {
        let browser = Browser::new().without_redirects();
        let url = callback(&setup, &browser).await;
        setup.workos.fail(Fault {
            status: Some(http::StatusCode::from_u16(status).unwrap()),
            body: Some(body),
            ..Fault::at(AUTHENTICATE)
        });
        let answer = browser.get(url.as_str()).await;
        assert_eq!(answer.status, expected, "{case}: {}", answer.body);
        let has_session = set_cookies(&answer).iter().any(|cookie| cookie.starts_with("session="));
        assert_eq!(has_session, expected == 303, "{case}");
    }
}

async fn a_session_that_was_there_before_is_another_one_after_signing_in(on: Framework) {
    let setup = Setup::new(on).await;
    let browser = setup.signed_in("member@example.org").await;
    let before = browser.cookies(&setup.url);
    let path = "/auth/sign-in?return_to=/me&login_hint=admin@example.com";
    assert_eq!(browser.get(&setup.at(path)).await.body, "admin@example.com");
    assert_ne!(browser.cookies(&setup.url), before);
    let old = reqwest::Client::new().get(setup.at("/me")).header("cookie", before);
    let old = answer(old).await;
    assert_eq!(old.outcome(), (401, Some("token_revoked".to_owned())), "it is worth nothing");
}

/// A service whose sessions ask this server for tokens.
async fn service_that_asks(server: axum::Router, on: Framework) -> String {
    let server_listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api_url = format!("http://{}", server_listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(server_listener, server).await });

    let (listener, url) = listen();
    let client_id = "client_01TEST";
    let auth = Auth::builder().workos(WorkOs::client(client_id).api_url(&api_url)).build().unwrap();
    let redirect_uri = format!("{url}/callback");
    let sessions = Sessions::workos(client_id, "sk_test_any", redirect_uri, PASSWORD);
    serve(on, listener, auth.clone(), &sessions.api_url(api_url).build(&auth).unwrap());
    url
}

/// The URL of a callback for a sign-in that the browser has begun.
async fn begun_callback(url: &str, browser: &Browser) -> String {
    let begun = browser.get(&format!("{url}/auth/sign-in")).await;
    let authorize: url::Url = header(&begun, "location").unwrap().parse().unwrap();
    let (_, state) = authorize.query_pairs().find(|(name, _)| name == "state").unwrap();
    format!("{url}/callback?code=x&state={state}")
}

async fn a_redirect_of_the_token_endpoint_is_not_followed(on: Framework) {
    let followed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&followed);
    let server = axum::Router::new()
        .route(
            AUTHENTICATE,
            axum::routing::post(|| async { axum::response::Redirect::temporary("/trap") }),
        )
        .fallback(move || {
            count.fetch_add(1, Ordering::SeqCst);
            std::future::ready("trapped")
        });
    let url = service_that_asks(server, on).await;
    let browser = Browser::new().without_redirects();
    let callback = begun_callback(&url, &browser).await;
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, 503);
    assert_eq!(followed.load(Ordering::SeqCst), 0);
}

/// Requests that are under way, and the most there were.
#[derive(Clone, Default)]
struct UnderWay(Arc<(AtomicUsize, AtomicUsize)>);

impl UnderWay {
    fn begin(&self) -> Call {
        let now = self.0.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.1.fetch_max(now, Ordering::SeqCst);
        Call(self.clone())
    }
}

struct Call(UnderWay);

impl Drop for Call {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn a_server_that_hangs_takes_nobody_down(on: Framework) {
    let calls = UnderWay::default();
    let counted = calls.clone();
    let hang = move || {
        let call = counted.begin();
        async move {
            let _call = call;
            std::future::pending::<()>().await;
        }
    };
    let server = axum::Router::new().route(AUTHENTICATE, axum::routing::post(hang));
    let url = service_that_asks(server, on).await;
    let mut callbacks = Vec::new();
    for _ in 0..500 {
        let browser = Browser::new().without_redirects();
        let callback = begun_callback(&url, &browser).await;
        callbacks.push(tokio::spawn(async move { browser.get(&callback).await.status }));
    }
    assert_eq!(Browser::new().get(&format!("{url}/open")).await.status, 200, "others go on");
    for callback in callbacks {
        assert_eq!(callback.await.unwrap(), 503);
    }
    let most = calls.0.1.load(Ordering::SeqCst);
    // 64 at once; the server may notice late that the first of them have given up.
    assert!((1..=128).contains(&most), "{most}");
}
