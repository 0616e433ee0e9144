//! An issuer without a socket.

use std::fmt;
use std::sync::Arc;

use super::clock::TestClock;
use super::key::SigningKey;
use super::user::TestUser;
use crate::auth::Auth;
use crate::builder::AuthBuilder;
use crate::issuer::WorkOs;
use crate::keys::{Fetch, FetchFuture, Fetched};

/// `test` is reserved (RFC 6761): no such server can ever be.
const URL: &str = "https://workos.test";
const CLIENT_ID: &str = "client_01TEST";

/// An issuer in the process of the test: real keys, real tokens, a clock to move, and no socket.
///
/// Each has a key of its own under the same names, so to the service of one issuer the tokens of
/// another are forgeries.
///
/// ```
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use auth_core::Code;
/// use auth_core::testing::TestIssuer;
///
/// let issuer = TestIssuer::new();
/// let auth = issuer.auth().admin_domain("example.com").build()?;
///
/// let request = issuer.as_user("alice").email("alice@example.com").on(http::Request::new(()));
/// let caller = auth.authenticate(request.headers()).await?;
/// assert!(caller.is_some_and(|caller| caller.is_admin()));
///
/// issuer.clock().advance(Duration::from_secs(3600));
/// let refusal = auth.authenticate(request.headers()).await.unwrap_err();
/// assert_eq!(refusal.code(), Code::TokenExpired);
/// # Ok(())
/// # }
/// # tokio::runtime::Runtime::new().unwrap().block_on(test()).unwrap();
/// ```
#[derive(Clone)]
pub struct TestIssuer(Arc<Inner>);

struct Inner {
    key: SigningKey,
    clock: TestClock,
}

impl TestIssuer {
    /// Generates a key, which takes a moment: 2,048 bits of RSA.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Inner { key: SigningKey::generate(), clock: TestClock::new() }))
    }

    /// What `Auth::workos` of a service is in production, with this issuer in the place of WorkOS:
    /// add what the service adds, and build it.
    pub fn auth(&self) -> AuthBuilder {
        let workos = WorkOs::client(CLIENT_ID).api_url(URL);
        Auth::builder().workos(workos).fetch(Keys(self.clone())).clock(self.clock().clone())
    }

    /// The clock that the issuer and every [`auth`](Self::auth) of it share.
    #[must_use]
    pub fn clock(&self) -> &TestClock {
        &self.0.clock
    }

    /// Somebody whom the issuer has signed in, with this `sub`.
    pub fn as_user(&self, subject: impl Into<String>) -> TestUser {
        TestUser::new(self.clone(), subject.into())
    }

    /// The name in `iss`, that of User Management.
    pub(super) fn name(&self) -> String {
        format!("{URL}/user_management/{CLIENT_ID}")
    }

    pub(super) fn client_id(&self) -> &'static str {
        CLIENT_ID
    }

    pub(super) fn sign(&self, claims: &serde_json::Value) -> String {
        self.0.key.sign(claims)
    }
}

impl Default for TestIssuer {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TestIssuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TestIssuer").field(&self.name()).finish()
    }
}

/// The key set of an issuer, wherever it is looked for.
struct Keys(TestIssuer);

impl Fetch for Keys {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        let body = self.0.0.key.key_set().to_string().into_bytes();
        Box::pin(async { Ok(Fetched { body, max_age: None }) })
    }
}
