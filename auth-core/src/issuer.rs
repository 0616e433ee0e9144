//! Step three: who may issue tokens for this service, and by which rules.

use std::fmt;

use crate::error::{AuthError, Code};
use crate::token::{Algorithm, Audience, Claims, Header, TokenType};

/// An issuer of tokens, as a service configures it.
///
/// Names are compared octet by octet. An issuer that is known under two names lists both; nothing
/// is normalised, since two names that merely look alike can belong to two parties.
#[derive(Clone, Debug)]
pub(crate) struct Issuer {
    names: Vec<String>,
    key_set_url: String,
    algorithms: Vec<Algorithm>,
    binding: Binding,
}

/// What ties a token to this client.
#[derive(Clone, Debug)]
enum Binding {
    /// The issuer serves many clients: `aud` must contain this one, or `client_id` be it.
    Token(ClientId),
    /// The issuer's name is this client's own. An `aud` that is present must still contain it.
    IssuerName(ClientId),
}

impl Issuer {
    /// The two issuers of a WorkOS client, SSO and User Management, which share one key set.
    pub(crate) fn workos(api_url: &str, client_id: &ClientId) -> [Self; 2] {
        let key_set_url = format!("{api_url}/sso/jwks/{client_id}");
        let sso = Self {
            // WorkOS documents both forms; older environments sign without the slash.
            names: vec![format!("{api_url}/"), api_url.to_owned()],
            key_set_url: key_set_url.clone(),
            algorithms: vec![Algorithm::Rs256],
            binding: Binding::Token(client_id.clone()),
        };
        let user_management = Self {
            names: vec![format!("{api_url}/user_management/{client_id}")],
            key_set_url,
            algorithms: vec![Algorithm::Rs256],
            binding: Binding::IssuerName(client_id.clone()),
        };
        [sso, user_management]
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn key_set_url(&self) -> &str {
        &self.key_set_url
    }

    /// Asks what can be asked before there is a key.
    pub(crate) fn check_header(&self, header: &Header) -> Result<(), AuthError> {
        header.check_algorithm(&self.algorithms)?;
        match header.token_type() {
            TokenType::Unspecified | TokenType::AccessToken => Ok(()),
            TokenType::Other => Err(AuthError::new(Code::TypeMismatch)),
        }
    }

    pub(crate) fn check_audience(&self, claims: &Claims) -> Result<(), AuthError> {
        let (Binding::Token(client_id) | Binding::IssuerName(client_id)) = &self.binding;
        let for_us = match (claims.audience(), &self.binding) {
            (Audience::Named(names), _) => names.contains(&client_id.0),
            (Audience::Malformed, _) => false,
            (Audience::Unspecified, Binding::IssuerName(_)) => true,
            (Audience::Unspecified, Binding::Token(_)) => claims.client_id() == Some(&client_id.0),
        };
        if for_us {
            return Ok(());
        }
        Err(AuthError::new(Code::AudienceMismatch).because(format!(
            "the token must name this client: neither `aud` nor `client_id` is `{client_id}`; add \
             `\"aud\": \"{client_id}\"` to the JWT template in the WorkOS dashboard"
        )))
    }
}

/// A WorkOS client id, `client_` and letters or digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientId(String);

impl ClientId {
    const MAX_LEN: usize = 64;

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let id = text.strip_prefix("client_")?;
        let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (plain && text.len() <= Self::MAX_LEN).then(|| Self(text.to_owned()))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
