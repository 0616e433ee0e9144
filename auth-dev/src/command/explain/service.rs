//! The service whose place the command takes.

use std::fs;

use auth_core::issuer::{Issuer, WorkOs};
use auth_core::keys::{Fetch, FetchFuture, Fetched, KeySet};
use auth_core::{Auth, AuthBuilder, ConfigError, NotReady};
use clap::Args;
use serde::Serialize;

use super::Unverified;
use crate::command::Failure;
use crate::command::servers::{LOCAL_CLIENT_ID, LOCAL_URL, WORKOS_URL};

/// Key sets come from URLs. This one is asked for by nobody.
const URL_OF_FILE: &str = "https://file.invalid/";

/// How the service is configured.
#[derive(Args)]
pub(crate) struct Options {
    /// The WorkOS client of the service.
    #[arg(long, env = "WORKOS_CLIENT_ID", hide_env_values = true, value_name = "ID")]
    client_id: Option<String>,
    /// The server that stands for WorkOS; with a client https://api.workos.com, else
    /// http://localhost:4100.
    #[arg(long, env = "WORKOS_API_URL", hide_env_values = true, value_name = "URL")]
    api_url: Option<String>,
    /// The key set of another issuer than WorkOS: an https URL, or a file.
    #[arg(long, value_name = "URL or FILE", requires = "issuer")]
    jwks: Option<String>,
    /// The name of that issuer. May be repeated, for one that goes by several names.
    #[arg(long, value_name = "NAME", requires = "jwks")]
    issuer: Vec<String>,
    /// The audience that tokens of that issuer are for. Without it, the audience is not judged.
    #[arg(long, value_name = "NAME", requires = "jwks")]
    audience: Option<String>,
    /// The domain whose people are administrators.
    #[arg(long, env = "ADMIN_DOMAIN", hide_env_values = true, value_name = "DOMAIN")]
    admin_domain: Option<String>,
}

/// What judges a token: what a service has, built as a service builds it.
#[derive(Serialize)]
pub(crate) struct Service {
    #[serde(skip)]
    pub(super) auth: Auth,
    #[serde(flatten)]
    pub(super) trust: Trust,
    pub(super) admin_domain: Option<String>,
    /// Nothing says what to judge by.
    pub(super) by_default: bool,
}

/// Whose tokens are accepted.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Trust {
    WorkOs {
        client_id: String,
        api_url: String,
    },
    /// Without an audience, whom a token is for is not judged.
    KeySet {
        key_set: String,
        issuers: Vec<String>,
        audience: Option<String>,
    },
}

impl Options {
    pub(super) fn service(self, unverified: &Unverified) -> Result<Service, Failure> {
        // A variable that is there and empty says nothing.
        let given = |value: Option<String>| value.filter(|value| !value.is_empty());
        let (api_url, admin_domain) = (given(self.api_url), given(self.admin_domain));
        if let Some(key_set) = self.jwks {
            let (issuers, audience) = (self.issuer, self.audience);
            let trust = Trust::KeySet { key_set, issuers, audience };
            return Service::new(trust, admin_domain, unverified);
        }
        let by_default = self.client_id.is_none() && api_url.is_none();
        let default_url = if self.client_id.is_some() { WORKOS_URL } else { LOCAL_URL };
        let trust = Trust::WorkOs {
            client_id: self.client_id.unwrap_or_else(|| LOCAL_CLIENT_ID.to_owned()),
            api_url: api_url.unwrap_or_else(|| default_url.to_owned()),
        };
        let service = Service::new(trust, admin_domain, unverified)?;
        Ok(Service { by_default, ..service })
    }
}

impl Service {
    pub(crate) fn new(
        trust: Trust,
        admin_domain: Option<String>,
        unverified: &Unverified,
    ) -> Result<Self, Failure> {
        let builder = match &trust {
            Trust::WorkOs { client_id, api_url } => {
                Auth::builder().workos(WorkOs::client(client_id).api_url(api_url))
            }
            Trust::KeySet { key_set, issuers, audience } => {
                of_key_set(key_set, issuers, audience.as_deref(), unverified)?
            }
        };
        let auth = match &admin_domain {
            Some(domain) => builder.admin_domain(domain),
            None => builder,
        };
        Ok(Self { auth: auth.build()?, trust, admin_domain, by_default: false })
    }

