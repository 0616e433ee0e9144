//! What a page needs of the server: CORS by exact origin, and cookies.

use auth_dev::{AuthDev, Config};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, code, code_grant, http, start};

const PAGE: &str = "http://localhost:5173";

fn url(workos: &AuthDev) -> String {
    format!("{}/user_management/authenticate", workos.url())
}

#[tokio::test]
async fn only_configured_origins_may_ask_and_with_credentials() {
    let workos = start(Config::default()).await;
    let cases = [
        (PAGE, true),
        ("http://localhost:5174", false),
        ("https://localhost:5173", false),
        ("http://localhost:5173.evil.test", false),
        ("null", false),
    ];
    for (origin, is_allowed) in cases {
        let preflight = http()
            .request(Method::OPTIONS, url(&workos))
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type");
        let preflight = Answer::to(preflight).await;
        assert_eq!(preflight.status, 200);
        let request = http().post(url(&workos)).header("origin", origin).json(&json!({}));
        for answer in [preflight, Answer::to(request).await] {
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, is_allowed.then_some(origin), "{origin}");
            if is_allowed {
                assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
                assert!(answer.header("vary").unwrap().contains("origin"));
            }
        }
    }
    let dev = http().get(format!("{}/_dev/requests", workos.url())).header("origin", PAGE);
    assert_eq!(Answer::to(dev).await.header("access-control-allow-origin"), None);
}

async fn post(workos: &AuthDev, grant: Value, origin: Option<&str>, cookie: &str) -> Answer {
    let mut request = http().post(url(workos)).json(&grant);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    Answer::to(request).await
}

fn cookies(answer: &Answer) -> Vec<String> {
    let all = answer.headers.get_all("set-cookie").iter();
    all.map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_page_keeps_its_refresh_token_where_scripts_cannot_read_it() {
    let workos = start(Config::default()).await;
    let code = code(&workos, "admin@example.com", &[]).await;
    let first = post(&workos, code_grant(&workos, &code), Some(PAGE), "").await;
    let [refresh_token, has_session] = cookies(&first).try_into().unwrap();
    let (kept, attributes) = refresh_token.split_once("; ").unwrap();
    assert_eq!(
        kept,
        format!("workos-refresh-token={}", first.json()["refresh_token"].as_str().unwrap())
    );
    assert_eq!(attributes, "HttpOnly; SameSite=Lax; Path=/; Max-Age=34560000");
    assert_eq!(
        has_session,
        "workos-has-session=client_01DEV; SameSite=Lax; Path=/; Max-Age=34560000"
    );

    let refresh = json!({ "grant_type": "refresh_token", "client_id": workos.client_id() });
    let cookie = format!("a=b; {kept}; c=d");
    let second = post(&workos, refresh.clone(), Some(PAGE), &cookie).await;
    assert_eq!(second.status, 200, "{}", second.body);
    assert!(second.json()["access_token"].is_string());
    assert_eq!(second.json().get("refresh_token"), None);
    assert_ne!(cookies(&second)[0], refresh_token);
    let used = post(&workos, refresh.clone(), Some(PAGE), &cookie).await;
    assert_eq!(used.json()["error_description"], "Refresh token already exchanged.");
    assert_eq!(post(&workos, refresh, Some(PAGE), "").await.status, 400);
}

#[tokio::test]
async fn nobody_but_a_page_gets_cookies() {
    let workos = start(Config::default()).await;
    let secret = json!(workos.api_key());
    for (origin, secret) in [(None, Value::Null), (Some(PAGE), secret)] {
        let code = code(&workos, "admin@example.com", &[]).await;
        let mut grant = code_grant(&workos, &code);
        grant["client_secret"] = secret;
        let answer = post(&workos, grant, origin, "").await;
        assert_eq!((answer.status, cookies(&answer).len()), (200, 0), "{origin:?}");
    }
}

#[tokio::test]
async fn signing_out_takes_the_cookies_away() {
    let workos = start(Config::default()).await;
    let request =
        http().get(format!("{}/user_management/sessions/logout?session_id=x", workos.url()));
    let answer = Answer::to(request).await;
    let gone = cookies(&answer);
    assert_eq!(gone.len(), 2);
    assert!(
        gone.iter().all(|cookie| cookie.contains("=; ") && cookie.contains("Max-Age=0")),
        "{gone:?}"
    );
}

#[tokio::test]
async fn behind_https_cookies_are_secure() {
    let url = Some("https://auth-dev.test".to_owned());
    let workos = start(Config { url, ..Config::default() }).await;
    let path = "user_management/sessions/logout?session_id=x";
    let answer = Answer::to(http().get(format!("http://{}/{path}", workos.address()))).await;
    assert!(cookies(&answer).iter().all(|cookie| cookie.contains("; Secure")), "{answer:?}");
}
