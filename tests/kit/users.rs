//! What is said of a user reaches the service, by a token that it verifies.

use std::time::Duration;

use auth_core::testing::{TestIssuer, TestUser, as_user, issuer};
use auth_core::{Auth, Clock, Code, Identity};
use http::Request;
use http::header::AUTHORIZATION;

fn auth() -> Auth {
    issuer().auth().admin_domain("example.com").build().unwrap()
}

async fn identity(user: TestUser) -> Identity {
    user.identity(&auth()).await.unwrap()
}

#[tokio::test]
async fn what_is_said_of_a_user_is_what_the_service_sees() {
    let alice = as_user("alice")
        .role("admin")
        .role("editor")
        .permission("posts:read")
        .permission("posts:write")
        .entitlement("audit-logs")
        .feature("beta")
        .org("org_1")
        .scope("read")
        .scope("write delete")
        .email("alice@example.com")
        .name("Alice")
        .signed_in_ago(Duration::from_secs(60))
        .impersonated_by("support@example.com")
        .claim("plan", "pro")
        .claim("seats", 5);
    let alice = identity(alice).await;

    assert_eq!(alice.subject(), "alice");
    assert!(alice.roles().eq(["admin", "editor"]));
    assert_eq!(alice.claim::<String>("role").unwrap().as_deref(), Some("admin"));
    assert!(alice.permissions().eq(["posts:read", "posts:write"]));
    assert!(alice.entitlements().eq(["audit-logs"]));
    assert!(alice.feature_flags().eq(["beta"]));
    assert_eq!(alice.organization_id(), Some("org_1"));
    assert!(alice.scopes().eq(["read", "write", "delete"]));
    assert_eq!((alice.email(), alice.email_verified()), (Some("alice@example.com"), true));
    assert_eq!(alice.name(), Some("Alice"));
    let signed_in_at = issuer().clock().now() - Duration::from_secs(60);
    assert_eq!(alice.authenticated_at(), Some(signed_in_at));
    assert_eq!(alice.impersonator(), Some("support@example.com"));
    assert_eq!(alice.claim("plan").unwrap(), Some("pro".to_owned()));
    assert_eq!(alice.claim("seats").unwrap(), Some(5));
    assert!(alice.is_admin());
}

#[tokio::test]
async fn what_is_not_said_of_a_user_is_not_there() {
    let bob = identity(as_user("bob")).await;
    assert_eq!(bob.roles().chain(bob.permissions()).chain(bob.scopes()).count(), 0);
    assert_eq!(bob.entitlements().chain(bob.feature_flags()).count(), 0);
    assert_eq!((bob.email(), bob.email_verified()), (None, false));
    assert_eq!((bob.organization_id(), bob.impersonator(), bob.name()), (None, None, None));
    assert_eq!(bob.authenticated_at(), None);

    let unverified = identity(as_user("bob").unverified_email("bob@example.com")).await;
    assert_eq!((unverified.email(), unverified.email_verified()), (Some("bob@example.com"), false));
    assert!(!unverified.is_admin());
}

#[tokio::test]
async fn a_bad_token_is_refused_as_in_production() {
    let others = TestIssuer::new();
    for (user, code) in [
        (others.as_user("alice"), Code::SignatureInvalid),
        (as_user("alice").expired(), Code::TokenExpired),
        (as_user("alice").claim("iss", "https://elsewhere.test/"), Code::IssuerUnknown),
        (as_user("alice").claim("aud", "somebody else"), Code::AudienceMismatch),
        (as_user("alice").claim("roles", "admin"), Code::ClaimInvalid),
        (as_user("alice").claim("exp", ()), Code::ClaimInvalid),
    ] {
        assert_eq!(user.identity(&auth()).await.unwrap_err().code(), code);
    }
}

#[test]
fn a_request_of_http_bears_the_token_and_nothing_else() {
    let alice = as_user("alice").role("editor");
    let bearer = format!("Bearer {}", alice.token());
    let old = ("authorization", "Basic x");

    let request = Request::get("/").header(old.0, old.1).body(()).unwrap();
    let built = alice.on(Request::get("/").header(old.0, old.1)).body(()).unwrap();
    for request in [alice.on(request), built] {
        let credentials: Vec<_> = request.headers().get_all(AUTHORIZATION).iter().collect();
        assert_eq!(credentials, [bearer.as_str()]);
        assert!(!format!("{request:?}").contains(&alice.token()));
    }
    assert!(alice.on(Request::get("no uri at all")).body(()).is_err());
}

#[test]
fn nothing_of_a_token_is_shown() {
    let shown = format!("{:?} {:?}", as_user("alice").email("alice@example.com"), issuer());
    let expected =
        r#"TestUser("alice") TestIssuer("https://workos.test/user_management/client_01TEST")"#;
    assert_eq!(shown, expected);
}
