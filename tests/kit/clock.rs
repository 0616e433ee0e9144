//! The clock that issuer and service share.

use std::time::Duration;

use auth_core::testing::TestIssuer;
use auth_core::{Clock, Code};

#[tokio::test]
async fn a_token_ends_when_the_clock_says_so_and_not_before() {
    let issuer = TestIssuer::new();
    let auth = issuer.auth().leeway(Duration::ZERO).build().unwrap();
    let request = issuer.as_user("alice").on(http::Request::new(()));
    let ends_later = issuer.as_user("alice").expires_in(Duration::from_secs(301));
    let ends_later = ends_later.on(http::Request::new(()));

    issuer.clock().advance(Duration::from_secs(299));
    assert!(auth.authenticate(request.headers()).await.is_ok());
    issuer.clock().advance(Duration::from_secs(1));
    let refusal = auth.authenticate(request.headers()).await.unwrap_err();
    assert_eq!(refusal.code(), Code::TokenExpired);
    assert!(auth.authenticate(ends_later.headers()).await.is_ok());
}

#[tokio::test]
async fn a_token_is_made_at_the_time_of_the_clock() {
    let issuer = TestIssuer::new();
    let auth = issuer.auth().build().unwrap();
    let alice = issuer.as_user("alice");
    for days in 1..4 {
        issuer.clock().advance(Duration::from_secs(24 * 3600));
        assert_eq!(issuer.clock().monotonic(), Duration::from_secs(days * 24 * 3600));
        let caller = alice.identity(&auth).await.unwrap();
        assert_eq!(caller.expires_at(), issuer.clock().now() + Duration::from_secs(300));
    }
}

#[tokio::test]
async fn the_time_of_day_can_be_wrong() {
    let issuer = TestIssuer::new();
    let auth = issuer.auth().build().unwrap();
    let request = issuer.as_user("alice").on(http::Request::new(()));
    let right = issuer.clock().now();
    let monotonic = issuer.clock().monotonic();

    issuer.clock().set(right - Duration::from_secs(3600));
    let refusal = auth.authenticate(request.headers()).await.unwrap_err();
    assert_eq!(refusal.code(), Code::ClaimInvalid);
    assert_eq!(issuer.clock().monotonic(), monotonic);
    issuer.clock().set(right);
    assert!(auth.authenticate(request.headers()).await.is_ok());
}
