//! Guards for Rust services: one line above a handler, and nobody unauthorised gets in.
//!
//! ```toml
//! [dependencies]
//! auth-core = { version = "0.1", features = ["axum"] }
//! axum = "0.8"
//! tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }
//! ```
//!
//! ```no_run
//! # #[cfg(all(feature = "axum", feature = "macros", feature = "http-client"))]
//! # mod service {
//! use auth_core::axum::{Router, delete, get};
//! use auth_core::policy::Admin;
//! use auth_core::{Auth, Guard, Identity, MaybeIdentity};
//! use auth_core::{authenticated, public, require, require_admin};
//!
//! // Whoever has a good token.
//! #[authenticated]
//! async fn me(caller: Identity) -> String {
//!     caller.token_identifier().to_owned()
//! }
//!
//! // Whoever satisfies an expression of policies.
//! #[require(role("editor") || permission("posts:write"))]
//! async fn publish() {}
//!
//! // Administrators. The proof goes on to functions that must not be called without it.
//! #[require_admin]
//! async fn delete_everything(admin: Guard<Admin>) {
//!     empty_tables(&admin);
//! }
//!
//! fn empty_tables(proof: &Guard<Admin>) {
//!     println!("{} deletes everything", proof.identity().subject());
//! }
//!
//! // Everybody, for a reason.
//! #[public(reason = "greets whoever comes")]
//! async fn hello(MaybeIdentity(caller): MaybeIdentity) -> String {
//!     let name = caller.as_ref().and_then(Identity::name).unwrap_or("stranger");
//!     format!("Hello, {name}")
//! }
//!
//! # pub mod run { use super::*;
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // WORKOS_CLIENT_ID
//!     let auth = Auth::from_env()?.admin_domain("yourdomain.com").build()?;
//!     auth.ready().await?;
//!     let app = Router::new()
//!         .route("/me", get(me))
//!         .route("/posts", get(hello).post(publish))
//!         .route("/everything", delete(delete_everything))
//!         .with_state(auth)
//!         .finish()?;
//!     println!("{}", app.access_table());
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
//!     ::axum::serve(listener, app).await?;
//!     Ok(())
//! }
//! # }
//! # }
//! ```
//!
//! A route without one of these attributes does not compile. On actix-web they stand above the same kind
//! of functions: see the module `actix`.
//!
//! # Before the first request
//!
//! - **WorkOS** puts no e-mail address into tokens by itself. The JWT template in its dashboard has to have
//!   `"email": "{{user.email}}"` and `"email_verified": {{user.email_verified}}`, or nobody is an
//!   administrator, and `"aud"` with the client id, or tokens of single sign-on are refused.
//! - **Another issuer** is added by its name, audience and key set: [`issuer::Issuer`].
//! - **On one's own machine** the package `auth-dev` stands for WorkOS: `auth-dev serve` prints the variables,
//!   `auth-dev token member` a token, `auth-dev explain <token>` why one is refused.
//! - **Who was refused, and why**, is in the log, by the crate `tracing`: install a subscriber. Clients get
//!   a [`Code`] and no more.
//!
//! # In a service's own tests
//!
//! ```
//! # #[cfg(all(feature = "axum", feature = "macros", feature = "testing"))]
//! # mod tests {
//! use auth_core::axum::{Router, get};
//! use auth_core::require;
//! use auth_core::testing::{Matrix, as_user, issuer};
//!
//! #[require(role("editor"))]
//! async fn drafts() {}
//!
//! # pub
//! async fn who_may_do_what() {
//!     let auth = issuer().auth().build().unwrap();
//!     let app = Router::new().route("/drafts", get(drafts)).with_state(auth).finish().unwrap();
//!     Matrix::new([
//!         ("anonymous", None),
//!         ("member", Some(as_user("mia"))),
//!         ("editor", Some(as_user("ed").role("editor"))),
//!     ])
//!     .row("GET /drafts", [401, 403, 200])
//!     .covers(app.access_table())
//!     .assert(&app)
//!     .await;
//! }
//! # }
//! # #[cfg(all(feature = "axum", feature = "macros", feature = "testing"))]
//! # tokio::runtime::Runtime::new().unwrap().block_on(tests::who_may_do_what());
//! ```
//!
//! That takes the feature `testing` in the `[dev-dependencies]`; the module `testing` has more.
//!
//! # The way of a request
//!
//! A request passes the modules of this crate in order: exactly one *credential* is found; it is a
//! *token* of strict form; its `iss` names one of the configured *issuers*, to the octet; the
//! issuer's *key* of that `kid` has signed it; its claims are in time and for this client; that makes
//! an [`Identity`]; a [`policy`](mod@policy) decides; and the [`Guard`] that the handler receives is the proof.
//! Every step that fails is an [`AuthError`] with a stable [`Code`].
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `macros` (default) | the attributes |
//! | `http-client` (default) | key sets over HTTPS; without it, bring a [`keys::Fetch`] |
//! | `axum` | the adapter for axum 0.8 |
//! | `actix` | the adapter for actix-web 4 |
//! | `tower` | layers for services that are neither axum's nor actix's |
//! | `tonic` | guards of tonic's RPC methods |
//! | `session` | with `axum` or `actix`: sign-in, sealed cookies, refresh, sign-out, revocation |
//! | `redis` | with `session`: Redis or Valkey as the store that instances share |
//! | `metrics` | counts decisions, refusals, known tokens, key fetches and refreshes, for the crate `metrics` |
//! | `openapi` | with `axum` or `actix`: writes the guards of a router into a utoipa document |
//! | `testing` | the test kit, for `[dev-dependencies]`: not in release builds |
//! | `testing-in-release` | lets the test kit compile in release mode, for tests that run so |
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod credential;
pub mod token;
pub mod issuer;
pub mod keys;
mod verify;
mod identity;
pub mod policy;
mod guard;
mod error;

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "tonic")]
mod tonic;
#[cfg(feature = "tower")]
pub mod tower;

