//! What a token says at each step, in words.

use serde_json::Value;

use super::case::Case;
use super::issuer_name::near_miss;
use super::lifetime;
use super::step::Step;
use super::unverified::Unverified;

impl Case<'_> {
    pub(super) fn described(&self, step: Step) -> String {
        match step {
            Step::Form => self.form(),
            Step::Header => self.header(),
            Step::Issuer => self.issuer(),
            Step::Key => self.key(),
            Step::Signature => "by that key".to_owned(),
            Step::Claims => "of an access token".to_owned(),
            Step::Time => lifetime::described(self.unverified, self.now),
            Step::Audience => self.audience(),
            Step::Identity | Step::Administrator => String::new(),
        }
    }

    pub(super) fn form(&self) -> String {
        let Unverified { len, segments, stranger, .. } = self.unverified;
        let stranger = match stranger {
            Some(c) => format!(", and {:?}, which no token has", c),
            None => String::new(),
        };
        let plural = if *segments == 1 { "" } else { "s" };
        format!("{segments} segment{plural}, {len} characters{stranger}")
    }

    fn header(&self) -> String {
        let Some(header) = &self.unverified.header else {
            return "no JSON object".to_owned();
        };
        let members = ["alg", "kid", "typ"].map(|name| match header.get(name) {
            Some(Value::String(text)) => format!("{name} {text}"),
            Some(other) => format!("{name} {other}"),
            None => format!("no {name}"),
        });
        members.join(", ")
    }

    pub(super) fn kid(&self) -> &str {
        self.unverified.header("kid").unwrap_or("without a `kid`")
    }

    fn issuer(&self) -> String {
        match (self.unverified.claim("iss"), &self.unverified.claims) {
            (_, None) => "the claims are no JSON object".to_owned(),
            (None, _) => "no `iss`".to_owned(),
            (Some(Value::String(name)), _) => match self.service.kind_of(name) {
                Some(kind) => format!("{kind}, {name}"),
                None => name.clone(),
            },
            (Some(other), _) => other.to_string(),
        }
    }

    pub(super) fn unknown_issuer(&self) -> String {
        let name = self.unverified.text("iss").unwrap_or_default();
        let known: Vec<&str> = self.service.auth.issuer_names().collect();
        match near_miss(name, known) {
            Some(difference) => format!("{name}: {difference}"),
            None => format!("{name}, which is nobody known"),
        }
    }

    fn key(&self) -> String {
        let which = match self.unverified.header("kid") {
            Some(_) => "the kid is among them",
            None => "without a kid, only one fits",
        };
        format!("{}; {which}", self.service.keys_in_words())
    }

    pub(super) fn missing_key(&self) -> String {
        let ids = self.service.key_ids().join(", ");
        format!("{} is not one of the {}: {ids}", self.kid(), self.service.keys_in_words())
    }

    pub(super) fn several_keys(&self) -> String {
        let ids = self.service.key_ids().join(", ");
        format!("{} fits several of the {}: {ids}", self.kid(), self.service.keys_in_words())
    }

    /// Whether the token says whom it is for.
    pub(super) fn is_addressed(&self) -> bool {
        ["aud", "client_id"].iter().any(|name| self.unverified.claim(name).is_some())
    }

    pub(super) fn audience(&self) -> String {
        let client = self.unverified.text("client_id");
        match (self.unverified.claim("aud"), client) {
            (Some(Value::String(name)), _) => format!("aud {name}"),
            (Some(other), _) => format!("aud {other}"),
            (None, Some(client)) => format!("no aud; client_id {client}"),
            (None, None) => "no aud and no client_id".to_owned(),
        }
    }
}
