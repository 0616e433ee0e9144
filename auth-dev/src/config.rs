//! What stands in a dashboard with WorkOS: a client, its URIs, its template and its people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::directory::{Organization, Person, User};
use crate::duration;
use crate::secret::hidden;
use crate::template::{Template, TemplateError};

/// The JWT template of the recipe, with the claim that makes its admin rule safe.
///
/// The recipe's own has no `email_verified`, so that with it nobody's address counts as verified.
pub const DEFAULT_TEMPLATE: &str = r#"{
  "email": "{{user.email}}",
  "email_verified": {{user.email_verified}},
  "name": "{{user.first_name}} {{user.last_name}}",
  "picture": "{{user.profile_picture_url}}"
}"#;

const SHORTEST_LIFETIME: Duration = Duration::from_secs(1);
const LONGEST_LIFETIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How the server is set up. Each part has a default, and a seed file in TOML has the same names.
///
/// ```
/// # fn main() -> Result<(), auth_dev::ConfigError> {
/// let config = auth_dev::Config::from_toml(
///     r#"
///     client_id = "client_01ACME"
///     redirect_uris = ["http://localhost:3000/callback"]
///     token_lifetime = "1m"
///     roles.editor = ["posts:write"]
///
///     [[organizations]]
///     id = "org_01ACME"
///     name = "Acme"
///
///     [[users]]
///     email = "ada@acme.test"
///     memberships = [{ organization = "org_01ACME", roles = ["editor"] }]
///     "#,
/// )?;
/// assert_eq!(config.users[0].id, "user_01DEVADA");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The address to listen on: that of this machine only, unless something else is said.
    pub address: IpAddr,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// The URL by which clients reach the server, without a slash at the end; by default that of the
    /// address and the port. Issuers are called after it.
    pub url: Option<String>,
    /// The WorkOS client that all tokens are for.
    pub client_id: String,
    /// The API key of that client. It begins with `sk_test_`, and is no secret.
    pub api_key: String,
    /// Where codes may be sent. A request names one of them exactly.
    pub redirect_uris: Vec<String>,
    /// Where a browser may be sent after a sign-out; the first, if a request names none.
    pub sign_out_uris: Vec<String>,
    /// The origins of pages that may call the server.
    pub cors_origins: Vec<String>,
    /// What the two issuers are called.
    pub issuers: IssuerNames,
    /// Which tokens have an audience.
    pub audience: AudienceOf,
    /// Whether tokens name the client (`client_id`).
    pub client_id_claim: bool,
    /// How long an access token lives, from 1 second to 1 year: 5 minutes.
    #[serde(deserialize_with = "duration::deserialize")]
    pub token_lifetime: Duration,
    /// How long a refresh token that has been used is still taken: not at all.
    #[serde(deserialize_with = "duration::deserialize")]
    pub refresh_reuse_window: Duration,
    /// The JWT template.
    pub jwt_template: String,
    /// Where events are sent, if anywhere.
    pub webhook: Option<WebhookEndpoint>,
    /// The permissions of each role.
    pub roles: BTreeMap<String, Vec<String>>,
    /// The organizations.
    pub organizations: Vec<Organization>,
    /// Who can sign in: each [`Person`], unless there are others.
    pub users: Vec<User>,
}

/// What the issuers are called. `{url}` and `{client_id}` stand for those of the server.
///
/// WorkOS has been seen with and without a slash at the end, with `/sso/{client_id}` and with a
/// domain of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IssuerNames {
    /// Single sign-on: `{url}/`.
    pub sso: String,
    /// User Management: `{url}/user_management/{client_id}`.
    pub user_management: String,
}

impl Default for IssuerNames {
    fn default() -> Self {
        Self {
            sso: "{url}/".to_owned(),
            user_management: "{url}/user_management/{client_id}".to_owned(),
        }
    }
}

/// The tokens whose audience (`aud`) is the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AudienceOf {
    /// Those of single sign-on, as the recipe configures it.
    #[default]
    Sso,
    /// All.
    All,
    /// None, as WorkOS does without a template that sets it.
    None,
}

/// Somebody who wants to hear of ended sessions and deleted users.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookEndpoint {
    /// Where events are posted to.
    pub url: String,
    /// What they are signed with.
    pub secret: String,
}

/// Without the secret.
impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Default for Config {
    fn default() -> Self {
        let page = "http://localhost:5173";
        let origins = [page, "http://localhost:3000", "http://127.0.0.1:3000"];
        // Those of a page, and that of a service: either may be reached through the other.
        let callbacks = ["/callback", "/components/callback", "/auth/callback"];
        let homes = ["/", "", "/components/"];
        let at_all = |path| origins.map(|origin| format!("{origin}{path}"));
        Self {
            address: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            url: None,
            client_id: "client_01DEV".to_owned(),
            api_key: "sk_test_dev".to_owned(),
            redirect_uris: callbacks.into_iter().flat_map(at_all).collect(),
            sign_out_uris: homes.into_iter().flat_map(at_all).collect(),
            cors_origins: vec![page.to_owned()],
            issuers: IssuerNames::default(),
            audience: AudienceOf::default(),
            client_id_claim: true,
            token_lifetime: Duration::from_secs(5 * 60),
            refresh_reuse_window: Duration::ZERO,
            jwt_template: DEFAULT_TEMPLATE.to_owned(),
            webhook: None,
            roles: BTreeMap::new(),
            organizations: Vec::new(),
            users: Person::ALL.map(User::from).to_vec(),
        }
    }
}

/// Without the API key.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Config");
        shown.field("url", &self.url).field("client_id", &self.client_id);
        shown.field("redirect_uris", &self.redirect_uris).field("webhook", &self.webhook);
        shown.finish_non_exhaustive()
    }
}

