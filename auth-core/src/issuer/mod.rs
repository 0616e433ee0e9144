//! Who may issue tokens for this service, and by which rules.

mod workos;

pub use workos::WorkOs;
#[cfg(all(feature = "session", any(feature = "actix", feature = "axum")))]
pub(crate) use workos::user_management_name;

use crate::error::{AuthError, Code};
use crate::keys::Source;
use crate::token::{Addressed, Algorithm, Claims, Header, TokenType};

/// An issuer of tokens that a service trusts.
///
/// Names are compared octet by octet. Nothing is normalised, since two names that merely look alike
/// can belong to two parties; an issuer that goes by two names has an [`alias`](Self::alias).
///
/// ```
/// use auth_core::Auth;
/// use auth_core::issuer::{Issuer, TokenProfile};
/// use auth_core::token::Algorithm;
///
/// # #[cfg(feature = "http-client")] {
/// // It says itself where its keys are, and issues access tokens as RFC 9068 has them.
/// let strict = Issuer::discover("https://issuer.example", "my-api").profile(TokenProfile::Rfc9068);
///
/// // It has changed its name, and is about to change its algorithm.
/// let renamed = Issuer::new("https://new.example", "https://new.example/jwks", "my-api")
///     .alias("https://old.example/")
///     .also_signs_with(Algorithm::Es256);
///
/// // Its tokens have no `aud`: for whom they are stands in `client_id`, or in the issuer's name.
/// let by_client_id = Issuer::discover("https://shared.example", "my-client").or_client_id();
/// let by_name = Issuer::discover("https://shared.example/tenant-7", "my-client")
///     .signs_with(Algorithm::EdDsa)
///     .name_is_for_this_service();
///
/// let auth = Auth::builder()
///     .issuer(strict)
///     .issuer(renamed)
///     .issuer(by_client_id)
///     .issuer(by_name)
///     .build();
/// assert!(auth.is_ok());
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Issuer {
    names: Vec<String>,
    source: Source,
    algorithms: Vec<Algorithm>,
    binding: Binding,
    profile: TokenProfile,
}

/// What ties a token to this service.
#[derive(Clone, Debug)]
enum Binding {
    /// `aud` must contain it.
    Audience(String),
    /// `aud` must contain it, or `client_id` be it: for a name that an issuer uses for many clients.
    Client(String),
    /// The issuer's name is enough. An `aud` that is present must still contain it.
    IssuerName(String),
}

/// What kind of token an [`Issuer`] issues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenProfile {
    /// `typ` is absent, `JWT` or `at+jwt`.
    #[default]
    Any,
    /// Access tokens as RFC 9068 has them: `typ` is `at+jwt`, and `iat`, `jti` and `client_id` are
    /// there.
    Rfc9068,
}

impl Issuer {
    /// An issuer called exactly `name` (`iss`), whose keys are at `key_set_url` and whose tokens
    /// have `audience` in their `aud`. It signs with RS256.
    pub fn new(
        name: impl Into<String>,
        key_set_url: impl Into<String>,
        audience: impl Into<String>,
    ) -> Self {
        Self {
            names: vec![name.into()],
            source: Source::KeySet(key_set_url.into()),
            algorithms: vec![Algorithm::Rs256],
            binding: Binding::Audience(audience.into()),
            profile: TokenProfile::Any,
        }
    }

    /// An issuer that says itself where its keys are: in the document of OpenID Connect Discovery,
    /// or else that of RFC 8414. The document must be for exactly `name`.
    pub fn discover(name: impl Into<String>, audience: impl Into<String>) -> Self {
        let name = name.into();
        Self { source: Source::Discovery(name.clone()), ..Self::new(name, "", audience) }
    }

    /// The issuer says in `client_id` for whom a token is: without an `aud`, that must be the
    /// audience.
    pub fn or_client_id(mut self) -> Self {
        self.binding = Binding::Client(self.audience().to_owned());
        self
    }

    /// The issuer's name is for this service alone, so a token need not say for whom it is. An `aud`
    /// that is there must still contain the audience.
    pub fn name_is_for_this_service(mut self) -> Self {
        self.binding = Binding::IssuerName(self.audience().to_owned());
        self
    }

