//! The services that are attacked, one for each framework: two issuers with one key set, time that
//! stands still, an admin domain, and a count of handlers that ran.

use std::convert::Infallible;
use std::future::Future;

use auth_core::issuer::{Issuer, TokenProfile};
use auth_core::{Auth, AuthBuilder};
use axum::body::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::handlers_run::HandlersRun;
use super::{on_actix, on_axum};
use crate::clock::{NOW, TestClock};
use crate::key_server::{Behaviour, KeyServer};
use crate::signer::Signer;

pub(super) const SSO: &str = "https://api.workos.com/";
pub(super) const USER_MANAGEMENT: &str = "https://api.workos.com/user_management/client_01TEST";
pub(super) const CLIENT_ID: &str = "client_01TEST";
pub(super) const HEADER: &str = r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#;

pub(super) struct Fixture {
    pub(super) k1: Signer,
    pub(super) key_server: KeyServer,
    pub(super) clock: TestClock,
    services: Vec<Service>,
}

/// The same routes on a framework. They share one `Auth`.
pub(super) struct Service {
    pub(super) framework: &'static str,
    pub(super) address: String,
    pub(super) handlers_run: HandlersRun,
}

impl Fixture {
    /// With `k1` in the key set.
    pub(super) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// With a configuration that differs.
    pub(super) async fn with(configure: impl FnOnce(AuthBuilder) -> AuthBuilder) -> Self {
        let k1 = Signer::new();
        let key_server = KeyServer::start(Behaviour::key_set(&[k1.jwk("k1")])).await;
        Self::around(k1, key_server, configure).await
    }

    pub(super) async fn around(
        k1: Signer,
        key_server: KeyServer,
        configure: impl FnOnce(AuthBuilder) -> AuthBuilder,
    ) -> Self {
        let clock = TestClock::new();
        let jwks = &key_server.url;
        let builder = Auth::builder()
            .issuer(Issuer::new(SSO, jwks, CLIENT_ID).or_client_id())
            .issuer(Issuer::new(USER_MANAGEMENT, jwks, CLIENT_ID).name_is_for_this_service())
            .issuer(
                Issuer::new("https://rfc9068.test", jwks, CLIENT_ID).profile(TokenProfile::Rfc9068),
            )
            .admin_domain("example.com")
            .leeway(std::time::Duration::ZERO)
            .clock(clock.clone());
        let auth = configure(builder).build().unwrap();
        let services = vec![on_axum::start(auth.clone()).await, on_actix::start(auth)];
        Self { k1, key_server, clock, services }
    }

    /// A good token of User Management, but for these claims.
    pub(super) fn token(&self, changes: Value) -> String {
        self.k1.token(HEADER, claims(changes))
    }

    /// Sends a token to a route for everybody who is signed in.
    pub(super) async fn me(&self, token: &str) -> Answer {
        self.get("/me", token).await
    }

    pub(super) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send("GET", path, &[("authorization", &format!("Bearer {token}"))]).await
    }

    /// Sends header values as the bytes that they are, to each service: all must answer the same.
    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &(impl AsRef<[u8]> + ?Sized))],
    ) -> Answer {
        let request = request(method, path, headers);
        let mut answers: Vec<Answer> = Vec::new();
        for service in &self.services {
            let answer = service.send(&request).await;
            if let Some(first) = answers.first().filter(|first| !first.is_like(&answer)) {
                return Answer {
                    status: 0,
                    body: format!(
                        "on {}: {first:?}; on {}: {answer:?}",
                        first.framework, answer.framework
                    ),
                    ..answer
                };
            }
            answers.push(answer);
        }
        answers.swap_remove(0)
    }

    /// Reads a stream that never ends by itself to its end, from each service.
    pub(super) fn open_stream(
        &self,
        token: &str,
    ) -> impl Future<Output = Vec<String>> + Send + use<> {
        let bearer = format!("Bearer {token}");
        let request = request("GET", "/stream", &[("authorization", &bearer)]);
        let addresses: Vec<String> =
            self.services.iter().map(|service| service.address.clone()).collect();
        async move {
            let mut bodies = Vec::new();
            for address in addresses {
                bodies.push(exchange(&address, &request).await);
            }
            bodies
        }
    }
}

