//! JWT templates: JSON in which `{{ user.email }}` stands for what is known of the user.
//!
//! The syntax that WorkOS documents, and no more of it: paths, alternatives (`{{ a || b }}`) and
//! text (`'none'`). Inside of a JSON string an expression is text, outside it is a JSON value.

mod error;

use serde_json::{Map, Value};

pub use self::error::TemplateError;

/// What a template may not set.
const RESERVED: [&str; 6] = ["iss", "sub", "exp", "iat", "nbf", "jti"];

/// What an expression may begin with.
const ROOTS: [&str; 3] = ["user", "organization", "organization_membership"];

/// As much as WorkOS puts into a token by a template.
const MAX_BYTES: usize = 3072;

#[derive(Debug)]
pub(crate) struct Template(Vec<Part>);

#[derive(Debug)]
enum Part {
    Json(String),
    Expression { alternatives: Vec<Alternative>, in_string: bool },
}

#[derive(Debug)]
enum Alternative {
    Path(Vec<String>),
    Text(String),
}

impl Template {
    /// Reads a template, and tries it where nothing is known.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let template = Self(parts(text)?);
        let claims = template.object(&Value::Null)?;
        if claims.is_empty() {
            return Err(TemplateError::NoObject("it has no members".to_owned()));
        }
        Ok(template)
    }

    /// The claims. What is not known is left out where it is a claim by itself, and nothing where it
    /// is a part of a text.
    pub(crate) fn render(&self, context: &Value) -> Result<Map<String, Value>, TemplateError> {
        let mut claims = self.object(context)?;
        claims.retain(|_, value| !value.is_null());
        let size = Value::Object(claims.clone()).to_string().len();
        if size > MAX_BYTES { Err(TemplateError::TooLarge(size)) } else { Ok(claims) }
    }

    fn object(&self, context: &Value) -> Result<Map<String, Value>, TemplateError> {
        let mut json = String::new();
        for part in &self.0 {
            match part {
                Part::Json(text) => json.push_str(text),
                Part::Expression { alternatives, in_string } => {
                    let value = first_known(alternatives, context);
                    json.push_str(&if *in_string { text(&value)? } else { value.to_string() });
                }
            }
        }
        let claims: Map<String, Value> = serde_json::from_str(&json)
            .map_err(|error| TemplateError::NoObject(error.to_string()))?;
        match RESERVED.iter().find(|name| claims.contains_key(**name)) {
            Some(reserved) => Err(TemplateError::Reserved((*reserved).to_owned())),
            None => Ok(claims),
        }
    }
}

fn parts(text: &str) -> Result<Vec<Part>, TemplateError> {
    let mut parts = Vec::new();
    let mut in_string = false;
    let mut rest = text;
    while let Some((json, after)) = rest.split_once("{{") {
        in_string ^= ends_in_string(json);
        let (expression, after) = after.split_once("}}").ok_or(TemplateError::Unterminated)?;
        parts.push(Part::Json(json.to_owned()));
        parts.push(Part::Expression { alternatives: alternatives(expression)?, in_string });
        rest = after;
    }
    parts.push(Part::Json(rest.to_owned()));
    Ok(parts)
}

/// Whether a piece of JSON has an odd number of quotes.
fn ends_in_string(json: &str) -> bool {
    let mut is_escaped = false;
    json.chars().fold(false, |in_string, letter| {
        let is_quote = letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped;
        in_string ^ is_quote
    })
}

fn alternatives(expression: &str) -> Result<Vec<Alternative>, TemplateError> {
    let wrong = || TemplateError::Expression(expression.to_owned());
    let mut alternatives = Vec::new();
    let mut rest = expression.trim();
    loop {
        let quote = rest.chars().next().filter(|first| matches!(first, '\'' | '"'));
        let after = if let Some(quote) = quote {
            let quoted = rest.strip_prefix(quote).and_then(|rest| rest.split_once(quote));
            let (text, after) = quoted.ok_or_else(wrong)?;
            alternatives.push(Alternative::Text(text.to_owned()));
            after
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || c == '|').unwrap_or(rest.len());
            let (path, after) = rest.split_at(end);
            let segments = segments(path).ok_or_else(wrong)?;
            check_root(&segments)?;
            alternatives.push(Alternative::Path(segments));
            after
        };
        match after.trim_start() {
            "" => return Ok(alternatives),
            after => rest = after.strip_prefix("||").ok_or_else(wrong)?.trim_start(),
        }
    }
}

fn segments(path: &str) -> Option<Vec<String>> {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    path.split('.').map(|name| is_name(name).then(|| name.to_owned())).collect()
}

fn check_root(segments: &[String]) -> Result<(), TemplateError> {
    let unknown = segments.first().filter(|root| !ROOTS.contains(&root.as_str()));
    unknown.map_or(Ok(()), |root| Err(TemplateError::Unknown(root.clone())))
}

fn first_known(alternatives: &[Alternative], context: &Value) -> Value {
    let values = alternatives.iter().map(|alternative| match alternative {
        Alternative::Text(text) => Value::from(text.as_str()),
        Alternative::Path(segments) => segments
            .iter()
            .try_fold(context, |value, name| match value {
                Value::Array(items) => items.get(name.parse::<usize>().ok()?),
                other => other.get(name),
            })
            .cloned()
            .unwrap_or_default(),
    });
    values.into_iter().find(|value| !value.is_null()).unwrap_or_default()
}