#[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
pub mod session;

#[cfg(any(feature = "actix", feature = "axum"))]
mod access;
mod auth;
mod base64url;
mod builder;
mod clock;
mod config_error;
mod context;
mod decision;
mod environment;
mod json;
mod metrics;
mod one_line;
mod protected_resource;
#[cfg(all(feature = "openapi", any(feature = "actix", feature = "axum")))]
mod openapi;
#[cfg(feature = "testing")]
pub mod testing;
mod until_expiry;
#[cfg(any(feature = "actix", feature = "axum"))]
mod wiring;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
#[cfg(feature = "__steps")]
#[doc(hidden)]
pub mod steps;

#[cfg(any(feature = "actix", feature = "axum"))]
pub use access::{AccessRow, AccessTable};
pub use auth::{Auth, NotReady};
pub use builder::AuthBuilder;
pub use clock::{Clock, SystemClock};
pub use config_error::ConfigError;
pub use context::{AuthContext, Supplies, Verification};
pub use decision::{Audit, Decision, Outcome, Unrecorded};
pub use error::{AuthError, Code};
pub use guard::Guard;
pub use identity::{Identity, MaybeIdentity};
#[cfg(all(feature = "openapi", any(feature = "actix", feature = "axum")))]
pub use openapi::Undefended;
pub use protected_resource::ProtectedResource;
pub use until_expiry::{Expired, UntilExpiry};

/// Lets in whoever has a good token. Anybody else gets 401.
///
/// ```
/// use auth_core::{Identity, authenticated};
///
/// #[authenticated]
/// async fn me(caller: Identity) -> String {
///     caller.subject().to_owned()
/// }
/// ```
///
/// puts one argument in front of the function and leaves the rest as it is:
///
/// ```
/// use auth_core::policy::Authenticated;
/// use auth_core::{Guard, Identity};
///
/// async fn me(_: Guard<Authenticated>, caller: Identity) -> String {
///     caller.subject().to_owned()
/// }
/// ```
///
/// Put it above other attributes: those that count arguments, such as `#[debug_handler]`, then see this
/// one too. axum's handlers take sixteen, so fifteen are left. (With `via = ctx` it adds a statement and no
/// argument, and may stand below what makes another item of the function.)
#[cfg(feature = "macros")]
pub use auth_macros::authenticated;

