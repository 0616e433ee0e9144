//! Somebody who is signed in.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::issuer::TestIssuer;
use super::request::BearsToken;
use crate::clock::Clock;

/// As long as an access token of WorkOS lives.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// How long ago an expired token has expired: longer than any leeway.
const EXPIRED_FOR: Duration = Duration::from_secs(60 * 60);

/// Somebody whom a [`TestIssuer`] has signed in. What is said of them goes into a real token, which
/// the service under test verifies and judges as any other.
///
/// ```
/// use auth_core::testing::as_user;
///
/// let request = as_user("alice")
///     .role("editor")
///     .email("alice@example.com")
///     .on(http::Request::get("/drafts"))
///     .body(())?;
/// # Ok::<(), http::Error>(())
/// ```
///
/// What can be said of them:
///
/// ```
/// use std::time::Duration;
///
/// use auth_core::testing::{TestUser, as_user};
///
/// let alice: TestUser = as_user("alice")
///     .name("Alice")
///     .permission("posts:write")
///     .entitlement("audit-log")
///     .feature("new-editor")
///     .org("org_7")
///     .scope("read write")
///     .claim("team", "blue")
///     .signed_in_ago(Duration::from_secs(60))
///     .impersonated_by("sam@example.com");
///
/// // Tokens that must not be enough.
/// let callers = [
///     as_user("mallory").unverified_email("mallory@example.com"),
///     as_user("late").expired(),
///     as_user("soon").expires_in(Duration::from_secs(1)),
/// ];
///
/// // For clients that take the text of a token.
/// assert_eq!(alice.token().split('.').count(), 3);
/// # let _ = callers;
/// ```
///
/// The token is made when it is asked for, at the time that the issuer's clock then shows.
#[derive(Clone)]
#[must_use]
pub struct TestUser {
    issuer: TestIssuer,
    subject: String,
    claims: Map<String, Value>,
    /// Laid over everything else.
    own_claims: Map<String, Value>,
    lifetime: Duration,
    expired: bool,
    signed_in_ago: Option<Duration>,
    pub(super) path_parameters: Vec<(String, String)>,
}

impl TestUser {
    pub(super) fn new(issuer: TestIssuer, subject: String) -> Self {
        Self {
            issuer,
            subject,
            claims: Map::new(),
            own_claims: Map::new(),
            lifetime: LIFETIME,
            expired: false,
            signed_in_ago: None,
            path_parameters: Vec::new(),
        }
    }

    /// Has a role; may be called again for a further one.
    pub fn role(mut self, role: &str) -> Self {
        // WorkOS has the first of `roles` in `role`, too.
        self.claims.entry("role").or_insert_with(|| role.into());
        self.with_one_of("roles", role)
    }

    /// Has a permission; may be called again for a further one.
    pub fn permission(self, permission: &str) -> Self {
        self.with_one_of("permissions", permission)
    }

    /// Has an entitlement; may be called again for a further one.
    pub fn entitlement(self, entitlement: &str) -> Self {
        self.with_one_of("entitlements", entitlement)
    }

    /// Has a feature flag; may be called again for a further one.
    pub fn feature(self, flag: &str) -> Self {
        self.with_one_of("feature_flags", flag)
    }

    /// Is signed in to an organization.
    pub fn org(self, id: &str) -> Self {
        self.with("org_id", id)
    }

    /// Has a scope, or several that are separated by spaces; may be called again for a further one.
    pub fn scope(self, scope: &str) -> Self {
        let scopes = match self.claims.get("scope").and_then(Value::as_str) {
            Some(scopes) => format!("{scopes} {scope}"),
            None => scope.to_owned(),
        };
        self.with("scope", scopes)
    }

    /// Has an e-mail address, which the issuer has verified.
    pub fn email(self, address: &str) -> Self {
        self.with("email", address).with("email_verified", true)
    }

    /// Has an e-mail address that nobody has verified.
    pub fn unverified_email(self, address: &str) -> Self {
        self.with("email", address).with("email_verified", false)
    }

    /// Has a name to show.
    pub fn name(self, name: &str) -> Self {
        self.with("name", name)
    }

    /// Has signed in this long ago (`auth_time`). Without it the token does not say.
    pub fn signed_in_ago(self, time: Duration) -> Self {
        Self { signed_in_ago: Some(time), ..self }
    }

    /// Somebody else acts in the user's name, at WorkOS a member of the team by e-mail address.
    pub fn impersonated_by(self, actor: &str) -> Self {
        self.with("act", json!({ "sub": actor }))
    }

    /// The token ends after this time, and not after five minutes.
    pub fn expires_in(self, time: Duration) -> Self {
        Self { lifetime: time, ..self }
    }

    /// The token has expired an hour ago.
    pub fn expired(self) -> Self {
        Self { expired: true, ..self }
    }

    /// Any claim, also in place of one that the kit sets.
    ///
    /// # Panics
    /// If the value cannot be written as JSON.
    pub fn claim(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("a claim can be written as JSON");
        self.own_claims.insert(name.to_owned(), value);
        self
    }

    /// The token, signed now.
    #[must_use]
    pub fn token(&self) -> String {
        let now = self.issuer.clock().now();
        let age = if self.expired { EXPIRED_FOR + self.lifetime } else { Duration::ZERO };
        let issued_at = since_1970(now).saturating_sub(age);
        let mut claims = self.claims.clone();
        claims.extend(object(json!({
            "iss": self.issuer.name(),
            "sub": self.subject,
            "sid": format!("session_{}", self.subject),
            "client_id": self.issuer.client_id(),
            "iat": issued_at.as_secs(),
            "exp": (issued_at + self.lifetime).as_secs(),
        })));
        if let Some(time) = self.signed_in_ago {
            let signed_in_at = since_1970(now).saturating_sub(time);
            claims.insert("auth_time".to_owned(), signed_in_at.as_secs().into());
        }
        claims.extend(self.own_claims.clone());
        self.issuer.sign(&claims.into())
    }

    /// Puts the token on a request, in place of a credential that is there.
    pub fn on<R: BearsToken>(&self, request: R) -> R {
        request.bear(&self.token())
    }

    fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(claim.to_owned(), value.into());
        self
    }

    fn with_one_of(mut self, claim: &str, value: &str) -> Self {
        let list = self.claims.entry(claim).or_insert_with(|| json!([]));
        list.as_array_mut().expect("only this function writes it").push(value.into());
        self
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// Who, and nothing of the token.
impl fmt::Debug for TestUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TestUser").field(&self.subject).finish()
    }
}
