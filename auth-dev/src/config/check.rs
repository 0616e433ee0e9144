//! What cannot be meant.

use std::collections::BTreeSet;
use std::time::Duration;

use url::Url;

use super::{Config, ConfigError, IssuerNames};
use crate::directory::{Organization, User};
use crate::secret::hidden;
use crate::template::Template;

const SHORTEST_LIFETIME: Duration = Duration::from_secs(1);
const LONGEST_LIFETIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Config {
    /// The JWT template, if all else can be meant, too.
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
