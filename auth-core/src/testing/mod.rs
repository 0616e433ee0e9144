//! The test kit: what a service tests its guards with.
//!
//! ```toml
//! [dev-dependencies]
//! auth-core = { version = "0.1", features = ["testing"] }
//! ```
//!
//! Nothing in it turns a check off. An issuer in the process of the test signs real tokens with a
//! real key, and the service verifies them as in production; a guard for a unit test is had by a
//! token that is verified and a policy that is asked.
//!
//! Here are a service and its tests, each of which would be a `#[tokio::test]`:
//!
//! ```
//! # #[cfg(all(feature = "axum", feature = "macros"))]
//! # mod service {
//! use auth_core::axum::{App, Router, WiringError, delete, get};
//! use auth_core::policy::Admin;
//! use auth_core::testing::{Matrix, TestIssuer, as_user, issuer};
//! use auth_core::{Auth, Code, Guard, Identity, authenticated, require, require_admin};
//! use tower_service::Service;
//!
//! // The service. In production, `auth` is `Auth::workos(id).admin_domain("example.com").build()?`.
//! fn app(auth: Auth) -> Result<App, WiringError> {
//!     Router::new()
//!         .route("/me", get(me))
//!         .route("/drafts", get(drafts))
//!         .route("/posts/{id}", delete(delete_post))
//!         .with_state(auth)
//!         .finish()
//! }
//!
//! #[authenticated]
//! async fn me(caller: Identity) -> String {
//!     caller.subject().to_owned()
//! }
//!
//! #[require(role("editor"))]
//! async fn drafts() {}
//!
//! #[require_admin]
//! async fn delete_post() {}
//!
//! fn empty_trash(admin: &Guard<Admin>) -> String {
//!     format!("emptied by {}", admin.identity().subject())
//! }
//!
//! # pub type TestResult = Result<(), Box<dyn std::error::Error>>;
//! // A request as somebody.
//! # pub
//! async fn editors_see_drafts() -> TestResult {
//!     let mut app = app(issuer().auth().build()?)?;
//!     let request = axum::http::Request::get("/drafts").body(axum::body::Body::empty())?;
//!     let response = app.call(as_user("alice").role("editor").on(request)).await?;
//!     assert_eq!(response.status(), 200);
//!     Ok(())
//! }
//!
//! // All routes for all kinds of callers. A route without a row fails, too.
//! # pub
//! async fn who_may_do_what() -> TestResult {
//!     let app = app(issuer().auth().admin_domain("example.com").build()?)?;
//!     Matrix::new([
//!         ("anonymous", None),
//!         ("member", Some(as_user("mia").email("mia@example.org"))),
//!         ("editor", Some(as_user("ed").email("ed@example.org").role("editor"))),
//!         ("admin", Some(as_user("ann").email("ann@example.com"))),
//!     ])
//!     .row("GET /me", [401, 200, 200, 200])
//!     .row("GET /drafts", [401, 403, 200, 403])
//!     .row("DELETE /posts/7", [401, 403, 403, 200])
//!     .covers(app.access_table())
//!     .assert(&app)
//!     .await;
//!     Ok(())
//! }
//!
//! // A function that asks for a proof.
//! # pub
//! async fn administrators_empty_the_trash() -> TestResult {
//!     let auth = issuer().auth().admin_domain("example.com").build()?;
//!     let admin = as_user("ann").email("ann@example.com").guard(&auth).await?;
//!     assert_eq!(empty_trash(&admin), "emptied by ann");
//!     let nobody = as_user("mia").email("mia@example.org").guard::<Admin>(&auth).await;
//!     assert_eq!(nobody.unwrap_err().code(), Code::AdminRequired);
//!     Ok(())
//! }
//!
//! // Time that passes.
//! # pub
//! async fn sessions_end() -> TestResult {
//!     let issuer = TestIssuer::new();
//!     let mut app = app(issuer.auth().build()?)?;
//!     let request = axum::http::Request::get("/me").body(axum::body::Body::empty())?;
//!     let request = issuer.as_user("alice").on(request);
//!     issuer.clock().advance(std::time::Duration::from_secs(3600));
//!     assert_eq!(app.call(request).await?.status(), 401);
//!     Ok(())
//! }
//! # }
//! # #[cfg(all(feature = "axum", feature = "macros"))]
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! #     service::editors_see_drafts().await.unwrap();
//! #     service::who_may_do_what().await.unwrap();
//! #     service::administrators_empty_the_trash().await.unwrap();
//! #     service::sessions_end().await.unwrap();
//! # });
//! ```
//!
//! Without `debug_assertions`, which release builds do not have, it does not compile, so that it
//! cannot get into one by mistake. To run tests in release mode, enable the feature
//! `testing-in-release`, too.
#![allow(clippy::expect_used, clippy::panic, reason = "a test ends by panicking")]

#[cfg(feature = "actix")]
mod actix;
#[cfg(feature = "axum")]
mod axum;
mod clock;
#[cfg(any(feature = "actix", feature = "axum"))]
mod coverage;
mod guard;
mod issuer;
mod key;
mod matrix;
mod request;
mod user;

use std::sync::OnceLock;

pub use clock::TestClock;
pub use guard::Given;
pub use issuer::TestIssuer;
pub use matrix::{Answer, Matrix};
pub use request::BearsToken;
pub use user::TestUser;

#[cfg(all(not(debug_assertions), not(feature = "testing-in-release")))]
compile_error!(
    "the feature `testing` of auth-core is for tests and does not belong into a release build: move \
     it to the `[dev-dependencies]`, or, to run tests in release mode, enable `testing-in-release` \
     too"
);

/// The issuer that all tests of a process may share: see the [example](self). A test that moves the
/// clock has an issuer of its own, so that it moves nobody else's.
pub fn issuer() -> &'static TestIssuer {
    static ISSUER: OnceLock<TestIssuer> = OnceLock::new();
    ISSUER.get_or_init(TestIssuer::new)
}

/// Somebody whom the shared [`issuer`] has signed in, with this `sub`; [`TestUser`] has an example.
pub fn as_user(subject: impl Into<String>) -> TestUser {
    issuer().as_user(subject)
}
