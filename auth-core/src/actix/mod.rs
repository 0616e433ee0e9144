//! The adapter for [actix-web](https://docs.rs/actix-web) 4: extractors, and a router that takes no
//! handler without a guard.
//!
//! Write handlers as always, put a guard above each, and build the service with this module's
//! [`Router`] and [`get`], [`post`] and so on in place of actix's own:
//!
//! ```
//! # #[cfg(all(feature = "macros", feature = "http-client"))]
//! # fn build() -> Result<(), Box<dyn std::error::Error>> {
//! use actix_web::HttpServer;
//! use auth_core::actix::{Router, get};
//! use auth_core::{Auth, Identity, authenticated};
//!
//! #[authenticated]
//! async fn me(caller: Identity) -> String {
//!     caller.subject().to_owned()
//! }
//!
//! let auth = Auth::workos("client_01ABCDEFGHJKMNPQRS").build()?;
//! let app = Router::new().route("/me", get(me)).app_data(auth).finish()?;
//! println!("{}", app.access_table());
//! let server = HttpServer::new(move || actix_web::App::new().service(app.clone()));
//! # Ok(())
//! # }
//! ```
//!
//! The [`Auth`](crate::Auth), and the states of policies of your own, are `app_data` of the router,
//! bare or in `web::Data`. What is missing there, [`Router::finish`] tells.
//!
//! # The guard decides first
//!
//! actix starts all extractors of a handler side by side, so that a bad path parameter would be told
//! of before a bad credential. The guarded router waits for the guard, and only then has actix look at
//! path, query and body.
//!
//! A handler with one of actix's route attributes runs as actix runs it. Put the guard above the
//! attribute, and give the handler to [`Router::service`]:
//!
//! ```
//! # #[cfg(feature = "macros")] {
//! use auth_core::actix::Router;
//! use auth_core::require_admin;
//!
//! #[require_admin]
//! #[actix_web::delete("/posts/{id}")]
//! async fn delete_post(id: actix_web::web::Path<u64>) -> String {
//!     format!("deleted {id}")
//! }
//!
//! let router = Router::new().service(delete_post);
//! # }
//! ```
//!
//! There the guard decides first where it need not wait: an anonymous request gets 401, whatever else
//! is wrong with it. A policy that has to be waited for does not compile there, and while the keys of
//! an issuer are being fetched, another extractor may refuse the request before the guard does. Who
//! cannot have that uses [`Router::route`].
//!
//! `Option<Identity>` is actix's own: `Some` behind a guard that authenticates, and `None` under
//! `#[public]`, whoever calls. What is meant there is [`MaybeIdentity`](crate::MaybeIdentity).

mod app;
mod app_data;
mod extract;
mod guard_first;
mod guarded;
mod method_router;
mod pattern;
mod router;
mod service;
#[cfg(feature = "session")]
mod session;
mod wiring;

pub use app::App;
pub use app_data::FromAppData;
pub use guard_first::GuardFirst;
pub use method_router::{MethodRouter, any, delete, get, head, options, patch, post, put, trace};
pub use router::Router;
#[doc(hidden)]
pub use service::GuardOfService;
pub use service::GuardedService;

pub use crate::wiring::WiringError;
