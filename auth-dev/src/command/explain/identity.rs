//! Who it is, and whether that makes an administrator.

use auth_core::{AuthError, Code, Identity};
use serde_json::{Value, json};

use super::advice::{EMAIL, EMAIL_VERIFIED, TEMPLATES};
use super::case::Case;
use super::step::Step;
use crate::command::report::{Finding, Outcome};

impl Case<'_> {
    pub(super) fn identity(&self, identity: &Identity) -> Finding {
        let mut finding = Finding::new(Step::Identity.name(), Outcome::Ok, identity.subject());
        let list = |words: Vec<&str>| (!words.is_empty()).then(|| words.join(", "));
        let email = identity.email().map(|email| match identity.email_verified() {
            true => format!("{email} (verified)"),
            false => format!("{email} (not verified)"),
        });
        let facts = [
            ("email", Some(email.unwrap_or_else(|| "none".to_owned()))),
            ("name", identity.name().map(str::to_owned)),
            ("session", self.unverified.text("sid").map(str::to_owned)),
            ("organization", identity.organization_id().map(str::to_owned)),
            ("roles", list(identity.roles().collect())),
            ("permissions", list(identity.permissions().collect())),
            ("impersonated by", identity.impersonator().map(str::to_owned)),
        ];
        finding.facts =
            facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        finding
    }

    pub(super) fn administrator(
        &self,
        identity: &Identity,
        asked: Option<&Result<(), AuthError>>,
    ) -> Finding {
        let name = Step::Administrator.name();
        let domain = self.service.admin_domain.as_deref().unwrap_or_default();
        let refusal = match asked {
            None => {
                return Finding::new(name, Outcome::NotAsked, "give --admin-domain to ask");
            }
            Some(Ok(())) => {
                return Finding::new(name, Outcome::Ok, format!("verified address in {domain}"));
            }
            Some(Err(refusal)) => refusal,
        };
        let email = identity.email().unwrap_or_default();
        let (says, mend) = match refusal.code() {
            Code::EmailMissing => (
                "the token has no email".to_owned(),
                format!("add {EMAIL} and {EMAIL_VERIFIED} to the JWT template, in {TEMPLATES}"),
            ),
            Code::EmailUnverified => {
                let (says, mend) = unverified_email(self.unverified.claim("email_verified"));
                (format!("{email} is in {domain}, but {says}"), mend)
            }
            _ => (
                format!("{email} is not in {domain}"),
                "nothing, if that is meant so; a sub-domain is another domain, and has to be listed"
                    .to_owned(),
            ),
        };
        let finding = Finding::new(name, Outcome::No, says).mend(mend);
        match refusal.detail() {
            Some(detail) => finding.rule(detail),
            None => finding,
        }
    }
}

/// What stands for a verified address, and how to mend it.
fn unverified_email(claim: Option<&Value>) -> (String, String) {
    match claim {
        None => (
            "the token does not say whether it is verified".to_owned(),
            format!(
                "add {EMAIL_VERIFIED} to the JWT template, in {TEMPLATES}; a template with only \
                 email, name and picture makes administrators of nobody"
            ),
        ),
        Some(Value::Bool(_)) => (
            "it is not verified".to_owned(),
            "have the owner of the address verify it at the next sign-in".to_owned(),
        ),
        Some(other) => (
            format!("`email_verified` is {other}, which is not true"),
            format!(
                "write {EMAIL_VERIFIED} in the JWT template, without quotes around the braces, in \
                 {TEMPLATES}"
            ),
        ),
    }
}

/// For scripts.
pub(super) fn to_json(identity: &Identity) -> Value {
    let words = |words: Vec<&str>| json!(words);
    json!({
        "token_identifier": identity.token_identifier(),
        "subject": identity.subject(),
        "issuer": identity.issuer(),
        "session_id": identity.claim::<Value>("sid").ok().flatten(),
        "organization_id": identity.organization_id(),
        "roles": words(identity.roles().collect()),
        "permissions": words(identity.permissions().collect()),
        "email": identity.email(),
        "email_verified": identity.email_verified(),
        "name": identity.name(),
        "impersonator": identity.impersonator(),
        "expires_at": humantime::format_rfc3339_seconds(identity.expires_at()).to_string(),
    })
}
