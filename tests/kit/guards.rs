//! Guards for unit tests: real decisions about real tokens.

use std::time::Duration;

use auth_core::policy::{Admin, Authenticated};
use auth_core::testing::{Given, TestIssuer, TestUser, as_user, issuer};
use auth_core::{
    Auth, AuthContext, AuthError, Code, Guard, Identity, Verification, require, require_admin,
};
use axum::extract::Path;
use axum::http::StatusCode;

use crate::service::{Db, Editor, MayRead, OwnsAccount, delete_post, health, me};

fn auth() -> Auth {
    issuer().auth().admin_domain("example.com").build().unwrap()
}

fn admin() -> TestUser {
    as_user("root").email("root@example.com")
}

#[tokio::test]
async fn handlers_are_called_with_their_proofs() {
    let auth = auth();
    let alice = as_user("alice");
    let caller = alice.identity(&auth).await.unwrap();
    assert_eq!(me(alice.guard(&auth).await.unwrap(), caller).await, "alice");
    assert_eq!(health(alice.guard(&auth).await.unwrap()).await, "ok");
    let proof = admin().guard::<Admin>(&auth).await.unwrap();
    assert_eq!(delete_post(proof, Path(7)).await, StatusCode::NO_CONTENT);
}

/// A context may be kept for longer than a request takes; its word counts until the token expires.
#[tokio::test]
async fn a_verification_expires_with_its_token() {
    let issuer = TestIssuer::new();
    let auth = issuer.auth().leeway(Duration::from_secs(5)).build().unwrap();
    let alice = issuer.as_user("alice").expires_in(Duration::from_secs(60));
    let verification = alice.verification(&auth).await;
    for (passes, expected) in
        [(0, None), (64, None), (1, Some(Code::TokenExpired)), (3600, Some(Code::TokenExpired))]
    {
        issuer.clock().advance(Duration::from_secs(passes));
        let now = verification.require::<Authenticated>().err().map(code);
        assert_eq!(now, expected, "after {passes} more seconds");
        let waiting = verification.require_waiting::<Authenticated>().await.err().map(code);
        assert_eq!(waiting, expected, "after {passes} more seconds");
    }
}

#[tokio::test]
async fn a_guard_is_for_whom_the_policy_lets_in() {
    let auth = auth();
    let refused = async |user: TestUser| user.guard::<Editor>(&auth).await.err().map(code);
    assert_eq!(refused(as_user("alice").role("editor")).await, None);
    assert_eq!(refused(as_user("alice").role("reader")).await, Some(Code::Forbidden));
    assert_eq!(refused(admin()).await, Some(Code::Forbidden));
    assert_eq!(refused(as_user("alice").role("editor").expired()).await, Some(Code::TokenExpired));
    let forger = TestIssuer::new();
    assert_eq!(refused(forger.as_user("alice").role("editor")).await, Some(Code::SignatureInvalid));
}

#[tokio::test]
async fn the_service_says_who_is_an_administrator() {
    let nobody_is = issuer().auth().build().unwrap();
    assert!(admin().guard::<Admin>(&auth()).await.is_ok());
    assert!(admin().guard::<Admin>(&nobody_is).await.is_err());
    assert!(admin().guard::<Authenticated>(&nobody_is).await.is_ok());
    let unverified = as_user("root").unverified_email("root@example.com");
    let refusal = unverified.guard::<Admin>(&auth()).await.unwrap_err();
    assert_eq!(refusal.code(), Code::EmailUnverified);
}

#[tokio::test]
async fn a_policy_with_state_is_asked_about_the_path() {
    let auth = auth();
    for (user, account, owns, may_read) in [
        ("alice", "7", None, None),
        ("alice", "8", Some(Code::NotFound), Some(Code::NotFound)),
        ("mallory", "7", Some(Code::NotFound), Some(Code::NotFound)),
        ("support", "7", Some(Code::NotFound), None),
    ] {
        let user = match user {
            "support" => as_user(user).role("support"),
            _ => as_user(user),
        };
        let user = user.path_parameter("account_id", account);
        let refusal = user.guard_with::<OwnsAccount>(&auth, &Given(Db)).await.err();
        assert_eq!(refusal.map(code), owns, "{user:?} {account}");
        let refusal = user.guard_with::<MayRead>(&auth, &Given(Db)).await.err();
        assert_eq!(refusal.map(code), may_read, "{user:?} {account}");
    }
}

#[require(org_param("org_id"), via = call)]
fn invite(call: &Verification) -> Result<(), AuthError> {
    let _ = call;
    Ok(())
}

#[require_admin(via = call)]
fn purge(call: &Verification) -> Result<(), AuthError> {
    let _ = call;
    Ok(())
}

#[tokio::test]
async fn functions_that_are_no_handlers_get_a_verification() {
    let auth = auth();
    assert!(purge(&admin().verification(&auth).await).is_ok());
    let refusal = purge(&as_user("alice").verification(&auth).await).unwrap_err();
    assert_eq!(refusal.code(), Code::EmailMissing);
    // Such a call has no path, whatever the user is given for guards.
    let member = as_user("alice").org("org_1").path_parameter("org_id", "org_1");
    assert!(invite(&member.verification(&auth).await).is_err());
}

#[tokio::test]
async fn a_guard_is_of_its_user() {
    let proof: Guard<Authenticated> = as_user("alice").guard(&auth()).await.unwrap();
    let caller: &Identity = proof.identity();
    assert_eq!(caller.subject(), "alice");
}

fn code(refusal: AuthError) -> Code {
    refusal.code()
}