    /// Another name that the issuer goes by.
    pub fn alias(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Also accepts tokens that are signed with `algorithm`.
    pub fn also_signs_with(mut self, algorithm: Algorithm) -> Self {
        self.algorithms.push(algorithm);
        self
    }

    /// Accepts only tokens that are signed with `algorithm`.
    pub fn signs_with(mut self, algorithm: Algorithm) -> Self {
        self.algorithms = vec![algorithm];
        self
    }

    /// What kind of token the issuer issues.
    pub fn profile(mut self, profile: TokenProfile) -> Self {
        self.profile = profile;
        self
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn audience(&self) -> &str {
        let (Binding::Audience(name) | Binding::Client(name) | Binding::IssuerName(name)) =
            &self.binding;
        name
    }

    /// Asks what can be asked before there is a key.
    pub(crate) fn check_header(&self, header: &Header<'_>) -> Result<(), AuthError> {
        header.check_algorithm(&self.algorithms)?;
        match (header.token_type(), self.profile) {
            (TokenType::AccessToken, _) | (TokenType::Unspecified, TokenProfile::Any) => Ok(()),
            (TokenType::Unspecified, TokenProfile::Rfc9068) => {
                Err(AuthError::new(Code::TypeMismatch)
                    .because("the token's `typ` is not `at+jwt`, which its issuer is to use"))
            }
            (TokenType::Other, _) => Err(AuthError::new(Code::TypeMismatch)
                .because("the token's `typ` is that of another kind of token")),
        }
    }

    /// Asks what is the issuer's own about claims.
    pub(crate) fn check_claims(&self, claims: &Claims) -> Result<(), AuthError> {
        if self.profile == TokenProfile::Rfc9068 {
            claims.check_rfc9068()?;
        }
        let ours = self.audience();
        let what = match (claims.addressed_to(ours), &self.binding) {
            (Addressed::Yes, _) | (Addressed::Unspecified, Binding::IssuerName(_)) => return Ok(()),
            (Addressed::Unspecified, Binding::Client(id)) if claims.client_id() == Some(id) => {
                return Ok(());
            }
            (Addressed::No, _) => "its `aud` is for somebody else than",
            (Addressed::Malformed, _) => "its `aud` is no string or list of strings, so not",
            (Addressed::Unspecified, Binding::Client(_)) => {
                "it has no `aud`, and its `client_id` is not"
            }
            (Addressed::Unspecified, Binding::Audience(_)) => "it has no `aud`, which must be",
        };
        Err(AuthError::new(Code::AudienceMismatch).because(format!(
            "the token is not for this service: {what} `{ours}`; with WorkOS, add `\"aud\": \
             \"{ours}\"` to the JWT template in the dashboard"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer() -> Issuer {
        Issuer::new("https://issuer.test/", "https://keys.test/", "us")
    }

    #[test]
    fn a_token_is_for_us_or_refused() {
        let by_audience = issuer();
        let by_client_id = issuer().or_client_id();
        let by_name = issuer().name_is_for_this_service();
        for (members, audience, client_id, name) in [
            (r#""aud":"us""#, true, true, true),
            (r#""aud":["them","us"]"#, true, true, true),
            (r#""aud":"us","client_id":"them""#, true, true, true),
            (r#""aud":"them""#, false, false, false),
            (r#""aud":"them","client_id":"us""#, false, false, false),
            (r#""aud":"use""#, false, false, false),
            (r#""aud":"""#, false, false, false),
            (r#""aud":[]"#, false, false, false),
            (r#""aud":null"#, false, false, false),
            (r#""aud":["us",7]"#, false, false, false),
            (r#""aud":{"us":1}"#, false, false, false),
            (r#""client_id":"us""#, false, true, true),
            (r#""client_id":"them""#, false, false, true),
            (r#""x":0"#, false, false, true),
        ] {
            let claims = format!(r#"{{"iss":"i","sub":"s","exp":1,{members}}}"#);
            let claims = Claims::parse(&claims).unwrap();
            let accepts = |issuer: &Issuer| issuer.check_claims(&claims).is_ok();
            assert_eq!(accepts(&by_audience), audience, "by audience: {members}");
            assert_eq!(accepts(&by_client_id), client_id, "or by client id: {members}");
            assert_eq!(accepts(&by_name), name, "or by name: {members}");
        }
    }

    #[test]
    fn algorithm_and_type_are_the_issuers() {
        let refusal = |issuer: Issuer, members: &str| {
            let header = format!("{{{members}}}");
            let header = Header::parse(&header).unwrap();
            issuer.check_header(&header).err().map(|error| error.code())
        };
        let (rs256, es256) = (r#""alg":"RS256""#, r#""alg":"ES256""#);
        assert_eq!(refusal(issuer(), rs256), None);
        assert_eq!(refusal(issuer(), es256), Some(Code::AlgorithmNotAllowed));
        let both = || issuer().also_signs_with(Algorithm::Es256);
        assert_eq!((refusal(both(), rs256), refusal(both(), es256)), (None, None));
        let other = || issuer().signs_with(Algorithm::Es256);
        assert_eq!(refusal(other(), rs256), Some(Code::AlgorithmNotAllowed));
        assert_eq!(refusal(other(), es256), None);

        let profile = || issuer().profile(TokenProfile::Rfc9068);
        for (typ, any, rfc9068) in [
            ("", None, Some(Code::TypeMismatch)),
            (r#","typ":"JWT""#, None, Some(Code::TypeMismatch)),
            (r#","typ":"at+jwt""#, None, None),
            (r#","typ":"logout+jwt""#, Some(Code::TypeMismatch), Some(Code::TypeMismatch)),
        ] {
            assert_eq!(refusal(issuer(), &format!("{rs256}{typ}")), any, "{typ}");
            assert_eq!(refusal(profile(), &format!("{rs256}{typ}")), rfc9068, "{typ}");
        }
    }

    #[test]
    fn the_profile_asks_for_its_claims() {
        let claims = |members: &str| {
            Claims::parse(&format!(r#"{{"iss":"i","sub":"s","exp":1,"aud":"us"{members}}}"#))
                .unwrap()
        };
        let profile = issuer().profile(TokenProfile::Rfc9068);
        assert!(profile.check_claims(&claims("")).is_err());
        assert!(profile.check_claims(&claims(r#","iat":1,"client_id":"c","jti":"j""#)).is_ok());
    }

    #[test]
    fn an_issuer_that_says_where_its_keys_are() {
        let issuer = Issuer::discover("https://issuer.test/", "us").alias("https://other.test/");
        assert_eq!(*issuer.source(), Source::Discovery("https://issuer.test/".to_owned()));
        assert_eq!(issuer.names(), ["https://issuer.test/", "https://other.test/"]);
    }
}
