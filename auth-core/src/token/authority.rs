//! The claims that policies decide by.

use std::borrow::Cow;
use std::time::SystemTime;

use super::claims::{date, invalid, optional_string};
use crate::error::AuthError;
use crate::json::Object;

/// What the token entitles its holder to.
///
/// A claim of the wrong type refuses the token, so that no policy takes it for a missing one: `!` of
/// what cannot be read would let everybody in. `null` stands for a claim that is not there, as
/// templates render it.
#[derive(Debug)]
pub(crate) struct Authority {
    /// The claim `roles`, and the older `role`.
    pub(crate) roles: Vec<String>,
    pub(crate) permissions: Vec<String>,
    pub(crate) entitlements: Vec<String>,
    pub(crate) feature_flags: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) organization_id: Option<String>,
    /// Who acts for the subject (RFC 8693, section 4.1): at WorkOS, an e-mail address.
    pub(crate) impersonator: Option<String>,
    /// OpenID Connect Core, section 2.
    pub(crate) authenticated_at: Option<SystemTime>,
}

impl Authority {
    pub(super) fn parse(claims: &Object<'_>) -> Result<Self, AuthError> {
        let mut roles = strings(claims, "roles")?;
        if let Some(role) = optional_string(claims, "role")?.map(Cow::into_owned)
            && !roles.contains(&role)
        {
            roles.push(role);
        }
        Ok(Self {
            roles,
            permissions: strings(claims, "permissions")?,
            entitlements: strings(claims, "entitlements")?,
            feature_flags: strings(claims, "feature_flags")?,
            scopes: scopes(claims)?,
            organization_id: optional_string(claims, "org_id")?.map(Cow::into_owned),
            impersonator: impersonator(claims)?,
            authenticated_at: match claims.get("auth_time") {
                Some(value) if value.is_null() => None,
                _ => date(claims, "auth_time")?,
            },
        })
    }
}

/// A list of strings.
fn strings(claims: &Object<'_>, name: &'static str) -> Result<Vec<String>, AuthError> {
    let Some(value) = claims.get(name).filter(|value| !value.is_null()) else {
        return Ok(Vec::new());
    };
    let elements = value.as_array().ok_or_else(|| invalid(name, "is no list"))?;
    let strings = elements.into_iter().map(|element| element.as_string().map(Cow::into_owned));
    strings.collect::<Option<_>>().ok_or_else(|| invalid(name, "has an element that is no string"))
}

/// Words that are separated by spaces (RFC 8693, section 4.2; RFC 6749, section 3.3).
fn scopes(claims: &Object<'_>) -> Result<Vec<String>, AuthError> {
    let Some(text) = optional_string(claims, "scope")? else {
        return Ok(Vec::new());
    };
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte)) {
        return Err(invalid("scope", "has characters that no scope has"));
    }
    Ok(text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
}

fn impersonator(claims: &Object<'_>) -> Result<Option<String>, AuthError> {
    let Some(actor) = claims.get("act").filter(|actor| !actor.is_null()) else {
        return Ok(None);
    };
    let subject = actor.as_object().and_then(|actor| actor.get("sub")?.as_string());
    subject
        .map(|subject| Some(subject.into_owned()))
        .ok_or_else(|| invalid("act", "is no object with a string `sub`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    fn parse(claims: &str) -> Result<Authority, AuthError> {
        Authority::parse(&Object::parse(claims).unwrap())
    }

    #[test]
    fn both_forms_of_the_role_are_read() {
        let roles = |claims: &str| parse(claims).unwrap().roles;
        assert_eq!(roles("{}"), [""; 0]);
        assert_eq!(roles(r#"{"role":"a"}"#), ["a"]);
        assert_eq!(roles(r#"{"roles":["a","b"]}"#), ["a", "b"]);
        assert_eq!(roles(r#"{"role":"b","roles":["a","b"]}"#), ["a", "b"]);
        assert_eq!(roles(r#"{"role":"c","roles":["a"]}"#), ["a", "c"]);
        assert_eq!(roles(r#"{"role":null,"roles":null}"#), [""; 0]);
    }

    #[test]
    fn scopes_are_words_between_spaces() {
        let scopes = |scope: &str| parse(&format!(r#"{{"scope":{scope}}}"#)).unwrap().scopes;
        assert_eq!(scopes(r#""read write:all""#), ["read", "write:all"]);
        assert_eq!(scopes(r#""  read  ""#), ["read"]);
        assert_eq!(scopes(r#""""#), [""; 0]);
        assert_eq!(scopes("null"), [""; 0]);
    }

    #[test]
    fn a_claim_of_the_wrong_type_refuses_the_token() {
        let wrong = [
            ("role", &["[]", r#"["a"]"#, "1", "{}", "true"][..]),
            ("roles", &[r#""a""#, "1", "{}", "[1]", r#"["a",null]"#, r#"[["a"]]"#]),
            ("permissions", &[r#""a""#, "1", "{}", "[1]"]),
            ("entitlements", &[r#""a""#, "1", "{}", "[1]"]),
            ("feature_flags", &[r#""a""#, "1", "{}", "[1]"]),
            ("org_id", &["1", "[]", "{}", "false"]),
            ("scope", &["[]", r#"["a"]"#, "1", "{}", r#""a\tb""#, r#""a\nb""#, r#""\u00e4""#]),
            ("act", &[r#""a""#, "1", "[]", "{}", r#"{"sub":1}"#]),
            ("auth_time", &[r#""1""#, "-1", "1e300", "[]"]),
        ];
        for (name, values) in wrong {
            for value in values {
                let claims = format!(r#"{{"{name}":{value}}}"#);
                assert_eq!(parse(&claims).unwrap_err().code(), Code::ClaimInvalid, "{claims}");
            }
            assert!(parse(&format!(r#"{{"{name}":null}}"#)).is_ok(), "{name}");
        }
    }
}
