//! Guards for Rust services: one line above a handler, and nobody unauthorised gets in.
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod json;

mod clock;
mod credential;
mod error;
mod guard;
mod identity;
mod issuer;
pub mod keys;
pub mod policy;
mod token;
mod verify;

mod access;
mod auth;

#[cfg(feature = "axum")]
pub mod axum;

pub use access::{AccessRow, AccessTable};
pub use auth::{Auth, AuthBuilder, ConfigError, NotReady};
pub use clock::{Clock, SystemClock};
pub use error::{AuthError, Code};
pub use guard::Guard;
pub use identity::{Identity, MaybeIdentity};

#[cfg(feature = "macros")]
pub use auth_macros::{authenticated, public, require_admin};

/// What the attributes expand into. Not for use by hand, and no part of the contract.
#[doc(hidden)]
pub mod __private {
    pub use crate::guard::Guard;
    pub use crate::policy::{Admin, Authenticated, Public, Text};
}
