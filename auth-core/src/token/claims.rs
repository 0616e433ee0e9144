//! The claims of a token (RFC 7519, section 4), typed where a rule hangs on them.

use std::borrow::Cow;
use std::ops::Range;
use std::time::{Duration, SystemTime};

use super::authority::Authority;
use super::strings::{Collector, List, Span, Strings};
use crate::error::{AuthError, Code};
use crate::json::{Object, Value};

/// The longest subject that is taken for one (OpenID Connect Core, section 2).
const MAX_SUBJECT_LEN: usize = 255;

/// The last second of the year 9999.
const MAX_DATE: Duration = Duration::from_secs(253_402_300_799);

/// Claims of tokens that an issuer signs with the same keys and that are no access tokens (OpenID
/// Connect Core, section 3.1.3.6; RFC 8417).
const OF_OTHER_TOKENS: [&str; 4] = ["nonce", "at_hash", "c_hash", "events"];

/// The claims that rules are about, and the text with all of them.
#[derive(Debug)]
pub(crate) struct Claims {
    strings: Strings,
    issuer: Span,
    subject: Span,
    /// Both, joined by `|`.
    token_identifier: Span,
    audience: Audience,
    client_id: Option<Span>,
    has_token_id: bool,
    expires_at: SystemTime,
    not_before: Option<SystemTime>,
    issued_at: Option<SystemTime>,
    email: Option<Span>,
    email_verified: bool,
    name: Option<Span>,
    picture: Option<Span>,
    authority: Authority,
}

/// How time is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeRules {
    /// How far the clocks of issuer and service may differ.
    pub(crate) leeway: Duration,
    /// How long a token may live, from `iat` to `exp`.
    pub(crate) max_lifetime: Option<Duration>,
}

/// Whom a token is for.
#[derive(Debug)]
enum Audience {
    /// There is no `aud`.
    Unspecified,
    Named(List),
    /// An `aud` that is no string or list of strings. It names nobody, and nobody is in it.
    Malformed,
}

/// Whether a token names somebody as the one it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Addressed {
    Yes,
    /// It is for others.
    No,
    /// It does not say.
    Unspecified,
    /// It says so in a way that nobody can read.
    Malformed,
}

impl Claims {
    /// Reads what all rules need, so that a claim of the wrong type refuses the token, and no rule
    /// can take it for a missing one.
    pub(super) fn read(claims: &Object<'_>, payload: &str) -> Result<Self, AuthError> {
        if claims.get("cnf").is_some() {
            // RFC 8705 and RFC 9449: such a token is worth nothing without the proof.
            return Err(AuthError::new(Code::BindingRequired));
        }
        if let Some(name) = OF_OTHER_TOKENS.into_iter().find(|name| claims.get(name).is_some()) {
            return Err(invalid(name, "marks an ID, logout or security event token"));
        }
        let issuer = issuer(claims)?;
        let subject = required(string(claims, "sub")?, "sub")?;
        if subject.is_empty() || subject.len() > MAX_SUBJECT_LEN || subject.contains('\0') {
            return Err(invalid("sub", "is empty, too long or has a NUL"));
        }
        let mut strings = Collector::of(payload);
        let mut kept = |text: Option<Cow<'_, str>>| text.map(|text| strings.keep(&text));
        let client_id = kept(string(claims, "client_id")?);
        let email = kept(optional_string(claims, "email")?);
        let (name, picture) =
            (kept(text_to_show(claims, "name")), kept(text_to_show(claims, "picture")));
        let (issuer_span, subject_span) = (strings.keep(&issuer), strings.keep(&subject));
        let audience = claims.get("aud");
        let audience =
            audience.map_or(Audience::Unspecified, |aud| Audience::read(aud, &mut strings));
        let authority = Authority::read(claims, &mut strings)?;
        let (strings, token_identifier) = strings.finish([&issuer, "|", &subject]);
        Ok(Self {
            strings,
            issuer: issuer_span,
            subject: subject_span,
            token_identifier,
            audience,
            client_id,
            has_token_id: string(claims, "jti")?.is_some(),
            expires_at: required(date(claims, "exp")?, "exp")?,
            not_before: date(claims, "nbf")?,
            issued_at: date(claims, "iat")?,
            email,
            email_verified: claims.get("email_verified").and_then(Value::as_bool) == Some(true),
            name,
            picture,
            authority,
        })
    }

    #[cfg(any(test, feature = "__steps"))]
    pub(crate) fn parse(payload: &str) -> Result<Self, AuthError> {
        Self::read(&object(payload)?, payload)
    }