impl Service {
    async fn send(&self, request: &[u8]) -> Answer {
        let before = self.handlers_run.so_far();
        let answer = exchange(&self.address, request).await;
        let handler_ran = self.handlers_run.so_far() > before;
        Answer::parse(self.framework, &answer, handler_ran)
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &(impl AsRef<[u8]> + ?Sized))]) -> Vec<u8> {
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nhost: service\r\nconnection: close\r\n").into_bytes();
    for (name, value) in headers {
        request.extend_from_slice(format!("{name}: ").as_bytes());
        request.extend_from_slice(value.as_ref());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request
}

async fn exchange(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The value of a claim that is not there.
pub(super) const ABSENT: &str = "(absent)";

/// Good claims of User Management, but for these.
pub(super) fn claims(changes: Value) -> String {
    let mut claims: Map<String, Value> = serde_json::from_value(json!({
        "iss": USER_MANAGEMENT,
        "sub": "user_01",
        "sid": "session_01",
        "iat": NOW,
        "exp": NOW + 300,
        "email": "ann@example.com",
        "email_verified": true,
    }))
    .unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value == ABSENT {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
    serde_json::to_string(&claims).unwrap()
}

/// Good claims of User Management as text, with a member that `serde_json` would not write.
pub(super) fn claims_with(text: &str) -> String {
    let claims = claims(json!({}));
    format!("{{{text},{}", claims.trim_start_matches('{'))
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    framework: &'static str,
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
    handler_ran: bool,
}

/// What a client can tell answers apart by: status, code, error of RFC 6750, and whether the handler
/// ran.
pub(super) type Outcome = (u16, String, Option<String>);

impl Answer {
    fn parse(framework: &'static str, answer: &str, handler_ran: bool) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        Self {
            framework,
            status: status.unwrap_or_default(),
            head: head.to_owned(),
            body: body.to_owned(),
            handler_ran,
        }
    }

    /// Whether a client would see the same. What the framework answers by itself is its own.
    fn is_like(&self, other: &Self) -> bool {
        let of_guard = self.header("content-type") == Some("application/problem+json");
        self.outcome() == other.outcome()
            && self.header("www-authenticate") == other.header("www-authenticate")
            && self.header("retry-after").is_some() == other.header("retry-after").is_some()
            && (!of_guard || self.body == other.body)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(super) fn outcome(&self) -> Outcome {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        let code =
            body["code"].as_str().unwrap_or(if self.handler_ran { "handler ran" } else { "" });
        let challenge = self.header("www-authenticate").unwrap_or_default();
        let error = challenge.split_once("error=\"").and_then(|(_, rest)| rest.split_once('"'));
        (self.status, code.to_owned(), error.map(|(error, _)| error.to_owned()))
    }
}

/// 401 with this code, as RFC 6750 has it.
pub(super) fn unauthorized(code: &str) -> Outcome {
    (401, code.to_owned(), Some("invalid_token".to_owned()))
}

/// 403 with this code, as RFC 6750 has it.
pub(super) fn forbidden(code: &str) -> Outcome {
    (403, code.to_owned(), Some("insufficient_scope".to_owned()))
}

/// 400 with this code, as RFC 6750 has it.
pub(super) fn bad_request(code: &str) -> Outcome {
    (400, code.to_owned(), Some("invalid_request".to_owned()))
}

pub(super) fn accepted() -> Outcome {
    (200, "handler ran".to_owned(), None)
}

/// The body of a stream that says that it is open, and then nothing any more.
pub(super) fn endless() -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::iter([Ok(Bytes::from_static(b"open"))]).chain(stream::pending())
}