/// A value as a part of a JSON string.
fn text(value: &Value) -> Result<String, TemplateError> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(_) => {
            let quoted = value.to_string();
            let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            Ok(inner.unwrap_or_default().to_owned())
        }
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Array(_) | Value::Object(_) => Err(TemplateError::ObjectInString),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn render(template: &str) -> Result<Value, TemplateError> {
        let context = json!({
            "user": {
                "email": "ada@acme.test",
                "email_verified": true,
                "first_name": "A\"d\\a",
                "last_name": null,
                "locale": "quoted\"",
                "metadata": { "language": "en", "claim": "nbf" },
            },
            "organization": { "domains": [{ "domain": "acme.test" }, { "domain": "acme.example" }] },
        });
        Template::parse(template)?.render(&context).map(Value::Object)
    }

    #[test]
    fn an_expression_is_text_in_a_string_and_a_value_elsewhere() {
        let cases = [
            (r#"{"a": "{{user.email}}"}"#, json!({ "a": "ada@acme.test" })),
            (r#"{"a": {{ user.email }}}"#, json!({ "a": "ada@acme.test" })),
            (r#"{"a": {{user.email_verified}}}"#, json!({ "a": true })),
            (r#"{"a": "{{user.email_verified}}"}"#, json!({ "a": "true" })),
            (r#"{"a": "{{user.first_name}} {{user.last_name}}"}"#, json!({ "a": "A\"d\\a " })),
            (r#"{"a": "\"{{user.email}}\""}"#, json!({ "a": "\"ada@acme.test\"" })),
            (r#"{"a": "{{user.locale}}"}"#, json!({ "a": "quoted\"" })),
            (r#"{"a": {{user.metadata}}}"#, json!({ "a": { "language": "en", "claim": "nbf" } })),
            (r#"{"{{user.metadata.language}}": 1}"#, json!({ "en": 1 })),
            (r#"{"a": {{organization.domains.1.domain}}}"#, json!({ "a": "acme.example" })),
            (r#"{"a": {"b": {{user.last_name}}}}"#, json!({ "a": { "b": null } })),
        ];
        for (template, expected) in cases {
            assert_eq!(render(template), Ok(expected), "{template}");
        }
    }

    #[test]
    fn the_first_alternative_that_is_known_stands() {
        let cases = [
            ("user.last_name || user.email", "ada@acme.test"),
            ("user.nickname||user.last_name||'no || one'", "no || one"),
            ("user.nickname || \"none\"", "none"),
            ("\n\tuser.nickname\n\t||\r\n\tuser.email\n", "ada@acme.test"),
            ("user.email || 'none'", "ada@acme.test"),
            ("user.email.length || ''", ""),
            ("organization_membership.role || 'nobody'", "nobody"),
        ];
        for (expression, expected) in cases {
            let template = format!("{{\"a\": {{{{ {expression} }}}}}}");
            assert_eq!(render(&template), Ok(json!({ "a": expected })), "{template}");
        }
    }

    #[test]
    fn a_claim_that_is_not_known_is_left_out() {
        assert_eq!(render(r#"{"a": {{user.last_name}}, "b": 1}"#), Ok(json!({ "b": 1 })));
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        let expression = |text: &str| TemplateError::Expression(text.to_owned());
        let cases = [
            (r#"{"a": "{{user.email"}"#, TemplateError::Unterminated),
            (r#"{"a": {{}}}"#, expression("")),
            (r#"{"a": {{user.email |}}}"#, expression("user.email |")),
            (r#"{"a": {{user.email || }}}"#, expression("user.email || ")),
            (r#"{"a": {{user..email}}}"#, expression("user..email")),
            (r#"{"a": {{'open}}}"#, expression("'open")),
            (r#"{"a": {{user.email user.id}}}"#, expression("user.email user.id")),
            (r#"{"a": {{usr.email}}}"#, TemplateError::Unknown("usr".to_owned())),
            (r#"{"sub": {{user.email}}}"#, TemplateError::Reserved("sub".to_owned())),
            (r#"{"{{user.metadata.claim}}": 1}"#, TemplateError::Reserved("nbf".to_owned())),
            (r#"{"iat": {{user.last_name}}}"#, TemplateError::Reserved("iat".to_owned())),
            (r#"{"a": "{{user.metadata}}"}"#, TemplateError::ObjectInString),
        ];
        for (template, expected) in cases {
            assert_eq!(render(template), Err(expected), "{template}");
        }
        for template in ["", "[]", "{}", "{\"a\": }", r#"{"a": "b}"#] {
            let error = render(template).unwrap_err();
            assert!(matches!(error, TemplateError::NoObject(_)), "{template}: {error}");
        }
    }

    #[test]
    fn more_than_a_token_carries_is_refused() {
        let long = "x".repeat(MAX_BYTES - r#"{"a":""}"#.len());
        assert!(render(&format!(r#"{{"a": "{long}"}}"#)).is_ok());
        let error = render(&format!(r#"{{"a": "{long}x"}}"#)).unwrap_err();
        assert_eq!(error, TemplateError::TooLarge(MAX_BYTES + 1));
    }
}