    pub(crate) fn issuer(&self) -> &str {
        self.strings.get(self.issuer)
    }

    pub(crate) fn subject(&self) -> &str {
        self.strings.get(self.subject)
    }

    /// Issuer and subject, joined by `|`.
    pub(crate) fn token_identifier(&self) -> &str {
        self.strings.get(self.token_identifier)
    }

    /// Whether the token is for the one of this name.
    pub(crate) fn addressed_to(&self, name: &str) -> Addressed {
        match &self.audience {
            Audience::Unspecified => Addressed::Unspecified,
            Audience::Malformed => Addressed::Malformed,
            Audience::Named(names) if self.strings.list(names).any(|one| one == name) => {
                Addressed::Yes
            }
            Audience::Named(_) => Addressed::No,
        }
    }

    pub(crate) fn client_id(&self) -> Option<&str> {
        self.optional(self.client_id)
    }

    pub(crate) fn expires_at(&self) -> SystemTime {
        self.expires_at
    }

    pub(crate) fn email(&self) -> Option<&str> {
        self.optional(self.email)
    }

    /// Only the JSON value `true` is a verified address.
    pub(crate) fn email_verified(&self) -> bool {
        self.email_verified
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.optional(self.name)
    }

    pub(crate) fn picture(&self) -> Option<&str> {
        self.optional(self.picture)
    }

    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> + Clone {
        self.strings.list(&self.authority.roles)
    }

    pub(crate) fn permissions(&self) -> impl Iterator<Item = &str> + Clone {
        self.strings.list(&self.authority.permissions)
    }

    pub(crate) fn entitlements(&self) -> impl Iterator<Item = &str> + Clone {
        self.strings.list(&self.authority.entitlements)
    }

    pub(crate) fn feature_flags(&self) -> impl Iterator<Item = &str> + Clone {
        self.strings.list(&self.authority.feature_flags)
    }

    pub(crate) fn scopes(&self) -> impl Iterator<Item = &str> + Clone {
        self.strings.list(&self.authority.scopes)
    }

    pub(crate) fn organization_id(&self) -> Option<&str> {
        self.optional(self.authority.organization_id)
    }

    pub(crate) fn impersonator(&self) -> Option<&str> {
        self.optional(self.authority.impersonator)
    }

    pub(crate) fn authenticated_at(&self) -> Option<SystemTime> {
        self.authority.authenticated_at
    }

    /// The claims as the issuer wrote them, one strict JSON object.
    pub(crate) fn payload(&self) -> &str {
        self.strings.payload()
    }

    /// How many bytes it has beside its own.
    pub(crate) fn len_in_memory(&self) -> usize {
        self.strings.len_in_memory()
    }

    fn optional(&self, text: Option<Span>) -> Option<&str> {
        text.map(|text| self.strings.get(text))
    }

    /// Refuses a token outside its time.
    pub(crate) fn check_time(&self, now: SystemTime, rules: &TimeRules) -> Result<(), AuthError> {
        let leeway = rules.leeway;
        // RFC 7519, section 4.1.4: "on or after" the expiration the token is not accepted.
        if now >= self.expires_at + leeway {
            return Err(AuthError::new(Code::TokenExpired));
        }
        if self.not_before.is_some_and(|not_before| now + leeway < not_before) {
            return Err(AuthError::new(Code::TokenNotYetValid));
        }
        if self.issued_at.is_some_and(|issued_at| now + leeway < issued_at) {
            return Err(invalid("iat", "is in the future; compare this machine's clock"));
        }
        let Some(max_lifetime) = rules.max_lifetime else {
            return Ok(());
        };
        let issued_at = required(self.issued_at, "iat")?;
        if self.expires_at > issued_at + max_lifetime {
            return Err(invalid("exp", "is further from `iat` than the configured lifetime"));
        }
        Ok(())
    }

    /// The times at which [`check_time`](Self::check_time) does not refuse a token that it has not
    /// refused before.
    pub(crate) fn times(&self, leeway: Duration) -> Range<SystemTime> {
        let begin = self.not_before.max(self.issued_at).unwrap_or(SystemTime::UNIX_EPOCH);
        begin - leeway..self.expires_at + leeway
    }

    /// Asks for what RFC 9068, section 2.2, requires beyond what every token needs.
    pub(crate) fn check_rfc9068(&self) -> Result<(), AuthError> {
        required(self.issued_at, "iat")?;
        required(self.client_id, "client_id")?;
        required(self.has_token_id.then_some(()), "jti")
    }
}