    /// Waits for the keys.
    pub(crate) async fn ready(&self) -> Result<(), NotReady> {
        self.auth.ready().await
    }

    /// How many keys are there, and where they come from. The issuers of one service share them.
    pub(crate) fn keys_in_words(&self) -> String {
        let url = self.auth.key_sets().next().map(|(url, _)| url.to_owned()).unwrap_or_default();
        let place = match &self.trust {
            Trust::KeySet { key_set, .. } => key_set,
            Trust::WorkOs { .. } => &url,
        };
        match self.key_ids().len() {
            1 => format!("1 usable key at {place}"),
            count => format!("{count} usable keys at {place}"),
        }
    }

    pub(super) fn key_ids(&self) -> Vec<String> {
        let key_sets = self.auth.key_sets();
        let named = |id: Option<&str>| id.unwrap_or("(no kid)").to_owned();
        key_sets.flat_map(|(_, keys)| keys.key_ids().map(named).collect::<Vec<_>>()).collect()
    }

    /// Whom tokens are to be for.
    pub(crate) fn audience(&self) -> &str {
        match &self.trust {
            Trust::WorkOs { client_id, .. } => client_id,
            Trust::KeySet { audience, .. } => audience.as_deref().unwrap_or_default(),
        }
    }

    pub(super) fn judges_audience(&self) -> bool {
        !matches!(self.trust, Trust::KeySet { audience: None, .. })
    }

    /// Which of the two issuers of a WorkOS client it is.
    pub(super) fn kind_of(&self, issuer: &str) -> Option<&'static str> {
        let Trust::WorkOs { client_id, .. } = &self.trust else { return None };
        let is_user_management = issuer.ends_with(&format!("/user_management/{client_id}"));
        Some(if is_user_management { "User Management" } else { "single sign-on" })
    }

    pub(super) fn described(&self) -> String {
        match &self.trust {
            Trust::WorkOs { client_id, api_url } if self.by_default => format!(
                "Judged as by a service beside `auth-dev serve`, client {client_id} at {api_url}: \
                 nothing is configured.\nSet WORKOS_CLIENT_ID, or give --client-id, for the service \
                 that you mean."
            ),
            Trust::WorkOs { client_id, api_url } => {
                format!("Judged as by a service of the WorkOS client {client_id} at {api_url}.")
            }
            Trust::KeySet { key_set, .. } => {
                format!("Judged as by a service that takes the keys of {key_set}.")
            }
        }
    }
}

fn of_key_set(
    key_set: &str,
    issuers: &[String],
    audience: Option<&str>,
    unverified: &Unverified,
) -> Result<AuthBuilder, Failure> {
    let is_url = ["http://", "https://"].iter().any(|scheme| key_set.starts_with(scheme));
    let url = if is_url { key_set } else { URL_OF_FILE };
    let mut names = issuers.iter();
    let name = names.next().ok_or(ConfigError::NoIssuer)?;
    let issuer = match audience {
        Some(audience) => Issuer::new(name, url, audience),
        // The rules want an audience: that of the token itself decides nothing.
        None => {
            let own = unverified.audience().first().copied().unwrap_or("nobody").to_owned();
            Issuer::new(name, url, own).name_is_for_this_service()
        }
    };
    let builder = Auth::builder().issuer(names.fold(issuer, |issuer, name| issuer.alias(name)));
    if is_url {
        return Ok(builder);
    }
    let body = fs::read(key_set).map_err(|error| format!("cannot read {key_set}: {error}"))?;
    KeySet::parse(&body).map_err(|error| format!("{key_set}: {error}"))?;
    Ok(builder.fetch(File(body)))
}

/// A key set that is here.
struct File(Vec<u8>);

impl Fetch for File {
    fn fetch<'a>(&'a self, _url: &'a str) -> FetchFuture<'a> {
        let fetched = Fetched { body: self.0.clone(), max_age: None };
        Box::pin(async move { Ok(fetched) })
    }
}
