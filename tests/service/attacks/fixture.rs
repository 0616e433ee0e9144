//! The service that is attacked: two issuers with one key set, time that stands still, an admin
//! domain, and a count of handlers that ran.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::axum::{Router, get};
use auth_core::issuer::{Issuer, TokenProfile};
use auth_core::{Auth, AuthBuilder, MaybeIdentity, authenticated, public, require_admin};
use axum::extract::{FromRef, State};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::clock::{NOW, TestClock};
use crate::key_server::{Behaviour, KeyServer};
use crate::signer::Signer;
use crate::support::serve;

pub(super) const SSO: &str = "https://api.workos.com/";
pub(super) const USER_MANAGEMENT: &str = "https://api.workos.com/user_management/client_01TEST";
pub(super) const CLIENT_ID: &str = "client_01TEST";
pub(super) const HEADER: &str = r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#;

pub(super) struct Fixture {
    pub(super) k1: Signer,
    pub(super) key_server: KeyServer,
    pub(super) clock: TestClock,
    address: String,
    handlers_run: Arc<AtomicUsize>,
}

#[derive(Clone, FromRef)]
struct AppState {
    auth: Auth,
    handlers_run: Arc<AtomicUsize>,
}

#[authenticated]
async fn me(State(handlers_run): State<Arc<AtomicUsize>>) -> &'static str {
    handlers_run.fetch_add(1, Ordering::SeqCst);
    "in"
}

#[require_admin]
async fn admin(State(handlers_run): State<Arc<AtomicUsize>>) -> &'static str {
    handlers_run.fetch_add(1, Ordering::SeqCst);
    "in"
}

#[public(reason = "says who calls")]
async fn who(MaybeIdentity(caller): MaybeIdentity) -> String {
    caller.map_or_else(String::new, |caller| caller.token_identifier().to_owned())
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
        let handlers_run = Arc::new(AtomicUsize::new(0));
        let app = Router::new()
            .route("/me", get(me))
            .route("/admin", get(admin))
            .route("/who", get(who))
            .with_state(AppState { auth, handlers_run: Arc::clone(&handlers_run) })
            .finish()
            .unwrap();
        let address = serve(app).await.trim_start_matches("http://").to_owned();
        Self { k1, key_server, clock, address, handlers_run }
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

    /// Sends header values as the bytes that they are.
    pub(super) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &(impl AsRef<[u8]> + ?Sized))],
    ) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: service\r\nconnection: close\r\n")
                .into_bytes();
        for (name, value) in headers {
            request.extend_from_slice(format!("{name}: ").as_bytes());
            request.extend_from_slice(value.as_ref());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");

        let before = self.handlers_run.load(Ordering::SeqCst);
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        // The server may answer and close before it has read everything.
        let _ = stream.write_all(&request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let handler_ran = self.handlers_run.load(Ordering::SeqCst) > before;
        Answer::parse(&String::from_utf8_lossy(&answer), handler_ran)
    }
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
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
    handler_ran: bool,
}

/// What a client can tell answers apart by: status, code, error of RFC 6750, and whether the handler
/// ran.
pub(super) type Outcome = (u16, String, Option<String>);

impl Answer {
    fn parse(answer: &str, handler_ran: bool) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_default(),
            head: head.to_owned(),
            body: body.to_owned(),
            handler_ran,
        }
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
