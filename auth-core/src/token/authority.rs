//! The claims that policies decide by.

use std::borrow::Cow;
use std::time::SystemTime;

use super::claims::{invalid, optional_date, optional_string};
use super::strings::{Collector, List, Span};
use crate::error::AuthError;
use crate::json::{Object, Value};

/// What the token entitles its holder to.
///
/// A claim of the wrong type refuses the token, so that no policy takes it for a missing one: `!` of
/// what cannot be read would let everybody in. `null` stands for a claim that is not there, as
/// templates render it.
#[derive(Debug)]
pub(super) struct Authority {
    /// The claim `roles`, and the older `role`.
    pub(super) roles: List,
    pub(super) permissions: List,
    pub(super) entitlements: List,
    pub(super) feature_flags: List,
    pub(super) scopes: List,
    pub(super) organization_id: Option<Span>,
    /// Who acts for the subject (RFC 8693, section 4.1): at WorkOS, an e-mail address.
    pub(super) impersonator: Option<Span>,
    /// OpenID Connect Core, section 2.
    pub(super) authenticated_at: Option<SystemTime>,
}

impl Authority {
    pub(super) fn read(
        claims: &Object<'_>,
        strings: &mut Collector<'_>,
    ) -> Result<Self, AuthError> {
        Ok(Self {
            roles: roles(claims, strings)?,
            permissions: list(claims, "permissions", strings)?,
            entitlements: list(claims, "entitlements", strings)?,
            feature_flags: list(claims, "feature_flags", strings)?,
            scopes: scopes(claims, strings)?,
            organization_id: optional_string(claims, "org_id")?.map(|id| strings.keep(&id)),
            impersonator: impersonator(claims)?.map(|subject| strings.keep(&subject)),
            authenticated_at: optional_date(claims, "auth_time")?,
        })
    }
}

fn roles(claims: &Object<'_>, strings: &mut Collector<'_>) -> Result<List, AuthError> {
    let role = optional_string(claims, "role")?;
    let others = elements(claims, "roles")?.filter(|one| one.is_none() || *one != role);
    keep("roles", role.clone().map(Some).into_iter().chain(others), strings)
}

fn list(
    claims: &Object<'_>,
    name: &'static str,
    strings: &mut Collector<'_>,
) -> Result<List, AuthError> {
    keep(name, elements(claims, name)?, strings)
}

fn keep<'a>(
    name: &'static str,
    elements: impl Iterator<Item = Option<Cow<'a, str>>>,
    strings: &mut Collector<'_>,
) -> Result<List, AuthError> {
    strings.keep_list(elements).ok_or_else(|| invalid(name, "has an element that is no string"))
}

/// The elements of a list, as far as they are strings.
#[inline(always)]
fn elements<'a>(
    claims: &Object<'a>,
    name: &'static str,
) -> Result<impl Iterator<Item = Option<Cow<'a, str>>> + use<'a>, AuthError> {
    let value = claims.get(name).filter(|value| !value.is_null());
    let array = value.map(|value| value.as_array().ok_or_else(|| invalid(name, "is no list")));
    Ok(array.transpose()?.into_iter().flatten().map(Value::as_string))
}

/// Words that are separated by spaces (RFC 8693, section 4.2; RFC 6749, section 3.3).
fn scopes(claims: &Object<'_>, strings: &mut Collector<'_>) -> Result<List, AuthError> {
    let text = optional_string(claims, "scope")?.unwrap_or_default();
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(&byte)) {
        return Err(invalid("scope", "has characters that no scope has"));
    }
    let scopes = text.split(' ').filter(|scope| !scope.is_empty());
    Ok(strings.keep_list(scopes.map(Some)).unwrap_or_default())
}

fn impersonator<'a>(claims: &Object<'a>) -> Result<Option<Cow<'a, str>>, AuthError> {
    let Some(actor) = claims.get("act").filter(|actor| !actor.is_null()) else {
        return Ok(None);
    };
    let subject = actor.as_object().and_then(|actor| actor.get("sub")?.as_string());
    subject.map(Some).ok_or_else(|| invalid("act", "is no object with a string `sub`"))
}

#[cfg(test)]
mod tests {
    use super::super::Claims;
    use crate::error::{AuthError, Code};

    /// Good claims, and these.
    fn parse(claims: &str) -> Result<Claims, AuthError> {
        let members = claims.trim_start_matches('{');
        let comma = if members == "}" { "" } else { "," };
        Claims::parse(&format!(r#"{{"iss":"i","sub":"s","exp":1{comma}{members}"#))
    }

    fn owned<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
        words.map(str::to_owned).collect()
    }

    #[test]
    fn both_forms_of_the_role_are_read() {
        let roles = |claims: &str| owned(parse(claims).unwrap().roles());
        assert_eq!(roles("{}"), [""; 0]);
        assert_eq!(roles(r#"{"role":"a"}"#), ["a"]);
        assert_eq!(roles(r#"{"roles":["a","b"]}"#), ["a", "b"]);
        assert_eq!(roles(r#"{"role":"b","roles":["a","b"]}"#), ["b", "a"]);
        assert_eq!(roles(r#"{"role":"c","roles":["a"]}"#), ["c", "a"]);
        assert_eq!(roles(r#"{"role":null,"roles":null}"#), [""; 0]);
    }

    #[test]
    fn scopes_are_words_between_spaces() {
        let scopes =
            |scope: &str| owned(parse(&format!(r#"{{"scope":{scope}}}"#)).unwrap().scopes());
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
