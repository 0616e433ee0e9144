//! `auth-dev explain`: what it says about tokens.

mod administrators;
mod judges;
mod shown;
mod verdicts;

use auth_dev::AuthDev;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::run::{auth_dev, stderr, stdout};

/// A token that nobody has signed.
fn unsigned(header: &Value, claims: &Value) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.{}", encode(header), encode(claims), "A".repeat(342))
}

/// What is said about a token, as text and as JSON. Both are the same answer, and neither has the
/// signature, or anything that a terminal obeys.
async fn explained(token: &str, arguments: &[&str]) -> (i32, String, Value) {
    let for_people = [&["explain", token], arguments].concat();
    let for_scripts = [&["explain", token, "--json"], arguments].concat();
    let (text, json) = tokio::join!(auth_dev(&for_people), auth_dev(&for_scripts));
    assert_eq!(text.status.code(), json.status.code(), "{arguments:?}");
    for output in [&text, &json] {
        let said = stdout(output) + &stderr(output);
        assert!(token.is_empty() || !said.contains(token), "the token is told");
        for segment in token.split('.').skip(2).filter(|segment| segment.len() > 8) {
            assert!(!said.contains(segment), "the signature is told");
        }
        let obeyed = said.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(obeyed, None, "{said}");
    }
    let (code, text, json) = (text.status.code().unwrap(), stdout(&text), stdout(&json));
    let json: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    for step in json["steps"].as_array().unwrap() {
        let label = label(&text, step["name"].as_str().unwrap());
        let label = label.to_ascii_lowercase().replace(' ', "_");
        assert_eq!(step["outcome"], label.as_str(), "{step}\n{text}");
    }
    (code, text, json)
}

/// How a step has come out.
fn label<'a>(text: &'a str, step: &str) -> &'a str {
    let lines = text.lines().filter_map(|line| line.strip_prefix("  "));
    let mut columns = lines.filter_map(|line| line.split_at_checked(11));
    let found = columns.find(|(_, rest)| rest.split_whitespace().next() == Some(step));
    found.unwrap_or_else(|| panic!("no {step} in\n{text}")).0.trim()
}

struct Case<'a> {
    name: &'a str,
    token: String,
    arguments: &'a [&'a str],
    /// The exit code, the last line, the step that decides and how it has come out.
    code: i32,
    verdict: &'a str,
    step: (&'a str, &'a str),
    words: &'a [&'a str],
}

impl Case<'_> {
    async fn check(self, server: &AuthDev) {
        let Self { name, token, arguments, code, verdict, step, words } = self;
        let own = ["--client-id", server.client_id(), "--api-url", server.url()];
        let is_of_key_set = arguments.contains(&"--jwks");
        let arguments = [if is_of_key_set { &[] } else { &own[..] }, arguments].concat();
        let (came, text, json) = explained(&token, &arguments).await;
        assert_eq!(came, code, "{name}:\n{text}");
        assert_eq!(text.lines().last(), Some(verdict), "{name}:\n{text}");
        assert_eq!(label(&text, step.0), step.1, "{name}:\n{text}");
        for word in words {
            assert!(text.contains(word), "{name}: no {word:?} in\n{text}");
        }
        let refused = verdict.split_once(": ").map(|(_, code)| code);
        let told = json["code"].as_str().or(json["administrator_code"].as_str());
        assert_eq!(told, refused, "{name}:\n{json:#}");
        let expected = ["accepted", "refused", "", "unavailable"][usize::try_from(code).unwrap()];
        assert_eq!(json["verdict"], expected, "{name}");
        assert_eq!(json["identity"].is_null(), code != 0, "{name}");
        check_order(&json, step.0, code, name);
    }
}

/// Before the step that refuses all is well, or at least known; behind it nothing is reached.
fn check_order(json: &Value, refusing: &str, code: i32, name: &str) {
    if code == 0 {
        return;
    }
    let mut is_behind = false;
    for step in json["steps"].as_array().unwrap() {
        let (step, outcome) = (step["name"].as_str().unwrap(), step["outcome"].as_str().unwrap());
        if step == refusing {
            is_behind = true;
        } else if is_behind && !(refusing == "header" && step == "issuer") {
            assert_eq!(outcome, "not_reached", "{name}: {step}");
        } else if !is_behind {
            assert_eq!(outcome, "ok", "{name}: {step}");
        }
    }
}
