//! Access tokens as WorkOS issues them, and bad ones on request.

use std::time::Duration;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::clock::seconds;
use crate::config::AudienceOf;
use crate::environment::Environment;
use crate::error::Error;
use crate::session::{Session, unguessable};

/// One of the two issuers of a WorkOS client.
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

pub(crate) fn claims(
    environment: &Environment,
    session: &Session,
    options: &TokenOptions,
) -> Result<Map<String, Value>, Error> {
    let config = &environment.config;
    let lifetime = config.token_lifetime;
    let lived = if options.expired {
        lifetime.saturating_add(Duration::from_secs(60))
    } else {
        Duration::ZERO
    };
    let issued_at = environment.clock.seconds().saturating_sub(lived.as_secs());
    let has_audience = match config.audience {
        AudienceOf::All => true,
        AudienceOf::Sso => session.issuer == Issuer::Sso,
        AudienceOf::None => false,
    };
    let audience = options.audience.as_ref().or(has_audience.then_some(&config.client_id));
    let user = environment.user(&session.user_id)?;
    let organization_id = session.organization_id.as_deref();

    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| {
        if !value.is_null() {
            claims.insert(name.to_owned(), value);
        }
    };
    set("aud", json!(audience));
    set("sid", json!(session.id));
    set("auth_time", json!(seconds(session.signed_in_at)));
    set("client_id", json!(config.client_id_claim.then_some(&config.client_id)));
    set("act", json!(session.impersonator.as_ref().map(|actor| json!({ "sub": actor.email }))));
    let membership = organization_id.and_then(|id| user.membership(id));
    if let Some(membership) = membership {
        set("org_id", json!(membership.organization));
        set("role", json!(membership.roles.first()));
        set("roles", json!(membership.roles));
        set("permissions", json!(environment.directory.permissions(membership)));
    }
    if let Some(organization) =
        organization_id.and_then(|id| environment.directory.organization(id))
    {
        set("entitlements", json!(organization.entitlements));
        set("feature_flags", json!(organization.feature_flags));
    }
    let context = environment.directory.template_context(&user, organization_id);
    for (name, value) in environment.template.render(&context).map_err(Error::Template)? {
        set(&name, value);
    }
    if let Some(audience) = &options.audience {
        set("aud", json!(audience));
    }
    set("iss", json!(options.issuer_name.as_deref().unwrap_or(environment.issuer(session.issuer))));
    set("sub", json!(user.id));
    set("jti", json!(format!("jti_{}", unguessable())));
    set("iat", json!(issued_at));
    set("exp", json!(issued_at.saturating_add(lifetime.as_secs())));
    Ok(claims)
}
