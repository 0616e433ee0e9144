//! What stands in a dashboard with WorkOS: a client, its URIs, its template and its people.

mod audience;
mod check;
mod error;
mod issuer_names;
mod webhook_endpoint;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use serde::Deserialize;

pub use self::audience::AudienceOf;
pub use self::error::ConfigError;
pub use self::issuer_names::IssuerNames;
pub use self::webhook_endpoint::WebhookEndpoint;
use crate::directory::{Organization, Person, User};
use crate::duration;
use crate::secret::hidden;

/// The JWT template of the recipe, with the claim that makes its admin rule safe.
///
/// The recipe's own has no `email_verified`, so that with it nobody's address counts as verified.
///
/// ```
/// use auth_dev::{AuthDev, Config, DEFAULT_TEMPLATE, Person, TokenOptions};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // The same, and one claim more.
/// let jwt_template = DEFAULT_TEMPLATE.replacen('{', r#"{ "lang": "{{user.locale || 'en'}}","#, 1);
/// let workos = AuthDev::start(Config { jwt_template, ..Config::default() }).await?;
///
/// let token = workos.token(Person::Unverified, &TokenOptions::default())?;
/// let claims: Value = insecure_decode_claims(&token)?;
/// assert_eq!((&claims["email_verified"], &claims["lang"]), (&false.into(), &"en".into()));
/// # Ok(())
/// # }
/// ```
pub const DEFAULT_TEMPLATE: &str = r#"{
  "email": "{{user.email}}",
  "email_verified": {{user.email_verified}},
  "name": "{{user.first_name}} {{user.last_name}}",
  "picture": "{{user.profile_picture_url}}"
}"#;

/// How the server is set up. Each part has a default.
///
/// In a test, a few things are said and the rest is as usual:
///
/// ```
/// use std::time::Duration;
///
/// use auth_dev::{AuthDev, Config, User};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = Config {
///     users: vec![User::new("ada@acme.test")],
///     token_lifetime: Duration::from_secs(30),
///     ..Config::default()
/// };
/// let workos = AuthDev::start(config).await?;
/// # let _ = workos;
/// # Ok(())
/// # }
/// ```
///
/// A seed file in TOML ([`from_toml`](Self::from_toml), and `auth-dev serve --seed`) has the same names.
/// This one has all of them:
///
/// ```
/// use auth_dev::Config;
///
/// # fn main() -> Result<(), auth_dev::ConfigError> {
/// let config = Config::from_toml(
///     r#"
///     address = "127.0.0.1"
///     port = 4100
///     url = "http://localhost:4100"
///     client_id = "client_01ACME"
///     api_key = "sk_test_acme"
///     redirect_uris = ["http://localhost:3000/callback"]
///     sign_out_uris = ["http://localhost:3000/"]
///     cors_origins = ["http://localhost:5173"]
///     issuers = { sso = "{url}/", user_management = "{url}/user_management/{client_id}" }
///     audience = "sso"
///     client_id_claim = true
///     token_lifetime = "1m"
///     refresh_reuse_window = "3s"
///     jwt_template = '{ "email": "{{user.email}}" }'
///     webhook = { url = "http://localhost:3000/webhooks", secret = "whsec_acme" }
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
    /// Where codes may be sent. A request names one of them, letter by letter (RFC 9700, section 2.1).
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
    /// [`ConfigError::Toml`] if it is no TOML or has names that mean nothing here. Whether the rest can
    /// be meant is looked at when the server starts.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::Toml(without_source(&error, text)))
    }
}

/// Where it is and what is wrong there. What stands in the line may be a secret.
fn without_source(error: &toml::de::Error, text: &str) -> String {
    let message = hidden(error.message());
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return message;
    };
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    format!("line {line}, column {column}: {message}")
}