impl Audience {
    /// A string or a list of strings (RFC 7519, section 4.1.3).
    fn read(value: Value<'_>, strings: &mut Collector<'_>) -> Self {
        let names = match value.as_string() {
            Some(name) => strings.keep_list([Some(name)]),
            None => {
                value.as_array().and_then(|names| strings.keep_list(names.map(Value::as_string)))
            }
        };
        names.map_or(Self::Malformed, Self::Named)
    }
}

/// The claims of a token as one strict object.
pub(super) fn object(payload: &str) -> Result<Object<'_>, AuthError> {
    Object::parse(payload).map_err(|_| {
        AuthError::new(Code::TokenMalformed).because("the token's claims are no strict JSON")
    })
}

pub(super) fn issuer<'a>(claims: &Object<'a>) -> Result<Cow<'a, str>, AuthError> {
    required(string(claims, "iss")?, "iss")
}

fn required<T>(claim: Option<T>, name: &'static str) -> Result<T, AuthError> {
    claim.ok_or_else(|| invalid(name, "is missing"))
}

#[inline(always)]
fn string<'a>(claims: &Object<'a>, name: &'static str) -> Result<Option<Cow<'a, str>>, AuthError> {
    claims.get(name).map(|value| text(value, name)).transpose()
}

/// Templates render what a user does not have as `null`.
#[inline(always)]
pub(super) fn optional_string<'a>(
    claims: &Object<'a>,
    name: &'static str,
) -> Result<Option<Cow<'a, str>>, AuthError> {
    let value = claims.get(name).filter(|value| !value.is_null());
    value.map(|value| text(value, name)).transpose()
}

#[inline(always)]
fn text<'a>(value: Value<'a>, name: &'static str) -> Result<Cow<'a, str>, AuthError> {
    value.as_string().ok_or_else(|| invalid(name, "is no string"))
}

/// Text that no rule hangs on: of another type, it is as good as missing.
#[inline(always)]
fn text_to_show<'a>(claims: &Object<'a>, name: &str) -> Option<Cow<'a, str>> {
    claims.get(name)?.as_string()
}

#[inline(always)]
fn date(claims: &Object<'_>, name: &'static str) -> Result<Option<SystemTime>, AuthError> {
    claims.get(name).map(|value| seconds_since_1970(value, name)).transpose()
}

#[inline(always)]
pub(super) fn optional_date(
    claims: &Object<'_>,
    name: &'static str,
) -> Result<Option<SystemTime>, AuthError> {
    let value = claims.get(name).filter(|value| !value.is_null());
    value.map(|value| seconds_since_1970(value, name)).transpose()
}

/// A NumericDate (RFC 7519, section 2): a JSON number of seconds since 1970, fractions allowed.
#[inline(always)]
fn seconds_since_1970(value: Value<'_>, name: &'static str) -> Result<SystemTime, AuthError> {
    let since_1970 = value.as_number().and_then(|digits| {
        // Whole seconds are what issuers write.
        let whole = digits.parse().ok().map(Duration::from_secs);
        whole.or_else(|| Duration::try_from_secs_f64(digits.parse().ok()?).ok())
    });
    let is_negative = value.text().starts_with('-');
    let since_1970 = since_1970.filter(|time| !is_negative && *time <= MAX_DATE);
    let time =
        since_1970.ok_or_else(|| invalid(name, "is no number of seconds between 1970 and 9999"))?;
    Ok(SystemTime::UNIX_EPOCH + time)
}

