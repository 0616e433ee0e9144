//! Who a token says the caller is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use auth_core::axum::{Router, get};
use auth_core::{Clock, Identity, MaybeIdentity, require_admin};
use http::HeaderMap;
use serde_json::{Value, json};

use crate::client::send;
use crate::clock::{NOW, TestClock};
use crate::issuer::{ISSUER, TestIssuer};
use crate::service::serve;
use crate::verification::authenticate;

async fn identity(claims: Value) -> Identity {
    let issuer = TestIssuer::start().await;
    let auth = issuer.auth(TestClock::new()).build().unwrap();
    authenticate(&auth, &issuer.token(claims)).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_recipes_fields_have_accessors() {
    let caller = identity(json!({
        "email": "ann@example.com",
        "email_verified": true,
        "name": "Ann Example",
        "picture": "https://example.com/ann.png",
    }))
    .await;
    assert_eq!(caller.token_identifier(), "https://issuer.test/|user_01");
    assert_eq!((caller.issuer(), caller.subject()), (ISSUER, "user_01"));
    assert_eq!(caller.email(), Some("ann@example.com"));
    assert!(caller.email_verified());
    assert_eq!(caller.name(), Some("Ann Example"));
    assert_eq!(caller.picture_url(), Some("https://example.com/ann.png"));
    assert_eq!(caller.expires_at(), SystemTime::UNIX_EPOCH + Duration::from_secs(NOW + 300));
    assert!(caller.is_admin());
    assert!(MaybeIdentity(Some(caller)).admin().is_some());
}

#[tokio::test]
async fn as_json_it_has_the_recipes_names_and_nothing_else() {
    let caller = identity(json!({
        "email": "ann@example.com",
        "email_verified": true,
        "name": "Ann Example",
        "picture": "https://example.com/ann.png",
        "sid": "session_01",
        "tokenIdentifier": "somebody else",
    }))
    .await;
    let expected = json!({
        "tokenIdentifier": "https://issuer.test/|user_01",
        "subject": "user_01",
        "issuer": ISSUER,
        "email": "ann@example.com",
        "emailVerified": true,
        "name": "Ann Example",
        "pictureUrl": "https://example.com/ann.png",
    });
    assert_eq!(serde_json::to_value(&caller).unwrap(), expected);
    let nobody = serde_json::to_value(identity(json!({})).await).unwrap();
    assert_eq!(nobody.as_object().unwrap().len(), 3, "{nobody}");
}

#[tokio::test]
async fn what_a_token_entitles_to_has_accessors() {
    let caller = identity(json!({
        "role": "member", "roles": ["member", "editor"], "permissions": ["posts:write"],
        "entitlements": ["audit-logs"], "feature_flags": ["beta"], "scope": "read write",
        "org_id": "org_01", "auth_time": NOW - 60, "act": { "sub": "support@example.com" },
    }))
    .await;
    assert!(caller.roles().eq(["member", "editor"]));
    assert!(caller.permissions().eq(["posts:write"]));
    assert!(caller.entitlements().eq(["audit-logs"]));
    assert!(caller.feature_flags().eq(["beta"]));
    assert!(caller.scopes().eq(["read", "write"]));
    assert_eq!(caller.organization_id(), Some("org_01"));
    assert_eq!(caller.impersonator(), Some("support@example.com"));
    let signed_in = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW - 60);
    assert_eq!(caller.authenticated_at(), Some(signed_in));
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let caller = identity(json!({})).await;
    assert_eq!((caller.email(), caller.name(), caller.picture_url()), (None, None, None));
    assert!(!caller.email_verified());
    assert!(!caller.is_admin());
    assert!(MaybeIdentity(Some(caller)).admin().is_none());
    assert!(MaybeIdentity(None).admin().is_none());
}

