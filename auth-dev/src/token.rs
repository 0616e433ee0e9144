//! Access tokens as WorkOS issues them, and bad ones on request.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::seconds;
use crate::config::AudienceOf;
use crate::directory::{Directory, User};
use crate::environment::Environment;
use crate::error::Error;
use crate::random::unguessable;
use crate::session::Session;

/// For how long an expired token has been over.
const OVER: Duration = Duration::from_secs(60);

/// One of the two issuers of a WorkOS client. What they are called is configured
/// ([`IssuerNames`](crate::IssuerNames)).
///
/// ```
/// use auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// for (issuer, name) in [
///     (Issuer::Sso, format!("{}/", workos.url())),
///     (Issuer::UserManagement, format!("{}/user_management/client_01DEV", workos.url())),
/// ] {
///     let options = TokenOptions { issuer, ..TokenOptions::default() };
///     let claims: Value = insecure_decode_claims(workos.token(Person::Member, &options)?)?;
///     assert_eq!(claims["iss"], name);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Issuer {
    /// Single sign-on. Shared by all clients, so its tokens name theirs (`aud`).
    Sso,
    /// User Management: e-mail and social login.
    #[default]
    UserManagement,
}

/// How a token differs from the one that its user gets by signing in.
///
/// A service refuses the bad ones:
///
/// ```
/// use auth_core::issuer::WorkOs;
/// use auth_core::policy::Authenticated;
/// use auth_core::{Auth, AuthContext, Code};
/// use auth_dev::{AuthDev, Config, Issuer, Person, TokenOptions};
/// use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let workos = AuthDev::start(Config::default()).await?;
/// let of_here = WorkOs::client(workos.client_id()).api_url(workos.url());
/// let auth = Auth::builder().workos(of_here).build()?;
/// auth.ready().await?;
///
/// let usual = TokenOptions::default();
/// let stranger = Some("https://issuer.test/".to_owned());
/// let other = Some("client_01OTHER".to_owned());
/// for (options, code) in [
///     (TokenOptions { expired: true, ..usual.clone() }, Code::TokenExpired),
///     (TokenOptions { forged: true, ..usual.clone() }, Code::SignatureInvalid),
///     (TokenOptions { issuer_name: stranger, ..usual.clone() }, Code::IssuerUnknown),
///     (TokenOptions { issuer: Issuer::Sso, audience: other, ..usual }, Code::AudienceMismatch),
/// ] {
///     let bearer = format!("Bearer {}", workos.token(Person::Member, &options)?);
///     let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::try_from(bearer)?)]);
///     let verification = auth.verification(&headers).await;
///     let refused = verification.require::<Authenticated>().err();
///     assert_eq!(refused.map(|error| error.code()), Some(code));
/// }
/// # Ok(())
/// # }
/// ```
///
/// Others are good, and say something else (an actor is `act`, RFC 8693, section 4.1):
///
/// ```
/// use auth_dev::{AuthDev, Config, TokenOptions};
/// use jsonwebtoken::dangerous::insecure_decode_claims;
/// use serde_json::Value;
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let config = Config::from_toml(
///     r#"
///     organizations = [{ id = "org_01", name = "A" }, { id = "org_02", name = "B" }]
///     [[users]]
///     email = "ada@acme.test"
///     memberships = [{ organization = "org_01" }, { organization = "org_02" }]
///     "#,
/// )?;
/// let workos = AuthDev::start(config).await?;
/// let options = TokenOptions {
///     organization: Some("org_02".to_owned()),
///     impersonator: Some("help@acme.test".to_owned()),
///     ..TokenOptions::default()
/// };
/// let claims: Value = insecure_decode_claims(workos.token("ada", &options)?)?;
/// assert_eq!((&claims["org_id"], &claims["act"]["sub"]), (&"org_02".into(), &"help@acme.test".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenOptions {
    /// Who issues it.
    #[arg(long, value_enum, default_value_t)]
    pub issuer: Issuer,
    /// Says that another issuer has issued it.
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer_name: Option<String>,
    /// Is for somebody else than the client.
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The organization that the user is in; by default the only one, if there is only one.
    #[arg(long, value_name = "ID")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The address of somebody who acts as the user.
    #[arg(long, value_name = "EMAIL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impersonator: Option<String>,
    /// Has expired a minute ago.
    #[arg(long)]
    pub expired: bool,
    /// Is signed with a key of the right name that is not in the key set.
    #[arg(long)]
    pub forged: bool,
}

