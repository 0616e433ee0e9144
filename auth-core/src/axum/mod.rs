//! The adapter for [axum](https://docs.rs/axum) 0.8: extractors, and a router that takes no
//! handler without a guard.
//!
//! Write handlers as always, put a guard above each, and build the service with this module's
//! [`Router`] and [`get`], [`post`] and so on in place of axum's own:
//!
//! ```
//! # #[cfg(all(feature = "macros", feature = "http-client"))]
//! # fn build() -> Result<(), Box<dyn std::error::Error>> {
//! use auth_core::axum::{Router, get};
//! use auth_core::{Auth, Identity, authenticated};
//!
//! #[authenticated]
//! async fn me(caller: Identity) -> String {
//!     caller.subject().to_owned()
//! }
//!
//! let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
//! let app = Router::new().route("/me", get(me)).with_state(auth).finish()?;
//! println!("{}", app.access_table());
//! # Ok(())
//! # }
//! ```
//!
//! The state of the router is an [`Auth`](crate::Auth), or one that gives it by axum's `FromRef`.
//! A router without it does not compile.

mod app;
mod extract;
mod guard_first;
mod guarded;
mod method_router;
mod router;
#[cfg(feature = "session")]
mod session;
mod state;

pub use app::App;
pub use guard_first::GuardFirst;
pub use method_router::{MethodRouter, any, delete, get, head, options, patch, post, put, trace};
pub use router::Router;
pub use state::{HasAuth, HasState};

pub use crate::wiring::WiringError;