#[tokio::test]
async fn other_claims_are_had_by_name_and_type() {
    let caller = identity(json!({
        "permissions": ["posts:write"],
        "organization": { "id": "org_01", "plan": { "seats": 7 } },
        "organization.name": "flat",
    }))
    .await;
    let permissions: Option<Vec<String>> = caller.claim("permissions").unwrap();
    assert_eq!(permissions.unwrap(), ["posts:write"]);
    assert_eq!(caller.claim("organization.id").unwrap(), Some("org_01".to_owned()));
    assert_eq!(caller.claim("organization.plan.seats").unwrap(), Some(7));
    assert_eq!(caller.claim("organization.name").unwrap(), Some("flat".to_owned()));
    assert_eq!(caller.claim::<Value>("organization.missing").unwrap(), None);
    assert_eq!(caller.claim::<Value>("missing").unwrap(), None);
    assert!(caller.claim::<u32>("permissions").is_err());
}

/// A private claim of such a name is a claim like any other.
#[tokio::test]
async fn no_claim_overrides_who_the_caller_is() {
    let caller = identity(json!({
        "tokenIdentifier": "https://issuer.test/|admin",
        "token_identifier": "https://issuer.test/|admin",
        "subject": "admin",
        "issuer": "https://evil.com/",
    }))
    .await;
    assert_eq!(caller.token_identifier(), "https://issuer.test/|user_01");
    assert_eq!((caller.issuer(), caller.subject()), (ISSUER, "user_01"));
}

#[tokio::test]
async fn debug_shows_no_personal_data() {
    let caller = identity(json!({ "email": "ann@example.com", "name": "Ann" })).await;
    assert_eq!(format!("{caller:?}"), r#"Identity("https://issuer.test/|user_01")"#);
    assert_eq!(caller, caller.clone());
}

#[tokio::test]
async fn clocks_may_differ_by_five_seconds_unless_told_otherwise() {
    let issuer = TestIssuer::start().await;
    let auth = issuer.auth(TestClock::new()).build().unwrap();
    for (claims, accepted) in [
        (json!({ "exp": NOW - 4 }), true),
        (json!({ "exp": NOW - 5 }), false),
        (json!({ "exp": NOW + 300, "nbf": NOW + 5 }), true),
        (json!({ "exp": NOW + 300, "nbf": NOW + 6 }), false),
        (json!({ "exp": NOW + 300, "iat": NOW + 5 }), true),
        (json!({ "exp": NOW + 300, "iat": NOW + 6 }), false),
    ] {
        let token = issuer.token(claims.clone());
        assert_eq!(authenticate(&auth, &token).await.is_ok(), accepted, "{claims}");
    }
}

/// Counts how often it is asked for the time of day: once for each verification.
#[derive(Clone)]
pub(crate) struct CountingClock(pub(crate) TestClock, pub(crate) Arc<AtomicUsize>);

impl Clock for CountingClock {
    fn now(&self) -> SystemTime {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }
}

#[require_admin]
async fn asks_four_times(
    _: MaybeIdentity,
    _: Identity,
    _: auth_core::Guard<auth_core::policy::Admin>,
) {
}

#[tokio::test]
async fn a_request_is_verified_once() {
    let issuer = TestIssuer::start().await;
    let verifications = Arc::new(AtomicUsize::new(0));
    let clock = CountingClock(TestClock::new(), Arc::clone(&verifications));
    let auth = issuer.auth(clock).build().unwrap();
    let app = Router::new().route("/", get(asks_four_times)).with_state(auth).finish().unwrap();
    let url = serve(app).await;
    let token = issuer.token(json!({ "email": "ann@example.com", "email_verified": true }));
    for requests in 1..=3 {
        assert_eq!(send("GET", url.clone(), Some(&token)).await.status, 200);
        assert_eq!(verifications.load(Ordering::SeqCst), requests);
    }
}

#[auth_core::authenticated]
async fn logs_its_request(headers: HeaderMap) -> String {
    format!("{headers:?}")
}

#[tokio::test]
async fn a_service_that_logs_its_requests_does_not_log_the_token() {
    let issuer = TestIssuer::start().await;
    let auth = issuer.auth(TestClock::new()).build().unwrap();
    let app = Router::new().route("/", get(logs_its_request)).with_state(auth).finish().unwrap();
    let token = issuer.token(json!({}));
    let answer = send("GET", serve(app).await, Some(&token)).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("authorization"), "{}", answer.body);
    assert!(!answer.body.contains(&token), "{}", answer.body);
}