/// Lets in everybody, for a reason that stands in the access table.
///
/// ```
/// use auth_core::public;
///
/// #[public(reason = "load balancer probe")]
/// async fn health() -> &'static str {
///     "ok"
/// }
/// ```
///
/// The reason is one line of at most 128 bytes. Nobody looks at the credentials of such a request
/// unless the function takes a [`MaybeIdentity`].
#[cfg(feature = "macros")]
pub use auth_macros::public;

/// Lets in administrators: verified e-mail addresses in the domains of
/// [`AuthBuilder::admin_domain`]. Anonymous requests get 401, other callers 403.
///
/// ```
/// use auth_core::policy::Admin;
/// use auth_core::{Guard, require_admin};
///
/// struct Posts;
///
/// impl Posts {
///     fn delete_all(&self, proof: &Guard<Admin>) {
///         println!("{} deletes all posts", proof.identity().subject());
///     }
/// }
///
/// #[require_admin]
/// async fn delete_all_posts(admin: Guard<Admin>) {
///     Posts.delete_all(&admin);
/// }
/// ```
#[cfg(feature = "macros")]
pub use auth_macros::require_admin;

/// Lets in whoever satisfies an expression of policies. Anonymous requests get 401, other callers
/// 403, or what the policy says.
///
/// ```
/// use auth_core::policy::Predicate;
/// use auth_core::{Identity, require};
///
/// struct Suspended;
///
/// impl Predicate for Suspended {
///     fn holds(caller: &Identity) -> bool {
///         caller.claim("suspended").map_or(true, |claim| claim.unwrap_or(false))
///     }
/// }
///
/// #[require(role("editor") || permission("posts:write") && !Suspended)]
/// async fn publish() {}
/// ```
///
/// The parts are listed in [`policy`](mod@policy); precedence is that of Rust. An anonymous request
/// satisfies nothing, not even `!Suspended`.
#[cfg(feature = "macros")]
pub use auth_macros::require;

/// Gives an expression of policies a name, so that a rule has one place, one test and one proof.
///
/// ```
/// use auth_core::{Guard, policy, require};
///
/// policy! {
///     /// Who may change what readers see.
///     pub Editor = role("editor") || permission("posts:write");
///     /// Who may change it for good.
///     pub ChiefEditor = Editor && fresh(300);
/// }
///
/// #[require(ChiefEditor)]
/// async fn delete(proof: Guard<ChiefEditor>) {
///     println!("{} deletes it", proof.identity().subject());
/// }
/// ```
#[cfg(feature = "macros")]
pub use auth_macros::policy;

/// Makes the variants of an enum permissions, so that a misspelt one does not compile.
///
/// ```
/// use auth_core::{Permissions, require};
///
/// #[derive(Permissions)]
/// enum Can {
///     #[permission("posts:write")]
///     WritePosts,
///     #[permission("posts:delete")]
///     DeletePosts,
/// }
///
/// #[require(permission(Can::DeletePosts))]
/// async fn delete_post() {}
/// ```
#[cfg(feature = "macros")]
pub use auth_macros::Permissions;

/// What the attributes expand into. Not for use by hand, and no part of the contract.
#[doc(hidden)]
pub mod __private {
    pub use crate::context::{Ask, Refused};
    pub use crate::guard::Guard;
    pub use crate::policy::{
        Admin, All, Any, Authenticated, EmailDomain, Entitlement, Feature, Fresh, Impersonated,
        IsNegatable, IsPermissions, IsPolicy, Named, Not, Org, OrgParam, Packed, Permission,
        PermissionOf, Permissions, Public, Role, Scope,
    };

    #[cfg(feature = "actix")]
    pub mod actix {
        pub use crate::actix::{GuardOfService, GuardedService};
    }
}
