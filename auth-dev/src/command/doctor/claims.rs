//! Whether a real token has what the recipe's rules need.

use serde_json::Value;

use crate::command::Failure;
use crate::command::explain::{
    EMAIL, EMAIL_VERIFIED, Explanation, Service, TEMPLATES, Trust, Unverified, Verdict,
};
use crate::command::report::{Finding, Outcome};

pub(super) const TOKEN: &str = "token";

/// What such a service says about the token, and what is in it.
pub(super) async fn check(
    token: &str,
    trust: Trust,
    admin_domain: Option<&str>,
) -> Result<Vec<Finding>, Failure> {
    let unverified = Unverified::read(token);
    let service = Service::new(trust, admin_domain.map(str::to_owned), &unverified)?;
    let explanation = Explanation::of(token, &unverified, &service).await;
    // What only administrators need is no fault where there are none.
    let fault = if admin_domain.is_some() { Outcome::Failed } else { Outcome::Warning };
    Ok(vec![
        verdict(&explanation),
        email(&unverified, fault),
        email_verified(&unverified, fault),
        audience(&unverified, service.audience()),
    ])
}

fn verdict(explanation: &Explanation<'_>) -> Finding {
    let name = TOKEN;
    let code = explanation.code.map(|code| code.as_str()).unwrap_or_default();
    let Some(refusal) = explanation.refusal().filter(|_| explanation.verdict != Verdict::Accepted)
    else {
        return Finding::new(name, Outcome::Ok, "a service accepts it");
    };
    let says = format!("a service refuses it, {code}: {}", refusal.says);
    let finding = Finding::new(name, Outcome::Failed, says);
    Finding { rule: refusal.rule.clone(), mend: refusal.mend.clone(), ..finding }
}

fn email(token: &Unverified, fault: Outcome) -> Finding {
    let name = "token_email";
    match token.text("email") {
        Some(email) => Finding::new(name, Outcome::Ok, email),
        None => Finding::new(name, fault, "the token has no email")
            .mend(format!("add {EMAIL} to the JWT template, in {TEMPLATES}")),
    }
}

fn email_verified(token: &Unverified, fault: Outcome) -> Finding {
    let name = "token_email_verified";
    match token.claim("email_verified") {
        Some(Value::Bool(true)) => Finding::new(name, Outcome::Ok, "the address is verified"),
        Some(Value::Bool(false)) => {
            Finding::new(name, Outcome::Warning, "the address of this user is not verified")
                .mend("have its owner verify it, or take the token of somebody else")
        }
        None => Finding::new(name, fault, "the token does not say whether the address is verified")
            .rule("only a verified address makes an administrator")
            .mend(format!("add {EMAIL_VERIFIED} to the JWT template, in {TEMPLATES}")),
        Some(other) => {
            Finding::new(name, fault, format!("`email_verified` is {other}, no truth value")).mend(
                format!(
                    "write {EMAIL_VERIFIED} in the JWT template, without quotes around the braces"
                ),
            )
        }
    }
}

/// What says that the token is for this client.
fn audience(token: &Unverified, client_id: &str) -> Finding {
    let name = "token_audience";
    let audience = token.audience();
    if audience.contains(&client_id) {
        return Finding::new(name, Outcome::Ok, format!("aud has {client_id}"));
    }
    if token.claim("aud").is_some() {
        return Finding::new(name, Outcome::Failed, format!("aud does not have {client_id}"))
            .mend(format!("set `\"aud\": \"{client_id}\"` in the JWT template, in {TEMPLATES}"));
    }
    if token.text("client_id") == Some(client_id) {
        return Finding::new(name, Outcome::Ok, format!("no aud, but client_id is {client_id}"));
    }
    Finding::new(name, Outcome::Warning, "neither aud nor client_id says whom the token is for")
        .rule(
            "the issuer of single sign-on is the same for all customers of WorkOS, so services refuse \
             such a token of it (audience_mismatch)",
        )
        .mend(format!("add `\"aud\": \"{client_id}\"` to the JWT template, in {TEMPLATES}"))
}
