//! WorkOS as an issuer: two issuers, one key set.

use super::{Binding, Issuer, TokenProfile};
use crate::auth::ConfigError;
use crate::keys::{Source, is_safe_url};
use crate::token::Algorithm;

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
/// # }
/// ```
#[derive(Clone, Debug)]
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
    pub fn accept_sso_tokens_of_any_client(mut self) -> Self {
        self.any_client = true;
        self
    }

    /// The two issuers.
    pub(crate) fn issuers(self) -> Result<[Issuer; 2], ConfigError> {
        let Self {
            client_id,
            api_url,
            auth_domain,
            any_client,
        } = self;
        if !is_client_id(&client_id) {
            return Err(ConfigError::ClientId(client_id));
        }
        for url in [Some(&api_url), auth_domain.as_ref()].into_iter().flatten() {
            if !is_safe_url(url) || url.ends_with('/') {
                return Err(ConfigError::Url(url.clone()));
            }
        }

        let bases: Vec<&String> = [Some(&api_url), auth_domain.as_ref()]
            .into_iter()
            .flatten()
            .collect();
        let source = Source::KeySet(format!("{api_url}/sso/jwks/{client_id}"));
        let issuer = |names, binding| Issuer {
            names,
            source: source.clone(),
            algorithms: vec![Algorithm::Rs256],
            binding,
            profile: TokenProfile::Any,
        };
        // WorkOS documents the name with and without the slash; older environments have none.
        let sso = bases
            .iter()
            .flat_map(|base| [format!("{base}/"), (*base).clone()])
            .collect();
        let user_management = bases
            .iter()
            .map(|base| format!("{base}/user_management/{client_id}"))
            .collect();
        let sso_binding = if any_client {
            Binding::Nothing
        } else {
            Binding::Client
        }(client_id.clone());
        Ok([
            issuer(sso, sso_binding),
            issuer(user_management, Binding::IssuerName(client_id)),
        ])
    }
}

fn is_client_id(text: &str) -> bool {
    text.len() <= MAX_CLIENT_ID_LEN
        && text
            .strip_prefix("client_")
            .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