impl Config {
    /// Reads a seed file.
    ///
    /// # Errors
    /// If it is no TOML or has names that mean nothing here.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::Toml(without_source(&error, text)))
    }

    /// Finds what cannot be meant.
    pub(crate) fn check(&self) -> Result<Template, ConfigError> {
        let id = self.client_id.strip_prefix("client_").unwrap_or_default();
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ConfigError::ClientId(self.client_id.clone()));
        }
        if !self.api_key.starts_with("sk_test_") {
            return Err(ConfigError::ApiKey);
        }
        self.url.iter().try_for_each(|url| check_base(url, "url"))?;
        let lists =
            [("redirect_uris", &self.redirect_uris), ("sign_out_uris", &self.sign_out_uris)];
        for (name, uris) in lists {
            uris.iter().try_for_each(|uri| parse(uri, name).map(drop))?;
        }
        self.cors_origins.iter().try_for_each(|origin| check_base(origin, "cors_origins"))?;
        if let Some(webhook) = &self.webhook {
            parse(&webhook.url, "webhook.url")?;
        }
        if !(SHORTEST_LIFETIME..=LONGEST_LIFETIME).contains(&self.token_lifetime) {
            return Err(ConfigError::TokenLifetime(self.token_lifetime));
        }
        let IssuerNames { sso, user_management } = &self.issuers;
        if sso.is_empty() || user_management.is_empty() || sso == user_management {
            return Err(ConfigError::Issuers);
        }
        self.check_people()?;
        Template::parse(&self.jwt_template).map_err(ConfigError::Template)
    }

    fn check_people(&self) -> Result<(), ConfigError> {
        let mut taken = BTreeSet::new();
        for Organization { id, .. } in &self.organizations {
            if !taken.insert(id.clone()) {
                return Err(ConfigError::SameOrganization(id.clone()));
            }
        }
        for user in &self.users {
            if !User::is_address(&user.email) {
                return Err(ConfigError::Email(user.email.clone()));
            }
            for name in [user.id.clone(), user.email.to_ascii_lowercase()] {
                if !taken.insert(name.clone()) {
                    return Err(ConfigError::SameUser(name));
                }
            }
            for membership in &user.memberships {
                let id = &membership.organization;
                if !self.organizations.iter().any(|organization| organization.id == *id) {
                    let (user, organization) = (user.email.clone(), id.clone());
                    return Err(ConfigError::Organization { user, organization });
                }
            }
        }
        Ok(())
    }
}

fn parse(uri: &str, name: &'static str) -> Result<Url, ConfigError> {
    Url::parse(uri)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none())
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| ConfigError::Uri { name, uri: without_password(uri) })
}

fn without_password(uri: &str) -> String {
    if uri.contains('@') { "(not shown, it has an `@`)".to_owned() } else { hidden(uri) }
}

/// A URL without a path, and so without a slash at the end.
fn check_base(url: &str, name: &'static str) -> Result<(), ConfigError> {
    let origin = parse(url, name)?.origin().ascii_serialization();
    if origin == url { Ok(()) } else { Err(ConfigError::Origin { name, url: url.to_owned() }) }
}

/// Where it is and what is wrong there. What stands in the line may be a secret.
fn without_source(error: &toml::de::Error, text: &str) -> String {
    let message = hidden(error.message());
    let before = error.span().and_then(|span| text.get(..span.start));
    before.map_or_else(
        || message.clone(),
        |before| {
            let line = before.matches('\n').count() + 1;
            let column =
                before.chars().rev().take_while(|character| *character != '\n').count() + 1;
            format!("line {line}, column {column}: {message}")
        },
    )
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// It is no TOML, or has names that mean nothing here.
    #[error("{0}")]
    Toml(String),
    /// No client is called like this.
    #[error("{0:?} is no client id: write `client_` and then letters and digits")]
    ClientId(String),
    /// The API key could be one of WorkOS's own.
    #[error(
        "the API key (not shown) does not begin with `sk_test_`: make one up that does, and keep \
         keys of WorkOS itself out of here"
    )]
    ApiKey,
    /// Nobody can be sent there.
    #[error("{name}: {uri:?} is no http or https URL without user and fragment")]
    Uri {
        /// The part of the configuration.
        name: &'static str,
        /// What stands there.
        uri: String,
    },
    /// It is more than a scheme, a host and a port.
    #[error("{name}: {url:?} is no origin: write scheme, host and port, with no slash at the end")]
    Origin {
        /// The part of the configuration.
        name: &'static str,
        /// What stands there.
        url: String,
    },
    /// Tokens would live for no time, or for ever.
    #[error(
        "token_lifetime: {} is not between 1 second and 1 year",
        humantime::format_duration(*.0)
    )]
    TokenLifetime(Duration),
    /// It has no `@` with something on each side.
    #[error("users: {0:?} is no e-mail address")]
    Email(String),
    /// Whoever issues a token could not be told by its name.
    #[error("issuers: two issuers have two names, and neither is empty")]
    Issuers,
    /// Two organizations have the same id.
    #[error("two organizations are called {0:?}: give one of them another `id`")]
    SameOrganization(String),
    /// Two users have the same id or address.
    #[error("two users are called {0:?}: give one of them another `id` or `email`")]
    SameUser(String),
    /// A user is a member of an organization that is not there.
    #[error("{user} is a member of {organization:?}, which is not among `organizations`")]
    Organization {
        /// The user's address.
        user: String,
        /// The organization's id.
        organization: String,
    },
    /// The JWT template is none.
    #[error("jwt_template: {0}")]
    Template(#[source] TemplateError),
}
