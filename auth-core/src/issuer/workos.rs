//! WorkOS as an issuer: two issuers, one key set.

use std::{fmt, iter};

use super::Issuer;
use crate::config_error::ConfigError;
use crate::keys::is_safe_url;

const API_URL: &str = "https://api.workos.com";

/// The longest client id that is taken for one.
const MAX_CLIENT_ID_LEN: usize = 64;

/// A WorkOS client, whose tokens are issued by single sign-on and by User Management.
///
/// ```
/// use auth_core::Auth;
/// use auth_core::issuer::WorkOs;
///
/// # #[cfg(feature = "http-client")] {
/// let workos = WorkOs::client("client_01ABCDEFGHJKMNPQRS").auth_domain("https://auth.example.com");
/// let auth = Auth::builder().workos(workos).build();
/// assert!(auth.is_ok());
///
/// // WorkOS on this machine.
/// let workos = WorkOs::client("client_01DEV").api_url("http://localhost:4100");
/// let auth = Auth::builder().workos(workos).build();
/// assert!(auth.is_ok());
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct WorkOs {
    client_id: String,
    api_url: String,
    auth_domain: Option<String>,
    any_client: bool,
}

impl WorkOs {
    /// The client with this id: `client_` and letters or digits.
    pub fn client(id: impl Into<String>) -> Self {
        Self {
            client_id: id.into(),
            api_url: API_URL.to_owned(),
            auth_domain: None,
            any_client: false,
        }
    }

    /// Takes another server for WorkOS, such as `auth-dev` on this machine. No slash at the end.
    pub fn api_url(mut self, url: impl Into<String>) -> Self {
        self.api_url = url.into();
        self
    }

    /// Also accepts the issuer names of a custom authentication domain, `https://auth.example.com`.
    /// No slash at the end. The keys stay where they are.
    pub fn auth_domain(mut self, url: impl Into<String>) -> Self {
        self.auth_domain = Some(url.into());
        self
    }

    /// Accepts tokens of single sign-on that do not say for which client they are. The issuer's
    /// name is the same for **all customers of WorkOS**: whoever has signed in to anybody's
    /// application is then signed in to this one, unless the key set keeps them apart.
    ///
    /// ```
    /// use auth_core::issuer::WorkOs;
    ///
    /// // Tokens of single sign-on whose template cannot be changed, so that they have no `aud`.
    /// let workos =
    ///     WorkOs::client("client_01ABCDEFGHJKMNPQRS").accept_sso_tokens_of_any_client();
    /// # let _ = workos;
    /// ```
    pub fn accept_sso_tokens_of_any_client(mut self) -> Self {
        self.any_client = true;
        self
    }

    /// The two issuers.
    pub(crate) fn issuers(self) -> Result<[Issuer; 2], ConfigError> {
        let Self { client_id, api_url, auth_domain, any_client } = self;
        if !is_client_id(&client_id) {
            return Err(ConfigError::ClientId(client_id));
        }
        let bases: Vec<String> = iter::once(api_url.clone()).chain(auth_domain).collect();
        for url in &bases {
            if !is_safe_url(url) || url.ends_with('/') {
                return Err(ConfigError::Url(url.clone()));
            }
        }

        let key_set_url = format!("{api_url}/sso/jwks/{client_id}");
        let issuer = |names: Vec<String>| {
            let issuer = Issuer::new("", &key_set_url, &client_id);
            Issuer { names, ..issuer }
        };
        // WorkOS documents the name with and without the slash; older environments have none.
        let sso =
            issuer(bases.iter().flat_map(|base| [format!("{base}/"), base.clone()]).collect());
        let user_management =
            issuer(bases.iter().map(|base| user_management_name(base, &client_id)).collect());
        let sso = if any_client { sso.name_is_for_this_service() } else { sso.or_client_id() };
        Ok([sso, user_management.name_is_for_this_service()])
    }
}

/// Nothing of it: until it is checked, it may hold a secret in the wrong place.
impl fmt::Debug for WorkOs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkOs").finish_non_exhaustive()
    }
}

/// Whom the tokens of a client's User Management, and so of its sessions, name as their issuer.
pub(crate) fn user_management_name(api_url: &str, client_id: &str) -> String {
    format!("{api_url}/user_management/{client_id}")
}

fn is_client_id(text: &str) -> bool {
    text.len() <= MAX_CLIENT_ID_LEN
        && text
            .strip_prefix("client_")
            .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_the_documented_ones_of_this_client() {
        let names = |workos: WorkOs| {
            let [sso, user_management] = workos.issuers().unwrap();
            [sso.names().to_vec(), user_management.names().to_vec()]
        };
        let client = || WorkOs::client("client_01A");
        assert_eq!(
            names(client()),
            [
                vec!["https://api.workos.com/".to_owned(), "https://api.workos.com".to_owned()],
                vec!["https://api.workos.com/user_management/client_01A".to_owned()],
            ]
        );
        let [sso, user_management] = names(client().auth_domain("https://auth.example.com"));
        assert!(sso.contains(&"https://auth.example.com/".to_owned()));
        assert!(sso.contains(&"https://auth.example.com".to_owned()));
        let own = "https://auth.example.com/user_management/client_01A".to_owned();
        assert!(user_management.contains(&own));
    }

    #[test]
    fn a_token_that_names_no_client_counts_only_where_that_is_given_up() {
        let claims = r#"{"iss":"https://api.workos.com/","sub":"s","exp":1}"#;
        let claims = crate::token::Claims::parse(claims).unwrap();
        let [sso, _] = WorkOs::client("client_01A").issuers().unwrap();
        assert!(sso.check_claims(&claims).is_err());
        let relaxed = WorkOs::client("client_01A").accept_sso_tokens_of_any_client();
        let [sso, _] = relaxed.issuers().unwrap();
        assert!(sso.check_claims(&claims).is_ok());
    }

    /// A secret that somebody has put in the place of the client id stays out of logs.
    #[test]
    fn a_log_says_that_it_is_workos_and_no_more() {
        let shown = format!("{:?}", WorkOs::client("sk_live_secret"));
        assert_eq!(shown, "WorkOs { .. }");
    }

    #[test]
    fn both_issuers_have_the_key_set_of_the_client() {
        let workos = WorkOs::client("client_01A").auth_domain("https://auth.example.com");
        let [sso, user_management] = workos.issuers().unwrap();
        assert_eq!(sso.source().url(), "https://api.workos.com/sso/jwks/client_01A");
        assert_eq!(user_management.source(), sso.source());
    }
}
