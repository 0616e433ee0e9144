//! WorkOS on your own machine: sign-in, tokens and keys for development and tests, without an
//! account and without a network.
//!
//! ```
//! # async fn test() -> Result<(), auth_dev::Error> {
//! use auth_dev::{AuthDev, Config, Person};
//!
//! let workos = AuthDev::start(Config::default()).await?;
//! let token = workos.token(Person::Admin, &Default::default())?;
//! // Give `workos.url()` and `workos.client_id()` to the service under test.
//! # Ok(())
//! # }
//! ```
//!
//! It speaks what a sign-in, a session and a guard need of WorkOS, to the official clients too. What
//! a dashboard configures is in [`Config`], what goes wrong on request is a [`Fault`], and time, keys
//! and sessions are in the hands of [`AuthDev`].
//!
//! It listens on the loopback interface only and asks nobody for a password: it is no identity
//! provider.
#![warn(missing_docs)]

mod clock;
mod config;
mod directory;
mod environment;
mod faults;
mod http;
mod key;
mod keys;
mod lock;
mod requests;
mod server;
mod session;
mod template;
mod token;
mod webhook;

pub use config::{AudienceOf, Config, ConfigError, DEFAULT_TEMPLATE, IssuerNames, WebhookEndpoint};
pub use directory::{Membership, Organization, Person, StepUp, User};
pub use faults::Fault;
pub use server::{AuthDev, Error};
pub use template::TemplateError;
pub use token::{Issuer, TokenOptions};
