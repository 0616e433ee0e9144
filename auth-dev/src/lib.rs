#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod causes;
mod clock;
mod config;
mod directory;
mod duration;
mod environment;
mod error;
mod faults;
mod http;
mod key;
mod keys;
mod lock;
mod random;
mod requests;
mod secret;
mod server;
mod session;
mod template;
mod token;
mod webhook;

pub use config::{AudienceOf, Config, ConfigError, DEFAULT_TEMPLATE, IssuerNames, WebhookEndpoint};
pub use directory::{Membership, Organization, Person, StepUp, User};
pub use error::Error;
pub use faults::Fault;
pub use server::AuthDev;
pub use template::TemplateError;
pub use token::{Issuer, TokenOptions};