pub(super) fn invalid(claim: &'static str, what: &'static str) -> AuthError {
    AuthError::new(Code::ClaimInvalid).because(format!("the claim `{claim}` {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Good claims, with `changes` laid over them; a change to `null` takes the claim away.
    fn parse(changes: &str) -> Result<Claims, AuthError> {
        let mut claims: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(r#"{"iss":"i","sub":"s","exp":1000}"#).unwrap();
        let changes: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(changes).unwrap();
        claims.extend(changes);
        claims.retain(|_, value| value != "remove");
        Claims::parse(&serde_json::to_string(&claims).unwrap())
    }

    #[test]
    fn claims_of_the_wrong_type_or_value_refuse_the_token() {
        let cases = [
            r#"{"iss":"remove"}"#,
            r#"{"iss":null}"#,
            r#"{"iss":1}"#,
            r#"{"iss":["i"]}"#,
            r#"{"sub":"remove"}"#,
            r#"{"sub":""}"#,
            r#"{"sub":7}"#,
            r#"{"sub":"a\u0000b"}"#,
            r#"{"exp":"remove"}"#,
            r#"{"exp":null}"#,
            r#"{"exp":"9999999999"}"#,
            r#"{"exp":true}"#,
            r#"{"exp":[]}"#,
            r#"{"exp":-1}"#,
            r#"{"exp":1e300}"#,
            r#"{"exp":18446744073709551616}"#,
            r#"{"nbf":"0"}"#,
            r#"{"nbf":-1}"#,
            r#"{"nbf":-0.0}"#,
            r#"{"nbf":1e20}"#,
            r#"{"iat":{}}"#,
            r#"{"email":["a@example.com"]}"#,
            r#"{"email":42}"#,
            r#"{"client_id":7}"#,
            r#"{"events":{}}"#,
            r#"{"nonce":"n"}"#,
            r#"{"at_hash":"h"}"#,
            r#"{"jti":7}"#,
        ];
        for changes in cases {
            assert_eq!(parse(changes).unwrap_err().code(), Code::ClaimInvalid, "{changes}");
        }
        let too_large = r#"{"iss":"i","sub":"s","exp":1e400}"#;
        assert_eq!(Claims::parse(too_large).unwrap_err().code(), Code::ClaimInvalid);
        let bound = parse(r#"{"cnf":{"jkt":"x"}}"#).unwrap_err();
        assert_eq!(bound.code(), Code::BindingRequired);
        assert!(parse(&format!(r#"{{"sub":"{}"}}"#, "s".repeat(255))).is_ok());
        assert!(parse(&format!(r#"{{"sub":"{}"}}"#, "s".repeat(256))).is_err());
    }

    #[test]
    fn only_true_is_verified() {
        let verified = |value: &str| {
            parse(&format!(r#"{{"email_verified":{value}}}"#)).unwrap().email_verified()
        };
        assert!(verified("true"));
        for value in ["false", "\"true\"", "1", "null", "[true]", "{}"] {
            assert!(!verified(value), "{value}");
        }
        assert!(!parse("{}").unwrap().email_verified());
    }

    #[test]
    fn time_is_held_to_the_second() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let code = |changes: &str, now, leeway| {
            let claims = parse(changes).unwrap();
            let rules = TimeRules { leeway: Duration::from_secs(leeway), max_lifetime: None };
            let refused = claims.check_time(at(now), &rules).err();
            assert_eq!(claims.times(rules.leeway).contains(&at(now)), refused.is_none());
            refused.map(|error| error.code())
        };
        assert_eq!(code("{}", 999, 0), None);
        assert_eq!(code("{}", 1000, 0), Some(Code::TokenExpired));
        assert_eq!(code("{}", 1004, 5), None);
        assert_eq!(code("{}", 1005, 5), Some(Code::TokenExpired));
        assert_eq!(code(r#"{"nbf":500}"#, 500, 0), None);
        assert_eq!(code(r#"{"nbf":500}"#, 499, 0), Some(Code::TokenNotYetValid));
        assert_eq!(code(r#"{"nbf":500}"#, 495, 5), None);
        assert_eq!(code(r#"{"iat":500}"#, 500, 0), None);
        assert_eq!(code(r#"{"iat":500}"#, 499, 0), Some(Code::ClaimInvalid));
        assert_eq!(code(r#"{"iat":500}"#, 495, 5), None);
        assert_eq!(code(r#"{"iat":500}"#, 494, 5), Some(Code::ClaimInvalid));
    }

    #[test]
    fn rfc_9068_requires_more() {
        let refused = |changes: &str| parse(changes).unwrap().check_rfc9068().is_err();
        assert!(!refused(r#"{"iat":1,"client_id":"c","jti":"j"}"#));
        assert!(refused(r#"{"client_id":"c","jti":"j"}"#));
        assert!(refused(r#"{"iat":1,"jti":"j"}"#));
        assert!(refused(r#"{"iat":1,"client_id":"c"}"#));
    }

    #[test]
    fn a_limit_to_the_lifetime_needs_the_time_of_issue() {
        let code = |changes: &str| {
            let rules =
                TimeRules { leeway: Duration::ZERO, max_lifetime: Some(Duration::from_secs(300)) };
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(900);
            parse(changes).unwrap().check_time(now, &rules).err().map(|error| error.code())
        };
        assert_eq!(code(r#"{"iat":700}"#), None);
        assert_eq!(code(r#"{"iat":699}"#), Some(Code::ClaimInvalid));
        assert_eq!(code("{}"), Some(Code::ClaimInvalid));
    }
}