/// An access token of a session.
pub(crate) fn issue(
    environment: &Environment,
    session: &Session,
    options: &TokenOptions,
) -> Result<String, Error> {
    let claims = claims(environment, session, options)?;
    let keys = &environment.keys;
    Ok(match options.forged {
        true => keys.foreign()?.sign(&claims)?,
        false => keys.signing().sign(&claims)?,
    })
}

/// A template may overwrite what is not the issuer's, and the options overwrite what it says of the
/// audience.
pub(crate) fn claims(
    environment: &Environment,
    session: &Session,
    options: &TokenOptions,
) -> Result<Map<String, Value>, Error> {
    let user = environment.user(&session.user_id)?;
    let context = environment.directory.template_context(&user, session.organization_id.as_deref());
    let of_template = environment.template.render(&context).map_err(Error::Template)?;

    let mut claims = of_session(environment, session);
    claims.extend(of_organization(&environment.directory, &user, session));
    claims.extend(of_template);
    if let Some(audience) = &options.audience {
        claims.insert("aud".to_owned(), json!(audience));
    }
    claims.extend(of_issuer(environment, session, options));
    Ok(claims)
}

fn of_session(environment: &Environment, session: &Session) -> Map<String, Value> {
    let config = &environment.config;
    let has_audience = match config.audience {
        AudienceOf::All => true,
        AudienceOf::Sso => session.issuer == Issuer::Sso,
        AudienceOf::None => false,
    };
    known([
        ("aud", json!(has_audience.then_some(&config.client_id))),
        ("sid", json!(session.id)),
        ("auth_time", json!(seconds(session.signed_in_at))),
        ("client_id", json!(config.client_id_claim.then_some(&config.client_id))),
        ("act", json!(session.impersonator.as_ref().map(|actor| json!({ "sub": actor.email })))),
    ])
}

fn of_organization(directory: &Directory, user: &User, session: &Session) -> Map<String, Value> {
    let id = session.organization_id.as_deref();
    let membership = id.and_then(|id| user.membership(id));
    let organization = id.and_then(|id| directory.organization(id));
    known([
        ("org_id", json!(membership.map(|membership| &membership.organization))),
        ("role", json!(membership.and_then(|membership| membership.roles.first()))),
        ("roles", json!(membership.map(|membership| &membership.roles))),
        ("permissions", json!(membership.map(|membership| directory.permissions(membership)))),
        ("entitlements", json!(organization.map(|organization| &organization.entitlements))),
        ("feature_flags", json!(organization.map(|organization| &organization.feature_flags))),
    ])
}

fn of_issuer(
    environment: &Environment,
    session: &Session,
    options: &TokenOptions,
) -> Map<String, Value> {
    let lifetime = environment.config.token_lifetime;
    let age = if options.expired { lifetime.saturating_add(OVER) } else { Duration::ZERO };
    let issued_at = environment.clock.seconds().saturating_sub(age.as_secs());
    let issuer = options.issuer_name.as_deref().unwrap_or(environment.issuer(session.issuer));
    known([
        ("iss", json!(issuer)),
        ("sub", json!(session.user_id)),
        ("jti", json!(format!("jti_{}", unguessable()))),
        ("iat", json!(issued_at)),
        ("exp", json!(issued_at.saturating_add(lifetime.as_secs()))),
    ])
}

/// A claim without a value is left out.
fn known<const N: usize>(claims: [(&str, Value); N]) -> Map<String, Value> {
    let known = claims.into_iter().filter(|(_, value)| !value.is_null());
    known.map(|(name, value)| (name.to_owned(), value)).collect()
}
