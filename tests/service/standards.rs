//! Standards as they stand on the wire: the bytes of answers, on both frameworks.

use std::time::Duration;

use ::auth_dev::{AuthDev, Config, TokenOptions};
use auth_core::{Auth, Clock, Code, ProtectedResource, actix, authenticated, axum, require};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::clock::TestClock;
use crate::service::{auth, serve};

#[authenticated]
async fn me() -> &'static str {
    "me"
}

#[require(fresh(300))]
async fn pay() -> &'static str {
    "paid"
}

#[require(scope("posts:write"))]
async fn write() -> &'static str {
    "written"
}

async fn services(auth: &Auth) -> [String; 2] {
    let on_axum = axum::Router::new()
        .route("/me", axum::get(me))
        .route("/pay", axum::get(pay))
        .route("/write", axum::get(write))
        .protected_resource(auth)
        .with_state(auth.clone())
        .finish();
    let on_actix = actix::Router::new()
        .route("/me", actix::get(me))
        .route("/pay", actix::get(pay))
        .route("/write", actix::get(write))
        .protected_resource(auth)
        .app_data(auth.clone())
        .finish();
    [serve(on_axum.unwrap()).await, crate::actix::serve(on_actix.unwrap())]
}

/// Status line and header lines in lower case, and the body.
async fn bytes(url: &str, path: &str, token: Option<&str>) -> (String, Vec<String>, String) {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let credential = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\n{}Connection: close\r\n\r\n",
        credential.unwrap_or_default()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n").map(str::to_owned);
    let status = lines.next().unwrap();
    let lower = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        format!("{}: {value}", name.to_ascii_lowercase())
    });
    (status, lower.collect(), body.to_owned())
}

const RESOURCE: &str = "https://api.example.com/v1";
const METADATA: &str = "https://api.example.com/.well-known/oauth-protected-resource/v1";

async fn setup() -> (AuthDev, Auth) {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let resource = ProtectedResource::new(RESOURCE)
        .authorization_server("https://example.authkit.app")
        .scope("posts:write")
        .documentation("https://example.com/docs");
    let auth = auth(&workos).protected_resource(resource).build().unwrap();
    (workos, auth)
}

/// RFC 9728, sections 3 and 5.1.
#[tokio::test]
async fn a_client_finds_out_whom_to_ask_for_a_token() {
    let (_workos, auth) = setup().await;
    for url in services(&auth).await {
        let (status, headers, _) = bytes(&url, "/me", None).await;
        assert_eq!(status, "HTTP/1.1 401 Unauthorized");
        let challenge =
            format!(r#"www-authenticate: Bearer realm="api", resource_metadata="{METADATA}""#);
        assert!(headers.contains(&challenge), "{headers:?}");

        let path = METADATA.strip_prefix("https://api.example.com").unwrap();
        let (status, headers, body) = bytes(&url, path, None).await;
        assert_eq!(status, "HTTP/1.1 200 OK");
        for header in [
            "content-type: application/json",
            "access-control-allow-origin: *",
            "cache-control: public, max-age=3600",
        ] {
            assert!(headers.iter().any(|known| known == header), "{header} in {headers:?}");
        }
        let expected = json!({
            "resource": RESOURCE,
            "authorization_servers": ["https://example.authkit.app"],
            "scopes_supported": ["posts:write"],
            "bearer_methods_supported": ["header"],
            "resource_documentation": "https://example.com/docs",
        });
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
    }
}

#[tokio::test]
async fn without_an_authorization_server_of_its_own_the_issuers_are_named() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let resource = ProtectedResource::new("http://localhost:3000");
    let auth = auth(&workos).protected_resource(resource).build().unwrap();
    let issuers: Vec<&str> = auth.issuer_names().collect();
    for url in services(&auth).await {
        let (_, _, body) = bytes(&url, "/.well-known/oauth-protected-resource", None).await;
        let document: Value = serde_json::from_str(&body).unwrap();
        let servers: Vec<&str> = document["authorization_servers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|server| server.as_str().unwrap())
            .collect();
        assert!(!servers.is_empty() && servers.iter().all(|server| issuers.contains(server)));
    }
}

#[tokio::test]
async fn a_route_for_nothing_to_tell_is_a_mistake() {
    let workos = AuthDev::start(Config::default()).await.unwrap();
    let auth = auth(&workos).build().unwrap();
    let on_axum = axum::Router::new().protected_resource(&auth).with_state(auth.clone()).finish();
    let on_actix = actix::Router::new().protected_resource(&auth).app_data(auth).finish();
    for error in [on_axum.unwrap_err(), on_actix.unwrap_err()] {
        assert!(error.to_string().contains("`AuthBuilder::protected_resource`"), "{error}");
    }
}

/// RFC 9470, section 3.
#[tokio::test]
async fn a_step_up_says_how_fresh_a_sign_in_has_to_be() {
    let hour = Duration::from_secs(3600);
    let workos =
        AuthDev::start(Config { token_lifetime: hour, ..Config::default() }).await.unwrap();
    let clock = TestClock::new();
    workos.stop_clock(clock.now());
    let token = workos.token("member", &TokenOptions::default()).unwrap();
    let auth = auth(&workos).clock(clock.clone());
    let auth = auth.protected_resource(ProtectedResource::new(RESOURCE)).build().unwrap();
    let services = services(&auth).await;
    for url in &services {
        assert_eq!(bytes(url, "/pay", Some(&token)).await.0, "HTTP/1.1 200 OK");
    }
    clock.advance(301);
    for url in &services {
        let (status, headers, _) = bytes(url, "/pay", Some(&token)).await;
        assert_eq!(status, "HTTP/1.1 401 Unauthorized");
        let challenge = format!(
            r#"www-authenticate: Bearer realm="api", error="insufficient_user_authentication", max_age="300", resource_metadata="{METADATA}""#
        );
        assert!(headers.contains(&challenge), "{headers:?}");
        assert_eq!(bytes(url, "/me", Some(&token)).await.0, "HTTP/1.1 200 OK");
    }
}

/// RFC 6750, section 3.1.
#[tokio::test]
async fn a_missing_scope_is_named() {
    let (workos, auth) = setup().await;
    let token = workos.token("member", &TokenOptions::default()).unwrap();
    for url in services(&auth).await {
        let (status, headers, _) = bytes(&url, "/write", Some(&token)).await;
        assert_eq!(status, "HTTP/1.1 403 Forbidden");
        let challenge = format!(
            r#"www-authenticate: Bearer realm="api", error="insufficient_scope", scope="posts:write", resource_metadata="{METADATA}""#
        );
        assert!(headers.contains(&challenge), "{headers:?}");
    }
}

/// RFC 9457, section 3.
#[tokio::test]
async fn a_problem_is_of_a_documented_type() {
    let (_workos, auth) = setup().await;
    for url in services(&auth).await {
        let (_, headers, body) = bytes(&url, "/me", Some("a.b.c")).await;
        assert!(headers.iter().any(|it| it == "content-type: application/problem+json"));
        let expected = json!({
            "type": "https://docs.rs/auth-core/latest/auth_core/enum.Code.html#variant.TokenMalformed",
            "title": "The token is malformed",
            "status": 401,
            "code": "token_malformed",
        });
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
    }
    assert_eq!(Code::Csrf.type_uri().rsplit('.').next(), Some("Csrf"));
}
