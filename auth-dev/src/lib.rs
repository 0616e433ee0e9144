//! WorkOS on your own machine: sign-in, tokens and keys for development and tests, without an
//! account and without a network.
//!
//! ```
//! # async fn test() -> Result<(), auth_dev::Error> {
//! use auth_dev::{AuthDev, Person};
//!
//! let workos = AuthDev::start(auth_dev::Config::default()).await?;
//! let token = workos.token(Person::Admin, &Default::default())?;
//! // Give `workos.url()` and `workos.client_id()` to the service under test.
//! # Ok(())
//! # }
//! ```
//!
//! It listens on the loopback interface only, knows three people and asks nobody for a password:
//! it is no identity provider.
#![warn(missing_docs)]

mod authenticate;
mod authorize;
mod key;
mod people;
mod server;
mod token;

pub use people::Person;
pub use server::{AuthDev, Config, Error};
pub use token::{Issuer, TokenOptions};
