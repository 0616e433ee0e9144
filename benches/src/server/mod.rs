//! The services that `serve` measures. Each is this program as a process of its own: it reads the key
//! set from its standard input, prints its URL and answers until it is ended.

mod handlers;
mod on_actix;
mod on_axum;

pub(crate) use on_axum::ByJwtAuthorizer;

use std::io::{self, Read as _};
use std::net::TcpListener;

use anyhow::Context;
use clap::{Args, ValueEnum};

/// What is asked for, of every service.
const PATH: &str = "/organizations/{organization}/posts/{post}";

/// What is answered.
pub(crate) const ANSWER: &str = "three lines about a journey";

#[derive(Args)]
pub(crate) struct Options {
    service: Service,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    AxumUnguarded,
    AxumOursHot,
    AxumOursRole,
    AxumOursCold,
    AxumJsonwebtoken,
    AxumJwtAuth,
    AxumJwtAuthAwsLc,
    AxumJwtAuthorizer,
    AxumOauth2ResourceServer,
    AxumOauth2ResourceServerAwsLc,
    ActixUnguarded,
    ActixOursHot,
    ActixOursRole,
    ActixOursCold,
    ActixHttpauth,
    ActixGrants,
}

impl Service {
    /// As on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    pub(crate) fn is_guarded(self) -> bool {
        !matches!(self, Self::AxumUnguarded | Self::ActixUnguarded)
    }
}

/// # Errors
/// If it does not start.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let mut key_set = String::new();
    io::stdin().read_to_string(&mut key_set).context("the key set")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}", listener.local_addr()?);
    if options.service.name().starts_with("actix") {
        on_actix::serve(options.service, key_set, listener)
    } else {
        on_axum::serve(options.service, key_set, listener)
    }
}
